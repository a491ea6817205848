"""Board and engine as separate processes, and a client that runs a treatment on them."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import Prescribe
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import Subject
from drivers.virtual.control_socket import ControlClient
from ui.cli.terminal.snapshot_text import trip_text
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatmentRequest

STIMKIOSK = ("ui.cli.main",)
WITH_COUNTERS = ("tests.campaigns.bench.engine_process",)
"""The same engine, which also writes its costs to a file; see that module."""
STOP_S = 5.0
CLOCK_TRIES = 20


class Process:
    """A Python module run as a child, ready when it has printed its first line."""

    def __init__(self, module: tuple[str, ...], *arguments: str, runtime: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if "PIGPIO" not in name}
        self._process = subprocess.Popen(
            [sys.executable, "-m", *module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**kept, "XDG_RUNTIME_DIR": str(runtime)},
        )
        self.pid = self._process.pid
        out = self._process.stdout
        self.first_line = out.readline() if out is not None else ""
        if not self.first_line:
            raise RuntimeError(f"{module[0]} {arguments[0]} did not start")

    def kill(self) -> None:
        """Kill the process with SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask the process to end; kill it if it does not."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def use_normal_priority(self) -> None:
        """Remove the real-time priority that the process asked for."""
        os.sched_setscheduler(self.pid, os.SCHED_OTHER, os.sched_param(0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._process.stdout is not None:
            self._process.stdout.close()


TEST_LOADS = ("resistor:1", "resistor:2")
"""What is on the pads: test loads of 1 kΩ, nobody's skin."""


class BoardProcess(Process):
    """A virtual board in real time, with a test load on each channel."""

    def __init__(self, runtime: Path, record: Path | None = None) -> None:
        recording = () if record is None else ("--record", str(record))
        super().__init__(STIMKIOSK, "board", "--port", "0", *recording, runtime=runtime)
        found = re.search(r"127\.0\.0\.1:(\d+)", self.first_line)
        self.port = int(found[1]) if found else 0
        self.runtime = runtime
        self.control = ControlClient(runtime / "stimkiosk" / f"board-{self.port}.control")
        for load in TEST_LOADS:
            self.control.ask("set", fault=f"{load}=1000")

    def clock(self) -> tuple[int, int]:
        """Return (board time minus monotonic time, uncertainty), both in ns.

        Both use the machine's monotonic clock; the fastest of several round trips counts, and the
        board read its time somewhere between request and reply.
        """
        best: tuple[int, int] | None = None
        for _ in range(CLOCK_TRIES):
            asked_ns = time.monotonic_ns()
            board_ns = self.control.ask("time")["time_us"] * 1_000
            answered_ns = time.monotonic_ns()
            unsure_ns = (answered_ns - asked_ns) // 2
            if best is None or unsure_ns < best[1]:
                best = board_ns - asked_ns - unsure_ns, unsure_ns
        return best or (0, 0)

    def stop(self) -> None:
        """Close the control socket, then end the board."""
        self.control.close()
        super().stop()


class EngineProcess(Process):
    """An engine on a board, and one client of it."""

    def __init__(
        self,
        board: BoardProcess,
        data: Path,
        *more: str,
        module: tuple[str, ...] = STIMKIOSK,
    ) -> None:
        own = ("--port", str(board.port), "--data", str(data), *more)
        super().__init__(module, "engine", *own, runtime=board.runtime)
        self.link = LinkClient.connect(link_path(data), "bench")

    def stop(self) -> None:
        """Close the link, then end the engine."""
        with suppress(LinkError):
            self.link.close()
        super().stop()


def a_director(programme: str, level_ua: int, channels: tuple[int, ...] = (1, 2)) -> Autopilot:
    """Return an autopilot that raises the programme to a level and stays there to its end."""
    return Autopilot(
        TreatmentRequest(
            Prescribe(
                subject=Subject.TEST_LOAD, programme=programme, channels=channels, tap_ua=1_000
            ),
            level_ua,
            None,
        )
    )


def at_level(autopilot: Autopilot) -> Callable[[Snapshot], bool]:
    """Return a predicate: pulses play at the autopilot's target level."""
    return lambda seen: seen.state == "Delivering" and autopilot.reached(seen)


def lead(
    link: LinkClient,
    autopilot: Autopilot,
    until: Callable[[Snapshot], bool],
    within_s: float = 30.0,
) -> Snapshot:
    """Run a treatment until a snapshot fulfils a predicate, confirming the screen all the time."""
    end_s = time.monotonic() + within_s
    newest: Snapshot | None = None
    while time.monotonic() < end_s:
        message = link.next_message(0.05)
        if isinstance(message, Reply | Refused):
            autopilot.answered(message)
        snapshot = link.snapshot()
        if snapshot is None or snapshot is newest:
            continue
        newest = snapshot
        link.shown()
        if until(snapshot):
            return snapshot
        if snapshot.state == "Tripped" and snapshot.trip is not None:
            raise RuntimeError(f"tripped: {trip_text(snapshot.trip)}")
        if autopilot.failure is not None:
            raise RuntimeError(autopilot.failure.text)
        action = autopilot.decide(snapshot)
        if action is not None:
            autopilot.sent(link.send(action), action)
    state = newest and (newest.state, newest.trip, newest.notes)
    raise TimeoutError(f"not within {within_s:g} s: {state}")
