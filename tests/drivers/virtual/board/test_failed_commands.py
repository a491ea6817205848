"""A bug in one command ends only that command: the client gets an error, stderr one message."""

import errno
import json
from collections.abc import Generator
from typing import NoReturn

import pytest

from drivers.virtual.board import VirtualBoard
from drivers.virtual.control_socket import ControlSession, ControlSide
from drivers.virtual.host.kernel_side import KernelSide
from drivers.virtual.host.stderr_notices import MAX_DIFFERENT, MAX_TEXT, BoardNotices
from drivers.virtual.pace import Pace
from drivers.virtual.pins import PinBank
from tests.drivers.virtual.board.conftest import Rig
from tests.drivers.virtual.pigpiod.bench import Bench

INTERRUPTED = -144
"""PI_CMD_INTERRUPTED, which pigpiod itself never answers."""
PIGPV, READ, MILS = 26, 3, 47


@pytest.fixture
def bench() -> Bench:
    return Bench()


def broken(*_: object) -> NoReturn:
    raise KeyError("a mistake")


def broken_later(*_: object) -> Generator[int, None, int]:
    yield 1_000
    raise KeyError("a mistake")


def test_a_command_that_fails_is_answered_and_others_continue(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.daemon._handlers[READ] = broken
    assert [bench.send(READ, 4) for _ in range(50)] == [INTERRUPTED] * 50
    assert bench.send(PIGPV) == 79
    told = capsys.readouterr().err
    assert told.count("command (3, 4, 0) failed") == told.count("KeyError: 'a mistake'") == 1
    assert bench.daemon.notices.failures == 50


def test_a_command_that_fails_after_a_delay_is_answered(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.daemon._handlers[MILS] = broken_later
    session = bench.daemon.connect()
    session.feed(bytes([MILS, *bytes(15), PIGPV, *bytes(15)]))
    bench.run_us(10)
    replies = session.take_output()
    assert int.from_bytes(replies[12:16], "little", signed=True) == INTERRUPTED
    assert replies[28] == 79
    assert "KeyError" in capsys.readouterr().err


def test_a_script_that_fails_halts(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.daemon._handlers[READ] = broken
    script = bench.store("read p0")
    other = bench.store("tag 0 inr v0 ld p1 v0 mils 1 jmp 0")
    bench.run_us(10_000)
    assert bench.pi.script_status(script)[0] == 1
    assert bench.pi.script_status(other)[1][1] >= 9
    assert "a script failed" in capsys.readouterr().err


def test_a_kernel_request_that_fails_is_answered_with_an_error_code() -> None:
    said: list[str] = []
    kernel = KernelSide(PinBank(), (), broken, chip_selects=2, notices=BoardNotices(said.append))
    session = kernel.connect()
    assert session.feed(bytes([1, 0, 1, 0, 7])) == bytes([errno.EIO, 0, 0, 0])
    assert session.feed(bytes([4, 4, 0, 0]))[0] == 0
    assert len(said) == 1


def test_a_control_request_that_fails_is_refused(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(VirtualBoard, "status", broken)
    session = ControlSession(ControlSide(rig.board, Pace()))
    session.receive(b'{"do": "status"}\n{"do": "list"}\n')
    refused, listed = (json.loads(session.next_reply() or b"") for _ in range(2))
    assert refused["ok"] is False
    assert "KeyError" in refused["error"]
    assert listed["ok"] is True
    assert "a control request failed" in capsys.readouterr().err


def test_all_messages_together_fit_into_a_pipe() -> None:
    said: list[str] = []
    notices = BoardNotices(said.append)
    for number in range(1_000):
        notices.once(f"{number}")
        notices.failed("this", ValueError("x" * 10_000))
    assert len(said) <= MAX_DIFFERENT
    assert sum(map(len, said)) < MAX_DIFFERENT * (MAX_TEXT + 200) < 65_536


def test_a_closed_stderr_does_not_stop_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _: str) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Closed())
    BoardNotices().once("something")
