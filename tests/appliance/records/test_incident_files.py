"""Incidents as files: every alteration is found, a power cut leaves a whole one or none."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import JournalError
from appliance.records.erasure import erase
from appliance.records.incidents.audit import list_incidents
from appliance.records.incidents.format import SUFFIX, IncidentDraft, read
from appliance.records.incidents.store import (
    IncidentFolder,
    IncidentWriterThread,
    SealedIncident,
    UnsealedIncident,
)
from appliance.records.storage import atomic_files as files
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.appliance.records.conftest import Run
from tests.appliance.records.incident_scene import estop, findings, incidents_of
from tests.support.clinic import open_clinic


def only_file(data: Path) -> Path:
    (path,) = IncidentFolder(data).files()
    return path


@pytest.mark.proves("chain")
def test_every_altered_byte_is_found(copy: Path) -> None:
    """Hazard: an incident is made to look like another."""
    path = only_file(copy)
    whole = path.read_bytes()
    for place in (0, 4, 8, 9, 10, len(whole) // 2, len(whole) - 5, len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1
        path.write_bytes(altered)
        assert [where for where, _ in findings(copy)] == ["capsule 0001-001-1"] * len(
            findings(copy)
        )
        assert findings(copy), place
    path.write_bytes(whole)
    assert findings(copy) == []


@pytest.mark.proves("chain")
def test_an_incident_packed_anew_with_other_content_is_found_by_its_seal(copy: Path) -> None:
    path = only_file(copy)
    text = gzip.decompress(path.read_bytes()).replace(b'"estop"', b'"sport"', 1)
    path.write_bytes(gzip.compress(text, mtime=0))
    found = read(path)
    assert "its content is not what was sealed" in found.problems
    assert "its signature does not fit its content" in found.problems


@pytest.mark.proves("chain")
def test_a_missing_incident_and_a_strange_one_are_found(copy: Path) -> None:
    path = only_file(copy)
    path.unlink()
    elsewhere = IncidentFolder(copy.parent / "elsewhere")
    (copy.parent / "elsewhere").mkdir()
    elsewhere.seal(a_draft("0009-001-1"))
    stranger = path.with_name("0009-001-1" + SUFFIX)
    only_file(copy.parent / "elsewhere").rename(stranger)
    assert findings(copy) == [
        ("capsule 0001-001-1", f"missing: {path.name} is not there"),
        (f"capsule {stranger.name}", "no event speaks of it"),
    ]


@pytest.mark.proves("capsule")
def test_the_same_incident_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = IncidentFolder(tmp_path)
    first = folder.seal(a_draft("a", 1))
    (tmp_path / "capsules" / ("a" + SUFFIX)).unlink()
    again = folder.seal(a_draft("a", 1))
    assert isinstance(first, SealedIncident)
    assert isinstance(again, SealedIncident)
    assert first.sha256 == again.sha256


def waiting(data: Path) -> int:
    with open_read_only(data) as db:
        return verify(db).incidents_waiting


# --- the disk ----------------------------------------------------------------------------------


def a_draft(name: str, size: int = 1) -> IncidentDraft:
    noise = os.urandom(size).hex() if size > 1 else "x"
    return IncidentDraft(name, None, "estop", {"noise": noise}, lambda: [[1, 2], {"at_us": 3}])


@pytest.mark.proves("capsule")
@pytest.mark.parametrize("step", ["fsync", "rename", "write"])
def test_a_write_that_is_cut_off_leaves_none_or_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = IncidentFolder(tmp_path)

    class PowerCut(BaseException):
        """Nothing runs any more."""

    def cut(*_: object) -> None:
        raise PowerCut

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", cut)
    elif step == "rename":
        monkeypatch.setattr(Path, "rename", cut)
    else:
        monkeypatch.setattr(files, "sync_folder", cut)
    (tmp_path / "device.key").write_bytes(bytes(32))
    with pytest.raises(PowerCut):
        folder.seal(a_draft("a"))
    monkeypatch.undo()
    left = folder.files()
    assert len(left) == (1 if step == "write" else 0)
    assert all(read(path).problems == () for path in left)
    folder.tidy()
    (kept,) = (tmp_path / "capsules").iterdir()
    assert kept.name == "a" + SUFFIX, "it was whole already"
    assert read(kept).problems == ()


@pytest.mark.proves("capsule")
def test_an_incident_written_just_before_the_power_went_is_taken_in(copy: Path) -> None:
    folder = IncidentFolder(copy)
    folder.seal(a_draft("0001-000-9"))
    assert waiting(copy) == 1
    assert findings(copy) == []
    with open_clinic(copy.parent / "again", data=copy):
        pass
    assert waiting(copy) == 0
    assert findings(copy) == []
    with open_read_only(copy) as db:
        assert "0001-000-9" in [each.name for each in list_incidents(db)]


@pytest.mark.proves("capsule")
def test_a_full_folder_keeps_the_oldest_and_says_so(tmp_path: Path) -> None:
    folder = IncidentFolder(tmp_path, limit_bytes=20_000)
    done = [folder.seal(a_draft(str(n), 4_000)) for n in range(6)]
    kept = [each.file for each in done if isinstance(each, SealedIncident)]
    assert 2 <= len(kept) <= 4
    assert kept == [path.name for path in folder.files()]
    assert kept[0].startswith("0.")
    lost = done[-1]
    assert isinstance(lost, UnsealedIncident)
    assert "is full" in lost.why


@pytest.mark.proves("capsule")
def test_a_disk_that_is_full_is_told_in_the_journal_and_delays_nothing(tmp_path: Path) -> None:
    """Hazard: an incident fills the disk, and how the session ended finds no room."""
    with open_clinic(tmp_path) as clinic:
        writer: Any = clinic.engine.incidents._writer  # type: ignore[union-attr]
        writer._folder._free_bytes = 1 << 60
        clinic.treat(level_ua=2_000)
        estop(clinic)
        clinic.wait(1_500)
        assert clinic.state == "Tripped"
        assert clinic.events("capsule") == []
        (lost,) = clinic.events("capsule_lost")
        assert "no room left" in lost["why"]
    assert incidents_of(tmp_path / "data") == []
    assert findings(tmp_path / "data") == []


@pytest.mark.proves("capsule")
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "device.key").write_bytes(bytes(32))
    (tmp_path / "capsules").mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JournalError, match="No space left"):
        files.write_whole(tmp_path / "capsules" / "a", b"1")
    assert isinstance(IncidentFolder(tmp_path).seal(a_draft("a")), UnsealedIncident)
    assert list((tmp_path / "capsules").iterdir()) == []


@pytest.mark.proves("capsule")
def test_a_thread_writes_what_waits_and_refuses_what_is_too_much(tmp_path: Path) -> None:
    thread = IncidentWriterThread(IncidentFolder(tmp_path))
    for n in range(3):
        thread.submit(a_draft(str(n)))
    thread.close()
    assert [each.draft.name for each in thread.results()] == ["0", "1", "2"]
    assert thread.results() == ()
    for n in range(6):
        thread.submit(a_draft(f"late-{n}"))
    assert [isinstance(each, UnsealedIncident) for each in thread.results()] == [True, True]


# --- erasure and the command -------------------------------------------------------------------


@pytest.mark.proves("chain")
def test_erasing_a_session_takes_its_incident_along(copy: Path, run: Run) -> None:
    """Hazard: what a person had erased lies on in a file beside it."""
    path = only_file(copy)
    with open_clinic(copy.parent / "again", data=copy) as clinic:
        journal: Any = clinic.engine.incidents._journal  # type: ignore[union-attr]
        with open_read_only(copy) as db:
            (number,) = db.execute(
                "SELECT number FROM events WHERE name = 'session_opened'"
            ).fetchone()
        erase(journal, [number], "asked for by the patient")
    assert not path.exists()
    assert findings(copy) == []
    with open_read_only(copy) as db:
        report = verify(db)
    assert (report.incidents, report.incidents_erased) == (0, 1)
    shown = run(copy, "capsule", "0001-001-1")
    assert shown.exit_code == 1
    assert "was erased" in shown.stderr
    path.write_bytes(b"back again")
    assert "its file is there again" in findings(copy)[0][1]


@pytest.mark.proves("capsule")
def test_the_command_shows_and_checks(copy: Path, run: Run) -> None:
    listed = run(copy, "capsules")
    assert listed.exit_code == 0
    assert "0001-001-1" in listed.stdout
    shown = run(copy, "capsule", "0001-001")
    assert shown.exit_code == 0
    assert "estop, by: hardware, zero current within" in shown.stdout
    assert "as sealed" in shown.stdout
    plain = json.loads(run(copy, "capsule", "0001-001-1", "--json").stdout)
    assert plain["header"]["cause"] == "estop"
    assert plain["problems"] == []
    assert len(plain["rows"]) > 100


@pytest.mark.proves("chain")
def test_the_command_ends_with_7_for_an_altered_incident(copy: Path, run: Run) -> None:
    path = only_file(copy)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    for words in (("capsules",), ("capsule", "0001-001-1"), ("verify",)):
        assert run(copy, *words).exit_code == 7, words


@pytest.mark.proves_none
def test_an_unknown_incident_is_a_mistake_with_a_hint(copy: Path, run: Run) -> None:
    found = run(copy, "capsule", "0001-009-1")
    assert found.exit_code == 2
    assert "0001-001-1" in found.stderr
