"""The unit is taken out of use, and service puts it back; so is a damaged part. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Next, Place, Row, Send
from ui.kiosk.journey.typed import typed

UNIT, FACT = "unit", "fact"
TAKEN_OUT, RELEASED, PART_RELEASED = "unit_taken_out_of_use", "unit_released", "part_released"
REASONS = ("shock", "burn", "fault", "other")
IN_WORDS = frozenset({"other"})
"""Reasons that say nothing without words."""
WORDS_MOST = 60
ABOUT_UNIT = ("unit", "due", "missing:")
"""Pages that a fact about the unit may change."""


def record_about_unit(place: Place, kind: str, values: Mapping[str, Any]) -> Next:
    """Record a fact about the unit; its answer comes to the place."""
    return Next(place, (Send(RecordFact(kind=kind, values=dict(values)), FACT),))


def to_service() -> Next:
    """Return to the service screen once a fact about the unit is recorded."""
    return Next(effects=(*(Forget(prefix) for prefix in ABOUT_UNIT), Go("service")))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOutOfUse(Place):
    """Why the unit is not to be used; `reason` is "" until one is chosen, `words` are typed."""

    reason: str = ""
    words: str = ""

    @property
    def is_complete(self) -> bool:
        """Return whether a reason is chosen, with words where it needs them."""
        return bool(self.reason) and (self.reason not in IN_WORDS or bool(self.words.strip()))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose a reason, type, take the unit out of use, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "reason" if what in REASONS:
                return Next(replace(self, reason=what))
            case "letter":
                return Next(replace(self, words=typed(self.words, what, WORDS_MOST)))
            case "take_out" if self.is_complete:
                values = {"reason": self.reason, "words": self.words.strip()}
                return record_about_unit(self, TAKEN_OUT, values)
            case "back" if self.reason:
                return Next(replace(self, reason=""))
            case "back":
                return Next(effects=(Go("service"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to the service screen once it is recorded."""
        return to_service() if tag == FACT and isinstance(answer, Reply) else STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack(Place):
    """Service puts the unit, or a damaged `part` of it, back into use; `words` say what was done.

    `row` is that of the part on the page of the unit.
    """

    part: str = ""
    row: Row = field(default_factory=lambda: MappingProxyType({}))
    words: str = ""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the unit."""
        return (UNIT,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Type what was done, record it, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "letter":
                return Next(replace(self, words=typed(self.words, what, WORDS_MOST)))
            case "put_back" if self.words.strip():
                values = {"reason": self.words.strip()}
                if self.part:
                    return record_about_unit(self, PART_RELEASED, {"part": self.part, **values})
                return record_about_unit(self, RELEASED, values)
            case "back":
                return Next(effects=(Go("service"),))
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to the service screen once it is recorded."""
        return to_service() if tag == FACT and isinstance(answer, Reply) else STAY
