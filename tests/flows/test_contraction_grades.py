"""The grade of a contraction is recorded with the level that the engine has at that moment."""

from typing import Any

import pytest

from appliance.messages.actions import RecordFact
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, files, refusal, register
from tests.support.regular_patient import a_session

pytestmark = pytest.mark.proves("kept-first")


def treated(clinic: Clinic, programme: str) -> str:
    clinic.unlock()
    patient, sessions = register(clinic), clinic.engine.loop._dispatcher.register
    for days in (31, 24, 17, 10):
        sessions.take_session(patient, a_session(sessions.now(), days))
    clinic.start(programme, patient=patient, channels=())
    return patient


def grade(clinic: Clinic, channel: int = 1, **more: Any) -> RecordFact:
    values: dict[str, Any] = {"session": clinic.view.session, "grade": "visible", "discomfort": 2}
    return fact("contraction_graded", channel=channel, **{**values, **more})


def test_a_grade_has_the_level_of_the_engine_and_no_other(clinic: Clinic) -> None:
    patient = treated(clinic, "nmes-strengthening")
    clinic.until("Delivering")
    assert refusal(clinic, grade(clinic)).limit == "contraction grade"  # level zero
    clinic.raise_to(2_000)
    assert refusal(clinic, grade(clinic, level_ua=40_000)).allowed == "2 mA"
    clinic.do(grade(clinic))
    ((graded, _),) = files(clinic).of(patient).outcomes.contractions
    assert (graded.level_ua, graded.channel) == (2_000, 1)
    assert refusal(clinic, grade(clinic, channel=7)).limit == "contraction grade"


def test_a_sensory_programme_has_no_contraction_to_grade(clinic: Clinic) -> None:
    treated(clinic, "conventional-tens")
    clinic.raise_to(2_000)
    assert refusal(clinic, grade(clinic)).allowed == "in one that is meant to contract"
