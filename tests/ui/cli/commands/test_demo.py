"""`stimkiosk demo`: the kiosk on a virtual board; everything starts and ends together."""

import os
import re
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.hang import HANG_S
from tests.support.kiosk.x_display import an_x_display, needs_display, xdotool
from tests.ui.cli.conftest import House, wait_until
from ui.cli.demonstration.prepared_unit import LEAD
from ui.cli.engine.in_charge import signed_in

NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""}
OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen"}
PIECES = ("board", "engine", "panel", "kiosk")


def started(house: House, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    """Start a demo and wait until it says that all is open."""
    demo = house.start("demo", *arguments, **more)
    assert demo.stdout is not None
    for line in demo.stdout:
        if line.startswith("Closing the kiosk"):
            return demo
    assert demo.stderr is not None
    raise AssertionError(demo.stderr.read())


def pid_of(house: House, piece: str) -> int | None:
    """Return the process of one of the commands that a demo starts."""
    words = f"ui.cli.main\0{piece}\0".encode()
    return next(
        (pid for pid in house.processes() if words in Path(f"/proc/{pid}/cmdline").read_bytes()),
        None,
    )


@pytest.mark.slow
def test_a_demo_prepares_a_patient_and_ends_with_its_kiosk(house: House, tmp_path: Path) -> None:
    out = tmp_path / "out"
    demo = started(house, "--out", str(out), **OFFSCREEN)
    wait_until(lambda: all(pid_of(house, piece) for piece in PIECES), "four processes")
    with LinkClient.connect(link_path(out / "records"), "test") as link:
        with signed_in(link, LEAD.name, LEAD.pin):
            page = link.query("patients:")
            rows = [dict(row) for row in page.rows]  # type: ignore[union-attr]
            assert [(row["alias"], row["simulated"]) for row in rows] == [("SIM1", True)]
        snapshot = link.snapshot()
        assert snapshot is not None
        assert snapshot.simulated_time
    kiosk = pid_of(house, "kiosk")
    assert kiosk is not None
    os.kill(kiosk, signal.SIGTERM)
    demo.wait(HANG_S)
    assert house.processes() == []


@pytest.mark.slow
def test_ctrl_c_ends_every_part_of_a_demo(house: House, tmp_path: Path) -> None:
    demo = started(house, "--empty", "--out", str(tmp_path / "out"), **OFFSCREEN)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(HANG_S) == 130
    assert house.processes() == []


@pytest.mark.slow
def test_a_killed_demo_leaves_nothing_running(house: House, tmp_path: Path) -> None:
    demo = started(house, "--empty", "--out", str(tmp_path / "out"), **OFFSCREEN)
    demo.kill()
    wait_until(lambda: not pid_of(house, "kiosk") and not pid_of(house, "panel"), "no windows")
    engine = pid_of(house, "engine")
    assert engine is not None  # ends by itself after a minute without a screen
    os.kill(engine, signal.SIGTERM)
    wait_until(lambda: house.processes() == [], "the board has ended with its engine")


def test_without_a_display_one_line_says_how_to_get_the_kiosk(house: House, tmp_path: Path) -> None:
    # Refused before the session begins: the picture is there already.
    (tmp_path / "demo.png").touch()
    done = house.run("demo", "--out", str(tmp_path), **NO_DISPLAY)
    assert done.returncode == 2
    assert done.stdout == (
        "no display: neither DISPLAY nor WAYLAND_DISPLAY is set: the session runs in the terminal, "
        "with a display in the kiosk.\n"
    )
    forced = house.run("demo", "--terminal", "--out", str(tmp_path), **OFFSCREEN)
    assert (forced.returncode, forced.stdout) == (2, "")


def geometry(display: str, window: str) -> str:
    return xdotool(display, "getwindowgeometry", window).stdout


@pytest.mark.slow
@needs_display
def test_two_windows_open_and_a_click_in_the_panel_presses_the_e_stop(
    house: House, tmp_path: Path
) -> None:
    with an_x_display(1600, 900) as display:
        demo = started(house, "--empty", "--out", str(tmp_path / "out"), DISPLAY=display)

        def windows() -> dict[str, str]:
            found = xdotool(display, "search", "--onlyvisible", "--class", ".").stdout.split()
            return {xdotool(display, "getwindowname", each).stdout.strip(): each for each in found}

        def opened() -> bool:
            if demo.poll() is not None:
                raise AssertionError(f"the demo has ended: {demo.communicate()}")
            return {"Virtual board", "stimkiosk"} <= windows().keys()

        wait_until(opened, "two windows")
        panel, kiosk = windows()["Virtual board"], windows()["stimkiosk"]
        assert re.search(r"Geometry: 420x\d{3}\n", geometry(display, panel))
        assert "Geometry: 800x480\n" in geometry(display, kiosk)
        with LinkClient.connect(link_path(tmp_path / "out" / "records"), "test") as link:

            def is_closed() -> bool:
                snapshot = link.snapshot()
                link.shown()
                return snapshot is not None and snapshot.estop_closed

            wait_until(is_closed, "the e-stop is not pressed")
            pause = threading.Event()

            def clicked() -> bool:
                # The first click may come before the panel has seen the board.
                xdotool(display, "mousemove", "--window", panel, "100", "80", "click", "1")
                pause.wait(1.0)
                return not is_closed()

            wait_until(clicked, "a click has pressed the e-stop")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(HANG_S) == 130
        assert house.processes() == []
