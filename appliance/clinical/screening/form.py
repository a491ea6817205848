"""What a screen has to ask now: the questions still open, and what each answer would mean. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.screening.facts import ScreeningKind
from appliance.clinical.screening.judge import (
    SETTINGS,
    all_questions,
    full_screening_open,
    is_asked_today,
    open_questions,
)
from appliance.clinical.screening.questions import (
    Question,
    ScreeningSettings,
    VisitItem,
    load_questions,
    load_visit_list,
)
from appliance.clinical.screening.state import Asked, ScreeningState


class FormLine(NamedTuple):
    """One question to ask, and what its flagged answer, or "unknown", means for the treatment."""

    asked: Asked
    question: Question
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class ScreeningForm:
    """What has to be asked; no answer is filled in.

    `kind` is that of the fact the answers become, `visit_list` is empty unless it has to be
    answered first.
    """

    kind: ScreeningKind
    lines: tuple[FormLine, ...]
    visit_list: tuple[VisitItem, ...]


def screening_form(
    state: ScreeningState,
    planned: PlannedTreatment,
    now: FactTime,
    settings: ScreeningSettings = SETTINGS,
) -> ScreeningForm:
    """Return what has to be asked for a planned treatment; `now` as of `judged_at`."""
    regions = (planned.region,)
    if full_screening_open(state, now, settings) is not None:
        lines = _lines(all_questions(regions), planned)
        return ScreeningForm(ScreeningKind.FULL, lines, ())
    lines = _lines(open_questions(state, regions, now, settings), planned)
    items = () if is_asked_today(state, now) else tuple(load_visit_list().values())
    return ScreeningForm(ScreeningKind.PART, lines, items)


def _lines(asked: tuple[Asked, ...], planned: PlannedTreatment) -> tuple[FormLine, ...]:
    questions = load_questions()
    return tuple(
        FormLine(
            each,
            questions[each.question],
            questions[each.question].consequence(planned.region, planned.purpose, planned.kind),
        )
        for each in asked
    )
