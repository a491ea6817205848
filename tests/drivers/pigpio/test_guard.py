"""The guard script inside the board's daemon, in board time."""

import pytest

from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from tests.drivers.bench import Bench, a_slice

pytestmark = pytest.mark.proves("guard-estop", "guard-silence", "guard-latch")

SILENCE, ESTOP = 2, 1
PROC, PROCD, PROCR = 38, 39, 40


@pytest.fixture
def guarded(bench: Bench) -> Bench:
    bench.pulses.start_guard()
    return bench


def stray(bench: Bench) -> StreamClient:
    """Return a second client, for what a dead engine left behind."""
    return StreamClient(bench.pulses._client._connect)


def loop_for_ever(bench: Bench) -> None:
    """Play a wave that only somebody else can stop."""
    client = stray(bench)
    client.wave_add_new()
    client.add_pulses(bench.pulses._build.slice_pulses(a_slice(pulses=3)))
    client.wave_send_repeat(client.wave_create())


def last_edge_us(bench: Bench) -> int:
    return bench.gate_edges()[-1][0]


def test_it_polls_about_every_millisecond(guarded: Bench) -> None:
    before = guarded.pulses.guard_status()
    for _ in range(10):
        guarded.wait(10_000)
        guarded.pulses.refresh_guard()
    after = guarded.pulses.guard_status()
    assert (after.running, after.tripped) == (True, 0)
    assert 85 <= after.alive - before.alive <= 101


def test_silence_takes_a_looping_wave_off_within_100_ms(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.wait(40_000)
    guarded.pulses.refresh_guard()
    silent_us = guarded.now_us
    guarded.wait(500_000)
    assert 80_000 <= last_edge_us(guarded) - silent_us <= 100_000
    assert guarded.gates_on() == []
    assert guarded.pulses.guard_status().tripped == SILENCE


def test_a_refreshed_guard_lets_the_stream_be(guarded: Bench) -> None:
    loop_for_ever(guarded)
    for _ in range(20):
        guarded.wait(70_000)
        guarded.pulses.refresh_guard()
    assert last_edge_us(guarded) >= guarded.now_us - 25_000
    assert guarded.pulses.guard_status().tripped == 0


def test_the_silence_timer_runs_from_the_start_not_from_the_first_refresh(bench: Bench) -> None:
    bench.pulses.start_guard()
    loop_for_ever(bench)
    bench.wait(100_000)
    assert bench.pulses.guard_status().tripped == SILENCE


def test_the_e_stop_takes_output_off_in_under_5_ms(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.wait(30_000)
    guarded.pulses.refresh_guard()
    pressed_us = guarded.now_us
    guarded.board.fault_set("estop")
    guarded.wait(50_000)
    assert last_edge_us(guarded) - pressed_us < 5_000
    assert guarded.pulses.guard_status().tripped == ESTOP


def test_a_refresh_after_the_trip_does_not_revive_it(guarded: Bench) -> None:
    guarded.wait(100_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    loop_for_ever(guarded)
    for _ in range(10):
        guarded.pulses.refresh_guard()
        guarded.wait(10_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    assert all(at < guarded.now_us - 90_000 for at, *_ in guarded.gate_edges())
    assert guarded.gates_on() == []


def test_no_client_can_write_the_latch(guarded: Bench) -> None:
    guarded.wait(100_000)
    identity = guarded.pulses._guard._id
    assert identity is not None
    guarded.pulses._client.update_script(identity, (1, 0, 0))
    guarded.wait(5_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    guarded.edges.clear()
    loop_for_ever(guarded)
    guarded.wait(100_000)
    assert len(guarded.gate_edges()) <= 4


def test_releasing_the_e_stop_does_not_revive_it(guarded: Bench) -> None:
    guarded.board.fault_set("estop")
    guarded.wait(5_000)
    guarded.board.fault_clear("estop")
    for _ in range(10):
        guarded.pulses.refresh_guard()
        guarded.wait(10_000)
    assert guarded.pulses.guard_status().tripped == ESTOP


def test_starting_a_new_guard_clears_the_old_ones_trip(guarded: Bench) -> None:
    guarded.wait(100_000)
    guarded.pulses.start_guard()
    assert guarded.pulses.guard_status().tripped == 0
    guarded.pulses.refresh_guard()
    guarded.begin(a_slice(1))
    guarded.wait(20_000)
    assert len(guarded.gate_edges()) == 8


def test_a_new_guard_runs_before_every_other_script_is_deleted(guarded: Bench) -> None:
    client = stray(guarded)
    other = client.store_script("tag 1 mils 5 jmp 1")
    guarded.wait(1_000)
    client.run_script(other)
    guarded.requests.clear()
    guarded.pulses.start_guard()
    commands = [command for command, _ in guarded.requests]
    assert commands.index(PROC) < commands.index(PROCR) < commands.index(PROCD)
    left = [script for script in range(32) if client.script_status(script)[0] >= 0]
    assert left == [guarded.pulses._guard._id]


def test_it_outlives_the_engines_connection(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.pulses._client.stop()
    guarded.pulses._reports.close()
    guarded.wait(200_000)
    before = len(guarded.edges)
    guarded.wait(200_000)
    assert len(guarded.edges) == before
    assert guarded.gates_on() == []


def test_an_e_stop_pressed_at_the_start_trips_at_once(bench: Bench) -> None:
    bench.board.fault_set("estop")
    bench.pulses.start_guard()
    bench.wait(5_000)
    assert bench.pulses.guard_status().tripped == ESTOP


def test_before_it_is_started_it_says_it_does_not_run(bench: Bench) -> None:
    assert bench.pulses.guard_status() == (False, 0, 0)
    bench.pulses.refresh_guard()


def test_a_guard_that_somebody_deleted_is_seen(guarded: Bench) -> None:
    identity = guarded.pulses._guard._id
    assert identity is not None
    stray(guarded).delete_script(identity)
    guarded.wait(10_000)
    assert not guarded.pulses.guard_status().running
    with pytest.raises(DaemonRefused):
        guarded.pulses.refresh_guard()
