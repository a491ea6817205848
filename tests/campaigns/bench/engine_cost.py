"""Processor time and requests of an engine with two channels at 150 pulses per second.

No programme of the catalogue has this rate; `engine_process` adds one to its own catalogue. SPI
goes through the board's socket. Processor time is that of the whole engine process (control loop,
link and journal threads), read from /proc.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.campaigns.bench.engine_process import FASTER, RATE_HZ
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.processes import (
    WITH_COUNTERS,
    BoardProcess,
    EngineProcess,
    a_director,
    at_level,
    lead,
)

LEVEL_UA = 5_000
CPU_TARGET_PERCENT = 20
TRIPS_TARGET = 8


def cpu_s(pid: int) -> float:
    """Return user plus system time of a process in s (proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(options: Options) -> Result:
    """Run a treatment and read the counters at both ends of a period at full level."""
    seconds = options.size(60, 5)
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    counters = scratch / "counters"
    with (
        BoardProcess(scratch) as board,
        EngineProcess(
            board, scratch / "data", "--counters", str(counters), module=WITH_COUNTERS
        ) as engine,
    ):
        director = a_director(FASTER, LEVEL_UA)
        lead(engine.link, director, at_level(director))
        began_s, used_s, board_s = time.monotonic(), cpu_s(engine.pid), cpu_s(board.pid)
        first = _last_line(counters)
        end_s = began_s + seconds
        lead(engine.link, director, lambda _: time.monotonic() >= end_s, seconds + 5)
        took_s = time.monotonic() - began_s
        percent = 100 * (cpu_s(engine.pid) - used_s) / took_s
        board_percent = 100 * (cpu_s(board.pid) - board_s) / took_s
        last = _last_line(counters)
    return _result(first, last, percent, f"{took_s:.0f} s; the board took {board_percent:.1f} %")


def _result(first: dict[str, Any], last: dict[str, Any], percent: float, how: str) -> Result:
    slices = last["slices"] - first["slices"]
    span_s = (last["at_us"] - first["at_us"]) / 1e6
    daemon = {kind: last["daemon"][kind] - first["daemon"][kind] for kind in last["daemon"]}
    kernel = {kind: last["kernel"][kind] - first["kernel"].get(kind, 0) for kind in last["kernel"]}
    trips = daemon["wave"] / slices
    cost = Row(
        f"engine cost, 2 channels at {RATE_HZ} pps",
        f"≤ {CPU_TARGET_PERCENT} % of one core",
        f"{percent:.1f} % of one core",
        percent <= CPU_TARGET_PERCENT,
        margin(percent, CPU_TARGET_PERCENT),
    )
    traffic = Row(
        "wave traffic",
        f"≤ {TRIPS_TARGET} round trips a slice",
        f"{trips:.2f} round trips a slice",
        trips <= TRIPS_TARGET,
        margin(trips, TRIPS_TARGET),
    )
    counts = {**daemon, **kernel}
    rates = ", ".join(f"{kind} {count / span_s:.1f}" for kind, count in counts.items())
    notes = (
        f"processor time over {how}",
        f"requests a second: {rates}; {slices / span_s:.1f} slices a second",
        "wave, guard and other go to the daemon; spi, line and heartbeat to the kernel side",
    )
    return Result((cost, traffic), notes)


def _last_line(path: Path) -> dict[str, Any]:
    counters: dict[str, Any] = json.loads(path.read_text(encoding="ascii").splitlines()[-1])
    return counters


FIGURE = Figure("engine_cost", "≤ 20 % of one core, ≤ 8 wave round trips a slice", run)
