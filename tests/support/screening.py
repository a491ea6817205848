"""Screenings in tests: times, harmless answers, and the facts made of them."""

from typing import TypedDict

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningConfirmed,
    ScreeningKind,
    VisitAnswer,
    VisitListAnswered,
)
from appliance.clinical.screening.questions import load_questions, load_visit_list
from appliance.clinical.screening.state import ScreeningState
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


class Who(TypedDict):
    """Whose fact it is, and who says so."""

    patient: str
    operator: str
    simulated: bool


WHO: Who = {"patient": "P-0015", "operator": "K. M.", "simulated": False}


def at(day: float, *, boot: int = 1, trusted: bool = True) -> FactTime:
    """Return a time on a day, 0.5 being noon."""
    utc_us = int(day * DAY_US)
    return FactTime(utc_us, utc_us // DAY_US, trusted, boot, utc_us)


def planned(
    region: Region = Region.LOWER_BACK,
    purpose: Purpose = Purpose.SENSORY,
    kind: ProgrammeKind = ProgrammeKind.CONVENTIONAL,
) -> PlannedTreatment:
    return PlannedTreatment(region=region, side=Side.LEFT, purpose=purpose, kind=kind)


def harmless(*, local: bool) -> dict[str, Answer]:
    """Return the answers that have no consequence."""
    return {
        question.id: Answer.NO if question.flagged == "yes" else Answer.YES
        for question in load_questions().values()
        if question.local is local
    }


def full(*regions: Region, **other: Answer) -> ScreeningAnswered:
    """Return a full screening; `other` answers questions in another way than harmless."""
    here = harmless(local=True)
    return ScreeningAnswered(
        kind=ScreeningKind.FULL,
        answers={name: other.get(name, answer) for name, answer in harmless(local=False).items()},
        here={
            region: {name: other.get(name, answer) for name, answer in here.items()}
            for region in regions or tuple(Region)
        },
        **WHO,
    )


def part(region: Region | None = None, **answers: Answer) -> ScreeningAnswered:
    """Return answers to single questions, about a region if one is given."""
    if region is None:
        return ScreeningAnswered(kind=ScreeningKind.PART, answers=answers, **WHO)
    return ScreeningAnswered(kind=ScreeningKind.PART, here={region: answers}, **WHO)


def none_changed() -> VisitListAnswered:
    return VisitListAnswered(none_changed=True, **WHO)


def visit(**other: VisitAnswer) -> VisitListAnswered:
    """Return a visit list answered item by item, the same as before but for `other`."""
    answers = {item: other.get(item, VisitAnswer.SAME) for item in load_visit_list()}
    return VisitListAnswered(none_changed=False, answers=answers, **WHO)


def reasons(region: Region, purpose: Purpose, **words: str) -> ScreeningConfirmed:
    return ScreeningConfirmed(region=region, purpose=purpose, reasons=words, **WHO)


def screened(*facts: tuple[Fact, FactTime]) -> ScreeningState:
    """Fold facts."""
    state = ScreeningState()
    for fact, when in facts:
        state = state.after(fact, when)
    return state
