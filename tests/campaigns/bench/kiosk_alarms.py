"""A silent engine and the emergency stop: until the screen says so, and until no current flows.

Board (with a recording), engine and kiosk are separate processes. During a treatment the engine is
stopped with SIGSTOP: its link stays open, and nothing comes any more. In another one the emergency
stop is pressed. Shown is the first frame that was drawn with the screen "no_engine" or "stopped",
timed in the kiosk; zero current is the last edge of a gate in the recording, in board time. Once
the engine runs again, the kiosk finds it by itself.
"""

import os
import random
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from appliance.errors import LinkError
from appliance.link.engine_socket import link_path
from appliance.messages.actions import Acknowledge
from appliance.messages.snapshot import Snapshot
from tests.campaigns.bench.crowd import AFTER_NS, GATES, percentile
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.independent_vcd import read_changes, tick_ns
from tests.campaigns.bench.kiosk_drawing import MEASURED, look_on
from tests.campaigns.bench.kiosk_touch import LEVEL_UA, QUIET_S, flows
from tests.campaigns.bench.processes import BoardProcess, EngineProcess, a_director, lead
from tests.support.kiosk.hands import KioskPerson, a_kiosk

SHOWN_MS, ZERO_MS, ESTOP_MS = 500, 100, 5
SILENT_S, BACK_S = 1.0, 10.0
LOST, STOPPED = "no_engine", "stopped"


@dataclass(slots=True)
class Alarms:
    """What was measured, in ns; `at_ns` are the moments on the board."""

    shown: list[int] = field(default_factory=list)
    at_ns: list[int] = field(default_factory=list)
    zero: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Measured:
    """Both kinds of alarm; `back` is how long the kiosk took after SIGCONT, in ns."""

    silence: Alarms = field(default_factory=Alarms)
    estop: Alarms = field(default_factory=Alarms)
    back: list[int] = field(default_factory=list)
    trips: set[str] = field(default_factory=set)


def fall_silent(kiosk: KioskPerson, engine: EngineProcess) -> tuple[int, int | None]:
    """Stop the engine; return when, and when the screen said so, None if it never did."""
    kiosk.ask(do="watch", screen=LOST)
    silent_ns = time.monotonic_ns()
    os.kill(engine.pid, signal.SIGSTOP)
    time.sleep(SILENT_S)
    return silent_ns, kiosk.ask(do="watched")["drawn_ns"]


def speak_again(kiosk: KioskPerson, engine: EngineProcess) -> int:
    """Let the engine run; return how long the kiosk took to show what it says, in ns."""
    began_ns = time.monotonic_ns()
    os.kill(engine.pid, signal.SIGCONT)
    while kiosk.screen == LOST:
        if time.monotonic_ns() - began_ns > BACK_S * 1e9:
            raise TimeoutError("the kiosk did not find the engine again")
        time.sleep(0.02)
    return time.monotonic_ns() - began_ns


class Ward:
    """A board, its engine and a kiosk; `ahead_ns` is board time minus monotonic time."""

    def __init__(
        self, board: BoardProcess, engine: EngineProcess, kiosk: KioskPerson, ahead_ns: int
    ) -> None:
        self.board, self.engine, self.kiosk, self._ahead_ns = board, engine, kiosk, ahead_ns
        self.found = Measured()

    def treat(self) -> None:
        """Bring a treatment to its level."""
        lead(self.engine.link, a_director("conventional-tens", LEVEL_UA, (1,)), flows, 60)
        self.kiosk.wait("treatment")
        look_on(self.engine.link, random.uniform(0.5, 0.7))

    def note(self, alarms: Alarms, at_ns: int, shown_ns: int | None) -> None:
        """Note what was measured of one alarm."""
        alarms.at_ns.append(at_ns + self._ahead_ns)
        if shown_ns is None:
            alarms.failed.append("never shown")
        else:
            alarms.shown.append(shown_ns - at_ns)

    def silence(self) -> None:
        """Stop the engine in a treatment, and let it run again."""
        self.treat()
        self.note(self.found.silence, *fall_silent(self.kiosk, self.engine))
        self.found.back.append(speak_again(self.kiosk, self.engine))
        self.acknowledge()

    def press(self) -> None:
        """Press and release the emergency stop in a treatment."""
        self.treat()
        self.kiosk.ask(do="watch", screen=STOPPED)
        pressed_ns = time.monotonic_ns()
        self.board.control.ask("set", fault="estop")
        look_on(self.engine.link, SILENT_S)
        self.note(self.found.estop, pressed_ns, self.kiosk.ask(do="watched")["drawn_ns"])
        self.board.control.ask("clear", fault="estop")
        self.acknowledge()

    def acknowledge(self) -> None:
        """Acknowledge the trip, so that another treatment may begin."""
        tripped = _seen(self.engine, "Tripped")
        self.found.trips.add("" if tripped.trip is None else tripped.trip.code)
        self.kiosk.wait(STOPPED)
        look_on(self.engine.link, QUIET_S)
        self.engine.link.ask(Acknowledge(), 5)
        _seen(self.engine, "Ready")


def _seen(engine: EngineProcess, state: str) -> Snapshot:
    until_s = time.monotonic() + 20
    while time.monotonic() < until_s:
        with suppress(LinkError):
            engine.link.next_message(0.05)
            seen = engine.link.snapshot()
            engine.link.shown()
            if seen is not None and seen.state == state:
                return seen
    raise TimeoutError(f"never {state}")


def measure(options: Options) -> Measured:
    """Let the engine fall silent, then press the emergency stop, in one treatment after another."""
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    record = scratch / "board.vcd"
    with BoardProcess(scratch, record) as board:
        ahead_ns, _ = board.clock()
        with (
            EngineProcess(board, scratch / "data") as engine,
            a_kiosk(link_path(scratch / "data"), module=MEASURED) as kiosk,
        ):
            ward = Ward(board, engine, kiosk, ahead_ns)
            for _ in range(options.size(20, 2)):
                ward.silence()
            for _ in range(options.size(20, 2)):
                ward.press()
    tick, changes = tick_ns(record), read_changes(record, GATES)
    falls = [at * tick for each in changes.values() for at, level in each if not level]
    for alarms in (ward.found.silence, ward.found.estop):
        for at_ns in alarms.at_ns:
            after = [fall - at_ns for fall in falls if 0 <= fall - at_ns < AFTER_NS]
            alarms.zero.append(max(after, default=0))
    record.unlink()
    return ward.found


def run(options: Options) -> Result:
    """Measure on the smallest size."""
    found = measure(options)
    silence, estop = found.silence, found.estop
    back_ms = [took / 1e6 for took in found.back]
    notes = (
        "SDL offscreen, Mesa llvmpipe, 800x480; 2 mA; SIGSTOP for 1 s",
        f"shown again {min(back_ms):.0f} to {max(back_ms):.0f} ms after SIGCONT",
        f"trips: {', '.join(sorted(found.trips))}",
        "the request to the board, which presses the emergency stop, is part of its times",
    )
    rows = (
        _row("engine silent to the screen saying so", SHOWN_MS, silence.shown, silence.failed),
        _row("engine silent to zero current", ZERO_MS, silence.zero, []),
        _row("emergency stop to the screen saying so", SHOWN_MS, estop.shown, estop.failed),
        _row("emergency stop to zero current", ESTOP_MS, estop.zero, []),
    )
    return Result(rows, notes)


def _row(figure: str, most_ms: int, took: list[int], failed: list[str]) -> Row:
    worst, middle = max(took, default=0) / 1e6, percentile(took, 50) / 1e6
    return Row(
        f"kiosk, {figure}",
        f"worst ≤ {most_ms} ms",
        f"worst {worst:.0f} ms, median {middle:.0f} ms of {len(took)}",
        bool(took) and worst <= most_ms and not failed,
        margin(worst, most_ms),
    )


FIGURE = Figure("kiosk_alarms", "shown ≤ 500 ms; zero current ≤ 100 ms silent, ≤ 5 ms pressed", run)
