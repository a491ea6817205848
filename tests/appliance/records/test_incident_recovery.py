"""What a start owes to the incidents of earlier boots, and what must not keep it from starting."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import Stop
from appliance.records.erasure import erase
from appliance.records.incidents.audit import list_incidents
from appliance.records.incidents.format import SUFFIX, IncidentDraft, read
from appliance.records.incidents.store import IncidentFolder, SealedIncident
from appliance.records.journal.interrupted import close_interrupted
from appliance.records.storage.store import open_read_only
from tests.appliance.records.conftest import Opener
from tests.appliance.records.incident_scene import estop, findings, incidents_of
from tests.support.clinic import Clinic, open_clinic


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path / "first") as found:
        yield found


def left_behind(clinic: Clinic, name: str = "left") -> Path:
    """Return the records as they would be found had the power gone right now."""
    ignored = shutil.ignore_patterns("*-shm")
    return Path(shutil.copytree(clinic.data, clinic.data.parent / name, ignore=ignored))


def start(data: Path) -> None:
    before = len(list(data.parent.glob("again-*")))  # each start has a recording of its own
    with open_clinic(data.parent / f"again-{before}", data=data):
        pass


def read_draft(path: Path, name: str) -> IncidentDraft:
    """Return a draft with the content of an incident file."""
    found = read(path)
    header = {key: each for key, each in found.header.items() if key not in {"capsule", "format"}}
    return IncidentDraft(name, None, "estop", header, lambda: found.rows)


def known(data: Path) -> list[tuple[str, str | None]]:
    with open_read_only(data) as db:
        return [(each.name, each.session) for each in list_incidents(db)]


# --- a stop that was never sealed --------------------------------------------------------------


@pytest.mark.proves("capsule")
@pytest.mark.parametrize("milliseconds", [0, 500, 900])
def test_a_stop_whose_incident_went_with_the_power_gets_what_the_journal_holds(
    clinic: Clinic, milliseconds: int
) -> None:
    """Hazard: somebody presses the e-stop and pulls the plug, and no incident ever tells of it."""
    clinic.treat(level_ua=4_000)
    clinic.wait(3_000)
    estop(clinic)
    clinic.wait(milliseconds)
    (stop,) = clinic.events("stop")
    left = left_behind(clinic)
    start(left)
    (incident,) = incidents_of(left)
    assert incident.problems == ()
    assert incident.header["cause"] == "estop"
    assert incident.header["source"] == "journal"
    assert incident.header["stops"] == [stop]
    assert incident.header["boot"] == 1
    assert "trip" in [each.get("event") for each in incident.events]
    assert any(each.get("measurement", {}).get("level_ua") == 4_000 for each in incident.events)
    assert known(left) == [("0001-001-recovered", "0001-001")]
    assert findings(left) == []


@pytest.mark.proves("capsule")
def test_a_stop_without_a_session_is_made_good_too(clinic: Clinic) -> None:
    clinic.arm()
    estop(clinic)
    left = left_behind(clinic)
    start(left)
    assert known(left) == [("0001-000-recovered", None)]
    (incident,) = incidents_of(left)
    assert incident.header["session"] is None
    assert incident.header["stops"][0]["cause"] == "estop"


@pytest.mark.proves("capsule")
def test_what_was_sealed_told_or_made_good_is_not_made_again(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    estop(clinic)
    unsealed = left_behind(clinic, "unsealed")
    clinic.wait(1_500)
    sealed = left_behind(clinic, "sealed")
    for _ in range(3):
        start(unsealed)
        start(sealed)
    assert known(unsealed) == [("0001-001-recovered", "0001-001")]
    assert known(sealed) == [("0001-001-1", "0001-001")]


@pytest.mark.proves("capsule")
def test_a_planned_end_is_still_none_after_a_power_cut(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000, duration_us=60_000_000)
    clinic.until("Finished")
    left = left_behind(clinic)
    start(left)
    assert known(left) == []


@pytest.mark.proves("capsule", "boot-locked")
def test_a_start_cut_off_itself_is_made_good_by_the_next(
    clinic: Clinic, open_journal: Opener, tmp_path: Path
) -> None:
    """Hazard: power that comes and goes closes a session and never seals its last minute."""
    clinic.treat(level_ua=2_000)
    clinic.wait(2_000)
    left = left_behind(clinic)
    journal = open_journal(left)
    assert close_interrupted(journal) == ("0001-001",)
    again = tmp_path / "again"
    shutil.copytree(left, again, ignore=shutil.ignore_patterns("*-shm", "engine.lock"))
    start(again)
    (incident,) = incidents_of(again)
    assert incident.header["cause"] == "interrupted"
    start(again)
    assert known(again) == [("0001-001-interrupted", "0001-001")]


@pytest.mark.proves("capsule")
def test_a_stop_after_which_the_engine_ended_in_order_is_sealed_by_it(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=2_000)
        clinic.do(Stop(cut=True))
        clinic.tick()
    start(tmp_path / "data")
    assert known(tmp_path / "data") == [("0001-001-1", "0001-001")]


@pytest.mark.proves("capsule")
def test_an_incident_killed_between_writing_and_naming_keeps_its_whole_minute(copy: Path) -> None:
    """Hazard: a hundred rows a second are thrown away for one a second of the journal."""
    path = copy / "capsules" / ("0001-001-1" + SUFFIX)
    name = "0001-001-2"
    sealed = IncidentFolder(copy).seal(read_draft(path, name))
    assert isinstance(sealed, SealedIncident)
    whole = path.with_name(sealed.file)
    whole.rename(whole.with_name(whole.name + ".tmp"))
    start(copy)
    assert [each for each, _ in known(copy)] == ["0001-001-1", name]
    assert read(whole).problems == ()
    assert findings(copy) == []


@pytest.mark.proves("capsule")
def test_a_half_of_an_incident_is_taken_away(copy: Path) -> None:
    path = copy / "capsules" / ("0001-001-1" + SUFFIX)
    half = path.with_name("0001-001-2" + SUFFIX + ".tmp")
    half.write_bytes(path.read_bytes()[:3_000])
    start(copy)
    assert list((copy / "capsules").iterdir()) == [path]
    assert findings(copy) == []


@pytest.mark.proves("capsule")
def test_a_boot_that_ended_in_order_is_believed_to_have_sealed_its_own(
    open_journal: Opener, tmp_path: Path
) -> None:
    """Hazard: records of a version without incidents fill the folder at the first start."""
    journal = open_journal()
    journal.append("stop", {"cause": "estop", "failures": []}, "0001-001")
    journal.append("session_closed", {"outcome": "interrupted"}, "0001-001")
    journal.close()
    start(tmp_path)
    assert known(tmp_path) == []


# --- odd things in the folder ------------------------------------------------------------------


def a_dead_link(folder: Path) -> None:
    (folder / ("x" + SUFFIX)).symlink_to("/nowhere/at/all")


def a_folder(folder: Path) -> None:
    (folder / ("x" + SUFFIX)).mkdir()


def a_half_written_folder(folder: Path) -> None:
    (folder / "x.tmp").mkdir()


def a_broken_key(folder: Path) -> None:
    (folder / ("x" + SUFFIX)).write_bytes(b"x")
    (folder.parent / "device.key").write_bytes(b"x")


def an_erased_one_again(folder: Path) -> None:
    path = folder / ("0001-001-1" + SUFFIX)
    with open_clinic(folder.parent.parent / "erasing", data=folder.parent) as clinic:
        journal: Any = clinic.engine.incidents._journal  # type: ignore[union-attr]
        with open_read_only(folder.parent) as db:
            ((number,),) = db.execute("SELECT number FROM events WHERE name = 'session_opened'")
        erase(journal, [number], "asked for by the patient")
    path.mkdir()


@pytest.mark.proves("capsule")
@pytest.mark.parametrize(
    "put", [a_dead_link, a_folder, a_half_written_folder, a_broken_key, an_erased_one_again]
)
def test_nothing_odd_in_the_folder_keeps_an_engine_from_its_work(
    copy: Path, put: Callable[[Path], None]
) -> None:
    """Hazard: one stray thing among the incidents, and the clinic cannot work."""
    put(copy / "capsules")
    before = known(copy)
    start(copy)
    assert known(copy) == before


@pytest.mark.proves("capsule")
def test_a_dead_link_does_not_keep_the_next_incident_from_being_sealed(tmp_path: Path) -> None:
    (tmp_path / "capsules").mkdir()
    a_dead_link(tmp_path / "capsules")
    done = IncidentFolder(tmp_path).seal(IncidentDraft("a", None, "estop", {}, list))
    assert isinstance(done, SealedIncident)


@pytest.mark.proves("chain")
def test_a_copy_under_another_name_is_a_stranger(copy: Path) -> None:
    """Hazard: one incident is made to look like two."""
    path = copy / "capsules" / ("0001-001-1" + SUFFIX)
    shutil.copy(path, path.with_name("0001-001-7" + SUFFIX))
    stray = [(f"capsule 0001-001-7{SUFFIX}", "no event speaks of it")]
    assert findings(copy) == stray
    start(copy)
    assert findings(copy) == stray
    assert known(copy) == [("0001-001-1", "0001-001")]


@pytest.mark.proves("capsule")
def test_records_begun_anew_beside_old_incidents_mix_nothing_up(copy: Path) -> None:
    """Hazard: an incident is lost for its name, or laid to another person's session."""
    for path in copy.glob("records.db*"):
        path.unlink()
    with open_clinic(copy.parent / "anew", data=copy) as clinic:
        clinic.treat(level_ua=3_000)
        estop(clinic)
        clinic.wait(1_500)
        assert clinic.events("capsule_lost") == []
        (event,) = clinic.events("capsule")
    assert event["capsule"] == "0001-001-1-2"
    assert known(copy) == [("0001-001-1", None), ("0001-001-1-2", "0001-001")]
    files: list[Any] = [read(path) for path in IncidentFolder(copy).files()]
    assert [each.header["capsule"] for each in files] == ["0001-001-1-2", "0001-001-1"]
    assert findings(copy) == []
