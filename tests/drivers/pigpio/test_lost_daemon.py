"""A daemon that dies or stalls is noticed at once, and output is still switched off."""

from collections.abc import Callable
from typing import cast

import pytest

from drivers.errors import DaemonLost, DriverError, StopFailed
from drivers.pigpio.client import ClientSocket
from tests.drivers.bench import Bench, a_slice

STEPS = ("clear gates:", "stop waves:", "clear gates again:", "LDAC low:")
FAULTS = ("lost-daemon", "stalled-daemon")


def playing(bench: Bench) -> Bench:
    bench.rig.lines.set_supply(on=True)
    bench.begin(*[a_slice(number) for number in (1, 2, 3)])
    bench.wait(1_000)
    return bench


def poll_on(bench: Bench) -> None:
    for _ in range(10):
        bench.wait(10_000)
        bench.pulses.poll()


@pytest.mark.proves("daemon-lost")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "call",
    [
        lambda bench: bench.pulses.play(a_slice(4)),
        lambda bench: bench.pulses.refresh_guard(),
        lambda bench: bench.pulses.guard_status(),
        lambda bench: bench.pulses.begin_stream(),
        lambda bench: bench.pulses.prepare(),
        lambda bench: bench.pulses.start_guard(),
        lambda bench: bench.pulses.take_probe(),
    ],
)
def test_every_request_to_a_lost_daemon_raises_daemon_lost(
    bench: Bench, fault: str, call: Callable[[Bench], object]
) -> None:
    bench.pulses.start_guard()
    playing(bench)
    bench.board.fault_set(fault)
    with pytest.raises(DaemonLost):
        call(bench)


@pytest.mark.proves("cut")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_cut_names_every_failed_step(bench: Bench, fault: str) -> None:
    playing(bench).board.fault_set(fault)
    with pytest.raises(StopFailed) as failed:
        bench.pulses.cut()
    assert [step for step in STEPS if step in str(failed.value)] == list(STEPS)


@pytest.mark.proves("daemon-lost")
@pytest.mark.parametrize("fault", FAULTS)
def test_plain_lines_and_spi_still_work(bench: Bench, fault: str) -> None:
    playing(bench).board.fault_set(fault)
    bench.wait(300)
    bench.rig.lines.set_supply(on=False)
    bench.rig.lines.clear_gates()
    assert bench.gates_on() == []
    assert not bench.board.pins.level(26)
    bench.rig.currents.write_codes((0, 0))  # type: ignore[arg-type]
    assert bench.rig.lines.read_inputs().estop_closed


@pytest.mark.proves("cut")
def test_after_the_last_resort_a_code_of_0_acts_without_a_strobe(bench: Bench) -> None:
    """Hazard: LDAC left high by an ended wave keeps the last code latched."""
    playing(bench)
    bench.rig.currents.write_codes((2_000, 0))  # type: ignore[arg-type]
    bench.wait(25_000)
    assert dac_latched(bench) == 2_000
    bench.board.fault_set("lost-daemon")
    bench.wait(100_000)
    bench.rig.currents.write_codes((0, 0))  # type: ignore[arg-type]
    assert dac_latched(bench) == 2_000
    bench.rig.lines.clear_gates()
    assert not bench.board.pins.level(16)
    assert dac_latched(bench) == 0


def dac_latched(bench: Bench) -> int:
    channels = cast("list[dict[str, int]]", bench.board.status()["channels"])
    return channels[0]["dac_latched"]


@pytest.mark.proves("finite-slices")
@pytest.mark.parametrize("fault", FAULTS)
def test_the_stream_ends_by_itself(bench: Bench, fault: str) -> None:
    playing(bench).board.fault_set(fault)
    bench.wait(200_000)
    assert bench.gate_edges()[-1][0] < bench.now_us - 100_000
    assert bench.gates_on() == []


@pytest.mark.proves("daemon-lost")
def test_missing_markers_of_a_dead_daemon_raise_daemon_lost(bench: Bench) -> None:
    playing(bench).board.fault_set("lost-daemon")
    with pytest.raises(DaemonLost):
        poll_on(bench)


@pytest.mark.proves("daemon-lost")
def test_polling_alone_detects_a_stalled_daemon(bench: Bench) -> None:
    playing(bench)
    bench.pulses.poll()
    bench.board.fault_set("stalled-daemon")
    with pytest.raises(DaemonLost):
        poll_on(bench)


@pytest.mark.proves("daemon-lost")
def test_closing_the_rig_continues_after_a_lost_daemon(bench: Bench) -> None:
    playing(bench).board.fault_set("lost-daemon")
    with pytest.raises(DriverError):
        bench.rig.close()
    assert not bench.board.pins.level(26)
    assert bench.board.pins.modes[26] == 0


@pytest.mark.proves("daemon-lost", "cut")
def test_a_stalled_daemon_delays_a_cut_by_one_timeout_not_four(bench: Bench) -> None:
    playing(bench).board.fault_set("stalled-daemon")
    began_us = bench.rig.clock.now_us()
    with pytest.raises(StopFailed):
        bench.pulses.cut()
    assert bench.rig.clock.now_us() - began_us <= 20_000


class SlowConnection:
    """A connection whose answers each take `cost_us` of board time, or time out."""

    def __init__(self, bench: Bench, real: ClientSocket, cost_us: int) -> None:
        self._bench, self._real, self._cost_us = bench, real, cost_us
        self._limit_us = 20_000

    def settimeout(self, value: float | None) -> None:
        self._limit_us = 10**9 if value is None else round(value * 1_000_000)

    def sendall(self, data: bytes) -> None:
        self._real.sendall(data)

    def recv(self, size: int) -> bytes:
        self._bench.wait(min(self._cost_us, self._limit_us))
        if self._cost_us > self._limit_us:
            raise TimeoutError
        return self._real.recv(size)

    def close(self) -> None:
        self._real.close()


def slowed(bench: Bench, cost_us: int) -> None:
    wire = bench.pulses._client.wire
    wire._link = SlowConnection(bench, wire._open(), cost_us)


@pytest.mark.proves("daemon-lost", "cut")
def test_a_daemon_that_takes_15_ms_per_answer_delays_a_cut_by_20_ms_at_most(bench: Bench) -> None:
    """Hazard: SUPPLY_EN, which certainly ends the current, waits for four slow answers."""
    playing(bench)
    slowed(bench, 15_000)
    began_us = bench.now_us
    with pytest.raises(StopFailed) as failed:
        bench.pulses.cut()
    assert bench.now_us - began_us <= 20_000
    assert [step for step in STEPS if step in str(failed.value)] == list(STEPS[1:])
    bench.wait(1)
    assert bench.gates_on() == []


@pytest.mark.proves("cut")
def test_a_daemon_that_takes_4_ms_per_answer_does_every_step_of_the_cut_and_stays_connected(
    bench: Bench,
) -> None:
    playing(bench)
    slowed(bench, 4_000)
    bench.pulses.cut()
    slowed(bench, 19_000)
    assert bench.pulses.poll().idle


@pytest.mark.proves("cut")
def test_a_step_that_no_time_is_left_for_is_not_sent_and_the_daemon_stays_connected(
    bench: Bench,
) -> None:
    playing(bench)
    slowed(bench, 10_000)
    with pytest.raises(StopFailed, match="clear gates again: no time left; LDAC low: no time left"):
        bench.pulses.cut()
    assert bench.pulses.poll().idle
