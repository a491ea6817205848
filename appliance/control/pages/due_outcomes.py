"""The pages `due_outcomes:PATIENT` and `outcomes:PATIENT`: what is offered, and what changed.

Scores are compared with the first one. A change within measurement error is said to be that, apart
from whether people usually notice one of its size.
"""

from collections.abc import Iterator, Sequence

from appliance.clinical.choice import choice_text
from appliance.clinical.fact import FactTime, session_order
from appliance.clinical.outcomes.change import Change
from appliance.clinical.outcomes.history import OutcomeHistory, Scored
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.outcomes_due import outcomes_due
from appliance.control.pages.page import (
    PageSources,
    Row,
    Rows,
    plain_text,
    plain_time,
)
from appliance.control.pages.patients import find_file
from appliance.core.refusal import Refusal


def due_rows(wanted: str, sources: PageSources) -> Rows:
    """Return what is offered at the session of today, or the coming one, by course."""
    known = sources.patients
    file = find_file(wanted, known)
    if isinstance(file, Refusal):
        return file
    return _due(file, known.files.judged_at(known.now))


def outcome_rows(wanted: str, sources: PageSources) -> Rows:
    """Return every measure with its first and last score and how the change reads."""
    file = find_file(wanted, sources.patients)
    return file if isinstance(file, Refusal) else _outcomes(file.outcomes)


def _due(file: PatientFile, now: FactTime) -> Iterator[Row]:
    for course in outcomes_due(file, now):
        for due in course.due:
            yield {
                "region": course.region,
                "goal": course.goal,
                "session_number": course.number,
                "review": course.review,
                "measure": due.measure,
                "name": plain_text(choice_text(due.questionnaire or due.measure)),
                "index": due.questionnaire,
                "last": plain_time(due.last),
                "today": due.today,
            }


def _outcomes(history: OutcomeHistory) -> Iterator[Row]:
    for region, sessions in history.pain.items():
        ordered = [sessions[session] for session in sorted(sessions, key=session_order)]
        before = [pain.before for pain in ordered if pain.before is not None]
        yield _measure("pain", region, before, history.pain_over_course(region))
    for index, scores in history.indices.items():
        yield _measure("index", index, _numbers(scores), history.index_over_course(index))
    for activity, scores in history.activities.items():
        change = history.activity_over_course(activity)
        yield _measure("activity", activity, _numbers(scores), change)
    if history.global_changes:
        yield _measure("global_change", "", _numbers(history.global_changes), None)
    for tested, at in history.motions:
        yield {
            "kind": "motion",
            "name": tested.region,
            "motions": tested.motions,
            "since": plain_time(at),
        }
    for counted, at in history.fatigue:
        yield {
            "kind": "contractions",
            "session": counted.session,
            "channel": counted.channel,
            "contractions": counted.contractions,
            "since": plain_time(at),
        }


def _numbers(scores: Sequence[Scored]) -> list[int]:
    return [scored.score for scored in scores]


def _measure(kind: str, name: str, scores: list[int], change: Change | None) -> Row:
    return {
        "kind": kind,
        "name": name,
        "first": scores[0] if scores else None,
        "last": scores[-1] if scores else None,
        "count": len(scores),
        "change": [] if change is None else [plain_text(each) for each in change.texts()],
    }
