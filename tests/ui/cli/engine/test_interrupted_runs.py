"""A treatment in real time that is ended from outside: by a person, a fault or a kill."""

import json
import os
import re
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import TREAT, House, one_line, wait_until
from ui.trace.vcd.reader import Recording, read_vcd

pytestmark = pytest.mark.realtime

LONG = (*TREAT, "--level", "3", "--seconds", "600", "--json")
US = 1_000
GATES = ("gate1_pos", "gate1_neg")
ABOVE_CONTACT_CHECK = 75
"""A DAC code: the contact check uses up to 2 mA, 68."""


SOME_PULSES = 20_000
"""Bytes of a recording."""


def flowing(house: House, port: str) -> bool:
    return bool(
        house.ask(port, "status")["status"]["channels"][0]["dac_latched"] > ABOVE_CONTACT_CHECK
    )


def treating(house: House, port: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a treatment on a running board; return when its level has begun to rise."""
    treat = house.start(*LONG, *arguments, PIGPIO_PORT=port)
    wait_until(lambda: treat.poll() is not None or flowing(house, port), "current flows")
    assert treat.poll() is None, treat.communicate()
    return treat


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    stdout, stderr = process.communicate(timeout=HANG_S)
    assert "Traceback" not in stderr
    assert stderr == ""
    return process.returncode, json.loads(stdout)


def last_edge_us(recording: Recording) -> int:
    """Return when a gate of channel 1 last went low."""
    return max(recording.get(gate).times_ns[-1] for gate in GATES) // US


def closed_recording(board: subprocess.Popen[str], trace: Path) -> Recording:
    board.terminate()
    board.wait(HANG_S)
    return read_vcd(trace)


def last_facts(house: House, name: str) -> dict[str, Any]:
    """Return the facts of the newest event of that name in the newest session."""
    return facts_of(house, name)[-1]


def facts_of(house: House, name: str) -> list[dict[str, Any]]:
    """Return the facts of each event of that name in the newest session, the oldest first."""
    session = house.sessions()[0]["id"]
    shown = json.loads(house.run("sessions", "show", session, "--json", "--all").stdout)
    return [each["facts"] for each in shown["events"] if each["name"] == name]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_the_first_request_to_end_ramps_down_within_500_ms(
    house: House, tmp_path: Path, number: signal.Signals
) -> None:
    trace = tmp_path / "run.vcd"
    board, port = house.board("--record", str(trace))
    treat = treating(house, port)
    asked_us = house.ask(port, "time")["time_us"]
    treat.send_signal(number)
    code, summary = ended(treat)
    assert (code, summary["exit_code"], summary["outcome"]) == (130, 130, "stopped")
    took_us = last_edge_us(closed_recording(board, trace)) - asked_us
    assert 200_000 < took_us < 500_000
    assert house.sessions()[0]["outcome"] == "stopped"


def test_a_second_ctrl_c_cuts(house: House, tmp_path: Path) -> None:
    trace = tmp_path / "run.vcd"
    board, port = house.board("--record", str(trace))
    treat = treating(house, port)
    treat.send_signal(signal.SIGINT)
    wait_until(lambda: house.ask(port, "status")["status"]["time_us"], "the board answers")
    asked_us = house.ask(port, "time")["time_us"]
    treat.send_signal(signal.SIGINT)
    code, _ = ended(treat)
    assert code == 130
    # As much as a client's poll and two control ticks; a ramp takes at least 250 ms.
    assert last_edge_us(closed_recording(board, trace)) - asked_us < 150_000


def test_a_killed_treatment_ramps_down_and_leaves_nothing_running(
    house: House, tmp_path: Path
) -> None:
    trace = tmp_path / "run.vcd"
    treat = house.start(*LONG, "--trace", str(trace))
    wait_until(lambda: _rising(trace), "current flows")
    treat.kill()
    wait_until(lambda: not house.processes(), "engine and board have ended")
    current = read_vcd(trace).get("dac1")
    levels = [int(code) for code in current.values]
    assert len(set(levels[-8:])) > 4, "a ramp, not a cut"
    assert levels[-1] == 0
    (session,) = house.sessions()
    assert (session["outcome"], last_facts(house, "trip")["code"]) == ("tripped", "T27")
    assert house.run("sessions", "verify").returncode == 0


def _rising(trace: Path) -> bool:
    """Read a recording in progress; its header is complete once its first moment is there."""
    return (
        trace.exists()
        and "\n#" in trace.read_text("ascii")
        and any(code > ABOVE_CONTACT_CHECK for code in read_vcd(trace, {"dac1"}).get("dac1").values)
    )


def test_a_killed_engine_ends_the_treatment_and_is_closed_as_interrupted(house: House) -> None:
    _, port = house.board()
    engine = house.engine(port)
    treat = treating(house, port)
    engine.kill()
    code, summary = ended(treat)
    assert (code, summary["outcome"]) == (3, "lost")
    assert "engine" in summary["cause"]
    wait_until(lambda: not house.ask(port, "status")["status"]["supply"]["good"], "supply is off")
    engine = house.engine(port)
    engine.send_signal(signal.SIGINT)
    assert engine.wait(HANG_S) == 0
    assert [row["outcome"] for row in house.sessions()] == ["interrupted"]
    assert house.run("sessions", "verify").returncode == 0


@pytest.mark.parametrize(
    ("fault", "code", "trip", "words"),
    [
        ("estop", 4, "T01", "emergency stop was pressed"),
        ("hand-switch", 4, "T02", "squeezed the hand switch"),
        ("lost-daemon", 3, "T30", "does not answer"),
        ("stalled-daemon", 3, "T30", "does not answer"),
        ("lead-off:1", 5, "T06", "pad or a lead is off"),
    ],
)
def test_a_fault_in_a_treatment_is_named_recorded_and_ends_the_output(
    house: House, fault: str, code: int, trip: str, words: str
) -> None:
    _, port = house.board()
    treat = treating(house, port)
    house.ask(port, "set", fault=fault)
    returned, summary = ended(treat)
    assert (returned, summary["outcome"], summary["trip"]) == (code, "tripped", trip)
    assert words in summary["cause"]
    assert summary["remedy"]
    state = house.ask(port, "status")["status"]
    assert (state["supply"]["good"], state["channels"][0]["current_ua"]) == (False, 0)
    assert house.sessions()[0]["outcome"] == "tripped"
    assert facts_of(house, "trip")[0]["code"] == trip


def test_one_treatment_at_a_time_and_one_engine(house: House) -> None:
    _, port = house.board()
    engine = house.engine(port)
    first = treating(house, port)
    second = house.run(*TREAT, "--seconds", "1")
    assert second.returncode == 75
    assert "treats already" in second.stdout
    assert "Delivering" not in second.stdout
    twice = house.run("engine", "--port", port)
    assert twice.returncode == 75
    assert re.search(r"A106: an engine .* works on", one_line(twice.stderr))
    traced = house.run(*TREAT, "--seconds", "1", "--trace", str(house.folder / "x.vcd"))
    assert (traced.returncode, "--trace" in one_line(traced.stderr)) == (2, True)
    assert flowing(house, port), "nobody disturbed the first"
    first.send_signal(signal.SIGINT)
    assert ended(first)[0] == 130
    again = house.run(*TREAT, "--level", "1", "--seconds", "0.5", "--json")
    assert (again.returncode, json.loads(again.stdout)["outcome"]) == (0, "completed")
    engine.terminate()
    assert engine.wait(HANG_S) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_an_engine_asked_to_end_ends_output_and_closes_its_session(
    house: House, number: signal.Signals
) -> None:
    _, port = house.board()
    engine = house.engine(port)
    treat = treating(house, port)
    engine.send_signal(number)
    assert engine.wait(HANG_S) == 0
    code, summary = ended(treat)
    assert (code, summary["outcome"]) == (3, "lost")
    assert not house.ask(port, "status")["status"]["supply"]["good"]
    (session,) = house.sessions()
    assert session["outcome"] == "stopped"


def test_many_misbehaving_clients_do_not_disturb_a_treatment(house: House) -> None:
    _, port = house.board()
    treat = treating(house, port, "--seconds", "2")
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection(("127.0.0.1", int(port))))
            for _ in range(100)
        ]
        for number, rude in enumerate(crowd):
            rude.sendall(os.urandom(number) + b"\xff" * 16 + (10**9).to_bytes(4, "little"))
        code, summary = ended(treat)
    assert (code, summary["outcome"]) == (0, "completed"), summary["cause"]


def test_a_board_that_cannot_record_is_named_and_leaves_nothing_running(
    house: House, tmp_path: Path
) -> None:
    trace = tmp_path / "run.vcd"
    os.mkfifo(trace)
    reader = os.open(trace, os.O_RDONLY | os.O_NONBLOCK)
    treat = house.start(*LONG, "--trace", str(trace))
    drained = [0]

    def drain() -> bool:
        with suppress(BlockingIOError):
            drained[0] += len(os.read(reader, 65_536))
        return drained[0] > SOME_PULSES

    wait_until(drain, "pulses are recorded")
    os.close(reader)
    code, summary = ended(treat)
    assert code in (3, 5)
    assert "the connection broke while writing" in summary["cause"]
    wait_until(lambda: not house.processes(), "engine and board have ended")
