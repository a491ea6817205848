"""Records are read over the socket of a running engine, while it treats and afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.replies import Page, Refused
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import TREAT, House, a_house, wait_until

pytestmark = pytest.mark.realtime


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as opened:
        yield opened


def _rows(client: LinkClient, what: str, limit: int) -> list[dict[str, Any]]:
    """Read page after page to the end."""
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = client.query(what, after=after, limit=limit)
        assert isinstance(page, Page)
        assert len(page.rows) <= limit
        rows += page.rows
        after = page.next_after
    return rows


def test_a_session_can_be_read_while_it_runs_and_once_it_has_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(house.runtime))
    _, port = house.board()
    house.engine(port)
    with LinkClient.connect(link_path(house.data), "reader") as reader:
        assert _rows(reader, "sessions", 5) == []
        treat = house.start(*TREAT, "--level", "2", "--seconds", "2", "--json", PIGPIO_PORT=port)
        wait_until(lambda: _rows(reader, "sessions", 5) or treat.poll() is not None, "a session")
        (running,) = _rows(reader, "sessions", 5)
        assert running["closing"] is None
        session = f"session:{running['id']}"
        assert _rows(reader, session, 2)[0]["name"] == "session_opened"
        stdout, _ = treat.communicate(timeout=HANG_S)
        assert json.loads(stdout)["session"] == running["id"]
        wait_until(lambda: _rows(reader, "sessions", 5)[0]["closing"], "it is closed")
        events = _rows(reader, session, 3)
        assert events == _rows(reader, session, 100)
        assert {"stop", "session_closed"} <= {event["name"] for event in events}
        assert isinstance(reader.query("session:0009-009"), Refused)
