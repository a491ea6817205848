"""The same train produced by gpiozero with software timing, on the same board in the same run.

First the engine plays conventional TENS on channel 1, then gpiozero's PiGPIOFactory switches the
same two gates with `time.sleep` in between, each pulse at its own deadline (a loop that sleeps
whole periods would also drift). One recording holds both. Errors are those of widths and periods,
so that neither is affected by its start time.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns
from tests.campaigns.bench.processes import BoardProcess, EngineProcess, a_director, at_level, lead

PHASE_US, GAP_US, PERIOD_US = 150, 100, 12_500
LEVEL_UA = 2_000
GPIOZERO = """
import sys, time
from gpiozero import OutputDevice
from gpiozero.pins.pigpio import PiGPIOFactory
port, pulses, phase, gap, period = (float(word) for word in sys.argv[1:])
factory = PiGPIOFactory(host="127.0.0.1", port=int(port))
positive, negative = (OutputDevice(pin, pin_factory=factory) for pin in (17, 18))
began = time.monotonic()
for number in range(int(pulses)):
    time.sleep(max(began + number * period - time.monotonic(), 0))
    positive.on(); time.sleep(phase); positive.off()
    time.sleep(gap)
    negative.on(); time.sleep(phase); negative.off()
"""


def play(seconds: int, folder: Path) -> tuple[Path, tuple[int, int], tuple[int, int]]:
    """Play both; return the recording and the (start, end) of each in ns of board time."""
    scratch = Path(tempfile.mkdtemp(dir=folder))
    record = scratch / "board.vcd"
    with BoardProcess(scratch, record) as board:
        with EngineProcess(board, scratch / "data") as engine:
            director = a_director("conventional-tens", LEVEL_UA, (1,))
            lead(engine.link, director, at_level(director))
            began_ns = _board_ns(board)
            end_s = time.monotonic() + seconds
            lead(engine.link, director, lambda _: time.monotonic() >= end_s, seconds + 5)
            ours = began_ns, _board_ns(board)
        began_ns = _board_ns(board)
        _send_usual_way(board.port, seconds)
        theirs = began_ns, _board_ns(board)
    return record, ours, theirs


def _send_usual_way(port: int, seconds: int) -> None:
    pulses = seconds * 1_000_000 // PERIOD_US
    numbers = (port, pulses, PHASE_US / 1e6, GAP_US / 1e6, PERIOD_US / 1e6)
    subprocess.run([sys.executable, "-W", "ignore", "-c", GPIOZERO, *map(str, numbers)], check=True)


def _board_ns(board: BoardProcess) -> int:
    now_us: int = board.control.ask("time")["time_us"]
    return now_us * 1_000


def worst_error_ns(gates: dict[str, list[Change]], tick: int, span: tuple[int, int]) -> list[int]:
    """Return [worst error of widths in ns, of periods in ns, pulses] of a span of the recording."""
    widths, periods, pulses = [0], [0], 0
    for changes in gates.values():
        edges = [(at * tick, level) for at, level in changes[1:] if span[0] <= at * tick <= span[1]]
        while edges and not edges[0][1]:
            edges.pop(0)
        rises = [at for at, level in edges if level]
        falls = [at for at, level in edges if not level]
        pulses = max(pulses, len(falls))
        pairs = zip(rises, falls, strict=False)
        widths += [abs(fall - rise - PHASE_US * 1_000) for rise, fall in pairs]
        periods += [abs(gap - PERIOD_US * 1_000) for gap in _gaps(rises)]
    return [max(widths), max(periods), pulses]


def _gaps(times: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise(times)]


def run(options: Options) -> Result:
    """Play both and compare their errors."""
    record, *spans = play(options.size(60, 5), options.place)
    gates = read_changes(record, ("gate1_pos", "gate1_neg"))
    tick = tick_ns(record)
    ours, theirs = (worst_error_ns(gates, tick, span) for span in spans)
    record.unlink()
    worst_ns, usual_ns = max(ours[:2]), max(theirs[:2])
    ratio = f"at least {usual_ns / max(worst_ns, tick):,.0f} x ours"
    rows = (
        Row("worst edge error in real time, ours", "0 µs", _words(ours), worst_ns == 0, "exact"),
        Row("the same train the usual way (gpiozero)", "reported", _words(theirs), None, ratio),
    )
    notes = (
        f"80 pulses per second of {PHASE_US} + {GAP_US} + {PHASE_US} µs, channel 1",
        f"the recording's step is {tick} ns; an error of 0 is less, and the ratio is of that step",
        "board and engine ran as they start, with real-time priority where that is allowed",
        f"gpiozero ran at normal priority; load average afterwards {os.getloadavg()[0]:.2f}",
        "widths and periods are on the virtual board's time line, which follows the machine's",
    )
    return Result(rows, notes)


def _words(found: list[int]) -> str:
    width, period, pulses = found
    return f"width {width / 1e3:g} µs, period {period / 1e3:g} µs over {pulses:,} pulses"


FIGURE = Figure("usual_way", "ours 0 µs; the other reported", run)
