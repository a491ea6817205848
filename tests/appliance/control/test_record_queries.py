"""Queries are answered off the control thread, and refused when too many wait."""

from pathlib import Path

import pytest

from appliance.control.commands.record_queries import MAX_WAITING, RecordQueryThread
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.records.journal.journal import Journal
from appliance.records.wall_clock import SteppedWallClock
from drivers.clock import SystemClock

pytestmark = pytest.mark.proves("bad-input")

PEER = Peer(1, "screen", Role.OWNER, 0, 0)


def asked(archive: RecordQueryThread, request: int, what: str = "sessions") -> None:
    query = Query(request=request, what=what)
    archive.ask(Received(PEER, query), query)


def test_every_query_is_answered_once_with_a_page_or_a_refusal(tmp_path: Path) -> None:
    clock = SystemClock()
    journal = Journal.open(tmp_path, SteppedWallClock(clock, 0), clock, threaded=False)
    archive = RecordQueryThread(tmp_path)
    for request in range(MAX_WAITING * 4):
        asked(archive, request, "sessions" if request % 2 else "nonsense")
    archive.close()
    answers = archive.answers()
    journal.close()
    assert sorted(answer.request for _, answer in answers) == list(range(MAX_WAITING * 4))
    assert all(isinstance(answer, Page | Refused) for _, answer in answers)
    assert archive.answers() == ()


@pytest.mark.proves_none
def test_a_folder_without_records_is_a_refusal(tmp_path: Path) -> None:
    archive = RecordQueryThread(tmp_path)
    asked(archive, 1)
    archive.close()
    ((_, answer),) = archive.answers()
    assert isinstance(answer, Refused)
