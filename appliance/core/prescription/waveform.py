"""What a part of a prescription is made of: waveform, burst, sweep, times, share of the level."""

from dataclasses import dataclass
from enum import StrEnum

SETTLE_US = 70_000
"""Silence at the end of every on-time: longer than two slices, so that whatever the pulses left
over, the next on-time can open with a slice of its own (D)."""
WHOLE_LEVEL = 100
"""The share of a part that plays at the set level itself, in per cent."""


class Leading(StrEnum):
    """Which phase of a pulse comes first; alternating begins positive in every on-time."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    ALTERNATING = "alternating"


class ChannelUse(StrEnum):
    """Simultaneous: all channels share each on-time, their pulses staggered.

    Alternating: each channel has on-times of its own, evenly spread over the cycle, so that no
    two channels are on together.
    """

    SIMULTANEOUS = "simultaneous"
    ALTERNATING = "alternating"


class ProgrammeKind(StrEnum):
    """The kind of a programme; it decides which limits apply beyond those of its numbers."""

    CONVENTIONAL = "conventional"
    LOW_RATE = "low_rate"
    BURST = "burst"
    MODULATED = "modulated"
    BRIEF_INTENSE = "brief_intense"
    STRENGTHENING = "strengthening"
    ENDURANCE = "endurance"
    TWITCH = "twitch"
    BURST_AC = "burst_ac"
    CONTRACT_RELAX = "contract_relax"
    CIRCULATION = "circulation"
    STABILISATION = "stabilisation"
    REHABILITATION = "rehabilitation"
    MOTOR_POINT_FIND = "motor_point_find"

    @property
    def finds(self) -> bool:
        """Return whether it is a search with a pad held by hand: low limits, and no session."""
        return self is ProgrammeKind.MOTOR_POINT_FIND

    @property
    def contracts(self) -> bool:
        """Return whether this kind can only be meant to contract muscle, and so counts as motor.

        Bursts are published for both [schwa-medico EMP4 ECO+ manual p. 52; Cefar Basic manual
        p. 35]: there the programme's purpose decides.
        """
        return self not in {
            ProgrammeKind.CONVENTIONAL,
            ProgrammeKind.BURST,
            ProgrammeKind.MODULATED,
            ProgrammeKind.BRIEF_INTENSE,
        }


@dataclass(frozen=True, slots=True)
class Biphasic:
    """A symmetric pulse: two phases of `phase_us` and opposite sign, `interphase_us` apart."""

    phase_us: int
    interphase_us: int = 100
    leading: Leading = Leading.POSITIVE

    @property
    def pulse_us(self) -> int:
        """Return the length of the whole pulse."""
        return 2 * self.phase_us + self.interphase_us


@dataclass(frozen=True, slots=True)
class Carrier:
    """A burst of alternating current: `cycles` pulses without a pause, positive phase first.

    Every phase is followed by `gap_us` with both gates off (the bridge's dead time), so a cycle
    takes 2 x (`phase_us` + `gap_us`). The prescription's period is that of the bursts.
    """

    phase_us: int
    cycles: int
    gap_us: int = 10

    @property
    def cycle_us(self) -> int:
        """Return the time from one cycle's start to the next."""
        return 2 * (self.phase_us + self.gap_us)

    @property
    def burst_us(self) -> int:
        """Return the length of a burst, first edge to last."""
        return self.cycles * self.cycle_us - self.gap_us


@dataclass(frozen=True, slots=True)
class Burst:
    """Groups of `pulses` pulses, `pulse_period_us` apart; the prescription's period repeats them.

    Channels interleave pulse by pulse.
    """

    pulses: int
    pulse_period_us: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """A triangle between two rates, two phase durations, or both, back and forth in `cycle_us`.

    The first of each pair is where an on-time begins, and must agree with the prescription's own
    period (rounded up to the µs) or phase.
    """

    cycle_us: int
    rate_hz: tuple[int, int] | None = None
    phase_us: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class OnOff:
    """On-times and rests.

    `on_us` holds everything of a contraction: both ramps, the plateau between them, and the last
    silence of `SETTLE_US`. What patients and sources call on and off are `pulsing_us` and
    `silent_us`; `of_plateau` makes the times from those.
    """

    on_us: int
    off_us: int
    ramp_up_us: int
    ramp_down_us: int

    @classmethod
    def of_plateau(
        cls, plateau_us: int, silent_us: int, *, ramp_up_us: int, ramp_down_us: int
    ) -> "OnOff":
        """Return the times of a plateau with its ramps before and after it, then a silence."""
        on_us = ramp_up_us + plateau_us + ramp_down_us + SETTLE_US
        return cls(on_us, silent_us - SETTLE_US, ramp_up_us, ramp_down_us)

    @property
    def pulsing_us(self) -> int:
        """Return the length of a contraction from its first pulse on: ramps and plateau."""
        return self.on_us - SETTLE_US

    @property
    def plateau_us(self) -> int:
        """Return the time at the level, between the ramps."""
        return self.pulsing_us - self.ramp_up_us - self.ramp_down_us

    @property
    def silent_us(self) -> int:
        """Return the silence from the end of one contraction to the beginning of the next."""
        return self.off_us + SETTLE_US


class PartKind(StrEnum):
    """What begins the on-times of a part."""

    TIMED = "timed"
    """Time alone: one on-time as long as the part, or on-times and rests in turn."""
    ACTIVE_REST = "active_rest"
    """The part before: one on-time in each of its rests, the silence before it first."""
    ON_CALL = "on_call"
    """A clinician, who calls each contraction; until the first call as `TIMED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A train of its own within a prescription, at a share of the set level.

    `period_us` is the time from pulse to pulse, or from burst to burst where there are bursts.
    `duration_us` is that of the part; None takes what the other parts leave of the session. An
    active rest has none, and the `off_us` of its times is the silence before it.
    """

    waveform: Biphasic | Carrier
    period_us: int
    burst: Burst | None = None
    sweep: Sweep | None = None
    on_off: OnOff | None = None
    share_percent: int = WHOLE_LEVEL
    duration_us: int | None = None
    kind: PartKind = PartKind.TIMED

    def amplitude_ua(self, level_ua: int) -> int:
        """Return what the part plays at of a level, in whole µA, rounded down."""
        return level_ua * self.share_percent // WHOLE_LEVEL

    def level_ua(self, amplitude_ua: int) -> int:
        """Return the highest level at which the part plays at no more than `amplitude_ua`."""
        share = max(self.share_percent, 1)
        return (max(amplitude_ua, 0) * WHOLE_LEVEL + WHOLE_LEVEL - 1) // share
