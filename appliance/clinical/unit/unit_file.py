"""Everything known of the unit: a fold over its facts, and what speaks against a treatment."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from appliance.clinical.fact import DAY_US, FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.own.shelf import NONE, OwnProgrammes, OwnVersion
from appliance.clinical.unit.care import (
    CareRecords,
    CareStanding,
    Treated,
    care_standings,
    judge_care,
    judge_cleaning,
)
from appliance.clinical.unit.facts import (
    OwnProgrammeKept,
    OwnProgrammeRetired,
    UnitFact,
    UnitReleased,
    UnitTakenOutOfUse,
)
from appliance.clinical.unit.noted import Noted, noted
from appliance.clinical.unit.out_of_use import OutOfUses, after_out_of_use, judge_out_of_use
from appliance.clinical.unit.parts import UnitChecks, judge_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFile:
    """What is known of one unit.

    `virtual` says that simulated facts count, `clock_required` that a date is known only while the
    clock is set. `first_use` is the first start whose time is known.
    """

    virtual: bool = False
    clock_required: bool = True
    first_use: Noted | None = None
    checks: UnitChecks = field(default_factory=UnitChecks)
    care: CareRecords = field(default_factory=CareRecords)
    out_of_use: OutOfUses = ()
    own: OwnProgrammes = NONE

    def after(self, fact: UnitFact, at: FactTime) -> "UnitFile":
        """Return the file after a fact."""
        file = self.seen(at)
        if fact.simulated and not self.virtual:
            return file
        if isinstance(fact, UnitTakenOutOfUse | UnitReleased):
            return replace(file, out_of_use=after_out_of_use(self.out_of_use, fact, at))
        if isinstance(fact, OwnProgrammeKept):
            version = OwnVersion(fact.draft, fact.operator, at, fact.reason)
            return replace(file, own=self.own.kept(fact.name, version))
        if isinstance(fact, OwnProgrammeRetired):
            return replace(file, own=self.own.without(fact.name))
        checks, care = self.checks.after(fact, at), self.care.after(fact, at)
        return replace(file, checks=checks, care=care)

    def seen(self, time: FactTime) -> "UnitFile":
        """Return the file after a time that the clock has shown."""
        if not time.trusted:
            return self
        first_use = None if self.first_use is None else _dated(self.first_use, time)
        return replace(
            self,
            first_use=first_use,
            checks=self.checks.seen(time),
            care=self.care.seen(time),
        )

    def care_standings(self, now: FactTime) -> tuple[CareStanding, ...]:
        """Return where every item of care stands; `now` as the clock shows it."""
        return care_standings(self.care, self.first_use, now, clock_required=self.clock_required)


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
        *judge_unit(file.checks, channels, now),
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
    findings = judge_unit(file.checks, channels, now)
    stops = [finding for finding in findings if finding.consequence is Consequence.STOP]
    return (*judge_out_of_use(file.out_of_use), *stops)


def _dated(first_use: Noted, time: FactTime) -> Noted:
    """Return the first use after a trusted time; one without a date gets it, as far as known."""
    at = first_use.at
    if at.trusted:
        return first_use.seen(time)
    if at.boot != time.boot:
        return noted(time)
    passed_us = max(time.monotonic_us - at.monotonic_us, 0)
    dated = time._replace(
        utc_us=time.utc_us - passed_us,
        day=time.day - passed_us // DAY_US,
        monotonic_us=at.monotonic_us,
    )
    return Noted(dated).seen(time)
