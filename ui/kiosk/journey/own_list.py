"""Own programmes: the list, one with its versions, and what is copied for a new one. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.own import ABOUT_PROGRAMMES, FACT, WORDS_MOST, EditOwn
from ui.kiosk.journey.place import STAY, Forget, Kiosk, Next, Place, Row, Send
from ui.kiosk.journey.typed import typed

PROGRAMMES, OWN = "programmes", "own_programmes"
ON_PAGE, LINES = 5, 4
"""Programmes on a page: to copy, and beside the key for a new one."""
VERSION = "@"
"""Stands in the name of a version of an own programme, and in no other."""
OWN_RETIRED = "own_programme_retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList(Place):
    """A list in pages that was opened from another screen; `first` is the first row shown."""

    came_from: Place
    first: int = 0

    @property
    def on_page(self) -> int:
        """Return how many rows a page has."""
        return ON_PAGE

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn a page, or go back."""
        match action:
            case "up":
                return Next(replace(self, first=max(self.first - self.on_page, 0)))
            case "down":
                return Next(replace(self, first=self.first + self.on_page))
            case "back":
                return Next(self.came_from)
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProgrammes(OwnList):
    """Every own programme of the unit."""

    @property
    def on_page(self) -> int:
        """Return how many rows a page has."""
        return LINES

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the own programmes."""
        return (OWN,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at one, or copy a programme for a new one."""
        name, _, what = action.partition(":")
        match name:
            case "own":
                return Next(OwnCard(name=what, came_from=self))
            case "new":
                return Next(CopyFrom(came_from=self))
            case _:
                return OwnList.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFrom(OwnList):
    """Which programme is copied for a new own one."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return every programme."""
        return (PROGRAMMES,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Copy one."""
        name, _, what = action.partition(":")
        if name == "programme":
            return Next(EditOwn(base=what, came_from=self.came_from))
        return OwnList.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard(Place):
    """One own programme with its versions, by its name or that of a version ("own-3@2").

    While `retiring` a reason is asked for, `words` are the own ones while `typing`.
    """

    name: str
    came_from: Place
    retiring: bool = False
    typing: bool = False
    words: str = ""

    @property
    def own_name(self) -> str:
        """Return its name without a version."""
        return self.name.partition(VERSION)[0]

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the own programmes."""
        return (OWN,)

    def row(self, kiosk: Kiosk) -> Row | None:
        """Return it, None while it is not known."""
        rows = kiosk.rows(OWN) or ()
        return next((row for row in rows if row["name"] == self.own_name), None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Change it to its next version, copy it, retire it with a reason, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "edit" | "copy":
                at, is_edit = self.came_from, name == "edit"
                return Next(EditOwn(base=self.own_name, is_edit=is_edit, came_from=at))
            case "retire":
                return Next(replace(self, retiring=True))
            case "reason" if self.retiring and what:
                return self._retire(what)
            case "own_words" if self.retiring:
                return Next(replace(self, typing=True))
            case "letter" if self.typing:
                return Next(replace(self, words=typed(self.words, what, WORDS_MOST)))
            case "done" if self.typing and self.words.strip():
                return self._retire(self.words.strip())
            case "back":
                return Next(self._before())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show it as retired once that is kept."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        shown = replace(self, retiring=False, typing=False)
        return Next(shown, tuple(map(Forget, ABOUT_PROGRAMMES)))

    def _retire(self, reason: str) -> Next:
        values: dict[str, object] = {"name": self.own_name, "reason": reason}
        return Next(self, (Send(RecordFact(kind=OWN_RETIRED, values=values), FACT),))

    def _before(self) -> Place:
        if self.typing:
            return replace(self, typing=False)
        return replace(self, retiring=False) if self.retiring else self.came_from


def own_of(programme: str, place: Place) -> Next:
    """Go to the card of an own programme, or begin to copy one of the catalogue."""
    if VERSION in programme:
        return Next(OwnCard(name=programme, came_from=place))
    return Next(EditOwn(base=programme, came_from=place))
