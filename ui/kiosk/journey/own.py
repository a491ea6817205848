"""An own programme: a programme is copied, changed value by value, and kept as a version. Pure.

The engine judges the draft at each change: it gives the limits of each value, the refusals with the
nearest accepted, and the train as it would be. Nothing is kept before it says so.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.own_draft import (
    COPY,
    EDIT,
    WORK,
    Draft,
    answer_of,
    draft_page,
    found,
    is_accepted,
    judged,
    stepped,
    value_at,
    waits_for_judge,
    with_value,
)
from ui.kiosk.journey.place import STAY, Forget, Kiosk, Look, Next, Place, Row, Send
from ui.kiosk.journey.typed import DELETE, typed
from ui.kiosk.journey.units import from_shown

OWN_KEPT, FACT = "own_programme_kept", "fact"
TABS = PULSE, TIMES, PARTS, SESSION, KEEP = ("pulse", "times", "parts", "session", "keep")
TITLE = "title"
TITLE_MOST, WORDS_MOST, DIGITS_MOST = 40, 60, 6
POINT = "."
ABOUT_PROGRAMMES = ("programmes", "own_", "offers", "missing:")
"""Pages that a new version may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOwn(Place):
    """The editor.

    `base` is copied, or changed to its next version where `is_edit`. `start` is the draft as it
    was, `draft` as it is; it will be `name`, `version`. `part` is the one whose values are shown.
    `entering` is the value that is typed, `digits` what was typed of it. `leaving` waits for the
    key that gives the changes up.
    """

    base: str
    came_from: Place
    is_edit: bool = False
    name: str = ""
    version: int = 0
    draft: Draft = field(default_factory=dict)
    start: Draft = field(default_factory=dict)
    tab: str = PULSE
    part: str = WORK
    first: int = 0
    entering: str = ""
    digits: str = ""
    reason: str = ""
    words: str = ""
    naming: bool = False
    reasoning: bool = False
    typing: bool = False
    leaving: bool = False
    renaming: bool = False
    """The version was refused: the engine is asked which one is free by now."""

    @property
    def title(self) -> str:
        """Return what the programme is called."""
        return str(self.draft.get(TITLE, ""))

    @property
    def copy_page(self) -> str:
        """Return the page with the draft to begin with."""
        return f"{EDIT if self.is_edit else COPY}:{self.base}"

    @property
    def is_open(self) -> bool:
        """Return whether something is typed or asked over the page."""
        return bool(self.entering) or self.naming or self.reasoning or self.leaving

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the copy, then the judgement of the draft; one is asked for at a time."""
        if not self.draft:
            return (self.copy_page,)
        page = draft_page(self.draft, self.part)
        return () if waits_for_judge(page, kiosk) else (page,)

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Begin with the copy once it has come; take another version where the first is taken."""
        rows = kiosk.fresh(self.copy_page)
        if not rows or (self.draft and not self.renaming):
            return STAY
        row = rows[0]
        place = replace(self, name=row["name"], version=row["version"], renaming=False)
        if not self.draft:
            place = replace(place, draft=row["draft"], start=row["draft"])
        return Next(place)

    def rows(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the newest judgement of the draft that is known."""
        return judged(self.draft, self.part, kiosk)

    def may_keep(self, kiosk: Kiosk) -> bool:
        """Return whether title and reason are given and the engine refuses nothing."""
        given = bool(self.title.strip()) and bool(self.reason)
        return given and is_accepted(self.draft, self.part, kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Change a value, turn to another page, type, keep, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "tab" | "part" | "first" | "enter":
                return Next(self._turned(name, what))
            case "less" | "more" | "set" | "take" | "change":
                return Next(self._changed(name, what, kiosk))
            case "digit" | "entered" if self.entering:
                return Next(self._entered(name, what, kiosk))
            case "keep" if self.may_keep(kiosk):
                return self._keep()
            case "leave" if self.leaving:
                return Next(self.came_from)
            case "back":
                return self._back()
            case _:
                return Next(self._written(name, what))

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to what is kept now; where it is refused all stays, with the version free now."""
        if tag != FACT:
            return STAY
        if isinstance(answer, Refused):
            return Next(replace(self, renaming=True), (Look(self.copy_page),))
        if not isinstance(answer, Reply):
            return STAY
        kept = f"{self.name}@{self.version}"
        return Next(with_programme(self.came_from, kept), tuple(map(Forget, ABOUT_PROGRAMMES)))

    def _turned(self, name: str, what: str) -> "EditOwn":
        """Show another page, the values of another part, or the digits for a value."""
        match name:
            case "tab" if what in TABS:
                return self.shut(tab=what, first=0)
            case "part":
                return self.shut(part=what, tab=PULSE, first=0)
            case "first":
                return self.shut(first=int(what))
            case "enter":
                return self.shut(entering=what)
            case _:
                return self

    def shut(self, **changed: Any) -> "EditOwn":
        """Return it without anything open over its page, then changed."""
        over = {"entering": "", "digits": "", "leaving": False}
        writing = {"naming": False, "reasoning": False, "typing": False}
        return replace(self, **{**over, **writing, **changed})

    def _changed(self, name: str, what: str, kiosk: Kiosk) -> "EditOwn":
        """Change a value: by a step, to a choice or the nearest accepted; or change the parts."""
        rows = self.rows(kiosk)
        path, _, value = what.partition("=")
        if name == "take":
            return self._with(path, int(value))
        if name == "set":
            draft = answer_of(rows, path, value)
            return self if draft is None else self.shut(draft=draft)
        if name == "change":
            row = found(rows, "change", change=what)
            if row is None or not row["accepted"]:
                return self
            return replace(self, draft=row["draft"], part=str(row["part"]), first=0)
        row = found(rows, "field", field=path)
        now = value_at(self.draft, path)
        if row is None or not isinstance(now, int):
            return self
        return self._with(path, stepped(row, now, up=name == "more"))

    def _with(self, path: str, value: Any) -> "EditOwn":
        return replace(self, draft=with_value(self.draft, path, value))

    def _entered(self, name: str, what: str, kiosk: Kiosk) -> "EditOwn":
        """Type a digit, or take what was typed: the engine judges it."""
        if name == "digit":
            return replace(self, digits=typed_number(self.digits, what))
        row = found(self.rows(kiosk), "field", field=self.entering)
        if row is None or not self.digits:
            return self
        value = from_shown(self.digits, str(row["unit"]))
        return self._with(self.entering, value).shut()

    def _written(self, name: str, what: str) -> "EditOwn":
        """Title and reason; a reason on a key needs no keyboard."""
        opens: dict[str, dict[str, Any]] = {
            "name": {"naming": True},
            "why": {"reasoning": True},
            "own_words": {"reasoning": True, "typing": True},
            "reason": {"reason": what},
            "named": {},
            "done": {"reason": self.words.strip()},
        }
        if name == "letter" and self.naming:
            return self._with(TITLE, typed(self.title, what, TITLE_MOST))
        if name == "letter" and self.typing:
            return replace(self, words=typed(self.words, what, WORDS_MOST))
        empty = {"named": not self.title.strip(), "done": not self.words.strip()}
        if name not in opens or empty.get(name, False):
            return self
        return self.shut(**opens[name])

    def _keep(self) -> Next:
        draft = {**self.draft, TITLE: self.title.strip()}
        values = {
            "name": self.name,
            "version": self.version,
            "draft": draft,
            "reason": self.reason,
        }
        return Next(self, (Send(RecordFact(kind=OWN_KEPT, values=values), FACT),))

    def _back(self) -> Next:
        if self.typing:
            return Next(self.shut(reasoning=True))
        if self.is_open:
            return Next(self.shut())
        if self.draft != self.start:
            return Next(self.shut(leaving=True))
        return Next(self.came_from)


def with_programme(place: Place, name: str) -> Place:
    """Return a place where a programme is chosen or looked at, with another programme."""
    treatment = getattr(place, "treatment", None)
    if treatment is not None:
        return place.with_fields(treatment=replace(treatment, programme=name, minutes=0))
    return place.with_fields(programme=name) if hasattr(place, "programme") else place


def typed_number(digits: str, key: str) -> str:
    """Return a number after one more key; it has one point at most, and not at its beginning."""
    if key == POINT:
        return digits if POINT in digits or not digits else digits + POINT
    return typed(digits, key, DIGITS_MOST) if key == DELETE or key.isdigit() else digits
