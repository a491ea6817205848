"""Measure a recording: what each channel delivered, compared with the latched DAC code."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ui.trace.channel_totals import PulseTally, Span
from ui.trace.phases import Charge, pulses
from ui.trace.pulse_violations import Violation, ViolationKind, current_tolerance_ua
from ui.trace.session_parts import Range, SessionPart, mark_contact_check, range_of
from ui.trace.stray_current import stray_currents
from ui.trace.vcd.reader import Recording

MAX_INCIDENTS = 100
MAX_CHANNELS = 4
_NEEDED = ("gate{}_pos", "gate{}_neg", "dac{}", "i{}_ua")
_WATCHED = ("supply_en", "supply", "fault_latch", "estop_loop", "hand_switch")


@dataclass(frozen=True, slots=True)
class ChannelMeasure:
    """The measured values of one channel. Times in ns, currents in µA, charges in pC.

    `pulses` counts pulses that carried current or should have, `silent_pulses` those at level zero.
    `worst_net_pc` is the largest difference in charge between the two phases of a pulse, from the
    current that flowed; `worst_gate_net_pc` is the same from gate times and latched code.
    `residual_pc` is the net charge left in the channel's load, `mean_dc_ua` that charge divided by
    the measured time. All these values include the contact check; `contact_check` and `treatment`
    give each of the two separately.
    """

    channel: int
    pulses: int
    silent_pulses: int
    cut_pulses: int
    lone_phases: int
    unsteady_phases: int
    both_gates: int
    phase: Range | None
    interphase: Range | None
    dead_time_ns: int | None
    period: Range | None
    median_period_ns: int | None
    first_ns: int | None
    last_ns: int | None
    output_ns: int
    peak_ua: float
    worst_error_ua: float
    worst_error_at_ns: int | None
    charge_pc: float
    worst_net_pc: float
    worst_net_share: float
    worst_gate_net_pc: float
    residual_pc: float
    mean_dc_ua: float
    highest_rms_ua: float
    contact_check: SessionPart
    treatment: SessionPart


@dataclass(frozen=True, slots=True, order=True)
class LineChange:
    """A change of a line of the safety chain."""

    at_ns: int
    line: str
    level: int


@dataclass(frozen=True, slots=True)
class Measures:
    """The measured values of a recording from `from_ns` to `to_ns`."""

    from_ns: int
    to_ns: int
    is_whole: bool
    channels: tuple[ChannelMeasure, ...]
    slices: int
    slice: Range | None
    between_channels_ns: int | None
    together: int
    longest_heartbeat_gap_ns: int | None
    incidents: tuple[LineChange, ...]
    faults: tuple[Violation, ...]


def channels_of(recording: Recording) -> tuple[int, ...]:
    """Return the channels whose positive gate is in the recording."""
    return tuple(n for n in range(1, MAX_CHANNELS + 1) if f"gate{n}_pos" in recording.signals)


def signal_names() -> frozenset[str]:
    """Return the signals that `measure` needs; to read only these saves time."""
    per_channel = (*_NEEDED, "shunt{}")
    numbered = {name.format(n) for name in per_channel for n in range(1, MAX_CHANNELS + 1)}
    return frozenset({*numbered, *_WATCHED, "ldac_n", "heartbeat"})


def measure(
    recording: Recording,
    *,
    full_scale_ua: int = 120_000,
    from_ns: int = 0,
    to_ns: int | None = None,
    only: int | None = None,
) -> Measures:
    """Measure the pulses that begin in the window, on channel `only` or on all channels.

    `full_scale_ua` is the current of the highest DAC code, from the board file.
    """
    until_ns = recording.end_ns if to_ns is None else min(to_ns, recording.end_ns)
    window = Range(from_ns, max(until_ns, from_ns))
    wanted = [channel for channel in channels_of(recording) if only in {None, channel}]
    tallies = {channel: _tally(recording, channel, full_scale_ua, window) for channel in wanted}
    measured = tuple(_result(recording, channel, tallies[channel], window) for channel in wanted)
    between_ns, together = _between(
        {channel: tally.timing.spans for channel, tally in tallies.items()}
    )
    faults = [*_signal_faults(recording, wanted, window)]
    for tally in tallies.values():
        faults += tally.faults.by_kind
    if together:
        faults.append(Violation(ViolationKind.TOGETHER, 0, len(together), together[0]))
    strobes = _times_in(recording, "ldac_n", window, level=0)
    beats = _times_in(recording, "heartbeat", window)
    return Measures(
        from_ns=window.least_ns,
        to_ns=window.most_ns,
        is_whole=recording.is_whole,
        channels=measured,
        slices=len(strobes),
        slice=range_of([later - earlier for earlier, later in pairwise(strobes)]),
        between_channels_ns=between_ns,
        together=len(together),
        longest_heartbeat_gap_ns=max((b - a for a, b in pairwise(beats)), default=None),
        incidents=_incidents(recording, window),
        faults=tuple(faults),
    )


def _tally(recording: Recording, channel: int, full_scale_ua: int, window: Range) -> PulseTally:
    tally = PulseTally(channel, current_tolerance_ua(full_scale_ua))
    for pulse, is_check in mark_contact_check(pulses(recording, channel, full_scale_ua)):
        if window.least_ns <= pulse.first.start_ns <= window.most_ns:
            tally.add(pulse, is_check=is_check)
    for at_ns, current_ua in stray_currents(recording, channel, window.least_ns, window.most_ns):
        tally.faults.note(ViolationKind.STRAY, at_ns, current_ua)
    return tally


def _result(recording: Recording, channel: int, tally: PulseTally, window: Range) -> ChannelMeasure:
    counts, timing, worst = tally.counts, tally.timing, tally.worst
    periods = timing.periods()
    net_pc = _net_pc(recording, channel, window)
    span_ns = window.most_ns - window.least_ns
    return ChannelMeasure(
        channel=channel,
        pulses=counts.pulses,
        silent_pulses=counts.silent_pulses,
        cut_pulses=counts.cut_pulses,
        lone_phases=counts.lone_phases,
        unsteady_phases=counts.unsteady_phases,
        both_gates=timing.both_gates,
        phase=range_of(timing.widths),
        interphase=range_of(timing.interphases),
        dead_time_ns=timing.dead_time_ns,
        period=range_of(periods),
        median_period_ns=statistics.median_low(periods) if periods else None,
        first_ns=timing.starts[0] if timing.starts else None,
        last_ns=timing.last_ns,
        output_ns=counts.output_ns,
        peak_ua=worst.peak_ua,
        worst_error_ua=worst.error_ua,
        worst_error_at_ns=worst.error_at_ns,
        charge_pc=counts.charge_pc,
        worst_net_pc=worst.net_pc,
        worst_net_share=worst.net_share,
        worst_gate_net_pc=worst.gate_net_pc,
        residual_pc=net_pc,
        mean_dc_ua=net_pc * 1_000 / span_ns if span_ns else 0.0,
        highest_rms_ua=tally.rms.highest_ua,
        contact_check=tally.contact_check.result(),
        treatment=tally.treatment.result(),
    )


def _times_in(
    recording: Recording, name: str, window: Range, level: int | None = None
) -> list[int]:
    """Return the times in ns at which a line changed (to `level`) in the window."""
    steps = recording.get(name)
    return [
        at_ns
        for at_ns, value in zip(steps.times_ns, steps.values, strict=True)
        if window.least_ns <= at_ns <= window.most_ns and level in {None, value}
    ]


def _net_pc(recording: Recording, channel: int, window: Range) -> float:
    charge = Charge(recording.get(f"i{channel}_ua"))
    before_pc = charge.until(window.least_ns)
    return charge.until(window.most_ns) - before_pc


def _between(spans: dict[int, list[Span]]) -> tuple[int | None, list[int]]:
    """Return the shortest gap between pulses of two channels, and the start of each overlap.

    Both in ns; the gap is None if only one channel pulsed, and negative for an overlap.
    """
    merged = sorted((span, channel) for channel, of_one in spans.items() for span in of_one)
    shortest_ns: int | None = None
    together: list[int] = []
    for ((_, end_ns), channel), ((start_ns, _), other) in pairwise(merged):
        if channel != other:
            gap_ns = start_ns - end_ns
            if gap_ns < 0:
                together.append(start_ns)
            shortest_ns = gap_ns if shortest_ns is None else min(shortest_ns, gap_ns)
    return shortest_ns, together


def _signal_faults(
    recording: Recording, channels: Iterable[int], window: Range
) -> Iterator[Violation]:
    """Yield needed signals that are missing, and signals with an unknown level (x or z)."""
    for channel in channels:
        for name in (pattern.format(channel) for pattern in _NEEDED):
            if name not in recording.signals:
                yield Violation(ViolationKind.MISSING, channel, 1, window.least_ns, signal=name)
    for name, at_ns in recording.unknown_ns.items():
        if at_ns <= window.most_ns:
            yield Violation(ViolationKind.UNKNOWN, 0, 1, at_ns, signal=name)


def _incidents(recording: Recording, window: Range) -> tuple[LineChange, ...]:
    changes: list[LineChange] = []
    for name in _WATCHED:
        steps = recording.get(name)
        changes += [
            LineChange(at_ns, name, int(level))
            # The first value is the level at the start of the recording, not a change.
            for at_ns, level in zip(steps.times_ns[1:], steps.values[1:], strict=True)
            if window.least_ns <= at_ns <= window.most_ns
        ]
    return tuple(sorted(changes)[:MAX_INCIDENTS])
