"""GPIO commands: modes, levels, banks, the write mask, PWM, servo, hardware clocks, codes."""

from itertools import pairwise

import pigpio
import pytest

from drivers.virtual.pigpiod.daemon import Daemon
from tests.drivers.virtual.pigpiod.bench import Bench

(MODES, MODEG, PUD, READ, WRITE, PWM, PRS, PFS, SERVO, WDOG) = range(10)
TRIG, PRG, PFG, PRRG, GDC, GPW, HC, HP, MICS, MILS = 37, 22, 23, 24, 83, 84, 85, 86, 46, 47
PASSWORD = 0x5A000000


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")


@pytest.mark.parametrize(
    ("command", "first", "second", "extension", "code"),
    [
        (MODES, 54, 1, b"", -3), (MODES, 4, 8, b"", -4), (MODES, 1, 1, b"", -41),
        (MODES, 28, 1, b"", -41), (MODEG, 54, 0, b"", -3), (PUD, 54, 0, b"", -3),
        (PUD, 4, 3, b"", -6), (PUD, 1, 0, b"", -41), (READ, 54, 0, b"", -3),
        (WRITE, 54, 0, b"", -3), (WRITE, 4, 2, b"", -5), (WRITE, 1, 0, b"", -41),
        (PWM, 54, 0, b"", -2), (PWM, 4, 256, b"", -8), (PWM, 1, 0, b"", -41),
        (PRS, 4, 24, b"", -21), (PRS, 4, 40_001, b"", -21), (PRS, 54, 100, b"", -2),
        (PFS, 54, 100, b"", -2), (PFS, 30, 100, b"", -41), (SERVO, 54, 1_500, b"", -2),
        (SERVO, 4, 499, b"", -7), (SERVO, 4, 2_501, b"", -7), (SERVO, 1, 1_500, b"", -41),
        (GDC, 32, 0, b"", -2), (GDC, 4, 0, b"", -92), (GPW, 4, 0, b"", -93),
        (GPW, 32, 0, b"", -2), (PRG, 32, 0, b"", -2), (PFG, 32, 0, b"", -2),
        (PRRG, 32, 0, b"", -2), (TRIG, 54, 10, u32(1), -2), (TRIG, 4, 10, u32(2), -5),
        (TRIG, 4, 0, u32(1), -46), (TRIG, 4, 101, u32(1), -46), (TRIG, 1, 10, u32(1), -41),
        (MICS, 1_000_001, 0, b"", -64), (MILS, 60_001, 0, b"", -65),
        (HP, 4, 100, u32(1), -95), (HP, 54, 100, u32(1), -3), (HP, 12, 100, u32(1_000_001), -97),
        (HP, 12, 187_500_001, u32(1), -96), (HP, 45, 100, u32(1), -41),
        (HC, 17, 20_000, b"", -94), (HC, 4, 13_183, b"", -98), (HC, 5, 20_000, b"", -99),
        (HC, PASSWORD | 5, 20_000, b"", 0),
        (30, 0, 0, b"", -120), (31, 0, 0, b"", -120), (48, 0, 0, b"", -88), (87, 0, 0, b"", -88),
        (110, 2, 0, b"ls\0", -88), (114, 0, 0, b"", -88), (999, 0, 0, b"", -88),
        (2**32 - 1, 0, 0, b"", -88), (25, 0, 0, b"", 0),
        (102, 3, 8, b"", -126), (102, 0, 17, b"", -127), (103, 3, 0, b"", -126),
    ],
)  # fmt: skip
def test_wrong_parameters_give_the_documented_error_codes(
    bench: Bench, command: int, first: int, second: int, extension: bytes, code: int
) -> None:
    assert bench.send(command, first, second, extension) == code


def test_version_revision_and_ticks_are_those_of_a_pi_4(bench: Bench) -> None:
    assert bench.pi.get_pigpio_version() == 79
    assert bench.pi.get_hardware_revision() == 0xC03111
    bench.run_us(1_234)
    assert bench.pi.get_current_tick() == 1_234


def test_writing_an_input_makes_it_an_output_without_a_glitch(bench: Bench) -> None:
    """Follows gpioWrite."""
    bench.pi.set_pull_up_down(17, pigpio.PUD_UP)
    edges = bench.edges(17)
    bench.pi.write(17, 1)
    assert edges == []
    assert bench.pi.get_mode(17) == pigpio.OUTPUT


def test_bank_writes_do_not_change_the_mode(bench: Bench) -> None:
    assert bench.pi.set_bank_1(1 << 17) == 0
    assert bench.pi.read(17) == 0
    bench.pi.set_mode(17, pigpio.OUTPUT)
    assert bench.pi.read(17) == 1
    assert bench.pi.read_bank_1() >> 17 & 1 == 1
    assert bench.pi.clear_bank_1(1 << 17) == 0
    assert bench.pi.read(17) == 0


def test_a_bank_write_changes_permitted_gpio_and_reports_the_others(bench: Bench) -> None:
    bench.outputs(17)
    assert bench.pi.set_bank_1(1 << 17 | 1) == -42
    assert bench.pi.read(17) == 1
    assert bench.send(15, 1) == -42


def test_the_write_mask_is_an_option(bench: Bench) -> None:
    bench.daemon = Daemon(bench.timeline, bench.pins, writable=1 << 17)
    pi = bench.client()
    assert pi.write(17, 1) == 0
    assert pi.write(18, 1) == -41
    assert pi.set_bank_1(3 << 17) == -42
    assert pi.read(18) == 0
    assert pi.wave_add_generic([pigpio.pulse(3 << 17, 0, 10)]) == -42


def test_pulls_are_seen_on_inputs(bench: Bench) -> None:
    bench.pi.set_pull_up_down(17, pigpio.PUD_UP)
    assert bench.pi.read(17) == 1
    bench.pi.set_pull_up_down(17, pigpio.PUD_DOWN)
    assert bench.pi.read(17) == 0


def test_alternate_modes_keep_their_numbers(bench: Bench) -> None:
    for mode in range(8):
        assert bench.pi.set_mode(17, mode) == 0
        assert bench.pi.get_mode(17) == mode


def test_a_trigger_pulse_has_its_length_and_blocks_its_client(bench: Bench) -> None:
    bench.outputs(17)
    edges = bench.edges(17)
    assert bench.pi.gpio_trigger(17, 50, 1) == 0
    assert edges == [(0, 17, 1), (50, 17, 0)]


def test_pwm_toggles_at_the_real_frequency_and_duty(bench: Bench) -> None:
    assert bench.pi.set_PWM_dutycycle(17, 64) == 0
    bench.run_us(1_250)
    edges = bench.edges(17)
    bench.run_us(12_500)
    on = [at for at, _, level in edges if level]
    off = [at for at, _, level in edges if not level]
    assert {later - earlier for earlier, later in pairwise(on)} == {1_250}
    assert off[1] - on[0] == 64 * 250 // 255 * 5
    assert bench.pi.get_PWM_dutycycle(17) == 64


@pytest.mark.parametrize(
    ("asked", "real", "steps"),
    [
        (0, 10, 20_000), (10, 10, 20_000), (29, 20, 10_000), (50, 50, 4_000), (800, 800, 250),
        (900, 1_000, 200), (1_000, 1_000, 200), (3_000, 4_000, 50), (8_000, 8_000, 25),
        (100_000, 8_000, 25),
    ],
)  # fmt: skip
def test_frequencies_and_real_ranges_of_5_us_sampling(
    bench: Bench, asked: int, real: int, steps: int
) -> None:
    assert bench.pi.set_PWM_frequency(17, asked) == real
    assert bench.pi.get_PWM_frequency(17) == real
    assert bench.pi.get_PWM_real_range(17) == steps
    assert bench.pi.set_PWM_range(17, 100) == steps
    assert bench.pi.get_PWM_range(17) == 100


def test_a_new_range_keeps_the_share_of_the_duty(bench: Bench) -> None:
    bench.pi.set_PWM_dutycycle(17, 128)
    bench.pi.set_PWM_range(17, 1_000)
    assert bench.pi.get_PWM_dutycycle(17) == 501


def test_full_duty_stays_high_and_zero_goes_low_at_once(bench: Bench) -> None:
    bench.pi.set_PWM_dutycycle(17, 255)
    bench.run_us(2_000)
    edges = bench.edges(17)
    bench.run_us(20_000)
    assert edges == []
    bench.pi.set_PWM_dutycycle(17, 0)
    assert bench.pi.read(17) == 0


def test_pwm_survives_a_bank_write_and_a_killed_daemon_but_not_a_write(bench: Bench) -> None:
    bench.pi.set_PWM_dutycycle(17, 128)
    bench.pi.clear_bank_1(1 << 17)
    edges = bench.edges(17)
    bench.run_us(12_500)
    assert len(edges) >= 18
    bench.daemon.kill()
    edges.clear()
    bench.run_us(12_500)
    assert len(edges) >= 18
    bench.daemon = Daemon(bench.timeline, bench.pins, dma=bench.daemon.dma)
    edges.clear()
    bench.run_us(12_500)
    assert edges == []  # a new daemon restarts the sampling DMA (initDMAgo)


def test_writing_ends_pwm(bench: Bench) -> None:
    bench.pi.set_PWM_dutycycle(17, 128)
    bench.pi.write(17, 1)
    edges = bench.edges(17)
    bench.run_us(10_000)
    assert edges == []
    assert bench.pi.get_PWM_dutycycle(17) == -92


def test_changing_the_mode_ends_pwm(bench: Bench) -> None:
    bench.pi.set_PWM_dutycycle(17, 128)
    bench.pi.set_mode(17, pigpio.INPUT)
    bench.pi.set_mode(17, pigpio.OUTPUT)
    edges = bench.edges(17)
    bench.run_us(10_000)
    assert edges == []


def test_servo_pulses_come_every_20_ms(bench: Bench) -> None:
    assert bench.pi.set_servo_pulsewidth(17, 1_500) == 0
    bench.run_us(20_000)
    edges = bench.edges(17)
    bench.run_us(60_000)
    on = [at for at, _, level in edges if level]
    assert on[1] - on[0] == 20_000
    assert [at for at, _, level in edges if not level][-1] - on[1] == 1_500
    assert bench.pi.get_servo_pulsewidth(17) == 1_500


def test_stopping_a_servo_lets_its_pulse_end(bench: Bench) -> None:
    """Follows myGpioSetServo."""
    bench.pi.set_servo_pulsewidth(17, 1_500)
    while not bench.pi.read(17):
        bench.run_us(100)
    start_us = bench.timeline.now_us
    assert bench.pi.set_servo_pulsewidth(17, 0) == 0
    assert bench.timeline.now_us - start_us == 2_500
    assert bench.pi.read(17) == 0
    edges = bench.edges(17)
    bench.run_us(50_000)
    assert edges == []


def test_hardware_pwm_reports_its_real_settings(bench: Bench) -> None:
    assert bench.pi.hardware_PWM(12, 1_000_003, 250_000) == 0
    assert bench.pi.get_mode(12) == pigpio.ALT0
    assert bench.pi.get_PWM_frequency(12) == 1_000_000
    assert bench.pi.get_PWM_real_range(12) == 375
    assert (bench.pi.get_PWM_dutycycle(12), bench.pi.get_PWM_range(12)) == (250_000, 1_000_000)


def test_the_first_wave_ends_hardware_pwm(bench: Bench) -> None:
    """Follows stopHardwarePWM."""
    bench.pi.hardware_PWM(12, 1_000, 250_000)
    bench.start_wave_clock()
    assert bench.pi.get_PWM_dutycycle(12) == -92


def test_hardware_pwm_is_refused_if_pwm_drives_the_sampling_clock(bench: Bench) -> None:
    bench.daemon = Daemon(bench.timeline, bench.pins, pwm_clock=True)
    assert bench.client().hardware_PWM(12, 1_000, 1) == -100


def test_the_hardware_clock_reports_its_frequency(bench: Bench) -> None:
    assert bench.pi.hardware_clock(4, 1_000_000) == 0
    assert bench.pi.get_PWM_frequency(4) in range(999_000, 1_001_000)
    assert bench.pi.get_PWM_dutycycle(4) == 500_000


def test_pad_strength_and_internals_are_stored(bench: Bench) -> None:
    assert bench.pi.get_pad_strength(0) == 8
    bench.pi.set_pad_strength(0, 15)
    assert bench.pi.get_pad_strength(0) == 16
    assert bench.send(96, 0x10) == 0
    assert bench.send(95) == 0x10


def test_bank_2_reads_the_lines_of_the_sd_card(bench: Bench) -> None:
    """GPIO 48 to 53: pigpio's manual shows `pigs br2` as 003F0000."""
    assert bench.pi.read_bank_2() == 0x003F_0000
    assert [bench.pi.read(gpio) for gpio in (47, 48, 53)] == [0, 1, 1]


UP, DOWN, OFF = pigpio.PUD_UP, pigpio.PUD_DOWN, pigpio.PUD_OFF


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (UP, OFF, 1), (OFF, UP, 1), (UP, UP, 1), (DOWN, OFF, 0), (OFF, DOWN, 0), (DOWN, DOWN, 0),
        (OFF, OFF, 0), (UP, DOWN, 0), (DOWN, UP, 0),
    ],
)  # fmt: skip
def test_a_pull_is_seen_through_a_wire(bench: Bench, first: int, second: int, level: int) -> None:
    bench.pins.join(17, 22)
    bench.pi.set_pull_up_down(17, first)
    bench.pi.set_pull_up_down(22, second)
    assert [bench.pi.read(17), bench.pi.read(22)] == [level, level]


def test_a_pull_on_one_end_is_reported_at_the_other(bench: Bench) -> None:
    bench.pi.set_pull_up_down(22, OFF)
    bench.pi.set_pull_up_down(17, OFF)
    bench.pins.join(17, 22)
    edges = bench.edges(17, 22)
    bench.pi.set_pull_up_down(17, UP)
    bench.pi.set_pull_up_down(17, DOWN)
    assert edges == [(0, 17, 1), (0, 22, 1), (0, 17, 0), (0, 22, 0)]


def test_an_output_on_the_line_overrides_every_pull(bench: Bench) -> None:
    bench.pins.join(17, 22)
    bench.pi.set_pull_up_down(22, UP)
    bench.pi.write(17, 0)
    assert bench.pi.read(22) == 0
    bench.pi.set_mode(17, pigpio.INPUT)
    bench.pi.set_pull_up_down(17, OFF)
    assert [bench.pi.read(17), bench.pi.read(22)] == [1, 1]


def test_pins_wired_in_a_row_are_one_line(bench: Bench) -> None:
    for first, second in ((17, 22), (23, 24), (22, 23)):
        bench.pins.join(first, second)
    for gpio in (17, 22, 23, 24):
        bench.pi.set_pull_up_down(gpio, OFF)
    for gpio in (24, 17):
        bench.pi.set_pull_up_down(gpio, UP)
        assert [bench.pi.read(gpio) for gpio in (17, 22, 23, 24)] == [1, 1, 1, 1]
        bench.pi.set_pull_up_down(gpio, OFF)
    bench.pi.write(23, 1)
    assert [bench.pi.read(gpio) for gpio in (17, 22, 23, 24)] == [1, 1, 1, 1]


def test_a_driven_or_held_end_of_a_wire_is_seen_at_the_other(bench: Bench) -> None:
    bench.pins.join(17, 22)
    for gpio in (17, 22):
        bench.pi.set_pull_up_down(gpio, DOWN)
    bench.pins.drive(17, 1)
    assert bench.pi.read(22) == 1
    bench.pins.drive(17, None)
    assert bench.pi.read(22) == 0
    bench.pins.hold(22, 1)
    assert [bench.pi.read(17), bench.pi.read(22)] == [1, 1]
    bench.pins.hold(22, None)
    assert [bench.pi.read(17), bench.pi.read(22)] == [0, 0]
