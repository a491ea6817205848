"""What the engine relies on, for every rig. On hardware: supply off, nothing on the pads."""

import itertools
from collections.abc import Callable

import pytest

from drivers.errors import SliceRejected
from drivers.interfaces import Marker, Rig
from drivers.quantities import Channel, DacCode, Microseconds
from drivers.slices import Segment, Slice

Wait = Callable[[int], None]
TICK_US = 10_000


def a_slice(number: int) -> Slice:
    """Return 20 ms with one pulse of channel 1."""
    segments = ((0, 1_000), (1, 200), (0, 50), (2, 200), (0, 18_550))
    return Slice(number, Microseconds(20_000), tuple(Segment(*segment) for segment in segments))


def feed(rig: Rig, wait: Wait, slices: int) -> list[Marker]:
    """Play a stream to its end as the engine does."""
    rig.pulses.begin_stream()
    for number in (1, 2, 3):
        rig.pulses.play(a_slice(number))
    sent, markers = 3, list[Marker]()
    for _ in range(10 * slices):
        wait(TICK_US)
        status = rig.pulses.poll()
        markers += status.markers
        if status.idle:
            return markers
        if status.queued == 1 and sent < slices:
            sent += 1
            rig.pulses.play(a_slice(sent))
    pytest.fail("the stream did not end")


def test_inputs_are_read_and_the_emergency_stop_is_closed(rig: Rig) -> None:
    inputs = rig.lines.read_inputs()
    assert inputs.estop_closed
    assert inputs.hand_switch_closed
    assert all(isinstance(value, bool) for value in inputs)


def test_code_0_reads_back_as_0_on_every_channel(rig: Rig) -> None:
    for channel in range(1, rig.board.channels + 1):
        assert rig.sense.read_code(Channel(channel)) <= 8


def test_between_streams_a_code_acts_at_once(rig: Rig, wait: Wait) -> None:
    rig.currents.write_codes((DacCode(1_000), DacCode(2_000)))
    wait(1_000)
    assert abs(rig.sense.read_code(Channel(1)) - 1_000) <= 8
    assert abs(rig.sense.read_code(Channel(2)) - 2_000) <= 8


def test_within_a_stream_a_code_waits_for_the_next_strobe(rig: Rig, wait: Wait) -> None:
    rig.pulses.begin_stream()
    rig.currents.write_codes((DacCode(1_000), DacCode(0)))
    assert rig.sense.read_code(Channel(1)) <= 8
    rig.pulses.play(a_slice(1))
    wait(TICK_US)
    assert abs(rig.sense.read_code(Channel(1)) - 1_000) <= 8


def test_after_a_cut_a_code_of_0_acts_at_once(rig: Rig, wait: Wait) -> None:
    rig.pulses.begin_stream()
    rig.currents.write_codes((DacCode(1_000), DacCode(0)))
    rig.pulses.play(a_slice(1))
    wait(TICK_US)
    rig.pulses.cut()
    rig.currents.write_codes((DacCode(0), DacCode(0)))
    assert rig.sense.read_code(Channel(1)) <= 8


def test_the_reference_input_reads_the_voltage_of_the_board_file(rig: Rig) -> None:
    assert abs(rig.sense.read_reference_mv() - rig.board.sense.reference_mv) <= 25


def test_the_rail_is_near_zero_while_the_supply_is_off(rig: Rig, wait: Wait) -> None:
    wait(500_000)
    assert rig.sense.read_rail_mv() < 10_000
    assert not rig.lines.read_inputs().supply_good


def test_a_stream_gives_one_marker_per_slice_and_ends(rig: Rig, wait: Wait) -> None:
    markers = feed(rig, wait, 10)
    assert len(markers) == 10
    spans = [after.tick_us - before.tick_us for before, after in itertools.pairwise(markers)]
    assert all(abs(span - 20_000) <= 200 for span in spans)


def test_a_second_stream_behaves_like_the_first(rig: Rig, wait: Wait) -> None:
    assert [len(feed(rig, wait, count)) for count in (3, 4, 5)] == [3, 4, 5]


def test_a_fourth_slice_in_flight_is_rejected(rig: Rig) -> None:
    rig.pulses.begin_stream()
    for number in (1, 2, 3):
        rig.pulses.play(a_slice(number))
    with pytest.raises(SliceRejected):
        rig.pulses.play(a_slice(4))


def test_after_a_cut_a_slice_is_rejected_until_a_stream_begins(rig: Rig, wait: Wait) -> None:
    rig.pulses.begin_stream()
    for number in (1, 2, 3):
        rig.pulses.play(a_slice(number))
    rig.pulses.cut()
    wait(100_000)
    assert rig.pulses.poll().markers == ()
    with pytest.raises(SliceRejected):
        rig.pulses.play(a_slice(4))
    assert len(feed(rig, wait, 3)) == 3


def test_the_guard_does_not_trip_while_it_is_refreshed(rig: Rig, wait: Wait) -> None:
    rig.pulses.start_guard()
    before = rig.pulses.guard_status().alive
    for _ in range(10):
        rig.pulses.refresh_guard()
        wait(TICK_US)
    status = rig.pulses.guard_status()
    assert status.running
    assert status.tripped == 0
    assert status.alive > before + 50


def test_the_guard_trips_when_it_is_not_refreshed(rig: Rig, wait: Wait) -> None:
    rig.pulses.start_guard()
    wait(120_000)
    assert rig.pulses.guard_status().tripped == 2
    rig.pulses.refresh_guard()
    wait(TICK_US)
    assert rig.pulses.guard_status().tripped == 2
    rig.pulses.start_guard()
    assert rig.pulses.guard_status().tripped == 0


def test_a_probe_measures_the_wave_clock_against_the_tick(rig: Rig, wait: Wait) -> None:
    rig.pulses.begin_probe((Segment(0, 30_000),) * 8, ldac=True)
    edges = None
    for _ in range(100):
        wait(TICK_US)
        edges = rig.pulses.take_probe()
        if edges is not None:
            break
    assert edges is not None
    falls = [edge.tick_us for edge in edges if edge.level == 0]
    assert len(falls) == 8
    assert abs(falls[-1] - falls[0] - 210_000) <= 2_100


def test_the_latch_clears_on_a_reset_pulse(rig: Rig, wait: Wait) -> None:
    rig.lines.reset_latch()
    for _ in range(3):
        rig.lines.toggle_heartbeat()
        wait(TICK_US)
    rig.lines.reset_latch()
    assert rig.lines.read_inputs().latch_clear


def test_lamps_and_the_kernels_gate_lines_can_be_driven(rig: Rig) -> None:
    rig.lines.set_lamps(active=True, fault=True, buzzer=True)
    rig.lines.set_lamps(active=False, fault=False, buzzer=False)
    rig.lines.clear_gates()
    rig.pulses.prepare()


def test_closing_twice_is_harmless(rig: Rig) -> None:
    rig.close()
    rig.close()
