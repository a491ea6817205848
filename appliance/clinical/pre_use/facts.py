"""Facts before a treatment: what a look at the unit found, what service released, what was told."""

from enum import StrEnum

import msgspec

from appliance.clinical.fact import Fact


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


class UnitFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about the unit, not about a patient; `simulated` as in `Fact`."""

    operator: str
    simulated: bool


class UnitChecked(UnitFact, frozen=True, kw_only=True):
    """A look at the unit: an answer for each part by its name."""

    answers: dict[str, PartState]


class PartReleased(UnitFact, frozen=True, kw_only=True):
    """Service repaired or replaced a part that was found damaged; `reason` says what was done."""

    part: UnitPart
    reason: str


class PatientTold(Fact, frozen=True, kw_only=True):
    """The patient was told what a programme feels like, what to say, and how to stop it."""

    programme: str
