"""A level set in contractions: when it may rise, and the rest it owes. Numbers are restated."""

from dataclasses import replace

import pytest

from appliance.safety.levels import (
    LevelState,
    begin_pulses,
    end_pulses,
    interrupt,
    rests_until_us,
    tap,
)
from drivers.quantities import Microamps
from tests.appliance.safety.level_samples import (
    BACK,
    FELT,
    MOTOR,
    S,
    at,
    played,
    playing_at,
    refused,
    risen,
)
from tests.support.texts import Said

pytestmark = pytest.mark.proves("level-rules")


def test_a_contraction_takes_rises_for_10_s() -> None:
    assert risen(tap(playing_at(0), MOTOR, at(10 * S, 1))).level_ua == 500
    late = refused(tap(playing_at(0), MOTOR, at(10 * S + 1, 1)))
    assert late == Said(
        "set level", "+0.5 mA", "in the first 10 s of a contraction", "in the next contraction"
    )
    assert risen(tap(playing_at(0), BACK, at(99 * S, 1))).level_ua == 500


def after_rest(rest_us: int, *, raised: bool) -> LevelState:
    state = playing_at(0)
    if raised:
        state = played(tap(state, MOTOR, at(S, 1)), 1)
    return begin_pulses(end_pulses(state, 10 * S), at(10 * S + rest_us, 500))


def test_a_contraction_with_a_rise_rests_10_s_before_the_next_rise() -> None:
    early = refused(tap(after_rest(9_999_999, raised=True), MOTOR, at(21 * S, 501)))
    assert early == Said("set level", "+0.5 mA", "after 10 s of rest", "in the next contraction")
    assert risen(tap(after_rest(10 * S, raised=True), MOTOR, at(21 * S, 501))).level_ua == 1_000
    assert risen(tap(after_rest(S, raised=False), MOTOR, at(21 * S, 501))).level_ua == 500


def test_a_short_rest_after_a_quiet_contraction_does_not_undo_the_rest_owed() -> None:
    quiet = after_rest(4 * S, raised=True)
    short = begin_pulses(end_pulses(quiet, 15 * S), at(19 * S, 900))
    assert refused(tap(short, MOTOR, at(20 * S, 901))).allowed == "after 10 s of rest"
    long = begin_pulses(end_pulses(quiet, 15 * S), at(20 * S, 900))
    assert risen(tap(long, MOTOR, at(20 * S, 901))).level_ua == 1_000


def test_the_rest_owed_ends_10_s_after_a_contraction_with_a_rise() -> None:
    assert rests_until_us(LevelState()) == 0
    assert rests_until_us(after_rest(S, raised=False)) == 0
    assert rests_until_us(after_rest(S, raised=True)) == 20 * S


def test_when_pulses_end_no_key_counts_any_more_and_a_rise_owes_its_rest_from_there() -> None:
    ended = replace(
        FELT, steady_from_us=None, pressed_us=None, begun_us=None, raised=False, rested_from_us=99
    )
    assert end_pulses(FELT, 99) == ended
    assert end_pulses(replace(FELT, raised=False, rested_from_us=7), 99).rested_from_us == 7


@pytest.mark.proves("zero-after-interruption")
def test_an_interruption_owes_the_rest_of_a_contraction_as_its_end_does() -> None:
    # 80 % of the 4 mA that were comfortable
    limit_ua = Microamps(3_200)
    ended = end_pulses(FELT, 99)
    back = replace(ended, level_ua=Microamps(0), tolerated_ua=limit_ua, back_ua=limit_ua)
    assert interrupt(FELT, 99) == back


def test_a_contraction_begins_without_a_rise_in_it() -> None:
    begun = begin_pulses(FELT, at(50, 20))
    assert (begun.raised, begun.steady_from_us, begun.begun_us) == (False, None, 50)
    assert begun.risen_pulses == 20
