"""Whether a fact about the unit may be recorded, and by whom. Pure."""

from collections.abc import Collection

from appliance.clinical.fact import FactTime
from appliance.clinical.own.shelf import OwnProgrammes, refuse_kept, refuse_retired
from appliance.clinical.unit.care import refuse_dated
from appliance.clinical.unit.facts import (
    CalibrationRecorded,
    LeadsInspected,
    OwnProgrammeKept,
    OwnProgrammeRetired,
    PartReleased,
    SafetyCheckRecorded,
    UnitChecked,
    UnitFact,
    UnitReleased,
    UnitTakenOutOfUse,
)
from appliance.clinical.unit.out_of_use import refuse_taking_out, refuse_unit_release
from appliance.clinical.unit.parts import refuse_release, refuse_unit_check
from appliance.clinical.unit.unit_file import UnitFile
from appliance.core.readable_text import refuse_operator
from appliance.core.refusal import Refusal
from appliance.texts.text import text

BY_SERVICE: frozenset[type[UnitFact]] = frozenset(
    {PartReleased, UnitReleased, SafetyCheckRecorded, CalibrationRecorded}
)
"""What only service records."""
BY_CLINICIANS: frozenset[type[UnitFact]] = frozenset({OwnProgrammeKept, OwnProgrammeRetired})
"""What only who treats records: a programme is a clinical decision."""


def refuse_unit_fact(
    fact: UnitFact, file: UnitFile, channels: Collection[int], now: FactTime
) -> Refusal | None:
    """Return why a fact cannot be recorded as it is, None if it can.

    `channels` are all those of the unit, `now` as the clock shows it.
    """
    refusal = (
        refuse_operator(fact.operator)
        or _refuse_simulated(fact, file)
        or _refuse_own(fact, file.own)
    )
    if refusal is not None:
        return refusal
    match fact:
        case UnitChecked() | LeadsInspected():
            return refuse_unit_check(fact, channels)
        case PartReleased():
            return refuse_release(fact, file.checks)
        case SafetyCheckRecorded():
            return refuse_dated(fact.date, fact.report, now)
        case CalibrationRecorded():
            return refuse_dated(fact.date, fact.certificate, now)
        case UnitTakenOutOfUse():
            return refuse_taking_out(fact)
        case UnitReleased():
            return refuse_unit_release(fact, file.out_of_use)
        case _:
            return None


def _refuse_own(fact: UnitFact, own: OwnProgrammes) -> Refusal | None:
    if isinstance(fact, OwnProgrammeKept):
        return refuse_kept(own, fact.name, fact.version, fact.draft, fact.reason)
    if isinstance(fact, OwnProgrammeRetired):
        return refuse_retired(own, fact.name, fact.reason)
    return None


def _refuse_simulated(fact: UnitFact, file: UnitFile) -> Refusal | None:
    if not fact.simulated or file.virtual:
        return None
    return Refusal(
        "refusal.simulated",
        text("simulated.asked"),
        text("simulated.allowed"),
        text("unit_fact.simulated"),
    )
