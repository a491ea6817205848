"""A clinic led into a state, ready for faults; a dead engine is simply no longer ticked."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.engine import stepped_engine
from appliance.messages.actions import CheckContact, Pause, Start, Stop, Unlock
from drivers.board_file import load_board_file
from drivers.errors import DriverError
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pigpiod.scripts.script_code import FIRST_PARAMETER
from tests.campaigns.faults.person import LEVEL_UA, Person
from tests.support.clinic import Clinic

TENS, NMES = "conventional-tens", "nmes-endurance"
PERIOD_MS = {TENS: 12.5, NMES: 1_000 / 35}
ENERGISING = ("RampUp", "Delivering", "Resting", "RampDown")
STATES = (
    "Locked",
    "SelfTest",
    "Ready",
    "ContactCheck",
    "Armed",
    *ENERGISING[:3],
    "Paused",
    "RampDown",
    "Finished",
    "Tripped",
)
START_UTC_US = 1_700_000_000_000_000
REACH_S = 40.0


GUARD_LOOKS = 6_000
"""Three seconds: every silence is detected by then."""
GUARD_LATCH = FIRST_PARAMETER + 2
"""The guard copies its latch into this parameter."""


def guard_has_tripped(board: VirtualBoard) -> bool:
    """Tell whether the guard script in the daemon has tripped."""
    scripts = (script for script in board.daemon._scripts._slots if script is not None)
    return any(script.program.memory[GUARD_LATCH] for script in scripts)


class NotReached(RuntimeError):
    """The required state was not reached: the cell does not count; the text says why."""


@dataclass
class Scene:
    """One board, the engine on it (unless it is dead), and the person."""

    clinic: Clinic
    folder: Path
    stack: ExitStack
    programme: str = TENS
    running: bool = True
    powered: bool = True
    traces: list[Path] = field(default_factory=list)
    restarts: int = 0
    guard_us: int = -1
    """When the guard in the daemon was first seen tripped, in µs of board time."""

    @property
    def board(self) -> VirtualBoard:
        return self.clinic.board

    @property
    def now_us(self) -> int:
        return self.board.now_us

    def wait(self, milliseconds: float) -> None:
        """Let time pass, with the engine if it runs."""
        if self.running:
            self.clinic.ticks(round(milliseconds / 10))
        elif self.powered:
            self.board.advance_to_us(self.now_us + round(milliseconds * 1_000))

    def watch_guard(self, left: int = GUARD_LOOKS) -> None:
        """Read the guard's own latch twice a millisecond, without going through a client."""
        if guard_has_tripped(self.board):
            self.guard_us = self.now_us
        elif left:
            self.board.timeline.after(500_000, lambda: self.watch_guard(left - 1))

    def power_cut(self) -> None:
        """Cut the power of board and engine; the board's time stops for good."""
        self.running = self.powered = False
        self._keep_records()
        self.board.close()

    def kill_engine(self) -> None:
        """End the engine like SIGKILL: its sockets close, and none of its code runs again."""
        self.running = False
        self._keep_records()
        output: Any = self.clinic.engine.loop._rig.pulses
        with suppress(DriverError, OSError):
            output._client.wire.close()

    def restart(self, *, new_board: bool) -> None:
        """Start another engine on the records as they were when the first one died."""
        board = self.board
        if new_board:
            path = self.folder / f"trace{self.restarts}.vcd"
            board = self.stack.enter_context(_board(path))
            self.traces.append(path)
        record = self.traces[-1]
        records = self.folder / f"kept{self.restarts}"
        engine, link = self.stack.enter_context(stepped_engine(board, records, START_UTC_US))
        self.clinic = Clinic(board, engine, link, records, record)
        self.running = self.powered = True

    def _keep_records(self) -> None:
        """Copy the records at this moment, so that the dying engine cannot change them."""
        self.restarts += 1
        shutil.copytree(self.clinic.data, self.folder / f"kept{self.restarts}")


@contextmanager
def open_scene(folder: Path) -> Iterator[Scene]:
    """Open a board, an engine and a person; on exit the recording is complete."""
    record, data = folder / "trace.vcd", folder / "data"
    data.mkdir(parents=True)
    with ExitStack() as stack:
        board = stack.enter_context(_board(record))
        engine, link = stack.enter_context(stepped_engine(board, data, START_UTC_US))
        clinic = Clinic(board, engine, link, data, record)
        yield Scene(clinic, folder, stack, traces=[record])


@contextmanager
def _board(record: Path) -> Iterator[VirtualBoard]:
    board = VirtualBoard(load_board_file(), record=record)
    try:
        yield board
    finally:
        board.close()


# --- the way into each state -----------------------------------------------------------------


def reach(scene: Scene, state: str) -> None:
    """Lead a new clinic into a state; raises `NotReached`."""
    scene.programme = NMES if state in {"RampUp", "Resting"} else TENS
    try:
        _WAYS[state](scene)
    except AssertionError as error:
        raise NotReached(f"{state} was not reached: {str(error)[:200]}") from error
    if scene.clinic.state != state:
        raise NotReached(f"{state} was not reached: {scene.clinic.state}")


def _treat(scene: Scene) -> None:
    scene.clinic.until("Locked")
    person = Person(scene.clinic, scene.programme)
    if not person.try_for(REACH_S, hold_ms=500):
        raise NotReached(f"no treatment: {person.refused} {scene.clinic.view.trip}")


def _locked(scene: Scene) -> None:
    scene.clinic.until("Locked")


def _self_test(scene: Scene) -> None:
    scene.clinic.until("Locked")
    scene.clinic.do(Unlock(operator="anna"))
    scene.clinic.tick()


def _ready(scene: Scene) -> None:
    scene.clinic.unlock()


def _contact_check(scene: Scene) -> None:
    scene.clinic.unlock()
    scene.clinic.prescribe()
    scene.clinic.do(CheckContact())
    scene.clinic.tick()


def _armed(scene: Scene) -> None:
    scene.clinic.arm()


def _ramp_up(scene: Scene) -> None:
    _treat(scene)
    scene.clinic.until("Resting")
    scene.clinic.until("RampUp")
    scene.wait(1_100)


def _resting(scene: Scene) -> None:
    _treat(scene)
    scene.clinic.until("Resting")
    scene.wait(100)


def _paused(scene: Scene) -> None:
    _treat(scene)
    scene.clinic.do(Pause())
    scene.clinic.until("Paused")
    scene.wait(100)


def _ramp_down(scene: Scene) -> None:
    _treat(scene)
    scene.clinic.do(Stop())
    scene.clinic.tick()


def _finished(scene: Scene) -> None:
    _treat(scene)
    scene.clinic.do(Stop())
    scene.clinic.until("Finished")
    scene.wait(100)


def _tripped(scene: Scene) -> None:
    """Trip with the hand switch and release it; the trip is not acknowledged yet."""
    scene.clinic.arm()
    scene.clinic.do(Start())
    scene.clinic.until("Delivering")
    scene.board.fault_set("hand-switch")
    scene.clinic.until("Tripped")
    scene.board.fault_clear("hand-switch")
    scene.wait(100)


_WAYS: dict[str, Callable[[Scene], None]] = {
    "Locked": _locked,
    "SelfTest": _self_test,
    "Ready": _ready,
    "ContactCheck": _contact_check,
    "Armed": _armed,
    "RampUp": _ramp_up,
    "Delivering": _treat,
    "Resting": _resting,
    "Paused": _paused,
    "RampDown": _ramp_down,
    "Finished": _finished,
    "Tripped": _tripped,
}
SPREAD_TICKS = {"SelfTest": 30, "ContactCheck": 90, "RampDown": 12, "Resting": 50, "RampUp": 15}
"""Maximum number of ticks before a fault, so that the state is still the same."""
OTHERWISE_TICKS = 10


def spread_us(state: str, share: float) -> int:
    """Return the delay of a fault after the state was reached, in µs; `share` is 0 to 1."""
    return round(SPREAD_TICKS.get(state, OTHERWISE_TICKS) * 10_000 * share)


__all__ = [
    "ENERGISING",
    "LEVEL_UA",
    "PERIOD_MS",
    "STATES",
    "NotReached",
    "Scene",
    "open_scene",
    "reach",
    "spread_us",
]
