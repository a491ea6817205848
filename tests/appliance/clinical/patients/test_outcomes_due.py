"""Outcomes are offered by course: at its first session, each sixth, and the last one."""

import pytest

from appliance.clinical.body import Side
from appliance.clinical.outcomes.facts import ComplaintOpened, Diagnosis
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.outcomes_due import are_due_at, outcomes_due
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession, Goal
from tests.support.close_outs import opened
from tests.support.facts import WHO, day


def given(number: int, goal: Goal = Goal.PAIN, region: Region = Region.LOWER_BACK) -> GivenSession:
    return GivenSession(
        region=region,
        goal=goal,
        motor=False,
        able=False,
        finished=True,
        felt=True,
        elapsed_us=600_000_000,
        comfortable_ua=1,
        ended_us=None,
        day=None,
        dated=False,
        session=f"0001-{number:03d}",
        boot=1,
        begun_us=number,
    )


def file(*sessions: GivenSession) -> PatientFile:
    return PatientFile(patient=WHO["patient"], given=sessions)


@pytest.mark.parametrize("goal", [Goal.PAIN, Goal.STRENGTH])
def test_the_last_session_of_a_course_has_outcomes_whatever_its_number(goal: Goal) -> None:
    """A course for pain has 6 or 12 sessions, one for strength of the lower back 20."""
    course = file(*(given(number, goal) for number in range(1, 22)))
    due = [number for number in range(1, 22) if are_due_at(course, f"0001-{number:03d}")]
    assert due == [1, 6, 12, 18] + ([20] if goal is Goal.STRENGTH else [])


def test_each_course_counts_its_own_sessions() -> None:
    both = file(*(given(number, [Goal.PAIN, Goal.STRENGTH][number % 2]) for number in range(1, 13)))
    assert [n for n in range(1, 13) if are_due_at(both, f"0001-{n:03d}")] == [1, 2, 11, 12]
    assert not are_due_at(both, "0009-001")


def test_the_coming_session_counts_until_one_was_given_today() -> None:
    five = file(*(given(number) for number in range(1, 6)))
    (coming,) = outcomes_due(five, day(3))
    assert (coming.number, coming.goal, coming.review) == (6, Goal.PAIN, True)
    today = file(*(given(number) for number in range(1, 7))).after(opened("0001-006"), day(3))
    (same,) = outcomes_due(today, day(3.1))
    assert same.number == 6
    assert outcomes_due(today, day(4.1)) == ()


def test_a_complaint_that_was_not_treated_yet_has_its_first_outcomes() -> None:
    complaint = ComplaintOpened(
        **WHO, region=Region.NECK, side=Side.LEFT, weeks=2, diagnosis=Diagnosis.MUSCLE_TENSION
    )
    opened_today = file().after(complaint, day(0))
    (first,) = outcomes_due(opened_today, day(0))
    assert (first.region, first.goal, first.number) == (Region.NECK, None, 1)
    assert outcomes_due(file(), day(0)) == ()
