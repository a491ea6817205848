"""Starting the guard in a daemon whose script slots other clients have taken."""

from pathlib import Path

import pytest

from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pigpiod.transport import InProcessSocket
from tests.drivers.bench import Bench
from tests.support.clinic import open_clinic

pytestmark = pytest.mark.proves("guard-latch", "guard-silence")

SLOTS = 32
BUSY = "tag 1 mils 1 jmp 1"
ASLEEP = "tag 1 mils 60000 jmp 1"
HALTED = "mils 1"
PROC, PROCD, PROCR = 38, 39, 40


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
