"""A fault case of the campaign: the faults to inject and what must follow."""

from dataclasses import dataclass
from enum import StrEnum


class Must(StrEnum):
    """What the output must do."""

    STOP = "stop"
    """It ends within the budget and stays off."""
    GO = "go on"
    """It may continue, within what was set; a person's stop must still work."""


class Onset(StrEnum):
    """When the time to zero current starts to count."""

    INJECTION = "injection"
    """At the injection; if nothing above the contact check was set yet, at the first pulse that
    is."""
    OVER = "over"
    """At the first true current far above what was set."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time allowed until no current flows: a number of pulses, then a number of milliseconds.

    `pulses` is how many the rule needs, plus the one during which the fault was injected. With
    `ramp` a ramp down of 250 to 450 ms follows; `fixed_ms` is everything else. `reason` names the
    rule briefly.
    """

    fixed_ms: float
    reason: str
    pulses: int = 0
    ramp: bool = False

    def ms(self, period_ms: float) -> float:
        """Return the budget in ms for a train with this period."""
        return self.pulses * period_ms + self.fixed_ms + (FALL_MS if self.ramp else 0)

    def late_ms(self, period_ms: float) -> float:
        """Return the extra time in ms allowed if the fault flickers before it stays.

        If the fault is present for fewer pulses than a rule needs, the rule starts again each time.
        """
        return FLICKERS * (PRESENT_MS + ABSENT_MS) if self.pulses * period_ms > PRESENT_MS else 0


FALL_MS = 450
"""Longest ramp down: 250 to 450 ms (docs/design.md section 6)."""
PRESENT_MS, ABSENT_MS = 60, 40
FLICKERS = 2
"""How often a flickering fault is injected and cleared, and for how long, before it stays."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault, or several together.

    `faults` are faults of the board or names from `injections`, injected one after another;
    `from_last` counts time from the last one, if the first by itself ends nothing. `codes` are the
    trips allowed, any if empty. `judged_ua` is the amplitude above which the rule can decide: if
    nothing was playing before, time counts from the first pulse of that amplitude. `check_ua` is
    the highest current allowed while nothing above the contact check was set. `rising` is the
    budget while the level is still being raised, if it differs. `bleeds` means that charge stays
    on the DC block, which the shunt removes with a time constant of 1 s (decision 0006). `passes`
    means that the fault is over before a person tries again, who may then get output. `again`
    clears the fault and injects it again, immediately and after an acknowledgement.
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
        """Return the channels that the faults name; both if they name none."""
        mine = {int(number) for fault in self.faults for number in _channel_of(fault)}
        return tuple(sorted(mine)) or (1, 2)


def _channel_of(fault: str) -> str:
    target = fault.partition("=")[0].partition(":")[2]
    if target.startswith("gate"):
        return target[4]
    return target if target.isdigit() else ""
