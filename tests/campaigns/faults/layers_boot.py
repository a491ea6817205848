"""A wave clock that is slow from the start: the timing proof refuses or accepts it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.messages.actions import Unlock
from tests.campaigns.faults.layers_experiment import MS, Sample
from tests.campaigns.faults.part import Row
from tests.support.clinic import Clinic, open_clinic

REFUSED = (1.011, 1.02, 1.05, 1.13, 1.5, 2.0)
ACCEPTED = (0.991, 1.0, 1.009)
PROOF_FAILED = {"T33", "T34"}
BUDGET_MS = 3_000
OFFSETS = 4
PLAYED_MS = 3_000


def refused(scale: float, offset: int) -> Sample:
    """Unlock on a slow clock; return how long the refusal took, and its trip code."""
    with _clinic() as clinic:
        asked_us = _unlock(clinic, scale, offset)
        clinic.until("Tripped", "Ready")
        took_ms = (clinic.now_us - asked_us) / MS
        return Sample(took_ms, _code(clinic) or "not refused")


def accepted(scale: float) -> Sample:
    """Unlock on a clock within 1 % and treat; the code is "" if nothing tripped."""
    with _clinic() as clinic:
        asked_us = _unlock(clinic, scale, 0)
        clinic.until("Tripped", "Ready")
        took_ms = (clinic.now_us - asked_us) / MS
        clinic.wait(50)
        if not _code(clinic):
            clinic.treat(level_ua=6_000)
            clinic.wait(PLAYED_MS)
        return Sample(took_ms, _code(clinic))


@contextmanager
def _clinic() -> Iterator[Clinic]:
    with (
        tempfile.TemporaryDirectory(prefix="layers-") as folder,
        open_clinic(Path(folder)) as clinic,
    ):
        yield clinic


def _unlock(clinic: Clinic, scale: float, offset: int) -> int:
    clinic.until("Locked")
    clinic.ticks(offset)
    clinic.board.fault_set(f"slow-clock={scale}")
    clinic.do(Unlock(operator="anna"))
    return clinic.now_us


def _code(clinic: Clinic) -> str:
    trip = clinic.view.trip
    return "" if trip is None else trip.code


def run_boot() -> tuple[list[Row], list[str]]:
    """Return the row of the refusals, and the problems."""
    refusals = {scale: [refused(scale, 3 * n) for n in range(OFFSETS)] for scale in REFUSED}
    acceptances = {scale: accepted(scale) for scale in ACCEPTED}
    problems = [
        f"wave clock x {scale:g} at boot: {sample.acted}"
        for scale, samples in refusals.items()
        for sample in samples
        if sample.acted not in PROOF_FAILED or sample.ms > BUDGET_MS
    ]
    problems += [
        f"wave clock x {scale:g} is within 1 %, but tripped {sample.acted}"
        for scale, sample in acceptances.items()
        if sample.acted
    ]
    times = sorted(sample.ms for samples in refusals.values() for sample in samples)
    scales = ", ".join(f"x {scale:g}" for scale in REFUSED)
    good = ", ".join(f"x {scale:g}" for scale in ACCEPTED)
    row = {
        "layer": "engine, timing proof",
        "disabled": ["no current flows: latch set, supply off"],
        "event": f"wave clock at boot {scales}: time to the refusal",
        "budget_ms": BUDGET_MS,
        "count": len(times),
        "worst_ms": round(times[-1], 1),
        "median_ms": round(times[len(times) // 2], 1),
        "p99_ms": None,
        "note": f"every one refused; {good} accepted and treated for {PLAYED_MS // 1_000} s",
    }
    return [row], problems
