"""Service: the self-test, the unit and its care, what the unit is. Pure.

Only what the engine answers or records is offered; who may record what is for the engine to say.
"""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.out_of_use import (
    ABOUT_UNIT,
    FACT,
    WORDS_MOST,
    PutBack,
    TakeOutOfUse,
    record_about_unit,
)
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Next, Place, Row
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.journey.typed import typed
from ui.kiosk.journey.unit_checks import CLEANED, INSPECTED, CheckUnit

SELF_TEST, UNIT, DUE, OPERATORS = "self_test", "unit", "due", "operators"
LEADS, SAFETY_CHECK, CALIBRATION = "leads", "safety_check", "calibration"
DATED = {
    SAFETY_CHECK: ("safety_check_recorded", "report"),
    CALIBRATION: ("calibration_recorded", "certificate"),
}
"""The fact of a care item with a date, and the field of its number."""
DATE_DIGITS = 8
SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Place):
    """What there is to see and to do on the unit."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the unit, what is due, and the self-test."""
        return UNIT, DUE, SELF_TEST

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go where a key leads."""
        match action:
            case "self_test":
                return Next(SelfTest())
            case "about":
                return Next(About())
            case "care":
                return Next(Care())
            case "take_out_of_use":
                return Next(TakeOutOfUse())
            case "put_back":
                return Next(PutBack())
            case "back":
                return Next(effects=(Go("home"),))
            case _:
                return Next(effects=(Go(action),))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfService(Place):
    """A screen of the service that only shows; Back leads to the service."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back."""
        return Next(Service()) if action == "back" else STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest(OfService):
    """The newest self-test, and what the unit shows of itself now."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the self-test."""
        return (SELF_TEST,)


@dataclass(frozen=True, slots=True, kw_only=True)
class About(OfService):
    """What the unit is: no cleared device; versions, unit, licences."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the self-test, which names the unit and its engine."""
        return (SELF_TEST,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Care(Place):
    """The care of the unit, and its damaged parts."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the unit, and what is due."""
        return UNIT, DUE

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Record an item, put a part back into use, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "record" if what == LEADS:
                treatment = Treatment(patient="", first_step=step_for, came_from=self)
                return Next(InspectLeads(treatment=treatment, finding={"answered_by": INSPECTED}))
            case "record" if what in DATED:
                return Next(RecordCare(item=what))
            case "cleaned" if kiosk.fresh(UNIT) is not None:
                return record_about_unit(self, CLEANED, {})
            case "put_back":
                row = next((row for row in kiosk.rows(UNIT) or () if row.get("part") == what), {})
                return Next(PutBack(part=what, row=row))
            case "back":
                return Next(Service())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Look anew at what is due once something is recorded."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        return Next(effects=tuple(Forget(prefix) for prefix in ABOUT_UNIT))


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectLeads(CheckUnit):
    """The weekly look at the leads, without a patient."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the parts."""
        return (UNIT,)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to the care of the unit once it is recorded."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        return Next(Care(), tuple(Forget(prefix) for prefix in ABOUT_UNIT))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCare(Place):
    """The day on a report and its number; `digits` are of year, month and day."""

    item: str
    digits: str = ""
    number: str = ""
    at_number: bool = False

    @property
    def date(self) -> str:
        """Return the day as the engine takes it, as far as it is typed."""
        parts = (self.digits[:4], self.digits[4:6], self.digits[6:])
        return "-".join(part for part in parts if part)

    @property
    def is_dated(self) -> bool:
        """Return whether the whole day is typed."""
        return len(self.digits) == DATE_DIGITS

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the unit, which says what day it is."""
        return (UNIT,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type, take today, record, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "digit":
                return Next(replace(self, digits=typed(self.digits, what, DATE_DIGITS)))
            case "today":
                day = today(kiosk).replace("-", "")
                return Next(replace(self, digits=day, at_number=bool(day)))
            case "next" if self.is_dated:
                return Next(replace(self, at_number=True))
            case "letter":
                return Next(replace(self, number=typed(self.number, what, WORDS_MOST)))
            case "record" if self.is_dated and self.number.strip():
                kind, field = DATED[self.item]
                return record_about_unit(
                    self, kind, {"date": self.date, field: self.number.strip()}
                )
            case "back" if self.at_number:
                return Next(replace(self, at_number=False))
            case "back":
                return Next(Care())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to the care of the unit once it is recorded."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        return Next(Care(), tuple(Forget(prefix) for prefix in ABOUT_UNIT))


def today(kiosk: Kiosk) -> str:
    """Return the day of the unit's clock, "" while it is not trusted or not known."""
    row: Row = next((row for row in kiosk.rows(UNIT) or () if row["kind"] == "today"), {})
    return str(row["day"]) if row.get("trusted") else ""


def is_service(kiosk: Kiosk) -> bool:
    """Return whether service is signed in, or nobody has to sign in."""
    return kiosk.me is None or not kiosk.me.token or kiosk.me.role == SERVICE
