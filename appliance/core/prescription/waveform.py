"""Parts of a prescription: waveform, burst, sweep, on and off times. `limit_checks` checks them."""

from dataclasses import dataclass
from enum import StrEnum


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

    @property
    def contracts(self) -> bool:
        """Return whether this kind is meant to contract muscle, and so counts as motor."""
        return self not in {
            ProgrammeKind.CONVENTIONAL,
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
    silence of `limit_checks.SETTLE_US`.
    """

    on_us: int
    off_us: int
    ramp_up_us: int
    ramp_down_us: int
