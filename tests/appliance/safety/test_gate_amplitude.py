"""Amplitudes at the gate: µA in, the largest code that is not more, and what it gives out.

Limits and the scale of the DAC are restated here: 12 bits over the full scale of the board file.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, inf, nan
from typing import Any

import msgspec
import pytest

from appliance.core.limits.limits import Region
from appliance.safety import gate as gate_module
from appliance.safety.gate import Gate, GateRefused, Permit
from appliance.safety.interlocks.readings import Readback
from appliance.safety.state_machine.states import Delivering
from drivers.board_file import BoardFile, load_board_file
from drivers.quantities import Channel, DacCode
from tests.appliance.safety.gate_bench import STRONG, Bench, permit, ready, refused, ua

pytestmark = pytest.mark.proves("gate")

CODES = 4_095
PPM = 1_000_000


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def gate(bench: Bench) -> Gate:
    return bench.gate


def asked(gate: Gate, *amplitudes_ua: Any) -> str:
    """Return why the gate refuses these amplitudes."""
    with pytest.raises(GateRefused) as caught:
        gate.set_amplitudes(amplitudes_ua)
    return str(caught.value)


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("amplitudes_ua", [(), (1_000,), (1_000, 0, 0)])
def test_amplitudes_for_another_board_are_refused(
    bench: Bench, amplitudes_ua: tuple[int, ...]
) -> None:
    gate = bench.ready(STRONG)
    bench.written.clear()
    wanted = f"{len(amplitudes_ua)} amplitudes for a board of 2 channels"
    assert asked(gate, *amplitudes_ua) == wanted
    assert bench.written == []


@pytest.mark.parametrize(
    "amplitude", [-1, True, False, 0.0, 1_000.0, 1_000.5, nan, inf, -inf, None, "1000"]
)
@pytest.mark.parametrize("channel", [1, 2])
def test_what_is_no_whole_number_of_ua_from_0_on_is_refused(
    bench: Bench, amplitude: object, channel: int
) -> None:
    """Hazard: NaN is above no ceiling, and True is 1."""
    gate = bench.ready(STRONG)
    gate.set_amplitudes(ua(2_000, 2_000))
    bench.written.clear()
    amplitudes: list[object] = [2_000, 2_000]
    amplitudes[channel - 1] = amplitude
    assert asked(gate, *amplitudes) == f"channel {channel}: {amplitude!r} is no amplitude in µA"
    assert bench.written == []
    assert gate.highest_ua == gate.lowest_ua == (1_993, 1_993)


def test_an_amplitude_above_the_ceiling_is_refused_and_not_written(bench: Bench) -> None:
    gate = bench.ready(permit(20_000))
    # 120 mA over 4095 codes: 682 is 19.985 mA, 683 is 20.015 mA.
    assert gate.set_amplitudes(ua(20_000, 0)) == (19_986, 0)
    bench.written.clear()
    for above_ua in (20_001, 20_015, 20_016, 100_000, 10**9):
        refused(bench, lambda: gate.set_amplitudes(ua(above_ua, 0)), "ceiling")  # noqa: B023
    assert bench.written == []
    assert gate.highest_ua == gate.lowest_ua == (19_986, 0)
    gate.zero()
    assert bench.written == [(0, 0)]
    assert gate.highest_ua == gate.lowest_ua == (0, 0)


def test_an_amplitude_above_its_own_channels_ceiling_is_refused_with_both_numbers(
    gate: Gate,
) -> None:
    ready(gate)
    gate.set_amplitudes(ua(10_000, 10_000))
    assert asked(gate, 10_000, 10_001) == "channel 2: asked 10001 µA, ceiling 10000 µA"
    assert asked(gate, 20_001, 0) == "channel 1: asked 20001 µA, ceiling 20000 µA"
    assert gate.highest_ua == (9_993, 9_993)


def test_full_scale_is_far_above_any_ceiling(gate: Gate) -> None:
    ready(gate, STRONG)
    assert asked(gate, 120_000, 0) == "channel 1: asked 120000 µA, ceiling 100000 µA"


def test_a_code_that_would_give_more_than_was_asked_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a conversion that rounds up gives more than the ceiling, and nobody looks."""
    gate = bench.ready(permit(20_000))
    bench.written.clear()
    monkeypatch.setattr(gate_module, "code_for", lambda *_: DacCode(683))
    assert asked(gate, 20_000, 0) == "channel 1: asked 20000 µA, code 683 gives 20015 µA"
    assert bench.written == []


# --- what is written, and what is reported of it -----------------------------------------------


def test_amplitudes_are_written_once_and_again_only_where_they_change(bench: Bench) -> None:
    gate = bench.ready(STRONG)
    bench.written.clear()
    for amplitude_ua in (5_000, 5_000, 4_999, 4_980, 5_010, 0):
        gate.set_amplitudes(ua(amplitude_ua, 100))
    # A code is 29.3 µA: 170 is 4.982 mA, 169 is 4.952 mA; 3 is 87.9 µA.
    assert bench.written == [(170, 3), (169, 3), (170, 3), (0, 3)]


class Dac:
    """Takes codes in place of the current sources, and keeps the last."""

    def __init__(self) -> None:
        self.codes: tuple[DacCode, ...] = ()

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        self.codes = codes


def calibrated(gain_ppm: int, offset_ua: int) -> BoardFile:
    """Return a board of 100 mA full scale, so that the highest ceiling reaches every code."""
    board = load_board_file()
    return msgspec.structs.replace(
        board,
        output=msgspec.structs.replace(board.output, full_scale_ua=100_000),
        calibration=msgspec.structs.replace(
            board.calibration,
            source_gain_ppm=(gain_ppm, PPM),
            source_offset_ua=(offset_ua, 0),
        ),
    )


def around(current_ua: Fraction) -> Iterator[int]:
    """Give the whole numbers next to a current that a permit could allow."""
    for amplitude_ua in range(floor(current_ua) - 1, ceil(current_ua) + 2):
        if 0 <= amplitude_ua <= 100_000:
            yield amplitude_ua


@pytest.mark.proves("dac-readback")
@pytest.mark.parametrize(
    ("gain_ppm", "offset_ua"), [(PPM, 0), (1_013_000, 40), (987_000, -60), (PPM, -700)]
)
def test_no_code_gives_more_than_was_asked_and_what_it_gives_is_reported(
    gain_ppm: int, offset_ua: int
) -> None:
    """Around the current of each of the 4096 codes, in exact arithmetic of its own."""
    dac, bench = Dac(), Bench()
    gate = Gate(replace(bench.rig, board=calibrated(gain_ppm, offset_ua), currents=dac))
    gate.open(Permit(Region.LOWER_BACK, 20_000, (100_000, 0), reason_given=True))
    gate.enter(Delivering())
    gate.begin_stream()
    for number in range(CODES + 1):
        for amplitude_ua in around(current_of(number, gain_ppm, offset_ua)):
            given_ua, _ = gate.set_amplitudes(ua(amplitude_ua, 0))
            code, other = dac.codes
            current_ua = current_of(code, gain_ppm, offset_ua) if code else Fraction(0)
            assert (other, given_ua) == (0, ceil(current_ua))
            assert given_ua <= amplitude_ua
            assert (code == 0) == (given_ua == 0)
            assert (
                code == CODES
                or current_of(code + 1, gain_ppm, offset_ua) > amplitude_ua
                or (current_of(code + 1, gain_ppm, offset_ua) <= 0)
            )
            assert gate.readback(Channel(1), DacCode(7), ua(given_ua)) == Readback(
                DacCode(7), code, code
            )


def current_of(code: int, gain_ppm: int, offset_ua: int) -> Fraction:
    return Fraction(code * 100_000 * gain_ppm, CODES * PPM) + offset_ua


def test_a_readback_is_bounded_by_the_lowest_and_the_highest_amplitude(gate: Gate) -> None:
    given_ua = set(ua(19_986, 0, 1_993))
    assert gate.readback(Channel(2), DacCode(70), given_ua) == Readback(
        DacCode(70), DacCode(0), DacCode(682)
    )
