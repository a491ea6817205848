"""After an interruption a held key raises back, where it is known that nothing hurt."""

from pathlib import Path
from typing import Any

import pytest

from appliance.control.treatment.raise_back import HARMLESS, InterruptedSession
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    HoldRise,
    MarkFelt,
    Pause,
    RecordFact,
    Resume,
    Start,
    Stop,
)
from appliance.messages.replies import Refused
from appliance.safety.trips.codes import TripCode
from tests.flows.test_patients import refusal
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, register
from tests.support.regular_patient import regular_patient

pytestmark = pytest.mark.proves("raise-back")


def keep(clinic: Clinic, level_ua: int = 10_000) -> str:
    """Treat a patient until a level was kept; return the pseudonym."""
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(level_ua=level_ua, channels=(1,), patient=patient)
    clinic.wait(3_500)
    assert clinic.channel(1).comfortable_ua == level_ua
    assert clinic.channel(1).raise_back_to_ua is None
    return patient


def pause(clinic: Clinic) -> None:
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(60)


def resume(clinic: Clinic) -> None:
    clinic.do(Resume())
    clinic.until("Delivering")
    clinic.wait(100)


def hold(clinic: Clinic, milliseconds: int) -> int:
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(milliseconds)
    return clinic.channel(1).level_ua


def again(clinic: Clinic, patient: str, **asked: Any) -> int | None:
    """Prescribe and start the same once more; return where raising back would end."""
    clinic.until("Ready")
    clinic.wait(100)
    clinic.start(**{"channels": (1,), "patient": patient, **asked})
    clinic.until("Delivering")
    clinic.wait(100)
    assert clinic.channel(1).level_ua == 0
    return clinic.channel(1).raise_back_to_ua


def tripped(clinic: Clinic, fault: str) -> str:
    clinic.board.fault_set(fault)
    code = clinic.trip()
    clinic.board.fault_clear(fault)
    clinic.wait(300)
    assert not isinstance(clinic.acknowledge(), Refused)
    return code


def test_after_a_pause_the_held_key_ends_at_80_percent_of_what_was_comfortable(
    clinic: Clinic,
) -> None:
    keep(clinic)
    pause(clinic)
    assert clinic.channel(1).raise_back_to_ua == 8_000
    resume(clinic)
    assert clinic.channel(1).level_ua == 0
    assert hold(clinic, 4_000) == 8_000
    assert clinic.channel(1).raise_back_to_ua is None
    clinic.wait(1_000)
    assert clinic.channel(1).level_ua == 8_000


@pytest.mark.parametrize(
    ("fault", "code"), [("hand-switch", "T02"), ("lead-off:1", "T06"), ("screen", "T27")]
)
def test_after_a_hand_switch_a_loose_lead_or_a_silent_screen_the_next_start_offers_it(
    clinic: Clinic, fault: str, code: str
) -> None:
    patient = keep(clinic)
    if fault == "screen":
        clinic.watching = False
        clinic.until("Tripped")
        clinic.watching = True
        clinic.wait(200)
        assert not isinstance(clinic.acknowledge(), Refused)
    else:
        assert tripped(clinic, fault) == code
    assert again(clinic, patient) == 8_000
    assert hold(clinic, 4_000) == 8_000


@pytest.mark.parametrize("fault", ["estop", "phase-mismatch:1=20", "short:1"])
def test_after_an_estop_a_short_or_a_level_nobody_can_account_for_it_is_not_offered(
    clinic: Clinic, fault: str
) -> None:
    patient = keep(clinic)
    assert tripped(clinic, fault) not in {"T02", "T06", "T27"}
    clinic.until("Ready", "Locked")
    if clinic.state == "Ready":
        assert again(clinic, patient) is None


def test_it_is_offered_after_five_trips_and_no_other() -> None:
    """Over-current, set against measured, a short, an e-stop: something may have hurt."""
    assert {code.value for code in HARMLESS} == {"T02", "T06", "T08", "T09", "T27"}
    assert TripCode.SET_AGAINST_MEASURED not in HARMLESS


@pytest.mark.parametrize("what", ["stopped", "another patient", "another current", "later"])
def test_it_is_for_the_same_patient_and_current_within_10_minutes(
    clinic: Clinic, what: str
) -> None:
    patient = keep(clinic)
    if what == "stopped":
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.do(CloseSession())
        assert again(clinic, patient) is None
        return
    tripped(clinic, "hand-switch")
    clinic.until("Ready")
    if what == "another patient":
        assert again(clinic, regular_patient(clinic.engine.loop._dispatcher.register)) is None
        return
    if what == "later":
        left = clinic.engine.loop.state.setup.interrupted
        assert isinstance(left, InterruptedSession)
        asked = (patient, left.prescription, left.wanted)
        assert left.holds_for(*asked, left.ended_us + 600_000_000)
        assert not left.holds_for(*asked, left.ended_us + 600_000_001)
        return
    clinic.start("modulated-tens", channels=(1,), patient=patient)
    assert clinic.channel(1).raise_back_to_ua is None


@pytest.mark.parametrize("harm", ["pain", "burning", "faintness"])
def test_harm_pauses_at_once_and_nothing_is_raised_back(clinic: Clinic, harm: str) -> None:
    """Hazard: the key climbs back to what hurt."""
    keep(clinic)
    clinic.do(MarkFelt(channel=1, felt=harm))  # type: ignore[arg-type]
    clinic.until("Paused")
    clinic.wait(60)
    assert clinic.channel(1).raise_back_to_ua is None
    mark = clinic.events("felt")[-1]
    assert (mark["felt"], mark["level_ua"]) == (harm, 10_000)
    assert clinic.events("stop")[-1]["cause"] == harm
    if harm != "pain":  # the session ends there
        return
    resume(clinic)
    assert refusal(clinic, HoldRise(channel=1, pressed=True)).allowed == "up to 0 mA"


def test_harm_that_is_told_in_the_pause_takes_the_offer_back(clinic: Clinic) -> None:
    keep(clinic)
    pause(clinic)
    clinic.do(MarkFelt(channel=1, felt="faintness"))
    clinic.wait(60)
    assert clinic.state == "Paused"
    assert clinic.channel(1).raise_back_to_ua is None


def test_harm_pauses_whatever_its_sender_saw_last_and_without_room_in_the_journal(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(clinic)
    monkeypatch.setattr(clinic.engine.loop._journal, "note", lambda *_, **__: 0)
    answer = clinic.link.ask(MarkFelt(channel=2, felt="pain"))
    assert isinstance(answer, Refused)  # the channel is not treated
    clinic.until("Paused")


def test_too_strong_takes_the_offer_back_until_a_level_was_kept_again(clinic: Clinic) -> None:
    keep(clinic)
    clinic.do(MarkFelt(channel=1, felt="too_strong"))
    pause(clinic)
    assert clinic.channel(1).raise_back_to_ua is None
    resume(clinic)
    clinic.raise_to(4_000)
    clinic.wait(3_500)
    pause(clinic)
    assert clinic.channel(1).raise_back_to_ua == 3_200


def test_harm_before_a_trip_is_not_forgotten_by_it(clinic: Clinic) -> None:
    patient = keep(clinic)
    clinic.do(MarkFelt(channel=1, felt="pain"))
    clinic.until("Paused")
    resume(clinic)
    tripped(clinic, "hand-switch")
    assert again(clinic, patient) is None


@pytest.mark.proves("level-rules")
def test_any_other_command_ends_a_held_key(clinic: Clinic) -> None:
    keep(clinic)
    pause(clinic)
    resume(clinic)
    risen_ua = hold(clinic, 1_500)
    assert 0 < risen_ua < 8_000
    clinic.link.ask(RecordFact(kind="nothing", values={}))
    clinic.wait(1_000)
    assert clinic.channel(1).level_ua <= risen_ua + 200


def test_a_start_after_a_restart_offers_nothing(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "first", data=tmp_path / "data") as clinic:
        patient = keep(clinic)
        clinic.board.fault_set("hand-switch")
        clinic.trip()
    with open_clinic(tmp_path / "second", data=tmp_path / "data", after_us=60_000_000) as clinic:
        clinic.arm(channels=(1,), patient=patient)
        clinic.do(Start())
        clinic.until("Delivering")
        assert clinic.channel(1).raise_back_to_ua is None


def test_a_contact_check_that_fails_first_leaves_no_offer_standing(clinic: Clinic) -> None:
    """What was comfortable before belongs to the prescription that continues it, once."""
    patient = keep(clinic)
    tripped(clinic, "hand-switch")
    clinic.until("Ready")
    clinic.close_out()
    clinic.prescribe(channels=(1,), patient=patient)
    clinic.do(CheckContact())
    clinic.board.fault_set("hand-switch")
    clinic.trip()
    clinic.board.fault_clear("hand-switch")
    clinic.wait(300)
    clinic.acknowledge()
    assert again(clinic, patient) is None


@pytest.mark.parametrize(("because", "offered"), [("pain", None), ("contact", 8_000)])
def test_a_close_out_that_says_what_hurt_takes_the_offer_back(
    clinic: Clinic, because: str, offered: int | None
) -> None:
    clinic.unlock()
    patient = register(clinic)
    register_of_patients = clinic.engine.loop._dispatcher.register
    for given in register_of_patients.given(regular_patient(register_of_patients)):
        register_of_patients.take_session(patient, given)
    left: dict[str, Any] = {"channels": (), "side": "left"}
    clinic.treat(level_ua=10_000, patient=patient, **left)
    clinic.wait(3_500)
    session = clinic.view.session
    tripped(clinic, "hand-switch")
    clinic.close_out()
    clinic.do(fact("stop_explained", patient, session=session, because=because))
    assert again(clinic, patient, **left) == offered
