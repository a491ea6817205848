"""`stimkiosk kiosk` as a stranger runs it: no display, no engine yet, an end by a signal."""

import signal
import socket
from pathlib import Path

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import House, wait_until
from ui.cli.terminal.display import X_PORT, display_problem

NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""}
OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen"}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Return an environment without any display, its runtime folder empty."""
    for name in NO_DISPLAY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return monkeypatch


def test_without_a_display_one_line_says_so(house: House) -> None:
    done = house.run("kiosk", **NO_DISPLAY)
    line = "no display: neither DISPLAY nor WAYLAND_DISPLAY is set; run it where there is a screen"
    assert (done.returncode, done.stdout, done.stderr) == (5, "", f"stimkiosk: {line}\n")
    done = house.run("kiosk", **{**NO_DISPLAY, "DISPLAY": ":4711"})
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("stimkiosk: no display answers at DISPLAY=:4711; ")


def test_a_driver_that_opens_no_window_is_one_line_too(house: House) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(house.runtime / "wayland-9"))
        server.listen()
        chosen = {"WAYLAND_DISPLAY": "wayland-9", "SDL_VIDEODRIVER": "no-such-driver"}
        done = house.run("kiosk", **{**NO_DISPLAY, **chosen})
    assert (done.returncode, done.stdout) == (5, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("stimkiosk: no window can be opened here (")


def test_before_its_engine_runs_the_kiosk_waits_and_says_what_to_start(house: House) -> None:
    describe = house.runtime / "describe"
    kiosk = house.start("kiosk", "--describe", str(describe), **OFFSCREEN)
    assert kiosk.stderr is not None
    line = kiosk.stderr.readline()
    assert "no engine runs on" in line
    assert "`stimkiosk demo` starts board, engine and screen" in line
    house.engine(house.board()[1])
    wait_until(describe.exists, "the kiosk has found its engine")
    kiosk.send_signal(signal.SIGINT)
    assert kiosk.wait(HANG_S) == 130
    assert not describe.exists()


def test_a_display_is_one_that_answers(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert display_problem() == "no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
    bare.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert display_problem() == "no display answers at WAYLAND_DISPLAY=wayland-0"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert display_problem() is None
    bare.delenv("WAYLAND_DISPLAY")
    bare.setenv("DISPLAY", "nonsense")
    assert display_problem() == "no display answers at DISPLAY=nonsense"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        bare.setenv("DISPLAY", f"127.0.0.1:{port - X_PORT}.0")
        assert display_problem() is None
    assert display_problem() is not None
