"""Closing a session for its patient: one part after the other, as the engine lists them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.place import STAY, Effect, Forget, Go, Kiosk, Next, Place, Row, Send
from ui.kiosk.locale.words import say_row

FACT, DONE = "fact", "completed"
SKIN, PADS_OFF, LATER = "skin", "pads_off", "later"
CHANGED = (
    "close_out:",
    "to_complete",
    "patient:",
    "missing:",
    "unit",
    "due",
    "visit:",
    "history:",
    "course:",
)
"""Pages that a fact of the close-out may change."""
SEATED_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOut(Place):
    """`session` "" is the one that holds up the next session; `grades` of the skin by site.

    `leaving_out` says that it is asked why a part was not done. `doing` is what goes on without
    another touch: "pads_off" that was answered as the session was closed, or "later": every part
    that may be put off is, and the close-out ends where nothing else is open.
    """

    session: str = ""
    leaving_out: bool = False
    doing: str = ""
    grades: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kiosk: Kiosk) -> str:
        """Return the session that is closed."""
        held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
        return self.session or ("" if held is None else held.session)

    def page(self, kiosk: Kiosk) -> str:
        """Return the page of the close-out."""
        return f"close_out:{self.of(kiosk)}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the close-out, and once it is known whose it is, the file that names the alias."""
        patient = self.head(kiosk).get("patient")
        file = (f"patient:{patient}",) if patient else ()
        return (self.page(kiosk), *file) if self.of(kiosk) else ()

    def alias(self, kiosk: Kiosk) -> str:
        """Return the alias of the patient, "" where there is none or it is not known yet."""
        rows = kiosk.rows(f"patient:{self.head(kiosk).get('patient')}") or ()
        return str(next((row["alias"] for row in rows if row["kind"] == "identity"), "") or "")

    def rows(self, kiosk: Kiosk, kind: str) -> tuple[Row, ...]:
        """Return the rows of a kind: close_out, part, care."""
        return tuple(row for row in kiosk.rows(self.page(kiosk)) or () if row["kind"] == kind)

    def head(self, kiosk: Kiosk) -> Row:
        """Return whose close-out it is; empty while that is not known."""
        return next(iter(self.rows(kiosk, "close_out")), {})

    def parts(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the parts of a session that was continued after a trip, the oldest first."""
        return tuple(self.head(kiosk).get("parts", ()))

    def part(self, kiosk: Kiosk) -> Row | None:
        """Return the part that is asked about now, None once nothing required is open."""
        open_parts = (row for row in self.rows(kiosk, "part") if row["outcome"] is None)
        return next((row for row in open_parts if row["required"]), None)

    def to_clean(self, kiosk: Kiosk) -> bool:
        """Return whether the unit still has to be wiped."""
        return any(not row["done"] for row in self.rows(kiosk, "care"))

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Stay with its session once that is known; go on with what was touched once.

        The engine names a session only as long as pads and skin hold up the next one.
        """
        if not self.session and self.of(kiosk):
            return Next(replace(self, session=self.of(kiosk)))
        if not self.doing or kiosk.fresh(self.page(kiosk)) is None or FACT in kiosk.waiting:
            return STAY
        part = self.part(kiosk)
        if part is not None and self.doing == PADS_OFF == part["part"]:
            return replace(self, doing="").answer_part(PADS_OFF, "", part, kiosk)
        if part is not None and self.doing == LATER and part["may_defer"]:
            return self._record("part_deferred", kiosk, part=part["part"])
        if part is None and self.doing == LATER and self.head(kiosk):
            return self._record("close_out_completed", kiosk, tag=DONE, doing="")
        return Next(replace(self, doing=""))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer the part that is asked about; leave, wipe and finish are always possible."""
        name, _, what = action.partition(":")
        if name != "home" and kiosk.fresh(self.page(kiosk)) is None:
            return STAY  # what stands there may have been answered just now
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
                return self._record("part_deferred", kiosk, doing=LATER, part=part["part"])
            case "grade":
                site, grade = what.split(":")
                given = replace(self, grades={**self.grades, int(site): int(grade)})
                all_clear = len(given.grades) == len(part["sites"]) and not any(
                    given.grades.values()
                )
                return given.answer_part("skin_done", "", part, kiosk) if all_clear else Next(given)
            case "all":
                every = dict.fromkeys(range(len(part["sites"])), 0)
                return replace(self, grades=every).answer_part("skin_done", "", part, kiosk)
            case "left_out":
                return self._leave_out(part, str(say_row(part["reasons"][int(what)])), kiosk)
            case _:
                return self.answer_part(name, what, part, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Look what is left; once each part of the session is complete, look at it."""
        if tag not in {FACT, DONE}:
            return STAY
        forget: tuple[Effect, ...] = tuple(Forget(prefix) for prefix in CHANGED)
        place = replace(self, leaving_out=False)
        if not isinstance(answer, Reply):
            place = replace(self, doing="")
        if tag == DONE and isinstance(answer, Reply):
            left = [row["session"] for row in self.parts(kiosk) if row["open"]]
            others = [session for session in left if session != self.of(kiosk)]
            if others:
                return Next(CloseOut(session=str(others[-1])), forget)
            patient = str(self.head(kiosk).get("patient", ""))
            whose = Whose(patient=patient, alias=self.alias(kiosk))
            return Next(Summary(session=self.of(kiosk), whose=whose), forget)
        return Next(place, forget)

    def answer_part(self, name: str, what: str, part: Row, kiosk: Kiosk) -> Next:
        """Record the answer to the part that is asked about."""
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

    def _record(
        self, kind: str, kiosk: Kiosk, *, tag: str = FACT, doing: str | None = None, **values: Any
    ) -> Next:
        of_whom = {"patient": self.head(kiosk).get("patient", ""), "session": self.of(kiosk)}
        fact = RecordFact(kind=kind, values={**of_whom, **values})
        place = self if doing is None else replace(self, doing=doing)
        return Next(place, (Send(fact, tag),))
