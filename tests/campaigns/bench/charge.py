"""Net charge per pulse of a plan, decoded from the slices that the hardware will play."""

from appliance.core.plan.compiler import compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.pulse_timeline import plan_train
from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.waveforms import Case, cases


def worst_charge(case: Case, most: int) -> tuple[int, int]:
    """Return (worst net charge in pC at the ceiling, number of pulses) of a case's plan."""
    asked = case.prescription
    plan, channels = plan_train(asked), len(asked.channels)
    cursor, number, worst_pc, pulses = first_cursor(plan), 1, 0, 0
    while pulses < most:
        compiled = compile_next(plan, cursor, number)
        if compiled is None:
            cursor, number = first_cursor(plan), 1  # the next session of the same plan
            continue
        planned, cursor = compiled
        number += 1
        for pulse in decode_slice(planned.slice, channels):
            pulses += 1
            worst_pc = max(worst_pc, abs(asked.ceiling_ua * pulse.balance_us))
    return worst_pc, pulses


def run(options: Options) -> Result:
    """Decode every slice of every case."""
    wanted = cases(options.size(100_000, 500))
    charges = [worst_charge(case, case.pulses * case.sessions) for case in wanted]
    worst_pc, pulses = max(pc for pc, _ in charges), sum(count for _, count in charges)
    measured = f"{worst_pc} pC over {pulses:,} pulses of {len(wanted)} waveforms"
    row = Row("net charge per pulse in the plan", FIGURE.target, measured, worst_pc == 0, "exact")
    return Result((row,))


FIGURE = Figure("charge", "exactly 0 pC", run)
