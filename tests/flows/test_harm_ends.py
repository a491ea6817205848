"""Burning, faintness and hurt skin end a session, whenever they are told: it is not resumed."""

from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.closing.facts import HarmTold
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Lock,
    MarkFelt,
    Pause,
    Resume,
    Stop,
)
from appliance.messages.replies import Refused
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.flows.test_patients import refusal
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact
from tests.support.regular_patient import regular_patient

pytestmark = pytest.mark.proves("raise-back")
ENDING = ["burning", "faintness"]


def treat(clinic: Clinic) -> str:
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(level_ua=5_000, channels=(1,), patient=patient)
    return patient


def mark(clinic: Clinic, felt: Any) -> Refused | None:
    answer = clinic.link.ask(MarkFelt(channel=1, felt=felt))
    return answer if isinstance(answer, Refused) else None


def ends_only(clinic: Clinic, harm: str) -> None:
    """Check that the open session is refused current, says so, and can be ended."""
    clinic.until("Paused")
    clinic.wait(60)
    assert not clinic.view.resumable
    said = refusal(clinic, Resume())
    assert (said.limit, said.asked, said.nearest) == ("felt", harm, "end the session first")
    clinic.wait(200)
    assert clinic.state == "Paused"
    clinic.do(Stop())
    clinic.until("Finished")


@pytest.mark.parametrize("harm", ENDING)
@pytest.mark.parametrize("paused_first", [False, True])
def test_a_session_is_not_resumed_after_it(
    clinic: Clinic, harm: str, *, paused_first: bool
) -> None:
    """Hazard: current again on skin that burns, or into somebody who faints."""
    treat(clinic)
    if paused_first:
        clinic.do(Pause())
        clinic.until("Paused")
        clinic.wait(60)
        assert clinic.view.resumable
    assert mark(clinic, harm) is None
    ends_only(clinic, harm)
    clinic.do(CloseSession())
    clinic.wait(100)
    assert clinic.view.interrupted is None
    assert clinic.view.close_out is not None  # skin is looked at before anything else


def test_one_that_the_records_did_not_take_ends_it_too(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    treat(clinic)
    with monkeypatch.context() as full:
        full.setattr(clinic.engine.loop._journal, "note", lambda *_, **__: 0)
        assert mark(clinic, "burning") is not None
    ends_only(clinic, "burning")


def test_pain_goes_on_from_zero(clinic: Clinic) -> None:
    """On purpose (0039): only raising back is gone."""
    treat(clinic)
    assert mark(clinic, "pain") is None
    clinic.until("Paused")
    clinic.wait(60)
    assert clinic.view.resumable
    clinic.do(Resume())
    clinic.until("Delivering")


@pytest.mark.parametrize("because", ["skin", "burning", "faintness"])
def test_so_does_what_is_said_of_the_stop_in_the_pause(clinic: Clinic, because: str) -> None:
    patient = treat(clinic)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(fact("stop_explained", patient, session=clinic.view.session, because=because))
    ends_only(clinic, because)


def test_neither_a_lock_nor_a_restart_takes_it_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        treat(clinic)
        assert mark(clinic, "burning") is None
        clinic.until("Paused")
        clinic.link.ask(Lock())
        clinic.wait(60)
        assert isinstance(clinic.link.ask(Resume()), Refused)
    with open_clinic(tmp_path / "second", data=data, after_us=60_000_000) as clinic:
        clinic.unlock()
        assert clinic.view.interrupted is None
        assert isinstance(clinic.link.ask(Resume()), Refused)
        assert clinic.view.resumable  # nothing is open that could be


# --- the session after it ---------------------------------------------------------------------


def end(clinic: Clinic) -> None:
    clinic.until("Paused")
    clinic.wait(60)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.wait(200)


@pytest.mark.parametrize("harm", ENDING)
def test_a_clinician_looks_before_the_next_session_however_short_the_one_before(
    clinic: Clinic, harm: str
) -> None:
    """Hazard: burnt skin gets current again at once, for a session of seconds counts as none."""
    patient = treat(clinic)
    assert mark(clinic, harm) is None
    clinic.until("Paused")
    review = fact("harm_reviewed", patient, reason="skin looked at, pads moved")
    assert refusal(clinic, review).allowed == "once the session has ended"
    end(clinic)
    clinic.close_out()
    clinic.prescribe(patient=patient, channels=(1,))
    said = refusal(clinic, CheckContact())
    assert (said.limit, said.asked) == ("harm told in a session", f"{harm} in an earlier session")
    assert refusal(clinic, fact("harm_reviewed", patient, reason="")).limit == "reason"
    clinic.do(review)
    clinic.do(CheckContact())
    clinic.until("Armed")
    assert refusal(clinic, review).asked == "a look after harm"


def test_it_waits_after_a_trip_as_well(clinic: Clinic) -> None:
    patient = treat(clinic)
    clinic.board.fault_set("lead-off:1")
    clinic.trip()
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(300)
    for _ in range(2):  # told twice, noted once
        assert mark(clinic, "burning") is None
    clinic.acknowledge()
    clinic.until("Ready")
    clinic.close_out()
    clinic.prescribe(patient=patient, channels=(1,))
    assert refusal(clinic, CheckContact()).limit == "harm told in a session"
    with open_read_only(clinic.data) as db:
        told = [each.fact for each in read_facts(db) if isinstance(each.fact, HarmTold)]
    assert [(each.because, each.session) for each in told] == [("burning", "0001-001")]


def test_what_the_close_out_says_once_more_is_not_asked_again(clinic: Clinic) -> None:
    patient = treat(clinic)
    assert mark(clinic, "burning") is None
    end(clinic)
    session = clinic.last().summary.id
    clinic.close_out()
    clinic.do(fact("harm_reviewed", patient, reason="skin clear"))
    clinic.do(fact("stop_explained", patient, session=session, because="burning"))
    clinic.prescribe(patient=patient, channels=(1,))
    clinic.do(CheckContact())
    clinic.until("Armed")


def test_pain_asks_for_nothing_before_the_next_session(clinic: Clinic) -> None:
    patient = treat(clinic)
    assert mark(clinic, "pain") is None
    end(clinic)
    clinic.close_out()
    clinic.prescribe(patient=patient, channels=(1,))
    clinic.do(CheckContact())
    clinic.until("Armed")


def test_nobody_records_by_hand_that_harm_was_told(clinic: Clinic) -> None:
    patient = treat(clinic)
    asked = refusal(clinic, fact("harm_told", patient, session="0001-001", because="burning"))
    assert asked.limit == "fact"
