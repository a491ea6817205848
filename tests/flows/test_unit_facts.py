"""Facts about the unit over the link: who may record what when, and that each is on the disk."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.unit.unit_file import UnitFile
from appliance.errors import ConfigError
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import BeginDrill, Command, Lock, RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import DrillKind
from appliance.records.erasure import erase
from appliance.records.journal.journal import Journal
from appliance.records.storage.store import open_read_only
from appliance.records.unit_facts import UNIT, UnitFacts
from appliance.texts.english import english
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.texts import Said, said
from tests.support.unit_facts import INSPECTED, PARTS

pytestmark = pytest.mark.proves("unit-check")


def fact(kind: str, *, simulated: bool = False, **values: Any) -> RecordFact:
    return RecordFact(kind=kind, values=values, simulated=simulated)


def check(**states: str) -> RecordFact:
    return fact("unit_checked", answers={**dict.fromkeys(PARTS, "good"), **states})


OUT = fact("unit_taken_out_of_use", reason="shock", words="at the left pad")
RELEASE = fact("unit_released", reason="examined")
ONE_OF_EACH = {
    "unit_checked": check(case="damaged"),
    "part_released": fact("part_released", part="case", reason="new case"),
    "unit_cleaned": fact("unit_cleaned"),
    "leads_inspected": fact("leads_inspected", answers=dict.fromkeys(INSPECTED, "good")),
    "safety_check_recorded": fact("safety_check_recorded", date="2023-11-14", report="R-1"),
    "calibration_recorded": fact("calibration_recorded", date="2023-11-14", certificate="C-1"),
    "unit_taken_out_of_use": OUT,
    "unit_released": RELEASE,
}
"""An acceptable fact of each kind, in an order in which the engine takes them."""
BY_SERVICE = {
    "part_released",
    "safety_check_recorded",
    "calibration_recorded",
    "unit_released",
}


def file(clinic: Clinic) -> UnitFile:
    return clinic.engine.loop._unit.known().file


def recorded(data: Path) -> list[str]:
    with open_read_only(data) as db:
        names = db.execute("SELECT name FROM events ORDER BY number").fetchall()
    return [name for (name,) in names if name in {str(each) for each in UNIT}]


def ask_as(clinic: Clinic, role: Role, action: RecordFact) -> Said | None:
    """Ask as a peer of another role; return its refusal, None if it was done."""
    replies: list[Any] = []
    link: Any = clinic.engine.link
    reply, peer = link.reply, Peer(7, "second screen", role, 990, 0)
    link.reply = lambda received, answer: (
        replies.append(answer) if received.peer.number == peer.number else reply(received, answer)
    )
    number = clinic.engine.loop.state.machine.number
    link._inbox.put(Received(peer, Command(request=900, action=action, state_number=number)))
    clinic.wait(100)
    link.reply = reply
    (answer,) = replies
    return said(answer) if isinstance(answer, Refused) else None


# --- on the disk, or not at all ----------------------------------------------------------------


def test_each_kind_is_recorded_and_folded_again_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        for action in ONE_OF_EACH.values():
            clinic.do(action)
        known = file(clinic)
    assert recorded(data) == list(ONE_OF_EACH)
    with open_clinic(tmp_path / "2", data=data, after_us=3_600_000_000) as clinic:
        again = file(clinic)
    assert (again.checks.parts.keys(), again.care.done.keys(), again.out_of_use) == (
        known.checks.parts.keys(),
        known.care.done.keys(),
        known.out_of_use,
    )
    assert again.care.cleaned == known.care.cleaned


@pytest.mark.proves("out-of-use")
def test_out_of_use_outlasts_a_restart_and_its_release_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        clinic.do(OUT)
    with open_clinic(tmp_path / "2", data=data, after_us=DAY_US) as clinic:
        assert [each.words for each in file(clinic).out_of_use] == ["at the left pad"]
        clinic.unlock()
        clinic.do(RELEASE)
    with open_clinic(tmp_path / "3", data=data, after_us=2 * DAY_US) as clinic:
        assert file(clinic).out_of_use == ()


@pytest.mark.proves("kept-first")
def test_nobody_is_told_of_a_fact_before_it_is_on_the_disk(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    clinic.wait(60)
    with monkeypatch.context() as slow:
        reached = clinic.engine.loop._journal._records.acknowledged
        slow.setattr(Journal, "acknowledged", property(lambda _: reached))
        request = clinic.link.send(check())
        clinic.wait(300)
        assert dict(file(clinic).checks.parts) == {}
    assert isinstance(clinic.link.wait_reply(request), Reply)
    assert set(file(clinic).checks.parts) == set(PARTS)


@pytest.mark.proves("unit-care")
def test_a_new_unit_counts_its_care_from_its_first_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for run, days in enumerate((0, 9)):
        with open_clinic(tmp_path / str(run), data=data, after_us=days * DAY_US) as clinic:
            clinic.unlock()
            notes = [english_of(note) for note in clinic.view.unit_notes]
        assert len(notes) == 3
        assert all("never recorded; no patient is treated from 2023-11-28 on" in n for n in notes)


def english_of(view: Any) -> str:
    from appliance.link.text_conversion import text_of

    return english(text_of(view))


def test_records_of_a_later_version_make_the_unit_unknown_and_nothing_is_recorded(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    facts = {"operator": "anna", "simulated": False, "rig": "virtual"}
    clinic.engine.loop._journal._records.append("unit_hosed_down", facts)
    clinic.engine.loop._journal._records.flush()
    assert "unit_hosed_down" in (UnitFacts.load(clinic.data, "virtual").fault or "")
    clinic.engine.loop._unit.fault = "event 9 cannot be read"
    assert "event 9 cannot be read" in refusal(clinic, check()).allowed


def test_facts_on_another_kind_of_rig_do_not_count(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(check())
    clinic.do(OUT)
    loaded = UnitFacts.load(clinic.data, "hardware").file
    assert (dict(loaded.checks.parts), loaded.out_of_use) == ({}, ())


@pytest.mark.proves("out-of-use")
def test_no_fact_about_the_unit_can_be_erased(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        clinic.do(OUT)
        records = clinic.engine.loop._journal._records
        with open_read_only(clinic.data) as db:
            (number,) = db.execute(
                "SELECT number FROM events WHERE name = 'unit_taken_out_of_use'"
            ).fetchone()
        with pytest.raises(ConfigError, match="must stay"):
            erase(records, [number], "asked for")


def test_an_incident_repeats_that_the_unit_is_out_of_use_and_no_words(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.do(OUT)
    clinic.board.fault_set("estop")
    clinic.trip()
    left = clinic.data.parent / "left"
    shutil.copytree(clinic.data, left)
    clinic.wait(8_000)
    shutil.rmtree(left / "capsules", ignore_errors=True)
    with open_clinic(left.parent / "again", data=left, after_us=DAY_US):
        pass
    kept = []
    for folder in (clinic.data, left):
        (sealed,) = (folder / "capsules").glob("*.gz")
        kept.append(gzip.decompress(sealed.read_bytes()).decode())
    assert "unit_taken_out_of_use" in kept[0]
    assert not any("at the left pad" in incident for incident in kept)


# --- who and when ------------------------------------------------------------------------------


def test_a_locked_unit_records_nothing_about_itself(clinic: Clinic) -> None:
    clinic.until("Locked")
    assert refusal(clinic, OUT).asked == "an entry, while the unit is locked"
    clinic.unlock()
    clinic.do(Lock())
    assert refusal(clinic, check()).asked == "an entry, while the unit is locked"


@pytest.mark.proves("out-of-use")
def test_a_unit_is_taken_out_of_use_at_any_moment_and_that_moves_nothing(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    before = clinic.state, [channel.level_ua for channel in clinic.view.channels]
    clinic.do(OUT)
    clinic.wait(100)
    assert (clinic.state, [channel.level_ua for channel in clinic.view.channels]) == before
    assert clinic.view.out_of_use is not None
    assert english_of(clinic.view.out_of_use) == "the unit was taken out of use: a shock"
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.do(OUT)
    assert len(file(clinic).out_of_use) == 2


@pytest.mark.proves("out-of-use")
def test_a_unit_is_taken_out_of_use_in_a_drill_too(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(BeginDrill(kind=DrillKind.WATCHDOG))
    clinic.wait(100)
    assert clinic.view.drill is not None
    clinic.do(OUT)
    assert file(clinic).out_of_use != ()


@pytest.mark.parametrize("kind", ONE_OF_EACH)
@pytest.mark.parametrize("role", [Role.KIOSK, Role.MAINTENANCE, Role.OWNER])
@pytest.mark.proves("roles")
def test_only_service_releases_and_only_who_treats_looks_and_cleans(
    clinic: Clinic, kind: str, role: Role
) -> None:
    clinic.unlock()
    if kind == "part_released":
        clinic.do(ONE_OF_EACH["unit_checked"])
    if kind == "unit_released":
        clinic.do(OUT)
    done = len(recorded(clinic.data))
    answer = ask_as(clinic, role, ONE_OF_EACH[kind])
    by_service = kind in BY_SERVICE
    may = role is Role.OWNER or by_service is (role is Role.MAINTENANCE)
    if kind == "unit_taken_out_of_use" or may:
        assert answer is None
        assert recorded(clinic.data)[done:] == [kind]
    else:
        assert answer is not None
        assert (answer.limit, answer.asked) == ("role", f"an entry in the records as {role}")
        assert len(recorded(clinic.data)) == done


@pytest.mark.proves("roles")
def test_maintenance_records_no_fact_about_a_patient(clinic: Clinic) -> None:
    clinic.unlock()
    answer = ask_as(clinic, Role.MAINTENANCE, fact("patient_registered", born=1980))
    assert answer is not None
    assert (answer.limit, answer.allowed) == ("role", "kiosk, owner")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("unit_checked", {}),
        ("unit_checked", {"answers": {}}),
        ("unit_checked", {"answers": {"engine": "good"}}),
        ("unit_checked", {"answers": dict.fromkeys(PARTS, "fine")}),
        ("unit_cleaned", {"patient": "P-0013"}),
        ("unit_cleaned", {"operator": "bert"}),
        ("unit_cleaned", {"simulated": True}),
        ("leads_inspected", {"answers": dict.fromkeys(INSPECTED, "out_of_reach")}),
        ("part_released", {"part": "case", "reason": "new case"}),
        ("safety_check_recorded", {"date": "2023-11-15", "report": "R-1"}),
        ("calibration_recorded", {"date": "yesterday", "certificate": "C-1"}),
        ("unit_taken_out_of_use", {"reason": "other"}),
        ("unit_taken_out_of_use", {"reason": "rain", "words": "wet"}),
        ("unit_taken_out_of_use", {"reason": "shock", "words": "\x1b[2J"}),
        ("unit_released", {"reason": "examined"}),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_one_text_and_kept_out(
    clinic: Clinic, kind: str, values: dict[str, Any]
) -> None:
    clinic.unlock()
    assert all(refusal(clinic, RecordFact(kind=kind, values=values)))
    assert recorded(clinic.data) == []


def test_a_reply_about_the_unit_names_no_patient(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(fact("patient_registered", born=1980))
    answer = clinic.ask(check())
    assert isinstance(answer, Reply)
    assert answer.patient is None


def test_a_flood_of_facts_about_the_unit_is_refused_as_one_about_patients(clinic: Clinic) -> None:
    clinic.unlock()
    for _ in range(30):
        for _ in range(10):
            clinic.link.send(fact("unit_cleaned"))
        clinic.wait(50)
    assert 100 <= len(recorded(clinic.data)) <= 110
    assert clinic.state == "Ready"
