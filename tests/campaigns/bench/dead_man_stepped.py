"""Dead man on stepped time: the engine stops between two requests of a control tick.

Board time does not advance while the engine computes, so the time of death is exact. No engine code
runs afterwards; only the board continues.
"""

import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.pigpio.guard import MAX_SCRIPTS
from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from tests.campaigns.bench.dead_man import PROGRAMMES
from tests.campaigns.bench.end_of_output import Ending, Recording, layers, summary, worst_ms
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin
from tests.campaigns.bench.stepped import Treatment, a_treatment

LEVEL_UA = 6_000
SPREAD_TICKS = 100
REQUESTS = 14
"""Maximum number of requests in a tick; a tick with fewer completes."""
AFTERWARDS_US = 700_000


class Killed(BaseException):
    """Simulates the death of the process; engine code must not catch it."""


def die_once(seed: int, folder: Path, guard: bool) -> Ending:
    """Run a treatment, die at a random moment, and return how the output ended."""
    chance = random.Random(seed)
    programme = find(chance.choice(PROGRAMMES))
    if not isinstance(programme, Programme):
        raise KeyError(programme)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        record = Path(scratch) / "board.vcd"
        with a_treatment("reference", record) as treatment:
            treatment.begin(to_prescription(programme, (1, 2)))
            treatment.rise(LEVEL_UA)
            treatment.until("Delivering")
            treatment.step(10 + chance.randrange(SPREAD_TICKS))
            _die_within_tick(treatment, chance.randrange(REQUESTS))
            if not guard:  # at the moment of death: a running engine would notice and cut
                _delete_guard(treatment)
            board = treatment.board
            died_us = board.now_us
            board.advance_to_us(died_us + AFTERWARDS_US)
        return Recording(record).ending(died_us * 1_000)


def _die_within_tick(treatment: Treatment, requests: int) -> None:
    """Run one more tick and stop it for good before its `requests`-th request to the daemon."""
    output: Any = treatment.engine.loop._rig.pulses
    wire = output._client.wire
    send, left = wire.sendall, [requests]

    def bomb(data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        send(data)

    wire.send = wire.sendall = bomb
    try:
        with suppress(Killed):
            treatment.engine.loop.tick()
    finally:
        del wire.send, wire.sendall


def _delete_guard(treatment: Treatment) -> None:
    client = StreamClient(lambda: InProcessSocket(treatment.board.daemon.connect()))
    for number in range(MAX_SCRIPTS):
        with suppress(DaemonRefused):
            client.delete_script(number)


def run(options: Options) -> Result:
    """Die with every layer active, and with only the finite slices."""
    count = options.size(200, 6)
    rows, notes = [], []
    with ProcessPoolExecutor(options.workers) as pool:
        for name, guard in (("all layers", True), ("guard deleted first", False)):
            places, guards = [options.place] * count, [guard] * count
            endings = list(pool.map(die_once, range(count), places, guards))
            worst = worst_ms(endings)
            text = f"{summary(endings)}, {count} deaths"
            figure = f"dead man, stepped time, {name}"
            rows.append(Row(figure, FIGURE.target, text, worst <= 100, margin(worst, 100)))
            notes.append(f"{name}: {layers(endings)}")
    return Result(tuple(rows), tuple(notes))


FIGURE = Figure("dead_man_stepped", "worst ≤ 100 ms to zero current", run)
