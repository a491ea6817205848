"""A stop that has been sent counts, however the connection that carried it ends."""

import os
import socket
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from appliance.link.codec import BadLine
from appliance.link.roles import Role, RoleTable
from appliance.link.server.received_lines import Backlog
from appliance.link.server.server import LinkServer
from appliance.messages.actions import Command, Fall, Stop
from appliance.messages.replies import Event
from tests.appliance.link.raw_peer import HELLO, RawPeer, StandingClock, command, snapshot

STOP = command(9, "stop")
CUT = command(9, "stop", cut=True)
RISE = command(1, "rise", channel=1)
SEEN = b'{"type":"seen","tick":1}\n'


def stops(server: LinkServer, other: RawPeer) -> list[Stop]:
    """Return the stops that have reached the engine once their sender has been let go."""
    other.sync()
    while len(server.peers()) > 1:
        other.sync()
    other.sync()
    return [
        each.message.action
        for each in server.take(10_000)
        if isinstance(each.message, Command) and isinstance(each.message.action, Stop)
    ]


def close(peer: RawPeer) -> None:
    peer.close()


def half_close(peer: RawPeer) -> None:
    peer.socket.shutdown(socket.SHUT_WR)


def refuse_to_read(peer: RawPeer) -> None:
    peer.socket.shutdown(socket.SHUT_RD)


def reset(peer: RawPeer) -> None:
    """Close with answers unread, which resets a Unix socket."""
    linger = struct.pack("ii", 1, 0)
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    peer.close()


WAYS_OUT = [close, half_close, refuse_to_read, reset]
BEFORE = {
    "nothing": b"",
    "answers unread": b"x\n" * 2,
    "bad lines": b"x\n" * 50,
    "newlines": b"\n" * 60_000,
    "a flood of rises": RISE * 1_000,
    "a flood of falls": command(2, "fall", channel=1, step_ua=500) * 500,
    "a flood of what is shown": SEEN * 5_500,
    "too long a line": b"y" * 70_000 + b"\n",
    "lines that speak of stops": b'{"type":"stop"}\n' * 2 + b'{"x":"stop"}\n' * 3,
    "a huge number": b'{"type":"command","request":' + b"1" * 5_000 + b"}\n",
}


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("way", WAYS_OUT, ids=lambda way: way.__name__)
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
def test_a_stop_counts_whatever_lies_before_it_and_however_its_sender_leaves(
    before: bytes, way: Callable[[RawPeer], None], server: LinkServer, other: RawPeer
) -> None:
    rude = RawPeer(server.path)
    rude.sync()
    rude.say(before + CUT)
    way(rude)
    server.publish(snapshot(1))
    assert Stop(cut=True) in stops(server, other)
    rude.close()


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("way", WAYS_OUT, ids=lambda way: way.__name__)
def test_a_stop_counts_where_the_engine_writes_to_its_sender_first(
    way: Callable[[RawPeer], None], server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    """Events go to everybody: the pipe is found broken before anything is read from it."""
    raw.say(STOP)
    way(raw)
    for number in range(50):
        server.event(Event(name="test", session=None, facts={"n": number}))
    assert Stop() in stops(server, other)


@pytest.mark.proves("stop-first")
def test_a_stop_of_a_reader_that_never_reads_counts(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    text = "x" * 4_000
    for number in range(400):
        if number == 100:
            raw.say(STOP)
        server.event(Event(name="test", session=None, facts={"n": number, "text": text}))
        other.hear()
    assert stops(server, other) == [Stop()]
    assert [peer.number for peer in server.peers()] == [2]


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize(
    "hello",
    [b"", b"x\n", b'{"type":"hello","version":99,"build":"b","peer":"p"}\n', RISE],
    ids=["none", "bad", "another version", "a command"],
)
def test_a_stop_counts_without_a_good_hello(
    hello: bytes, server: LinkServer, other: RawPeer
) -> None:
    with closing(RawPeer(server.path)) as rude:
        rude.say(hello + STOP)
        rude.socket.shutdown(socket.SHUT_WR)
        rude.to_the_end()
        (received,) = server.take()
        assert received.message == Command(request=9, action=Stop())
        assert received.peer.pid == os.getpid()


@pytest.mark.proves("stop-first")
def test_a_cut_right_behind_a_stop_needs_no_hello_either(
    server: LinkServer, other: RawPeer
) -> None:
    """Hazard: the ramp goes on because only the first line before a hello was searched."""
    with closing(RawPeer(server.path)) as rude:
        rude.say(STOP + CUT)
        for _ in range(3):
            other.sync()
        assert stops(server, other) == [Stop(cut=True), Stop()]


@pytest.mark.proves("stop-first")
def test_who_stops_first_and_says_hello_then_is_answered(server: LinkServer) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.say(STOP + HELLO)
        peer.sync()
        assert [each.message for each in server.take()] == [Command(request=9, action=Stop())]


@pytest.mark.proves("roles")
def test_a_user_that_is_turned_away_cannot_stop(path: Path, clock: StandingClock) -> None:
    table = RoleTable({os.getuid() + 1: Role.OWNER}, others=None)
    with LinkServer(path, table, "b", clock=clock).open() as server:
        with closing(RawPeer(path)) as peer:
            peer.say(STOP + HELLO + STOP)
            peer.to_the_end()
        assert server.take() == ()


@pytest.mark.proves("stop-first", "bad-input")
@pytest.mark.parametrize("line", [STOP.rstrip(), CUT.rstrip()], ids=["a fall", "a cut"])
def test_a_whole_stop_counts_without_its_newline_and_half_a_one_does_not(
    line: bytes, server: LinkServer, other: RawPeer
) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.sync()
        peer.say(line)
    assert len(stops(server, other)) == 1
    with closing(RawPeer(server.path)) as peer:
        peer.sync()
        peer.say(line[:-1])
    assert stops(server, other) == []


@pytest.mark.proves("stop-first")
def test_a_stop_counts_when_the_engine_itself_closes(path: Path, server: LinkServer) -> None:
    with closing(RawPeer(path)) as peer:
        peer.sync()
        peer.say(RISE * 40 + STOP)
        server.close()
    with pytest.raises(ConnectionError):
        server.take()
    taken, _ = server._inbox.take(100)
    assert Stop() in [each.message.action for each in taken if isinstance(each.message, Command)]


@pytest.mark.proves("bad-input")
def test_what_else_lowers_counts_when_its_sender_leaves(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(b"x\n" * 3 + command(2, "fall", channel=1, step_ua=500) + RISE)
    raw.close()
    while len(server.peers()) > 1:
        other.sync()
    (fall,) = server.take()
    assert fall.message == Command(request=2, action=Fall(channel=1, step_ua=500))


# --- the bytes alone -------------------------------------------------------------------------


@pytest.mark.proves("stop-first")
def test_a_stop_is_taken_from_behind_64_kib_of_newlines() -> None:
    held = Backlog()
    held.add(b"\n" * 60_000 + STOP + b"abc\n")
    assert held.take_stop() == Command(request=9, action=Stop())
    assert held.take_stop() is None
    assert len(held) == 60_004


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("cut", range(1, len(STOP)))
def test_a_stop_is_found_wherever_a_read_ends(cut: int) -> None:
    held = Backlog()
    held.add(RISE + STOP[:cut])
    found = held.take_stop()
    held.add(STOP[cut:] + RISE)
    assert (found or held.take_stop()) == Command(request=9, action=Stop())
    assert [held.next_line(), held.next_line(), held.next_line()] == [
        RISE.rstrip(), RISE.rstrip(), None,
    ]  # fmt: skip


@pytest.mark.proves("stop-first")
def test_a_stop_written_with_escapes_is_a_stop() -> None:
    held = Backlog()
    held.add(RISE + STOP.replace(b"stop", b"st\\u006fp"))
    assert held.take_stop() == Command(request=9, action=Stop())


@pytest.mark.proves("stop-first")
def test_lines_that_only_speak_of_a_stop_stay_where_they_are() -> None:
    held = Backlog()
    talk = b'{"type":"command","request":1,"action":{"type":"unlock","operator":"stop"}}'
    held.add((talk + b"\n") * 9 + STOP)
    found = [held.take_stop() for _ in range(4)]
    assert [each for each in found if each] == [Command(request=9, action=Stop())]
    lines = []
    while (line := held.next_line()) is not None:
        lines.append(line)
    assert lines == [talk] * 9


@pytest.mark.proves("stop-first", "bad-input")
def test_a_stop_behind_a_skipped_line_is_found_and_one_inside_it_is_not() -> None:
    held = Backlog()
    held.add(b"y" * 65_536)
    assert isinstance(held.next_line(), BadLine)
    held.add(b"y" * 65_536)
    held.add(b'"stop"' + STOP + CUT)
    assert held.take_stop() == Command(request=9, action=Stop(cut=True))
    assert held.next_line() is None
