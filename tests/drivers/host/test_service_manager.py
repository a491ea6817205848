"""What the service manager is told: readiness at the first turn, and turns that really happened."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.host.service_manager import ServiceManager

Limit = dict[str, str]


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        yield listener


def messages(listener: socket.socket) -> list[bytes]:
    told = []
    while True:
        try:
            told.append(listener.recv(1_000))
        except BlockingIOError:
            return told


class Machine:
    """A process whose time is stepped; its manager is closed with the test."""

    def __init__(
        self, listener: socket.socket, request: pytest.FixtureRequest, limit: Limit
    ) -> None:
        self.now_s = 100.0
        environment = {"NOTIFY_SOCKET": listener.getsockname(), **limit}
        self.manager = ServiceManager(environment, lambda: self.now_s)
        request.addfinalizer(self.manager.close)


@pytest.fixture
def start(heard: socket.socket, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    return lambda **limit: Machine(heard, request, limit)


def test_nothing_is_said_before_the_first_turn_and_readiness_with_it(
    heard: socket.socket, start: Callable[..., Machine]
) -> None:
    machine = start()
    assert messages(heard) == []
    machine.manager.turned()
    assert messages(heard) == [b"READY=1\nWATCHDOG=1"]


def test_the_watchdog_is_fed_four_times_within_its_limit_and_by_turns_only(
    heard: socket.socket, start: Callable[..., Machine]
) -> None:
    machine = start(WATCHDOG_USEC="4000000")
    for _ in range(400):
        machine.manager.turned()
        machine.now_s += 0.01
    assert messages(heard) == [b"READY=1\nWATCHDOG=1", *[b"WATCHDOG=1"] * 3]
    machine.now_s += 1_000
    assert messages(heard) == []
    machine.manager.turned()
    assert messages(heard) == [b"WATCHDOG=1"]


@pytest.mark.parametrize(
    "limit", [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}]
)
def test_a_process_without_a_watchdog_of_its_own_feeds_none(
    heard: socket.socket, start: Callable[..., Machine], limit: Limit
) -> None:
    machine = start(**limit)
    machine.manager.turned()
    machine.now_s += 100
    machine.manager.turned()
    assert messages(heard) == [b"READY=1\nWATCHDOG=1"]


def test_the_end_is_said(heard: socket.socket, start: Callable[..., Machine]) -> None:
    start().manager.stopping()
    assert messages(heard) == [b"STOPPING=1"]


def test_a_socket_without_a_file_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0stimkiosk-test-notify")
        with closing(ServiceManager({"NOTIFY_SOCKET": "@stimkiosk-test-notify"})) as manager:
            manager.turned()
        assert listener.recv(100) == b"READY=1\nWATCHDOG=1"


def test_a_reader_that_reads_nothing_never_holds_a_turn_up(
    heard: socket.socket, start: Callable[..., Machine]
) -> None:
    machine = start(WATCHDOG_USEC="4")
    for _ in range(5_000):
        machine.now_s += 1
        machine.manager.turned()
    assert 1 < len(messages(heard)) < 5_000


def test_without_a_service_manager_nothing_is_sent(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": str(tmp_path / "nobody")}):
        manager = ServiceManager(environment)
        manager.turned()
        manager.stopping()
        manager.close()
        manager.close()
