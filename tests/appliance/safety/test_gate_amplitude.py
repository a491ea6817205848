"""Codes at the gate: none above the ceiling of its channel. Numbers are restated here."""

import pytest

from appliance.safety.gate import Gate, GateRefused
from drivers.quantities import DacCode
from tests.appliance.safety.gate_bench import (
    STRONG,
    Bench,
    permit,
    ready,
    refused,
)

pytestmark = pytest.mark.proves("gate")


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def gate() -> Gate:
    return Bench().gate


@pytest.mark.parametrize("codes", [(0,), (0, 0, 0), (-1, 0), (4_096, 0)])
def test_codes_that_no_board_has_are_refused(bench: Bench, codes: tuple[int, ...]) -> None:
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000))
    refused(bench, lambda: gate.write_codes(codes), "codes")  # type: ignore[arg-type]
    assert gate.codes == (0, 0)


def test_a_code_above_the_ceiling_is_refused_and_not_written(bench: Bench) -> None:
    gate = bench.ready(permit(20_000))
    # 120 mA over 4095 codes: 682 is 19.985 mA, 683 is 20.015 mA.
    gate.write_codes((DacCode(682), DacCode(0)))
    gate.write_codes((DacCode(682), DacCode(0)))
    refused(bench, lambda: gate.write_codes((DacCode(683), DacCode(0))), "ceiling")
    assert gate.codes == (682, 0)
    gate.zero()
    assert gate.codes == (0, 0)
    assert gate.code_of(1, 20_000) == 682  # type: ignore[arg-type]


def test_a_code_above_its_own_channels_ceiling_is_refused_with_both_numbers(gate: Gate) -> None:
    # 120 mA over 4 095 codes, rounded up: 342 is 10.022 mA.
    ready(gate)
    gate.write_codes((DacCode(341), DacCode(341)))
    with pytest.raises(GateRefused) as caught:
        gate.write_codes((DacCode(341), DacCode(342)))
    assert str(caught.value) == "channel 2: code 342 is 10022 µA, ceiling 10000 µA"
    with pytest.raises(GateRefused) as caught:
        gate.write_codes((DacCode(683), DacCode(0)))
    assert str(caught.value) == "channel 1: code 683 is 20015 µA, ceiling 20000 µA"
    assert gate.codes == (341, 341)


def test_the_highest_code_of_the_board_is_a_code_and_far_above_any_ceiling(gate: Gate) -> None:
    with pytest.raises(
        GateRefused, match=r"^channel 1: code 4095 is 120000 µA, ceiling 100000 µA$"
    ):
        ready(gate, STRONG).write_codes((DacCode(4_095), DacCode(0)))
