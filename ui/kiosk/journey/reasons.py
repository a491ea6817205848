"""A clinician's reason: on a key, or in own words. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.treatment import Step

WORDS_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Step):
    """A finding that needs a reason; `words` are the own ones while `typing`."""

    typing: bool = False
    words: str = ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Give a reason from a key, or type one."""
        name, _, what = action.partition(":")
        match name:
            case "reason":
                return self.give(what, kiosk)
            case "own_words":
                return Next(replace(self, typing=True))
            case "letter":
                words = self.words[:-1] if what == "delete" else (self.words + what)[:WORDS_MOST]
                return Next(replace(self, words=words.lstrip()))
            case "done" if self.words.strip():
                return self.give(self.words.strip(), kiosk)
            case "back" if self.typing:
                return Next(replace(self, typing=False))
            case _:
                return Step.touched(self, action, kiosk)

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


def _programme(name: str, kiosk: Kiosk) -> Row | None:
    return next((row for row in kiosk.rows("programmes") or () if row["name"] == name), None)
