"""One exit code and one line for each cause of failure, whichever command meets it."""

import ctypes
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.errors import NotConnected
from drivers.virtual import board_sockets as paths
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House, a_house, one_line
from ui.cli.terminal.error_reports import exit_code_of

NOBODY = 65_534
UNPRIVILEGED = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one house with an engine and a finished session for all tests."""
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        done = opened.run(*TREAT, "--fast", "--level", "1", "--seconds", "1")
        assert done.returncode == 0, done.stderr
        _, port = opened.board()
        opened.engine(port)
        opened.environment["PIGPIO_PORT"] = port
        yield opened


@pytest.fixture
def stranger(house: House) -> Iterator[Run]:
    """Run commands as a user without access to the house; as root, by dropping its privileges."""
    root = os.geteuid() == 0
    if root:
        os.chown(house.data, NOBODY, NOBODY)
    else:
        house.data.chmod(0)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=house.environment,
            preexec_fn=_without_rights if root else None,
            timeout=HANG_S,
        )

    try:
        yield run
    finally:
        house.data.chmod(0o700)
        if root:
            os.chown(house.data, 0, 0)


def _without_rights() -> None:
    """Drop every capability (prctl(2), PR_CAPBSET_DROP), so that files of others are protected."""
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["stop"],
        ["acknowledge", "--yes"],
        ["engine"],
        ["drill"],
        ["drill", "watchdog"],
        [*TREAT],
        [*TREAT, "--fast"],
        ["sessions", "list"],
        ["sessions", "show", "0001-001"],
        ["sessions", "verify"],
        ["sessions", "capsules"],
        ["patients", "list"],
        ["patients", "show", "P-1"],
        ["patients", "ceiling", "P-1", "--neck", "--max", "5", "--reason", "r", "--operator", "o"],
    ],
    ids=" ".join,
)
def test_the_folder_of_another_user_is_not_permitted(stranger: Run, arguments: list[str]) -> None:
    done = stranger(*arguments)
    assert (done.returncode, done.stdout) == (6, "")
    said = one_line(done.stderr).lower()
    assert any(words in said for words in ("denied", "another user", "not writable")), said
    assert "start `stimkiosk engine`" not in said


def test_a_board_of_another_user_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "listener_of", lambda _port: os.getuid() + 1)
    with pytest.raises(NotConnected, match="is used by another user") as refused:
        paths.own_board(1, "do this")
    assert exit_code_of(refused.value) == 6
    monkeypatch.setattr(paths, "listener_of", lambda _port: None)
    with pytest.raises(NotConnected, match="no virtual board on port 1; do this") as missing:
        paths.own_board(1, "do this")
    assert exit_code_of(missing.value) == 3


def test_a_port_that_another_program_holds_is_named_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        held = f"port {port} is held by another program, .*; end it, or take another port"
        with pytest.raises(NotConnected, match=held):
            paths.own_board(port, f"start one on port {port}")


@pytest.mark.skipif(int(UNPRIVILEGED.read_text("ascii")) <= 80, reason="ports are for everybody")
def test_a_port_that_is_not_allowed_is_said(stranger: Run) -> None:
    done = stranger("board", "--port", "80")
    assert done.returncode == 6
    assert "port 80 is only for root; choose one from 1024" in one_line(done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ["trace", "/nowhere/run.vcd"],
        ["sessions", "show", "0001-001", "--data", "/nowhere"],
        ["sessions", "verify", "--data", "/nowhere"],
        [*TREAT, "--fast", "--board", "/nowhere/own.toml"],
        ["board", "--port", "0", "--board", "/nowhere/own.toml"],
        ["board", "--port", "0", "--record", "/nowhere/run.vcd"],
        [*TREAT, "--fast", "--trace", "/nowhere/run.vcd"],
    ],
    ids=" ".join,
)
def test_a_path_that_is_not_there_is_wrong_usage(house: House, arguments: list[str]) -> None:
    done = house.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "/nowhere" in one_line(done.stderr)


@pytest.mark.parametrize(
    "arguments", [["board", "--port", "0", "--record"], [*TREAT, "--fast", "--trace"]]
)
def test_an_output_that_may_not_be_written_is_not_permitted(
    house: House, stranger: Run, tmp_path: Path, arguments: list[str]
) -> None:
    records = [] if arguments[0] == "board" else ["--data", str(tmp_path / "records")]
    done = stranger(*arguments, str(house.data / "run.vcd"), *records)
    assert done.returncode == 6
    assert "run.vcd: Permission denied" in one_line(done.stderr)
