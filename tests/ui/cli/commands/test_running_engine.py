"""`stimkiosk status`, `stop` and `acknowledge` on an engine that runs in another shell."""

import json
import socket
from contextlib import ExitStack

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import TREAT, House, one_line, wait_until
from ui.cli.commands.stop import verdict


def test_each_command_without_an_engine_says_so_and_exits_with_3(house: House) -> None:
    for command in (["status"], ["stop"], ["acknowledge", "--yes"], ["silence"]):
        ended = house.run(*command)
        assert ended.returncode == 3
        assert "no engine answers" in one_line(ended.stderr)


def test_a_trip_can_be_acknowledged_only_once_its_cause_is_gone(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    quiet = house.run("status")
    assert quiet.returncode == 0
    assert quiet.stdout.splitlines()[0].split() == ["state", "locked"]
    nothing = house.run("acknowledge", "--yes")
    assert nothing.returncode == 4
    assert "nothing to acknowledge" in one_line(nothing.stderr)
    assert house.run("silence").returncode == 4

    house.ask(port, "set", fault="estop")
    wait_until(lambda: house.run("status").returncode == 1, "a trip")
    shown = house.run("status").stdout
    assert "T01" in shown
    assert "e-stop OPEN" in shown
    assert "cause is still present" in shown
    assert "sound      Output was stopped" in shown.splitlines()
    assert house.run("silence").stdout.strip() == "silent for 120 s: Output was stopped"
    assert "Output was stopped (silent for 1:" in house.run("status").stdout
    again = house.run("silence")
    assert again.returncode == 4
    assert "ask again in" in one_line(again.stderr)
    early = house.run("acknowledge", "--yes")
    assert early.returncode == 4
    assert "refused" in one_line(early.stderr)
    unasked = house.run("acknowledge")
    assert unasked.returncode == 2
    assert "--yes" in one_line(unasked.stderr)

    house.ask(port, "clear", fault="estop")
    wait_until(lambda: "cause is gone" in house.run("status").stdout, "its cause gone")
    done = house.run("acknowledge", "--yes", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["code"] == "T01"
    assert house.run("status").returncode == 0


def test_a_stop_from_another_shell_ends_a_treatment(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    treating = house.start(*TREAT, "--level", "4", PIGPIO_PORT=port)

    def playing() -> bool:
        seen = json.loads(house.run("status", "--json").stdout)
        return seen["state"] in {"RampUp", "Delivering"}

    wait_until(playing, "pulses")
    stopped = house.run("stop")
    assert stopped.returncode == 0
    assert stopped.stdout.startswith("stopped: ")
    assert "now finished" in stopped.stdout
    treating.communicate(timeout=HANG_S)
    (session,) = house.sessions()
    assert session["outcome"] == "stopped"
    assert "no output was on" in house.run("stop", "--cut").stdout


def test_a_stop_is_accepted_while_every_connection_is_in_use(house: House) -> None:
    """The clients that use them have sent hello, or nothing, and never disconnect."""
    _, port = house.board()
    house.engine(port)
    with ExitStack() as stack:
        for number in range(64):
            idle = stack.enter_context(socket.socket(socket.AF_UNIX))
            idle.connect(str(house.data / "run" / "engine.sock"))
            if number % 2:
                idle.sendall(b'{"type":"hello","version":2,"build":"b","peer":"idle"}\n')
        stopped = house.run("stop")
    assert stopped.returncode == 0
    assert stopped.stdout.strip() == "no output was on: locked"


def test_the_stop_command_sends_its_stop_before_anything_else(house: House) -> None:
    """An engine that sends nothing, not even hello, still receives the stop."""
    path = house.data / "run" / "engine.sock"
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(path))
        mute.listen()
        stopping = house.start("stop", "--cut")
        connected, _ = mute.accept()
        with connected:
            sent = b""
            while sent.count(b"\n") < 2:
                sent += connected.recv(4_096)
            hello, stop = sent.splitlines()
        _, said = stopping.communicate(timeout=HANG_S)
    assert json.loads(hello)["type"] == "hello"
    assert json.loads(stop)["action"] == {"type": "stop", "cut": True}
    assert stopping.returncode == 3
    assert "the stop is not confirmed" in one_line(said)


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ("Delivering", "Finished", 0, "stopped: was delivering, now finished"),
        ("Delivering", "Tripped", 0, "stopped: was delivering, now tripped"),
        ("Ready", "Ready", 0, "no output was on: ready"),
        ("Delivering", "RampDown", 5, "still ramping down: press the emergency stop"),
        ("Paused", "RampUp", 5, "still ramping up: press the emergency stop"),
        (None, "Finished", 0, "the stop was accepted: now finished"),
        (None, "RampDown", 5, "still ramping down: press the emergency stop"),
    ],
)
def test_a_stop_is_never_reported_as_done_while_pulses_play(
    before: str | None, after: str, code: int, said: str
) -> None:
    text, found = verdict(before, after)
    assert (int(found), said in text) == (code, True)
