"""Layers that no software disables: fault latch, watchdog, phase limiter, over-current, supply."""

from collections.abc import Callable

import pytest

from drivers.virtual.output_stage.latch import FaultLatch
from drivers.virtual.output_stage.skin import SkinContact
from tests.drivers.virtual.output_stage.conftest import Bench, code_of

POS1, NEG1, POS2 = 17, 18, 22
LATCH_CLEAR, SUPPLY_GOOD, SUPPLY_EN, LATCH_RESET = 5, 21, 26, 19

Maker = Callable[..., Bench]


# --- latch ------------------------------------------------------------------------------------


@pytest.mark.proves("fault-latch")
def test_after_power_on_the_latch_is_set_and_the_output_off(make_bench: Maker) -> None:
    bench = make_bench()
    bench.high(SUPPLY_EN)
    bench.wait_us(20_000)
    assert bench.stage.latch.is_set
    assert bench.pins.level(LATCH_CLEAR) == 0
    assert bench.pins.level(SUPPLY_GOOD) == 0


@pytest.mark.proves("fault-latch")
@pytest.mark.parametrize(
    ("holding", "edge", "is_set"),
    [(False, False, True), (False, True, False), (True, False, True), (True, True, True)],
)
def test_setting_the_latch_dominates_resetting_it(holding: bool, edge: bool, is_set: bool) -> None:
    latch = FaultLatch(lambda _: None)
    latch.hold("estop", active=holding)
    if edge:
        latch.reset()
    assert latch.is_set is is_set


@pytest.mark.proves("fault-latch")
def test_a_reset_line_held_high_clears_no_later_trip(bench: Bench) -> None:
    bench.high(LATCH_RESET)
    bench.stage.open_estop_latch(opened=True)
    bench.stage.open_estop_latch(opened=False)
    bench.wait_us(1_000)
    assert bench.stage.latch.is_set
    bench.low(LATCH_RESET)
    assert bench.stage.latch.is_set
    bench.high(LATCH_RESET)
    assert not bench.stage.latch.is_set


@pytest.mark.proves("fault-latch", "estop-latch")
def test_an_e_stop_opening_of_zero_length_sets_the_latch(bench: Bench) -> None:
    bench.stage.open_estop_latch(opened=True)
    bench.stage.open_estop_latch(opened=False)
    assert bench.stage.latch.is_set
    assert bench.stage.latch.causes == ["estop"]


@pytest.mark.proves("fault-latch", "estop-latch")
def test_an_e_stop_in_mid_phase_ends_the_current_and_leaves_under_100_ua_after_1_ms(
    bench: Bench,
) -> None:
    bench.code(1, code_of(100))
    bench.high(POS1)
    bench.wait_us(300)
    assert bench.current_ua() == pytest.approx(100_000, rel=0.001)
    bench.stage.open_estop_latch(opened=True)
    assert bench.current_ua() == 0
    bench.wait_us(999)
    assert 0 < abs(bench.current_ua()) < 100


# --- watchdog ---------------------------------------------------------------------------------


@pytest.mark.proves("watchdog")
@pytest.mark.parametrize("width_us", [120_000, 160_000, 200_000])
def test_the_watchdog_expires_its_width_after_the_last_edge(
    make_bench: Maker, width_us: int
) -> None:
    bench = make_bench(watchdog_us=width_us)
    bench.arm()
    for _ in range(5):
        bench.beat()
        bench.wait_us(width_us - 1)
        assert not bench.stage.latch.is_set
    bench.wait_us(1)
    assert bench.stage.latch.is_set
    assert bench.stage.latch.causes == ["watchdog"]


@pytest.mark.proves("fault-latch", "watchdog")
def test_the_latch_cannot_be_reset_while_the_watchdog_is_expired(bench: Bench) -> None:
    bench.wait_us(200_000)
    bench.high(LATCH_RESET)
    assert bench.stage.latch.is_set
    bench.low(LATCH_RESET)
    bench.beat()
    bench.high(LATCH_RESET)
    assert not bench.stage.latch.is_set


# --- phase limiter ----------------------------------------------------------------------------


@pytest.mark.proves("phase-limiter")
def test_a_gate_on_for_600_us_is_forced_off_and_sets_the_latch(bench: Bench) -> None:
    bench.code(1, code_of(50))
    bench.high(POS1)
    bench.wait_us(599)
    assert bench.current_ua() == pytest.approx(50_000, rel=0.001)
    bench.wait_us(1)
    assert bench.current_ua() == 0
    assert bench.stage.latch.causes == ["phase-limiter"]


@pytest.mark.proves("phase-limiter")
def test_the_limiter_alone_bounds_the_charge_of_a_stuck_gate(bench: Bench) -> None:
    bench.stage.latch.disable(dead=True)
    bench.code(1, code_of(100))
    bench.high(POS1)
    bench.wait_us(100_000)
    assert not bench.stage.latch.is_set
    assert bench.current_ua() < 100
    block_v = bench.stage.channels[0].circuit.peek(bench.timeline.now_ns)[1]
    assert block_v * 10 <= 60.1  # µC on 10 µF
    bench.low(POS1)
    bench.beat()
    bench.phase(POS1, 100)
    assert bench.stage.channels[0].limiter.limited == 0


@pytest.mark.proves("phase-limiter")
def test_many_short_phases_never_trip_the_limiter(bench: Bench) -> None:
    bench.code(1, code_of(20))
    for _ in range(200):
        bench.phase(POS1, 250)
        bench.wait_us(10)
        bench.phase(NEG1, 250)
        bench.wait_us(10)
        bench.beat()
    assert not bench.stage.latch.is_set


@pytest.mark.proves("phase-limiter")
def test_the_limiter_times_gates_after_the_disable(make_bench: Maker) -> None:
    bench = make_bench()
    bench.high(POS1)
    bench.wait_us(5_000)
    assert "phase-limiter" not in bench.stage.latch.causes


# --- over-current, both gates, supply ---------------------------------------------------------


@pytest.mark.proves("over-current")
@pytest.mark.parametrize(("milliamps", "trips"), [(109, False), (111, True)])
def test_over_current_trips_above_110_ma(bench: Bench, milliamps: float, trips: bool) -> None:
    bench.code(1, code_of(milliamps))
    bench.high(POS1)
    bench.wait_us(20)
    assert bench.stage.latch.is_set is trips
    assert (bench.current_ua() == 0) is trips


@pytest.mark.proves("over-current")
def test_current_limited_by_the_rail_does_not_trip_over_current(bench: Bench) -> None:
    bench.code(1, 4095)
    channel = bench.stage.channels[0]
    channel.set_contact(SkinContact("resistor", resistor_ohm=2_000))
    bench.phase(POS1, 200)
    assert channel.hold.current_a == pytest.approx(0.060, rel=0.01)
    assert not bench.stage.latch.is_set


@pytest.mark.proves("source-follows-gates")
def test_both_gates_on_conduct_nothing_and_are_recorded(bench: Bench) -> None:
    bench.code(1, code_of(50))
    bench.high(POS1)
    bench.wait_us(10)
    bench.high(NEG1)
    assert bench.current_ua() == 0
    assert bench.stage.channels[0].both_gates == 1
    bench.low(POS1)
    assert bench.current_ua() == pytest.approx(-50_000, rel=0.001)


@pytest.mark.proves_none
def test_supply_off_stops_the_current_at_once_although_the_rail_is_still_up(bench: Bench) -> None:
    bench.code(1, code_of(50))
    bench.high(POS1)
    bench.wait_us(100)
    bench.low(SUPPLY_EN)
    assert bench.current_ua() == 0
    assert bench.stage.supply.rail_v() == pytest.approx(120)
    bench.wait_us(400_000)
    assert bench.stage.supply.rail_v() < 20


@pytest.mark.proves("supply-watched")
def test_supply_good_follows_the_rail(bench: Bench) -> None:
    bench.low(SUPPLY_EN)
    bench.wait_us(1_000_000)
    assert bench.pins.level(SUPPLY_GOOD) == 0
    bench.beat()
    bench.high(LATCH_RESET)
    bench.high(SUPPLY_EN)
    bench.wait_us(4_000)
    assert bench.pins.level(SUPPLY_GOOD) == 0
    bench.wait_us(1_000)
    assert bench.pins.level(SUPPLY_GOOD) == 1


@pytest.mark.proves_none
def test_code_zero_drives_nothing(bench: Bench) -> None:
    bench.high(POS1)
    bench.wait_us(100)
    assert bench.current_ua() == 0


@pytest.mark.proves("source-follows-gates")
def test_a_floating_gate_is_off(bench: Bench) -> None:
    bench.code(1, code_of(50))
    bench.high(POS1)
    bench.pins.set_mode(POS1, 0)
    bench.pins.set_pull(POS1, 2)
    assert bench.pins.level(POS1) == 0
    assert bench.current_ua() == 0
