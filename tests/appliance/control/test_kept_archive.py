"""Reading records never stands in the way of writing them, nor of an engine's end."""

import threading
from pathlib import Path

import pytest

from appliance.control.commands import record_queries as archive_module
from appliance.control.commands.record_queries import RecordQueryThread
from appliance.link.interfaces import Answer, Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from tests.support.hang import HANG_S

pytestmark = pytest.mark.proves_none

PEER = Peer(1, "screen", Role.OWNER, 0, 0)


def asked(archive: RecordQueryThread, request: int) -> None:
    query = Query(request=request, what="sessions")
    archive.ask(Received(PEER, query), query)


def test_an_engine_does_not_wait_for_ever_for_a_reader_that_hangs_in_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: its last incident and its shutdown, written after this, never are."""
    reading, goes_on = threading.Event(), threading.Event()

    def hang(_: Path, query: Query) -> Answer:
        reading.set()
        goes_on.wait()
        return Page(request=query.request, rows=(), next_after=None)

    monkeypatch.setattr(archive_module, "answer_query", hang)
    monkeypatch.setattr(archive_module, "JOIN_S", 0.05)
    archive = RecordQueryThread(tmp_path)
    asked(archive, 0)
    assert reading.wait(HANG_S)
    for request in range(1, 10):
        asked(archive, request)
    ending = threading.Thread(target=archive.close, daemon=True)
    ending.start()
    ending.join(HANG_S)
    ended = not ending.is_alive()
    goes_on.set()
    assert ended


def test_a_disk_that_fails_a_reader_is_a_refusal_and_the_next_query_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    archive = RecordQueryThread(tmp_path)
    monkeypatch.setattr(Path, "exists", fail)
    for request in range(3):
        asked(archive, request)
    archive.close()
    monkeypatch.undo()
    answers = [answer for _, answer in archive.answers()]
    assert [each.request for each in answers] == [0, 1, 2]
    assert all(isinstance(each, Refused) for each in answers)
