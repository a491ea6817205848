"""A daemon that dies or stalls: noticed at once, and output still comes off."""

from collections.abc import Callable

import pytest

from drivers.errors import DaemonLost, DriverError, StopFailed
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
def test_whatever_asks_it_says_so(
    bench: Bench, fault: str, call: Callable[[Bench], object]
) -> None:
    bench.pulses.start_guard()
    playing(bench)
    bench.board.fault_set(fault)
    with pytest.raises(DaemonLost):
        call(bench)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_cut_names_every_step_it_could_not_take(bench: Bench, fault: str) -> None:
    playing(bench).board.fault_set(fault)
    with pytest.raises(StopFailed) as failed:
        bench.pulses.cut()
    assert [step for step in STEPS if step in str(failed.value)] == list(STEPS)


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


@pytest.mark.parametrize("fault", FAULTS)
def test_the_stream_ends_by_itself(bench: Bench, fault: str) -> None:
    playing(bench).board.fault_set(fault)
    bench.wait(200_000)
    assert bench.gate_edges()[-1][0] < bench.now_us - 100_000
    assert bench.gates_on() == []


def test_markers_that_no_longer_come_are_a_lost_daemon_when_it_died(bench: Bench) -> None:
    playing(bench).board.fault_set("lost-daemon")
    with pytest.raises(DaemonLost):
        poll_on(bench)


def test_a_stalled_daemon_is_found_out_by_polling_alone(bench: Bench) -> None:
    playing(bench)
    bench.pulses.poll()
    bench.board.fault_set("stalled-daemon")
    with pytest.raises(DaemonLost):
        poll_on(bench)


def test_closing_the_rig_goes_on_past_a_lost_daemon(bench: Bench) -> None:
    playing(bench).board.fault_set("lost-daemon")
    with pytest.raises(DriverError):
        bench.rig.close()
    assert not bench.board.pins.level(26)
    assert bench.board.pins.modes[26] == 0


def test_a_stalled_daemon_costs_a_cut_one_timeout_not_four(bench: Bench) -> None:
    playing(bench).board.fault_set("stalled-daemon")
    began_us = bench.rig.clock.now_us()
    with pytest.raises(StopFailed):
        bench.pulses.cut()
    assert bench.rig.clock.now_us() - began_us <= 20_000
