"""Everything known of the unit: a fold over its facts, and what speaks against a treatment."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from appliance.clinical.fact import FactTime, judged_at, newest_of
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.unit.care import (
    CareRecords,
    CareStanding,
    Treated,
    care_standings,
    judge_care,
    judge_cleaning,
)
from appliance.clinical.unit.facts import UnitFact, UnitReleased, UnitTakenOutOfUse
from appliance.clinical.unit.out_of_use import OutOfUses, after_out_of_use, judge_out_of_use
from appliance.clinical.unit.parts import UnitChecks, judge_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFile:
    """What is known of one unit.

    `virtual` says that simulated facts count, `clock_required` that a date is known only while the
    clock is set. `first_use` is the first start whose time is known. `newest` is the newest trusted
    time of any record: a clock behind it is not trusted.
    """

    virtual: bool = False
    clock_required: bool = True
    first_use: FactTime | None = None
    checks: UnitChecks = field(default_factory=UnitChecks)
    care: CareRecords = field(default_factory=CareRecords)
    out_of_use: OutOfUses = ()
    newest: FactTime | None = None

    def after(self, fact: UnitFact, at: FactTime) -> "UnitFile":
        """Return the file after a fact."""
        file = self.seen(at)
        if fact.simulated and not self.virtual:
            return file
        if isinstance(fact, UnitTakenOutOfUse | UnitReleased):
            return replace(file, out_of_use=after_out_of_use(self.out_of_use, fact, at))
        checks, care = self.checks.after(fact, at), self.care.after(fact, at)
        return replace(file, checks=checks, care=care)

    def seen(self, at: FactTime) -> "UnitFile":
        """Return the file after a time that the clock has shown; a clock behind it is wrong."""
        newest = newest_of(self.newest, at)
        return self if newest == self.newest else replace(self, newest=newest)

    def judged_at(self, now: FactTime) -> FactTime:
        """Return the time to judge by."""
        return judged_at(now, self.newest)

    def care_standings(self, now: FactTime) -> tuple[CareStanding, ...]:
        """Return where every item of care stands; `now` as the clock shows it."""
        judged = self.judged_at(now)
        return care_standings(self.care, self.first_use, judged, clock_required=self.clock_required)


def judge_before_patient(
    file: UnitFile,
    channels: Collection[int],
    patient: str,
    treated: Treated | None,
    now: FactTime,
) -> tuple[Finding, ...]:
    """Return what stands against treating a patient on channels, 1 to 4; notes come last.

    `treated` is the patient treated last, `now` as the clock shows it.
    """
    return (
        *judge_out_of_use(file.out_of_use),
        *judge_unit(file.checks, channels, file.judged_at(now)),
        *judge_cleaning(file.care, treated, patient),
        *judge_care(file.care_standings(now)),
    )


def judge_during_patient(
    file: UnitFile, channels: Collection[int], now: FactTime
) -> tuple[Finding, ...]:
    """Return what stands against more output in a session that has begun.

    A look or care that expires meanwhile does not count; what was found damaged or taken out of
    use does.
    """
    findings = judge_unit(file.checks, channels, file.judged_at(now))
    stops = [finding for finding in findings if finding.consequence is Consequence.STOP]
    return (*judge_out_of_use(file.out_of_use), *stops)
