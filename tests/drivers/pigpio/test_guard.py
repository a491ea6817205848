"""The guard script inside the board's daemon, in board time: polling, trips, latch, counters."""

import pytest

from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.virtual.pigpiod.scripts.script_code import FIRST_VARIABLE
from tests.drivers.bench import Bench, a_slice, guard_number

SILENCE, ESTOP = 2, 1
PROC, PROCD, PROCR = 38, 39, 40
POLLS = 3
"""The guard's variable that counts polls."""


@pytest.fixture
def guarded(bench: Bench) -> Bench:
    bench.pulses.start_guard()
    return bench


def stray(bench: Bench) -> StreamClient:
    """Return a second client, standing for whatever a dead engine left behind."""
    return StreamClient(bench.pulses._client._connect)


def loop_for_ever(bench: Bench) -> None:
    """Play a wave without end from a second client."""
    client = stray(bench)
    client.wave_add_new()
    client.add_pulses(bench.pulses._build.slice_pulses(a_slice(pulses=3)))
    client.wave_send_repeat(client.wave_create())


def memory(bench: Bench) -> list[int]:
    """Return the guard's variables inside the daemon, which no client can reach."""
    script = bench.board.daemon._scripts._slots[guard_number(bench)]
    assert script is not None
    return script.program.memory


def last_edge_us(bench: Bench) -> int:
    return bench.gate_edges()[-1][0]


@pytest.mark.proves("guard-estop")
def test_the_guard_polls_about_every_millisecond(guarded: Bench) -> None:
    before = guarded.pulses.guard_status()
    for _ in range(10):
        guarded.wait(10_000)
        guarded.pulses.refresh_guard()
    after = guarded.pulses.guard_status()
    assert (after.running, after.tripped) == (True, 0)
    assert 85 <= after.alive - before.alive <= 101


@pytest.mark.proves("guard-silence")
def test_silence_stops_a_looping_wave_within_100_ms(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.wait(40_000)
    guarded.pulses.refresh_guard()
    silent_us = guarded.now_us
    guarded.wait(500_000)
    assert 80_000 <= last_edge_us(guarded) - silent_us <= 100_000
    assert guarded.gates_on() == []
    assert guarded.pulses.guard_status().tripped == SILENCE


@pytest.mark.proves("guard-silence")
def test_a_refreshed_guard_does_not_stop_the_output(guarded: Bench) -> None:
    loop_for_ever(guarded)
    for _ in range(20):
        guarded.wait(70_000)
        guarded.pulses.refresh_guard()
    assert last_edge_us(guarded) >= guarded.now_us - 25_000
    assert guarded.pulses.guard_status().tripped == 0


@pytest.mark.proves("guard-silence")
def test_the_silence_timer_runs_from_the_start_not_from_the_first_refresh(bench: Bench) -> None:
    bench.pulses.start_guard()
    loop_for_ever(bench)
    bench.wait(100_000)
    assert bench.pulses.guard_status().tripped == SILENCE


@pytest.mark.proves("guard-estop")
def test_the_e_stop_stops_the_output_in_under_5_ms(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.wait(30_000)
    guarded.pulses.refresh_guard()
    pressed_us = guarded.now_us
    guarded.board.fault_set("estop")
    guarded.wait(50_000)
    assert last_edge_us(guarded) - pressed_us < 5_000
    assert guarded.pulses.guard_status().tripped == ESTOP


@pytest.mark.proves("guard-latch")
def test_a_refresh_after_the_trip_does_not_clear_it(guarded: Bench) -> None:
    guarded.wait(100_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    loop_for_ever(guarded)
    for _ in range(10):
        guarded.pulses.refresh_guard()
        guarded.wait(10_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    assert all(at < guarded.now_us - 90_000 for at, *_ in guarded.gate_edges())
    assert guarded.gates_on() == []


@pytest.mark.proves("guard-latch")
def test_no_client_can_write_the_latch(guarded: Bench) -> None:
    guarded.wait(100_000)
    guarded.pulses._client.update_script(guard_number(guarded), (1, 0, 0))
    guarded.wait(5_000)
    assert guarded.pulses.guard_status().tripped == SILENCE
    guarded.edges.clear()
    loop_for_ever(guarded)
    guarded.wait(100_000)
    assert len(guarded.gate_edges()) <= 4


@pytest.mark.proves("guard-latch")
def test_releasing_the_e_stop_does_not_clear_the_trip(guarded: Bench) -> None:
    guarded.board.fault_set("estop")
    guarded.wait(5_000)
    guarded.board.fault_clear("estop")
    for _ in range(10):
        guarded.pulses.refresh_guard()
        guarded.wait(10_000)
    assert guarded.pulses.guard_status().tripped == ESTOP


@pytest.mark.proves_none
def test_starting_a_new_guard_clears_the_old_ones_trip(guarded: Bench) -> None:
    guarded.wait(100_000)
    guarded.pulses.start_guard()
    assert guarded.pulses.guard_status().tripped == 0
    guarded.pulses.refresh_guard()
    guarded.begin(a_slice(1))
    guarded.wait(20_000)
    assert len(guarded.gate_edges()) == 8


@pytest.mark.proves("guard-estop", "guard-silence")
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


@pytest.mark.proves("guard-silence")
def test_the_guard_continues_after_the_engine_disconnects(guarded: Bench) -> None:
    loop_for_ever(guarded)
    guarded.pulses._client.stop()
    guarded.pulses._reports.close()
    guarded.wait(200_000)
    before = len(guarded.edges)
    guarded.wait(200_000)
    assert len(guarded.edges) == before
    assert guarded.gates_on() == []


@pytest.mark.proves("guard-estop")
def test_an_e_stop_pressed_at_the_start_trips_at_once(bench: Bench) -> None:
    bench.board.fault_set("estop")
    bench.pulses.start_guard()
    bench.wait(5_000)
    assert bench.pulses.guard_status().tripped == ESTOP


@pytest.mark.proves("guard-watched")
def test_a_guard_that_was_not_started_reports_that_it_does_not_run(bench: Bench) -> None:
    assert bench.pulses.guard_status() == (False, 0, 0)
    bench.pulses.refresh_guard()


@pytest.mark.proves("guard-watched")
def test_a_guard_that_another_client_deleted_is_reported_as_not_running(guarded: Bench) -> None:
    stray(guarded).delete_script(guard_number(guarded))
    guarded.wait(10_000)
    assert not guarded.pulses.guard_status().running
    with pytest.raises(DaemonRefused):
        guarded.pulses.refresh_guard()


@pytest.mark.proves("guard-latch")
@pytest.mark.parametrize("parameters", [(), (7,), (7, 7)])
def test_stopping_and_running_the_script_again_does_not_clear_a_trip(
    bench: Bench, parameters: tuple[int, ...]
) -> None:
    """Hazard: a client that starts the script again gets a guard without its trip."""
    bench.pulses.start_guard()
    bench.wait(100_000)
    assert bench.pulses.guard_status().tripped == SILENCE
    client = stray(bench)
    client.stop_script(guard_number(bench))
    bench.wait(3_000)
    assert not bench.pulses.guard_status().running
    client.run_script(guard_number(bench), parameters)
    bench.wait(3_000)
    assert bench.pulses.guard_status()[::2] == (True, SILENCE)
    bench.edges.clear()
    loop_for_ever(bench)
    bench.wait(100_000)
    assert len(bench.gate_edges()) <= 4
    assert bench.gates_on() == []


@pytest.mark.proves("guard-latch")
def test_running_a_running_guard_script_changes_nothing(bench: Bench) -> None:
    bench.pulses.start_guard()
    bench.wait(100_000)
    client = stray(bench)
    client.run_script(guard_number(bench), (99, 0, 0))
    bench.wait(3_000)
    assert bench.pulses.guard_status()[::2] == (True, SILENCE)


@pytest.mark.proves_none
def test_a_new_guard_after_a_trip_is_not_tripped(bench: Bench) -> None:
    bench.pulses.start_guard()
    bench.wait(100_000)
    bench.pulses.start_guard()
    bench.wait(20_000)
    assert bench.pulses.guard_status()[::2] == (True, 0)


@pytest.mark.proves("guard-silence")
@pytest.mark.parametrize("wraps_at", [1 << 31, 1 << 32])
def test_a_refreshed_guard_does_not_trip_while_the_tick_counter_wraps(wraps_at: int) -> None:
    """Hazard: the 32-bit microsecond counter wraps every 72 min, and is negative for half of it."""
    bench = Bench()
    bench.board.timeline.now_ns = (wraps_at - 200_000) * 1_000
    bench.prepare()
    bench.pulses.start_guard()
    loop_for_ever(bench)
    for _ in range(8):
        bench.wait(50_000)
        bench.pulses.refresh_guard()
        assert bench.pulses.guard_status().tripped == 0
    assert bench.now_us > wraps_at + 150_000
    bench.board.close()


@pytest.mark.proves("guard-silence")
@pytest.mark.parametrize("wraps_at", [1 << 31, 1 << 32])
@pytest.mark.parametrize("before_us", [10_000, 50_000, 79_000])
def test_silence_across_a_wrap_of_the_counter_trips(wraps_at: int, before_us: int) -> None:
    bench = Bench()
    bench.board.timeline.now_ns = (wraps_at - 50_000 - before_us) * 1_000
    bench.prepare()
    bench.pulses.start_guard()
    bench.wait(wraps_at - before_us - bench.now_us)
    loop_for_ever(bench)
    bench.pulses.refresh_guard()
    silent_us = bench.now_us
    bench.wait(300_000)
    assert 70_000 <= bench.gate_edges()[-1][0] - silent_us <= 100_000
    assert bench.pulses.guard_status().tripped == SILENCE
    bench.board.close()


@pytest.mark.proves("guard-watched")
@pytest.mark.parametrize("count", [(1 << 31) - 5, -5])
@pytest.mark.parametrize("tripped", [False, True])
def test_the_alive_counter_wraps_and_keeps_counting(
    bench: Bench, count: int, tripped: bool
) -> None:
    """At one poll each millisecond it turns negative after 25 days, and is zero again after 50."""
    bench.pulses.start_guard()
    if tripped:
        bench.wait(100_000)
    memory(bench)[FIRST_VARIABLE + POLLS] = count
    seen = []
    for _ in range(10):
        bench.wait(1_500)
        if not tripped:
            bench.pulses.refresh_guard()
        seen.append(bench.pulses.guard_status())
    assert all(0 <= status.alive < 1 << 31 for status in seen)
    assert len({status.alive for status in seen}) == len(seen)
    assert seen[-1].alive < 100
    assert {status.tripped for status in seen} == {SILENCE if tripped else 0}


@pytest.mark.proves("guard-estop")
def test_an_e_stop_ends_a_looping_wave_while_the_engine_keeps_refreshing(bench: Bench) -> None:
    """Hazard: an engine that runs but does not read its inputs."""
    bench.pulses.start_guard()
    loop_for_ever(bench)
    bench.wait(30_000)
    bench.pulses.refresh_guard()
    pressed_us = bench.now_us
    bench.board.fault_set("estop-wire=sense")
    for _ in range(20):
        bench.wait(5_000)
        bench.pulses.refresh_guard()
    assert bench.gate_edges()[-1][0] - pressed_us < 5_000
    assert bench.pulses.guard_status().tripped == ESTOP


@pytest.mark.proves("guard-latch")
def test_a_tripped_guard_clears_gates_and_stops_waves_every_millisecond(bench: Bench) -> None:
    """Hazard: a wave that is sent again after the trip plays until the next poll."""
    bench.pulses.start_guard()
    bench.wait(100_000)
    for _ in range(30):
        bench.edges.clear()
        loop_for_ever(bench)
        began_us = bench.now_us
        bench.wait(20_000)
        assert bench.gates_on() == []
        assert all(at - began_us < 1_200 for at, *_ in bench.gate_edges())
