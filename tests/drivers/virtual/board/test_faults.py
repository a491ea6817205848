"""Every fault shows in the electrical state, and disappears when it is cleared."""

from collections.abc import Callable

import pytest

from drivers.virtual.bench.fault_table import FAULTS, parse_fault, usage
from tests.drivers.virtual.board.conftest import LATCH_RESET, NEG1, POS1, POS2, SUPPLY_EN, Rig

ESTOP_LOOP, HAND_SWITCH, SUPPLY_GOOD, LATCH_CLEAR = 27, 6, 21, 5
TWENTY_MA = 682
Maker = Callable[..., Rig]


def held(rig: Rig, pulses: int = 4) -> list[tuple[float, float]]:
    """Return (mA, V) held after each of some pulses."""
    rows = []
    for _ in range(pulses):
        rig.pulse()
        state = rig.channel()
        rows.append((state["held_current_ua"] / 1e3, state["held_voltage_mv"] / 1e3))  # type: ignore[operator]
    return rows


# --- e-stop and hand switch -------------------------------------------------------------------


def test_an_e_stop_opens_both_contacts_and_a_release_closes_only_the_loop(rig: Rig) -> None:
    rig.board.fault_set("estop")
    assert rig.kernel.read(ESTOP_LOOP) == 0
    assert rig.latch_causes == ["estop"]
    rig.board.fault_clear("estop")
    assert rig.kernel.read(ESTOP_LOOP) == 1
    assert rig.latch_causes == ["estop"]


@pytest.mark.parametrize(
    ("wire", "loop", "causes"), [("both", 0, ["estop"]), ("sense", 0, []), ("latch", 1, ["estop"])]
)
def test_a_cut_e_stop_wire_reads_as_pressed_on_the_cut_contact_only(
    rig: Rig, wire: str, loop: int, causes: list[str]
) -> None:
    rig.board.fault_set(f"estop-wire={wire}")
    assert rig.kernel.read(ESTOP_LOOP) == loop
    assert rig.latch_causes == causes


def test_a_chattering_e_stop_sets_the_latch_at_its_first_opening_and_again(rig: Rig) -> None:
    rig.board.fault_set("estop-chatter=5")
    openings = 0
    for _ in range(199):
        rig.wait_us(100)
        openings += not rig.kernel.read(ESTOP_LOOP)
    assert openings in {7, 8}  # 4 openings of 200 µs, sampled every 100 µs
    assert rig.latch_causes == ["estop"]
    rig.kernel.write(LATCH_RESET, 1)
    assert rig.latch_causes == []
    rig.wait_us(6_000)
    assert rig.latch_causes == ["estop"]
    rig.board.fault_clear("estop-chatter")
    rig.wait_us(10_000)
    assert rig.kernel.read(ESTOP_LOOP) == 1
    assert rig.board.timeline.next_ns() is not None
    rig.kernel.write(LATCH_RESET, 0)
    rig.kernel.write(LATCH_RESET, 1)
    rig.wait_us(50_000)
    assert rig.latch_causes == []


def test_chatter_injected_twice_chatters_once(rig: Rig) -> None:
    for _ in range(3):
        rig.board.fault_set("estop-chatter=5")
        rig.wait_us(300)
    seen: list[int] = []
    rig.board.pins.subscribe(1 << ESTOP_LOOP, lambda *_: seen.append(rig.board.now_us))
    rig.wait_us(20_000)
    assert len(seen) == 8


def test_the_hand_switch_fault_opens_the_hand_switch_only(rig: Rig) -> None:
    rig.board.fault_set("hand-switch")
    assert rig.kernel.read(HAND_SWITCH) == 0
    assert rig.latch_causes == []
    rig.board.fault_clear("hand-switch")
    assert rig.kernel.read(HAND_SWITCH) == 1


# --- pads -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "low_ohm", "high_ohm"),
    [
        ("short:1", 0, 50),
        ("resistor:1=500", 500, 525),
        ("half-lifted:1", 1_550, 1_700),
        ("dry-pad:1", 2_300, 2_450),
        ("lead-off:1", 100_000, 1e12),
    ],
)
def test_pad_faults_show_in_the_ratio_of_voltage_to_current(
    rig: Rig, fault: str, low_ohm: float, high_ohm: float
) -> None:
    rig.code(1, TWENTY_MA)
    (current, voltage), *_ = held(rig, 1)
    assert 830 < voltage / current * 1e3 < 870
    rig.board.fault_set(fault)
    rig.wait_us(10_000)
    current, voltage = held(rig, 4)[-1]
    assert low_ohm <= voltage / current * 1e3 <= high_ohm
    rig.board.fault_clear(fault.partition("=")[0])
    rig.wait_us(60_000)
    current, voltage = held(rig, 1)[0]
    assert voltage / current * 1e3 < 900


def test_pads_dry_out_over_the_given_time(rig: Rig) -> None:
    rig.board.fault_set("dry-pad:1=10")
    seen = []
    for _ in range(12):
        rig.wait_us(1_000_000)
        seen.append(rig.channel()["dryness"])
    assert seen[4] == pytest.approx(0.5, abs=0.03)
    assert seen[-1] == 1
    assert seen == sorted(seen)  # type: ignore[type-var]


def test_a_pad_fault_stays_on_its_channel(rig: Rig) -> None:
    rig.board.fault_set("lead-off:2")
    assert rig.channel(1)["contact"] == "good"
    assert rig.channel(2)["contact"] == "lead-off"


# --- bridge, gates, DAC, ADC ------------------------------------------------------------------


def test_an_open_leg_loses_its_phase(rig: Rig) -> None:
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("bridge-open:gate1_neg")
    assert [round(current) for current, _ in held(rig)] == [20, 0, 0, 20]


def test_a_shorted_leg_bypasses_the_other_phase(rig: Rig) -> None:
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("bridge-short:gate1_pos")
    rig.kernel.write(NEG1, 1)
    assert abs(rig.channel()["current_ua"]) < 100  # type: ignore[arg-type]
    rig.kernel.write(NEG1, 0)
    rig.kernel.write(POS1, 1)
    assert rig.channel()["current_ua"] == pytest.approx(19_985, abs=1)


def test_a_shorted_leg_gets_no_current_between_the_phases(rig: Rig) -> None:
    # The source is on only while a gate is; otherwise 20 mA would charge the block to the rail in
    # 60 ms, and the other leg would discharge all of it through the patient at once.
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("bridge-short:gate1_pos")
    assert rig.channel()["current_ua"] == 0
    rig.kernel.write(POS1, 1)
    rig.wait_us(100)
    rig.kernel.write(POS1, 0)
    assert abs(rig.channel()["current_ua"]) < 100  # type: ignore[arg-type]
    rig.beat()
    rig.wait_us(50_000)
    block_mv = rig.channel()["block_mv"]
    assert abs(block_mv) < 500  # type: ignore[arg-type]


def test_the_disable_stops_a_shorted_leg(rig: Rig) -> None:
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("bridge-short:gate1_pos")
    rig.kernel.write(SUPPLY_EN, 0)
    assert rig.channel()["current_ua"] == 0


@pytest.mark.parametrize("level", ["high", "low"])
def test_a_stuck_gate_line_keeps_its_level(rig: Rig, level: str) -> None:
    rig.board.fault_set(f"stuck-gate:gate1_pos={level}")
    for written in (0, 1, 0):
        rig.kernel.write(POS1, written)
        assert rig.kernel.read(POS1) == (level == "high")
    rig.kernel.write(POS1, 1)
    rig.board.fault_clear("stuck-gate:gate1_pos")
    assert rig.kernel.read(POS1) == 1


def test_a_gate_stuck_high_ends_in_the_phase_limiter(rig: Rig) -> None:
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("stuck-gate:gate1_pos")
    rig.wait_us(601)
    assert rig.latch_causes == ["phase-limiter"]


def test_a_stuck_dac_keeps_its_output_and_shows_it_in_the_readback(rig: Rig) -> None:
    rig.code(1, 500)
    rig.board.fault_set("stuck-dac:1")
    rig.code(1, 0)
    assert rig.convert(6) == pytest.approx(500, abs=1)
    rig.board.fault_set("stuck-dac:1=900")
    assert rig.convert(6) == pytest.approx(900, abs=1)
    rig.board.fault_clear("stuck-dac:1")
    assert rig.convert(6) <= 1


def test_a_frozen_adc_repeats_its_last_results(rig: Rig) -> None:
    assert len({rig.convert(4) for _ in range(40)}) > 1
    rig.board.fault_set("frozen-adc")
    assert len({rig.convert(4) for _ in range(40)}) == 1
    rig.code(1, TWENTY_MA)
    before = rig.convert(0)
    rig.pulse()
    assert rig.convert(0) == before


def test_mismatched_phases_differ_by_the_percentage(rig: Rig) -> None:
    rig.code(1, TWENTY_MA)
    rig.board.fault_set("phase-mismatch:1=10")
    rows = [current for current, _ in held(rig)]
    assert rows[1] == pytest.approx(-1.1 * rows[0], rel=0.001)


def test_a_sagging_supply_is_not_good_and_limits_sooner(rig: Rig) -> None:
    rig.board.fault_set("supply-sag=50")
    assert rig.kernel.read(SUPPLY_GOOD) == 0
    assert rig.convert(4) == pytest.approx(60 / 150 * 4095, abs=2)
    rig.code(1, 2730)  # 80 mA into about 1 kΩ
    assert held(rig, 1)[0][1] == pytest.approx(60, abs=0.1)
    rig.board.fault_clear("supply-sag")
    rig.wait_us(5_000)
    assert rig.kernel.read(SUPPLY_GOOD) == 1


# --- SPI and daemon ---------------------------------------------------------------------------


def test_lost_spi_is_an_input_output_error(rig: Rig) -> None:
    rig.board.fault_set("lost-spi")
    with pytest.raises(OSError, match="Input/output error"):
        rig.kernel.transfer(1, b"\x06\x00\x00")
    rig.board.fault_clear("lost-spi")
    assert len(rig.kernel.transfer(1, b"\x06\x00\x00")) == 3


def test_short_frames_come_back_short_and_load_no_dac(rig: Rig) -> None:
    rig.board.fault_set("short-frame")
    assert len(rig.kernel.transfer(0, b"\x3f\xff")) == 1
    rig.board.fault_clear("short-frame")
    rig.kernel.write(16, 0)
    assert rig.channel()["dac_latched"] == 0


def test_a_lost_daemon_leaves_the_kernel_side_working_and_can_be_replaced(rig: Rig) -> None:
    lost = rig.board.daemon
    rig.board.fault_set("lost-daemon")
    assert not lost.alive
    rig.code(1, 100)
    assert rig.kernel.read(ESTOP_LOOP) == 1
    rig.board.fault_clear("lost-daemon")
    assert rig.board.daemon.alive
    assert rig.board.daemon.dma is lost.dma


def test_a_stalled_daemon_answers_later(rig: Rig) -> None:
    session = rig.board.daemon.connect()
    rig.board.fault_set("stalled-daemon")
    session.feed(b"\x10" + bytes(15))  # TICK
    assert session.take_output() == b""
    assert rig.kernel.read(ESTOP_LOOP) == 1
    rig.board.fault_clear("stalled-daemon")
    assert len(session.take_output()) == 16


def test_a_slow_clock_stretches_waves(rig: Rig) -> None:
    rig.board.fault_set("slow-clock=1.13")
    assert rig.board.daemon.dma.scale_ppm == 1_130_000
    rig.board.fault_clear("slow-clock")
    assert rig.board.daemon.dma.scale_ppm == 1_000_000


# --- hardware layers taken away ---------------------------------------------------------------


def test_each_hardware_layer_can_be_disabled(make_rig: Maker) -> None:
    for fault in ("watchdog-dead", "limiter-dead", "over-current-dead", "latch-dead"):
        rig = make_rig()
        rig.arm()
        rig.board.fault_set(fault)
        rig.code(1, 4000)  # 117 mA
        rig.kernel.write(POS1, 1)
        rig.wait_us(700)
        rig.kernel.write(POS1, 0)
        rig.wait_us(300_000)
        expected = {
            "watchdog-dead": {"over-current"},
            "limiter-dead": {"over-current", "watchdog"},
            "over-current-dead": {"phase-limiter", "watchdog"},
            "latch-dead": set(),
        }[fault]
        assert set(rig.latch_causes) == expected


def test_the_watchdog_width_can_be_wrong_by_a_quarter(rig: Rig) -> None:
    rig.board.fault_set("watchdog-width=-25")
    rig.beat()
    rig.wait_us(119_999)
    assert rig.latch_causes == []
    rig.wait_us(1)
    assert rig.latch_causes == ["watchdog"]


def test_a_latch_that_works_again_is_set_by_inputs_that_are_still_active(rig: Rig) -> None:
    rig.board.fault_set("latch-dead")
    rig.board.fault_set("estop")
    assert rig.latch_causes == []
    rig.board.fault_clear("latch-dead")
    assert rig.latch_causes == ["estop"]


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lead-of:1", "lead-off"),
        ("lead-off", "1, 2"),
        ("lead-off:3", "1, 2"),
        ("estop:1", "write estop"),
        ("estop=1", "no value"),
        ("phase-mismatch:1", "write phase-mismatch:CH=percent"),
        ("slow-clock=fast", "number"),
        ("slow-clock=nan", "0.5 to 4"),
        ("slow-clock=9", "0.5 to 4"),
        ("stuck-gate:gate9_pos", "gate1_pos, gate1_neg"),
        ("stuck-gate:gate1_pos=maybe", "high or low"),
        ("", "known"),
    ],
)
def test_a_wrong_fault_name_gives_an_error_with_what_is_accepted(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_fault(text, channels=2)


def test_a_fault_that_is_not_active_cannot_be_cleared(rig: Rig) -> None:
    with pytest.raises(ValueError, match="set now: none"):
        rig.board.fault_clear("estop")


def test_a_bare_pi_refuses_faults_of_the_output_stage(make_rig: Maker) -> None:
    board = make_rig(bare=True).board
    with pytest.raises(ValueError, match="bare Pi"):
        board.fault_set("lead-off:1")
    board.fault_set("slow-clock=2")
    assert board.fault_list() == ("slow-clock=2",)


def test_the_table_has_every_required_fault() -> None:
    named = """estop hand-switch lead-off:CH short:CH dry-pad:CH half-lifted:CH slow-clock
    lost-daemon stalled-daemon frozen-adc stuck-gate:LINE stuck-dac:CH supply-sag lost-spi
    short-frame bridge-open:LINE bridge-short:LINE phase-mismatch:CH estop-wire estop-chatter"""
    known = {usage(name).partition("=")[0].partition("[")[0] for name in FAULTS}
    assert set(named.split()) <= known


def test_faults_of_both_channels_can_be_active_together(rig: Rig) -> None:
    rig.board.fault_set("lead-off:1")
    rig.board.fault_set("short:2")
    rig.board.fault_set("stuck-gate:gate2_pos=low")
    assert rig.board.fault_list() == ("lead-off:1", "short:2", "stuck-gate:gate2_pos=low")
    assert rig.kernel.read(POS2) == 0
