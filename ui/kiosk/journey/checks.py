"""The look before a start on one screen: pads, unit and leads, whatever is due now. Pure.

What the engine asks for is one fact each. "All good" records them one after the other; what is not
good opens the screen of its own, where each thing has its answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.pad_sets import LOOKED_AT, CheckPads, ChoosePads
from ui.kiosk.journey.place import STAY, Kiosk, Next, Row, Send
from ui.kiosk.journey.treatment import FACT, Step
from ui.kiosk.journey.unit_checks import (
    CHECKED,
    CLEANED,
    GOOD,
    INSPECTED,
    UNIT,
    CheckUnit,
    CleanUnit,
    is_inspected,
)

PADS = "pad_set_checked"


class Due(NamedTuple):
    """Something to look at: the fact that answers it, and the finding that asks for it."""

    fact: str
    finding: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks(Step):
    """`sending` are the facts still to be recorded once "all good" was touched."""

    sending: tuple[str, ...] = ()

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, the parts of the unit, and the patient's pads."""
        return self.treatment.page, UNIT, self.treatment.file

    def due(self, kiosk: Kiosk) -> tuple[Due, ...]:
        """Return what is to be looked at, each fact once, in the order of the engine."""
        found: dict[str, Row] = {}
        for row in self.missing(kiosk):
            fact = _fact_of(row)
            if fact and row["blocks"] and not (fact == CHECKED and row["consequence"] == "stop"):
                found.setdefault(fact, row)
        return tuple(Due(fact, row) for fact, row in found.items())

    def parts(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the parts of the unit that are looked at: all, or once a week the leads."""
        facts = {due.fact for due in self.due(kiosk)}
        rows = tuple(row for row in kiosk.rows(UNIT) or () if row["kind"] == "part")
        if CHECKED in facts:
            return rows
        return tuple(row for row in rows if INSPECTED in facts and is_inspected(str(row["part"])))

    def pad_set(self, kiosk: Kiosk) -> str:
        """Return the set of pads that is looked at, "" for none."""
        return next((str(due.finding["item"]) for due in self.due(kiosk) if due.fact == PADS), "")

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Record all as good, or open what is not."""
        name, _, what = action.partition(":")
        due = {each.fact: each.finding for each in self.due(kiosk)}
        match name:
            case "all_good" if due and (self.parts(kiosk) or not due.keys() & {CHECKED, INSPECTED}):
                return replace(self, sending=tuple(due)).send(kiosk)
            case "open" if what in due:
                to = {PADS: CheckPads, CLEANED: CleanUnit}.get(what, CheckUnit)
                return Next(to(treatment=self.treatment, finding=due[what]))
            case "another" if PADS in due:
                return Next(ChoosePads(treatment=self.treatment, finding=due[PADS]))
            case _:
                return Step.touched(self, action, kiosk)

    def taken_up(self, rows: tuple[Row, ...], kiosk: Kiosk) -> Step | None:
        """Return it without what was on its way: what is still due is looked at again."""
        return replace(self, sending=()) if step_is_due(rows) else None

    def send(self, kiosk: Kiosk) -> Next:
        """Record the first of the facts that are left."""
        kind = self.sending[0]
        fact = RecordFact(kind=kind, values=self._values(kind, kiosk))
        return Next(self, (Send(fact, FACT),))

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Record the next fact; go on after the last, or as soon as one is refused."""
        if tag != FACT:
            return STAY
        if not isinstance(answer, Reply):
            return Next(replace(self, sending=()))
        left = replace(self, sending=self.sending[1:])
        return left.send(kiosk) if left.sending else left.on()

    def _values(self, kind: str, kiosk: Kiosk) -> dict[str, object]:
        if kind == PADS:
            good = dict.fromkeys(LOOKED_AT, GOOD)
            return {"patient": self.treatment.patient, "pad_set": self.pad_set(kiosk), **good}
        if kind == CLEANED:
            return {}
        return {"answers": dict.fromkeys(self._asked(kind, kiosk), GOOD)}

    def _asked(self, kind: str, kiosk: Kiosk) -> Iterator[str]:
        for row in self.parts(kiosk):
            if kind == CHECKED or is_inspected(str(row["part"])):
                yield str(row["part"])


def step_is_due(rows: tuple[Row, ...]) -> bool:
    """Return whether the first finding that blocks is answered by a look."""
    first = next((row for row in rows if row["blocks"]), None)
    return first is not None and bool(_fact_of(first))


def _fact_of(row: Row) -> str:
    """Return the fact that answers a finding by a look, "" for another finding."""
    if row["rule"] == "refusal.pad_set" and row["consequence"] == "ask":
        return PADS
    by = str(row.get("answered_by", ""))
    return by if by in {CHECKED, INSPECTED, CLEANED} else ""
