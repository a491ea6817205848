"""Reports, watchdogs, filters and events as a client receives them."""

import struct
from typing import NamedTuple

import pytest

from drivers.virtual.pigpiod.session import ClientSession
from tests.drivers.virtual.pigpiod.bench import Bench

NB, NP, NC, NO, NOIB, EVM = 19, 20, 21, 18, 99, 115


class Report(NamedTuple):
    sequence: int
    flags: int
    tick: int
    level: int


class Listener:
    """Turns a session into a stream of reports by NOIB."""

    def __init__(self, bench: Bench, bits: int = 0) -> None:
        self.bench = bench
        self.session: ClientSession = bench.daemon.connect()
        self.session.feed(struct.pack("<IIII", NOIB, 0, 0, 0))
        self.handle = struct.unpack("<IIIi", self.session.take_output())[3]
        if bits:
            assert bench.send(NB, self.handle, bits) == 0
            bench.run_us(2_000)
            self.session.take_output()

    def reports(self) -> list[Report]:
        return [
            Report(*fields) for fields in struct.iter_unpack("<HHII", self.session.take_output())
        ]


def test_a_change_is_reported_with_its_tick_and_all_levels(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    bench.run_us(123)
    bench.pins.drive(6, 1)
    at_us = bench.timeline.now_us
    bench.pins.drive(5, 0)
    bench.run_us(3_000)
    (report,) = listener.reports()
    assert report.tick == -(-at_us // 5) * 5
    assert (report.sequence, report.flags) == (0, 0)
    assert (report.level >> 5 & 1, report.level >> 6 & 1) == (0, 1)


def test_only_requested_gpio_are_reported(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    bench.pins.drive(6, 0)
    bench.run_us(3_000)
    assert listener.reports() == []


def test_an_edge_just_before_the_request_is_still_reported(bench: Bench) -> None:
    bench.run_us(10_100)
    bench.pi.set_pull_up_down(9, 2)
    at_us = bench.timeline.now_us
    bench.run_us(300)
    listener = Listener(bench)
    bench.send(NB, listener.handle, 1 << 9)
    bench.run_us(2_000)
    (report,) = listener.reports()
    assert (report.tick, report.level >> 9 & 1) == (at_us, 1)


def test_an_edge_long_before_the_request_is_not_reported(bench: Bench) -> None:
    bench.pi.set_pull_up_down(9, 2)
    bench.run_us(10_000)
    listener = Listener(bench)
    bench.send(NB, listener.handle, 1 << 9)
    bench.run_us(5_000)
    assert listener.reports() == []


def test_reports_come_in_batches_of_about_a_millisecond(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    batches = []
    listener.session.on_output = lambda: batches.append(bench.timeline.now_us)
    bench.run_us(100)
    for level in (0, 1, 0):
        bench.pins.drive(5, level)
        bench.run_us(100)
    bench.run_us(3_000)
    assert len(batches) == 1
    assert len(listener.reports()) == 3


def test_a_pulse_between_two_samples_vanishes(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    bench.run_us(1)
    bench.pins.drive(5, 0)
    bench.run_us(3)
    bench.pins.drive(5, 1)
    bench.run_us(3_000)
    assert listener.reports() == []


def test_the_sequence_counts_and_wraps(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    listener.bench.daemon._alerts.reports._handles[listener.handle].sequence = 0xFFFE
    for level in (0, 1, 0, 1):
        bench.pins.drive(5, level)
        bench.run_us(10)
    bench.run_us(3_000)
    assert [report.sequence for report in listener.reports()] == [0xFFFE, 0xFFFF, 0, 1]


def test_many_changes_in_one_millisecond_are_all_reported(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    for index in range(1_000):
        bench.pins.drive(5, index & 1)
        bench.run_us(5)
    bench.run_us(3_000)
    reports = listener.reports()
    assert [report.sequence for report in reports] == list(range(len(reports)))
    assert len(reports) in (999, 1_000)


def test_a_33rd_handle_is_refused(bench: Bench) -> None:
    listeners = [Listener(bench) for _ in range(33)]
    assert [listener.handle for listener in listeners] == [*range(32), -24]


def test_a_closed_handle_is_free_after_the_next_run_of_the_alert_thread(bench: Bench) -> None:
    """Follows gpioNotifyClose."""
    listeners = [Listener(bench) for _ in range(32)]
    assert bench.send(NC, listeners[3].handle) == 0
    assert bench.send(NO) == -24
    bench.run_us(2_000)
    assert bench.send(NO) == 3


def test_a_client_that_disconnects_closes_only_its_own_handles(bench: Bench) -> None:
    """Follows closeOrphanedNotifications."""
    gone, stays = Listener(bench, 1 << 5), Listener(bench, 1 << 5)
    gone.session.close()
    bench.pins.drive(5, 0)
    bench.run_us(3_000)
    assert len(stays.reports()) == 1
    assert bench.send(NB, gone.handle, 1) == -25


def test_a_second_noib_on_one_session_replaces_the_first(bench: Bench) -> None:
    listener = Listener(bench)
    listener.session.feed(struct.pack("<IIII", NOIB, 0, 0, 0))
    assert struct.unpack("<IIIi", listener.session.take_output())[3] == 1
    assert bench.send(NB, listener.handle, 1) == -25


def test_unknown_handles_are_refused(bench: Bench) -> None:
    for command in (NB, NP, NC, EVM):
        assert bench.send(command, 0) == -25
        assert bench.send(command, 32) == -25


def test_a_paused_handle_gets_no_reports(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    assert bench.send(NP, listener.handle) == 0
    bench.pins.drive(5, 0)
    bench.run_us(3_000)
    assert listener.reports() == []


def test_a_handle_without_changes_gets_a_keep_alive_every_60_s(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    bench.run_us(59_000_000)
    assert listener.reports() == []
    bench.run_us(2_000_000)
    assert [report.flags for report in listener.reports()] == [1 << 6]
    bench.run_us(61_000_000)
    assert len(listener.reports()) == 1


def test_a_watchdog_reports_each_timeout_and_a_change_postpones_it(bench: Bench) -> None:
    listener = Listener(bench, 1 << 9)
    bench.pi.set_watchdog(9, 10)
    bench.run_us(35_000)
    assert [report.flags for report in listener.reports()] == [1 << 5 | 9] * 3
    for level in (1, 0) * 10:
        bench.pins.drive(9, level)
        bench.run_us(5_000)
    assert {report.flags for report in listener.reports()} == {0}
    bench.pi.set_watchdog(9, 0)
    bench.run_us(50_000)
    assert listener.reports() == []


def test_a_watchdog_reports_only_to_handles_that_monitor_its_gpio(bench: Bench) -> None:
    listener = Listener(bench, 1 << 6)
    bench.pi.set_watchdog(5, 10)
    bench.run_us(50_000)
    assert listener.reports() == []


def test_a_glitch_filter_delays_edges_and_drops_short_ones(bench: Bench) -> None:
    """Follows alertGlitchFilter."""
    listener = Listener(bench, 1 << 5)
    assert bench.pi.set_glitch_filter(5, 1_000) == 0
    bench.run_us(5_000)
    bench.pins.drive(5, 0)
    bench.run_us(500)
    bench.pins.drive(5, 1)
    bench.run_us(5_000)
    assert listener.reports() == []
    at_us = bench.timeline.now_us
    bench.pins.drive(5, 0)
    bench.run_us(5_000)
    (report,) = listener.reports()
    assert 1_000 <= report.tick - at_us <= 1_005
    assert bench.pi.read(5) == 0


def test_a_filter_does_not_change_the_level_that_read_returns(bench: Bench) -> None:
    bench.pi.set_glitch_filter(5, 300_000)
    bench.pins.drive(5, 0)
    assert bench.pi.read(5) == 0


def test_a_noise_filter_enables_reports_after_quiet_and_disables_them_again(bench: Bench) -> None:
    """Follows alertNoiseFilter."""
    bench.pins.drive(9, 0)
    listener = Listener(bench, 1 << 9)
    assert bench.pi.set_noise_filter(9, 1_000, 5_000) == 0
    bench.run_us(10_000)
    bench.pins.drive(9, 1)
    bench.run_us(1_000)
    bench.pins.drive(9, 0)
    bench.run_us(1_000)
    opened = listener.reports()
    assert [report.level >> 9 & 1 for report in opened] == [1, 0]
    bench.run_us(4_000)
    for level in (1, 0, 1, 0):
        bench.pins.drive(9, level)
        bench.run_us(500)
    bench.run_us(20_000)
    # The first change after 1 ms of quiet enables reports again; chatter before it is hidden.
    assert len(listener.reports()) in (4, 5)


def test_noise_without_quiet_is_never_reported(bench: Bench) -> None:
    listener = Listener(bench, 1 << 9)
    bench.pi.set_noise_filter(9, 10_000, 5_000)
    for index in range(40):
        bench.pins.drive(9, index & 1)
        bench.run_us(500)
    assert listener.reports() == []


def test_events_reach_the_handles_that_monitor_them(bench: Bench) -> None:
    listener = Listener(bench)
    bench.send(EVM, listener.handle, 1 << 12)
    bench.send(116, 12)
    bench.send(116, 13)
    bench.run_us(2_000)
    assert [report.flags for report in listener.reports()] == [1 << 7 | 12]


def test_edges_of_a_wave_are_reported_within_the_sampling_step(waves: Bench) -> None:
    import pigpio

    listener = Listener(waves, 1 << 17)
    waves.pi.wave_add_generic([pigpio.pulse(1 << 17, 0, 203), pigpio.pulse(0, 1 << 17, 0)])
    waves.pi.wave_send_once(waves.pi.wave_create())
    waves.run_us(3_000)
    rise, fall = listener.reports()
    assert fall.tick - rise.tick in (200, 205)


@pytest.mark.parametrize(
    ("command", "words", "code"),
    [
        (9, (32, 10), -2), (9, (4, 60_001), -15), (97, (32, 1), -2), (97, (4, 300_001), -125),
        (98, (32, 1, 1), -2), (98, (4, 300_001, 1), -125), (98, (4, 1, 1_000_001), -125),
        (116, (32, 0), -143),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(
    bench: Bench, command: int, words: tuple[int, ...], code: int
) -> None:
    extension = b"".join(word.to_bytes(4, "little") for word in words[2:])
    assert bench.send(command, words[0], words[1], extension) == code


def test_a_stopped_daemon_loses_changes_that_its_ring_has_overwritten(bench: Bench) -> None:
    listener = Listener(bench, 1 << 5)
    bench.daemon.stall(True)
    for level in (0, 1):
        bench.pins.drive(5, level)
        bench.run_us(1_000)
    bench.run_us(500_000)
    bench.pins.drive(5, 0)
    bench.run_us(10_000)
    assert listener.reports() == []
    bench.daemon.stall(False)
    bench.run_us(2_000)
    assert len(listener.reports()) == 1


def test_ticks_wrap_at_32_bits() -> None:
    from drivers.virtual.pigpiod.daemon import Daemon

    bench = Bench()
    bench.daemon = Daemon(bench.timeline, bench.pins, tick_us=2**32 - 10_000)
    listener = Listener(bench, 1 << 5)
    bench.run_us(10_000)
    bench.pins.drive(5, 0)
    at_us = bench.timeline.now_us
    bench.run_us(2_000)
    (report,) = listener.reports()
    assert report.tick == at_us - 10_000
