"""Incidents that could not be written or were altered: told in so many words, by every command."""

import gzip
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.records.incidents import store as incident_store
from appliance.records.incidents.format import SUFFIX, IncidentDraft
from appliance.records.incidents.store import (
    IncidentFolder,
    IncidentWriterThread,
    SealedIncident,
    UnsealedIncident,
)
from tests.appliance.records.conftest import Run
from tests.appliance.records.incident_scene import estop
from tests.support.clinic import open_clinic
from tests.support.hang import HANG_S

NAME = "0001-001-1"


def a_draft(name: str, entries: Callable[[], list[object]] = list) -> IncidentDraft:
    return IncidentDraft(name, None, "estop", {}, entries)


# --- what could not be written -----------------------------------------------------------------


@pytest.mark.proves("capsule")
def test_a_draft_that_cannot_be_packed_is_told_and_the_next_one_is_written(tmp_path: Path) -> None:
    """Hazard: the writing thread dies of one incident, and all that follow are lost unseen."""

    def broken() -> list[object]:
        raise KeyError("nobody expected this")

    thread = IncidentWriterThread(IncidentFolder(tmp_path))
    thread.submit(a_draft("a", broken))
    thread.submit(a_draft("b"))
    thread.close()
    first, second = thread.results()
    assert isinstance(first, UnsealedIncident)
    assert "nobody expected this" in first.why
    assert isinstance(second, SealedIncident)


@pytest.mark.proves("capsule")
def test_what_a_hanging_disk_has_not_taken_at_the_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: an engine ends with incidents in its memory, and nothing says that there were any."""
    goes_on = threading.Event()
    sealing = threading.Event()

    class Hanging(IncidentFolder):
        def seal(self, draft: IncidentDraft) -> SealedIncident | UnsealedIncident:
            sealing.set()
            goes_on.wait()
            return super().seal(draft)

    monkeypatch.setattr(incident_store, "JOIN_S", 0.05)
    thread = IncidentWriterThread(Hanging(tmp_path))
    thread.submit(a_draft("0"))
    assert sealing.wait(HANG_S)
    for n in range(1, 5):
        thread.submit(a_draft(str(n)))
    thread.close()
    told = list(thread.results())
    goes_on.set()
    assert [each.draft.name for each in told] == ["0", "1", "2", "3", "4"]
    assert all(isinstance(each, UnsealedIncident) and "not taken it" in each.why for each in told)


@pytest.mark.proves("capsule")
def test_an_incident_that_could_not_be_sealed_is_named_by_the_commands(
    tmp_path: Path, run: Run
) -> None:
    with open_clinic(tmp_path) as clinic:
        writer: Any = clinic.engine.incidents._writer  # type: ignore[union-attr]
        writer._folder._free_bytes = 1 << 60
        clinic.treat(level_ua=2_000)
        estop(clinic)
        clinic.wait(1_500)
    listed = run(tmp_path / "data", "capsules")
    assert listed.exit_code == 0
    assert f"1 could not be sealed, `sessions show` says why; the newest: {NAME}" in listed.stderr
    shown = run(tmp_path / "data", "show", "0001-001")
    assert "capsule  none: it could not be sealed (the disk of" in shown.stdout


# --- what was altered --------------------------------------------------------------------------


def repacked(data: Path, was: bytes, now: bytes) -> None:
    """Put something else into the incident; it unpacks, and its seal does not fit."""
    path = data / "capsules" / (NAME + SUFFIX)
    text = gzip.decompress(path.read_bytes())
    assert was in text
    path.write_bytes(gzip.compress(text.replace(was, now, 1)))


@pytest.mark.proves("chain")
@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'"boot":', b'"boat":'),
        (b'"columns":', b'"pillars":'),
        (b"\n[", b"\n[]\n["),
        (b"\n[", b"\n[1]\n["),
        (b'"event":', b'"advent":'),
        (b'"opened":{', b'"opened":[],"closed":{'),
        (b'"states":[', b'"states":["[/nothing]",'),
        (b"\n[", b"\n" + b"[" * 100_000 + b"]" * 100_000 + b"\n["),
    ],
    ids=["boot", "columns", "empty row", "short row", "event", "opened", "markup", "depth"],
)
def test_no_altered_content_keeps_a_command_from_saying_so(
    copy: Path, run: Run, was: bytes, now: bytes
) -> None:
    """Hazard: an alteration made with care looks like a mistake in the program."""
    repacked(copy, was, now)
    shown = run(copy, "capsule", NAME)
    assert shown.exit_code == 7
    assert "its content is not what was sealed" in shown.stderr
    assert run(copy, "capsule", NAME, "--json").exit_code == 7
    for words in (("capsules",), ("verify",)):
        assert run(copy, *words).exit_code == 7, words


@pytest.mark.proves("chain")
@pytest.mark.parametrize("words", [("capsule", NAME), ("capsules",), ("verify",)])
def test_a_folder_in_place_of_an_incident_is_a_finding(
    copy: Path, run: Run, words: tuple[str, ...]
) -> None:
    path = copy / "capsules" / (NAME + SUFFIX)
    path.unlink()
    path.mkdir()
    found = run(copy, *words)
    assert found.exit_code == 7
    assert "cannot be read: it is a folder, not a file" in found.stdout + found.stderr
