"""A disk that fills up must not take with it how a session ended."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from appliance.errors import JournalFull
from appliance.records.journal.journal import Journal
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.appliance.records.conftest import Opener

pytestmark = pytest.mark.proves("journal")

MIB = 1_048_576


def _connection(journal: Journal) -> sqlite3.Connection:
    return journal._writer._store.connection


def _fill_the_disk(journal: Journal) -> None:
    """Let the database grow no further: SQLite answers as on a full disk."""
    connection = _connection(journal)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(40):
        journal.append("note", {"text": "x" * 2_000, "number": number})


def _find_room(journal: Journal) -> None:
    _connection(journal).execute("PRAGMA max_page_count = 100000")


def _no_more_room(_descriptor: int, _start: int, _size: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_mebibyte_of_the_disk_is_held_from_the_first_record_on(
    open_journal: Opener, tmp_path: Path
) -> None:
    open_journal()
    found = (tmp_path / "records.reserve").stat()
    assert (found.st_size, found.st_mode & 0o777) == (MIB, 0o600)
    assert found.st_blocks * 512 >= MIB


def test_how_a_session_ended_is_written_into_the_room_of_the_reserve(
    open_journal: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, reserve = open_journal(), tmp_path / "records.reserve"
    _fill_the_disk(journal)
    with pytest.raises(JournalFull):
        journal.flush()
    assert not reserve.exists()
    monkeypatch.setattr(os, "posix_fallocate", _no_more_room)
    _find_room(journal)  # what the file took up
    number = journal.append("session_closed", {"outcome": "tripped"}, "0001-001")
    journal.flush()
    assert journal.acknowledged == number
    assert not journal.clear_fault()
    assert "no room for records" in (journal.fault or "")
    assert not reserve.exists()
    monkeypatch.undo()
    assert journal.clear_fault()
    assert journal.fault is None
    assert reserve.stat().st_size == MIB
    with open_read_only(tmp_path) as db:
        assert verify(db).findings == ()


def test_a_reserve_that_was_deleted_is_made_again(open_journal: Opener, tmp_path: Path) -> None:
    journal, reserve = open_journal(), tmp_path / "records.reserve"
    reserve.unlink()
    journal.append("trip", {"code": "T1"})
    assert reserve.stat().st_size == MIB
    assert journal.fault is None


def test_a_reserve_cut_short_is_filled_at_the_next_start(
    open_journal: Opener, tmp_path: Path
) -> None:
    open_journal().close()
    reserve = tmp_path / "records.reserve"
    os.truncate(reserve, 4_096)
    open_journal()
    assert reserve.stat().st_blocks * 512 >= MIB


def test_a_start_without_room_for_the_reserve_is_a_fault_until_there_is(
    open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(os, "posix_fallocate", _no_more_room)
        journal = open_journal()
        assert "no room for records" in (journal.fault or "")
        assert not journal.clear_fault()
    assert journal.clear_fault()


def test_the_thread_takes_the_room_back_by_itself(
    open_journal: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Hazard: with nothing left to write nobody would ever look for room again."""
    journal, reserve = open_journal(threaded=True), tmp_path / "records.reserve"
    with monkeypatch.context() as full:
        full.setattr(os, "posix_fallocate", _no_more_room)
        reserve.unlink()
        journal.append("trip", {"code": "T1"})
        journal.flush()
        assert not journal.clear_fault()
    for _ in range(100):
        if reserve.exists():
            break
        journal._writer._thread.join(0.1)  # type: ignore[attr-defined]
    journal.flush()
    assert journal.clear_fault()
