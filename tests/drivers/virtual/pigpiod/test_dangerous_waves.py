"""The dangerous behaviour of pigpio's waves. Each test names the function of pigpio.c it follows.

A safer daemon would pass none of these tests: they are the reason for the product's stream rules.
"""

from collections.abc import Callable

import pigpio

from drivers.virtual.pigpiod.daemon import Daemon
from tests.drivers.virtual.pigpiod.bench import Bench, rises

Blink = Callable[..., int]
ONE_SHOT, REPEAT, ONE_SHOT_SYNC, REPEAT_SYNC = range(4)
G17, G18 = 1 << 17, 1 << 18


def test_the_same_id_twice_with_sync_loops_for_ever(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxSend."""
    wave = blink(100, 900, padded=5)
    edges = waves.edges(17)
    waves.pi.wave_send_using_mode(wave, ONE_SHOT_SYNC)
    waves.run_us(200)
    waves.pi.wave_send_using_mode(wave, ONE_SHOT_SYNC)
    waves.run_us(1_000_000)
    assert waves.pi.wave_tx_busy() == 1
    assert len(rises(edges)) > 990


def test_a_reused_slot_of_the_last_sent_wave_loops_for_ever(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveCreatePad."""
    first = blink(100, 900, padded=5)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(5_000)
    assert waves.pi.wave_tx_busy() == 0
    waves.pi.wave_delete(first)
    again = blink(100, 900, padded=5)
    assert again == first
    waves.pi.wave_send_using_mode(again, ONE_SHOT_SYNC)
    waves.run_us(1_000_000)
    assert waves.pi.wave_tx_busy() == 1


def test_a_stop_before_a_slot_is_reused_prevents_the_loop(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxStop."""
    first = blink(100, 900, padded=5)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(5_000)
    waves.pi.wave_delete(first)
    waves.pi.wave_tx_stop()
    waves.pi.wave_send_using_mode(blink(100, 900, padded=5), ONE_SHOT_SYNC)
    waves.run_us(5_000)
    assert waves.pi.wave_tx_busy() == 0


def test_a_wave_queued_in_the_last_delay_of_an_unpadded_wave_is_lost(
    waves: Bench, blink: Blink
) -> None:
    """Follows initDMAgo."""
    first, second = blink(100, 900), blink(200, 0)
    edges = waves.edges(17)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(500)  # in the 900 µs delay, whose link "end" DMA has already fetched
    waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
    waves.run_us(10_000)
    assert rises(edges) == [20]
    assert waves.pi.wave_tx_busy() == 0


def test_a_padded_wave_is_followed_by_one_queued_in_its_last_delay(
    waves: Bench, blink: Blink
) -> None:
    """Follows wave2Cbs."""
    first, second = blink(100, 900, padded=5), blink(200, 0, padded=5)
    edges = waves.edges(17)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(500)
    waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
    waves.run_us(10_000)
    assert edges == [(20, 17, 1), (120, 17, 0), (1_020, 17, 1), (1_220, 17, 0)]


def test_a_zero_delay_end_lets_an_unpadded_wave_be_followed(waves: Bench, blink: Blink) -> None:
    """Follows wave2Cbs."""
    first, second = blink(100, 0), blink(200, 0)
    edges = waves.edges(17)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(50)
    waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
    waves.run_us(10_000)
    assert edges == [(20, 17, 1), (120, 17, 0), (120, 17, 1), (320, 17, 0)]


def test_a_late_sync_on_idle_hardware_plays_by_itself(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxSend."""
    first, second = blink(padded=5), blink(padded=5)
    waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
    waves.run_us(50_000)
    edges = waves.edges(17)
    waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
    waves.run_us(1_000)
    assert edges == [(20, 17, 1), (120, 17, 0)]


def test_a_sync_of_a_wave_already_queued_drops_the_waves_behind_it(
    waves: Bench, blink: Blink
) -> None:
    """Follows gpioWaveTxSend."""
    first, second, third = (blink(100, 900, padded=5) for _ in range(3))
    for wave in (first, second, third):
        waves.pi.wave_send_using_mode(wave, ONE_SHOT_SYNC)
    waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
    edges = waves.edges(17)
    waves.run_us(20_000)
    assert len(rises(edges)) == 2  # first, second; third was behind the tail that was reset


def test_a_deleted_wave_keeps_playing_and_a_new_one_overwrites_it(waves: Bench) -> None:
    """Follows gpioWaveDelete."""
    waves.pi.wave_add_generic([pigpio.pulse(0, 0, 1_000), pigpio.pulse(G17, 0, 10)])
    old = waves.pi.wave_create_and_pad(5)
    waves.pi.wave_send_using_mode(old, ONE_SHOT_SYNC)
    waves.run_us(100)
    waves.pi.wave_delete(old)
    assert waves.pi.wave_tx_busy() == 1
    waves.pi.wave_add_generic([pigpio.pulse(0, 0, 1), pigpio.pulse(G18, 0, 10)])
    assert waves.pi.wave_create_and_pad(5) == old
    waves.run_us(10_000)
    assert (waves.pi.read(17), waves.pi.read(18)) == (0, 1)


def test_a_deleted_wave_plays_to_its_end(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveDelete."""
    edges = waves.edges(17)
    wave = blink(100, 100, padded=5)
    waves.pi.wave_send_once(wave)
    waves.pi.wave_delete(wave)
    waves.run_us(1_000)
    assert edges == [(20, 17, 1), (120, 17, 0)]


def test_a_cleared_wave_keeps_playing_and_a_new_one_overwrites_it(waves: Bench) -> None:
    """Follows gpioWaveClear."""
    waves.pi.wave_add_generic([pigpio.pulse(0, 0, 1_000), pigpio.pulse(G17, 0, 10)])
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(100)
    waves.pi.wave_clear()
    waves.pi.wave_add_generic([pigpio.pulse(0, 0, 1), pigpio.pulse(G18, 0, 10)])
    waves.pi.wave_create()
    waves.run_us(10_000)
    assert (waves.pi.read(17), waves.pi.read(18)) == (0, 1)


def test_one_pulse_sets_before_it_clears_so_both_gates_are_on(waves: Bench) -> None:
    """Follows wave2Cbs."""
    both = []
    waves.pins.subscribe(G17 | G18, lambda _, levels: both.append(levels & (G17 | G18)))
    waves.pi.wave_add_generic([pigpio.pulse(G17, 0, 100), pigpio.pulse(G18, G17, 100)])
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(1_000)
    assert both == [G17, G17 | G18, G18]


def test_the_same_bit_in_both_masks_glitches_high_and_ends_low(waves: Bench) -> None:
    """Follows wave2Cbs."""
    edges = waves.edges(17)
    waves.pi.wave_add_generic([pigpio.pulse(G17, G17, 100)])
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(1_000)
    assert edges == [(20, 17, 1), (20, 17, 0)]


def test_stop_leaves_the_gate_on(waves: Bench, blink: Blink) -> None:
    """Follows initKillDMA."""
    waves.pi.wave_send_once(blink(1_000))
    waves.run_us(100)
    waves.pi.wave_tx_stop()
    waves.run_us(1_000_000)
    assert waves.pi.read(17) == 1


def test_the_end_pointer_is_kept_at_a_natural_end_and_reset_by_stop_and_clear(
    waves: Bench, blink: Blink
) -> None:
    """Follows gpioWaveTxSend."""
    for forget in (waves.pi.wave_tx_stop, waves.pi.wave_clear):
        waves.pi.wave_clear()
        first, second = blink(100, 900, padded=5), blink(100, 900, padded=5)
        waves.pi.wave_send_using_mode(first, ONE_SHOT_SYNC)
        waves.run_us(5_000)
        # The tail of the first wave is still where a SYNC links: sending that wave later plays
        # both.
        waves.pi.wave_send_using_mode(second, ONE_SHOT_SYNC)
        waves.run_us(5_000)
        links = waves.daemon._waves._memory.links
        tail = waves.daemon._waves._slots.table[first].top
        assert links[tail] != -1
        forget()
        assert waves.daemon._waves._end_pointer is None


def test_modes_0_and_1_stop_a_running_wave_in_mid_pulse(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxSend."""
    running = blink(1_000)
    waves.pi.wave_add_generic([pigpio.pulse(G18, 0, 10), pigpio.pulse(0, G18, 0)])
    other = waves.pi.wave_create()
    edges = waves.edges(17, 18)
    waves.pi.wave_send_using_mode(running, ONE_SHOT_SYNC)
    waves.run_us(100)
    waves.pi.wave_send_once(other)
    waves.run_us(10_000)
    assert edges == [(20, 17, 1), (120, 18, 1), (130, 18, 0)]


def test_the_lead_in_of_20_us_comes_only_at_a_start_from_idle(waves: Bench, blink: Blink) -> None:
    """Follows wave2Cbs."""
    edges = waves.edges(17)
    for wave in [blink(100, 100, padded=5) for _ in range(3)]:
        waves.pi.wave_send_using_mode(wave, ONE_SHOT_SYNC)
    waves.run_us(10_000)
    assert rises(edges) == [20, 220, 420]


def test_the_first_send_takes_2_ms_to_start_the_clock(bench: Bench) -> None:
    """Follows initClock."""
    bench.outputs(17)
    bench.pi.wave_add_generic([pigpio.pulse(G17, 0, 10)])
    wave = bench.pi.wave_create()
    edges = bench.edges(17)
    bench.pi.wave_send_once(wave)
    bench.run_us(1_000)
    bench.pi.write(17, 0)
    bench.pi.wave_send_once(wave)
    bench.run_us(1_000)
    assert rises(edges) == [2_020, 3_020]


def test_a_wave_survives_its_client(waves: Bench, blink: Blink) -> None:
    """Follows closeOrphanedNotifications."""
    client = waves.client()
    client.wave_send_repeat(blink(100, 100))
    client.socket.close()
    edges = waves.edges(17)
    waves.run_us(10_000)
    assert len(edges) == 100


def test_a_looping_wave_survives_a_killed_daemon_and_a_finite_one_ends(
    waves: Bench, blink: Blink
) -> None:
    waves.pi.wave_send_repeat(blink(100, 100))
    waves.daemon.kill()
    edges = waves.edges(17)
    waves.run_us(1_000_000)
    assert len(edges) == 10_000
    # The next daemon knows nothing of it, and its first send takes over the channel.
    following = Daemon(waves.timeline, waves.pins, dma=waves.daemon.dma)
    waves.daemon = following
    client = waves.client()
    assert client.wave_tx_busy() == 1
    client.wave_add_generic([pigpio.pulse(0, G17, 10)])
    client.wave_send_once(client.wave_create())
    waves.run_us(1_000)
    assert client.wave_tx_busy() == 0


def test_a_wave_continues_while_the_daemon_is_stopped(waves: Bench, blink: Blink) -> None:
    waves.pi.wave_send_repeat(blink(100, 100))
    waves.daemon.stall(True)
    edges = waves.edges(17)
    waves.run_us(10_000)
    assert len(edges) == 100


def test_a_sync_repeat_plays_until_another_wave_follows(waves: Bench, blink: Blink) -> None:
    """Follows gpioWaveTxSend."""
    repeated, last = blink(100, 100, padded=5), blink(300, 0, padded=5)
    waves.pi.wave_send_using_mode(repeated, REPEAT_SYNC)
    waves.run_us(10_000)
    assert waves.pi.wave_tx_at() == repeated
    waves.pi.wave_send_using_mode(last, ONE_SHOT_SYNC)
    waves.run_us(1_000)
    assert waves.pi.wave_tx_at() == 9999


def test_a_wave_filling_its_padded_slot_loses_its_last_block(waves: Bench) -> None:
    """Follows wave2Cbs."""
    # 1 per cent is 238 blocks: lead-in, then 237 for pulses, none left for the sentinel.
    pulses = [pigpio.pulse(G17, 0, 1), pigpio.pulse(0, G17, 1)] * 59
    waves.pi.wave_add_generic([*pulses, pigpio.pulse(G18, 0, 0)])
    wave = waves.pi.wave_create_and_pad(1)
    waves.pi.wave_send_once(wave)
    waves.run_us(10_000)
    assert waves.pi.read(18) == 0


def test_a_slow_wave_clock_stretches_delays_but_not_ticks(waves: Bench, blink: Blink) -> None:
    waves.daemon.set_wave_clock(1_130_000)
    edges = waves.edges(17)
    start = waves.pi.get_current_tick()
    waves.pi.wave_send_once(blink(1_000))
    waves.run_us(10_000)
    assert edges == [(22, 17, 1), (1_152, 17, 0)]
    assert pigpio.tickDiff(start, waves.pi.get_current_tick()) == 10_000


def test_every_edge_is_on_its_planned_microsecond(waves: Bench) -> None:
    plan = [(1 + index * 7 % 400, 1 + index * 13 % 900) for index in range(400)]
    pulses = []
    for high_us, low_us in plan:
        pulses += [pigpio.pulse(G17, 0, high_us), pigpio.pulse(0, G17, low_us)]
    waves.pi.wave_add_generic(pulses)
    edges = waves.edges(17)
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(1_000_000)
    expected, at = [], 20
    for high_us, low_us in plan:
        expected += [(at, 17, 1), (at + high_us, 17, 0)]
        at += high_us + low_us
    assert edges == expected


def test_hardware_pwm_stops_a_wave(waves: Bench, blink: Blink) -> None:
    """Follows gpioHardwarePWM."""
    waves.pi.wave_send_repeat(blink(100, 100))
    assert waves.pi.hardware_PWM(12, 800, 250_000) == 0
    assert waves.pi.wave_tx_busy() == 0


def test_two_clients_share_one_pending_wave(waves: Bench) -> None:
    """Follows rawWaveAddGeneric."""
    other = waves.client()
    waves.pi.wave_add_generic([pigpio.pulse(G17, 0, 100)])
    assert other.wave_add_generic([pigpio.pulse(0, 0, 50), pigpio.pulse(G18, 0, 100)]) == 2
    other.wave_add_new()
    assert waves.pi.wave_create() == pigpio.PI_EMPTY_WAVEFORM


def test_a_list_without_any_delay_does_not_hang_the_board(waves: Bench) -> None:
    waves.pi.wave_add_generic([pigpio.pulse(G17, 0, 0), pigpio.pulse(0, G17, 0)])
    waves.pi.wave_send_repeat(waves.pi.wave_create())
    waves.run_us(10_000)
    assert waves.pi.wave_tx_busy() == 1
    waves.pi.wave_tx_stop()
    assert waves.pi.wave_tx_busy() == 0
