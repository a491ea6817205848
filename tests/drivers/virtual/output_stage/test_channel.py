"""One channel: current and voltage at the pads, shunt, sample and hold, skin."""

import math

import pytest

from drivers.virtual.output_stage.skin import SkinContact, load_of
from tests.drivers.virtual.output_stage.conftest import Bench, code_of

POS1, NEG1, POS2, NEG2 = 17, 18, 22, 23


def mid_us(bench: Bench, channel: int = 1) -> float:
    """Return the bridge voltage now, computed from the voltages of the parts."""
    circuit = bench.stage.channels[channel - 1].circuit
    current_a, block_v, tissue_v = circuit.peek(bench.timeline.now_ns)
    return block_v + tissue_v + current_a * circuit.load.series_ohm


# --- current and voltage ----------------------------------------------------------------------


def test_a_full_scale_code_gives_120_ma_and_half_of_it_60(bench: Bench) -> None:
    bench.stage.over_current_dead = True
    bench.stage.channels[0].set_contact(SkinContact("resistor", resistor_ohm=100))
    bench.code(1, 4095)
    bench.high(POS1)
    assert bench.current_ua() == pytest.approx(120_000)
    bench.low(POS1)
    bench.code(1, 2048)
    bench.high(NEG1)
    assert bench.current_ua() == pytest.approx(-60_014.65, abs=0.01)


def test_a_new_code_in_mid_phase_acts_at_once(bench: Bench) -> None:
    bench.code(1, code_of(10))
    bench.high(POS1)
    bench.wait_us(100)
    bench.code(1, code_of(20))
    assert bench.current_ua() == pytest.approx(20_000, rel=0.001)


@pytest.mark.parametrize(
    ("kind", "dryness", "amplitude_ua", "ohm"),
    [
        # Clinical.md 4.2: end-of-phase voltage over current at 100, 200, 300, 400 µs.
        ("good", 0.0, 20_000, (593, 832, 977, 1065)),
        ("good", 0.0, 2_000, (798, 1276, 1660, 1967)),
        ("good", 1.0, 2_000, (1506, 2367, 3038, 3561)),
        ("half-lifted", 0.0, 2_000, (1137, 1614, 1904, 2079)),
    ],
)
def test_pads_have_the_impedance_of_the_table(
    bench: Bench, kind: str, dryness: float, amplitude_ua: float, ohm: tuple[int, ...]
) -> None:
    channel = bench.stage.channels[0]
    channel.set_contact(SkinContact(kind, dryness))
    for phase_us, expected in zip((100, 200, 300, 400), ohm, strict=True):
        bench.wait_us(2_000_000)
        bench.arm()
        bench.code(1, code_of(amplitude_ua / 1e3))
        bench.high(POS1)
        bench.wait_us(phase_us)
        current_a, _, tissue_v = channel.circuit.peek(bench.timeline.now_ns)
        bench.low(POS1)
        measured = tissue_v / current_a + channel.circuit.load.series_ohm
        assert measured == pytest.approx(expected, rel=0.005)


def test_skin_falls_in_resistance_with_current_in_between_the_two_rows() -> None:
    ohm = [load_of(SkinContact(), ua).parallel_ohm for ua in (1_000, 2_000, 6_325, 20_000, 80_000)]
    assert ohm == [3_000, 3_000, pytest.approx(math.sqrt(3e6), rel=0.001), 1_000, 1_000]


def test_an_open_lead_is_at_the_rail_and_carries_almost_no_current(bench: Bench) -> None:
    bench.stage.channels[0].set_contact(SkinContact("lead-off"))
    bench.code(1, code_of(20))
    bench.high(POS1)
    bench.wait_us(200)
    bench.low(POS1)
    held = bench.stage.channels[0].hold
    assert held.voltage_v == pytest.approx(120, abs=0.1)
    assert abs(held.current_a) < 0.0005


def test_touching_pads_carry_the_current_at_almost_no_voltage(bench: Bench) -> None:
    bench.stage.channels[0].set_contact(SkinContact("short"))
    bench.code(1, code_of(20))
    bench.phase(POS1, 200)
    held = bench.stage.channels[0].hold
    assert held.current_a == pytest.approx(0.020, rel=0.002)
    assert abs(held.voltage_v / held.current_a) < 50


def test_the_rail_limits_the_current_from_the_moment_it_is_reached(bench: Bench) -> None:
    bench.stage.channels[0].set_contact(SkinContact("good", 1.0))
    bench.code(1, code_of(50))
    bench.high(POS1)
    # Rs 400, Rp 5000, Cp 80 nF at 50.03 mA: 20 V + 250 V (1 - exp(-t / 400 µs)) + 5 V/ms.
    bench.wait_us(150)
    assert bench.current_ua() == pytest.approx(50_022, rel=0.001)
    bench.wait_us(150)
    assert bench.current_ua() < 35_000
    assert mid_us(bench) == pytest.approx(120, rel=1e-6)


# --- shunt and residual -----------------------------------------------------------------------


def shunted(bench: Bench) -> bool:
    return bench.stage.channels[0].shunt_closed


@pytest.mark.proves("dc-block", "source-follows-gates")
def test_the_shunt_is_closed_by_default_opens_with_a_gate_and_closes_300_us_after(
    bench: Bench,
) -> None:
    assert shunted(bench)
    bench.code(1, code_of(20))
    bench.high(POS1)
    assert not shunted(bench)
    bench.wait_us(200)
    bench.low(POS1)
    bench.wait_us(299)
    assert not shunted(bench)
    bench.high(NEG1)
    bench.wait_us(200)
    bench.low(NEG1)
    bench.wait_us(299.9)
    assert not shunted(bench)
    assert bench.current_ua() == 0
    bench.wait_us(0.1)
    assert shunted(bench)
    assert bench.current_ua() != 0


@pytest.mark.proves("dc-block")
def test_a_balanced_train_leaves_no_charge_on_the_block(bench: Bench) -> None:
    bench.code(1, code_of(50))
    for _ in range(300):
        bench.pulse(phase_us=300)
        bench.wait_us(9_350)
        bench.beat()
    _, block_v, _ = bench.stage.channels[0].circuit.peek(bench.timeline.now_ns)
    # Voltage that the tissue's own residual adds through the shunt: 10 nC per pulse of 15 µC.
    assert abs(block_v) < 0.2
    assert abs(bench.current_ua()) < 2


@pytest.mark.proves("dc-block")
def test_a_missing_phase_charges_the_block_until_the_rail_stops_it(bench: Bench) -> None:
    channel = bench.stage.channels[0]
    channel.break_legs(open_legs=2, shorted_legs=0, mismatch=1.0)
    bench.code(1, code_of(50))
    for _ in range(300):
        bench.pulse(phase_us=300)
        bench.wait_us(9_350)
        bench.beat()
    _, block_v, _ = channel.circuit.peek(bench.timeline.now_ns)
    assert 60 < block_v <= 120
    before_ua = 5_000
    bench.high(POS1)
    assert bench.current_ua() > before_ua
    bench.wait_us(500)
    assert bench.current_ua() < 50_000


@pytest.mark.proves("dc-block")
def test_the_block_discharges_through_the_shunt_within_seconds(bench: Bench) -> None:
    bench.code(1, code_of(100))
    bench.phase(POS1, 400)
    bench.wait_us(1_000)
    _, block_v, _ = bench.stage.channels[0].circuit.peek(bench.timeline.now_ns)
    assert block_v == pytest.approx(4.0, rel=0.02)
    bench.wait_us(3_000_000)
    _, later_v, tissue_v = bench.stage.channels[0].circuit.peek(bench.timeline.now_ns)
    assert later_v == pytest.approx(4.0 * math.exp(-3 / 1.012), rel=0.05)
    assert abs(tissue_v) < 0.01


# --- sample and hold --------------------------------------------------------------------------


def test_successive_pulses_hold_positive_negative_negative_positive(bench: Bench) -> None:
    bench.code(1, code_of(30))
    signs = []
    for _ in range(8):
        bench.pulse()
        bench.wait_us(5_000)
        signs.append(1 if bench.convert(0) > 2048 else -1)
        assert (bench.convert(1) > 2048) is (signs[-1] > 0)
    assert signs == [1, -1, -1, 1, 1, -1, -1, 1]


def test_the_order_does_not_depend_on_which_phase_leads(bench: Bench) -> None:
    bench.code(1, code_of(30))
    signs = []
    for number in range(8):
        first, second = (NEG1, POS1) if number & 1 else (POS1, NEG1)
        bench.phase(first, 200)
        bench.wait_us(50)
        bench.phase(second, 200)
        bench.wait_us(5_000)
        signs.append(1 if bench.convert(0) > 2048 else -1)
    assert signs == [1, -1, -1, 1, 1, -1, -1, 1]


def test_pulses_closer_than_the_shunt_time_are_still_distinguished(bench: Bench) -> None:
    bench.code(1, code_of(10))
    hold = bench.stage.channels[0].hold
    for _ in range(40):
        bench.pulse(phase_us=100, gap_us=10)
        bench.wait_us(10)
    assert hold.pulse == 39
    assert hold.holds == 40


def test_a_missing_phase_shows_in_the_held_values(bench: Bench) -> None:
    bench.stage.channels[0].break_legs(open_legs=2, shorted_legs=0, mismatch=1.0)
    bench.code(1, code_of(30))
    held = []
    for _ in range(4):
        bench.pulse()
        bench.wait_us(5_000)
        held.append(round(bench.stage.channels[0].hold.current_a * 1e3))
    assert held == [30, 0, 0, 30]


def test_the_held_values_are_those_of_the_end_of_the_phase(bench: Bench) -> None:
    bench.code(1, code_of(40))
    bench.high(POS1)
    bench.wait_us(250)
    expected_v = mid_us(bench)
    bench.low(POS1)
    bench.wait_us(3_000)
    assert bench.convert(0) == pytest.approx(2048 + 2047 * 40 / 120, abs=2.5)
    assert bench.convert(1) == pytest.approx(2048 + 2047 * expected_v / 150, abs=1.6)


# --- the other ADC inputs ---------------------------------------------------------------------


def test_rail_reference_and_readback_have_their_own_scales(bench: Bench) -> None:
    bench.code(1, 1000)
    bench.code(2, 3000)
    codes = [bench.convert(number) for number in (4, 5, 6, 7)]
    assert codes == pytest.approx([120 / 150 * 4095, 2.5 / 3.3 * 4095, 1000, 3000], abs=1.6)


def test_channels_three_and_four_have_chips_of_their_own(make_bench: type[Bench]) -> None:
    bench = make_bench("reference-4")  # type: ignore[arg-type] # the fixture takes a name
    bench.arm()
    bench.code(4, code_of(30))
    bench.pulse(channel=4)
    assert bench.convert(2, chip_select=3) == pytest.approx(2048 + 2047 * 0.25, abs=2.5)
    assert bench.convert(7, chip_select=3) == pytest.approx(code_of(30), abs=1)
    assert bench.stage.channels[0].hold.holds == 0
