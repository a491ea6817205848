"""The page of a patient's courses."""

import pytest

from appliance.core.prescription.sessions_per_patient import Goal
from tests.flows.test_patient_pages import rows
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, register
from tests.support.regular_patient import a_session

pytestmark = pytest.mark.proves("course-reviews")


def given(clinic: Clinic, count: int) -> None:
    """Register a patient who had that many TENS sessions, every third day."""
    clinic.unlock()
    patient, sessions = register(clinic), clinic.engine.loop._dispatcher.register
    for number in range(count):
        days = 3 * (count - number)
        session = a_session(sessions.now(), days, session=f"0001-{number:03d}", goal=Goal.PAIN)
        sessions.take_session(patient, session)


def test_a_course_shows_its_sessions_and_until_when_each_programme_waits(clinic: Clinic) -> None:
    given(clinic, 3)
    (course,) = rows(clinic, "course:P-0013")
    assert (course["region"], course["goal"], course["number"], course["present"]) == (
        "lower_back",
        "pain",
        1,
        True,
    )
    assert len(course["sessions"]) == len(course["ended_utc_us"]) == 3
    programmes = {each["programme"]: each for each in course["programmes"]}
    assert programmes["conventional-tens"]["findings"] == []
    (waits,) = programmes["brief-intense-tens"]["findings"]  # two a week
    assert waits["rule"] == "refusal.sessions_per_week"
    assert waits["from_utc_us"] == course["ended_utc_us"][1] + 7 * 86_400_000_000


def test_a_review_is_due_at_the_end_and_the_next_course_is_another_row(clinic: Clinic) -> None:
    given(clinic, 12)
    (course,) = rows(clinic, "course:P-0013")
    assert course["decision"] is None
    tens = next(p for p in course["programmes"] if p["programme"] == "conventional-tens")
    assert [each["rule"] for each in tens["findings"]] == ["refusal.course_review"]
    of = {"region": "lower_back", "goal": "pain"}
    clinic.do(fact("course_reviewed", decision="change", skin_looked_at=True, **of))
    clinic.do(fact("course_opened", reason="with less current", **of))
    first, second = rows(clinic, "course:P-0013")
    assert (first["decision"], first["present"], first["programmes"]) == ("change", False, [])
    assert (second["number"], second["reason"], second["sessions"]) == (2, "with less current", [])
