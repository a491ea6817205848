"""Facts about the unit in tests."""

from datetime import date, timedelta
from typing import Final, TypedDict

from appliance.clinical.fact import FactTime
from appliance.clinical.unit.facts import (
    CalibrationRecorded,
    LeadsInspected,
    PartState,
    SafetyCheckRecorded,
    UnitChecked,
    UnitCleaned,
    UnitFact,
)

PARTS = ("case", "display", "plugs", "hand_switch", "emergency_stop", "lead_1", "lead_2")
INSPECTED = ("hand_switch", "lead_1", "lead_2")


class Who(TypedDict):
    """The fields that every fact about the unit has."""

    operator: str
    simulated: bool


WHO: Final[Who] = {"operator": "op-1", "simulated": False}


def look(**states: PartState) -> UnitChecked:
    """Return a look at every part of a unit with two channels; good where nothing is said."""
    return UnitChecked(**WHO, answers={**dict.fromkeys(PARTS, PartState.GOOD), **states})


def inspection(**states: PartState) -> LeadsInspected:
    return LeadsInspected(**WHO, answers={**dict.fromkeys(INSPECTED, PartState.GOOD), **states})


def dated(now: FactTime) -> str:
    """Return the day of a time as a person writes it."""
    return (date(1970, 1, 1) + timedelta(days=now.day)).isoformat()


def all_care(now: FactTime) -> tuple[UnitFact, ...]:
    """Return the whole care of a unit, done now."""
    return (
        inspection(),
        SafetyCheckRecorded(**WHO, date=dated(now), report="R-1"),
        CalibrationRecorded(**WHO, date=dated(now), certificate="C-1"),
        UnitCleaned(**WHO),
    )
