"""Dose, heat and density at the gate: the last second and the session, to the last pulse."""

from dataclasses import replace

import pytest

from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, GateRefused
from appliance.safety.state_machine.states import Delivering
from tests.appliance.safety.gate_bench import (
    PLENTY,
    STRONG,
    USUAL,
    Bench,
    permit,
    planned,
    ready,
    refusal,
    refused,
    row,
    slice_of,
    ua,
)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def gate() -> Gate:
    return Bench().gate


# --- the last second -------------------------------------------------------------------------


def play_second(gate: Gate, pulses: int, count: int = 40) -> None:
    for _ in range(count):
        gate.play(planned(*[(400, 400)] * pulses))


@pytest.mark.proves("gate")
def test_the_rms_of_the_last_second_stays_within_50_ma(bench: Bench) -> None:
    # 100 mA, 2 x 400 µs, 10 of them in each of 40 slices: 32 % of the time, 57 mA r.m.s.
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000, reason_given=True))
    dense = planned(*[(400, 400)] * 10, every_us=2_000)
    for _ in range(31):
        gate.play(dense)  # 31 slices: 24.8 %, 49.8 mA
    refused(bench, lambda: gate.play(dense), "r.m.s.")


@pytest.mark.proves("gate")
def test_a_second_forgets_what_lies_before_it(bench: Bench) -> None:
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000, reason_given=True))
    dense = planned(*[(400, 400)] * 10, every_us=2_000)
    for _ in range(31):
        gate.play(dense)
    for _ in range(40):
        gate.play(planned())
    for _ in range(31):
        gate.play(dense)
    assert len(bench.played) == 102


@pytest.mark.proves("gate")
def test_density_blocks_at_1_ma_per_cm2_without_and_at_2_with_a_reason(bench: Bench) -> None:
    # 50 mA, 2 x 400 µs, 4 a slice: 160 a second, 17.9 mA r.m.s. on 12.5 cm² are 1.43 mA/cm².
    small = permit(50_000, pad_area_mm2=1_250)
    gate = bench.ready(small)
    with pytest.raises(GateRefused, match="density"):
        play_second(gate, 4)
    play_second(bench.ready(replace(small, reason_given=True)), 4)
    with pytest.raises(GateRefused, match="density"):
        # 17.9 mA on 8.9 cm²
        play_second(bench.ready(replace(small, pad_area_mm2=890, reason_given=True)), 4)


@pytest.mark.proves("gate")
def test_each_channel_has_a_last_second_of_its_own(gate: Gate) -> None:
    # 100 mA: 25 % of a second are 50 mA r.m.s. Each has 19 %; together they would have 38 %.
    ready(gate, STRONG)
    interleaved = slice_of(*((1 + i % 2, 400 + 1_750 * i, 400) for i in range(12)))
    for _ in range(80):
        gate.play(interleaved)


@pytest.mark.proves("gate")
def test_the_hottest_pulse_of_a_slice_decides_and_not_its_last(gate: Gate) -> None:
    """312 pulses of 2 x 400 µs at 100 mA are 49.96 mA r.m.s. of one second, 313 are 50.04 mA."""
    ready(gate, STRONG)
    gate.play(row(1, 12, first_us=2_000, every_us=1_800))
    for _ in range(30):
        gate.play(row(1, 10))
    for _ in range(9):
        gate.play(slice_of())
    # One second after the first slice began its pulses still count for the first of these two,
    # and none of them for the second.
    early_and_late = slice_of((1, 400, 400), (1, 23_900, 400))
    assert refusal(gate, early_and_late).startswith("channel 1: r.m.s. current: asked 50.0")


@pytest.mark.proves("gate")
def test_the_312th_pulse_of_a_second_passes_and_a_fresh_stream_forgets_it(gate: Gate) -> None:
    ready(gate, STRONG)
    for _ in range(2):
        gate.begin_stream()
        gate.play(row(1, 12, first_us=2_000, every_us=1_800))
        for _ in range(30):
            gate.play(row(1, 10))
        assert refusal(gate, row(1, 1)).startswith("channel 1: r.m.s. current")


# --- the session -----------------------------------------------------------------------------


@pytest.mark.proves("gate")
@pytest.mark.parametrize(
    ("allowance", "word"),
    [
        (DoseAllowance(10**9, 10**9, 3, 10**15), "pulses"),
        (DoseAllowance(49_999, 10**9, 10**6, 10**15), "treatment time"),
        (DoseAllowance(10**9, 49_999, 10**6, 10**15), "on-time"),
        (DoseAllowance(10**9, 10**9, 10**6, 4 * 6_000_000 - 1), "charge"),
    ],
)
def test_a_spent_dose_is_refused_before_it_is_played(
    bench: Bench, allowance: DoseAllowance, word: str
) -> None:
    gate = bench.ready(permit(allowances={1: allowance}))
    two = planned((300, 300), (300, 300))  # 2 x 6 µC at the ceiling of 20 mA
    gate.play(two)
    refused(bench, lambda: gate.play(two), word)


@pytest.mark.proves("stop-record")
def test_the_ledger_counts_what_played_at_the_amplitude_it_had(bench: Bench) -> None:
    gate = bench.ready()
    two = planned((300, 300), (300, 300))
    gate.play(two)
    gate.played(two, ua(9_993, 0))
    assert gate.doses[1].pulses == 2
    assert gate.doses[1].charge_pc == 2 * 300 * 9_993
    gate.forget_doses()
    assert gate.doses == {}


@pytest.mark.proves("gate", "stop-record")
def test_pulses_at_level_zero_are_not_delivered_but_use_up_the_allowance(bench: Bench) -> None:
    """Hazard: records that claim pulses nobody got; a session that never ends at level zero."""
    gate = bench.ready(permit(allowances={1: DoseAllowance(10**9, 10**9, 3, 10**15)}))
    two = planned((300, 300), (300, 300))
    gate.play(two)
    gate.played(two, ua(0, 0))
    assert (gate.doses[1].pulses, gate.doses[1].charge_pc) == (0, 0)
    assert gate.doses[1].elapsed_us == 25_000
    gate.begin_stream()
    refused(bench, lambda: gate.play(two), "pulses")


@pytest.mark.proves("gate")
def test_a_gate_opened_anew_counts_from_zero_before_its_stream_begins(gate: Gate) -> None:
    three = replace(USUAL, allowances={1: replace(PLENTY, pulses=3)})
    for _ in range(2):
        gate.open(three)
        gate.enter(Delivering())
        gate.play(row(1, 2))
        assert "pulses: asked 4, allowed 3 in all" in refusal(gate, row(1, 2))


@pytest.mark.proves("stop-record")
def test_a_slice_without_pulses_gives_no_charge(gate: Gate) -> None:
    ready(gate)
    gate.played(slice_of(), ua(18_000, 9_000))
    assert [dose.charge_pc for dose in gate.doses.values()] == [0, 0]
    gate.played(row(2, 3), ua(18_000, 9_000))
    assert gate.doses[1].charge_pc == 0
    assert gate.doses[2].pulses == 3
