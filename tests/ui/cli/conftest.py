"""Commands run as by a new user: real processes and sockets, separate folders."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from drivers.virtual.control_socket import ControlClient
from tests.support.hang import HANG_S

COMMAND = (sys.executable, "-m", "ui.cli.main")
TREAT = ("treat", "conventional-tens")


def wait_until(condition: Callable[[], object], what: str, within_s: float = HANG_S) -> None:
    """Check a condition repeatedly until it is true."""
    until_s = time.monotonic() + within_s
    pause = threading.Event()
    while not condition():
        if time.monotonic() > until_s:
            raise AssertionError(f"not within {within_s} s: {what}")
        pause.wait(0.02)


class House:
    """Separate folders and an environment, and the commands that run in them."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.folder = folder
        self.data = folder / "records"
        self.runtime = runtime
        kept = {name: value for name, value in os.environ.items() if "PIGPIO" not in name}
        kept.pop("PYTHONUNBUFFERED", None)  # hides what happens to a buffer at the end
        own = {"STIMKIOSK_DATA": str(self.data), "XDG_RUNTIME_DIR": str(runtime)}
        self.environment = {**kept, **own, "COLUMNS": "80", "LINES": "24"}
        self.running: list[subprocess.Popen[str]] = []

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `more` are environment variables."""
        return subprocess.run(
            [*COMMAND, *arguments],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env={**self.environment, **more},
            timeout=HANG_S,
        )

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a command; its process is ended with the test."""
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment, **more},
        )
        self.running.append(process)
        return process

    def first_line(self, process: subprocess.Popen[str]) -> str:
        """Return the line with which a server says that it is ready."""
        return process.stdout.readline() if process.stdout else ""

    def board(self, *arguments: str) -> tuple[subprocess.Popen[str], str]:
        """Start a board on a free port, with test loads on its pads; return it and its port.

        It waits for an engine that is late, so that no machine trips a treatment.
        """
        process = self.start("board", "--port", "0", "--waiting", *arguments)
        found = re.search(r"127\.0\.0\.1:(\d+)", self.first_line(process))
        assert found is not None
        for channel in (1, 2):
            self.ask(found[1], "set", fault=f"resistor:{channel}=1000")
        return process, found[1]

    def engine(self, port: str) -> subprocess.Popen[str]:
        """Start an engine on a board and wait until it listens."""
        process = self.start("engine", "--port", port)
        assert "listens" in self.first_line(process)
        return process

    def ask(self, port: str, do: str, **arguments: object) -> Mapping[str, Any]:
        """Send a request to the control socket of a board, as `stimkiosk fault` does."""
        with ControlClient(self.runtime / "stimkiosk" / f"board-{port}.control") as client:
            return client.ask(do, **arguments)

    def sessions(self) -> list[Mapping[str, Any]]:
        """Return the sessions in the records, the newest first."""
        rows: list[Mapping[str, Any]] = json.loads(self.run("sessions", "list", "--json").stdout)
        return rows

    def processes(self) -> list[int]:
        """Return every process of ours that still runs in this house, by its environment."""
        mark = f"STIMKIOSK_DATA={self.data}".encode()
        return [
            int(each.name)
            for each in Path("/proc").iterdir()
            if each.name.isdecimal() and mark in _read(each / "environ").split(b"\0")
        ]

    def close(self) -> None:
        """Kill every process that is left."""
        for process in self.running:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(8)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.communicate()


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    """Open a house; its sockets are in a folder with a short enough path."""
    with tempfile.TemporaryDirectory(prefix="sk-") as runtime:
        house = House(folder, Path(runtime))
        try:
            yield house
        finally:
            house.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Return a house for one test."""
    with a_house(tmp_path) as opened:
        yield opened


def one_line(text: str) -> str:
    """Return the only line of an error output; fails on a traceback or on more lines."""
    assert "Traceback" not in text
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
