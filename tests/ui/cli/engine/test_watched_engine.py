"""An engine under a service manager: what it is told of turns, and who may connect."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.link.engine_socket import ENVIRONMENT, link_path
from drivers.host.service_manager import ServiceManager
from tests.support.clinic import Clinic, open_clinic
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import House, one_line

READY, FED, ENDING = b"READY=1\nWATCHDOG=1", b"WATCHDOG=1", b"STOPPING=1"


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(HANG_S)
        yield listener


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path) as opened:
        yield opened


def test_an_engine_is_ready_with_its_first_turn_and_says_that_it_ends(
    house: House, manager: socket.socket
) -> None:
    _, port = house.board()
    watched = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "100000"}
    engine = house.start("engine", "--port", port, **watched)
    told = [manager.recv(100) for _ in range(4)]
    assert told == [READY, FED, FED, FED]
    engine.send_signal(signal.SIGTERM)
    while (message := manager.recv(100)) == FED:
        pass
    assert message == ENDING
    assert engine.wait(HANG_S) == 0


def test_a_turn_that_failed_does_not_feed_the_watchdog(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch, clinic: Clinic
) -> None:
    """Hazard: a loop that fails each turn, and is still taken for a living one."""

    def fails() -> None:
        raise ZeroDivisionError

    watched = ServiceManager({"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "4"})
    clinic.engine.manager = watched
    clinic.engine.step()
    assert manager.recv(100) == READY
    monkeypatch.setattr(clinic.engine.loop, "tick", fails)
    manager.setblocking(False)
    with pytest.raises(ZeroDivisionError):
        clinic.engine.step()
    with pytest.raises(BlockingIOError):
        manager.recv(100)
    watched.close()


def test_the_socket_of_the_units_is_where_the_environment_says(
    house: House, tmp_path: Path
) -> None:
    _, port = house.board()
    place = tmp_path / "run" / "engine.sock"
    named = {ENVIRONMENT: str(place)}
    engine = house.start("engine", "--port", port, "--kiosk-user", "nobody", **named)
    assert str(place) in one_line(house.first_line(engine))
    assert stat.S_IMODE(place.stat().st_mode) == 0o660
    assert house.run("status", **named).returncode == 0
    assert house.run("status").returncode == 3


def test_without_a_user_of_the_kiosk_nobody_else_may_connect(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    assert stat.S_IMODE(link_path(house.data).stat().st_mode) == 0o600


def test_a_relative_path_in_the_environment_is_no_socket(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "engine.sock")
    assert link_path(tmp_path) == tmp_path / "run" / "engine.sock"
    monkeypatch.setenv(ENVIRONMENT, "/run/stimkiosk/engine.sock")
    assert os.fspath(link_path(tmp_path)) == "/run/stimkiosk/engine.sock"


def test_a_board_left_by_a_killed_engine_is_made_safe_and_a_new_engine_begins_locked(
    house: House,
) -> None:
    """Hazard: a service manager that restarts the engine would bring the output back."""
    _, port = house.board()
    engine = house.engine(port)
    engine.kill()
    engine.wait(HANG_S)
    made = house.run("safe-levels", "--port", port)
    assert made.returncode == 0
    assert "output is off" in made.stdout
    house.engine(port)
    assert house.run("status").stdout.splitlines()[0].split() == ["state", "locked"]
