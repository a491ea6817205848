"""Control blocks, words, ids and statistics, counted as pigpio counts them."""

from collections.abc import Callable

import pigpio
import pytest

from tests.drivers.virtual.pigpiod.bench import Bench

Blink = Callable[..., int]
G17, G18 = 1 << 17, 1 << 18


def wave_info(bench: Bench, wave: int) -> tuple[int, int]:
    slot = bench.daemon._waves._slots.table[wave]
    return slot.size.cbs, slot.size.words


def test_the_limits_are_those_of_pigpio_h(bench: Bench) -> None:
    assert bench.pi.wave_get_max_cbs() == 25_016
    assert bench.pi.wave_get_max_pulses() == 12_000
    assert bench.pi.wave_get_max_micros() == 1_800_000_000


@pytest.mark.parametrize(
    ("percent", "cbs", "words"), [(5, 1_191, 797), (1, 238, 159), (50, 11_918, 7_979)]
)
def test_a_padded_wave_takes_its_share(bench: Bench, percent: int, cbs: int, words: int) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 10)])
    assert wave_info(bench, bench.pi.wave_create_and_pad(percent)) == (cbs, words)


def test_a_21st_slot_of_five_per_cent_is_refused(bench: Bench) -> None:
    answers = []
    for _ in range(21):
        bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 10)])
        answers.append(bench.pi.wave_create_and_pad(5))
    assert answers == [*range(20), pigpio.PI_TOO_MANY_CBS]


@pytest.mark.parametrize(
    ("pulses", "size"),
    [
        ([(G17, 0, 10)], (3, 1)),
        ([(G17, G18, 10)], (3, 2)),
        ([(0, 0, 10)], (2, 0)),
        ([(G17, 0, 0)], (2, 1)),
        ([(0, 0, 0)], (1, 0)),
        ([(G17, 0, 10), (0, G17, 0)], (4, 2)),
    ],
)
def test_blocks_and_words_per_pulse_are_counted_as_pigpio_counts(
    bench: Bench, pulses: list[tuple[int, int, int]], size: tuple[int, int]
) -> None:
    """Follows waveCBsOOLs."""
    bench.pi.wave_add_generic([pigpio.pulse(*pulse) for pulse in pulses])
    wave = bench.pi.wave_create()
    assert wave_info(bench, wave) == size
    assert bench.pi.wave_send_once(wave) == size[0]


def test_a_wave_too_big_for_its_padding_is_refused_and_kept(bench: Bench) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 1)] * 160)
    assert bench.pi.wave_create_and_pad(1) == pigpio.PI_TOO_MANY_CBS
    assert bench.pi.wave_create_and_pad(2) == 0


def test_padding_too_small_only_for_the_words_is_refused(bench: Bench) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 0)] * 200)
    assert bench.pi.wave_create_and_pad(1) == pigpio.PI_TOO_MANY_OOL


def test_padding_is_a_percentage(bench: Bench) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 1)])
    assert bench.pi.wave_create_and_pad(101) == pigpio.PI_BAD_PARAM


def test_wvcap_accepts_separate_shares_of_words_and_reads_as_from_the_c_client(
    bench: Bench,
) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 1)])
    assert bench.send(118, 5, 10) == 0
    assert wave_info(bench, 0) == (1_191, 1_595)
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 1)])
    assert bench.send(118, 5, 10, bytes(4)) == 1
    assert bench.send(118, 5, 10, bytes(8)) == -66


def test_a_wave_without_pulses_is_refused_as_empty(bench: Bench) -> None:
    assert bench.pi.wave_create() == pigpio.PI_EMPTY_WAVEFORM
    assert bench.pi.wave_create_and_pad(5) == pigpio.PI_EMPTY_WAVEFORM


def test_a_deleted_slot_is_reused_only_at_exactly_its_size(waves: Bench, blink: Blink) -> None:
    ids = [blink(10, 10), blink(10, 10), blink(10, 0), blink(10, 10)]
    assert ids == [0, 1, 2, 3]
    waves.pi.wave_delete(0)
    waves.pi.wave_delete(2)
    assert blink(10, 10) == 0
    waves.pi.wave_delete(1)
    assert blink(20, 0) == 2
    assert blink(20, 0) == 4  # the bigger slot 1 stays free
    waves.pi.wave_delete(2)
    assert blink(10, 10) == 1
    assert blink(10, 10) == 5


def test_the_top_slot_frees_the_deleted_ones_below_it(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveDelete."""
    for _ in range(4):
        blink(10, 10)
    for wave in (1, 2, 3):
        assert waves.pi.wave_delete(wave) == 0
    waves.pi.wave_add_generic([pigpio.pulse(0, 0, 5)])
    assert waves.pi.wave_create() == 1


def test_unknown_and_deleted_ids_are_refused(waves: Bench, blink: Blink) -> None:
    kept, gone = blink(), blink()
    waves.pi.wave_delete(gone)
    for wave in (gone, 7, 250):
        assert waves.pi.wave_delete(wave) == pigpio.PI_BAD_WAVE_ID
        assert waves.pi.wave_send_once(wave) == pigpio.PI_BAD_WAVE_ID
    assert waves.pi.wave_send_using_mode(kept, 4) == -33


def test_ids_continue_past_250_and_then_cannot_be_found(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveCreate."""
    ids = [blink(1_000) for _ in range(252)]
    assert ids == list(range(252))
    waves.pi.wave_send_once(249)
    assert waves.pi.wave_tx_at() == 249
    waves.pi.wave_send_once(250)
    assert waves.pi.wave_tx_at() == 9998


def test_a_cleared_wave_that_plays_is_still_found(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxAt."""
    waves.pi.wave_send_once(blink(1_000))
    waves.pi.wave_clear()
    assert waves.pi.wave_tx_at() == 0
    waves.run_us(2_000)
    assert waves.pi.wave_tx_at() == pigpio.NO_TX_WAVE


def test_pulses_are_merged_from_time_0_and_ored_when_they_coincide(waves: Bench) -> None:
    """Follows rawWaveAddGeneric."""
    waves.pi.wave_add_generic([pigpio.pulse(G17, 0, 100), pigpio.pulse(0, G17, 100)])
    total = waves.pi.wave_add_generic(
        [pigpio.pulse(0, 0, 50), pigpio.pulse(G18, 0, 50), pigpio.pulse(0, G18, 300)]
    )
    assert total == 3
    assert waves.pi.wave_get_micros() == 400
    edges = waves.edges(17, 18)
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(1_000)
    assert edges == [(20, 17, 1), (70, 18, 1), (120, 17, 0), (120, 18, 0)]


def test_more_than_11999_pulses_are_refused(bench: Bench) -> None:
    """Follows rawWaveAddGeneric."""
    many = [pigpio.pulse(0, 0, 50_000)] + [pigpio.pulse(0, 0, 1)] * 100
    bench.pi.wave_add_generic([pigpio.pulse(0, 0, 3)] * 5_000)
    bench.pi.wave_add_generic([pigpio.pulse(0, 0, 20_000)] + [pigpio.pulse(0, 0, 1)] * 5_000)
    bench.pi.wave_add_generic([pigpio.pulse(0, 0, 40_000)] + [pigpio.pulse(0, 0, 1)] * 1_999)
    assert bench.pi.wave_get_pulses() == 11_999
    assert bench.pi.wave_add_generic(many) == pigpio.PI_TOO_MANY_PULSES
    assert bench.pi.wave_get_pulses() == 11_999


def test_statistics_stay_after_create_and_high_marks_after_clear(bench: Bench) -> None:
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 100), pigpio.pulse(0, G17, 100)])
    bench.pi.wave_create()
    assert (bench.pi.wave_get_micros(), bench.pi.wave_get_pulses()) == (200, 2)
    assert bench.pi.wave_get_cbs() == 4
    bench.pi.wave_clear()
    assert bench.pi.wave_get_micros() == 0
    assert [bench.send(command, 1) for command in (34, 35, 36)] == [200, 2, 4]
    assert [bench.send(command, 3) for command in (34, 35, 36)] == [-44, -45, -43]


def test_forbidden_gpio_are_left_out_of_a_wave_and_reported(bench: Bench) -> None:
    answer = bench.pi.wave_add_generic([pigpio.pulse(1 | G17, 0, 100)])
    assert answer == pigpio.PI_SOME_PERMITTED
    assert bench.daemon._waves._pending.pulses == [(G17, 0, 100)]


def test_serial_characters_become_start_data_and_stop_bits(waves: Bench) -> None:
    """Follows gpioWaveAddSerial."""
    waves.outputs(17)
    assert waves.pi.wave_add_serial(17, 10_000, b"U") == 11
    edges = waves.edges(17)
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(5_000)
    assert [at for at, _, _ in edges] == [20, *range(120, 1_100, 100)]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ((17, 49), pigpio.PI_BAD_WAVE_BAUD),
        ((17, 9_600, 0, 33), pigpio.PI_BAD_DATABITS),
        ((17, 9_600, 0, 8, 9), pigpio.PI_BAD_STOPBITS),
        ((17, 9_600, 1_800_000_001), -49),
        ((1, 9_600), pigpio.PI_NOT_PERMITTED),
        ((54, 9_600), pigpio.PI_BAD_USER_GPIO),
    ],
)
def test_wrong_serial_settings_are_refused(
    bench: Bench, settings: tuple[int, ...], code: int
) -> None:
    gpio, baud, *rest = settings
    offset, bits, stops = (*rest, *(0, 8, 2)[len(rest) :])
    assert bench.pi.wave_add_serial(gpio, baud, b"x", offset, bits, stops) == code
