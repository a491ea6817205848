"""The timing probe: edges as the board's daemon reports them."""

import itertools

import pytest

from drivers.errors import DaemonRefused
from drivers.interfaces import Edge
from drivers.slices import Segment
from tests.drivers.bench import LDAC, Bench, a_slice

STRETCHES = (Segment(0, 30_000),) * 8
GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")


def one_phase_each() -> tuple[Segment, ...]:
    segments = [Segment(0, 600)]
    for gate in range(4):
        segments += [Segment(1 << gate, 400), Segment(0, 600)]
    return tuple(segments)


def play(bench: Bench, segments: tuple[Segment, ...], *, ldac: bool) -> tuple[Edge, ...]:
    bench.pulses.begin_probe(segments, ldac=ldac)
    for _ in range(100):
        edges = bench.pulses.take_probe()
        if edges is not None:
            return edges
        bench.wait(10_000)
    pytest.fail("the probe did not end")


def test_strobes_come_at_the_requested_intervals(bench: Bench) -> None:
    edges = play(bench, STRETCHES, ldac=True)
    falls = [edge.tick_us for edge in edges if edge.level == 0]
    assert {edge.line for edge in edges} == {"ldac_n"}
    assert [after - before for before, after in itertools.pairwise(falls)] == [30_000] * 7


@pytest.mark.parametrize("scale", [1.13, 2.0])
def test_a_slow_wave_clock_shows_in_the_intervals(bench: Bench, scale: float) -> None:
    bench.board.fault_set(f"slow-clock={scale}")
    falls = [edge.tick_us for edge in play(bench, STRETCHES, ldac=True) if edge.level == 0]
    assert len(falls) == 8
    assert falls[-1] - falls[0] == pytest.approx(210_000 * scale, abs=5)


def test_each_gate_shows_its_phase_in_order(bench: Bench) -> None:
    edges = play(bench, one_phase_each(), ldac=False)
    assert [(edge.line, edge.level) for edge in edges] == [
        (line, level) for line in GATES for level in (1, 0)
    ]
    for rise, fall in zip(edges[::2], edges[1::2], strict=True):
        assert abs(fall.tick_us - rise.tick_us - 400) <= 5


def test_swapped_gate_wires_show_in_the_edges(bench: Bench) -> None:
    bench.board.fault_set("stuck-gate:gate1_neg=low")
    edges = play(bench, one_phase_each(), ldac=False)
    assert "gate1_neg" not in {edge.line for edge in edges}


def test_a_probe_leaves_gates_and_ldac_low_and_no_wave_stored(bench: Bench) -> None:
    play(bench, STRETCHES, ldac=True)
    assert bench.gates_on() == []
    assert bench.board.pins.level(LDAC) == 0
    assert bench.pulses.poll().idle
    with pytest.raises(DaemonRefused):
        bench.pulses._client.wave_send_using_mode(0, 2)


def test_a_second_probe_reports_no_edge_of_the_first(bench: Bench) -> None:
    first = play(bench, one_phase_each(), ldac=False)
    second = play(bench, one_phase_each(), ldac=False)
    assert [edge[:2] for edge in first] == [edge[:2] for edge in second]
    assert second[0].tick_us > first[-1].tick_us


def test_a_probe_does_not_block(bench: Bench) -> None:
    before = bench.now_us
    bench.pulses.begin_probe(STRETCHES, ldac=True)
    assert bench.now_us - before < 5_000
    assert bench.pulses.take_probe() is None


def test_a_stream_after_a_probe_has_its_own_markers_only(bench: Bench) -> None:
    play(bench, STRETCHES, ldac=True)
    assert len(bench.stream(5)) == 5


def test_a_strobe_of_a_stream_cut_just_before_is_not_counted_as_the_probes(bench: Bench) -> None:
    bench.begin(a_slice())
    bench.wait(10)
    bench.pulses.cut()
    bench.wait(100)
    edges = play(bench, STRETCHES, ldac=True)
    assert sum(edge.level == 0 for edge in edges) == 8
