"""No client delays another's answer; without free file descriptors the board stops accepting."""

import errno
import socket
import struct
from collections.abc import Iterator

import pytest

from drivers.virtual.host.fair_service import PIECE_NS, TURN_NS, Enough, FairService
from drivers.virtual.host.listener import ACCEPTS, RETRY_S, Listener
from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pigpiod import server
from tests.drivers.virtual.pigpiod.driven import LOOK_NS, DrivenDaemon, frame

PIGPV, WVHLT, MILS, WVAG = 26, 33, 47, 28
FLOOD = frame(PIGPV) * 4_096


@pytest.fixture
def board() -> Iterator[DrivenDaemon]:
    driven = DrivenDaemon()
    yield driven
    driven.close()


class EndlessClient:
    """A client that always has another command; each takes a tenth of a piece of time."""

    def __init__(self, clock: list[int], step_ns: int = PIECE_NS // 10) -> None:
        self.used_ns = 0
        self.queued = False
        self.served: list[int] = []
        self._clock = clock
        self._step_ns = step_ns

    def serve(self, enough: Enough) -> bool:
        self.served.append(self._clock[0])
        while not enough():
            self._clock[0] += self._step_ns
        return True


def test_a_turn_ends_however_many_commands_wait() -> None:
    clock = [0]
    service = FairService(monotonic_ns=lambda: clock[0])
    flooding = [EndlessClient(clock) for _ in range(16)]
    for client in flooding:
        service.ask(client)
    service.handle([])
    assert TURN_NS <= clock[0] <= TURN_NS + PIECE_NS
    assert service.waiting
    service.close()


def test_clients_that_flood_are_served_equally() -> None:
    clock = [0]
    service = FairService(monotonic_ns=lambda: clock[0])
    slow, *flooding = [
        EndlessClient(clock, 40 * PIECE_NS),
        *(EndlessClient(clock) for _ in range(15)),
    ]
    for client in (slow, *flooding):
        service.ask(client)
    for _ in range(400):
        service.handle([])
    counts = [len(client.served) for client in flooding]
    assert max(counts) - min(counts) <= 1
    # Each command takes forty times as long, so it is served a fortieth as often.
    assert len(slow.served) == pytest.approx(counts[0] / 40, abs=1.5)
    service.close()


def test_a_client_with_rare_requests_is_served_next_without_credit_for_idle_time() -> None:
    clock = [0]
    service = FairService(monotonic_ns=lambda: clock[0])
    flooding = [EndlessClient(clock) for _ in range(16)]
    for client in flooding:
        service.ask(client)
    for _ in range(100):
        service.handle([])
    late = EndlessClient(clock)
    service.ask(late)
    asked_ns = clock[0]
    for _ in range(100):
        service.handle([])
    assert late.served[0] - asked_ns <= PIECE_NS
    counts = [sum(at >= asked_ns for at in client.served) for client in (late, *flooding)]
    assert max(counts) - min(counts) <= 2
    service.close()


def test_the_commands_of_one_client_are_carried_out_in_pieces_of_time(board: DrivenDaemon) -> None:
    flooding = [board.connect() for _ in range(16)]
    other = board.connect()
    for client in flooding:
        client.sendall(FLOOD)
    for _ in range(20):
        board.turn()
    other.sendall(frame(WVHLT))
    asked_ns = board.clock_ns
    board.answer(other)
    assert board.clock_ns - asked_ns <= TURN_NS + 4 * PIECE_NS
    waiting = [session.backlog for session in board.daemon._sessions]
    assert sum(backlog > 0 for backlog in waiting) == len(flooding)


def test_commands_behind_a_delay_wait_for_their_turn(board: DrivenDaemon) -> None:
    """Commands that wait behind a slow one must not all be carried out at once when it ends."""
    client = board.connect()
    client.sendall(frame(MILS, 1) + FLOOD)
    board.answer(client, 16, length_us=100)
    before_ns = board.clock_ns
    board.turn()
    assert board.daemon._sessions[0].backlog > len(FLOOD) // 2
    assert board.clock_ns - before_ns <= TURN_NS + 4 * PIECE_NS
    board.answer(client, len(FLOOD))


def test_a_client_that_does_not_read_is_paused_and_loses_no_reply(
    board: DrivenDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_UNREAD_BYTES", 512)
    monkeypatch.setattr(server, "MAX_PENDING_BYTES", 4_096)
    listening = board.server._listener._socket
    assert listening is not None
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    client = board.connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.sendall(FLOOD)
    for _ in range(len(FLOOD) // 16):
        board.turn()
    assert board.server.clients == 1
    assert board.daemon._sessions[0].backlog > 0
    assert board.answer(client, len(FLOOD)) == struct.pack("<IIII", PIGPV, 0, 0, 79) * 4_096


class FullTable(socket.socket):
    """A listening socket of a process that has no free file descriptor."""

    full = True
    tries = 0

    def accept(self) -> tuple[socket.socket, object]:
        self.tries += 1
        if self.full:
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


def test_without_file_descriptors_the_board_pauses_accepting_and_accepts_clients_later() -> None:
    clock = [0]
    said: list[str] = []
    taken: list[socket.socket] = []
    service = FairService(monotonic_ns=lambda: clock[0])
    listening = FullTable(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listener = Listener(listening, taken.append, BoardNotices(said.append))
    listener.register(service)
    with socket.create_connection(listening.getsockname(), 60):
        for _ in range(10):
            service.handle(service.wait(0))
        assert listening.tries == 1
        for _ in range(5):
            clock[0] += round(RETRY_S * 1e9)
            service.handle(service.wait(0))
            service.handle(service.wait(0))
        assert listening.tries == 6
        assert said == [
            "board: cannot take another connection (Too many open files); new ones wait"
        ]
        listening.full = False
        clock[0] += round(RETRY_S * 1e9)
        service.handle(service.wait(0))
        service.handle(service.wait(0))
        assert len(taken) == 1
    listener.close()
    clock[0] += round(RETRY_S * 1e9)
    service.handle(service.wait(0))
    taken[0].close()
    service.close()


def test_clients_that_connect_all_at_once_are_accepted_a_few_at_a_time(board: DrivenDaemon) -> None:
    address = ("127.0.0.1", board.server.port)
    came = [socket.create_connection(address, 60) for _ in range(ACCEPTS + 10)]
    board.turn()
    assert board.server.clients == ACCEPTS
    board.until(lambda: board.server.clients == len(came))
    for client in came:
        client.close()


def test_five_clock_steps_of_the_test_are_one_piece() -> None:
    assert LOOK_NS * 5 == PIECE_NS
