"""What a client has sent is carried out completely, even if it has disconnected."""

import socket
import struct
from collections.abc import Iterator

import pytest

from tests.drivers.virtual.pigpiod.bench import Bench
from tests.drivers.virtual.pigpiod.driven import DrivenDaemon, frame

PUD, WRITE, TRIG, WVAG, PROC, PROCD, PROCR = 2, 4, 37, 28, 38, 39, 40
PROCP, MILS, WVCRE, WVTX, NOIB, BSPIO, BSPIX = 45, 47, 49, 51, 99, 112, 113
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER without waiting: closing sends a reset, as a killed program's unread replies do."""


@pytest.fixture(params=[False, True], ids=["real", "stepped"])
def board(request: pytest.FixtureRequest) -> Iterator[DrivenDaemon]:
    driven = DrivenDaemon(stepped=request.param)
    yield driven
    driven.close()


def send_and_go(board: DrivenDaemon, sent: bytes, *, reset: bool = False) -> None:
    """Send everything and close at once, before the board has read a byte of it."""
    client = board.connect()
    client.sendall(sent)
    if reset:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    client.close()


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_commands_behind_a_delay_are_carried_out(board: DrivenDaemon, reset: bool) -> None:
    send_and_go(board, frame(MILS, 100) + frame(WRITE, 17, 1), reset=reset)
    board.until(lambda: board.pins.level(17) == 1, length_us=1_000)
    board.until(lambda: board.server.clients == 0, length_us=1_000)
    assert board.timeline.now_us >= 100_000


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_trigger_pulse_is_completed(board: DrivenDaemon, reset: bool) -> None:
    seen: list[int] = []
    board.pins.subscribe(1 << 22, lambda _, levels: seen.append(levels >> 22 & 1))
    board.daemon._handlers[WRITE](22, 0, b"")
    send_and_go(board, frame(TRIG, 22, 100, struct.pack("<I", 1)), reset=reset)
    board.until(lambda: board.server.clients == 0, length_us=50)
    assert seen == [1, 0]


def test_a_pulse_is_completed_although_its_reply_cannot_be_sent(board: DrivenDaemon) -> None:
    """The replies before it cannot be sent; that error must not stop the commands."""
    board.daemon._handlers[WRITE](22, 0, b"")
    client = board.connect()
    client.sendall(frame(26) * 200 + frame(TRIG, 22, 100, struct.pack("<I", 1)))
    client.shutdown(socket.SHUT_WR)
    board.until(lambda: board.pins.level(22) == 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    client.close()
    board.until(lambda: board.server.clients == 0, length_us=50)
    assert board.pins.level(22) == 0


def test_a_first_wave_still_plays(board: DrivenDaemon) -> None:
    pulse = struct.pack("<III", 1 << 17, 0, 10)
    send_and_go(board, frame(WRITE, 17, 0) + frame(WVAG, 0, 0, pulse) + frame(WVCRE) + frame(WVTX))
    board.until(lambda: board.pins.level(17) == 1, length_us=100)
    assert board.timeline.now_us >= 2_000


def test_a_bit_banged_exchange_releases_its_chip_select(board: DrivenDaemon) -> None:
    lines = struct.pack("<IIIII", 9, 10, 11, 10_000, 0)
    send_and_go(board, frame(BSPIO, 8, 0, lines) + frame(BSPIX, 8, 0, b"\x01\x02\x03"))
    board.until(lambda: board.server.clients == 0, length_us=100)
    assert board.pins.level(8) == 1


def test_the_slot_of_a_sleeping_script_is_freed(board: DrivenDaemon) -> None:
    client = board.connect()
    client.sendall(frame(PROC, 0, 0, b"mils 500") + frame(MILS, 1) + frame(PROCR, 0))
    board.answer(client, 48, length_us=100)
    send_and_go(board, frame(PROCD, 0))
    board.until(lambda: board.server.clients == 1, length_us=1_000)
    client.sendall(frame(PROCP, 0))
    assert struct.unpack("<IIIi", board.answer(client))[3] == -48


def test_a_client_that_only_closed_its_half_gets_its_reply(board: DrivenDaemon) -> None:
    client = board.connect()
    client.sendall(frame(MILS, 100) + frame(26))
    client.shutdown(socket.SHUT_WR)
    replies = board.answer(client, 32, length_us=1_000)
    assert struct.unpack("<IIII", replies[16:]) == (26, 0, 0, 79)
    board.until(lambda: board.server.clients == 0)
    assert client.recv(1) == b""


def test_an_incomplete_command_is_not_carried_out(board: DrivenDaemon) -> None:
    send_and_go(board, frame(WRITE, 17, 1) + frame(WVAG, 0, 0, bytes(24))[:-1])
    board.until(lambda: board.server.clients == 0)
    assert board.pins.level(17) == 1


def test_handles_close_only_after_the_last_command(board: DrivenDaemon) -> None:
    send_and_go(board, frame(NOIB) + frame(MILS, 100) + frame(WRITE, 17, 1))
    handles = board.daemon._alerts.reports._handles
    board.until(lambda: handles[0] is not None)
    board.until(lambda: board.server.clients == 0, length_us=1_000)
    assert board.pins.level(17) == 1
    assert handles[0] is None


def test_a_killed_daemon_completes_no_command(board: DrivenDaemon) -> None:
    send_and_go(board, frame(MILS, 100) + frame(WRITE, 17, 1))
    board.turn(1_000)
    board.daemon.kill()
    assert board.server.clients == 0
    board.timeline.advance_to(200_000_000)
    assert board.pins.level(17) == 0


def test_a_stopped_daemon_carries_commands_out_when_it_resumes(board: DrivenDaemon) -> None:
    client = board.connect()
    board.daemon.stall(True)
    client.sendall(frame(WRITE, 17, 1))
    client.close()
    for _ in range(5):
        board.turn(1_000)
    assert board.pins.level(17) == 0
    board.daemon.stall(False)
    board.until(lambda: board.server.clients == 0)
    assert board.pins.level(17) == 1


def test_an_in_process_client_may_disconnect_too(bench: Bench) -> None:
    bench.outputs(22)
    bench.pi.socket.sendall(frame(TRIG, 22, 100, struct.pack("<I", 1)) + frame(WRITE, 23, 1))
    bench.pi.socket.close()
    bench.run_us(50)
    assert bench.pins.level(22) == 1
    bench.run_us(100)
    assert (bench.pins.level(22), bench.pins.level(23)) == (0, 1)
    assert bench.pi.socket.session.closed
