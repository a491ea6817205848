"""What a person looks at on the unit before a patient: its parts, its leads, wiped or not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.messages.actions import RecordFact
from ui.kiosk.journey.place import Kiosk, Next, Row, Send
from ui.kiosk.journey.treatment import FACT, Step

UNIT = "unit"
GOOD = "good"
CHECKED, INSPECTED, CLEANED = "unit_checked", "leads_inspected", "unit_cleaned"
PARTS_A_PAGE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckUnit(Step):
    """The look of the day, or the weekly inspection of the leads: an answer for each part.

    `answers` are those given so far; parts are on pages that turn once their last is answered.
    """

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    turned_to: int = 0

    @property
    def fact(self) -> str:
        """Return the fact that is asked for."""
        return str(self.finding["answered_by"])

    def parts(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return every part that is asked about."""
        rows = (row for row in kiosk.rows(UNIT) or () if row["kind"] == "part")
        if self.fact != INSPECTED:
            return tuple(rows)
        return tuple(row for row in rows if is_inspected(str(row["part"])))

    def shown(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the parts of this page."""
        parts = self.parts(kiosk)
        pages = max(-(-len(parts) // PARTS_A_PAGE), 1)
        each = -(-len(parts) // pages)
        return parts[self.turned_to * each : (self.turned_to + 1) * each]

    def is_last(self, kiosk: Kiosk) -> bool:
        """Return whether no page follows."""
        shown, parts = self.shown(kiosk), self.parts(kiosk)
        return bool(shown) and shown[-1] == parts[-1]

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the parts."""
        return self.treatment.page, UNIT

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer a part, or say that the others of this page are good."""
        name, _, what = action.partition(":")
        match name:
            case "part":
                part, _, state = what.partition("=")
                answers = MappingProxyType({**self.answers, part: state})
                return Next(replace(self, answers=answers))
            case "rest_good" if self.shown(kiosk):
                rest = {str(row["part"]): GOOD for row in self.shown(kiosk)}
                answered = replace(self, answers=MappingProxyType({**rest, **self.answers}))
                if not self.is_last(kiosk):
                    return Next(replace(answered, turned_to=self.turned_to + 1))
                values: dict[str, object] = {"answers": dict(answered.answers)}
                return Next(answered, (Send(RecordFact(kind=self.fact, values=values), FACT),))
            case "back" if self.turned_to:
                return Next(replace(self, turned_to=self.turned_to - 1))
            case _:
                return Step.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUnit(Step):
    """The unit was last used on somebody else."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Record that it was wiped."""
        if action != "cleaned":
            return Step.touched(self, action, kiosk)
        return Next(self, (Send(RecordFact(kind=CLEANED, values={}), FACT),))


def is_inspected(part: str) -> bool:
    """Return whether a part is a lead or the hand switch."""
    return part == "hand_switch" or part.startswith("lead_")
