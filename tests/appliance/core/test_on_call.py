"""The plan of a treatment on call: what a call and a release make of it, from no clock at all."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.plan import on_call
from appliance.core.plan.compiler import (
    Cursor,
    PlannedSlice,
    Stage,
    compile_next,
    first_cursor,
    opens_on_time,
)
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.dose import Dose, Portion, add, allowances, allows
from appliance.core.plan.pulse_timeline import PulseTrainPlan, plan_train
from appliance.core.prescription.waveform import OnOff
from drivers.slices import check_slice
from tests.support.parts import ON_CALL, S, of_parts

pytestmark = pytest.mark.proves("limits")

ASKED = of_parts(ON_CALL, duration_us=120 * S)
"""2 s up, 5 s plateau, 1 s down; at least 12 s off by cycle, and 15 s while a call may come."""


class Walk:
    """Hands out slices, and calls and releases between them."""

    def __init__(self) -> None:
        self.plan: PulseTrainPlan = plan_train(ASKED)
        self.cursor: Cursor = first_cursor(self.plan)
        self.slices: list[PlannedSlice] = []

    def until(self, plan_us: int) -> "Walk":
        while self.cursor.start_us < plan_us:
            found = compile_next(self.plan, self.cursor, len(self.slices) + 1)
            if found is None:
                break
            self.slices.append(found[0])
            self.cursor = found[1]
        return self

    def call(self) -> int:
        self.plan, self.cursor = on_call.call(self.plan, self.cursor)
        return self.cursor.start_us

    def release(self) -> int:
        self.plan = on_call.release(self.plan, self.cursor)
        return self.cursor.start_us

    def pulsing(self) -> list[PlannedSlice]:
        return [each for each in self.slices if any(each.pulses)]


def test_it_runs_by_cycle_until_somebody_calls() -> None:
    walk = Walk().until(60 * S)
    begins = [b.start_us for a, b in pairwise(walk.slices) if any(b.pulses) and not any(a.pulses)]
    assert begins == [23 * S, 46 * S]


@pytest.mark.parametrize(("plateau_s", "silent_s"), [(3, 6), (5, 8), (5, 12), (6, 50)])
def test_each_rest_by_cycle_leaves_5_s_for_a_call_even_after_a_rise(
    plateau_s: int, silent_s: int
) -> None:
    """Hazard: the next contraction comes by itself before the rest of a call is over."""
    times = OnOff.of_plateau(plateau_s * S, silent_s * S, ramp_up_us=2 * S, ramp_down_us=1 * S)
    plan = plan_train(of_parts(replace(ON_CALL, on_off=times), duration_us=180 * S))
    pulsing_us = (plateau_s + 3) * S
    for number in range(plan.on_times - 1):
        ended_us = plan.on_start_us(number) + pulsing_us
        waits_us = max(pulsing_us, 10 * S)  # 10 s after a rise
        assert plan.on_start_us(number + 1) - ended_us >= max(waits_us + 5 * S, silent_s * S)


def test_a_contraction_that_nobody_releases_ends_as_prescribed() -> None:
    walk = Walk()
    began_us = walk.call()
    walk.until(100 * S)
    last = walk.pulsing()[-1]
    assert began_us == 0
    assert 7_900_000 <= last.start_us + last.slice.duration_us <= 8_070_000
    assert walk.pulsing()[0].stage is Stage.RAMP_UP
    assert not [each for each in walk.slices if each.start_us > 9 * S and any(each.pulses)]


@pytest.mark.parametrize("after_us", [500_000, 1_999_000, 3 * S, 6_900_000])
def test_a_release_ramps_down_from_where_it_was_as_steep_as_always(after_us: int) -> None:
    walk = Walk()
    walk.call()
    walk.until(after_us)
    released_us = walk.release()
    share_ppm = min(released_us * 1_000_000 // (2 * S), 1_000_000)
    walk.until(60 * S)
    falling = [each for each in walk.slices if each.start_us >= released_us and any(each.pulses)]
    ends_us = falling[-1].start_us + falling[-1].slice.duration_us
    assert ends_us - released_us <= share_ppm + 40_000
    assert ends_us - released_us >= share_ppm - 90_000
    for before, after in pairwise(falling):
        fell = before.envelope_ppm[0] - after.envelope_ppm[0]
        assert 0 <= fell <= before.slice.duration_us + 1
    assert falling[0].envelope_ppm[0] <= share_ppm


def test_a_release_before_anything_was_handed_out_leaves_no_pulse() -> None:
    walk = Walk()
    walk.call()
    walk.release()
    walk.until(10 * S)
    assert not walk.pulsing()


@pytest.mark.parametrize(("held_us", "rest_us"), [(2 * S, 5 * S), (7 * S, 8 * S)])
def test_the_rest_is_as_long_as_the_contraction_and_at_least_5_s(
    held_us: int, rest_us: int
) -> None:
    walk = Walk()
    walk.call()
    walk.until(held_us)
    walk.release()
    walk.until(30 * S)
    until_us = on_call.rests_until_us(walk.plan, walk.cursor)
    ended_us = walk.plan.on_time(0).settled_us
    assert until_us - ended_us == max(5 * S, ended_us)
    assert abs(until_us - ended_us - rest_us) <= 40_000


def test_a_paused_contraction_is_over_and_the_next_comes_by_cycle_after_its_rest() -> None:
    walk = Walk()
    walk.call()
    walk.until(4 * S)
    paused_us = walk.cursor.start_us
    walk.plan = on_call.by_cycle(on_call.end(walk.plan, walk.cursor), walk.cursor)
    walk.until(60 * S)
    later = [each.start_us for each in walk.pulsing() if each.start_us >= paused_us]
    assert later[0] - paused_us >= 5 * S - 100_000
    assert {each.stage for each in walk.pulsing() if each.start_us == later[0]} == {Stage.RAMP_UP}


def test_a_call_needs_a_whole_contraction_before_the_end() -> None:
    walk = Walk()
    walk.call()
    assert on_call.fits(walk.plan, Cursor(111 * S, 0, walk.cursor.place))
    assert not on_call.fits(walk.plan, Cursor(112 * S, 0, walk.cursor.place))


def test_another_end_leaves_what_has_begun_and_refills_only_by_cycle() -> None:
    walk = Walk().until(30 * S)
    walk.plan = on_call.ends_at(walk.plan, walk.cursor, 90 * S)
    assert [each.start_us for each in walk.plan.sections[0].placed or ()][:2] == [0, 23 * S]
    walk.until(35 * S)
    walk.call()
    walk.until(36 * S)
    walk.plan = on_call.ends_at(walk.plan, walk.cursor, 100 * S)
    assert walk.plan.on_times == 3
    walk.until(100 * S)
    assert walk.cursor.start_us == walk.plan.duration_us == 100 * S


def test_no_more_contractions_begin_than_a_session_may_have() -> None:
    walk = Walk()
    walk.plan = on_call.at_most(walk.plan, 2)
    assert walk.plan.on_times == 2
    walk.until(19 * S)
    assert on_call.has_another(walk.plan, walk.cursor)
    walk.call()
    walk.until(50 * S)
    assert not on_call.has_another(walk.plan, walk.cursor)
    walk.plan = on_call.by_cycle(walk.plan, walk.cursor)
    walk.plan = on_call.ends_at(walk.plan, walk.cursor, 110 * S)
    walk.until(110 * S)
    assert walk.cursor.start_us == 110 * S
    assert on_call.begun(walk.plan, 110 * S) == 2
    assert max(each.start_us for each in walk.pulsing()) < 28 * S


def test_contractions_by_cycle_count_with_called_ones() -> None:
    walk = Walk()
    walk.plan = on_call.at_most(walk.plan, 3)
    walk.call()
    walk.until(5 * S)
    walk.plan = on_call.by_cycle(on_call.end(walk.plan, walk.cursor), walk.cursor)
    assert walk.plan.on_times == 3
    assert on_call.at_most(plan_train(ASKED), None) == plan_train(ASKED)


steps = st.lists(
    st.tuples(st.sampled_from(["call", "release", "cycle", "pause"]), st.integers(1, 9_000_000)),
    max_size=12,
)


@pytest.mark.proves("gate", "whole-slices")
@settings(max_examples=25, deadline=None)
@given(steps)
def test_whatever_is_called_runs_are_short_rests_long_and_doses_within_what_is_allowed(
    plan_steps: list[tuple[str, int]],
) -> None:
    walk = Walk()
    for step, wait_us in plan_steps:
        plan, cursor = walk.plan, walk.cursor
        waits = not on_call.is_called(plan, cursor) and not opens_on_time(plan, cursor)
        waits = waits and cursor.start_us >= on_call.rests_until_us(plan, cursor)
        if step == "call" and waits and on_call.fits(plan, cursor):
            walk.call()
        elif step == "release":
            walk.release()
        elif step in {"cycle", "pause"}:
            ended = on_call.release(plan, cursor) if step == "cycle" else on_call.end(plan, cursor)
            walk.plan = on_call.by_cycle(ended, cursor)
        walk.until(walk.cursor.start_us + wait_us)
    walk.until(ASKED.duration_us)
    allowed, dose = allowances(ASKED)[1], Dose()
    runs: list[list[int]] = []
    at_us = 0
    for planned in walk.slices:
        check_slice(planned.slice, 4)
        assert planned.start_us == at_us
        at_us += planned.slice.duration_us
        pulses = decode_slice(planned.slice, 4)
        for pulse in pulses:
            assert pulse.balance_us == 0
            begins_us, ends_us = planned.start_us + pulse.start_us, planned.start_us + pulse.end_us
            if not runs or begins_us - runs[-1][1] > 200_000:
                runs.append([begins_us, ends_us])
            runs[-1][1] = ends_us
        width_us = sum(phase.duration_us for pulse in pulses for phase in pulse.phases)
        on = planned.stage is not Stage.REST
        portion = Portion(planned.slice.duration_us, len(pulses), width_us, 20_000, on)
        assert allows(dose, allowed, portion) is None
        dose = add(dose, portion)
    assert at_us == ASKED.duration_us
    for before, after in pairwise(runs):
        assert after[0] - before[1] >= max(before[1] - before[0], 4_900_000)
    assert all(ends_us - begins_us <= 8 * S for begins_us, ends_us in runs)
