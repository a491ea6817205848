"""Where slices may end, at both sides of each rule: 20 to 30 ms, 200 µs before, 100 µs after."""

import pytest

from appliance.core.limits.limits import Purpose
from appliance.core.plan import slice_boundaries
from appliance.core.plan.compiler import (
    Cursor,
    PlannedSlice,
    compile_next,
    first_cursor,
    opens_on_time,
)
from appliance.core.plan.pulse_timeline import PulseTrainPlan, plan_train
from appliance.core.plan.slice_boundaries import TrainPosition, slice_end
from appliance.core.plan.slice_shapes import test_slice as contact_slice
from appliance.core.plan.train import Train
from appliance.core.prescription.waveform import Carrier, OnOff
from appliance.errors import InternalFault
from tests.support.strategies import prescription

MOTOR = {"purpose": Purpose.MOTOR}
CONTRACTION = OnOff(4_000_000, 6_000_000, 1_000_000, 500_000)


def walk(plan: PulseTrainPlan, cursor: Cursor, count: int) -> list[PlannedSlice]:
    found = []
    for number in range(1, count + 1):
        compiled = compile_next(plan, cursor, number)
        assert compiled is not None
        planned, cursor = compiled
        found.append(planned)
    return found


@pytest.mark.parametrize(
    ("left_us", "lengths"),
    [
        (105_000, [25_000, 25_000, 27_500, 27_500]),
        (85_000, [25_000, 30_000, 30_000]),
        (84_999, [25_000, 29_999, 30_000]),
        (80_000, [25_000, 27_500, 27_500]),
        (65_000, [25_000, 20_000, 20_000]),
        (64_999, [21_666, 21_666, 21_667]),
        (60_000, [30_000, 30_000]),
        (50_001, [25_000, 25_001]),
        (40_000, [20_000, 20_000]),
        (30_000, [30_000]),
    ],
)
def test_silence_is_split_so_that_the_next_on_time_opens_a_slice(
    left_us: int, lengths: list[int]
) -> None:
    plan = plan_train(prescription(**MOTOR, on_off=CONTRACTION))
    behind_the_last = TrainPosition(200, 0, 4_000_000)
    cursor = Cursor(10_000_000 - left_us, 0, behind_the_last)
    slices = walk(plan, cursor, len(lengths) + 1)
    assert [planned.slice.duration_us for planned in slices[:-1]] == lengths
    assert all(type(planned.slice.duration_us) is int for planned in slices)
    assert slices[-1].start_us == 10_000_000


@pytest.mark.parametrize(
    ("period_us", "first_us"),
    [
        (19_999, 25_000),
        (20_000, 20_000),
        (29_999, 29_999),
        # The next pulse lies just behind the longest slice: nothing to align to.
        (30_000, 25_000),
    ],
)
def test_a_slice_ends_before_the_next_pulse_where_20_to_30_ms_allow_it(
    period_us: int, first_us: int
) -> None:
    plan = plan_train(prescription(period_us=period_us))
    assert walk(plan, first_cursor(plan), 1)[0].slice.duration_us == first_us


def four_bursts(period_us: int) -> Train:
    # 25 cycles of 2 x (190 + 10) µs less the last gap: 9 990 µs, the next channel 10 290 later.
    asked = prescription(waveform=Carrier(190, 25), period_us=period_us, channels=(1, 2, 3, 4))
    return plan_train(asked).train(0)


@pytest.mark.parametrize(
    ("start_us", "duration_us"), [(19_581, 29_671), (19_700, 29_790), (19_800, 29_890)]
)
def test_a_slice_may_end_right_behind_a_burst_where_any_later_one_leads_nowhere(
    start_us: int, duration_us: int
) -> None:
    since_us = 200 + 3 * 10_290 - start_us
    end = slice_end(four_bursts(61_200), TrainPosition(0, 3, 0), since_us)
    # 100 µs behind the burst that ends the round.
    assert end.duration_us == duration_us == start_us + 9_990 + 100
    assert end.following == TrainPosition(1, 0, 61_200)
    assert end.counts == (0, 0, 0, 25)


def block(start_us: int, end_us: int) -> slice_boundaries._Block:
    return slice_boundaries._Block(start_us, end_us, (), TrainPosition(0, 0, 0))


@pytest.mark.parametrize(
    ("start_us", "end_us", "ends_nowhere"),
    [
        # A slice from 25 000 on may end from 45 000 to 55 000 µs.
        (45_199, 54_901, True),
        (45_200, 54_901, False),
        (45_199, 54_900, False),
    ],
)
def test_an_end_leads_nowhere_only_if_one_burst_covers_every_end_of_the_next_slice(
    start_us: int, end_us: int, ends_nowhere: bool
) -> None:
    assert slice_boundaries._is_dead_end([block(start_us, end_us)], 25_000) is ends_nowhere


@pytest.mark.parametrize(
    ("end_us", "clear"), [(24_800, True), (24_801, False), (25_499, False), (25_500, True)]
)
def test_an_end_is_clear_200_us_before_and_100_behind_a_pulse(end_us: int, clear: bool) -> None:
    assert slice_boundaries._is_clear([block(25_000, 25_400)], end_us) is clear


def test_without_any_end_the_fault_says_so() -> None:
    with pytest.raises(
        InternalFault, match=r"^no gap between pulses is wide enough to cut a slice$"
    ):
        slice_boundaries._find_end([block(200, 40_000)], crowded=True)


@pytest.mark.parametrize(("channel", "gates"), [(1, (1, 2)), (2, (4, 8))])
def test_a_contact_slice_has_these_edges_positive_phase_first(
    channel: int, gates: tuple[int, int]
) -> None:
    piece = contact_slice(3, channel)
    positive, negative = gates
    pulse = ((positive, 200), (0, 100), (negative, 200))
    assert (piece.number, piece.duration_us) == (3, 25_000)
    assert piece.segments == ((0, 200), *pulse, (0, 9_500), *pulse, (0, 14_300))


def test_without_a_pulse_to_align_to_ends_are_tried_from_25_ms_outwards_by_half_ms() -> None:
    tried = slice_boundaries._GRID
    assert tried[:5] == [25_000, 24_500, 25_500, 24_000, 26_000]
    assert (len(tried), min(tried), max(tried)) == (21, 20_000, 30_000)


@pytest.mark.parametrize(
    ("start_us", "duration_us"),
    # A cut at 25 000 leaves the next slice 45 000 to 55 000 µs; 24 500 one 500 µs earlier.
    [
        (30_200, 30_000),  # just before the burst
        (30_201, 25_000),
        (45_110, 25_000),
        (45_111, 24_500),
        (45_199, 24_500),
        (45_200, 25_000),
    ],
)
def test_a_burst_of_9_790_us_is_long_enough_to_need_a_look_ahead(
    start_us: int, duration_us: int
) -> None:
    asked = prescription(waveform=Carrier(186, 25), period_us=60_000)
    train = plan_train(asked).train(0)
    end = slice_end(train, TrainPosition(1, 0, 60_000), 60_200 - start_us)
    assert end.duration_us == duration_us


def test_an_on_time_is_open_until_its_latest_pulse_and_not_behind_it() -> None:
    plan = plan_train(prescription(**MOTOR, on_off=CONTRACTION))
    latest_us = plan.train(0).latest_us
    assert opens_on_time(plan, Cursor(0, 0, TrainPosition(9, 0, latest_us)))
    assert not opens_on_time(plan, Cursor(0, 0, TrainPosition(9, 0, latest_us + 1)))
