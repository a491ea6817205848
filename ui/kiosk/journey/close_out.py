"""Closing a session for its patient: one part after the other, as the engine lists them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Effect, Forget, Go, Kiosk, Next, Place, Row, Send
from ui.kiosk.locale.words import say_row

FACT, DONE = "fact", "completed"
SKIN = "skin"
CHANGED = ("close_out:", "to_complete", "patient:", "missing:", "unit", "due", "visit:")
"""Pages that a fact of the close-out may change."""
SEATED_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOut(Place):
    """`session` "" is the one that holds up the next session; `grades` of the skin by site.

    `leaving_out` says that it is asked why a part was not done.
    """

    session: str = ""
    leaving_out: bool = False
    grades: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kiosk: Kiosk) -> str:
        """Return the session that is closed."""
        held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
        return self.session or ("" if held is None else held.session)

    def page(self, kiosk: Kiosk) -> str:
        """Return the page of the close-out."""
        return f"close_out:{self.of(kiosk)}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the close-out."""
        return (self.page(kiosk),) if self.of(kiosk) else ()

    def rows(self, kiosk: Kiosk, kind: str) -> tuple[Row, ...]:
        """Return the rows of a kind: close_out, part, care."""
        return tuple(row for row in kiosk.rows(self.page(kiosk)) or () if row["kind"] == kind)

    def head(self, kiosk: Kiosk) -> Row:
        """Return whose close-out it is; empty while that is not known."""
        return next(iter(self.rows(kiosk, "close_out")), {})

    def part(self, kiosk: Kiosk) -> Row | None:
        """Return the part that is asked about now, None once nothing required is open."""
        open_parts = (row for row in self.rows(kiosk, "part") if row["outcome"] is None)
        return next((row for row in open_parts if row["required"]), None)

    def to_clean(self, kiosk: Kiosk) -> bool:
        """Return whether the unit still has to be wiped."""
        return any(not row["done"] for row in self.rows(kiosk, "care"))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer the part that is asked about; leave, wipe and finish are always possible."""
        name, _, what = action.partition(":")
        match name:
            case "home":
                return Next(effects=(Go("home"),))
            case "cleaned":
                return Next(self, (Send(RecordFact(kind="unit_cleaned", values={}), FACT),))
            case "finish":
                return self._record("close_out_completed", kiosk, tag=DONE)
            case "not_done" | "back":
                return Next(replace(self, leaving_out=name == "not_done"))
            case _:
                pass
        part = self.part(kiosk)
        return STAY if part is None else self._of_part(name, what, part, kiosk)

    def _of_part(self, name: str, what: str, part: Row, kiosk: Kiosk) -> Next:
        match name:
            case "later":
                return self._record("part_deferred", kiosk, part=part["part"])
            case "grade":
                site, grade = what.split(":")
                return Next(replace(self, grades={**self.grades, int(site): int(grade)}))
            case "all":
                return Next(replace(self, grades=dict.fromkeys(range(len(part["sites"])), 0)))
            case "left_out":
                return self._leave_out(part, str(say_row(part["reasons"][int(what)])), kiosk)
            case _:
                return self._answer(name, what, part, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Look what is left; home once the close-out is complete."""
        forget: tuple[Effect, ...] = tuple(Forget(prefix) for prefix in CHANGED)
        place = replace(self, leaving_out=False) if isinstance(answer, Reply) else self
        if tag == DONE and isinstance(answer, Reply):
            return Next(place, (*forget, Go("home")))
        return Next(place, forget)

    def _answer(self, name: str, what: str, part: Row, kiosk: Kiosk) -> Next:
        match name:
            case "pads_off":
                return self._record("pads_removed", kiosk)
            case "skin_done":
                grades = [
                    {"site": site["site"], "grade": self.grades[number]}
                    for number, site in enumerate(part["sites"])
                ]
                return self._record("skin_checked_after", kiosk, grades=grades)
            case "because":
                return self._record("stop_explained", kiosk, because=what)
            case "pain":
                moment = str(part["part"]).removeprefix("pain_")
                region = self.head(kiosk)["region"]
                return self._record(
                    "pain_scored", kiosk, region=region, moment=moment, score=int(what)
                )
            case "seated":
                return self._record("seated_after", kiosk, seconds=SEATED_S)
            case _:
                return STAY

    def _leave_out(self, part: Row, reason: str, kiosk: Kiosk) -> Next:
        if part["part"] == SKIN:
            return self._record("skin_not_checked", kiosk, reason=reason)
        return self._record("part_left_out", kiosk, part=part["part"], reason=reason)

    def _record(self, kind: str, kiosk: Kiosk, *, tag: str = FACT, **values: Any) -> Next:
        of_whom = {"patient": self.head(kiosk).get("patient", ""), "session": self.of(kiosk)}
        fact = RecordFact(kind=kind, values={**of_whom, **values})
        return Next(self, (Send(fact, tag),))
