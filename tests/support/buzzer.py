"""The beeps in a recording: when each began and how long it was, in ms."""

from itertools import pairwise
from typing import NamedTuple

from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace


class Beep(NamedTuple):
    """One beep: board time of its beginning and its duration, in ms."""

    at_ms: int
    for_ms: int


def heard(clinic: Clinic, since_us: int = 0) -> list[Beep]:
    """Close the recording and return every beep that began at `since_us` or later."""
    clinic.board.close()
    changes = Trace(clinic.record).changes("buzzer")
    beeps = []
    for (on_us, value), (off_us, _) in pairwise(changes):
        if value == 1 and on_us >= since_us:
            beeps.append(Beep(round(on_us / 1_000), round((off_us - on_us) / 1_000)))
    return beeps


def rhythm(beeps: list[Beep]) -> list[int]:
    """Return beeps and the pauses between them: ms on, off, on ... to the nearest tick."""
    times = [round(beeps[0].for_ms, -1)]
    for before, beep in pairwise(beeps):
        times.append(round(beep.at_ms - before.at_ms - before.for_ms, -1))
        times.append(round(beep.for_ms, -1))
    return times
