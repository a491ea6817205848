"""Memory of the engine: 60 min of treatment on stepped time, 5 min as a separate process."""

import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from drivers.quantities import US_PER_S
from tests.campaigns.bench.engine_process import resident_kb
from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.processes import (
    WITH_COUNTERS,
    BoardProcess,
    EngineProcess,
    a_director,
    at_level,
    lead,
)
from tests.campaigns.bench.stepped import a_treatment

PROGRAMME = "conventional-tens"
LEVEL_UA = 5_000
GROWTH_MB = 5
MOST_MB = 120


def stepped(minutes: int) -> list[int]:
    """Return resident KiB at each minute of a stepped treatment, including the board."""
    programme = find(PROGRAMME)
    if not isinstance(programme, Programme):
        raise KeyError(PROGRAMME)
    asked = replace(to_prescription(programme, (1, 2)), duration_us=minutes * 60 * US_PER_S)
    sizes_kb = []
    with a_treatment() as treatment:
        treatment.begin(asked)
        treatment.rise(LEVEL_UA)
        while treatment.state not in {"Finished", "Tripped"}:
            treatment.step(6_000)
            sizes_kb.append(resident_kb())
    return sizes_kb[:minutes]


def real(seconds: int, folder: Path) -> list[int]:
    """Return resident KiB of an engine process at each second of a treatment."""
    scratch = Path(tempfile.mkdtemp(dir=folder))
    counters = scratch / "counters"
    more = ("--counters", str(counters))
    with (
        BoardProcess(scratch) as board,
        EngineProcess(board, scratch / "data", *more, module=WITH_COUNTERS) as engine,
    ):
        director = a_director(PROGRAMME, LEVEL_UA)
        lead(engine.link, director, at_level(director))
        end_us = engine_time_us(engine) + seconds * US_PER_S
        lead(engine.link, director, lambda seen: seen.at_us >= end_us, seconds + 5)
        lines = counters.read_text(encoding="ascii").splitlines()
    return [json.loads(line)["rss_kb"] for line in lines][-seconds:]


def engine_time_us(engine: EngineProcess) -> int:
    snapshot = engine.link.snapshot()
    return snapshot.at_us if snapshot is not None else 0


def run(options: Options) -> Result:
    """Measure on stepped time and as a separate process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        hour = pool.submit(stepped, options.size(60, 2)).result()
    minutes = real(options.size(300, 10), options.place)
    rows = (
        _row("60 min, stepped, board in the same process", hour),
        _row("5 min, engine process alone", minutes),
    )
    notes = (f"stepped, MB at each 5th minute: {_in_mb(hour[::5])}",)
    return Result(rows, notes)


def _row(how: str, found: list[int]) -> Row:
    warm = found[len(found) // 12 :]
    growth_mb, most_mb = (warm[-1] - warm[0]) / 1024, max(found) / 1024
    text = f"grew {growth_mb:.2f} MB, at most {most_mb:.1f} MB"
    target = f"growth < {GROWTH_MB} MB, < {MOST_MB} MB"
    met = growth_mb < GROWTH_MB and most_mb < MOST_MB
    return Row(f"memory, {how}", target, text, met, f"{MOST_MB / most_mb:.2f} x")


def _in_mb(found: list[int]) -> str:
    return ", ".join(f"{kb / 1024:.1f}" for kb in found)


FIGURE = Figure("memory", "flat over 60 min, < 120 MB", run)
