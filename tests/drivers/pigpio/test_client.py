"""The pigpio client over a bare socket: an answer in time, or `DaemonLost`."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from drivers.errors import DaemonLost, DaemonRefused, NotConnected
from drivers.pigpio.client import ClientSocket, StreamClient, TcpConnect
from drivers.pigpio.notifications import Notifications, TickCounter

HEADER = struct.Struct("<IIIi")
Answer = Callable[[int, int, int], int | None]
BR1, BC1, TICK, NOIB, WVDEL, PROCU = 10, 12, 16, 99, 50, 117


class Daemon:
    """The far ends of socket pairs, answered by a thread each; a reply of None means no answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.ends: list[socket.socket] = []

    def connect(self) -> ClientSocket:
        near, far = socket.socketpair()
        self.ends += [near, far]
        threading.Thread(target=self._serve, args=(far,), daemon=True).start()
        return near

    def _serve(self, far: socket.socket) -> None:
        try:
            while request := far.recv(16):
                command, first, second, length = HEADER.unpack(request)
                if length:
                    far.recv(length)
                result = self._answer(command, first, second)
                if result is None:
                    continue
                reply = struct.pack("<IIII", command, first, second, result & 0xFFFFFFFF)
                far.sendall(reply[:5])  # a stream may arrive in any parts
                far.sendall(reply[5:])
        except OSError:
            return

    def close(self) -> None:
        for end in self.ends:
            end.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Daemon]]:
    daemons: list[Daemon] = []

    def start(answer: Answer) -> Daemon:
        daemons.append(Daemon(answer))
        return daemons[-1]

    yield start
    for daemon in daemons:
        daemon.close()


Serve = Callable[[Answer], Daemon]


def test_an_answer_in_pieces_is_put_together(serve: Serve) -> None:
    client = StreamClient(serve(lambda command, first, second: 0).connect)
    assert client.clear_bank_1(3) == 0
    client.stop()


def test_an_error_code_raises_daemon_refused_that_names_the_command(serve: Serve) -> None:
    client = StreamClient(serve(lambda command, first, second: -66).connect)
    with pytest.raises(DaemonRefused, match=r"wave_delete: .*wave id"):
        client.wave_delete(7)
    client.stop()


@pytest.mark.realtime
def test_a_daemon_that_does_not_answer_is_lost_after_20_ms(serve: Serve) -> None:
    client = StreamClient(serve(lambda command, first, second: None).connect)
    assert client.wire._link is not None
    assert client.wire._link.gettimeout() == 0.020  # type: ignore[attr-defined]
    began = time.monotonic()
    with pytest.raises(DaemonLost, match="did not answer in time"):
        client.clear_bank_1(3)
    assert time.monotonic() - began > 0.015


@pytest.mark.realtime
def test_connecting_to_a_frozen_daemon_with_a_full_queue_fails_after_a_tenth_of_a_second() -> None:
    """Hazard: the tick that reconnects after a trip waits a second, and so does a person's tap."""
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen(0)
        with ExitStack() as waiting:
            for _ in range(4):
                caller = waiting.enter_context(socket.socket())
                caller.setblocking(False)
                caller.connect_ex(frozen.getsockname())
            began = time.monotonic()
            with pytest.raises(NotConnected, match="timed out"):
                TcpConnect(*frozen.getsockname())()
            assert time.monotonic() - began < 0.25


def test_a_late_answer_is_never_taken_for_the_answer_to_the_next_request(serve: Serve) -> None:
    answers = iter([None, 0, 0])
    client = StreamClient(serve(lambda command, first, second: next(answers)).connect)
    with pytest.raises(DaemonLost):
        client.clear_bank_1(3)
    with pytest.raises(DaemonLost, match="connection dropped"):
        client.clear_bank_1(3)


def test_a_daemon_that_died_is_lost_at_once(serve: Serve) -> None:
    daemon = serve(lambda command, first, second: 0)
    client = StreamClient(daemon.connect)
    daemon.ends[1].shutdown(socket.SHUT_RDWR)
    with pytest.raises(DaemonLost, match="gone"):
        client.clear_bank_1(3)


def test_requests_are_counted_by_purpose(serve: Serve) -> None:
    client = StreamClient(serve(lambda command, first, second: 0).connect)
    client.wave_delete(1)
    client.wave_tx_at()
    client.update_script(0, (1,))
    client.clear_bank_1(1)
    assert client.round_trips() == {"wave": 2, "guard": 1, "other": 1}
    client.stop()


def test_a_refused_connection_names_the_address_and_what_to_start() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(NotConnected, match=rf"127\.0\.0\.1:{port} .*stimkiosk board"):
            TcpConnect("127.0.0.1", port)()


@pytest.mark.parametrize(
    ("start", "ticks", "unwrapped"),
    [
        (0, [5, 10], [5, 10]),
        (0xFFFFFFF0, [0xFFFFFFFF, 0x10], [0xFFFFFFFF, 0x1_0000_0010]),
        (0xFFFFFFF0, [0x10, 0xFFFFFFF8], [0x1_0000_0010, 0xFFFFFFF8]),
    ],
)
def test_an_unwrapped_tick_keeps_growing_when_the_counter_wraps(
    start: int, ticks: list[int], unwrapped: list[int]
) -> None:
    counter = TickCounter(start)
    assert [counter.unwrap(tick) for tick in ticks] == unwrapped


def reports_of(serve: Serve) -> tuple[Notifications, socket.socket]:
    answers = {TICK: 1_000, BR1: 1 << 16, NOIB: 0}
    daemon = serve(lambda command, first, second: answers.get(command, 0))
    notifications = Notifications(StreamClient(daemon.connect))
    return notifications, daemon.ends[3]


def test_reports_are_read_without_waiting_and_split_at_their_boundaries(serve: Serve) -> None:
    notifications, far = reports_of(serve)
    assert notifications.read() == []
    raw = struct.pack("<HHII", 0, 0, 2_000, 5) + struct.pack("<HHII", 1, 0, 3_000, 4)
    far.sendall(raw[:17])
    assert notifications.read() == [(2_000, 5)]
    far.sendall(raw[17:])
    assert notifications.read() == [(3_000, 4)]
    notifications.close()


def test_a_keep_alive_report_advances_the_tick_but_is_no_change(serve: Serve) -> None:
    notifications, far = reports_of(serve)
    far.sendall(struct.pack("<HHII", 0, 1 << 6, 0x7000_0000, 5))
    far.sendall(struct.pack("<HHII", 1, 1 << 6, 0xE000_0000, 5))
    far.sendall(struct.pack("<HHII", 2, 0, 0x1000_0000, 5))
    assert notifications.read() == [(0x1_1000_0000, 5)]
    notifications.close()


def test_a_missing_report_raises_daemon_lost(serve: Serve) -> None:
    notifications, far = reports_of(serve)
    far.sendall(struct.pack("<HHII", 1, 0, 2_000, 5))
    with pytest.raises(DaemonLost, match="report 0 is missing"):
        notifications.read()
    notifications.close()


def test_one_lost_report_raises_daemon_lost_only_once(serve: Serve) -> None:
    """Hazard: a device that trips at every start until the engine is restarted."""
    notifications, far = reports_of(serve)
    far.sendall(struct.pack("<HHII", 3, 0, 2_000, 5) + struct.pack("<HHII", 4, 0, 2_500, 4))
    with pytest.raises(DaemonLost, match="report 0 is missing, 3 came instead"):
        notifications.read()
    far.sendall(struct.pack("<HHII", 5, 0, 3_000, 5))
    assert notifications.read() == [(3_000, 5)]
    far.sendall(struct.pack("<HHII", 7, 0, 3_500, 5))
    with pytest.raises(DaemonLost, match="report 6 is missing"):
        notifications.read()
    notifications.close()


def test_the_end_of_the_report_connection_raises_daemon_lost(serve: Serve) -> None:
    notifications, far = reports_of(serve)
    far.shutdown(socket.SHUT_RDWR)
    with pytest.raises(DaemonLost, match="connection closed"):
        notifications.read()
    notifications.close()


def test_the_port_of_a_closed_connection_no_longer_counts_as_ours() -> None:
    """Hazard: another program that gets the port of a dropped connection counts as the engine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect = TcpConnect("127.0.0.1", server.getsockname()[1])
        first, second = connect(), connect()
        assert len(connect.ports) == 2
        both = connect.ports
        first.close()
        assert len(connect.ports) == 1
        assert connect.ports < both
        second.close()
        assert connect.ports == frozenset()
