"""Rest beside the plan: no treatment time for silence that waits, always for pulses."""

import pytest

from appliance.core.plan.compiler import (
    Stage,
    compile_next,
    first_cursor,
    opens_on_time,
    waiting_slice,
)
from appliance.core.plan.dose import Dose, DoseAllowance, Portion, add
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.waveform import OnOff
from appliance.safety.gate import GateRefused
from tests.appliance.safety.gate_bench import Bench, permit, planned, ua
from tests.support.strategies import prescription

SLICE_US = 25_000
TIGHT = DoseAllowance(elapsed_us=SLICE_US, on_us=SLICE_US, pulses=9, charge_pc=10**15)
PLAN = plan_train(
    prescription(on_off=OnOff(4_000_000, 6_000_000, 1_000_000, 500_000), channels=(1, 2))
)


@pytest.mark.proves("announced")
def test_a_waiting_slice_is_silent_and_leaves_the_plan_where_it_stands() -> None:
    cursor = first_cursor(PLAN)
    found = waiting_slice(PLAN, cursor, 7)
    assert (found.waiting, found.stage, found.start_us) == (True, Stage.REST, cursor.start_us)
    assert (found.envelope_ppm, found.pulses) == ((0, 0), (0, 0))
    assert found.slice.number == 7
    assert all(segment.gates == 0 for segment in found.slice.segments)


@pytest.mark.proves("announced")
def test_an_on_time_is_open_until_its_last_pulse_was_handed_out() -> None:
    cursor, number = first_cursor(PLAN), 0
    opened = []
    while (found := compile_next(PLAN, cursor, number)) is not None and cursor.on_time == 0:
        opened.append((opens_on_time(PLAN, cursor), bool(any(found[0].pulses))))
        cursor, number = found[1], number + 1
    assert opened[0] == (True, True)
    assert opened[-1] == (False, False)
    assert all(is_open or not pulses for is_open, pulses in opened)
    last = cursor._replace(on_time=PLAN.on_times)
    assert not opens_on_time(PLAN, last)


@pytest.mark.proves("gate")
def test_waiting_uses_up_nothing_however_long(bench: Bench) -> None:
    gate = bench.ready(permit(allowances={1: TIGHT}))
    wait = planned()._replace(stage=Stage.REST, waiting=True, pulses=(0,))
    for _ in range(40):
        gate.play(wait)
        gate.played(wait, ua(0, 0))
    gate.play(planned((100, 100)))
    assert gate.doses[1].elapsed_us == 0


@pytest.mark.proves("gate")
def test_a_slice_with_pulses_counts_whatever_it_says_of_itself(bench: Bench) -> None:
    """Hazard: pulses beyond the prescription, marked as waiting."""
    gate = bench.ready(permit(allowances={1: TIGHT}))
    liar = planned((100, 100))._replace(waiting=True)
    gate.play(liar)
    with pytest.raises(GateRefused, match="treatment time"):
        gate.play(liar)


@pytest.mark.proves_none
def test_rest_that_waits_is_not_averaged_over() -> None:
    busy = Portion(SLICE_US, 2, 1_200, 20_000, on=True)
    wait = Portion(SLICE_US, 0, 0, 0, on=False, waiting=True)
    dose = add(add(Dose(), busy), wait)
    assert (dose.elapsed_us, dose.on_us, dose.pulses) == (25_000, 25_000, 2)
    assert dose.densest_square == add(Dose(), busy).densest_square


@pytest.fixture
def bench() -> Bench:
    return Bench()
