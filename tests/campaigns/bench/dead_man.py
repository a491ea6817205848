"""Dead man in real time: the engine is killed with SIGKILL during a treatment.

Board (`stimkiosk board --record`) and engine (`stimkiosk engine`) are separate processes. The time
of death is taken just before the kill and converted to board time (both use the machine's monotonic
clock), so the measured time is too long rather than too short: it includes the time that the kernel
needs to kill.
"""

import os
import random
import shutil
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from appliance.messages.actions import Rise
from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient, TcpConnect
from drivers.pigpio.guard import MAX_SCRIPTS
from tests.campaigns.bench.end_of_output import Ending, Recording, layers, summary, worst_ms
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.processes import BoardProcess, EngineProcess, a_director, lead
from ui.cli.terminal.snapshot_text import trip_text

LEVEL_UA = 6_000
LEAST_UA = 5_000
SPREAD_S = 0.5
"""The kill comes up to this long after the level was reached."""
AFTERWARDS_S = 0.6
KILLS_A_BOARD = 10
PROGRAMMES = ("conventional-tens", "brief-intense-tens", "nmes-endurance")
"""Slices of 25, 20 and 28.6 ms, each with the same number of pulses as the one before; a slice that
was cut has fewer."""
MOST_TAPS, TAP_PAUSE_S = 60, 0.32
TRIES = 3


@dataclass(slots=True)
class Deaths:
    """Results of the kills on one board."""

    endings: list[Ending] = field(default_factory=list)
    unsure_ns: int = 0
    failed: list[str] = field(default_factory=list)


def kill_some(kills: int, folder: Path, seed: int, *, guard: bool) -> Deaths:
    """Kill that many engines on one board, one after another."""
    chance, deaths, moments = random.Random(seed), Deaths(), []
    scratch = Path(tempfile.mkdtemp(dir=folder))
    record = scratch / "board.vcd"
    with BoardProcess(scratch, record) as board:
        for number in range(kills):
            for attempt in range(TRIES):
                try:
                    data = scratch / f"{number}-{attempt}"
                    moments.append(_kill_one(board, data, chance, guard=guard, deaths=deaths))
                    break
                except (RuntimeError, TimeoutError) as error:
                    deaths.failed.append(str(error))
    recording = Recording(record)
    deaths.endings = [recording.ending(moment_ns) for moment_ns in moments]
    shutil.rmtree(scratch)
    return deaths


def _kill_one(
    board: BoardProcess, data: Path, chance: random.Random, *, guard: bool, deaths: Deaths
) -> int:
    """Run a treatment, kill the engine, and return the board time of its death in ns."""
    with EngineProcess(board, data) as engine:
        treat(engine, chance.choice(PROGRAMMES))
        ahead_ns, unsure_ns = board.clock()
        client = None if guard else StreamClient(TcpConnect("127.0.0.1", board.port))
        time.sleep(chance.uniform(0, SPREAD_S))
        died_ns = time.monotonic_ns()
        if client is not None:
            # A running engine would notice and cut, so it is suspended first: dead from here on.
            os.kill(engine.pid, signal.SIGSTOP)
            _delete_guard(client)
        engine.kill()
        time.sleep(AFTERWARDS_S)
        if client is not None:
            client.stop()
    deaths.unsure_ns = max(deaths.unsure_ns, unsure_ns)
    return died_ns + ahead_ns


def treat(engine: EngineProcess, programme: str) -> None:
    """Raise both channels to at least 5 mA, one tap on each every 300 ms."""
    link = engine.link
    lead(link, a_director(programme, LEVEL_UA), lambda seen: seen.state in {"RampUp", "Delivering"})
    for _ in range(MOST_TAPS):
        for channel in (1, 2):
            link.send(Rise(channel=channel))
        until_s = time.monotonic() + TAP_PAUSE_S
        while (left_s := until_s - time.monotonic()) > 0:
            link.next_message(left_s)
        link.shown()
        seen = link.snapshot()
        if seen is not None and seen.trip is not None:
            raise RuntimeError(f"tripped: {trip_text(seen.trip)}")
        if seen and all(view.amplitude_ua >= LEAST_UA for view in seen.channels):
            return
    raise TimeoutError(f"no level of {LEAST_UA} µA")


def _delete_guard(client: StreamClient) -> None:
    for number in range(MAX_SCRIPTS):
        with suppress(DaemonRefused):  # no script has that number
            client.delete_script(number)


def _kill_all(options: Options, kills: int, *, guard: bool) -> Deaths:
    boards = -(-kills // KILLS_A_BOARD)
    sizes = [min(KILLS_A_BOARD, kills - KILLS_A_BOARD * n) for n in range(boards)]
    with ThreadPoolExecutor(min(options.workers, 2)) as pool:
        jobs = [
            pool.submit(kill_some, size, options.place, seed, guard=guard)
            for seed, size in enumerate(sizes)
        ]
        deaths = [job.result() for job in jobs]
    return Deaths(
        [ending for death in deaths for ending in death.endings],
        max(death.unsure_ns for death in deaths),
        [text for death in deaths for text in death.failed],
    )


def run(options: Options) -> Result:
    """Kill with every layer active, and with only the finite slices."""
    every = _kill_all(options, options.size(200, 4), guard=True)
    alone = _kill_all(options, options.size(60, 4), guard=False)
    notes = []
    for name, deaths in (("all layers", every), ("slices alone", alone)):
        notes.append(
            f"{name}: {len(deaths.endings)} kills, {layers(deaths.endings)}; "
            f"moment of death known to {deaths.unsure_ns / 1e3:.0f} µs; "
            f"{len(deaths.failed)} treatments ended before the kill"
        )
        notes += sorted({f"ended before the kill: {text}" for text in deaths.failed})
    return Result((_row("all layers", every), _row("guard deleted first", alone)), tuple(notes))


def _row(name: str, deaths: Deaths) -> Row:
    worst = worst_ms(deaths.endings)
    text = f"{summary(deaths.endings)}, {len(deaths.endings)} kills"
    return Row(
        f"dead man, real time, {name}", FIGURE.target, text, worst <= 100, margin(worst, 100)
    )


FIGURE = Figure("dead_man", "worst ≤ 100 ms to zero current", run)
