"""The screening: one touch a question, four a page; a page turns when its last is answered. Pure.

Nothing is filled in. A page with an answer that stops or needs a reason stays until somebody turns
it, so that what the answer means is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.treatment import Step

ON_PAGE = 4
RULE = "refusal.screening"
FULL, VISIT_LIST = "full_screening", "visit_list"
ANSWERS = ("no", "yes", "unknown")
"""Answers in the order of the keys; unknown counts like the answer that has a consequence."""
HOLDS = ("stop", "confirm")
"""What an answer means for which its page does not turn by itself."""


class QuestionPage(NamedTuple):
    """Questions that are on one page; `part` is the part of the screening they are of."""

    part: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening(Step):
    """`given` are the answers by question, `page` counts from 0."""

    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    page: int = 0

    @property
    def questions(self) -> str:
        """Return the page of the questions."""
        return f"screening:{self.treatment.programme}:{self.treatment.region}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the questions."""
        return self.treatment.page, self.questions

    @property
    def is_full(self) -> bool:
        """Return whether every question is asked."""
        return bool(self.finding.get("item") == FULL)

    def asked(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the questions that are asked: all, or those that are missing."""
        rows = kiosk.rows(self.questions) or ()
        if self.is_full:
            return rows
        open_ones = {
            row["item"] for row in self.missing(kiosk, RULE) if row["consequence"] == "ask"
        }
        return tuple(row for row in rows if row["id"] in open_ones or row["id"] in self.given)

    def pages(self, kiosk: Kiosk) -> tuple[QuestionPage, ...]:
        """Return the questions by pages; a page has questions of one part only."""
        return tuple(_pages(self.asked(kiosk)))

    def meaning(self, row: Row) -> str:
        """Return what the answer given means: "" while there is none or it is harmless."""
        answer = self.given.get(row["id"], "")
        return str(row["consequence"]) if answer in {row["flagged"], "unknown"} else ""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Answer a question, turn a page."""
        name, _, what = action.partition(":")
        match name:
            case "answer":
                question, _, answer = what.rpartition(":")
                return self._answered(question, answer, kiosk)
            case "next":
                return self.turned(kiosk)
            case "back" if self.page:
                return Next(replace(self, page=self.page - 1))
            case _:
                return Step.touched(self, action, kiosk)

    def _answered(self, question: str, answer: str, kiosk: Kiosk) -> Next:
        place = replace(self, given=MappingProxyType({**self.given, question: answer}))
        rows = place.pages(kiosk)[self.page].rows
        is_last = question not in self.given and all(row["id"] in place.given for row in rows)
        if not is_last or any(place.meaning(row) in HOLDS for row in rows):
            return Next(place)
        return place.turned(kiosk)

    def turned(self, kiosk: Kiosk) -> Next:
        """Turn the page once all of it is answered; after the last one all is recorded."""
        pages = self.pages(kiosk)
        if any(row["id"] not in self.given for row in pages[self.page].rows):
            return STAY
        if self.page + 1 < len(pages):
            return Next(replace(self, page=self.page + 1))
        asked = self.asked(kiosk)
        here = {row["id"]: self.given[row["id"]] for row in asked if row["local"]}
        values = {
            "kind": "full" if self.is_full else "part",
            "answers": {row["id"]: self.given[row["id"]] for row in asked if not row["local"]},
            "here": {self.treatment.region: here} if here or self.is_full else {},
        }
        return self.record("screening_answered", values)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitList(Step):
    """The items of the visit list; `changed` are those that are not as they were."""

    changed: frozenset[str] = frozenset()

    @property
    def questions(self) -> str:
        """Return the page of the questions, which names the items."""
        return f"screening:{self.treatment.programme}:{self.treatment.region}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing, and the questions."""
        return self.treatment.page, self.questions

    def items(self, kiosk: Kiosk) -> Mapping[str, object]:
        """Return the names of the items, in the order of asking."""
        rows = kiosk.rows(self.questions) or ()
        return {str(row["visit_item"]): row["visit_name"] for row in rows}

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Mark an item as changed or not; done, all are recorded as asked."""
        name, _, what = action.partition(":")
        match name:
            case "item":
                return Next(replace(self, changed=self.changed ^ {what}))
            case "asked" if self.items(kiosk):
                return self.record("visit_list_answered", self._values(kiosk))
            case _:
                return Step.touched(self, action, kiosk)

    def _values(self, kiosk: Kiosk) -> Mapping[str, object]:
        if not self.changed:
            return {"none_changed": True}
        answers = {
            item: "changed" if item in self.changed else "same" for item in self.items(kiosk)
        }
        return {"none_changed": False, "answers": answers}


def _pages(rows: tuple[Row, ...]) -> Iterator[QuestionPage]:
    for part, of_part in groupby(rows, key=lambda row: str(row["page"])):
        questions = tuple(of_part)
        # Pages of a part are equally long: a last one with a single question looks like an end.
        count = -(-len(questions) // ON_PAGE)
        for number in range(count):
            first, last = (len(questions) * at // count for at in (number, number + 1))
            yield QuestionPage(part, questions[first:last])
