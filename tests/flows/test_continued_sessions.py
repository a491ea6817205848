"""After a harmless trip the same treatment of the same patient continues: it stays one session."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.control.pages.missing import missing_of
from appliance.control.treatment import raise_back
from appliance.core.prescription import sessions_per_patient
from appliance.core.prescription.sessions_per_patient import GivenSession, TimeOfDay, joined
from appliance.core.refusal import Refusal
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    HoldRise,
    MarkFelt,
    Prescribe,
    RepeatLast,
    Resume,
    Start,
    Stop,
)
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister
from tests.flows.test_patients import refusal
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact
from tests.support.complete_file import PAD_SET
from tests.support.one_patient import refused
from tests.support.regular_patient import DAY_US, a_session, regular_patient

TENS, STRENGTH = "conventional-tens", "nmes-strengthening"
MINUTE_US = 60_000_000
pytestmark = [
    pytest.mark.proves("courses", "close-out", "raise-back"),
    pytest.mark.usefixtures("short"),
]


@pytest.fixture(name="short")
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two seconds count as a session given."""
    monkeypatch.setattr(sessions_per_patient, "GIVEN_FROM_US", 2_000_000)


def request(patient: str, programme: str = TENS, **asked: Any) -> Prescribe:
    """Return a request that says all of itself: no fact is added to the file."""
    return Prescribe(
        programme=programme,
        subject=Subject.PATIENT,
        patient=patient,
        channels=(1,),
        side="left",
        **{"pad_set": PAD_SET, "tap_ua": 1_000, **asked},
    )


def treat(clinic: Clinic, programme: str = TENS, level_ua: int = 5_000) -> str:
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(programme, level_ua=level_ua, channels=(1,), patient=patient)
    clinic.wait(4_500)
    return patient


def trip(clinic: Clinic, fault: str = "lead-off:1") -> None:
    clinic.board.fault_set(fault)
    clinic.trip()
    clinic.board.fault_clear(fault)
    clinic.wait(300)
    assert not isinstance(clinic.acknowledge(), Refused)
    clinic.until("Ready")
    clinic.wait(100)


def proceed(clinic: Clinic, asked: Prescribe | RepeatLast) -> None:
    """Prescribe, squeeze, check contact and start; no fact is recorded."""
    clinic.do(asked)
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("Delivering")
    clinic.wait(100)


def end(clinic: Clinic) -> None:
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.wait(100)


def given(clinic: Clinic, patient: str) -> tuple[GivenSession, ...]:
    """Return the sessions of the clinic itself."""
    every = clinic.engine.loop._dispatcher.register.given(patient)
    return tuple(session for session in every if session.session)


@pytest.mark.parametrize("programme", [TENS, STRENGTH])
def test_after_a_lead_came_off_the_same_treatment_goes_on_without_a_new_fact(
    clinic: Clinic, programme: str
) -> None:
    patient = treat(clinic, programme)
    trip(clinic)
    proceed(clinic, request(patient, programme))
    assert clinic.channel(1).raise_back_to_ua == 4_000
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(1_500)
    assert clinic.channel(1).level_ua > 0


def test_a_chain_of_trips_is_one_session_in_minutes_and_in_the_records(
    clinic: Clinic, tmp_path: Path
) -> None:
    """Hazard: each part counts as a session, or its minutes are given again after each trip."""
    patient = treat(clinic)
    planned_us = clinic.view.remaining_us
    for _ in range(2):
        trip(clinic)
        proceed(clinic, request(patient))
        clinic.raise_to(3_000)
        clinic.wait(2_500)
    assert clinic.view.remaining_us < planned_us - 5_000_000
    end(clinic)
    parts = given(clinic, patient)
    first = parts[0].session
    assert [part.continues for part in parts] == ["", first, first]
    (whole,) = joined(parts)
    assert whole.elapsed_us == sum(part.elapsed_us for part in parts) > 8_000_000
    assert (whole.session, whole.ended_us) == (first, parts[2].ended_us)
    register = clinic.engine.loop._dispatcher.register
    read = PatientRegister.load(clinic.data, "virtual", register.now).given(patient)
    assert [part.continues for part in read] == ["", first, first]
    held = clinic.engine.loop._facts.files.of(patient).close_outs
    assert [each.holds_up != () for each in held.by_session.values()] == [True] * 3
    clinic.wait(60)
    assert clinic.view.close_out is not None
    assert clinic.view.close_out.session == parts[2].session, "what ended last is asked first"
    page = clinic.link.query(f"close_out:{parts[2].session}")
    assert isinstance(page, Page)
    wanted = [{"session": part.session, "open": True} for part in parts]
    assert page.rows[0]["parts"] == wanted
    again = refusal(clinic, request(patient))
    assert (again.limit, again.asked) == ("session of the day", "0 min after the last one")


@pytest.mark.parametrize(
    "what", ["stopped", "e-stop", "pain", "another patient", "another programme", "later"]
)
def test_anything_else_is_a_new_session_with_every_rule(
    clinic: Clinic, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = treat(clinic)
    if what == "pain":
        clinic.do(MarkFelt(channel=1, felt="pain"))
        clinic.until("Paused")
        clinic.wait(100)
        clinic.do(Resume())
        clinic.until("Delivering")
        clinic.raise_to(3_000)
        clinic.wait(3_500)
    if what == "stopped":
        end(clinic)
    elif what == "e-stop":
        trip(clinic, "estop")
    else:
        trip(clinic)
    asked = request(patient)
    if what == "another patient":
        clinic.prescribe(channels=(1,), squeezed=False)
    if what == "another programme":
        asked = request(patient, "modulated-tens")
        clinic.with_file(asked)
    if what == "later":
        monkeypatch.setattr(raise_back, "RAISE_BACK_WITHIN_US", 200_000)
    assert refusal(clinic, asked).limit == "session of the day"


@pytest.mark.parametrize("step", ["contact check", "start"])
def test_a_continuation_that_is_started_too_late_is_refused(
    clinic: Clinic, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = treat(clinic)
    trip(clinic)
    clinic.do(request(patient))
    clinic.squeeze()
    if step == "start":
        clinic.do(CheckContact())
        clinic.until("Armed")
    monkeypatch.setattr(raise_back, "RAISE_BACK_WITHIN_US", 200_000)
    late = refused(clinic, Start() if step == "start" else CheckContact())
    assert late[0] == "refusal.close_out"


def test_after_a_restart_nothing_is_continued(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        clinic.unlock()
        clinic.treat(level_ua=3_000, channels=(1,), patient="P-1")
        clinic.wait(2_500)
        trip(clinic)
    with open_clinic(tmp_path / "second", data=data, after_us=MINUTE_US) as clinic:
        clinic.unlock()
        clinic.with_file(request("P-1"))
        assert refusal(clinic, request("P-1")).limit == "session of the day"


def test_the_hand_switch_is_proven_again_even_where_its_squeeze_was_the_trip(
    clinic: Clinic,
) -> None:
    patient = treat(clinic)
    trip(clinic, "hand-switch")
    clinic.do(request(patient))
    assert refused(clinic, CheckContact())[0] == "refusal.hand_switch"


def test_a_trip_of_its_contact_check_leaves_it_the_same_session(clinic: Clinic) -> None:
    patient = treat(clinic)
    trip(clinic)
    clinic.do(request(patient))
    clinic.squeeze()
    clinic.do(CheckContact())
    trip(clinic, "hand-switch")
    proceed(clinic, request(patient))
    end(clinic)
    (first,) = given(clinic, patient)
    assert clinic.events("session_opened")[0]["continues"] == first.session


def test_a_trip_of_a_contact_check_after_a_session_that_was_stopped_continues_nothing(
    clinic: Clinic,
) -> None:
    """Hazard: a session that ended as planned goes on because a later contact check tripped."""
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(level_ua=1_000, channels=(1,), patient=patient)
    end(clinic)
    clinic.close_out()
    clinic.prescribe(channels=(1,), patient=patient)
    clinic.do(CheckContact())
    trip(clinic, "hand-switch")
    left = clinic.engine.loop.state.setup.interrupted
    assert left is not None
    assert left.sessions == ()


def test_pads_that_came_off_or_were_replaced_are_closed_out_first(clinic: Clinic) -> None:
    """It is one session still, but skin that could be seen is looked at before more current."""
    patient = treat(clinic)
    trip(clinic)
    (session,) = clinic.engine.loop._facts.files.of(patient).close_outs.by_session
    label: dict[str, Any] = {"material": "hydrogel A", "width_mm": 50, "height_mm": 90, "pads": 4}
    clinic.do(fact("pad_set_labelled", patient, pad_set="B", **label))
    clinic.do(request(patient, pad_set="B"))
    clinic.squeeze()
    assert refused(clinic, CheckContact())[0] == "refusal.close_out"
    clinic.do(fact("pads_removed", patient, session=session))
    clinic.do(request(patient))
    clinic.squeeze()
    assert refused(clinic, CheckContact())[0] == "refusal.close_out"
    clinic.close_out()
    assert refused(clinic, CheckContact())[0] in {"refusal.pad_set", "refusal.skin"}
    clinic.arm(channels=(1,), patient=patient, side="left")


def test_minutes_are_those_left_and_more_than_one_session_has_is_refused(
    clinic: Clinic,
) -> None:
    patient = treat(clinic)
    planned_us = clinic.view.remaining_us
    trip(clinic)
    assert refused(clinic, request(patient, duration_us=60 * MINUTE_US))[0] == "refusal.session"
    (elapsed_us,) = (part.elapsed_us for part in given(clinic, patient))
    most_us = 60 * MINUTE_US - elapsed_us
    assert refused(clinic, request(patient, duration_us=most_us + 1))[0] == "refusal.session"
    clinic.do(request(patient, duration_us=most_us))
    clinic.do(RepeatLast(patient=patient))
    clinic.wait(60)
    assert clinic.view.remaining_us <= planned_us
    proceed(clinic, RepeatLast(patient=patient))
    clinic.raise_to(1_000)
    end(clinic)
    assert [part.continues != "" for part in given(clinic, patient)] == [False, True]


def test_the_page_of_what_is_missing_lets_it_continue_and_a_new_session_not(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = treat(clinic)
    trip(clinic)
    wanted = f"{patient}:{TENS}:lower_back:left"
    known = clinic.engine.loop._dispatcher._known()
    rest = clinic.engine.loop._unit.known()
    found = missing_of(wanted, known, rest)
    assert not isinstance(found, Refusal)
    assert [finding.rule for finding in found if finding.consequence.blocks] == []
    monkeypatch.setattr(raise_back, "RAISE_BACK_WITHIN_US", 200_000)
    new = missing_of(wanted, known, rest)
    assert not isinstance(new, Refusal)
    rules = {finding.rule for finding in new if finding.consequence.blocks}
    assert {"refusal.close_out", "refusal.session_of_the_day"} <= rules


def test_who_is_left_after_a_trip_has_a_first_session_still(clinic: Clinic) -> None:
    """Hazard: the first motor session trips, and its continuation may be left."""
    clinic.unlock()
    clinic.treat("relaxation-twitch", level_ua=2_000, channels=(1,), patient="P-1")
    clinic.wait(2_500)
    trip(clinic)
    register = clinic.engine.loop._dispatcher.register
    long = tuple(replace(part, elapsed_us=5 * MINUTE_US) for part in register.given("P-1"))
    register._given["P-1"] = long
    region = long[0].region
    proceed(clinic, request("P-1", "relaxation-twitch", region=region))
    presence = clinic.engine.loop._dispatcher.presence
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    assert presence._judge_first(treatment)


def test_what_lifts_a_later_limit_is_the_level_and_the_day_of_the_last_part() -> None:
    now = TimeOfDay(100 * DAY_US, 100, trusted=True)
    first = replace(a_session(now, 1, session="0001-001"), finished=False)
    last = a_session(now, 0, session="0001-002")
    last = replace(last, continues="0001-001", comfortable_ua=7_000)
    (whole,) = joined((first, last))
    assert (whole.comfortable_ua, whole.day, whole.finished) == (7_000, last.day, True)
    assert whole.elapsed_us == first.elapsed_us + last.elapsed_us
    assert joined((first, replace(last, continues=""))) == [first, replace(last, continues="")]


@pytest.mark.parametrize("harm", [False, True])
def test_screens_are_told_that_the_session_may_be_continued(clinic: Clinic, harm: bool) -> None:
    """From the trip on, until it is harm or too late; an e-stop never offers it."""
    patient = treat(clinic)
    before = clinic.view
    assert before.interrupted is None
    planned_us = before.remaining_us
    clinic.board.fault_set("hand-switch")
    clinic.trip()
    clinic.wait(60)
    offered = clinic.view.interrupted
    assert offered is not None
    assert (offered.patient, offered.programme) == (patient, TENS)
    assert abs(offered.left_us - planned_us) < 1_000_000
    if harm:
        clinic.do(MarkFelt(channel=1, felt="pain"))
    clinic.board.fault_clear("hand-switch")
    clinic.wait(300)
    assert not isinstance(clinic.acknowledge(), Refused)
    clinic.until("Ready")
    clinic.wait(60)
    after = clinic.view.interrupted
    assert (after is None) == harm
    if after is not None:
        assert after.left_us == offered.left_us
        assert after.for_us < offered.for_us


def test_an_emergency_stop_offers_no_way_on(clinic: Clinic) -> None:
    treat(clinic)
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.wait(60)
    assert clinic.view.interrupted is None
