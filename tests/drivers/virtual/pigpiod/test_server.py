"""The TCP side under pressure: many clients, broken frames, slow readers, a killed daemon."""

import random
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from drivers.errors import PortInUse
from drivers.virtual.pigpiod.server import MAX_PENDING_BYTES, DaemonServer
from tests.drivers.virtual.pigpiod.live import LiveDaemon
from tests.support.hang import HANG_S

PIGPV = struct.pack("<IIII", 26, 0, 0, 0)


@pytest.fixture
def connect(live: LiveDaemon) -> Iterator["ClientSockets"]:
    made = ClientSockets(live.port)
    yield made
    made.close()


class ClientSockets:
    """Opens client sockets and closes them at the end."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: list[socket.socket] = []

    def __call__(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self._port), 5)
        self._open.append(client)
        return client

    def close(self) -> None:
        for client in self._open:
            client.close()


def is_answered(client: socket.socket) -> bool:
    client.sendall(PIGPV)
    answer = client.recv(16)
    return len(answer) == 16 and answer[12] == 79


def is_closed(client: socket.socket) -> bool:
    try:
        return client.recv(16) == b""
    except ConnectionError:
        return True


def test_150_clients_at_once_are_all_answered(live: LiveDaemon, connect: ClientSockets) -> None:
    clients = [connect() for _ in range(150)]
    for client in clients:
        client.sendall(PIGPV)
    assert all(len(client.recv(16)) == 16 for client in clients)
    assert live.do(lambda: live.server.clients) == 150


def test_clients_that_disconnect_are_removed(live: LiveDaemon, connect: ClientSockets) -> None:
    clients = [connect() for _ in range(20)]
    assert all(is_answered(client) for client in clients)
    for client in clients:
        client.close()
    assert live.until(lambda: live.server.clients == 0)


def test_a_huge_extension_closes_that_client_only(connect: ClientSockets) -> None:
    rude, polite = connect(), connect()
    rude.sendall(struct.pack("<IIII", 28, 0, 0, 0xFFFF_FFFF))
    assert is_closed(rude)
    assert is_answered(polite)


def test_half_a_frame_waits_for_the_rest(connect: ClientSockets) -> None:
    client, other = connect(), connect()
    client.sendall(PIGPV[:7])
    assert is_answered(other)
    client.sendall(PIGPV[7:])
    assert len(client.recv(16)) == 16


def test_a_client_that_disconnects_in_the_middle_of_a_frame_does_no_harm(
    live: LiveDaemon, connect: ClientSockets
) -> None:
    client, other = connect(), connect()
    client.sendall(struct.pack("<IIII", 28, 0, 0, 1_000) + b"half")
    client.close()
    assert live.until(lambda: live.server.clients <= 1)
    assert is_answered(other)


def test_random_bytes_never_stop_the_daemon(connect: ClientSockets) -> None:
    noise = random.Random(7)
    for _ in range(40):
        client = connect()
        words = [
            noise.randrange(130),
            noise.randrange(64),
            noise.randrange(64),
            noise.randrange(80),
        ]
        if words[0] in (46, 47, 54):  # delays are answered correctly, but slowly
            words[0] = 999
        client.sendall(struct.pack("<IIII", *words) + noise.randbytes(words[3]))
        client.sendall(noise.randbytes(100))
        client.close()
    assert is_answered(connect())


def test_a_reply_comes_in_one_piece(connect: ClientSockets) -> None:
    client = connect()
    for _ in range(500):
        client.sendall(PIGPV)
        assert len(client.recv(16)) == 16


def test_a_client_that_never_reads_is_disconnected(
    live: LiveDaemon, connect: ClientSockets
) -> None:
    lazy, other = connect(), connect()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    handle_request = struct.pack("<IIII", 99, 0, 0, 0)
    lazy.sendall(handle_request)
    assert is_answered(other)

    first = live.do(lambda: live.daemon._sessions[0])
    for _ in range(100):
        live.do(lambda: first.push(bytes(MAX_PENDING_BYTES // 16)))
        if first.closed:
            break
    assert first.closed
    assert is_answered(other)


def test_commands_that_pile_up_are_read_once_there_is_room(connect: ClientSockets) -> None:
    client = connect()
    client.settimeout(HANG_S)
    count = 40_000
    client.sendall(struct.pack("<IIII", 47, 100, 0, 0))
    client.setblocking(False)
    sent, wanted, waiting = 0, (count + 1) * 16, PIGPV * count
    received, deadline = 0, time.monotonic() + HANG_S
    while received < wanted and time.monotonic() < deadline:
        with suppress(BlockingIOError):
            sent += client.send(waiting[sent : sent + 65_536]) if sent < len(waiting) else 0
        try:
            received += len(client.recv(65_536))
        except BlockingIOError:
            time.sleep(0.001)
    assert received == wanted


def test_a_stopped_daemon_accepts_and_answers_later(
    live: LiveDaemon, connect: ClientSockets
) -> None:
    live.do(lambda: live.daemon.stall(True))
    client = connect()
    client.sendall(PIGPV)
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.recv(16)
    live.do(lambda: live.daemon.stall(False))
    client.settimeout(HANG_S)
    assert len(client.recv(16)) == 16


def test_a_killed_daemon_closes_its_sockets(live: LiveDaemon, connect: ClientSockets) -> None:
    client = connect()
    assert is_answered(client)
    live.do(live.daemon.kill)
    assert is_closed(client)
    with pytest.raises(ConnectionRefusedError):
        connect()


def test_a_taken_port_gives_an_error_that_says_what_to_do(live: LiveDaemon) -> None:
    with pytest.raises(PortInUse, match=r"port \d+ on 127\.0\.0\.1 is taken"):
        DaemonServer(live.daemon, "127.0.0.1", live.port)
