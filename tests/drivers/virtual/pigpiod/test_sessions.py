"""Frames, delays on one session, a killed and a stopped daemon, the in-process socket."""

import struct

import pytest

from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from drivers.virtual.pigpiod.session import ClientSession
from tests.drivers.virtual.pigpiod.bench import Bench
from tests.drivers.virtual.pigpiod.driven import frame

TICK, MILS, PIGPV, NOIB = 16, 47, 26, 99


def result(session: ClientSession) -> int:
    answer = session.take_output()
    assert len(answer) == 16
    return int(struct.unpack("<IIIi", answer)[3])


def test_a_reply_echoes_command_and_parameters(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(4, 17, 1))
    assert session.take_output() == struct.pack("<IIIi", 4, 17, 1, 0)


def test_a_frame_may_arrive_in_any_parts(bench: Bench) -> None:
    session = bench.daemon.connect()
    for byte in frame(28, 0, 0, struct.pack("<III", 1 << 17, 0, 10)):
        assert session.take_output() == b""
        session.feed(bytes([byte]))
    assert result(session) == 1


def test_several_frames_at_once_are_answered_in_order(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(PIGPV) + frame(999) + frame(PIGPV))
    answers = struct.unpack("<IIIiIIIiIIIi", session.take_output())
    assert answers[3::4] == (79, -88, 79)


def test_an_extension_of_64_kib_closes_the_connection(bench: Bench) -> None:
    """Follows pthSocketThreadHandler."""
    session = bench.daemon.connect()
    session.feed(struct.pack("<IIII", 28, 0, 0, 65_536))
    assert session.closed
    session.feed(frame(PIGPV))
    assert session.take_output() == b""


def test_an_extension_one_byte_smaller_is_accepted(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(28, 0, 0, bytes(65_535)))
    assert result(session) == 5_461


def test_a_short_extension_reads_as_zeros(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(71, 0, 50_000))
    assert result(session) == 0


def test_a_delay_blocks_only_its_own_session(bench: Bench) -> None:
    slow, other = bench.daemon.connect(), bench.daemon.connect()
    slow.feed(frame(MILS, 10) + frame(PIGPV))
    other.feed(frame(PIGPV))
    assert result(other) == 79
    bench.run_us(9_999)
    assert slow.take_output() == b""
    bench.run_us(1)
    assert len(slow.take_output()) == 32


def test_a_client_that_disconnects_during_a_delay_is_removed(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(MILS, 10) + frame(4, 17, 1))
    session.close()
    bench.run_us(50_000)
    assert bench.pi.read(17) == 0


def test_new_output_calls_on_output(bench: Bench) -> None:
    session = bench.daemon.connect()
    heard = []
    session.on_output = lambda: heard.append(session.take_output())
    session.feed(frame(PIGPV))
    assert len(heard) == 1


def test_a_stopped_daemon_answers_after_it_resumes(bench: Bench) -> None:
    session = bench.daemon.connect()
    bench.daemon.stall(True)
    session.feed(frame(PIGPV) + frame(4, 17, 1))
    bench.run_us(1_000_000)
    assert (session.take_output(), bench.pins.level(17)) == (b"", 0)
    bench.daemon.stall(False)
    assert len(session.take_output()) == 32
    assert bench.pins.level(17) == 1


def test_a_delay_that_ends_while_the_daemon_is_stopped_is_answered_later(bench: Bench) -> None:
    session = bench.daemon.connect()
    session.feed(frame(MILS, 10) + frame(PIGPV))
    bench.daemon.stall(True)
    bench.run_us(50_000)
    assert session.take_output() == b""
    bench.daemon.stall(False)
    assert len(session.take_output()) == 32


def test_killing_closes_every_session(bench: Bench) -> None:
    sessions = [bench.daemon.connect() for _ in range(3)]
    heard = []
    sessions[0].on_output = lambda: heard.append(True)
    bench.daemon.kill()
    assert all(session.closed for session in sessions)
    assert heard
    assert not bench.daemon.alive
    assert bench.daemon.connect().closed


def test_terminating_stops_waves_but_not_levels(waves: Bench) -> None:
    """Follows gpioTerminate."""
    import pigpio

    waves.pi.wave_add_generic([pigpio.pulse(1 << 17, 0, 1_000), pigpio.pulse(0, 1 << 17, 10)])
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(100)
    waves.daemon.terminate()
    waves.run_us(10_000)
    assert waves.pins.level(17) == 1


def test_the_in_process_socket_waits_in_board_time(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    socket.send(frame(MILS, 10))
    assert len(socket.recv(16)) == 16
    assert bench.timeline.now_us == 10_000


def test_the_in_process_socket_times_out_in_board_time(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    socket.settimeout(0.02)
    bench.daemon.stall(True)
    socket.send(frame(PIGPV))
    with pytest.raises(TimeoutError):
        socket.recv(16)
    assert bench.timeline.now_us == 20_000


def test_the_in_process_socket_does_not_wait_in_non_blocking_mode(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        socket.recv(16)


def test_a_receive_without_timeout_ends_when_no_event_is_left(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    with pytest.raises(TimeoutError):
        socket.recv(16)


def test_the_in_process_socket_ends_with_its_daemon(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    socket.send(frame(PIGPV))
    bench.daemon.kill()
    assert len(socket.recv(16)) == 16
    assert socket.recv(16) == b""
    with pytest.raises(BrokenPipeError):
        socket.send(frame(PIGPV))


def test_a_receive_returns_at_most_the_requested_size(bench: Bench) -> None:
    socket = InProcessSocket(bench.daemon.connect())
    socket.sendall(frame(PIGPV) * 2)
    assert len(socket.recv(16)) == 16
    assert len(socket.recv(100)) == 16
