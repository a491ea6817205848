"""Held values that are old, missing, or keep one sign or one value for too long."""

from typing import Any

import pytest

from appliance.safety.interlocks.held_value import LastJudged, take_held
from appliance.safety.interlocks.judge import CHANNEL_RULES, InterlockMemory, judge
from appliance.safety.interlocks.readings import ChannelReading
from appliance.safety.interlocks.rule import Finding
from drivers.quantities import Microseconds
from tests.appliance.safety.interlocks.bench import (
    GOOD_STREAM,
    MS,
    T,
    but,
    channel,
    codes,
    held,
    last,
    look_channel,
    of_signs,
    readings,
    said,
)

pytestmark = pytest.mark.proves("readings-fresh")


def standing(period_us: int, pulses_at_start: int = 10) -> list[ChannelReading]:
    """Return ticks of 10 ms in which pulses go on and the hold, once new, stands."""
    return [
        channel(
            pulses=pulses_at_start + n * 10 * MS // period_us,
            held_at_us=T + n * 10 * MS,
            held=held(20_000 + n),
        )
        for n in range(1, 400)
    ]


@pytest.mark.parametrize(
    ("period_us", "within_us"), [(10_000, 50_000), (20_000, 70_000), (500_000, 1_030_000)]
)
def test_a_hold_that_stands_for_2_pulses_and_20_ms_is_stale(period_us: int, within_us: int) -> None:
    series = standing(period_us)
    found = codes(look_channel("readings_stale", series))
    first = found.index("T13")
    start_us = series[0].held_at_us
    elapsed_us = series[first].held_at_us - start_us
    assert 2 * period_us - 10 * MS + 20 * MS <= elapsed_us <= within_us
    assert series[first].pulses - series[0].pulses >= 2


def test_a_hold_that_changes_within_20_ms_after_it_was_due_is_fresh() -> None:
    """The count may run ahead of the hold by a few milliseconds."""
    late = [
        channel(pulses=n, held_at_us=T + t * MS, held=held(sign * 20_000))
        for n, t, sign in ((1, 0, 1), (2, 10, 1), (3, 20, 1), (3, 30, 1), (4, 39, 1), (5, 41, -1))
    ]
    assert codes(look_channel("readings_stale", late)) == [None] * 6
    late[5] = but(late[5], held=held(20_000))
    assert last("readings_stale", late) == "T13"


def test_the_order_of_holds_is_fresh_at_every_rate() -> None:
    for per_tick_permille in (20, 500, 1_000, 1_250, 1_333, 1_500, 2_000, 2_500):
        order = (1, -1, -1, 1)
        series = [
            channel(
                pulses=1 + n * per_tick_permille // 1_000,
                held_at_us=T + n * 10 * MS,
                held=held(20_000 * order[n * per_tick_permille // 1_000 % 4]),
            )
            for n in range(400)
        ]
        assert codes(look_channel("readings_stale", series)) == [None] * 400
        assert codes(look_channel("adc_frozen", series)) == [None] * 400


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_a_sign_is_owed_two_pulses_after_any_place_of_the_order(start: int, sign: int) -> None:
    def stands(count: int) -> str | None:
        series = [
            channel(
                pulses=start + min(n, count),
                held_at_us=T + n * 10 * MS,
                held=held(sign * 19_000 + n),
            )
            for n in range(6)
        ]
        return last("readings_stale", series)

    assert [stands(0), stands(1), stands(2)] == [None, None, "T13"]


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
@pytest.mark.parametrize("unsure", [0, 1])
def test_the_order_may_start_anywhere(shift: int, unsure: int) -> None:
    order = (1, -1, -1, 1)
    series = [
        channel(
            pulses=n,
            held_at_us=T + n * 10 * MS,
            held=held(20_000 * order[(n + shift) % 4]),
            exact=not unsure,
            pulses_most=n + unsure,
        )
        for n in range(1, 60)
    ]
    assert codes(look_channel("readings_stale", series)) == [None] * 59


def test_what_is_stale_or_frozen_says_for_how_long() -> None:
    series = [channel(pulses=n + 5, held_at_us=T + n * 10 * MS) for n in range(5)]
    (stale,) = [each for each in look_channel("readings_stale", series) if each]
    assert said(stale)[2] == "no new hold for 4 pulses and 20 ms"
    frozen = [each for each in look_channel("adc_frozen", series) if each]
    assert [said(each)[2] for each in frozen] == [
        "held values the same over 3 pulses",
        "held values the same over 4 pulses",
    ]
    assert [
        said(each)[2] for each in look_channel("readings_stale", [channel(held=None)]) if each
    ] == ["not read"]


@pytest.mark.parametrize(("late_us", "code"), [(19_999, None), (20_000, "T13")])
def test_a_sign_owed_for_20_ms_is_stale(late_us: int, code: str | None) -> None:
    due_us = T + 20 * MS
    series = [
        channel(pulses=n, held_at_us=at_us, held=held(20_000 + n))
        for n, at_us in ((1, T), (2, T + 10 * MS), (3, due_us), (3, due_us + late_us))
    ]
    assert codes(look_channel("readings_stale", series)) == [None, None, None, code]


@pytest.mark.parametrize(("late_us", "code"), [(9_999, None), (10_000, "T14")])
def test_a_pair_that_stands_for_10_ms_after_a_sign_was_owed_is_frozen(
    late_us: int, code: str | None
) -> None:
    due_us = T + 20 * MS
    series = [
        channel(pulses=n, held_at_us=at_us)
        for n, at_us in ((1, T), (2, T + 10 * MS), (3, due_us), (3, due_us + late_us))
    ]
    assert codes(look_channel("adc_frozen", series)) == [None, None, None, code]


@pytest.mark.parametrize("most", [None, 2, 3])
def test_a_count_that_is_not_exact_proves_nothing(most: int | None) -> None:
    series = [
        but(each, exact=False, pulses_most=None if most is None else each.pulses + most)
        for each in standing(10_000)
    ]
    assert codes(look_channel("readings_stale", series)) == [None] * len(series)


def test_a_count_unsure_by_one_pulse_still_proves_a_hold_that_stands() -> None:
    series = [but(each, exact=False, pulses_most=each.pulses + 1) for each in standing(10_000)]
    found = codes(look_channel("readings_stale", series))
    assert found.index("T13") <= 6
    for late in (0, 1):
        order = [1, -1, -1, 1]
        fresh = [but(each, held=held(20_000 * order[(each.pulses + late) % 4])) for each in series]
        assert codes(look_channel("readings_stale", fresh)) == [None] * len(series)


@pytest.mark.parametrize(
    "weak", [{"set_low_ua": 999}, {"held": held(0)}, {"held": held(9_999)}], ids=repr
)
def test_signs_are_not_judged_where_there_is_none(weak: dict[str, Any]) -> None:
    series = [but(each, **weak) for each in standing(10_000)]
    assert codes(look_channel("readings_stale", series)) == [None] * len(series)
    frozen = [but(each, held=held(0)) for each in series]
    assert codes(look_channel("adc_frozen", frozen)) == [None] * len(series)


@pytest.mark.parametrize(("age_us", "code"), [(50_000, None), (50_001, "T13")])
def test_a_hold_not_read_for_50_ms_is_stale(age_us: int, code: str | None) -> None:
    rule = next(rule for rule in CHANNEL_RULES if rule.name == "readings_stale")

    reading = channel(held_at_us=T - age_us)
    _, hold = take_held(LastJudged(), reading)
    assert codes([rule.judge(rule.fresh, hold, readings())[1]]) == [code]
    for quiet in ({"energising": False}, {"stream": but(GOOD_STREAM, playing=False)}):
        assert rule.judge(rule.fresh, hold, readings(**quiet))[1] is None


def test_a_hold_that_cannot_be_read_is_stale() -> None:
    missing = [channel(held=None)]
    assert last("readings_stale", missing) == "T13"
    assert last("readings_stale", missing, energising=False) is None


def test_a_pair_bit_by_bit_the_same_over_four_pulses_is_frozen() -> None:
    series = [but(each, held=held(20_000, 17_001)) for each in standing(10_000)]
    found = codes(look_channel("adc_frozen", series))
    assert found[:4] == [None, None, None, "T14"]
    assert "T13" not in codes(look_channel("readings_stale", series))[:4]
    assert last("adc_frozen", [but(each, set_low_ua=999) for each in series]) is None
    assert codes(look_channel("adc_frozen", standing(10_000))) == [None] * 399


def stale_at(now_us: int, reading: ChannelReading) -> Finding | None:
    """Return what is said of a reading that is this old by then."""
    tick = readings(now_us=Microseconds(now_us), channels=(reading,))
    found = judge(InterlockMemory(), tick).trips
    return next((trip for trip in found if trip.code.value == "T13"), None)


def test_holds_that_are_missing_or_old_are_told_apart() -> None:
    (missing,) = of_signs(20_000, held=None)
    assert said(stale_at(T, missing)) == ("T13", 2, "not read")
    (old,) = of_signs(20_000)
    assert stale_at(T + 50_000, old) is None
    assert said(stale_at(T + 50_001, old)) == ("T13", 2, "50001 µs old")


@pytest.mark.parametrize("begun_us", [T, -20 * MS])
def test_a_hold_that_stands_is_told_with_pulses_and_time_from_whenever_it_was_due(
    begun_us: int,
) -> None:
    """Three pulses of one sign fit no order; 20 ms later the hold has stood too long.

    In the second case that moment is the very start of the engine's clock.
    """
    still = of_signs(*range(20_000, 20_005), begun_us=begun_us)
    found = look_channel("readings_stale", still)
    assert found[:-1] == [None] * 4
    assert said(found[-1]) == ("T13", 2, "no new hold for 4 pulses and 20 ms")


@pytest.mark.parametrize("begun_us", [T, -20 * MS])
def test_a_frozen_pair_is_told_10_ms_after_it_was_due(begun_us: int) -> None:
    found = look_channel("adc_frozen", of_signs(*[20_000] * 4, begun_us=begun_us))
    assert found[:-1] == [None] * 3
    assert said(found[-1]) == ("T14", 2, "held values the same over 3 pulses")


def test_a_pulse_that_may_have_ended_or_not_leaves_both_places_of_the_order_open() -> None:
    """Reads at 1 or 2, 4 or 5, 8 or 9, 12 or 13 pulses: + at each, as + − − + has it."""
    ticks = [
        channel(
            pulses=count,
            exact=False,
            pulses_most=count + 1,
            held_at_us=Microseconds(T + n * 10 * MS),
        )
        for n, count in enumerate([1, 4, 8, 12, 16])
    ]
    assert look_channel("readings_stale", ticks) == [None] * 5
