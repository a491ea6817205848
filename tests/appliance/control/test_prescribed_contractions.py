"""A patient's contractions in one session: fewer in a first one, and all parts together."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.clinical.patients.files import PatientFiles
from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.control.pages.page import KnownPatients
from appliance.control.treatment.raise_back import InterruptedSession
from appliance.control.treatment.treatment import Treatment
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister
from tests.support import complete_file
from tests.support.complete_file import facts_for
from tests.support.regular_patient import DAY_US, a_session
from tests.support.screening import at
from tests.support.texts import said

pytestmark = pytest.mark.proves("first-session", "limits")

S = 1_000_000
NAME = "nmes-endurance"
"""8.25 s on, 10 s off: 50 contractions in its 15 min, 30 in 547 s."""


def known(interrupted: InterruptedSession | None = None) -> KnownPatients:
    files = PatientFiles()
    for fact in facts_for(complete_file.wanted(NAME), "P-1"):
        files.take(fact, at(100.5))
    return KnownPatients(files, at(100.5), interrupted=interrupted)


def asked(
    register: PatientRegister, left: InterruptedSession | None = None, **changes: Any
) -> AcceptedPrescription | Refusal:
    request = Prescribe(
        programme=NAME,
        subject=Subject.PATIENT,
        patient="P-1",
        region="lower_back",
        side="left",
        pad_set="A",
        **changes,
    )
    return prescribe(request, register, known(left), (1, 2))


def test_a_first_session_takes_the_time_of_30_contractions() -> None:
    found = asked(PatientRegister())
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.duration_us == 547 * S


def test_more_minutes_of_a_first_session_are_refused_and_the_offer_is_accepted() -> None:
    refusal = asked(PatientRegister(), duration_us=900 * S)
    assert isinstance(refusal, Refusal)
    assert said(refusal).text() == (
        "contractions in a session: asked 49 contractions, "
        "allowed at most 30 in a first session; nearest 547 s"
    )
    again = asked(PatientRegister(), duration_us=547 * S)
    assert isinstance(again, AcceptedPrescription)


def test_what_motor_sessions_took_today_counts_in_a_first_one() -> None:
    register = PatientRegister(now=lambda: TimeOfDay(100 * DAY_US, 100, trusted=True))
    today = replace(a_session(register.now(), session="0001-001"), finished=False)
    register.take_session("P-1", replace(today, elapsed_us=200 * S))
    found = asked(register)
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.duration_us == 347 * S


def test_on_call_as_many_may_begin_as_the_session_has_left() -> None:
    found = asked(PatientRegister(), on_call=True)
    assert isinstance(found, AcceptedPrescription)
    assert found.bounds.contractions_left == 30
    register = PatientRegister(now=lambda: TimeOfDay(100 * DAY_US, 100, trusted=True))
    today = replace(a_session(register.now(), session="0001-001"), finished=False)
    register.take_session("P-1", replace(today, elapsed_us=200 * S))
    found = asked(register, on_call=True)
    assert isinstance(found, AcceptedPrescription)
    assert found.bounds.contractions_left == 19  # 200 s hold 10 and the beginning of one
    treatment = Treatment(
        found.prescription, 2, subject=found.subject, patient="P-1", bounds=found.bounds
    )
    assert treatment.plan.sections[0].most == 19
    assert treatment.plan.on_times == 15  # by cycle, each rest with its time for a call


def called_today(contractions: int, elapsed_us: int = 200 * S) -> PatientRegister:
    """Return the records of a patient who had a session on call today, in 200 s 10 by cycle."""
    register = PatientRegister(now=lambda: TimeOfDay(100 * DAY_US, 100, trusted=True))
    today = replace(a_session(register.now(), session="0001-001"), finished=False)
    today = replace(today, elapsed_us=elapsed_us, contractions=contractions)
    register.take_session("P-1", today)
    return register


@pytest.mark.parametrize(("contractions", "left"), [(0, 30), (4, 26), (25, 5)])
def test_of_an_earlier_session_on_call_its_contractions_count(contractions: int, left: int) -> None:
    """Hazard: short calls give more contractions than the minutes hold by cycle: 30 become 49."""
    found = asked(called_today(contractions), on_call=True)
    assert isinstance(found, AcceptedPrescription)
    assert found.bounds.contractions_left == left
    assert found.prescription.duration_us == 547 * S


def test_after_a_session_on_call_the_rest_by_cycle_is_as_short_as_its_contractions_leave() -> None:
    found = asked(called_today(25))
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.duration_us == 91 * S  # 5 cycles of 18.25 s
    refusal = asked(called_today(25), duration_us=200 * S)
    assert isinstance(refusal, Refusal)
    assert said(refusal).text() == (
        "contractions in a session: asked 36 contractions, "
        "allowed at most 30 in a first session; nearest 91 s"
    )


def test_after_all_were_called_there_are_no_more_today() -> None:
    for on_call in (True, False):
        refusal = asked(called_today(30), on_call=on_call)
        assert isinstance(refusal, Refusal)
        assert said(refusal).nearest == "from tomorrow on"


def test_contractions_that_were_called_before_a_trip_count_in_what_continues() -> None:
    before = asked(PatientRegister(), on_call=True)
    assert isinstance(before, AcceptedPrescription)
    left = InterruptedSession(
        "P-1",
        before.prescription,
        before.wanted,
        at(100.5).monotonic_us,
        sessions=("0001-001",),
        given_us=200 * S,
        planned_us=547 * S,
        contractions=28,
    )
    found = asked(PatientRegister(), left, on_call=True)
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.duration_us == 347 * S
    assert found.bounds.contractions_left == 2
    none_left = asked(PatientRegister(), replace(left, contractions=30), on_call=True)
    assert isinstance(none_left, Refusal)
    assert said(none_left).text() == (
        "contractions in a session: asked 31 contractions, "
        "allowed at most 30 in a first session; nearest from tomorrow on"
    )


def test_without_a_call_the_minutes_hold_the_number() -> None:
    found = asked(PatientRegister())
    assert isinstance(found, AcceptedPrescription)
    assert found.bounds.contractions_left is None


def test_a_test_load_has_the_whole_programme() -> None:
    load = Prescribe(programme=NAME, subject=Subject.TEST_LOAD)
    found = prescribe(load, PatientRegister(), known(), (1, 2))
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.duration_us == 900 * S
