"""Outcomes of a course: what changed, and the entry of what is offered now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.course import FACT, forget
from ui.kiosk.journey.of_patient import OfPatient
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row, Send
from ui.kiosk.journey.typed import typed

INDEX, ACTIVITY, MOTION, CHANGE = "index", "activity", "motion", "global_change"
MOVEMENTS = ("forward", "backward", "side_left", "side_right", "turn_left", "turn_right")
MOST_DIGITS, ACTIVITY_MOST = 3, 60
RANGES = {"ndi": 50, "oswestry": 100}
"""The highest score that each questionnaire has; the engine judges it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes(OfPatient):
    """What changed since the first time; what is offered now leads to its entry."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what changed, and what is offered."""
        return f"outcomes:{self.whose.patient}", f"due_outcomes:{self.whose.patient}"

    def due(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return what is offered now, each measure once."""
        rows = kiosk.rows(f"due_outcomes:{self.whose.patient}") or ()
        named = {(row["measure"], row["index"], row["region"]): row for row in rows}
        return tuple(named.values())

    def changes(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return every measure that has a score."""
        rows = kiosk.rows(f"outcomes:{self.whose.patient}") or ()
        return tuple(row for row in rows if row.get("last") is not None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Enter one measure: `enter:MEASURE:INDEX:REGION`."""
        name, _, what = action.partition(":")
        if name != "enter":
            return OfPatient.touched(self, action, kiosk)
        measure, index, region = what.split(":")
        entry = Score(whose=self.whose, came_from=self, measure=measure, index=index, region=region)
        return Next(entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(OfPatient):
    """The entry of one measure; what was entered stays until the engine has taken it.

    `typed` are the digits of a questionnaire; `activity` is the one that is scored, `typing` says
    that it is being named.
    """

    measure: str
    index: str = ""
    region: str = ""
    typed: str = ""
    activity: str = ""
    typing: bool = False
    motions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what changed: activities that have a name already."""
        return (f"outcomes:{self.whose.patient}",)

    def activities(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the activities of this patient."""
        rows = kiosk.rows(f"outcomes:{self.whose.patient}") or ()
        return tuple(str(row["name"]) for row in rows if row["kind"] == ACTIVITY)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Enter; the last answer records a score, digits are recorded with `record`."""
        name, _, what = action.partition(":")
        match self.measure:
            case "index":
                moved = self._index(name, what)
            case "activity":
                moved = self._activity(name, what)
            case "motion" if name == "move":
                moved = self._motion(what)
            case "global_change" if name == "score":
                moved = self.record("global_change_scored", score=int(what))
            case _:
                moved = None
        return OfPatient.touched(self, action, kiosk) if moved is None else moved

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back to the outcomes once it is recorded; a refusal is shown here."""
        if tag != FACT or not isinstance(answer, Reply):
            return STAY
        after = self.back()
        return after._replace(effects=(*forget(), *after.effects))

    def _index(self, name: str, what: str) -> Next | None:
        match name:
            case "digit":
                return Next(replace(self, typed=typed(self.typed, what, MOST_DIGITS)))
            case "record" if self.typed:
                return self.record("index_scored", index=self.index, score=int(self.typed))
            case _:
                return None

    def _activity(self, name: str, what: str) -> Next | None:
        match name:
            case "activity":
                return Next(replace(self, activity=what, typing=False))
            case "own_words":
                return Next(replace(self, typing=True, typed=""))
            case "letter":
                return Next(replace(self, typed=typed(self.typed, what, ACTIVITY_MOST)))
            case "done" if self.typed.strip():
                return Next(replace(self, activity=self.typed.strip(), typing=False))
            case "score" if self.activity:
                return self.record("activity_scored", activity=self.activity, score=int(what))
            case "back" if self.typing or self.activity:
                return Next(replace(self, activity="", typing=False))
            case _:
                return None

    def _motion(self, what: str) -> Next:
        """Note one direction; the last one records them all."""
        movement, _, motion = what.partition(":")
        motions = MappingProxyType({**self.motions, movement: motion})
        place = replace(self, motions=motions)
        if any(each not in motions for each in MOVEMENTS):
            return Next(place)
        return place.record("motion_tested", region=self.region, motions=dict(motions))

    def record(self, kind: str, **values: Any) -> Next:
        """Record a fact about this patient."""
        fact = {"patient": self.whose.patient, **values}
        return Next(self, (Send(RecordFact(kind=kind, values=fact), FACT),))
