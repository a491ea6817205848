"""Queries of the records: answered off the control thread, without ever delaying the engine."""

import threading
from pathlib import Path

import pytest

from appliance.control.commands import record_queries
from appliance.control.commands.record_queries import MAX_WAITING, RecordQueries
from appliance.link.interfaces import Answer, Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.records.journal.journal import Journal
from appliance.records.wall_clock import SteppedWallClock
from drivers.clock import SystemClock
from tests.support.hang import HANG_S

pytestmark = pytest.mark.proves("bad-input")

PEER = Peer(1, "screen", Role.OWNER, 0, 0)


def asked(queries: RecordQueries, request: int, what: str = "sessions") -> None:
    query = Query(request=request, what=what)
    queries.ask(Received(PEER, query), query)


def test_every_query_is_answered_once_with_a_page_or_a_refusal(tmp_path: Path) -> None:
    clock = SystemClock()
    journal = Journal.open(tmp_path, SteppedWallClock(clock, 0), clock, threaded=False)
    queries = RecordQueries(tmp_path, threaded=True)
    for request in range(MAX_WAITING * 4):
        asked(queries, request, "sessions" if request % 2 else "nonsense")
    queries.close()
    answers = queries.answers()
    journal.close()
    assert sorted(answer.request for _, answer in answers) == list(range(MAX_WAITING * 4))
    assert all(isinstance(answer, Page | Refused) for _, answer in answers)
    assert queries.answers() == ()


@pytest.mark.proves_none
def test_a_query_of_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    queries = RecordQueries(tmp_path, threaded=True)
    asked(queries, 1)
    queries.close()
    ((_, answer),) = queries.answers()
    assert isinstance(answer, Refused)


@pytest.mark.proves_none
def test_closing_does_not_wait_for_ever_for_a_query_that_hangs_in_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: the last incident and the shutdown, which are recorded after this, are lost."""
    reading, goes_on = threading.Event(), threading.Event()

    def hang(_: Path, query: Query) -> Answer:
        reading.set()
        goes_on.wait()
        return Page(request=query.request, rows=(), next_after=None)

    monkeypatch.setattr(record_queries, "answer_query", hang)
    monkeypatch.setattr(record_queries, "JOIN_S", 0.05)
    queries = RecordQueries(tmp_path, threaded=True)
    asked(queries, 0)
    assert reading.wait(HANG_S)
    for request in range(1, 10):
        asked(queries, request)
    ending = threading.Thread(target=queries.close, daemon=True)
    ending.start()
    ending.join(HANG_S)
    ended = not ending.is_alive()
    goes_on.set()
    assert ended


@pytest.mark.proves_none
def test_a_disk_error_refuses_the_query_and_the_next_one_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    queries = RecordQueries(tmp_path, threaded=True)
    monkeypatch.setattr(Path, "exists", fail)
    for request in range(3):
        asked(queries, request)
    queries.close()
    monkeypatch.undo()
    answers = [answer for _, answer in queries.answers()]
    assert [each.request for each in answers] == [0, 1, 2]
    assert all(isinstance(each, Refused) for each in answers)
