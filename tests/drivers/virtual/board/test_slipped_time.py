"""Board time slips when the machine cannot keep up; clients are answered in time anyway."""

import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.virtual.board_sockets import find_board
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.pace import Pace
from drivers.virtual.timeline import CHECK_EVENTS, Timeline
from tests.campaigns.bench.independent_vcd import read_changes
from tests.drivers.virtual.board.conftest import Process, Rig
from tests.support.hang import HANG_S
from ui.cli.commands.fault import _lines
from ui.trace.vcd.reader import read_vcd

WRITE, PIGPV, WVAG, WVHLT, PROC, PROCR, WVCRE, WVTXR = 4, 26, 28, 33, 38, 40, 49, 52
MS_NS = 1_000_000


def spinning(timeline: Timeline, every_ns: int) -> list[int]:
    """Add an event to the timeline that repeats for ever; return the times at which it ran."""
    ran: list[int] = []

    def spin() -> None:
        ran.append(timeline.now_ns)
        timeline.after(every_ns, spin)

    timeline.after(every_ns, spin)
    return ran


def test_advance_within_stops_between_two_events_and_loses_none() -> None:
    timeline = Timeline()
    ran = spinning(timeline, 1_000)
    assert not timeline.advance_within(MS_NS, lambda: True)
    assert ran == [1_000 * number for number in range(1, CHECK_EVENTS + 1)]
    assert timeline.now_ns == ran[-1]
    assert timeline.advance_within(MS_NS, lambda: False)
    assert ran == list(range(1_000, MS_NS + 1, 1_000))
    assert timeline.now_ns == MS_NS


def test_advance_within_with_enough_time_is_the_same_as_advance() -> None:
    timeline, other = Timeline(), Timeline()
    ran, also = spinning(timeline, 700), spinning(other, 700)
    timeline.advance_to(10_000)
    assert other.advance_within(10_000, lambda: False)
    assert (ran, timeline.now_ns) == (also, other.now_ns)


def test_slipped_time_is_counted_and_never_caught_up() -> None:
    now = [0]
    pace = Pace(speed=2, monotonic_ns=lambda: now[0])
    now[0] = 10 * MS_NS
    assert pace.board_us(0) == 20_000
    assert pace.slip_to(5 * MS_NS) == 15_000
    assert (pace.board_us(0), pace.slipped_us) == (5_000, 15_000)
    now[0] += MS_NS
    assert pace.board_us(0) == 7_000
    assert pace.wait_s(9 * MS_NS) == pytest.approx(0.001)
    assert pace.slip_to(7 * MS_NS) == 0
    assert pace.slipped_us == 15_000


def test_stepped_time_never_slips() -> None:
    pace = Pace(stepped=True)
    assert pace.slip_to(0) == 0
    assert (pace.board_us(77), pace.slipped_us) == (77, 0)


@pytest.mark.parametrize("bare", [False, True])
def test_a_slip_is_in_the_status_and_in_a_recording_of_real_time(
    make_rig: Callable[..., Rig], tmp_path: Path, bare: bool
) -> None:
    path = tmp_path / "slipped.vcd"
    rig = make_rig(record=path, real_time=True, bare=bare)
    for at_ms in (10, 20, 30):
        rig.board.advance_to_us(at_ms * 1_000)
        rig.board.slip(1_500)
    assert rig.board.status()["slipped_us"] == 4_500
    rig.board.advance_to_us(40_000)
    rig.board.close()
    changes = read_changes(path, ["slipped_us"])["slipped_us"]
    assert changes == [(0, 0), (100_000, 1_500), (200_000, 3_000), (300_000, 4_500)]
    assert read_vcd(path).get("slipped_us").values[-1] == 4_500
    command = ["sigrok-cli", "-I", "vcd", "-i", str(path), "-O", "csv"]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANG_S)
    lines = [line for line in result.stdout.splitlines() if line[:1] in "01"]
    assert len(lines) == 400_000


def test_a_stepped_recording_has_no_slip_signal(
    make_rig: Callable[..., Rig], tmp_path: Path
) -> None:
    rig = make_rig(record=tmp_path / "stepped.vcd")
    rig.board.advance_to_us(10_000)
    rig.board.close()
    assert "slipped" not in (tmp_path / "stepped.vcd").read_text()


class BoardClient:
    """A client of a board process."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 300)

    def ask(self, command: int, first: int = 0, second: int = 0, extension: bytes = b"") -> int:
        words = struct.pack("<IIII", command, first, second, len(extension))
        self.socket.sendall(words + extension)
        reply = b""
        while len(reply) < 16:
            reply += self.socket.recv(16 - len(reply))
        return int(struct.unpack("<IIIi", reply)[3])


def test_a_board_that_cannot_keep_up_answers_and_reports_the_slip(
    start_board: Callable[..., Process], capfd: pytest.CaptureFixture[str]
) -> None:
    """A thousand times real time with a wave of 1 µs pulses: no machine keeps up with that."""
    process = start_board("--speed", "1000")
    client = BoardClient(process.port)
    client.ask(WRITE, 17, 0)
    pulses = struct.pack("<IIIIII", 1 << 17, 0, 1, 0, 1 << 17, 1)
    assert client.ask(WVAG, 0, 0, pulses) == 2
    assert client.ask(WVTXR, client.ask(WVCRE)) > 0
    scripts = [client.ask(PROC, 0, 0, b"tag 0 jmp 0") for _ in range(32)]
    while any(client.ask(PROCR, script) for script in scripts):
        pass
    paths = find_board(process.port)
    assert paths is not None
    slipped = 0
    with ControlClient(paths.control) as control:
        while not slipped:
            assert client.ask(PIGPV) == 79
            slipped = control.ask("status")["status"]["slipped_us"]
    assert client.ask(WVHLT) == 0
    client.socket.close()
    assert process.end(15) == 0
    assert capfd.readouterr().err.count("board time slips") == 1


def test_the_command_line_shows_the_slip(rig: Rig) -> None:
    assert not any(line.startswith("slipped") for line in _lines(rig.board.status()))
    rig.board.slip(2_500)
    slipped = [line for line in _lines(rig.board.status()) if line.startswith("slipped")]
    assert slipped == ["slipped   0.002500 s: this machine is too slow; board time is late by this"]
