"""The input of the interlocks: one frozen `Readings` per control tick.

Named tuples because a set of them is made a hundred times a second. Times are those of the engine
clock unless said otherwise. None means "could not be read", and that is a trip where it matters.
"""

from typing import NamedTuple

from drivers.interfaces import GuardStatus, HeldReading, Inputs
from drivers.quantities import Channel, DacCode, Microamps, Microseconds, Millivolts


class Sample(NamedTuple):
    """A slow reading and when it was taken."""

    value: Millivolts
    at_us: Microseconds


class Readback(NamedTuple):
    """A DAC output read back, and the codes it may have had (equal unless a change was due)."""

    code: DacCode
    lowest: DacCode
    highest: DacCode


class ChannelReading(NamedTuple):
    """One channel at this tick.

    `set_low_ua` and `set_high_ua` bound the amplitude that may have been held, over the codes of
    the slices that can have played since the hold before. `pulses` counts planned pulses that
    have certainly ended when `held` was read (from markers); it never falls within a stream.
    `exact` says that no other pulse may have ended by then; where it is false, `pulses_most` is
    how many may have, None where nobody knows (then signs prove nothing).
    `phase_us` and `mean_period_us` are those of the pulses playing now, the latter averaged over
    gaps between bursts; 0 while none play. `readback` is None when none was taken in this tick.
    `load_ohm` is the test load this run was allowed for, None where a person may be treated.
    `pulse_ended_us` is when the last of `pulses` ended, None before the first. `pad_is_held` says
    that a clinician holds a pad and moves it, as the gate has permitted it: its contact may open.
    """

    channel: Channel
    set_low_ua: Microamps
    set_high_ua: Microamps
    ceiling_ua: Microamps
    held: HeldReading | None
    held_at_us: Microseconds
    pulses: int
    phase_us: Microseconds
    mean_period_us: Microseconds
    exact: bool = True
    pulses_most: int | None = None
    readback: Readback | None = None
    load_ohm: int | None = None
    pulse_ended_us: Microseconds | None = None
    pad_is_held: bool = False


class StreamReading(NamedTuple):
    """The state of the wave stream as far as it is known.

    `number` grows with every stream begun; `playing` says that the engine wants pulses or
    pulse-free slices to follow each other without end; `begun_us` is when the first slice was
    sent. `sent` and `markers` count since then. `slice_ends_us` is when the slice of the last
    marker should end, None before the first; `idle` is the daemon's word that no wave plays.
    `interval_us` is the time between the last two markers by the daemon's clock and `planned_us`
    the length of the slice between them (both 0 before the second). `drift_ppm` is the error of
    the wave clock over at least the last 200 ms of markers, None while unknown. `marker_us` is
    when the last marker came, on the engine clock (0 before the first).
    """

    number: int = 0
    playing: bool = False
    begun_us: Microseconds = Microseconds(0)
    sent: int = 0
    markers: int = 0
    slice_ends_us: Microseconds | None = None
    idle: bool = True
    interval_us: Microseconds = Microseconds(0)
    planned_us: Microseconds = Microseconds(0)
    drift_ppm: int | None = None
    marker_us: Microseconds = Microseconds(0)


class BoardFacts(NamedTuple):
    """Values of the board file by which readings are judged."""

    compliance_mv: Millivolts
    reference_mv: Millivolts
    current_full_scale_ua: Microamps
    voltage_full_scale_mv: Millivolts


class Readings(NamedTuple):
    """All readings of one control tick.

    `guarded` says that guard, fault latch and timing are judged: false in Locked, SelfTest and
    Tripped, and while a timing proof holds the fault latch set on purpose. `energising` is
    `states.is_energising`; `checking` that the state is ContactCheck, which judges contact by
    itself. `supply_on` and `supply_at_us` are SUPPLY_EN as last driven, and when.
    `screen_at_us` is when the screen in charge was last heard. `gate_levels` are the gate lines
    seen high at a moment at which none may be, as a mask of `Segment.gates`.
    """

    now_us: Microseconds
    wall_us: Microseconds
    board: BoardFacts
    inputs: Inputs | None
    inputs_at_us: Microseconds
    guard: GuardStatus | None
    guard_at_us: Microseconds
    channels: tuple[ChannelReading, ...]
    rail: Sample | None
    reference: Sample | None
    stream: StreamReading
    guarded: bool
    energising: bool
    checking: bool
    supply_on: bool
    supply_at_us: Microseconds
    journal_ok: bool
    screen_at_us: Microseconds | None
    gate_levels: int = 0
