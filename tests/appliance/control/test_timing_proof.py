"""What the timing proof accepts of the wave clock and the gates, at its limits."""

import pytest

from appliance.control.procedures.timing_proof import gate_probe, judge_clock, judge_gates
from drivers.interfaces import Edge
from drivers.quantities import Microseconds

pytestmark = pytest.mark.proves("timing-proof")

LINES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")


def strobes(every_us: int, count: int = 8) -> tuple[Edge, ...]:
    return tuple(Edge("ldac_n", 0, Microseconds(n * every_us)) for n in range(count))


@pytest.mark.parametrize(
    ("every_us", "passes"),
    [(30_000, True), (30_300, True), (29_700, True), (30_310, False), (29_690, False)],
)
def test_the_wave_clock_may_be_off_by_one_percent(every_us: int, passes: bool) -> None:
    _, failures = judge_clock(strobes(every_us))
    assert (not failures) is passes


@pytest.mark.parametrize("count", [0, 7, 9])
def test_a_missing_or_extra_strobe_fails_the_clock(count: int) -> None:
    assert judge_clock(strobes(30_000, count))[1]


def gates(order: tuple[str, ...] = LINES, width_us: int = 400) -> tuple[Edge, ...]:
    edges = []
    for n, line in enumerate(order):
        edges.append(Edge(line, 1, Microseconds(1_000 * n)))
        edges.append(Edge(line, 0, Microseconds(1_000 * n + width_us)))
    return tuple(edges)


@pytest.mark.parametrize(
    ("width_us", "passes"), [(400, True), (409, True), (391, True), (410, False), (390, False)]
)
def test_a_gate_may_be_off_by_one_percent_and_a_sampling_step(width_us: int, passes: bool) -> None:
    worst_us, failures = judge_gates(gates(width_us=width_us), LINES)
    assert worst_us == abs(width_us - 400)
    assert (not failures) is passes


@pytest.mark.parametrize(
    "edges",
    [
        (),
        gates(LINES[:3]),
        gates((LINES[1], LINES[0], *LINES[2:])),
        gates((*LINES, LINES[0])),
        gates()[:-1],
    ],
)
def test_gates_in_another_order_or_number_fail(edges: tuple[Edge, ...]) -> None:
    assert judge_gates(edges, LINES)[1]


def test_the_gate_probe_plays_one_gate_at_a_time() -> None:
    on = [segment for segment in gate_probe(4) if segment.gates]
    assert [segment.gates for segment in on] == [1, 2, 4, 8]
    assert all(50 <= segment.duration_us <= 500 for segment in on)
