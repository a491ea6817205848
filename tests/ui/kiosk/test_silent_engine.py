"""An engine that hangs during a treatment: the screen says so, and later what the engine says."""

import os
import signal
from pathlib import Path

import pytest

from appliance.link.engine_socket import link_path
from appliance.records.queries import list_sessions, read_session
from appliance.records.storage.store import open_read_only
from tests.campaigns.bench.kiosk_alarms import fall_silent, speak_again
from tests.campaigns.bench.kiosk_drawing import MEASURED, look_on
from tests.campaigns.bench.kiosk_touch import LEVEL_UA, flows
from tests.campaigns.bench.processes import BoardProcess, EngineProcess, a_director, lead
from tests.support.kiosk.hands import a_kiosk

SHOWN_NS, ZERO_US = 500_000_000, 100_000


@pytest.mark.slow
@pytest.mark.realtime
def test_a_hanging_engine_is_shown_within_half_a_second_and_told_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with (
        BoardProcess(tmp_path) as board,
        EngineProcess(board, data) as engine,
        a_kiosk(link_path(data), module=MEASURED) as kiosk,
    ):
        lead(engine.link, a_director("conventional-tens", LEVEL_UA, (1,)), flows, 60)
        kiosk.wait("treatment")
        look_on(engine.link, 0.5)
        silent_ns, shown_ns = fall_silent(kiosk, engine)
        try:
            assert shown_ns is not None
            assert shown_ns - silent_ns <= SHOWN_NS
            assert "NO CONTACT TO ENGINE" in kiosk.texts()
            assert "0.0" not in kiosk.texts()
            assert not board.control.ask("status")["status"]["enabled"]
        finally:
            os.kill(engine.pid, signal.SIGCONT)
        speak_again(kiosk, engine)
        kiosk.wait("stopped")
        texts = kiosk.texts()
        assert "STOPPED" in texts
        assert "output at zero after" in texts
        assert "the last slice sent" in texts  # what ended it, while nobody could say so
        assert not board.control.ask("status")["status"]["enabled"]
    with open_read_only(data) as db:
        [listed] = list_sessions(db)
        session = read_session(db, listed.id)
    assert session is not None
    [stop] = [dict(each.facts or {}) for each in session.events if each.name == "stop"]
    assert (listed.outcome, stop["cause_known_by"]) == ("tripped", "silence")
    assert int(str(stop["time_to_zero_us"])) <= ZERO_US
