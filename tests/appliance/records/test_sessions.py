"""Sessions as events: closed once when interrupted, listed, shown, paged, erased."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from appliance.errors import ConfigError
from appliance.messages.replies import Page
from appliance.messages.wire import MAX_LINE_BYTES
from appliance.records.erasure import erase
from appliance.records.journal.interrupted import close_interrupted
from appliance.records.queries import (
    SessionRecord,
    list_sessions,
    nearest_sessions,
    read_page,
    read_session,
)
from appliance.records.session_events import (
    ChannelDose,
    EventName,
    LevelChanged,
    RecordedOutcome,
    SessionEndFacts,
    SessionStartFacts,
)
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.appliance.records.conftest import Opener, Treatment

OPENING = SessionStartFacts(
    programme="conventional",
    rig="virtual",
    board="reference",
    board_digest="b" * 64,
    plan_digest="p" * 64,
    prescription={"rate": 100},
    channels=(1, 2),
    region="lower back",
    pad_area_mm2=2_500,
    duration_us=60_000_000,
    operator="ada",
)
DOSE = ChannelDose(
    channel=1, level_ua=8_000, highest_ua=9_000, pulses=6_000, charge_pc=9_600_000_000, rms_ua=1_130
)
CLOSING = SessionEndFacts(
    outcome=RecordedOutcome.STOPPED,
    cause="stop pressed",
    elapsed_us=60_000_000,
    slices=2_400,
    channels=(DOSE,),
    layer="engine",
    time_to_zero_us=300_000,
)


def _read(folder: Path, session: str) -> SessionRecord:
    with open_read_only(folder) as db:
        record = read_session(db, session)
    assert record is not None
    return record


def test_a_session_is_shown_with_its_opening_events_and_dose(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    session = journal.new_session_id()
    journal.append(EventName.SESSION_OPENED, OPENING.facts(), session)
    change = LevelChanged(channel=1, from_ua=0, to_ua=500, slice_number=7, cause="tap")
    journal.append(EventName.LEVEL_CHANGED, change.facts(), session)
    journal.append(EventName.SESSION_CLOSED, CLOSING.facts(), session)
    record = _read(tmp_path, session)
    assert session == "0001-001"
    assert record.opening == OPENING.facts() | {"channels": [1, 2]}
    assert [event.facts for event in record.events][1] == change.facts()
    assert record.dose == (DOSE.facts(),)
    summary = record.summary
    assert (summary.programme, summary.operator, summary.outcome) == (
        "conventional",
        "ada",
        "stopped",
    )
    assert (summary.plan_digest, summary.board_digest) == ("p" * 64, "b" * 64)


def test_each_level_change_names_the_slice_it_played_from(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    treat(journal, seconds=3)
    with open_read_only(tmp_path) as db:
        rows = list(db.query("SELECT channel, to_ua, slice_number FROM level_changes"))
    assert [tuple(row.values()) for row in rows] == [(1, 500, 40), (1, 1000, 80), (1, 1500, 120)]


@pytest.fixture
def interrupted(
    open_journal: Opener, treat: Treatment, power_cut: Callable[..., Path]
) -> tuple[Path, str]:
    """The folder of an engine that lost power 30 s into a session, and that session."""
    journal = open_journal()
    session = treat(journal, seconds=30, ended=False)
    journal.flush()
    return power_cut(journal), session


@pytest.mark.proves("boot-locked")
def test_a_session_cut_off_is_closed_with_its_last_known_values(
    open_journal: Opener, interrupted: tuple[Path, str]
) -> None:
    folder, session = interrupted
    assert _read(folder, session).summary.outcome is None
    assert close_interrupted(open_journal(folder)) == (session,)
    record = _read(folder, session)
    closing = record.closing or {}
    assert (closing["outcome"], closing["cut_in_boot"]) == ("interrupted", 1)
    assert (closing["elapsed_us"], closing["slices"]) == (30_000_000, 1_200)
    (dose,) = record.dose
    assert (dose["level_ua"], dose["highest_ua"], dose["measured_ua"]) == (10_000, 10_000, 9_980)
    assert dose["pulses"] == 3_000


@pytest.mark.proves("boot-locked")
def test_the_last_level_counts_even_where_no_measurement_followed_it(
    open_journal: Opener, power_cut: Callable[..., Path]
) -> None:
    journal = open_journal()
    journal.append("session_opened", {}, "0001-001")
    for to_ua in (500, 1_000, 750):
        facts = {"channel": 2, "to_ua": to_ua, "slice_number": 9}
        journal.append("level_changed", facts, "0001-001")
    journal.flush()
    folder = power_cut(journal)
    close_interrupted(open_journal(folder))
    (dose,) = _read(folder, "0001-001").dose
    assert (dose["channel"], dose["level_ua"], dose["highest_ua"]) == (2, 750, 1_000)


@pytest.mark.proves("boot-locked")
def test_an_interrupted_session_is_closed_once(
    open_journal: Opener, interrupted: tuple[Path, str]
) -> None:
    folder, session = interrupted
    first = open_journal(folder)
    close_interrupted(first)
    assert close_interrupted(first) == ()
    first.close()
    assert close_interrupted(open_journal(folder)) == ()
    closings = [e for e in _read(folder, session).events if e.name == "session_closed"]
    assert len(closings) == 1


@pytest.mark.proves("boot-locked")
def test_the_session_of_this_boot_is_not_taken_for_interrupted(
    open_journal: Opener, treat: Treatment
) -> None:
    journal = open_journal()
    treat(journal, seconds=2, ended=False)
    assert close_interrupted(journal) == ()


def test_sessions_are_listed_newest_first_and_paged(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    ids = [treat(journal, seconds=1) for _ in range(5)]
    with open_read_only(tmp_path) as db:
        newest = list_sessions(db, limit=2)
        older = list_sessions(db, newest[-1].opening, 10)
    assert [row.id for row in (*newest, *older)] == ids[::-1]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM sessions WHERE id = '0001-001'",
        "SELECT id FROM sessions WHERE closing IS NULL",
        "SELECT * FROM level_changes WHERE session = '0001-001'",
        "SELECT * FROM measurements WHERE session = '0001-001'",
    ],
)
def test_questions_about_sessions_never_read_every_event(
    open_journal: Opener, tmp_path: Path, question: str
) -> None:
    open_journal()
    with open_read_only(tmp_path) as db:
        plan = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {question}")]
    assert not [step for step in plan if step.startswith(("SCAN", "MATERIALIZE"))]


def test_pages_of_a_long_session_fit_a_line_and_leave_nothing_out(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    journal.append("session_opened", {}, "0001-001")
    for index in range(300):
        journal.append("note", {"text": "x" * 900, "index": index}, "0001-001")
    journal.flush()
    numbers: list[int] = []
    after: int | None = 0
    with open_read_only(tmp_path) as db:
        while after is not None:
            page = read_page(db, "session:0001-001", after, 100)
            assert page is not None
            message = Page(request=1, rows=page.rows, next_after=page.next_after)
            assert len(msgspec.json.encode(message)) < MAX_LINE_BYTES
            numbers += [row["number"] for row in page.rows]
            after = page.next_after
    assert numbers == list(range(3, 304))


def test_pages_of_sessions_follow_each_other(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    ids = [treat(journal, seconds=1) for _ in range(5)]
    with open_read_only(tmp_path) as db:
        first = read_page(db, "sessions", 0, 3)
        assert first is not None
        second = read_page(db, "sessions", first.next_after or 0, 3)
    assert second is not None
    assert [row["id"] for row in (*first.rows, *second.rows)] == ids[::-1]
    assert second.next_after is None


@pytest.mark.parametrize("what", ["session:9999-001", "events", "", "session:"])
def test_a_page_of_nothing_known_is_none(open_journal: Opener, tmp_path: Path, what: str) -> None:
    open_journal()
    with open_read_only(tmp_path) as db:
        assert read_page(db, what, 0, 10) is None


def test_an_unknown_session_brings_the_nearest_ids(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    ids = [treat(journal, seconds=1) for _ in range(3)]
    with open_read_only(tmp_path) as db:
        assert nearest_sessions(db, "0001-02")[0] == ids[1]
        assert nearest_sessions(db, "what?") == tuple(ids[::-1])


def test_an_erased_person_is_gone_from_the_files_and_the_chain_verifies(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> None:
    journal = open_journal()
    session = treat(journal, seconds=3)
    opening = _read(tmp_path, session).summary.opening
    sheet = tmp_path / "sheets" / f"{session}.en.pdf"
    sheet.parent.mkdir()
    sheet.write_bytes(b"P-17")
    erase(journal, [opening], "asked for on paper")
    assert not sheet.exists()
    for path in tmp_path.glob("records.db*"):
        assert b"P-17" not in path.read_bytes(), path.name
    with open_read_only(tmp_path) as db:
        report = verify(db)
    assert (report.findings, report.erased) == ((), 1)
    assert _read(tmp_path, session).opening is None
    assert _read(tmp_path, session).summary.patient is None
    assert _read(tmp_path, session).summary.outcome == "finished"


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "\u202egone"])
def test_nothing_is_erased_for_a_reason_that_says_nothing(
    open_journal: Opener, treat: Treatment, tmp_path: Path, reason: str
) -> None:
    journal = open_journal()
    treat(journal, seconds=3)
    with pytest.raises(ConfigError, match="reason: asked"):
        erase(journal, [3], reason)
    with open_read_only(tmp_path) as db:
        assert verify(db).erased == 0


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([3, 999], "event 999 does not exist"),
        ([1], r"event 1 \(genesis\) must stay"),
        ([2], r"event 2 \(boot\) must stay"),
        ([3, 3, 4], None),
    ],
)
def test_what_cannot_be_erased_is_refused_as_a_whole(
    open_journal: Opener,
    treat: Treatment,
    tmp_path: Path,
    numbers: list[int],
    message: str | None,
) -> None:
    journal = open_journal()
    treat(journal, seconds=3)
    if message is None:
        erase(journal, numbers, "asked for")
        message, numbers = "event 3 was erased already", [3]
        expected = 2
    else:
        expected = 0
    with pytest.raises(ConfigError, match=message):
        erase(journal, numbers, "asked for")
    with open_read_only(tmp_path) as db:
        assert verify(db).erased == expected
