"""Chains of waves: grammar, counters, delays, and their effect on what is playing."""

from collections.abc import Callable

import pytest

from tests.drivers.virtual.pigpiod.bench import Bench, rises

Blink = Callable[..., int]
BEGIN = [255, 0]
FOREVER = [255, 3]


def end(times: int) -> list[int]:
    return [255, 1, times & 255, times >> 8]


def wait(length_us: int) -> list[int]:
    return [255, 2, length_us & 255, length_us >> 8]


def test_a_chain_plays_waves_and_delays_in_order(waves: Bench, blink: Blink) -> None:
    short, long = blink(10, 90), blink(50, 50)
    edges = waves.edges(17)
    assert waves.pi.wave_chain([short, *wait(1_000), long, short]) == 0
    waves.run_us(10_000)
    assert edges == [
        (20, 17, 1), (30, 17, 0), (1_120, 17, 1), (1_170, 17, 0), (1_220, 17, 1), (1_230, 17, 0)
    ]  # fmt: skip
    assert waves.pi.wave_tx_busy() == 0


@pytest.mark.parametrize("times", [1, 2, 3, 16, 17, 255, 256, 1_000])
def test_a_loop_plays_exactly_its_count(waves: Bench, blink: Blink, times: int) -> None:
    edges = waves.edges(17)
    waves.pi.wave_chain([*BEGIN, blink(10, 90), *end(times)])
    waves.run_us(200_000)
    assert len(rises(edges)) == times


def test_nested_loops_multiply(waves: Bench, blink: Blink) -> None:
    wave = blink(10, 10)
    edges = waves.edges(17)
    waves.pi.wave_chain([*BEGIN, *BEGIN, wave, *end(3), *wait(100), wave, *end(4)])
    waves.run_us(100_000)
    assert len(rises(edges)) == 16


def test_a_count_of_0_skips_the_block_but_waits_a_delay_that_opens_it(
    waves: Bench, blink: Blink
) -> None:
    wave = blink(10, 10)
    edges = waves.edges(17)
    waves.pi.wave_chain([*BEGIN, wave, wave, *end(0), wave])
    waves.run_us(1_000)
    assert rises(edges) == [20]
    edges.clear()
    start_us = waves.timeline.now_us
    waves.pi.wave_chain([*BEGIN, *wait(500), wave, *end(0), wave])
    waves.run_us(5_000)
    assert rises(edges) == [rises(edges)[0]]
    assert start_us + 520 in {at + waves.timeline.now_us - 6_000 for at in rises(edges)}


def test_an_endless_chain_continues_until_a_sync_wave_ends_it(waves: Bench, blink: Blink) -> None:
    wave, last = blink(10, 90), blink(30, 0)
    waves.pi.wave_chain([*BEGIN, wave, *FOREVER])
    edges = waves.edges(17)
    waves.run_us(100_000)
    assert len(rises(edges)) in (999, 1_000)
    waves.pi.wave_send_using_mode(last, 2)
    waves.run_us(1_000)
    assert waves.pi.wave_tx_busy() == 0


def test_a_chain_stops_what_is_playing_even_if_the_chain_is_wrong(
    waves: Bench, blink: Blink
) -> None:
    """Follows gpioWaveChain."""
    waves.pi.wave_send_repeat(blink(100, 100))
    assert waves.pi.wave_chain([77]) == -66
    assert waves.pi.wave_tx_busy() == 0


def test_a_delay_in_a_chain_belongs_to_no_wave(waves: Bench, blink: Blink) -> None:
    waves.pi.wave_chain([blink(10, 10), *wait(1_000)])
    waves.run_us(500)
    assert waves.pi.wave_tx_at() == 9998


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ([*BEGIN, *end(2)], -114),
        ([0, *end(2)], -114),
        ([255, 1, 2], -116),
        ([255], -116),
        ([255, 9], -116),
        (BEGIN * 11, -118),
        ([*BEGIN, 0, *end(2)] * 21, -115),
        ([0] * 600, -119),
        ([*BEGIN, 0, *FOREVER, 0], -124),
        ([1], -66),
    ],
)
def test_wrong_chains_are_refused(waves: Bench, blink: Blink, chain: list[int], code: int) -> None:
    blink(10, 10)
    assert waves.pi.wave_chain(chain) == code


def test_twenty_loop_counters_are_allowed(waves: Bench, blink: Blink) -> None:
    wave = blink(10, 10)
    edges = waves.edges(17)
    assert waves.pi.wave_chain([*BEGIN, wave, *end(2)] * 20) == 0
    waves.run_us(10_000)
    assert len(rises(edges)) == 40
