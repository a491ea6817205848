"""Touches on the kiosk: until they are seen on the screen, and until no current flows.

Board (with a recording), engine and kiosk are separate processes. A touch comes between two frames
at a moment of its own, as one of an input driver does; its time is taken when the driver has it.
Feedback is the first frame that was drawn after it. Zero current is the last edge of a gate in the
recording within 0.75 s, in board time. What lowers is touched at most 0.1 s after the engine has
said that a pulse was measured. Where the recording has pulses until the touch and none after it,
the output had ended before the next one was due: that counts as 0 ms.
"""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from appliance.link.engine_socket import link_path
from appliance.messages.actions import CloseSession, Resume
from appliance.messages.snapshot import Snapshot
from tests.campaigns.bench.crowd import AFTER_NS, GATES, percentile
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.independent_vcd import read_changes, tick_ns
from tests.campaigns.bench.kiosk_drawing import MEASURED, look_on
from tests.campaigns.bench.processes import (
    BoardProcess,
    EngineProcess,
    a_director,
    lead,
)
from tests.support.kiosk.hands import KioskPerson, a_kiosk

LEVEL_UA = 2_000
FEEDBACK_MS, STOP_MS, PAUSE_MS = 100, 120, 560
QUIET_S = 0.8
"""After a stop; the next treatment's pulses could count as the stopped one's otherwise."""
PLAYS_NS = 50_000_000
"""Pulses come 12.5 ms apart: where one ended so short before a touch, current flowed at it."""
APART_S = 0.3
"""Between two touches: right after a change of the screen most are swallowed."""


@dataclass(slots=True)
class Touches:
    """What was measured, in ns; `sent` are the kind of a touch and its time on the board."""

    feedback: list[int] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    took: dict[str, list[int]] = field(default_factory=lambda: {"stop": [], "pause": []})
    failed: list[str] = field(default_factory=list)


class Bedside:
    """A kiosk and the client that brings treatments about beside it."""

    def __init__(self, kiosk: KioskPerson, engine: EngineProcess, ahead_ns: int) -> None:
        self._kiosk, self._engine, self._ahead_ns = kiosk, engine, ahead_ns
        self._chance = random.Random(7)
        self._director = a_director("conventional-tens", LEVEL_UA, (1,))
        self.touches = Touches()

    def treat(self, *, resumed: bool = False) -> None:
        """Bring a treatment, or one that was resumed at level zero, to its level."""
        if not resumed:
            self._director = a_director("conventional-tens", LEVEL_UA, (1,))
        lead(self._engine.link, self._director, flows, 60)
        self._kiosk.wait("treatment")
        look_on(self._engine.link, APART_S)

    def touch(self, words: str, *, while_playing: bool = False) -> int:
        """Touch a key at some moment; return when. It is counted as feedback too."""
        key = self._kiosk.find(words)
        if key is None:
            raise RuntimeError(f"no key {words} on the screen {self._kiosk.screen}")
        if while_playing:
            self._until_measured()
        time.sleep(self._chance.uniform(0, 0.1))
        felt = self._kiosk.ask(do="feel", at=key.middle)
        if felt["drawn_ns"] is None:
            raise RuntimeError(f"no frame after a touch of {words}")
        self.touches.feedback.append(felt["drawn_ns"] - felt["touched_ns"])
        return int(felt["touched_ns"])

    def lower(self, kind: str, words: str, state: str) -> None:
        """Touch what lowers while current flows and wait for what the engine makes of it."""
        touched_ns = self.touch(words, while_playing=True)
        self.touches.sent.append((kind, touched_ns + self._ahead_ns))
        seen = self._until(state, "Tripped")
        if seen.state == "Tripped":
            self.touches.failed.append(f"{kind}: {seen.trip}")
        look_on(self._engine.link, QUIET_S)

    def stop(self) -> None:
        """Touch STOP, then close the session, so that another one may begin."""
        self.lower("stop", "STOP", "Finished")
        self._engine.link.ask(CloseSession(), 5)
        self._until("Ready")

    def pause(self) -> None:
        """Touch Pause, then go on and raise the level again."""
        self.lower("pause", "Pause", "Paused")
        self._engine.link.ask(Resume(), 5)
        self.treat(resumed=True)

    def _until(self, *states: str) -> Snapshot:
        return self._seen(lambda seen: seen.state in states, " or ".join(states))

    def _until_measured(self) -> None:
        """Wait for news of the engine that a pulse was measured."""
        before = self._engine.link.snapshot()
        self._seen(lambda seen: seen is not before and _is_measured(seen), "a pulse")

    def _seen(self, wanted: Callable[[Snapshot], object], what: str) -> Snapshot:
        until_s = time.monotonic() + 20
        while time.monotonic() < until_s:
            self._engine.link.next_message(0.05)
            seen = self._engine.link.snapshot()
            self._engine.link.shown()
            if seen is not None and wanted(seen):
                return seen
        raise TimeoutError(f"never {what}")


def flows(seen: Snapshot) -> bool:
    """Return whether the first channel plays at its level."""
    return seen.state == "Delivering" and seen.channels[0].level_ua >= LEVEL_UA


def _is_measured(seen: Snapshot) -> bool:
    return flows(seen) and bool(seen.channels[0].measured_ua)


def measure(options: Options) -> Touches:
    """Touch, pause and stop, each as often as the sizes say."""
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    record = scratch / "board.vcd"
    with BoardProcess(scratch, record) as board:
        ahead_ns, _ = board.clock()
        with (
            EngineProcess(board, scratch / "data") as engine,
            a_kiosk(link_path(scratch / "data"), module=MEASURED) as kiosk,
        ):
            bedside = Bedside(kiosk, engine, ahead_ns)
            kiosk.wait("lock")
            bedside.treat()
            for _ in range(options.size(300, 5)):
                bedside.touch("What")
                look_on(engine.link, APART_S)
            for number in range(options.size(100, 2)):
                if number:
                    bedside.treat()
                bedside.pause()
                bedside.stop()
    _read_recording(record, bedside.touches)
    record.unlink()
    return bedside.touches


def _read_recording(record: Path, touches: Touches) -> None:
    tick = tick_ns(record)
    changes = read_changes(record, GATES)
    falls = sorted(at * tick for each in changes.values() for at, level in each if not level)
    for kind, at_ns in touches.sent:
        near = [fall - at_ns for fall in falls if -PLAYS_NS < fall - at_ns < AFTER_NS]
        if near:
            touches.took[kind].append(max(0, *near))
        else:
            touches.failed.append(f"{kind}: no current flowed")


def run(options: Options) -> Result:
    """Measure on the smallest size."""
    touches = measure(options)
    rows = (
        _row("touch to visible feedback", 95, FEEDBACK_MS, touches.feedback, touches.failed),
        _row("STOP touch to zero current", 99, STOP_MS, touches.took["stop"], touches.failed),
        _row("pause touch to zero current", 99, PAUSE_MS, touches.took["pause"], touches.failed),
    )
    notes = (
        "SDL offscreen, Mesa llvmpipe, 800x480; the kiosk looks for touches 29 times a second",
        *(f"failed: {text}" for text in sorted(set(touches.failed))),
    )
    return Result(rows, notes)


def _row(figure: str, of_100: int, most_ms: int, took: list[int], failed: list[str]) -> Row:
    value, worst = percentile(took, of_100) / 1e6, max(took, default=0) / 1e6
    middle = percentile(took, 50) / 1e6
    return Row(
        f"kiosk, {figure}",
        f"p{of_100} ≤ {most_ms} ms",
        f"p{of_100} {value:.0f} ms, median {middle:.0f}, worst {worst:.0f} ms of {len(took)}",
        bool(took) and value <= most_ms and not failed,
        margin(value, most_ms),
    )


FIGURE = Figure("kiosk_touch", "feedback p95 ≤ 100 ms; STOP p99 ≤ 120 ms; pause p99 ≤ 560 ms", run)
