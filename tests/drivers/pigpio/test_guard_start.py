"""Starting the guard in a daemon whose script slots are taken by other clients."""

from pathlib import Path

import pytest

from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from tests.drivers.bench import Bench, guard_number
from tests.support.clinic import open_clinic

pytestmark = pytest.mark.proves("guard-estop", "guard-silence")

SLOTS = 32
BUSY = "tag 1 mils 1 jmp 1"
ASLEEP = "tag 1 mils 60000 jmp 1"
HALTED = "mils 1"
PROC, PROCD, PROCR = 38, 39, 40


def fill(bench: Bench, text: str, count: int = SLOTS) -> StreamClient:
    """Take `count` slots, as dead engines might have."""
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


@pytest.mark.parametrize("text", [BUSY, HALTED])
def test_the_guard_starts_when_other_scripts_occupy_every_slot(bench: Bench, text: str) -> None:
    """Hazard: no guard at all, because dead engines left thirty-two scripts."""
    client = fill(bench, text)
    assert len(scripts(client)) == SLOTS
    bench.pulses.start_guard()
    assert bench.pulses.guard_status().running
    assert scripts(client) == [guard_number(bench)]


def test_a_slot_of_a_halted_script_is_taken_before_one_of_a_running_script(bench: Bench) -> None:
    client = fill(bench, BUSY, 4)
    fill(bench, HALTED, 1)
    fill(bench, BUSY, SLOTS - 5)
    bench.requests.clear()
    bench.pulses.start_guard()
    commands = [command for command, _ in bench.requests]
    stored = len(commands) - commands[::-1].index(PROC)
    assert [number for command, number in bench.requests[:stored] if command == PROCD] == [4]
    assert scripts(client) == [4]


def test_with_all_scripts_running_the_first_is_kept_until_the_new_guard_polls(bench: Bench) -> None:
    """Hazard: a moment without any guard; the first script is probably an older one."""
    fill(bench, BUSY)
    bench.requests.clear()
    bench.pulses.start_guard()
    commands = [command for command, _ in bench.requests]
    assert bench.requests.index((PROCD, 0)) > len(commands) - commands[::-1].index(PROCR)


def test_with_all_scripts_asleep_the_start_fails_within_10_ms(bench: Bench) -> None:
    fill(bench, ASLEEP)
    began_us = bench.now_us
    with pytest.raises(DaemonRefused, match="no more room"):
        bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000
    bench.wait(61_000_000)
    bench.pulses.start_guard()
    assert bench.pulses.guard_status().running


@pytest.mark.proves_none
def test_thirty_one_running_scripts_are_deleted_within_a_control_tick(bench: Bench) -> None:
    """Hazard: deleting them one by one takes 5 ms each, and delays the engine."""
    fill(bench, BUSY, SLOTS - 1)
    began_us = bench.now_us
    bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000


@pytest.mark.proves_none
def test_a_script_that_sleeps_for_a_minute_delays_nothing_and_never_runs_again(
    bench: Bench,
) -> None:
    client = fill(bench, ASLEEP, 1)
    began_us = bench.now_us
    bench.pulses.start_guard()
    assert bench.now_us - began_us < 10_000
    for _ in range(1_300):
        bench.wait(50_000)
        bench.pulses.refresh_guard()
    assert client.script_status(0)[0] == 1  # halted
    bench.pulses.start_guard()
    assert scripts(client) == [guard_number(bench)]


def test_an_engine_starts_on_a_daemon_full_of_scripts(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        fill_board(clinic.board)
        clinic.unlock()
        assert clinic.state == "Ready"
        clinic.treat(level_ua=2_000)


def fill_board(board: VirtualBoard) -> None:
    """Take every script slot of a board's daemon."""
    client = StreamClient(lambda: InProcessSocket(board.daemon.connect()))
    while len(scripts(client)) < SLOTS:
        number = client.store_script(BUSY)
        board.advance_to_us(board.now_us + 100)
        client.run_script(number)
