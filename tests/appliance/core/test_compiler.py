"""Slices of known trains, edge by edge, and how fast they come."""

from dataclasses import replace

import pytest

from appliance.core.limits.limits import Purpose
from appliance.core.plan import compiler, slice_shapes
from appliance.core.plan.compiler import Cursor, PlannedSlice, Stage, compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.pulse_timeline import PulseTrainPlan, plan_train
from appliance.core.plan.slice_boundaries import TrainPosition, slice_end
from appliance.core.plan.slice_shapes import idle_slice
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    ChannelUse,
    Leading,
    OnOff,
)
from appliance.errors import InternalFault
from drivers.slices import check_slice
from tests.support.strategies import prescription, shortened

POSITIVE_1, NEGATIVE_1, POSITIVE_2, NEGATIVE_2 = 1, 2, 4, 8
MOTOR = {"purpose": Purpose.MOTOR}
CONTRACTION = OnOff(4_000_000, 6_000_000, 1_000_000, 500_000)


def slices_of(asked: Prescription, count: int = 10**6) -> list[PlannedSlice]:
    plan = plan_train(asked)
    found: list[PlannedSlice] = []
    cursor = first_cursor(plan)
    while len(found) < count:
        compiled = compile_next(plan, cursor, len(found) + 1)
        if compiled is None:
            break
        found.append(compiled[0])
        cursor = compiled[1]
    return found


def test_one_pulse_has_the_edges_it_should() -> None:
    first = slices_of(prescription(waveform=Biphasic(150, 40)), 1)[0]
    assert first.slice.number == 1
    assert first.slice.duration_us == 20_000
    assert first.slice.segments == (
        (0, 200),
        (POSITIVE_1, 150),
        (0, 40),
        (NEGATIVE_1, 150),
        (0, 19_460),
    )


def test_a_carrier_has_no_phase_to_choose_and_begins_positive() -> None:
    asked = prescription(waveform=Carrier(190, 2), period_us=20_000)
    for planned in slices_of(asked, 3):
        assert planned.slice.segments[1].gates == POSITIVE_1


def test_the_negative_phase_can_lead() -> None:
    pulse = Biphasic(150, 40, Leading.NEGATIVE)
    first = slices_of(prescription(waveform=pulse), 1)[0]
    assert [s.gates for s in first.slice.segments] == [0, NEGATIVE_1, 0, POSITIVE_1, 0]


def test_alternating_pulses_alternate_across_slices() -> None:
    pulse = Biphasic(150, 40, Leading.ALTERNATING)
    asked = prescription(waveform=pulse, period_us=12_500)
    gates = [s.gates for p in slices_of(asked, 4) for s in p.slice.segments if s.gates]
    assert gates == [POSITIVE_1, NEGATIVE_1, NEGATIVE_1, POSITIVE_1] * 4


def test_two_channels_take_turns_half_a_period_apart() -> None:
    first = slices_of(prescription(channels=(1, 2)), 1)[0]
    starts = [(p.channel, p.start_us) for p in decode_slice(first.slice, 2)]
    assert starts == [(1, 200), (2, 10_200)]


def test_channels_of_a_slow_train_stay_close_together() -> None:
    asked = prescription(channels=(2, 1), period_us=500_000)
    first = slices_of(asked, 1)[0]
    starts = [(p.channel, p.start_us) for p in decode_slice(first.slice, 2)]
    assert starts == [(2, 200), (1, 10_200)]


def test_a_slow_train_leaves_slices_without_pulses() -> None:
    counts = [planned.pulses[0] for planned in slices_of(prescription(period_us=1_000_000), 121)]
    assert [i for i, count in enumerate(counts) if count] == [0, 40, 80, 120]


def test_a_steady_train_repeats_one_slice() -> None:
    slices = slices_of(prescription(period_us=12_500), 50)
    assert {planned.slice.duration_us for planned in slices} == {25_000}
    assert len({id(planned.slice.segments) for planned in slices}) == 1


def test_a_burst_runs_on_across_slices() -> None:
    asked = prescription(**MOTOR, burst=Burst(10, 10_000), period_us=500_000, channels=(1, 2))
    starts = [
        (pulse.channel, planned.start_us + pulse.start_us)
        for planned in slices_of(asked, 40)
        for pulse in decode_slice(planned.slice, 2)
    ]
    once = [(c, 200 + 10_000 * j + 5_000 * (c - 1)) for j in range(10) for c in (1, 2)]
    assert starts[:40] == [*once, *((c, us + 500_000) for c, us in once)]


def test_a_carrier_burst_is_whole_within_one_slice() -> None:
    asked = prescription(waveform=Carrier(190, 8), period_us=20_000)
    first = slices_of(asked, 1)[0]
    assert first.pulses == (8,)
    cycle = ((POSITIVE_1, 190), (0, 10), (NEGATIVE_1, 190), (0, 10))
    assert first.slice.segments == ((0, 200), *((cycle * 8)[:-1]), (0, 16_610))


def test_the_stages_of_a_contraction_follow_each_other() -> None:
    slices = slices_of(shortened(prescription(**MOTOR, on_off=CONTRACTION), 10_000_000))
    first: dict[Stage, int] = {}
    for planned in slices:
        first.setdefault(planned.stage, planned.start_us)
    assert list(first) == [Stage.RAMP_UP, Stage.ON, Stage.RAMP_DOWN, Stage.REST]
    assert first[Stage.ON] == 1_000_000
    assert 3_430_000 <= first[Stage.RAMP_DOWN] < 3_460_000
    assert 3_930_000 <= first[Stage.REST] < 3_960_000


def test_the_ramp_is_a_straight_line_in_steps_of_slices() -> None:
    slices = slices_of(shortened(prescription(**MOTOR, on_off=CONTRACTION), 10_000_000))
    for planned in slices:
        since_us, share = planned.start_us, planned.envelope_ppm[0]
        if planned.stage is Stage.RAMP_UP:
            assert share == since_us
        elif planned.stage is Stage.ON:
            assert share == 1_000_000
        elif planned.stage is Stage.RAMP_DOWN:
            assert share == (3_930_000 - since_us) * 2
        else:
            assert share == 0


def test_a_continuous_treatment_ends_in_a_fall_of_one_second() -> None:
    slices = slices_of(prescription())
    stages = [planned.stage for planned in slices]
    assert Stage.RAMP_UP not in stages
    fall = [planned for planned in slices if planned.stage is Stage.RAMP_DOWN]
    assert fall[0].start_us == 58_940_000
    assert fall[-1].envelope_ppm[0] <= 30_000
    assert stages[-1] is Stage.REST


def test_alternating_channels_are_on_one_at_a_time() -> None:
    asked = prescription(**MOTOR, on_off=CONTRACTION, channels=(2, 1), use=ChannelUse.ALTERNATING)
    slices = slices_of(shortened(asked, 20_000_000))
    second = next(planned for planned in slices if planned.start_us == 5_000_000)
    assert second.stage is Stage.RAMP_UP
    assert second.pulses == (0, 1)
    plateau = [planned for planned in slices if 7_000_000 <= planned.start_us < 8_000_000]
    assert {planned.envelope_ppm for planned in plateau} == {(0, 1_000_000)}


def test_every_on_time_begins_with_a_slice_of_its_own() -> None:
    asked = prescription(**MOTOR, on_off=CONTRACTION, period_us=17_777)
    starts = {planned.start_us for planned in slices_of(asked)}
    assert {0, 10_000_000, 20_000_000, 30_000_000, 40_000_000, 50_000_000} <= starts


def test_an_on_time_that_does_not_fit_whole_is_left_out() -> None:
    asked = prescription(**MOTOR, on_off=CONTRACTION, duration_us=63_999_999)
    assert plan_train(asked).on_times == 6
    asked = prescription(**MOTOR, on_off=CONTRACTION, duration_us=64_000_000)
    assert plan_train(asked).on_times == 7


def test_compiling_twice_from_a_cursor_gives_the_same_slice() -> None:
    plan = plan_train(prescription())
    cursor = first_cursor(plan)
    assert compile_next(plan, cursor, 1) == compile_next(plan, cursor, 1)


def test_behind_the_end_there_is_nothing() -> None:
    plan = plan_train(prescription())
    assert compile_next(plan, Cursor(60_000_000, 1, TrainPosition(0, 0, 0)), 9) is None


def test_a_train_without_a_gap_is_a_fault_and_never_a_slice() -> None:
    plan: PulseTrainPlan = plan_train(prescription(waveform=Carrier(190, 8)))
    endless = replace(plan.train(0), waveform=Carrier(190, 1_000), block_us=399_990)
    with pytest.raises(InternalFault, match="no gap"):
        slice_end(endless, TrainPosition(0, 0, 0), 0)


def test_an_idle_slice_is_25_ms_of_silence() -> None:
    piece = idle_slice(7)
    check_slice(piece, 2)
    assert (piece.number, piece.duration_us, piece.segments) == (7, 25_000, ((0, 25_000),))


@pytest.mark.parametrize("channel", [1, 2])
def test_a_contact_slice_is_two_pulses_of_200_us_on_its_channel_alone(channel: int) -> None:
    piece = slice_shapes.test_slice(3, channel)
    check_slice(piece, 2)
    pulses = decode_slice(piece, 2)
    assert [(p.channel, p.balance_us) for p in pulses] == [(channel, 0)] * 2
    assert {phase.duration_us for pulse in pulses for phase in pulse.phases} == {200}


def test_the_last_pulse_of_the_plan_is_played() -> None:
    slices = slices_of(prescription(duration_us=60_070_500))
    assert sum(planned.pulses[0] for planned in slices) == 3_001


@pytest.mark.parametrize(
    ("since_us", "stage"),
    [
        (0, Stage.RAMP_UP),
        (999_999, Stage.RAMP_UP),
        (1_000_000, Stage.ON),
        (3_429_999, Stage.ON),
        (3_430_000, Stage.RAMP_DOWN),
        (3_929_999, Stage.RAMP_DOWN),
        (3_930_000, Stage.REST),
        (9_999_999, Stage.REST),
    ],
)
def test_a_stage_begins_on_its_microsecond(since_us: int, stage: Stage) -> None:
    plan = plan_train(prescription(**MOTOR, on_off=CONTRACTION))
    assert compiler.stage_at(plan.on_time(0), since_us) is stage


@pytest.mark.parametrize("period_us", [60_000, 200_000])
def test_wherever_a_long_burst_lies_a_slice_ends_in_silence_and_so_can_the_next(
    period_us: int,
) -> None:
    # 25 cycles of 2 x (190 + 10) µs: 9 990 µs
    carrier = Carrier(190, 25)
    train = plan_train(prescription(waveform=carrier, period_us=period_us)).train(0)
    second, third = period_us + 200, 2 * period_us + 200
    for since_us in range(second - 49_000, second - 200, 53):
        if second - 20_200 < since_us < second - 19_910:
            continue  # the one start that has no cut; no slice before may lead to it
        place, at_us = TrainPosition(1, 0, period_us), since_us
        for _ in range(3):
            cut = slice_end(train, place, at_us)
            place, at_us = cut.following, at_us + cut.duration_us
            assert 20_000 <= cut.duration_us <= 30_000
            for start_us in (second, third):
                assert not start_us - 200 < at_us < start_us + 9_990 + 100
            begun = sum(at_us > start_us for start_us in (second, third))
            assert place == TrainPosition(1 + begun, 0, (1 + begun) * period_us)
