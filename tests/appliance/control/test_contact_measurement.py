"""What the timing proof and the contact check accept, at their limits."""

import pytest

from appliance.control.procedures.contact_measurement import (
    ContactScript,
    PadContact,
    judge_contact,
)
from appliance.control.procedures.timing_proof import gate_probe, judge_clock, judge_gates
from appliance.core.plan.compiler import PlannedSlice
from drivers.interfaces import Edge, HeldReading
from drivers.quantities import Channel, Microamps, Microseconds, Millivolts

LINES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")


def strobes(every_us: int, count: int = 8) -> tuple[Edge, ...]:
    return tuple(Edge("ldac_n", 0, Microseconds(n * every_us)) for n in range(count))


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize(
    ("every_us", "passes"),
    [(30_000, True), (30_300, True), (29_700, True), (30_310, False), (29_690, False)],
)
def test_the_wave_clock_may_be_off_by_one_percent(every_us: int, passes: bool) -> None:
    _, failures = judge_clock(strobes(every_us))
    assert (not failures) is passes


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize("count", [0, 7, 9])
def test_a_missing_or_extra_strobe_fails_the_clock(count: int) -> None:
    assert judge_clock(strobes(30_000, count))[1]


def gates(order: tuple[str, ...] = LINES, width_us: int = 400) -> tuple[Edge, ...]:
    edges = []
    for n, line in enumerate(order):
        edges.append(Edge(line, 1, Microseconds(1_000 * n)))
        edges.append(Edge(line, 0, Microseconds(1_000 * n + width_us)))
    return tuple(edges)


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize(
    ("width_us", "passes"), [(400, True), (409, True), (391, True), (410, False), (390, False)]
)
def test_a_gate_may_be_off_by_one_percent_and_a_sampling_step(width_us: int, passes: bool) -> None:
    worst_us, failures = judge_gates(gates(width_us=width_us), LINES)
    assert worst_us == abs(width_us - 400)
    assert (not failures) is passes


@pytest.mark.proves("timing-proof")
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
def test_gates_that_answer_in_another_order_fail(edges: tuple[Edge, ...]) -> None:
    assert judge_gates(edges, LINES)[1]


@pytest.mark.proves("timing-proof")
def test_the_gate_probe_plays_each_gate_alone() -> None:
    on = [segment for segment in gate_probe(4) if segment.gates]
    assert [segment.gates for segment in on] == [1, 2, 4, 8]
    assert all(50 <= segment.duration_us <= 500 for segment in on)


def held(ohm: int, current_ua: int = 2_000) -> HeldReading:
    return HeldReading(Microamps(current_ua), Millivolts(ohm * current_ua // 1_000))


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize(
    ("ohm", "contact"),
    [
        (99, PadContact.SHORT),
        (100, PadContact.GOOD),
        (2_499, PadContact.GOOD),
        (2_500, PadContact.POOR),
        (4_999, PadContact.POOR),
        (5_000, PadContact.OPEN),
    ],
)
def test_contact_is_judged_by_its_ohms(ohm: int, contact: PadContact) -> None:
    reading = HeldReading(Microamps(-10_000), Millivolts(-ohm * 10))
    result = judge_contact(Channel(1), (reading,) * 3, 120_000)
    assert result.contact is contact
    assert result.usable == (contact in {PadContact.GOOD, PadContact.POOR})


@pytest.mark.proves("contact-check")
def test_no_current_or_the_rail_is_open_and_no_reading_is_missing() -> None:
    assert judge_contact(Channel(1), (held(500, 999),), 120_000).contact is PadContact.OPEN
    rail = HeldReading(Microamps(2_000), Millivolts(114_001))
    assert judge_contact(Channel(1), (rail,), 120_000).contact is PadContact.OPEN
    assert judge_contact(Channel(1), (), 120_000).contact is PadContact.MISSING


@pytest.mark.proves("bystander")
@pytest.mark.parametrize(
    ("positive_mv", "negative_mv", "alike"),
    [
        ((2_000,), (2_000,), True),
        ((2_000, 2_060), (1_900, 1_980), True),
        ((2_000,), (1_600,), True),
        ((2_000,), (1_598,), False),
        ((1_598,), (2_000,), False),
        ((2_638, 2_564), (1_392, 1_465), False),
        ((2_000, 2_000), (), False),
        ((), (2_000, 2_000), False),
    ],
)
def test_a_load_is_a_resistor_when_both_phases_meet_the_same(
    positive_mv: tuple[int, ...], negative_mv: tuple[int, ...], alike: bool
) -> None:
    """Skin still holds charge of the first phase when the second ends."""
    before = HeldReading(Microamps(0), Millivolts(0))
    readings = [HeldReading(Microamps(2_000), Millivolts(mv)) for mv in positive_mv]
    readings += [HeldReading(Microamps(-2_000), Millivolts(-mv)) for mv in negative_mv]
    assert judge_contact(Channel(1), (before, *readings), 120_000).phases_alike == alike


@pytest.mark.proves("contact-check")
def test_one_reading_from_before_the_first_pulse_does_not_matter() -> None:
    readings = (HeldReading(Microamps(0), Millivolts(0)), held(700), held(700), held(700))
    assert judge_contact(Channel(2), readings, 120_000).ohm == 700


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize("channels", [(1,), (2,), (1, 2), (1, 2, 3, 4)])
def test_the_check_lasts_at_most_1_s_of_pulses_and_ends_at_code_zero(
    channels: tuple[int, ...],
) -> None:
    script = ContactScript(tuple(Channel(n) for n in channels))
    slices: list[PlannedSlice] = []
    while (planned := script.next_slice(len(slices) + 1)) is not None:
        slices.append(planned)
    assert len(slices) == script.length
    pulsed_us = sum(each.slice.duration_us for each in slices if any(each.pulses))
    assert pulsed_us <= 1_000_000
    assert not any(slices[0].envelope_ppm)
    assert not any(slices[-1].envelope_ppm)
    assert all(sum(map(bool, each.pulses)) <= 1 for each in slices)
