"""What a fault of the world is to the campaign: how it is put in, what has to follow from it."""

from dataclasses import dataclass
from enum import StrEnum


class Must(StrEnum):
    """What has to become of the output."""

    STOP = "stop"
    """It ends within the budget and stays off."""
    GO = "go on"
    """It need not end; it stays within what was set, and a person's stop still works."""


class Onset(StrEnum):
    """From when the time to zero counts."""

    INJECTION = "injection"
    """From the fault; where nothing was set above the contact check, from the first pulse that
    is."""
    OVER = "over"
    """From the first true current far above what was set."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long until no current flows: so many pulses, then so many milliseconds.

    `pulses` is what a rule has to see, plus the one the fault falls into. With `ramp` a fall of
    250 to 450 ms follows; `fixed_ms` is all else. `reason` names the rule, in a few words.
    """

    fixed_ms: float
    reason: str
    pulses: int = 0
    ramp: bool = False

    def ms(self, period_ms: float) -> float:
        """Return the budget for a train with that time from pulse to pulse."""
        return self.pulses * period_ms + self.fixed_ms + (FALL_MS if self.ramp else 0)

    def late_ms(self, period_ms: float) -> float:
        """Return how much later it may be found where it flickers before it stays.

        A rule over more pulses than there are while it is in begins anew each time it is out.
        """
        return FLICKERS * (IN_MS + OUT_MS) if self.pulses * period_ms > IN_MS else 0


FALL_MS = 450
"""docs/design.md section 6: a ramp takes 250 to 450 ms."""
IN_MS, OUT_MS = 60, 40
FLICKERS = 2
"""What comes again is in and out so often and so long before it stays."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault, or several together.

    `faults` are the board's faults or the words of `injections`, put in one after the other;
    `from_last` counts from the last one, where the first alone ends nothing. `codes` are the trips
    that fit, all if empty. `judged_ua` is from which amplitude the rule can tell: where nothing
    played before, time runs from the first pulse with as much; `check_ua` is what may flow at most
    while nothing was set above the contact check; `rising` is the budget where the level only
    comes up, if that is another. `bleeds` leaves charge on the DC block, which the shunt takes
    away with a time constant of 1 s (decision 0006). `passes` says that it is over by the time a
    person tries again, who then may get output. `again` takes it out and puts it in again, at once
    and after an acknowledgement.
    """

    name: str
    faults: tuple[str, ...]
    must: Must
    budget: Budget
    codes: tuple[str, ...] = ()
    onset: Onset = Onset.INJECTION
    judged_ua: int = 1_000
    check_ua: int = 2_500
    rising: Budget | None = None
    bleeds: bool = False
    passes: bool = False
    again: bool = False
    from_last: bool = False
    family: str = ""

    @property
    def channels(self) -> tuple[int, ...]:
        """Return the channels it is about; all where it has none of its own."""
        mine = {int(number) for fault in self.faults for number in _channel_of(fault)}
        return tuple(sorted(mine)) or (1, 2)


def _channel_of(fault: str) -> str:
    target = fault.partition("=")[0].partition(":")[2]
    if target.startswith("gate"):
        return target[4]
    return target if target.isdigit() else ""
