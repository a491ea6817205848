"""A clinician's reason: on a key, or in own words. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row
from ui.kiosk.journey.treatment import Step
from ui.kiosk.journey.typed import typed

WORDS_MOST = 60


class TypesReason(Protocol):
    """A place where a reason is given; `words` are the own ones while `typing`."""

    @property
    def typing(self) -> bool:
        """Return whether the keyboard is shown."""
        ...

    @property
    def words(self) -> str:
        """Return what was typed."""
        ...

    def with_fields(self, **changed: Any) -> Place:
        """Return it with other entries."""
        ...


def reasoned(place: TypesReason, action: str, give: Callable[[str], Next]) -> Next | None:
    """Return what a key of a reason means, None for another key; `give` records the reason."""
    name, _, what = action.partition(":")
    match name:
        case "reason":
            return give(what)
        case "own_words":
            return Next(place.with_fields(typing=True))
        case "letter":
            return Next(place.with_fields(words=typed(place.words, what, WORDS_MOST)))
        case "done" if place.words.strip():
            return give(place.words.strip())
        case "back" if place.typing:
            return Next(place.with_fields(typing=False))
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Step):
    """A finding that needs a reason; `words` are the own ones while `typing`."""

    typing: bool = False
    words: str = ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Give a reason from a key, or type one."""
        given = reasoned(self, action, lambda reason: self.give(reason, kiosk))
        return given or Step.touched(self, action, kiosk)

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record the reason; each kind of finding has its own fact."""
        return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningReason(Reason):
    """Why somebody is treated in spite of an answer of the screening."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the catalogue: a reason is for a purpose."""
        return self.treatment.page, "programmes"

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record it for this region and the purpose of the programme."""
        programme = _programme(self.treatment.programme, kiosk)
        if programme is None:
            return STAY
        values = {
            "region": self.treatment.region,
            "purpose": programme["purpose"],
            "reasons": {str(self.finding["item"]): reason},
        }
        return self.record("screening_confirmed", values)


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmReason(Reason):
    """Why somebody is treated again after harm that was told in an earlier session."""

    def give(self, reason: str, kiosk: Kiosk) -> Next:
        """Record that a clinician has looked, and the reason."""
        return self.record("harm_reviewed", {"reason": reason})


def _programme(name: str, kiosk: Kiosk) -> Row | None:
    return next((row for row in kiosk.rows("programmes") or () if row["name"] == name), None)
