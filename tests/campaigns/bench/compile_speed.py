"""How fast a plan is compiled to slices: four channels, one process per waveform, no caches."""

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from appliance.core.plan.compiler import compile_next, first_cursor
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.prescription import Prescription
from drivers.quantities import US_PER_S
from tests.campaigns.bench.figure import Figure, Options, Result, Row, margin

TARGET = 200
CHANNELS = (1, 2, 3, 4)
STEADY = "conventional-tens"
SWEPT = "modulated-tens"
CARRIER = "burst-ac"


def speed(name: str, seconds: int) -> float:
    """Return treatment time divided by the time to compile it, over a whole plan."""
    plan = plan_train(_prescription(name, seconds))
    cursor, number = first_cursor(plan), 1
    began_s = time.perf_counter()
    while (found := compile_next(plan, cursor, number)) is not None:
        _, cursor = found
        number += 1
    return plan.duration_us / US_PER_S / (time.perf_counter() - began_s)


def _prescription(name: str, seconds: int) -> Prescription:
    programme = find(name)
    if not isinstance(programme, Programme):
        raise KeyError(name)
    asked = to_prescription(programme, CHANNELS)
    return replace(asked, duration_us=min(seconds, programme.duration_s) * US_PER_S)


def run(options: Options) -> Result:
    """Compile a steady train, a sweep and carrier bursts, each in its own process."""
    rows = []
    for name in (STEADY, SWEPT, CARRIER):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            times_real = pool.submit(speed, name, options.size(1_800, 60)).result()
        rows.append(
            Row(
                f"compile, 4 channels, {name}",
                FIGURE.target,
                f"{times_real:,.0f} x real time",
                times_real >= TARGET,
                margin(times_real, TARGET, more_is_better=True),
            )
        )
    return Result(tuple(rows))


FIGURE = Figure("compile_speed", "≥ 200 x real time", run)
