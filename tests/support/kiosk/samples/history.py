"""Samples of what was done over days: a session, a patient's sessions, the course, for at home."""

from typing import Any

from appliance.control.pages.home_lists import advice_rows, exercise_rows
from appliance.control.pages.page import plain_text
from appliance.texts.text import Text, text
from tests.support.kiosk import sessions
from tests.support.kiosk.samples.sample import (
    Sample,
    Samples,
    at,
    awaiting,
    finding,
    rows,
    treatment,
)
from ui.kiosk.journey.course import CourseStep, NewCourse, Review
from ui.kiosk.journey.history import History, Summary
from ui.kiosk.journey.outcomes import Outcomes, Score
from ui.kiosk.journey.patient_page import ADVICE, AtHome, PatientPage
from ui.kiosk.journey.place import Place, Row
from ui.kiosk.journey.sheet import PatientSheet

PATIENT, SESSION, WHOSE = sessions.PATIENT, sessions.SESSION, sessions.WHOSE
OF: dict[str, Any] = {"whose": WHOSE, "region": "lower_back", "goal": "strength"}
GIVEN = {"exercise": "bird-dog", "sets": 2, "repetitions": 8, "days_a_week": 5, "reason": ""}


def _file() -> tuple[Row, ...]:
    identity = {
        "kind": "identity",
        "patient": PATIENT,
        "born": 1974,
        "alias": "KT8",
        "registered": sessions.at(30),
        "treated": [["lower_back", "left"], ["lower_back", "right"]],
    }
    ranges = tuple(
        {
            "kind": "felt_range",
            "key": {"region": "lower_back"},
            "channel": channel,
            "first_felt_ua": 9_000,
            "comfortable_ua": 28_500,
            "too_strong_ua": 33_000 if channel == 1 else None,
        }
        for channel in (1, 2)
    )
    return (
        identity,
        {"kind": "note", "note": "lies better on the left side"},
        *ranges,
        {"kind": "exercise", "given": GIVEN},
        {"kind": "close_out", "session": SESSION},
    )


def _change(kind: str, name: str, first: int, last: int, *texts: Text) -> Row:
    change = [plain_text(each) for each in texts]
    return {"kind": kind, "name": name, "first": first, "last": last, "count": 2, "change": change}


def _due() -> tuple[Row, ...]:
    names = {
        "index": "choice.disability_index.oswestry",
        "activity": "choice.measure.activity",
        "motion": "choice.measure.motion",
        "global_change": "choice.measure.global_change",
    }
    return tuple(
        {
            "region": "lower_back",
            "measure": measure,
            "name": plain_text(Text(key)),
            "index": "oswestry" if measure == "index" else None,
            "today": measure == "motion",
        }
        for measure, key in names.items()
    )


def _pages() -> dict[str, tuple[Row, ...]]:
    nothing: Any = None
    return {
        f"series:{SESSION}": sessions.series(),
        f"history:{PATIENT}": sessions.history(),
        f"course:{PATIENT}": sessions.course(),
        f"patient:{PATIENT}": _file(),
        f"outcomes:{PATIENT}": (
            _change(
                "pain",
                "lower_back",
                7,
                6,
                text("change.one_better"),
                text("change.within_error"),
            ),
            _change(
                "index",
                "oswestry",
                42,
                30,
                text("change.better", points=12),
                text("change.beyond_error"),
            ),
            _change("global_change", "", 3, 2),
        ),
        f"due_outcomes:{PATIENT}": _due(),
        "exercises:lower_back": rows(exercise_rows("lower_back", nothing)),
        "advice": rows(advice_rows("", nothing)),
    }


def _sample(place: Place, **pages: tuple[Row, ...]) -> Sample:
    return at(place, {**_pages(), **{f"{name}:{PATIENT}": found for name, found in pages.items()}})


def _score(measure: str, **entered: Any) -> Sample:
    index = "oswestry" if measure == "index" else ""
    score = Score(whose=WHOSE, measure=measure, index=index, region="lower_back", **entered)
    return _sample(score)


def _in_work(tag: str) -> Sample:
    place = PatientSheet(whose=WHOSE, session=SESSION)
    return at(place, _pages(), awaited=awaiting(place, tag))


def _waits(rule: str) -> Sample:
    finding = {"rule": rule, "from_utc_us": sessions.NEWEST_US}
    return _sample(History(whose=WHOSE), course=sessions.course(finding))


def _at_home(**changed: Any) -> Sample:
    return _sample(AtHome(whose=WHOSE, session=SESSION, area="lower_back", **changed))


OVER_DAYS: Samples = {
    "summary": lambda: _sample(Summary(whose=WHOSE, session=SESSION)),
    "summary_harm": lambda: _sample(
        Summary(whose=WHOSE, session=SESSION), history=sessions.with_harm()
    ),
    "history_harm": lambda: _sample(History(whose=WHOSE), history=sessions.with_harm()),
    "history": lambda: _waits("refusal.strengthening_rest"),
    "history_review_due": lambda: _waits("refusal.course_review"),
    "history_reviewed": lambda: _sample(
        History(whose=WHOSE, first=5), course=sessions.course(decision="continue")
    ),
    "history_empty": lambda: _sample(History(whose=WHOSE), history=(), course=()),
    "patient_page": lambda: _sample(PatientPage(whose=WHOSE)),
    "at_home_exercises": _at_home,
    "at_home_advice": lambda: _at_home(tab=ADVICE, advice=("stay-active",)),
    "patient_sheet": lambda: _sample(PatientSheet(whose=WHOSE, session=SESSION)),
    "patient_sheet_kept": lambda: _sample(
        PatientSheet(whose=WHOSE, session=SESSION, done="keep_sheet")
    ),
    "patient_sheet_written": lambda: _sample(
        PatientSheet(whose=WHOSE, session=SESSION, done="write_sheet")
    ),
    "patient_sheet_in_work": lambda: _in_work("write_sheet"),
    "course_review": lambda: _sample(Review(**OF)),
    "course_review_skin": lambda: _sample(Review(**OF, skin=True)),
    "course_on_the_way": lambda: _sample(
        CourseStep(treatment=treatment(), finding=finding("refusal.course_review", "course")),
        course=(),
    ),
    "new_course": lambda: _sample(NewCourse(**OF)),
    "new_course_own_words": lambda: _sample(NewCourse(**OF, typing=True)),
    "outcomes": lambda: _sample(Outcomes(whose=WHOSE)),
    "outcomes_none": lambda: _sample(Outcomes(whose=WHOSE), outcomes=(), due_outcomes=()),
    "score_index": lambda: _score("index", typed="32"),
    "score_activity": lambda: _score("activity"),
    "score_activity_own_words": lambda: _score("activity", typing=True),
    "score_activity_level": lambda: _score("activity", activity="Sitting"),
    "score_motion": lambda: _score("motion", motions={"forward": "limited"}),
    "score_global_change": lambda: _score("global_change"),
}
