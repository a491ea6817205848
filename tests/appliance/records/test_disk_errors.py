"""Full disks, folders nobody may write, files that are no records: one clear line each."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.errors import ConfigError, JournalDamaged, JournalError, JournalFull
from appliance.records.storage.data_folder import data_folder, locate_data_folder
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from appliance.records.wall_clock import SteppedWallClock, SystemWallClock
from tests.appliance.records.conftest import Opener, SteppedClock


@contextmanager
def _no_file_above(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size`: what a quota does, and a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.proves("journal")
@pytest.mark.parametrize("threaded", [False, True])
def test_a_full_disk_is_a_fault_loses_nothing_and_heals(
    open_journal: Opener, tmp_path: Path, threaded: bool
) -> None:
    journal = open_journal(threaded=threaded)
    log = tmp_path / "records.db-wal"
    kept = journal.acknowledged
    with _no_file_above(log.stat().st_size):
        number = journal.append("trip", {"code": "T1"})
        with pytest.raises(JournalFull, match=r"no room for records in .* free space"):
            journal.flush()
        assert not journal.clear_fault()
        assert journal.fault is not None
        assert journal.acknowledged == kept
    journal.flush()
    assert journal.acknowledged == number
    assert journal.clear_fault()
    with open_read_only(tmp_path) as db:
        assert verify(db).findings == ()


@pytest.mark.proves("journal")
def test_closing_on_a_full_disk_says_so_and_lets_the_folder_go(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    journal.append("note", {})
    with (
        _no_file_above((tmp_path / "records.db-wal").stat().st_size),
        pytest.raises(JournalFull),
    ):
        journal.close()
    assert journal.unwritten == 2, "the note and the shutdown"
    assert open_journal().boot == 2


@pytest.mark.proves("journal")
def test_a_first_start_without_room_can_be_repeated(open_journal: Opener, tmp_path: Path) -> None:
    for size in (0, 4_096, 40_000):
        with _no_file_above(size), pytest.raises(JournalFull):
            open_journal()
    assert open_journal().boot == 1
    with open_read_only(tmp_path) as db:
        assert verify(db).findings == ()


@pytest.mark.proves("journal")
@pytest.mark.parametrize("content", [b"not a database at all" * 400, b"SQLite format 3\0" * 99])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    open_journal: Opener, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "records.db").write_bytes(content)
    with pytest.raises(JournalDamaged, match=r"are damaged .*: keep a copy of the folder"):
        open_journal()
    assert (tmp_path / "records.db").read_bytes() == content


@pytest.mark.proves("chain")
def test_an_engine_does_not_go_on_from_an_altered_end(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal()
    journal.append("trip", {"code": "T1"})
    journal.close()
    path = tmp_path / "records.db"
    path.write_bytes(path.read_bytes().replace(b'"code":"T1"', b'"code":"T2"'))
    with pytest.raises(JournalDamaged, match=r"were altered \(event 3: its body or salt"):
        open_journal()


@pytest.mark.proves("journal")
def test_records_moved_away_under_the_engine_are_a_fault(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    for path in tmp_path.glob("records.db*"):
        path.unlink()
    journal.append("trip", {})
    assert journal.fault is not None
    assert "were taken away" in journal.fault
    with pytest.raises(JournalError):
        journal.close()


def test_no_records_are_a_wrong_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there are no records in"), open_read_only(tmp_path):
        pass


def test_an_empty_file_is_no_record_yet(tmp_path: Path) -> None:
    (tmp_path / "records.db").touch()
    with pytest.raises(ConfigError, match="no engine ever ran there"), open_read_only(tmp_path):
        pass


# --- where records live -----------------------------------------------------------------------


def test_the_folder_comes_from_the_option_then_the_environment_then_xdg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STIMKIOSK_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert locate_data_folder(None) == tmp_path / "home/.local/state/stimkiosk"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert locate_data_folder(None) == tmp_path / "state/stimkiosk"
    monkeypatch.setenv("STIMKIOSK_DATA", str(tmp_path / "data"))
    assert locate_data_folder(None) == tmp_path / "data"
    assert locate_data_folder(tmp_path / "given") == tmp_path / "given"


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match=r"cannot be kept in .*: .*; choose a folder with"):
        data_folder(tmp_path / "file" / "below")


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everywhere; the kernel's answer is put in its place.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(JournalError, match="it is not writable"):
        data_folder(tmp_path)


# --- the time of day --------------------------------------------------------------------------


def test_a_clock_before_the_build_date_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.records.wall_clock._is_synchronised", lambda: True)
    wall = SystemWallClock()
    monkeypatch.setattr("time.time_ns", lambda: 1_793_491_200 * 1_000_000_000)
    assert wall.trusted
    monkeypatch.setattr("time.time_ns", lambda: 1_793_491_200 * 1_000_000_000 - 1_000)
    assert not wall.trusted


def test_a_clock_nobody_set_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.records.wall_clock._is_synchronised", lambda: False)
    monkeypatch.setattr("appliance.records.wall_clock._came_from_rtc", lambda: False)
    assert not SystemWallClock().trusted


@pytest.mark.parametrize("trusted", [True, False])
def test_stepped_time_of_day_moves_with_the_stepped_clock(trusted: bool) -> None:
    """It is believed as far as the time it starts at can be."""
    clock = SteppedClock()
    wall = SteppedWallClock(clock, 1_800_000_000_000_000, trusted=trusted)
    clock.at_us += 90_000_000
    assert (wall.utc_us(), wall.trusted) == (1_800_000_090_000_000, trusted)
