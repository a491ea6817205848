"""Somebody is with the patient: asked after 2 min, paused after 3, and left only by rule."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.clinical.pre_use import hand_switch
from appliance.link.roles import Role
from appliance.messages.actions import (
    Action,
    CheckContact,
    Fall,
    LeavePatient,
    MarkFelt,
    Pause,
    Resume,
    Rise,
    Start,
    Stop,
    Touched,
)
from appliance.messages.replies import Event, Reply
from appliance.messages.snapshot import PresenceView
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, refusal
from tests.support.people import KIM, LEA, SAM, leave_untouched, sign_in, sit_down, staff

pytestmark = pytest.mark.proves("attended")

S = 1_000_000


def treated(clinic: Clinic, programme: str = "conventional-tens", **asked: Any) -> None:
    """Treat a regular patient at a kiosk where an operator is signed in."""
    staff(clinic, KIM, SAM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    clinic.treat(programme, level_ua=3_000, **asked)


def steady(clinic: Clinic) -> None:
    """Let the levels have been left alone for a minute."""
    clinic.wait(100)
    followed = clinic.engine.loop._dispatcher.presence._steady
    followed._since_us = clinic.now_us - 60 * S


def left_for(clinic: Clinic, seconds: int) -> None:
    people = clinic.engine.loop._people
    signed_in = people.signed_in
    assert signed_in is not None
    assert signed_in.left_at_us is not None
    people._show(replace(signed_in, left_at_us=clinic.now_us - seconds * S))
    clinic.wait(100)


def presence(clinic: Clinic) -> PresenceView:
    clinic.wait(60)
    shown = clinic.view.presence
    assert shown is not None
    return shown


def asked_of(clinic: Clinic) -> list[str]:
    return [str(each["asked"]) for each in clinic.events("attendance")]


def sounds(clinic: Clinic) -> bool:
    """Tell whether the buzzer is heard within a second."""
    heard = False
    for _ in range(100):
        clinic.tick()
        lamps: Any = clinic.board.status()["lamps"]
        heard = heard or lamps["buzzer"]
    return heard


def why_paused(clinic: Clinic) -> str:
    """Return the key of why it is paused where no person paused it."""
    because = clinic.view.paused_because
    return "" if because is None else because.key


def test_after_2_min_without_a_touch_the_unit_asks_aloud_and_a_touch_answers(
    clinic: Clinic,
) -> None:
    treated(clinic)
    assert presence(clinic).attendance == "with_patient"
    assert 118 * S < presence(clinic).locks_in_us <= 120 * S
    assert not sounds(clinic)
    leave_untouched(clinic, 120)
    shown = presence(clinic)
    assert (shown.attendance, shown.locks_in_us, shown.asks_in_us) == ("are_you_there", 0, None)
    assert shown.pauses_in_us is not None
    assert 58 * S < shown.pauses_in_us < 60 * S
    assert sounds(clinic)
    clinic.do(Touched())
    assert presence(clinic).attendance == "with_patient"
    assert not sounds(clinic)
    assert refusal(clinic, Rise(channel=1)).limit == "sign-in", "plus waits for the PIN"
    sign_in(clinic, KIM)
    clinic.do(Rise(channel=1))
    assert asked_of(clinic) == ["with_patient", "are_you_there", "with_patient"]


def test_who_does_not_answer_for_a_minute_pauses_the_session(clinic: Clinic) -> None:
    """Hazard: a person alone with current, for as long as the programme lasts."""
    treated(clinic)
    leave_untouched(clinic, 120)
    leave_untouched(clinic, 59)
    assert clinic.state == "Delivering"
    leave_untouched(clinic, 1)
    clinic.until("Paused")
    assert clinic.channel(1).level_ua == 0
    (stop,) = clinic.events("stop")
    assert (stop["cause"], stop["channels"][0]["level_ua"]) == ("nobody_there", 3_000)
    assert stop["time_to_zero_us"] <= 450_000
    assert asked_of(clinic)[-1] == "pause"
    assert presence(clinic).attendance == "", "nothing plays: nothing is asked"
    assert why_paused(clinic) == "ended.nobody_there", "whoever comes back reads it"
    assert refusal(clinic, Resume()).limit == "sign-in"
    sign_in(clinic, KIM)
    clinic.do(Resume())
    clinic.until("Delivering")
    assert why_paused(clinic) == ""
    clinic.do(Pause())
    clinic.until("Paused")
    assert why_paused(clinic) == "", "a person paused it"
    clinic.do(Resume())
    clinic.until("Delivering")
    assert presence(clinic).attendance == "with_patient"


def test_what_ends_or_lowers_is_open_while_the_unit_asks(clinic: Clinic) -> None:
    """Hazard: a stop, a minus or a mark of pain waits for a PIN."""
    treated(clinic)
    leave_untouched(clinic, 150)
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.do(MarkFelt(channel=2, felt="too_strong"))
    clinic.do(MarkFelt(channel=1, felt="pain"))
    clinic.until("Paused")
    assert clinic.events("stop")[0]["cause"] == "pain"
    clinic.do(Stop())
    clinic.until("Finished")


def test_a_wrong_first_feeling_stops_without_a_pin(clinic: Clinic) -> None:
    treated(clinic)
    patient = clinic.view.patient
    assert patient is not None
    leave_untouched(clinic, 150)
    mark = fact("first_feeling_marked", patient, channel=1, felt="burning")
    assert refusal(clinic, mark).limit == "sign-in"
    clinic.until("Finished")
    assert clinic.events("stop")[0]["cause"] == "first_feeling"


def test_the_question_comes_in_a_rest_and_pauses_there_too(clinic: Clinic) -> None:
    treated(clinic, "nmes-endurance", channels=(1,))
    clinic.until("Resting")
    leave_untouched(clinic, 180)
    clinic.until("Paused")
    assert clinic.events("stop")[0]["cause"] == "nobody_there"


def test_the_pause_comes_though_the_journal_has_no_room(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    treated(clinic)
    monkeypatch.setattr(clinic.engine.loop._journal, "note", lambda *_, **__: 0)
    leave_untouched(clinic, 180)
    clinic.until("Paused")


def test_a_colleague_who_takes_over_answers_the_question(clinic: Clinic) -> None:
    treated(clinic)
    leave_untouched(clinic, 150)
    assert presence(clinic).attendance == "are_you_there"
    sign_in(clinic, LEA)
    assert presence(clinic).attendance == "with_patient"
    assert clinic.view.operator == "lea"


# --- leaving the patient ---------------------------------------------------------------------


def test_a_patient_at_a_steady_level_is_left_for_15_min_then_looked_in_on(
    clinic: Clinic,
) -> None:
    treated(clinic)
    steady(clinic)
    assert presence(clinic).leave_refusal is None
    clinic.do(LeavePatient())
    shown = presence(clinic)
    assert (shown.attendance, shown.locks_in_us) == ("left", 0)
    assert refusal(clinic, Rise(channel=1)).limit == "sign-in", "the patient finds a locked screen"
    left_for(clinic, 890)
    assert presence(clinic).attendance == "left"
    assert not sounds(clinic)
    left_for(clinic, 900)
    assert presence(clinic).attendance == "look_in"
    assert sounds(clinic)
    clinic.do(Touched())
    assert presence(clinic).attendance == "look_in", "only the PIN says that somebody is back"
    sign_in(clinic, KIM)
    assert presence(clinic).attendance == "with_patient"
    assert asked_of(clinic) == ["with_patient", "left", "look_in", "with_patient"]


def test_a_patient_nobody_looks_in_on_is_paused(clinic: Clinic) -> None:
    treated(clinic)
    steady(clinic)
    clinic.do(LeavePatient())
    clinic.wait(60)
    left_for(clinic, 960)
    clinic.until("Paused")
    assert clinic.events("stop")[0]["cause"] == "nobody_there"


def leaving(clinic: Clinic) -> str:
    refused = refusal(clinic, LeavePatient())
    assert refused.limit == "leave patient"
    return refused.asked


def test_a_level_that_has_just_changed_keeps_the_operator_there(clinic: Clinic) -> None:
    treated(clinic)
    assert leaving(clinic).startswith("a level set ")
    steady(clinic)
    clinic.do(Fall(channel=2, step_ua=500))
    assert leaving(clinic).startswith("a level set ")
    steady(clinic)
    clinic.do(LeavePatient())


def test_the_first_session_on_the_neck_is_never_left(clinic: Clinic) -> None:
    treated(clinic, region="neck")
    patient = clinic.view.patient
    register = clinic.engine.loop._dispatcher.register
    assert patient is not None
    register._given[patient] = ()
    clinic.engine.loop._dispatcher.presence._first = (None, False)
    steady(clinic)
    assert leaving(clinic) == "the first session of its kind for this patient"
    assert presence(clinic).stays


def test_who_cannot_squeeze_is_never_left(clinic: Clinic) -> None:
    """Hazard: a patient alone with current and without a stop of their own."""
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    request = clinic.for_somebody(channels=(1, 2), tap_ua=1_000)
    assert request.patient is not None
    clinic.do(request)
    clinic.do(fact("squeeze_waived", request.patient, reason="no grip"))
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("Delivering")
    clinic.raise_to(2_000)
    steady(clinic)
    assert leaving(clinic) == "a hand switch that was not squeezed in this session"


def test_a_squeeze_of_before_the_start_counts_for_the_whole_session(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_switch, "PROVEN_FOR_US", 5 * S)  # 10 min take long to play
    treated(clinic)
    clinic.wait(5_000)
    steady(clinic)
    clinic.do(LeavePatient())


def test_contractions_are_counted_at_the_level_before_a_patient_is_left(clinic: Clinic) -> None:
    treated(clinic, "nmes-endurance", channels=(1,))
    clinic.until("Resting")
    for count in range(3):
        steady(clinic)
        assert leaving(clinic) == f"{count} contractions at this level"
        clinic.until("RampUp", "Delivering")
        clinic.until("Resting")
        clinic.do(Touched())
    steady(clinic)
    clinic.do(LeavePatient())


@pytest.mark.parametrize("ending", [Pause(), Stop()])
def test_nobody_is_left_while_nothing_plays(clinic: Clinic, ending: Action) -> None:
    treated(clinic)
    steady(clinic)
    clinic.do(ending)
    clinic.until("Paused", "Finished")
    assert leaving(clinic) == "a patient while nothing plays"


def test_leaving_needs_a_sign_in_of_this_screen(clinic: Clinic) -> None:
    treated(clinic)
    steady(clinic)
    clinic.link.token = ""
    assert refusal(clinic, LeavePatient()).limit == "sign-in"


# --- where nobody is asked -------------------------------------------------------------------


def test_without_operators_nobody_is_asked_and_nobody_leaves(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.wait(60)
    assert clinic.view.presence is None
    assert refusal(clinic, LeavePatient()).limit == "sign-in"


def test_a_test_load_is_left_alone(clinic: Clinic) -> None:
    for channel in (1, 2):
        clinic.board.fault_set(f"resistor:{channel}=1000")
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=2_000, subject=Subject.TEST_LOAD)
    leave_untouched(clinic, 300)
    assert presence(clinic).attendance == ""
    assert clinic.state == "Delivering"


def test_every_screen_is_told_what_is_asked(clinic: Clinic) -> None:
    treated(clinic)
    leave_untouched(clinic, 120)
    told = []
    while (message := clinic.link.next_message(0)) is not None:
        if isinstance(message, Event) and message.name == "attendance":
            told.append(message.facts["asked"])
    assert told[-1] == "are_you_there"
    assert isinstance(clinic.ask(Stop()), Reply)
    clinic.until("Finished")
