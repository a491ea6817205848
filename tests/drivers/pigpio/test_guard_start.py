"""The guard against what is left in the daemon, against clients, and against counters that wrap."""

from pathlib import Path

import pytest

from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pigpiod.scripts.script_code import FIRST_VARIABLE
from drivers.virtual.pigpiod.transport import InProcessSocket
from tests.drivers.bench import Bench, a_slice
from tests.support.clinic import open_clinic

pytestmark = pytest.mark.proves("guard-latch", "guard-silence")

SILENCE, ESTOP = 2, 1
SLOTS = 32
BUSY = "tag 1 mils 1 jmp 1"
ASLEEP = "tag 1 mils 60000 jmp 1"
HALTED = "mils 1"
PROC, PROCD, PROCR = 38, 39, 40
POLLS = 3
"""The guard's variable that counts polls."""


def fill(bench: Bench, text: str, count: int = SLOTS) -> StreamClient:
    """Take that many slots, as engines that died might have."""
    client = StreamClient(bench.pulses._client._connect)
    for _ in range(count):
        bench.wait(100)
        number = client.store_script(text)
        bench.wait(100)
        client.run_script(number)
    bench.wait(5_000)
    return client


def scripts(client: StreamClient) -> list[int]:
    return [number for number in range(SLOTS) if client.script_status(number)[0] >= 0]


def own(bench: Bench) -> int:
    number = bench.pulses._guard._id
    assert number is not None
    return number


def memory(bench: Bench) -> list[int]:
    """Return the guard's memory inside the daemon, which no client reaches."""
    script = bench.board.daemon._scripts._slots[own(bench)]
    assert script is not None
    return script.program.memory


def loop_for_ever(bench: Bench) -> None:
    client = StreamClient(bench.pulses._client._connect)
    client.wave_add_new()
    client.add_pulses(bench.pulses._build.slice_pulses(a_slice(pulses=3)))
    client.wave_send_repeat(client.wave_create())


@pytest.mark.parametrize("text", [BUSY, HALTED])
def test_it_finds_room_where_others_took_every_slot(bench: Bench, text: str) -> None:
    """Hazard: no guard at all, because dead engines left thirty-two."""
    client = fill(bench, text)
    assert len(scripts(client)) == SLOTS
    bench.pulses.start_guard()
    assert bench.pulses.guard_status().running
    assert scripts(client) == [own(bench)]


def test_it_takes_a_slot_that_does_nothing_before_one_that_runs(bench: Bench) -> None:
    client = fill(bench, BUSY, 4)
    fill(bench, HALTED, 1)
    fill(bench, BUSY, SLOTS - 5)
    bench.requests.clear()
    bench.pulses.start_guard()
    commands = [command for command, _ in bench.requests]
    stored = len(commands) - commands[::-1].index(PROC)
    assert [number for command, number in bench.requests[:stored] if command == PROCD] == [4]
    assert scripts(client) == [4]


def test_where_all_run_the_first_goes_on_until_the_new_guard_polls(bench: Bench) -> None:
    """Hazard: a moment without any guard; the first script is the likeliest to be an old one."""
    fill(bench, BUSY)
    bench.requests.clear()
    bench.pulses.start_guard()
    commands = [command for command, _ in bench.requests]
    assert bench.requests.index((PROCD, 0)) > len(commands) - commands[::-1].index(PROCR)


def test_where_all_sleep_there_is_no_guard_and_nobody_waits_a_minute(bench: Bench) -> None:
    fill(bench, ASLEEP)
    began_us = bench.now_us
    with pytest.raises(DaemonRefused, match="no more room"):
        bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000
    bench.wait(61_000_000)
    bench.pulses.start_guard()
    assert bench.pulses.guard_status().running


def test_thirty_one_running_scripts_are_gone_within_a_control_tick(bench: Bench) -> None:
    """Hazard: to delete them one by one takes 5 ms each, and the engine is late."""
    fill(bench, BUSY, SLOTS - 1)
    began_us = bench.now_us
    bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000


def test_a_script_that_sleeps_for_a_minute_holds_nobody_up_and_never_wakes(bench: Bench) -> None:
    client = fill(bench, ASLEEP, 1)
    began_us = bench.now_us
    bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000
    for _ in range(1_300):
        bench.wait(50_000)
        bench.pulses.refresh_guard()
    assert client.script_status(0)[0] == 1  # halted
    bench.pulses.start_guard()
    assert scripts(client) == [own(bench)]


def test_an_engine_starts_on_a_daemon_full_of_scripts(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        fill_board(clinic.board)
        clinic.unlock()
        assert clinic.state == "Ready"
        clinic.treat(level_ua=2_000)


def fill_board(board: VirtualBoard) -> None:
    """Take every slot of a board's daemon."""
    client = StreamClient(lambda: InProcessSocket(board.daemon.connect()))
    while len(scripts(client)) < SLOTS:
        number = client.store_script(BUSY)
        board.advance_to_us(board.now_us + 100)
        client.run_script(number)


@pytest.mark.parametrize("parameters", [(), (7,), (7, 7)])
def test_to_stop_and_run_it_again_does_not_revive_it(
    bench: Bench, parameters: tuple[int, ...]
) -> None:
    """Hazard: a client that starts the script anew gets a guard that has forgotten its trip."""
    bench.pulses.start_guard()
    bench.wait(100_000)
    assert bench.pulses.guard_status().tripped == SILENCE
    client = StreamClient(bench.pulses._client._connect)
    client.stop_script(own(bench))
    bench.wait(3_000)
    assert not bench.pulses.guard_status().running
    client.run_script(own(bench), parameters)
    bench.wait(3_000)
    assert bench.pulses.guard_status()[::2] == (True, SILENCE)
    bench.edges.clear()
    loop_for_ever(bench)
    bench.wait(100_000)
    assert len(bench.gate_edges()) <= 4
    assert bench.gates_on() == []


def test_to_run_it_while_it_runs_changes_nothing(bench: Bench) -> None:
    bench.pulses.start_guard()
    bench.wait(100_000)
    client = StreamClient(bench.pulses._client._connect)
    client.run_script(own(bench), (99, 0, 0))
    bench.wait(3_000)
    assert bench.pulses.guard_status()[::2] == (True, SILENCE)


def test_a_fresh_guard_after_a_trip_starts_untripped(bench: Bench) -> None:
    bench.pulses.start_guard()
    bench.wait(100_000)
    bench.pulses.start_guard()
    bench.wait(20_000)
    assert bench.pulses.guard_status()[::2] == (True, 0)


@pytest.mark.parametrize("wraps_at", [1 << 31, 1 << 32])
def test_silence_is_timed_right_while_the_tick_counter_wraps(wraps_at: int) -> None:
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


@pytest.mark.parametrize("count", [(1 << 31) - 5, -5])
@pytest.mark.parametrize("tripped", [False, True])
def test_the_alive_counter_wraps_and_goes_on(bench: Bench, count: int, tripped: bool) -> None:
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
    assert all(0 <= each.alive < 1 << 31 for each in seen)
    assert len({each.alive for each in seen}) == len(seen)
    assert seen[-1].alive < 100
    assert {each.tripped for each in seen} == {SILENCE if tripped else 0}


def test_an_e_stop_ends_a_looping_wave_while_the_engine_goes_on_refreshing(bench: Bench) -> None:
    """Hazard: an engine that is alive but blind."""
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


def test_once_tripped_it_clears_stops_and_clears_every_millisecond(bench: Bench) -> None:
    """Hazard: a wave that is sent again after the trip plays until the next look."""
    bench.pulses.start_guard()
    bench.wait(100_000)
    for _ in range(30):
        bench.edges.clear()
        loop_for_ever(bench)
        began_us = bench.now_us
        bench.wait(20_000)
        assert bench.gates_on() == []
        assert all(at - began_us < 1_200 for at, *_ in bench.gate_edges())
