"""What the screen costs: frames and processor on the treatment screen, processor at rest.

Board, engine and kiosk are separate processes; SDL draws to its `offscreen` driver with Mesa's
llvmpipe, so that the processor draws every pixel, as it does on no Pi. The processor time is that
of all threads of the kiosk. Each size is measured several times; the median is given.
"""

import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.processes import (
    BoardProcess,
    EngineProcess,
    a_director,
    at_level,
    lead,
)
from tests.support.kiosk.hands import KioskPerson, a_kiosk

MEASURED = "tests.campaigns.bench.kiosk_process"
PROGRAMME, LEVEL_UA = "nmes-endurance", 6_000
"""Contractions of 6 s and rests of 10 s: the cursor moves all the time."""
LEAST_FPS, REST_PERCENT = 25, 2
SIZES = {"7-800x480": 15, "10-1280x720": 30, "7-720x1280": None}
"""Percent of a core at most; None: stated only."""
SETTLE_S = 3.0


class Cost(NamedTuple):
    """Frames a second and processor time in percent of one core."""

    fps: float
    percent: float


def measure(kiosk: KioskPerson, link: LinkClient, seconds: float) -> Cost:
    """Watch a kiosk for a while and confirm each snapshot as another screen does."""
    before, began_s = kiosk.ask(do="counts"), time.monotonic()
    look_on(link, seconds)
    after, took_s = kiosk.ask(do="counts"), time.monotonic() - began_s
    frames, used_s = after["flips"] - before["flips"], after["cpu_s"] - before["cpu_s"]
    return Cost(frames / took_s, 100 * used_s / took_s)


def look_on(link: LinkClient, seconds: float) -> None:
    """Let time pass, as a screen that confirms what it shows."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        with suppress(LinkError):
            link.next_message(0.05)
            link.snapshot()
            link.shown()


def of_size(profile: str, options: Options) -> tuple[list[Cost], list[Cost]]:
    """Return the costs at rest and while contractions play and rest."""
    scratch = Path(tempfile.mkdtemp(dir=options.place))
    times, seconds = options.size(5, 1), options.size(10, 3)
    with (
        BoardProcess(scratch) as board,
        EngineProcess(board, scratch / "data") as engine,
        a_kiosk(link_path(scratch / "data"), profile, module=MEASURED) as kiosk,
    ):
        kiosk.wait("lock")
        look_on(engine.link, SETTLE_S)
        rest = [measure(kiosk, engine.link, seconds) for _ in range(times)]
        director = a_director(PROGRAMME, LEVEL_UA)
        lead(engine.link, director, at_level(director), 60)
        kiosk.wait("treatment")
        moving = [measure(kiosk, engine.link, seconds) for _ in range(times)]
    return rest, moving


def run(options: Options) -> Result:
    """Measure each size."""
    rows: list[Row] = []
    notes = ["SDL offscreen, Mesa llvmpipe (LP_NUM_THREADS as it comes), no antialiasing"]
    for profile, most in SIZES.items():
        rest, moving = of_size(profile, options)
        rows += _rows(profile, most, rest, moving)
        notes += [f"{profile}, at rest: {_words(rest)}", f"{profile}, treatment: {_words(moving)}"]
    return Result(tuple(rows), tuple(notes))


def _rows(profile: str, most: int | None, rest: list[Cost], moving: list[Cost]) -> list[Row]:
    fps = statistics.median(cost.fps for cost in moving)
    busy = statistics.median(cost.percent for cost in moving)
    idle = statistics.median(cost.percent for cost in rest)
    frames = Row(
        f"kiosk {profile}, frames while something moves",
        f"≥ {LEAST_FPS} a second",
        f"{fps:.1f} a second",
        fps >= LEAST_FPS,
        margin(fps, LEAST_FPS, more_is_better=True),
    )
    cost = Row(
        f"kiosk {profile}, treatment screen",
        "stated" if most is None else f"≤ {most} % of a core",
        f"{busy:.1f} % of a core",
        None if most is None else busy <= most,
        "" if most is None else margin(busy, most),
    )
    still = Row(
        f"kiosk {profile}, screen at rest",
        f"≤ {REST_PERCENT} % of a core",
        f"{idle:.1f} % of a core",
        idle <= REST_PERCENT,
        margin(idle, REST_PERCENT),
    )
    return [frames, cost, still]


def _words(costs: list[Cost]) -> str:
    return ", ".join(f"{cost.fps:.1f} fps {cost.percent:.1f} %" for cost in costs)


FIGURE = Figure(
    "kiosk_drawing", "≥ 25 fps moving; 800x480 ≤ 15 %, 1280x720 ≤ 30 %, rest ≤ 2 %", run
)
