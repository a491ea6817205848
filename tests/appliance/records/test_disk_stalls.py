"""A disk that neither takes records nor fails: said in time, and never at the cost of a stop."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import EngineBusy, JournalError
from appliance.records.journal import writer_thread
from appliance.records.journal.journal import Journal, Measurement
from appliance.records.storage.statement import Statement
from appliance.records.storage.store import Store, open_read_only
from appliance.records.verify import verify
from tests.appliance.records.conftest import Opener
from tests.support.hang import HANG_S

ROW = Measurement("0001-001", 1, 1_000_000, "Delivering", 40, 500, 500)
ORDINARY_PLACES = 3_840
ALL_PLACES = 4_096
BY_HOW_IT_ENDED = ("trip", "stop", "session_closed", "acknowledged", "shutdown")


class RealTime:
    """The machine's monotonic time, moved by hand."""

    def __init__(self) -> None:
        self.at_s = 100.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def now() -> RealTime:
    return RealTime()


@pytest.fixture
def journal(open_journal: Opener, now: RealTime) -> Journal:
    """A journal with a thread, whose idea of real time is `now`."""
    opened = open_journal(threaded=True)
    opened._writer._now_s = now  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def disk(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every further write of the journal inside the disk until the event is set."""
    journal.flush()
    goes_on = threading.Event()
    write = Store.write

    def wait_first(store: Store, statements: Sequence[Statement]) -> None:
        goes_on.wait()
        write(store, statements)

    monkeypatch.setattr(Store, "write", wait_first)
    yield goes_on
    goes_on.set()


def _fault(journal: Journal) -> str:
    return journal.fault or ""


def _facts(folder: Path, question: str) -> list[object]:
    with open_read_only(folder) as db:
        return [row[0] for row in db.conn.execute(question)]


@pytest.mark.proves("journal")
def test_an_event_that_waits_more_than_two_seconds_for_the_disk_is_a_fault(
    journal: Journal, disk: threading.Event, now: RealTime
) -> None:
    journal.append("level_changed", {})
    now.at_s += 2.0
    assert not _fault(journal)
    now.at_s += 0.001
    fault = _fault(journal)
    assert "wait for the disk for more than 2 s" in fault
    assert not journal.clear_fault()
    disk.set()
    journal.flush()
    assert journal.fault == fault, "a person has to see it, however short it was"
    assert journal.clear_fault()
    assert not _fault(journal)


@pytest.mark.proves("journal")
def test_the_oldest_record_counts_however_many_follow_it(
    journal: Journal, disk: threading.Event, now: RealTime
) -> None:
    for _ in range(20):
        assert not _fault(journal)
        journal.append("level_changed", {})
        now.at_s += 0.1
    now.at_s += 0.001
    assert _fault(journal)
    assert not disk.is_set()


@pytest.mark.proves("journal")
def test_a_disk_that_follows_is_no_fault_for_however_long(journal: Journal, now: RealTime) -> None:
    for _ in range(10):
        journal.append("level_changed", {})
        journal.flush()
        now.at_s += 1.9
        assert journal.fault is None


@pytest.mark.proves("journal")
def test_a_measurement_may_wait_its_second_and_no_longer_than_an_event(
    journal: Journal, disk: threading.Event, now: RealTime
) -> None:
    journal.measure(ROW)
    now.at_s += 2.0
    assert not _fault(journal)
    now.at_s += 0.001
    assert _fault(journal)
    assert not disk.is_set()


@pytest.mark.proves("journal")
def test_a_database_locked_by_another_program_is_a_stall_like_any_other(
    journal: Journal, now: RealTime, tmp_path: Path
) -> None:
    patient = "PRAGMA busy_timeout = 60000"
    journal._writer._store.connection.execute(patient)
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        number = journal.append("trip", {"code": "T1"})
        now.at_s += 2.001
        assert journal.fault is not None
        assert not journal.clear_fault()
        stranger.execute("ROLLBACK")
    journal.flush()
    assert journal.acknowledged == number
    assert journal.clear_fault()


@pytest.mark.proves("journal")
def test_a_stalled_disk_never_holds_the_control_thread(
    journal: Journal, disk: threading.Event
) -> None:
    numbers = [journal.append("level_changed", {}) for _ in range(ALL_PLACES)]
    assert [n for n in numbers if n] == list(range(3, 3 + ORDINARY_PLACES))
    assert journal.fault == "records come faster than they can be written"
    assert not journal.clear_fault()
    disk.set()
    journal.flush()
    assert journal.acknowledged == max(numbers)
    assert journal.clear_fault()


@pytest.mark.proves("journal")
def test_how_a_session_ended_finds_room_where_nothing_else_does(
    journal: Journal, disk: threading.Event, tmp_path: Path
) -> None:
    while journal.append("level_changed", {}, "0001-001"):
        pass
    journal.measure(ROW)
    for name in BY_HOW_IT_ENDED:
        assert journal.append(name, {}, "0001-001") > 0
        assert journal.append("command", {}, "0001-001") == 0
    disk.set()
    journal.flush()
    kept = _facts(tmp_path, "SELECT name FROM events ORDER BY number")[2 + ORDINARY_PLACES :]
    assert tuple(name for name in kept if name != "records_lost") == BY_HOW_IT_ENDED
    counts = "SELECT facts ->> 'count' FROM facts WHERE name = 'records_lost' ORDER BY number"
    assert _facts(tmp_path, counts) == [2, 1, 1, 1, 1]
    with open_read_only(tmp_path) as db:
        assert verify(db).findings == ()


@pytest.mark.proves("journal")
def test_even_the_reserved_places_have_an_end_and_it_is_said(
    journal: Journal, disk: threading.Event
) -> None:
    while journal.append("level_changed", {}):
        pass
    trips = 0
    while journal.append("trip", {}):
        trips += 1
    assert trips == ALL_PLACES - ORDINARY_PLACES - 1, "one place says what was lost"
    assert journal.fault is not None
    assert not disk.is_set()


@pytest.mark.proves("journal")
def test_a_write_that_failed_cannot_be_forgotten_before_it_is_made_good(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", _refuse)
        journal.append("trip", {})
        with pytest.raises(JournalError, match="the card is gone"):
            journal.flush()
        assert (journal.clear_fault(), journal.fault) == (False, "the card is gone")
    journal.flush()
    assert (journal.clear_fault(), journal.fault) == (True, None)


# --- the end ----------------------------------------------------------------------------------


@pytest.mark.proves("one-engine")
def test_a_writer_that_hangs_keeps_the_folder_from_the_next_engine(
    journal: Journal,
    disk: threading.Event,
    open_journal: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_thread, "JOIN_S", 0.05)
    journal.append("trip", {})
    with pytest.raises(JournalError, match="did not end"):
        journal.close()
    journal.close()
    with pytest.raises(EngineBusy):
        open_journal()
    disk.set()
    journal._writer._thread.join()  # type: ignore[attr-defined]
    with pytest.raises(EngineBusy):
        open_journal()
    journal._writer._store.close()
    journal._lock.release()  # as the end of the process does, with the store


HANGING = """
import sys, threading
from pathlib import Path
from appliance.errors import JournalError
from appliance.records.journal import writer_thread
from appliance.records.journal.journal import Journal
from appliance.records.storage.store import Store
from appliance.records.wall_clock import SystemWallClock
from drivers.clock import SystemClock

writer_thread.JOIN_S = 0.05
journal = Journal.open(Path(sys.argv[1]), SystemWallClock(), SystemClock(), threaded=True)
Store.write = lambda *_: threading.Event().wait()
journal.append("trip", {})
try:
    journal.close()
except JournalError as error:
    print(error)
"""


@pytest.mark.proves("one-engine")
def test_the_folder_is_free_once_the_process_with_the_hanging_writer_has_ended(
    tmp_path: Path, open_journal: Callable[..., Journal]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=HANG_S,
    )
    assert "did not end" in ended.stdout
    assert open_journal().boot == 2


def _refuse(_store: Store, _statements: object) -> None:
    raise JournalError("the card is gone")
