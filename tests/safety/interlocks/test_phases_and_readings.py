"""Both phases there and equal; readings alive, possible, and followed by the DAC."""

from typing import Any

import pytest

from appliance.safety.interlocks import (
    CHANNEL_RULES,
    ChannelReading,
    Readback,
    Seen,
    take_hold,
)
from appliance.safety.trips import Trip
from drivers.quantities import DacCode
from tests.safety.interlocks.bench import (
    GOOD_STREAM,
    MS,
    T,
    at_set,
    but,
    channel,
    codes,
    held,
    last,
    look_channel,
    pulses,
    readings,
    repeat,
)

pytestmark = pytest.mark.proves(
    "phase-missing", "residual-charge", "readings-fresh", "dac-readback"
)

# --- phases ----------------------------------------------------------------------------------


def one_legged(count: int, *, sign: int, weak_ua: int) -> list[ChannelReading]:
    """Return holds of a train of which the phase opposite to `sign` has little current."""
    full = pulses(repeat(count, **at_set(20_000, 20_000)))
    return [
        each
        if each.held is not None and each.held.current_ua * sign > 0
        else but(each, held=held(-sign * weak_ua, -sign * 100_000))
        for each in full
    ]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("weak_ua", "code"), [(0, "T11"), (9_999, "T11"), (10_000, None)])
def test_a_phase_with_less_than_half_its_current_is_missing_within_8_pulses(
    sign: int, weak_ua: int, code: str | None
) -> None:
    series = one_legged(8, sign=sign, weak_ua=weak_ua)
    found = look_channel("phase_missing", series)
    assert codes(found) == [*[None] * 7, code]
    if isinstance(found[-1], Trip):
        assert found[-1].detail == f"no {'negative' if sign > 0 else 'positive'} phase"


def test_three_weak_holds_of_eight_are_enough_for_a_missing_phase() -> None:
    """At 133 pulses per second eight reads may show a phase three times only."""
    values = [0, -20_000, -20_000, 0, -20_000, -20_000, 0, -20_000]
    series = [
        but(each, held=held(value)) for each, value in zip(pulses([{}] * 8), values, strict=True)
    ]
    assert last("phase_missing", series) == "T11"
    series[0] = but(series[0], held=held(-20_000))
    assert last("phase_missing", series) is None


@pytest.mark.parametrize("first", [4, 5, 6, 7])
@pytest.mark.parametrize("count", [1, 2])
def test_a_lead_that_bounces_for_two_pulses_is_no_missing_phase(first: int, count: int) -> None:
    series = pulses(repeat(24, **at_set(20_000, 20_000)))
    for n in range(first, first + count):
        series[n] = but(series[n], held=held(0))
    assert codes(look_channel("phase_missing", series)) == [None] * 24


@pytest.mark.parametrize("first", [8, 9, 10, 11])
def test_a_lead_that_comes_off_is_not_called_a_missing_phase_first(first: int) -> None:
    series = pulses(repeat(first + 3, **at_set(20_000, 20_000)))
    series[first:] = [but(each, held=held(0, 119_000)) for each in series[first:]]
    assert last("phase_missing", series) is None
    assert last("lead_off", series) == "T06"


def test_no_current_at_all_is_not_called_a_missing_phase() -> None:
    assert last("phase_missing", pulses(repeat(9, **at_set(20_000, 0, 119_000)))) is None


def test_a_missing_phase_is_not_judged_below_1_ma_nor_on_the_same_pulse() -> None:
    series = one_legged(12, sign=1, weak_ua=0)
    small = [but(each, set_low_ua=999) for each in series]
    assert last("phase_missing", small) is None
    still = [but(each, pulses=1) for each in series]
    assert last("phase_missing", still) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_phase_never_seen_in_32_holds_counts_as_missing(sign: int) -> None:
    series = [
        channel(pulses=4 * n, held_at_us=T + n * 20 * MS, held=held(sign * 20_000))
        for n in range(1, 34)
    ]
    trips = look_channel("phase_unseen", series)
    found = codes(trips)
    assert isinstance(trips[31], Trip)
    unseen = "negative" if sign > 0 else "positive"
    assert trips[31].detail == f"{unseen} phase not seen in 32 holds"
    assert found[:31] == [None] * 31
    assert found[31:] == ["T11", "T11"]
    other = but(series[20], held=held(-sign * 20_000))
    assert last("phase_unseen", [*series[:20], other, *series[21:]]) is None
    low = but(series[20], set_low_ua=999)
    assert last("phase_unseen", [*series[:20], low, *series[21:]]) is None
    blank = but(series[20], held=held(0))
    assert last("phase_unseen", [*series[:20], blank, *series[21:]]) is None
    assert last("phase_unseen", [but(each, pulses=4) for each in series]) is None


# --- residual charge -------------------------------------------------------------------------


def leaning(plus_ua: int, minus_ua: int, count: int = 16, **every: Any) -> list[ChannelReading]:
    fields = {**at_set(20_000, 20_000), **every}
    series = pulses(repeat(count, **fields))
    return [
        but(each, held=held(plus_ua if n % 4 in (0, 3) else -minus_ua))
        for n, each in enumerate(series)
    ]


@pytest.mark.parametrize(
    ("difference_ua", "code"),
    [
        # × 200 µs ÷ 10 000 µs: a fiftieth
        (499, None),
        (500, "W01"),
        (2_499, "W01"),
        (2_500, "T10"),
        (-499, None),
        (-500, "W01"),
        (-2_500, "T10"),
    ],
)
def test_mean_direct_current_warns_at_10_and_trips_at_50_microampere(
    difference_ua: int, code: str | None
) -> None:
    found = codes(look_channel("residual", leaning(20_000 + difference_ua, 20_000)))
    assert found == [*[None] * 15, code]


def test_residual_grows_with_phase_and_rate() -> None:
    assert last("residual", leaning(20_500, 20_000, phase_us=1_000)) == "T10"
    assert last("residual", leaning(20_500, 20_000, mean_period_us=2_000)) == "T10"
    assert last("residual", leaning(20_500, 20_000, mean_period_us=20_000)) is None


def test_residual_is_judged_again_every_16_holds() -> None:
    found = codes(look_channel("residual", leaning(24_000, 20_000, 33)))
    assert [n for n, code in enumerate(found, 1) if code] == [16, 32]


def test_residual_needs_four_holds_of_each_phase() -> None:
    series = leaning(24_000, 20_000)
    few = [but(each, held=held(24_000 if n >= 3 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", few) is None
    enough = [but(each, held=held(24_000 if n >= 4 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", enough) == "T10"
    negative = [but(each, held=held(24_000 if n < 3 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", negative) is None


@pytest.mark.parametrize(
    "disturbance",
    [
        {"set_low_ua": 19_000},
        {"set_low_ua": 20_001, "set_high_ua": 20_001},
        {"set_low_ua": 900, "set_high_ua": 900},
        {"mean_period_us": 0},
        {"held": held(0)},
    ],
    ids=repr,
)
def test_residual_is_not_averaged_over_a_change(disturbance: dict[str, Any]) -> None:
    series = leaning(24_000, 20_000)
    series[8] = but(series[8], **disturbance)
    assert codes(look_channel("residual", series)) == [None] * 16


def test_residual_counts_a_hold_once() -> None:
    series = leaning(24_000, 20_000)
    still = [but(each, pulses=1) for each in series]
    assert codes(look_channel("residual", still)) == [None] * 16


# --- readings --------------------------------------------------------------------------------


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
                held=held(sign * 9_000 + n),
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
    assert stale.detail == "no new hold for 4 pulses and 20 ms"
    frozen = [each for each in look_channel("adc_frozen", series) if each]
    assert [each.detail for each in frozen] == [
        "held values the same over 3 pulses",
        "held values the same over 4 pulses",
    ]
    assert [
        each.detail for each in look_channel("readings_stale", [channel(held=None)]) if each
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


@pytest.mark.parametrize("weak", [{"set_low_ua": 999}, {"held": held(0)}], ids=repr)
def test_signs_are_not_judged_where_there_is_none(weak: dict[str, Any]) -> None:
    series = [but(each, **weak) for each in standing(10_000)]
    assert codes(look_channel("readings_stale", series)) == [None] * len(series)
    frozen = [but(each, held=held(0)) for each in series]
    assert codes(look_channel("adc_frozen", frozen)) == [None] * len(series)


@pytest.mark.parametrize(("age_us", "code"), [(50_000, None), (50_001, "T13")])
def test_a_hold_not_read_for_50_ms_is_stale(age_us: int, code: str | None) -> None:
    rule = next(rule for rule in CHANNEL_RULES if rule.name == "readings_stale")

    reading = channel(held_at_us=T - age_us)
    _, hold = take_hold(Seen(), reading)
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


@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "code"),
    [
        (118_799, 1_000, None),
        (118_800, 1_000, "T14"),
        (-118_800, 1_000, "T14"),
        (20_000, 148_499, None),
        (20_000, 148_500, "T14"),
        (20_000, -148_500, "T14"),
    ],
)
def test_a_hold_at_the_end_of_the_range_is_implausible(
    current_ua: int, voltage_mv: int, code: str | None
) -> None:
    assert last("adc_at_end", [channel(held=held(current_ua, voltage_mv))]) == code
    assert last("adc_at_end", [channel(held=held(current_ua, voltage_mv), pulses=0)]) is None


@pytest.mark.parametrize(
    ("code_read", "code"), [(958, "T15"), (959, None), (1_541, None), (1_542, "T15")]
)
def test_a_dac_41_codes_off_what_it_was_given_is_stuck(code_read: int, code: str | None) -> None:
    readback = Readback(DacCode(code_read), DacCode(1_000), DacCode(1_500))
    assert last("dac_stuck", [channel(readback=readback, pulses=0)]) == code
    assert last("dac_stuck", [channel()]) is None
