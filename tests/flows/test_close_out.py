"""However a session of a patient ends, its close-out is opened once, and the next one waits."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.fact import Fact
from appliance.clinical.placement.facts import PadSetUsed
from appliance.control.procedures.contact_measurement import ContactResult, PadContact
from appliance.messages.actions import (
    Acknowledge,
    CheckContact,
    CloseSession,
    Lock,
    Pause,
    RecordFact,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from drivers.quantities import Channel, Ohms
from tests.flows.test_facts_after_restarts import erase_all
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import fact, files, recorded, refusal, register

pytestmark = pytest.mark.proves("close-out")

PADS = {"pad_set": "A", "material": "hydrogel A", "width_mm": 50, "height_mm": 90, "pads": 4}


def enter(clinic: Clinic) -> str:
    """Register a patient and label pads."""
    if clinic.state != "Ready":
        clinic.unlock()
    patient = register(clinic)
    clinic.do(fact("pad_set_labelled", patient, **PADS))
    return patient


def treated(clinic: Clinic, **asked: Any) -> str:
    """Treat a registered patient whose pads are planned; return the pseudonym."""
    patient = enter(clinic)
    where = {"side": "both", "pad_set": "A", "region": "lower_back", "channels": ()}
    clinic.treat(level_ua=3_000, patient=patient, **{**where, **asked})
    return patient


def own(data: Path) -> list[Fact]:
    """Return the facts that the engine recorded by itself."""
    with open_read_only(data) as db:
        found = [each.fact for each in read_facts(db)]
    return [fact for fact in found if isinstance(fact, CloseOutOpened | PadSetUsed)]


def opened_once(data: Path) -> CloseOutOpened:
    """Return the only close-out there is; its pads are counted once."""
    facts = own(data)
    assert sorted(type(each).__name__ for each in facts) == ["CloseOutOpened", "PadSetUsed"]
    assert {each.operator for each in facts} == {"anna"}
    (close_out,) = [each for each in facts if isinstance(each, CloseOutOpened)]
    return close_out


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

    def append(self: Journal, name: str, *rest: Any) -> int:
        if name == event:
            die()
        return plain(self, name, *rest)

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


# --- the next session waits ------------------------------------------------------------------


def finished(clinic: Clinic) -> str:
    patient = treated(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    return patient


def answers(patient: str, session: str = "0001-001") -> tuple[RecordFact, RecordFact]:
    gone = fact("skin_not_checked", patient, session=session, reason="left at once")
    return fact("pads_removed", patient, session=session), gone


@pytest.mark.parametrize("whose", ["the same", "another"])
def test_the_next_session_waits_for_pads_and_skin_of_the_last_one(
    clinic: Clinic, whose: str
) -> None:
    patient = finished(clinic)
    next_one = patient if whose == "the same" else "P-17"
    clinic.prescribe(patient=next_one)
    said = refusal(clinic, CheckContact())
    assert (said.limit, said.asked) == (
        "close-out",
        f"session 0001-001 of {patient} without its close-out",
    )
    for answer in answers(patient):
        assert refusal(clinic, CheckContact()).limit == "close-out"
        clinic.do(answer)
    clinic.do(CheckContact())


def test_after_days_and_a_restart_the_close_out_is_still_waited_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        patient = finished(clinic)
    with open_clinic(tmp_path / "2", data=data, after_us=3 * DAY_US, trusted=False) as clinic:
        clinic.unlock()
        clinic.prescribe(patient="P-17")
        assert refusal(clinic, CheckContact()).limit == "close-out"
        for answer in answers(patient):
            clinic.do(answer)
        clinic.do(CheckContact())


def test_a_test_load_waits_for_no_close_out(clinic: Clinic) -> None:
    finished(clinic)
    clinic.prescribe(subject=Subject.TEST_LOAD)
    clinic.do(CheckContact())


def test_an_answer_that_is_not_on_the_disk_lets_nobody_be_treated(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = finished(clinic)
    pads, skin = answers(patient)
    clinic.do(pads)
    reached = clinic.engine.loop._journal._records.acknowledged
    monkeypatch.setattr(Journal, "acknowledged", property(lambda _: reached))
    clinic.wait(60)
    clinic.link.send(skin)
    clinic.wait(60)
    clinic.prescribe(patient="P-17")
    assert refusal(clinic, CheckContact()).limit == "close-out"


def test_locking_in_mid_close_out_loses_nothing(clinic: Clinic) -> None:
    patient = finished(clinic)
    pads, skin = answers(patient)
    clinic.do(pads)
    clinic.do(Lock())
    assert refusal(clinic, skin).asked == "while Locked"
    clinic.unlock()
    held = files(clinic).holding_up()
    assert held is not None
    assert [part.value for part in held[1].holds_up] == ["skin"]
    clinic.do(skin)
    assert files(clinic).holding_up() is None


def test_after_a_trip_it_can_be_closed_out_before_it_is_acknowledged(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    for answer in answers(patient):
        clinic.do(answer)
    clinic.board.fault_clear("hand-switch")
    clinic.wait(200)
    clinic.do(Acknowledge())
    assert files(clinic).holding_up() is None


# --- what a client may say -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("close_out_opened", {"session": "0001-001", "motor": False}),
        ("pad_set_used", {"session": "0001-001", "pad_set": "A"}),
    ],
)
def test_what_the_unit_knows_by_itself_is_taken_from_nobody(
    clinic: Clinic, kind: str, values: dict[str, Any]
) -> None:
    patient = finished(clinic)
    said = refusal(clinic, fact(kind, patient, **values))
    assert said.nearest == "the unit records it by itself"
    opened_once(clinic.data)


@pytest.mark.proves("own-levels")
def test_the_unit_adds_the_levels_that_a_cap_comes_from(clinic: Clinic) -> None:
    patient = finished(clinic)
    (close_out,) = [each for each in own(clinic.data) if isinstance(each, CloseOutOpened)]
    sites = [msgspec.to_builtins(level.site) for level in close_out.levels]
    of_session: dict[str, Any] = {
        "session": "0001-001",
        "grades": [{"site": site, "grade": 1} for site in sites],
    }
    high = [{"site": site, "level_ua": 90_000} for site in sites]
    wrong = fact("skin_checked_after", patient, **of_session, levels=high)
    assert refusal(clinic, wrong).asked == "other levels or pads than the unit knows"
    clinic.do(fact("skin_checked_after", patient, **of_session))
    skin = files(clinic).of(patient).skin
    assert {each.cap_ua for each in skin.sites.values()} == {1_500}


def test_a_session_of_somebody_else_is_refused(clinic: Clinic) -> None:
    finished(clinic)
    other = register(clinic, born=1985)
    for action in (
        fact("pads_removed", other, session="0001-001"),
        fact("fatigue_counted", other, session="0001-001", channel=1, contractions=9),
        fact("pain_scored", other, session="0001-001", region="neck", moment="after", score=2),
        fact("advice_given", other, session="0001-001", advice=["stay-active"]),
    ):
        assert refusal(clinic, action).asked == "session 0001-001"
