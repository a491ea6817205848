"""Underruns in ten minutes of real time while both cores are busy with other work.

The other work is one process per core that computes without pause at normal priority. A treatment
that trips is counted by its trip code and started again on a new engine until the time is over.
Measured three times: with the real-time priority that `stimkiosk board` and `stimkiosk engine` ask
for (and get as root); with the engine at normal priority and the board as pigpiod runs; with both
at normal priority, although the board replaces hardware that no scheduler can delay.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path

from appliance.messages.replies import Event, Refused, Reply
from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.processes import WITH_COUNTERS, BoardProcess, EngineProcess, a_director

BUSY = "while True: sum(range(10_000))"
LEVEL_UA = 2_000
PRIORITIES = (  # name, board and engine at normal priority, seconds
    ("as started", False, False, 600),
    ("engine at normal priority", False, True, 300),
    ("engine and board at normal priority", True, True, 300),
)
PROGRAMME = "conventional-tens"


@dataclass(slots=True)
class UnderrunCounts:
    """Results of one run of ten minutes."""

    trips: Counter[str] = field(default_factory=Counter)
    treated_s: float = 0.0
    ticks: int = 0
    worst_late_us: int = 0
    late_ticks: Counter[str] = field(default_factory=Counter)


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy at normal priority."""
    command = [sys.executable, "-c", BUSY]
    busy = [subprocess.Popen(command) for _ in range(cpu_count() or 2)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def treat_for(
    seconds: float, folder: Path, *, board_normal: bool, engine_normal: bool
) -> UnderrunCounts:
    """Treat for this many seconds, starting again after each trip."""
    counts = UnderrunCounts()
    scratch = Path(tempfile.mkdtemp(dir=folder))
    end_s = time.monotonic() + seconds
    with BoardProcess(scratch) as board, busy_cores():
        if board_normal:
            board.use_normal_priority()
        number = 0
        while time.monotonic() < end_s:
            number += 1
            _treat_once(board, scratch / str(number), end_s, counts, normal=engine_normal)
    return counts


def _treat_once(
    board: BoardProcess, data: Path, end_s: float, counts: UnderrunCounts, *, normal: bool
) -> None:
    """Treat until a trip, the end of the programme, or the end of the time."""
    data.mkdir()
    counters = data / "counters"
    more = ("--counters", str(counters), *(("--normal",) if normal else ()))
    with EngineProcess(board, data, *more, module=WITH_COUNTERS) as engine:
        director = a_director(PROGRAMME, LEVEL_UA)
        link, began_s = engine.link, None
        while time.monotonic() < end_s:
            message = link.next_message(0.1)
            if isinstance(message, Reply | Refused):
                director.answered(message)
            if isinstance(message, Event) and message.name == "trip":
                counts.trips[kind_of(message.facts)] += 1
                break
            snapshot = link.snapshot()
            if snapshot is None:
                continue
            link.shown()
            if began_s is None and snapshot.state == "Delivering":
                began_s = time.monotonic()
            if director.failure is not None or snapshot.state in {"Tripped", "Finished"}:
                counts.trips[f"not treated: {snapshot.state} {snapshot.notes}"] += 1
                break
            action = director.decide(snapshot)
            if action is not None:
                director.sent(link.send(action), action)
        if began_s is not None:
            counts.treated_s += time.monotonic() - began_s
    _take_counters(counters, counts)


def kind_of(facts: dict[str, object]) -> str:
    """Return a trip's code and text, with every number as N so that equal trips add up."""
    return re.sub(r"\b\d+\b", "N", f"{facts['code']} {facts['detail']}")


def _take_counters(path: Path, counts: UnderrunCounts) -> None:
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    for line in lines:
        counted = json.loads(line)
        late_us = counted["worst_late_us"]
        counts.worst_late_us = max(counts.worst_late_us, late_us)
        counts.late_ticks["over 10 ms" if late_us > 10_000 else "within 10 ms"] += 1
        if late_us > 50_000:
            counts.late_ticks["over 50 ms"] += 1
    counts.ticks += json.loads(lines[-1])["ticks"] if lines else 0


def run(options: Options) -> Result:
    """Measure with the product's priorities, without the engine's, and without both."""
    rows, notes = [], []
    for name, board_normal, engine_normal, full_s in PRIORITIES:
        seconds = options.size(full_s, 20)
        counts = treat_for(
            seconds, options.place, board_normal=board_normal, engine_normal=engine_normal
        )
        count = counts.trips.total()
        text = (
            f"{count} trips in {counts.treated_s / 60:.1f} min of treatment, "
            f"longest wait for a tick {10 + counts.worst_late_us / 1e3:.1f} ms"
        )
        rows.append(Row(f"underruns, both cores busy, {name}", FIGURE.target, text, count == 0))
        notes.append(f"{name}: seconds by how late their worst tick was: {dict(counts.late_ticks)}")
        notes += [f"{name}: {times} x {trip}" for trip, times in counts.trips.items()]
    return Result(tuple(rows), tuple(notes))


FIGURE = Figure("underruns", "0, or an honest figure", run)
