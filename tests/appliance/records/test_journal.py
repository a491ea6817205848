"""The journal: numbers, stamps, commits, and what happens when the disk does not follow."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.errors import EngineBusy, InternalFault, JournalError
from appliance.records.journal import writer
from appliance.records.journal.chain import canonical
from appliance.records.journal.journal import Measurement
from appliance.records.session_events import EventName
from appliance.records.storage.store import Store, open_read_only
from appliance.records.verify import verify
from tests.appliance.records.conftest import Opener, SteppedClock, Treatment, WallTime

ROW = Measurement("0001-001", 1, 1_000_000, "delivering", 40, 500, 500)


def _column(folder: Path, question: str) -> list[object]:
    with open_read_only(folder) as db:
        return [row[0] for row in db.conn.execute(question)]


def _names(folder: Path) -> list[object]:
    return _column(folder, "SELECT name FROM events ORDER BY number")


@pytest.mark.proves("journal")
def test_a_new_folder_begins_with_the_device_and_its_first_boot(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal(facts={"rig": "virtual"})
    assert (journal.boot, journal.acknowledged) == (1, 2)
    assert _names(tmp_path) == ["genesis", "boot"]
    device, rig = _column(
        tmp_path,
        "SELECT coalesce(facts ->> 'device', facts ->> 'rig') FROM facts ORDER BY number",
    )
    assert (device, rig) == (journal.device, "virtual")


@pytest.mark.proves("journal")
def test_each_start_is_a_boot_of_the_same_device(open_journal: Opener, tmp_path: Path) -> None:
    first = open_journal()
    first.close()
    second = open_journal()
    assert second.device == first.device
    assert second.boot == 2
    assert _names(tmp_path) == ["genesis", "boot", "shutdown", "boot"]
    assert _column(tmp_path, "SELECT number FROM boots") == [1, 2]


@pytest.mark.proves("journal")
def test_numbers_are_promised_in_order_and_kept_across_boots(open_journal: Opener) -> None:
    first = open_journal()
    assert [first.append("command", {}), first.append("command", {})] == [3, 4]
    first.close()
    assert open_journal().append("command", {}) == 7


@pytest.mark.proves("journal")
@pytest.mark.parametrize("threaded", [False, True])
def test_nothing_is_acknowledged_that_a_power_cut_could_take(
    open_journal: Opener, tmp_path: Path, threaded: bool
) -> None:
    journal = open_journal(threaded=threaded)
    number = journal.append("command", {"action": "rise"})
    journal.flush()
    assert journal.acknowledged == number
    assert _names(tmp_path)[-1] == "command"


@pytest.mark.proves("journal")
def test_inline_events_wait_for_a_second_of_treatment(
    open_journal: Opener, clock: SteppedClock
) -> None:
    journal = open_journal()
    first = journal.append("level_changed", {})
    clock.at_us += 999_999
    journal.append("level_changed", {})
    assert journal.acknowledged == first - 1
    clock.at_us += 1
    last = journal.append("level_changed", {})
    assert journal.acknowledged == last


@pytest.mark.proves("journal")
@pytest.mark.parametrize(
    "name", ["trip", "stop", "acknowledged", "session_opened", "session_closed"]
)
def test_a_safety_event_is_on_the_disk_when_append_returns(open_journal: Opener, name: str) -> None:
    journal = open_journal()
    assert journal.append(name, {}, "0001-001") == journal.acknowledged


@pytest.mark.proves("journal")
def test_thousands_of_inline_events_within_one_second_are_all_kept(open_journal: Opener) -> None:
    journal = open_journal()
    for _ in range(10_000):
        journal.append("level_changed", {})
    journal.flush()
    assert (journal.acknowledged, journal.fault) == (10_002, None)


@pytest.mark.proves("journal")
def test_threaded_events_need_no_flush(open_journal: Opener) -> None:
    journal = open_journal(threaded=True)
    first = journal.append("trip", {"code": "T1"})
    journal.flush()
    assert journal.acknowledged == first


@pytest.mark.proves("journal")
def test_a_measurement_alone_is_written_by_flush(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal(threaded=True)
    journal.measure(ROW)
    journal.flush()
    assert _column(tmp_path, "SELECT level_ua FROM measurements") == [500]


@pytest.mark.proves("journal")
def test_facts_are_what_they_were_when_appended(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal()
    facts = {"to_ua": 500}
    journal.append("level_changed", facts)
    facts["to_ua"] = 900
    journal.flush()
    assert _column(tmp_path, "SELECT facts FROM facts")[-1] == '{"to_ua":500}'


@pytest.mark.proves("journal")
def test_facts_that_cannot_be_written_down_are_a_fault_of_the_program(
    open_journal: Opener,
) -> None:
    journal = open_journal()
    with pytest.raises(InternalFault, match="facts of note cannot be recorded"):
        journal.append("note", {"clock": object()})
    assert journal.append("note", {}) == 3


@pytest.mark.proves("journal")
def test_stamps_carry_utc_boot_monotonic_time_and_whether_the_clock_is_trusted(
    open_journal: Opener, clock: SteppedClock, wall_time: WallTime, tmp_path: Path
) -> None:
    journal = open_journal()
    clock.at_us = 6_000_001
    wall_time.trusted = False
    journal.append("note", {})
    journal.flush()
    with open_read_only(tmp_path) as db:
        row = db.conn.execute(
            "SELECT boot, utc_us, monotonic_us, clock_trusted FROM events WHERE name = 'note'"
        ).fetchone()
    assert row == (1, 1_800_000_006_000_001, 6_000_001, 0)


@pytest.mark.proves("one-engine")
def test_a_second_engine_on_the_folder_is_refused_and_harms_nothing(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    with pytest.raises(EngineBusy, match=r"an engine \(process \d+\) works on"):
        open_journal()
    journal.append("trip", {})
    assert _names(tmp_path) == ["genesis", "boot", "trip"]


@pytest.mark.proves("one-engine")
def test_the_folder_is_free_after_close(open_journal: Opener) -> None:
    open_journal().close()
    assert open_journal().boot == 2


@pytest.mark.proves("journal")
def test_threaded_and_inline_write_the_same_records(
    open_journal: Opener, treat: Treatment, clock: SteppedClock, tmp_path: Path
) -> None:
    columns = []
    for threaded in (False, True):
        clock.at_us = 5_000_000
        folder = tmp_path / str(threaded)
        folder.mkdir()
        journal = open_journal(folder, threaded=threaded)
        treat(journal)
        journal.close()
        columns.append(
            [
                _column(folder, "SELECT body FROM payloads WHERE number > 2 ORDER BY number"),
                _column(folder, "SELECT name FROM events ORDER BY number"),
                _column(folder, "SELECT elapsed_us || ' ' || utc_us FROM measurements"),
            ]
        )
    assert columns[0] == columns[1]
    assert len(columns[0][0]) > 70


@pytest.mark.proves("chain")
def test_every_sixty_measurements_and_the_end_of_a_session_are_sealed(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    treat(journal, seconds=70)
    seals = _column(
        tmp_path,
        "SELECT facts ->> 'first' || '-' || (facts ->> 'last') FROM facts "
        "WHERE name = 'measurements_sealed'",
    )
    assert seals == ["1-60", "61-70"]
    assert _names(tmp_path)[-1] == "session_closed"


@pytest.mark.proves("chain")
def test_a_seal_is_the_hash_of_the_rows_as_json_lines(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    treat(journal, seconds=2)
    with open_read_only(tmp_path) as db:
        rows = list(db.conn.execute("SELECT * FROM measurements ORDER BY number"))
    sha256 = _column(tmp_path, "SELECT facts ->> 'sha256' FROM facts WHERE name LIKE '%sealed'")
    lines = b"".join(canonical(list(row)) + b"\n" for row in rows)
    assert sha256 == [hashlib.sha256(lines).hexdigest()]


@pytest.mark.proves("chain")
def test_measurements_of_a_boot_cut_off_are_sealed_at_the_next_start(
    open_journal: Opener, treat: Treatment, power_cut: Callable[..., Path]
) -> None:
    journal = open_journal()
    treat(journal, seconds=5, ended=False)
    journal.flush()
    found = power_cut(journal)
    open_journal(found)
    with open_read_only(found) as db:
        report = verify(db)
    assert (report.measurements, report.unsealed, report.findings) == (5, 0, ())


@pytest.mark.proves("journal")
def test_a_full_queue_is_a_fault_and_its_losses_are_recorded(
    open_journal: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal()
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 3)
    monkeypatch.setattr(writer, "RESERVED", 0)
    numbers = [journal.append("level_changed", {}) for _ in range(5)]
    assert numbers == [3, 4, 5, 0, 0]
    assert journal.fault == "records come faster than they can be written"
    journal.flush()
    assert journal.append("trip", {}) == 7
    assert [journal.fault is None, journal.clear_fault(), journal.fault] == [False, True, None]
    assert _names(tmp_path)[2:] == ["level_changed"] * 3 + ["records_lost", "trip"]


@pytest.mark.proves("journal")
def test_what_was_lost_is_counted_once_at_the_end_too(
    open_journal: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal()
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 3)
    monkeypatch.setattr(writer, "RESERVED", 0)
    for _ in range(5):
        journal.append("level_changed", {})
    journal.flush()
    journal.close()
    with open_read_only(tmp_path) as db:
        told = "SELECT facts FROM facts WHERE name IN ('records_lost', 'shutdown') ORDER BY number"
        assert [facts for (facts,) in db.execute(told)] == ['{"count":2}', '{"lost":0}']


@pytest.mark.proves("journal")
def test_a_journal_thread_that_died_is_a_fault(
    open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal(threaded=True)
    journal._writer._inbox.put(None)  # type: ignore[attr-defined]
    journal._writer._thread.join()  # type: ignore[attr-defined]
    assert journal.fault == "the journal thread has ended"
    assert not journal.clear_fault()
    with pytest.raises(JournalError):
        journal.flush(0.01)


@pytest.mark.proves("journal")
def test_a_commit_that_fails_is_a_fault_and_is_made_good_later(
    open_journal: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal()
    before = journal.acknowledged
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", _refuse)
        promised = journal.append("trip", {"code": "T7"})
        assert (journal.fault, journal.acknowledged) == ("the card is gone", before)
        with pytest.raises(JournalError, match="the card is gone"):
            journal.flush()
    assert journal.clear_fault()
    assert journal.acknowledged == promised
    assert _names(tmp_path)[-1] == "trip"


def _refuse(_store: Store, _statements: object) -> None:
    raise JournalError("the card is gone")


@pytest.mark.proves("journal")
def test_an_event_without_room_is_handed_on_all_the_same(
    open_journal: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a stop while the disk is stuck leaves no incident either."""
    journal = open_journal()
    heard: list[tuple[object, ...]] = []
    journal.on_append = lambda *event: heard.append(event)
    assert journal.append(EventName.TRIP, {"code": "estop"}, "0001-001") > 0
    monkeypatch.setattr(journal._writer, "has_room", lambda *, urgent: False)
    assert journal.append(EventName.STOP, {"cause": "estop"}, "0001-001") == 0
    assert heard == [
        (EventName.TRIP, {"code": "estop"}, "0001-001"),
        (EventName.STOP, {"cause": "estop"}, "0001-001"),
    ]
