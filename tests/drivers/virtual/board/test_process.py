"""Boards as processes: command line, control socket, several boards side by side."""

import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import BoardRefused
from drivers.rigs.virtual import open_virtual_rig
from drivers.virtual.board_sockets import find_board
from drivers.virtual.control_socket import MAX_LINE_BYTES, ControlClient
from drivers.virtual.host.kernel_client import KernelClient, SocketTransport
from drivers.virtual.pace import Pace
from tests.drivers.virtual.board.conftest import Process
from tests.support.hang import HANG_S

Starter = Callable[..., Process]


def run(*arguments: str, port: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1"}
    if port is not None:
        environment["PIGPIO_PORT"] = str(port)
    command = [sys.executable, "-m", "ui.cli.main", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=HANG_S
    )


SIGNALLED_ELSEWHERE = """
import signal
import sys
import threading
from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pace import Pace
from drivers.virtual.process import BoardProcess

def signal_this_thread():
    sys.stdin.read()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=signal_this_thread, daemon=True).start()
board = VirtualBoard(load_board_file("reference"))
BoardProcess(board, Pace(stepped=True), 0).run(lambda port: print(port, flush=True))
"""
"""A signal that does not interrupt the selector, like one that arrives just before it sleeps."""


def controls(process: Process) -> ControlClient:
    paths = find_board(process.port)
    assert paths is not None
    return ControlClient(paths.control)


def ask(process: Process, do: str, **arguments: object) -> Mapping[str, Any]:
    with controls(process) as client:
        return client.ask(do, **arguments)


def test_faults_are_injected_and_cleared_from_the_command_line(start_board: Starter) -> None:
    port = start_board("--stepped").port
    assert run("fault", "set", "lead-off:2", port=port).stdout == "set lead-off:2\n"
    state = json.loads(run("fault", "status", "--json", port=port).stdout)
    assert state["faults"] == ["lead-off:2"]
    assert state["channels"][1]["contact"] == "lead-off"
    assert state["fault_latch"] == {"set": True, "causes": ["power-on", "watchdog"]}
    listed = json.loads(run("fault", "list", "--json", port=port).stdout)
    assert listed["set"] == ["lead-off:2"]
    assert run("fault", "clear", "lead-off:2", port=port).stdout == "cleared lead-off:2\n"
    shown = run("fault", "list", port=port)
    assert "active: none" in shown.stdout
    assert "phase-mismatch:CH=percent" in shown.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [("lead-of:1", "lead-off"), ("lead-off:7", "1, 2"), ("slow-clock=fast", "number")],
)
def test_a_wrong_fault_gives_one_line_and_the_exit_code_of_wrong_usage(
    start_board: Starter, name: str, says: str
) -> None:
    result = run("fault", "set", name, port=start_board("--stepped").port)
    assert result.returncode == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_board_gives_one_line_and_the_exit_code_of_unreachable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    result = run("fault", "status", port=8_999)
    assert result.returncode == 3
    assert "stimkiosk board --port 8999" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_taken_port_gives_one_line_and_the_exit_code_of_busy(start_board: Starter) -> None:
    process = start_board()
    result = run("board", "--port", str(process.port))
    assert result.returncode == 75
    assert str(process.port) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert find_board(process.port) is not None
    assert ask(process, "time")["mode"] == "real"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--wire", "5"), 2, "two GPIO"),
        (("--wire", "5:5"), 2, "two GPIO"),
        (("--wire", "5:99"), 2, "0 to 27"),
        (("--board", "nowhere"), 2, "reference"),
        (("--record-spi",), 2, "--record"),
        (("--bare", "--record", "x.vcd", "--record-spi"), 2, "bare"),
        (("--record", "/nonexistent/x.vcd"), 2, "x.vcd"),
    ],
)
def test_bad_options_give_an_error_with_what_is_accepted(
    arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = run("board", "--port", "0", *arguments)
    assert result.returncode == code
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [("board",), ("fault",), ("fault", "set"), ("fault", "status")])
def test_help_has_an_example(command: tuple[str, ...]) -> None:
    assert "Example: stimkiosk" in run(*command, "--help").stdout


def test_sockets_are_accessible_to_their_owner_only(start_board: Starter, tmp_path: Path) -> None:
    paths = find_board(start_board().port)
    assert paths is not None
    for path in (paths.control, paths.kernel):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "stimkiosk").stat().st_mode) == 0o700


def test_a_stepped_board_advances_only_on_request(start_board: Starter) -> None:
    client = controls(start_board("--stepped"))
    assert client.ask("time") == {"ok": True, "mode": "stepped", "speed": 1.0, "time_us": 0}
    assert client.ask("advance", to_us=123_456)["time_us"] == 123_456
    assert client.ask("status")["status"]["time_us"] == 123_456
    client.close()


def test_a_waiting_board_stops_while_a_client_controls_it_and_continues_afterwards(
    start_board: Starter,
) -> None:
    """Hazard: an engine is killed, and guard and watchdog wait for it for ever."""
    process = start_board("--waiting")
    leader, other = controls(process), controls(process)
    assert leader.ask("time")["mode"] == "waiting"
    led_us = leader.ask("advance", to_us=10**7)["time_us"]
    assert led_us == 10**7
    assert [other.ask("time")["time_us"] for _ in range(3)] == [led_us] * 3
    with pytest.raises(BoardRefused, match="another client leads"):
        other.ask("advance", to_us=2 * 10**7)
    leader.close()
    while (told := other.ask("time"))["time_us"] == led_us:
        pass
    assert led_us < told["time_us"]
    assert told["waited_us"] >= 0
    other.close()


def test_a_waiting_board_runs_in_real_time_until_a_client_controls_it(start_board: Starter) -> None:
    with controls(start_board("--waiting")) as client:
        first_us = client.ask("time")["time_us"]
        while client.ask("time")["time_us"] == first_us:
            pass


@pytest.mark.parametrize(("arguments", "simulated"), [(("--waiting",), True), ((), False)])
def test_a_rig_says_whether_its_time_is_simulated(
    start_board: Starter, arguments: tuple[str, ...], simulated: bool
) -> None:
    rig = open_virtual_rig(start_board(*arguments).port)
    rig.close()
    assert rig.simulated_time is simulated


def test_a_waiting_board_refuses_stepped_and_scaled_time() -> None:
    for more in (("--stepped",), ("--speed", "2")):
        result = run("board", "--port", "0", "--waiting", *more)
        assert result.returncode == 2
        assert "--waiting runs in real time" in result.stderr


def test_a_board_in_real_time_refuses_to_be_advanced(start_board: Starter) -> None:
    client = controls(start_board("--speed", "2"))
    assert client.ask("time")["mode"] == "scaled"
    with pytest.raises(BoardRefused, match="--stepped"):
        client.ask("advance", to_us=10**9)
    client.close()


@pytest.mark.parametrize("line", [b"not json", b'{"do": "dance"}', b'{"what": 1}', b"[]", b"\xff"])
def test_a_malformed_line_is_refused_and_the_board_continues(
    start_board: Starter, line: bytes
) -> None:
    process = start_board("--stepped")
    paths = find_board(process.port)
    assert paths is not None
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(paths.control))
        raw.sendall(line + b"\n")
        assert json.loads(raw.recv(4_096))["ok"] is False
    with socket.socket(socket.AF_UNIX) as endless:
        endless.connect(str(paths.control))
        endless.settimeout(HANG_S)
        endless.sendall(b"x" * (MAX_LINE_BYTES + 1))
        assert endless.recv(1) == b""
    assert ask(process, "list")["faults"] == []


def test_several_boards_run_side_by_side(start_board: Starter) -> None:
    boards = [start_board("--stepped") for _ in range(3)]
    for number, process in enumerate(boards):
        ask(process, "set", fault=f"supply-sag={number}")
    for number, process in enumerate(boards):
        assert ask(process, "list")["faults"] == [f"supply-sag={number}"]
    assert boards[0].end(signal.SIGTERM) == 0
    assert find_board(boards[0].port) is None
    assert ask(boards[1], "list")["faults"] == ["supply-sag=1"]


def test_a_signal_that_comes_just_before_the_selector_sleeps_ends_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    pipe, command = subprocess.PIPE, [sys.executable, "-c", SIGNALLED_ELSEWHERE]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            process.communicate(timeout=HANG_S)
        finally:
            process.kill()
    assert process.returncode == 0


def test_wired_pins_follow_each_other_on_a_bare_board(start_board: Starter) -> None:
    paths = find_board(start_board("--bare", "--wire", "5:6").port)
    assert paths is not None
    client = KernelClient(SocketTransport(paths.kernel, timeout_s=HANG_S))
    client.set_mode(5, 1, 0)
    for level in (1, 0, 1):
        client.write(5, level)
        assert client.read(6) == level
    client.close()


def test_a_killed_daemon_can_be_replaced_on_the_same_port(start_board: Starter) -> None:
    process = start_board()
    client = controls(process)
    client.ask("set", fault="lost-daemon")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", process.port), 5)
    client.ask("clear", fault="lost-daemon")
    with socket.create_connection(("127.0.0.1", process.port), 5) as pigpio:
        pigpio.sendall(b"\x11" + bytes(15))  # HWVER
        assert len(pigpio.recv(16)) == 16
    client.close()


def test_a_hundred_clients_at_once_are_served(start_board: Starter) -> None:
    process = start_board("--stepped")
    clients = [controls(process) for _ in range(100)]
    assert all(client.ask("list")["faults"] == [] for client in clients)
    for client in clients:
        client.close()


def test_pace_converts_machine_time_into_board_time() -> None:
    now = [1_000]
    pace = Pace(speed=4, monotonic_ns=lambda: now[0])
    assert pace.mode == "scaled"
    now[0] += 1_000_000
    assert pace.board_us(0) == 4_000
    assert pace.wait_s(44_000_000) == pytest.approx(0.010)
    assert pace.wait_s(4_000_001) == 0.001
    assert pace.wait_s(None) is None
    assert Pace(stepped=True).board_us(77) == 77


def test_a_stepped_board_answers_while_a_minute_of_scripts_passes(start_board: Starter) -> None:
    """32 scripts that spin for a minute of board time take minutes; no client waits for that."""
    process = start_board("--stepped")
    busy, other = (socket.create_connection(("127.0.0.1", process.port), 300) for _ in range(2))
    with busy, other:
        for _ in range(32):
            busy.sendall(struct.pack("<IIII", 38, 0, 0, 11) + b"tag 0 jmp 0")
        busy.sendall(struct.pack("<IIII", 47, 1, 0, 0))  # MILS: the threads start
        for script in range(32):
            busy.sendall(struct.pack("<IIII", 40, script, 0, 0))
        replies = busy.makefile("rb")
        assert len(replies.read(16 * 65)) == 16 * 65
        busy.sendall(struct.pack("<IIII", 47, 60_000, 0, 0))
        for _ in range(5):
            other.sendall(struct.pack("<IIII", 26, 0, 0, 0))  # PIGPV
            assert len(other.recv(16)) == 16
        busy.setblocking(False)
        with pytest.raises(BlockingIOError):
            busy.recv(16)
        assert process.end(signal.SIGTERM) == 0


def test_a_waiting_pace_counts_the_time_it_waited_and_continues_from_where_it_stopped() -> None:
    now = [0]
    pace = Pace(waiting=True, monotonic_ns=lambda: now[0])
    now[0] = 5_000_000
    assert (pace.board_us(0), pace.waited_us(5_000)) == (5_000, 0)
    pace.lead()
    now[0] = 25_000_000
    assert (pace.board_us(10_000), pace.wait_s(11_000_000)) == (10_000, None)
    assert pace.waited_us(10_000) == 15_000
    pace.release(10_000)
    now[0] = 26_000_000
    assert (pace.board_us(10_000), pace.waited_us(11_000)) == (11_000, 15_000)
    pace.lead()
    now[0] = 28_000_000
    assert pace.waited_us(11_000) == 17_000
