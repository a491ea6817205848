"""However a session of a patient ends, its close-out is opened once."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.control.procedures.contact_measurement import ContactResult, PadContact
from appliance.link.roles import Role
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Pause,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from drivers.quantities import Channel, Ohms
from tests.flows.test_facts_after_restarts import erase_all
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, files, recorded, refusal
from tests.support.people import KIM, LEA, sign_in, sit_down, staff
from tests.support.treated_patient import enter, opened_once, own, treated

pytestmark = pytest.mark.proves("close-out")

# --- opened once, however it ends ------------------------------------------------------------


def trip(name: str) -> Callable[[Clinic], None]:
    def ends(clinic: Clinic) -> None:
        clinic.board.fault_set(name)
        clinic.until("Tripped")

    return ends


def stop_in_pause(clinic: Clinic) -> None:
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(Stop())


def cut_after_stop(clinic: Clinic) -> None:
    clinic.do(Stop())
    clinic.do(Stop(cut=True))


ENDINGS: Mapping[str, tuple[Callable[[Clinic], object], str]] = {
    "finished": (lambda clinic: clinic.wait(60_000), "plan_ended"),
    "stopped": (lambda clinic: clinic.do(Stop()), "stop"),
    "cut": (lambda clinic: clinic.do(Stop(cut=True)), "cut"),
    "stopped, then cut": (cut_after_stop, "cut"),
    "stopped in a pause": (stop_in_pause, "stop"),
    "hand switch": (trip("hand-switch"), "hand_switch"),
    "e-stop": (trip("estop"), "estop"),
    "lead off": (trip("lead-off:1"), "lead_off"),
    "daemon lost": (trip("lost-daemon"), "daemon_lost"),
    "engine stopped": (lambda _: None, "engine_stopped"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_way_of_ending_opens_the_close_out_once(tmp_path: Path, ending: str) -> None:
    end, cause = ENDINGS[ending]
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        patient = treated(clinic, duration_us=60_000_000)
        end(clinic)
        clinic.wait(1_000)
    close_out = opened_once(data)
    assert (close_out.patient, close_out.session) == (patient, "0001-001")
    assert (close_out.cause, close_out.motor, close_out.region) == (cause, False, "lower_back")
    assert (close_out.material, close_out.simulated) == ("hydrogel A", False)
    assert [level.level_ua for level in close_out.levels] == [3_000] * 4
    for boot in ("2", "3"):
        with open_clinic(tmp_path / boot, data=data) as clinic:
            clinic.unlock()
            assert files(clinic).holding_up() is not None
    assert opened_once(data) == close_out


def test_its_operator_is_who_was_in_charge_at_the_end_whoever_cut(clinic: Clinic) -> None:
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    treated(clinic)
    sign_in(clinic, LEA)
    sit_down(clinic, Role.MAINTENANCE)
    clinic.link.token = ""
    clinic.do(Stop(cut=True))
    assert {each.operator for each in own(clinic.data)} == {LEA}


def killed(folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """Treat a patient in a process that dies by SIGKILL where it would record its own facts."""
    child = os.fork()
    if child == 0:
        kill_before(monkeypatch, before)
        with open_clinic(folder, data=data) as clinic:
            treated(clinic)
            if before == "the end":
                clinic.wait(2_000)
                die()
            clinic.do(Stop())
            clinic.wait(2_000)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_before(monkeypatch: pytest.MonkeyPatch, event: str) -> None:
    plain = Journal.append

    def append(self: Journal, name: str, *rest: Any, **more: Any) -> int:
        if name == event:
            die()
        return plain(self, name, *rest, **more)

    monkeypatch.setattr(Journal, "append", append)


@pytest.mark.parametrize(
    "before", ["the end", "session_closed", "pad_set_used", "close_out_opened"]
)
def test_a_kill_at_the_end_of_a_session_opens_its_close_out_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    data = tmp_path / "data"
    killed(tmp_path / "killed", data, monkeypatch, before)
    assert "CloseOutOpened" not in recorded(data)
    for boot in ("2", "3"):
        with open_clinic(tmp_path / boot, data=data) as clinic:
            clinic.unlock()
            assert files(clinic).holding_up() is not None
    close_out = opened_once(data)
    assert [level.level_ua for level in close_out.levels] == [3_000] * 4
    assert close_out.material == "hydrogel A"


@pytest.mark.parametrize("trusted", [True, False])
def test_without_a_trusted_clock_a_close_out_is_opened_as_well(
    tmp_path: Path, *, trusted: bool
) -> None:
    with open_clinic(tmp_path, trusted=trusted) as clinic:
        treated(clinic)
    assert opened_once(clinic.data).session == "0001-001"


def test_a_session_without_current_has_no_close_out(clinic: Clinic) -> None:
    patient = enter(clinic)
    where: dict[str, Any] = {"side": "both", "pad_set": "A", "channels": ()}
    clinic.start(patient=patient, region="lower_back", **where)
    clinic.do(Stop())
    clinic.until("Finished")
    assert own(clinic.data) == []


def test_a_session_on_test_loads_has_no_close_out(clinic: Clinic) -> None:
    clinic.arm(subject=Subject.TEST_LOAD)
    good = [ContactResult(Channel(n), PadContact.GOOD, Ohms(500), True) for n in (1, 2)]
    clinic.engine.loop._setup.take_contact(tuple(good))
    clinic.do(Start())
    clinic.raise_to(1_000)
    clinic.do(Stop())
    clinic.until("Finished")
    assert own(clinic.data) == []


def test_a_full_queue_only_delays_it(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = treated(clinic)
    journal = clinic.engine.loop._journal
    plain = journal.note_fact
    monkeypatch.setattr(journal, "note_fact", lambda *_: None)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.wait(500)
    assert own(clinic.data) == []
    clinic.do(CloseSession())
    clinic.prescribe(patient=patient)
    assert refusal(clinic, CheckContact()).asked == "a session whose end is not recorded yet"
    monkeypatch.setattr(journal, "note_fact", plain)
    clinic.wait(50)
    assert opened_once(clinic.data).cause == "stop"


def test_an_erased_patient_gets_no_close_out_and_holds_nobody_up(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        treated(clinic)
    erase_all(data, {"patient_registered", "close_out_opened", "pad_set_used", "session_opened"})
    with open_clinic(tmp_path / "2", data=data) as clinic:
        clinic.unlock()
        assert own(data) == []
        assert files(clinic).holding_up() is None


def test_a_new_patient_of_an_erased_name_does_not_inherit_a_session(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        patient = treated(clinic)
    erase_all(data, {"patient_registered", "close_out_opened", "pad_set_used"})
    with open_clinic(tmp_path / "2", data=data) as clinic:
        clinic.unlock()
        clinic.do(fact("patient_registered", patient, born=1985))
    with open_clinic(tmp_path / "3", data=data):
        assert own(data) == []
