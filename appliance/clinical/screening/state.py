"""What is known of a patient's screening: a fold over its facts. Pure.

- A full screening replaces every answer and every reason of before.
- A part answers single questions again. Where an answer of the full screening changed, the full
  screening is open again. To find out what was unknown changes nothing (D), and a question for the
  day is asked each day, so its answer may differ.
- The visit list says that the answers of the full screening are those of today. An item that
  changed, or that nobody knows, asks its questions again, one by one.
- A reason holds for its region and purpose until the answer changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningConfirmed,
    ScreeningKind,
    VisitAnswer,
    VisitListAnswered,
)
from appliance.clinical.screening.questions import Lasts, load_questions, load_visit_list
from appliance.core.limits.limits import Purpose, Region


class Asked(NamedTuple):
    """A question, and the region it was asked for; None where it is about the patient."""

    question: str
    region: Region | None = None


class Given(NamedTuple):
    """An answer, and when it was given."""

    answer: Answer
    at: FactTime


class Reason(NamedTuple):
    """What a reason is given for: one question, region and purpose."""

    question: str
    region: Region
    purpose: Purpose


class Reasoned(NamedTuple):
    """The words of a reason, and when they were given."""

    words: str
    at: FactTime


@dataclass(frozen=True, slots=True)
class ScreeningState:
    """The screening of one patient.

    `full` is the time of the newest full screening, `visited` of the visit list since. `changed`
    are the questions whose answers changed since, `again` those to be answered again one by one.
    """

    full: FactTime | None = None
    visited: FactTime | None = None
    changed: frozenset[str] = frozenset()
    again: frozenset[Asked] = frozenset()
    answers: Mapping[Asked, Given] = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[Reason, Reasoned] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: Fact, at: FactTime) -> "ScreeningState":
        """Return the state after a fact; a fact of another room changes nothing."""
        match fact:
            case ScreeningAnswered(kind=ScreeningKind.FULL):
                return ScreeningState(full=at, answers=MappingProxyType(_given(fact, at)))
            case ScreeningAnswered():
                return self._after_part(fact, at)
            case VisitListAnswered():
                return replace(self, visited=at, again=self.again | self._asked_again(fact))
            case ScreeningConfirmed():
                reasons = {
                    Reason(question, fact.region, fact.purpose): Reasoned(words, at)
                    for question, words in fact.reasons.items()
                }
                return replace(self, reasons=MappingProxyType({**self.reasons, **reasons}))
            case _:
                return self

    @property
    def is_sensitive(self) -> bool:
        """Return whether an answer about allergy or eczema asks for a patch test."""
        questions = load_questions()
        return any(
            given.answer in (questions[asked.question].flagged, Answer.UNKNOWN)
            for asked, given in self.answers.items()
            if asked.question in questions and questions[asked.question].patch_test
        )

    def _after_part(self, fact: ScreeningAnswered, at: FactTime) -> "ScreeningState":
        given = _given(fact, at)
        other = {
            asked
            for asked, new in given.items()
            if asked in self.answers and self.answers[asked].answer is not new.answer
        }
        changed = {
            asked.question
            for asked in other
            if self.answers[asked].answer is not Answer.UNKNOWN and not _is_for_the_day(asked)
        }
        return replace(
            self,
            changed=self.changed | changed,
            again=self.again - given.keys(),
            answers=MappingProxyType({**self.answers, **given}),
            reasons=MappingProxyType(
                {
                    reason: words
                    for reason, words in self.reasons.items()
                    if not other & {Asked(reason.question), Asked(reason.question, reason.region)}
                }
            ),
        )

    def _asked_again(self, fact: VisitListAnswered) -> frozenset[Asked]:
        if fact.none_changed:
            return frozenset()
        items = load_visit_list()
        questions = {
            question
            for item, answer in fact.answers.items()
            if answer is not VisitAnswer.SAME and item in items
            for question in items[item].questions
        }
        return frozenset(asked for asked in self.answers if asked.question in questions)


def _is_for_the_day(asked: Asked) -> bool:
    question = load_questions().get(asked.question)
    return question is not None and question.lasts is Lasts.DAY


def _given(fact: ScreeningAnswered, at: FactTime) -> dict[Asked, Given]:
    about_the_patient = {Asked(name): Given(answer, at) for name, answer in fact.answers.items()}
    here = {
        Asked(name, region): Given(answer, at)
        for region, answers in fact.here.items()
        for name, answer in answers.items()
    }
    return {**about_the_patient, **here}
