"""Facts about the unit: what a look found, its care, whether it is used, its own programmes."""

from enum import StrEnum

import msgspec

from appliance.clinical.own.draft import OwnDraft


class UnitPart(StrEnum):
    """A part of the unit that is looked at once a day."""

    CASE = "case"
    DISPLAY = "display"
    PLUGS = "plugs"
    HAND_SWITCH = "hand_switch"
    EMERGENCY_STOP = "emergency_stop"
    LEAD_1 = "lead_1"
    LEAD_2 = "lead_2"
    LEAD_3 = "lead_3"
    LEAD_4 = "lead_4"


class PartState(StrEnum):
    """What a look at a part found."""

    GOOD = "good"
    DAMAGED = "damaged"
    OUT_OF_REACH = "out_of_reach"
    """The emergency stop or the hand switch cannot be reached from where they are needed."""


class OutOfUseReason(StrEnum):
    """Why a unit was taken out of use."""

    SHOCK = "shock"
    BURN = "burn"
    FAULT = "fault"
    OTHER = "other"


class UnitFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about the unit, not about a patient; `simulated` as in `Fact`."""

    operator: str
    simulated: bool


class UnitChecked(UnitFact, frozen=True, kw_only=True):
    """The daily look at the unit: an answer for each part by its name."""

    answers: dict[str, PartState]


class PartReleased(UnitFact, frozen=True, kw_only=True):
    """Service repaired or replaced a part that was found damaged; `reason` says what was done."""

    part: UnitPart
    reason: str


class UnitCleaned(UnitFact, frozen=True, kw_only=True):
    """The unit, its leads and the hand switch were wiped, between two patients."""


class LeadsInspected(UnitFact, frozen=True, kw_only=True):
    """The weekly look along every lead and the hand switch: an answer for each by its name."""

    answers: dict[str, PartState]


class SafetyCheckRecorded(UnitFact, frozen=True, kw_only=True):
    """The yearly electrical safety check was passed on `date`, as YYYY-MM-DD; where to read it."""

    date: str
    report: str


class CalibrationRecorded(UnitFact, frozen=True, kw_only=True):
    """The unit was calibrated on `date`, as YYYY-MM-DD; `certificate` is its number."""

    date: str
    certificate: str


class UnitTakenOutOfUse(UnitFact, frozen=True, kw_only=True):
    """The unit is not to be used until service releases it; `words` say what happened."""

    reason: OutOfUseReason
    words: str = ""


class UnitReleased(UnitFact, frozen=True, kw_only=True):
    """Service released the unit; `reason` says what was found and done."""

    reason: str


class OwnProgrammeKept(UnitFact, frozen=True, kw_only=True):
    """A version of an own programme was kept; `name` is the unit's, `version` counts from 1."""

    name: str
    version: int
    draft: OwnDraft
    reason: str


class OwnProgrammeRetired(UnitFact, frozen=True, kw_only=True):
    """An own programme is offered no more; sessions that were given with it still name it."""

    name: str
    reason: str
