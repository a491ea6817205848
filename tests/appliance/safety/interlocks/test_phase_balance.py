"""Both phases there, and equal."""

from typing import Any

import pytest

from appliance.safety.interlocks.readings import ChannelReading
from appliance.safety.trips.trip import Trip
from drivers.quantities import Microseconds
from tests.appliance.safety.interlocks.bench import (
    MS,
    T,
    at_set,
    but,
    channel,
    code_of,
    codes,
    held,
    last,
    look_channel,
    of_signs,
    pulses,
    repeat,
    said,
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


@pytest.mark.proves("phase-missing")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("weak_ua", "code"), [(0, "T11"), (9_999, "T11"), (10_000, None)])
def test_a_phase_with_less_than_half_its_current_is_missing_within_8_pulses(
    sign: int, weak_ua: int, code: str | None
) -> None:
    series = one_legged(8, sign=sign, weak_ua=weak_ua)
    found = look_channel("phase_missing", series)
    assert codes(found) == [*[None] * 7, code]
    if isinstance(found[-1], Trip):
        assert said(found[-1])[2] == f"no {'negative' if sign > 0 else 'positive'} phase"


@pytest.mark.proves("phase-missing")
def test_three_weak_holds_of_eight_are_enough_for_a_missing_phase() -> None:
    """At 133 pulses per second eight reads may show a phase three times only."""
    values = [0, -20_000, -20_000, 0, -20_000, -20_000, 0, -20_000]
    series = [
        but(each, held=held(value)) for each, value in zip(pulses([{}] * 8), values, strict=True)
    ]
    assert last("phase_missing", series) == "T11"
    series[0] = but(series[0], held=held(-20_000))
    assert last("phase_missing", series) is None


@pytest.mark.proves("phase-missing")
@pytest.mark.parametrize("first", [4, 5, 6, 7])
@pytest.mark.parametrize("count", [1, 2])
def test_a_lead_that_bounces_for_two_pulses_is_no_missing_phase(first: int, count: int) -> None:
    series = pulses(repeat(24, **at_set(20_000, 20_000)))
    for n in range(first, first + count):
        series[n] = but(series[n], held=held(0))
    assert codes(look_channel("phase_missing", series)) == [None] * 24


@pytest.mark.proves("phase-missing", "lead-off")
@pytest.mark.parametrize("first", [8, 9, 10, 11])
def test_a_lead_that_comes_off_is_not_called_a_missing_phase_first(first: int) -> None:
    series = pulses(repeat(first + 3, **at_set(20_000, 20_000)))
    series[first:] = [but(each, held=held(0, 119_000)) for each in series[first:]]
    assert last("phase_missing", series) is None
    assert last("lead_off", series) == "T06"


@pytest.mark.proves("phase-missing")
def test_no_current_at_all_is_not_called_a_missing_phase() -> None:
    assert last("phase_missing", pulses(repeat(9, **at_set(20_000, 0, 119_000)))) is None


@pytest.mark.proves("phase-missing")
def test_a_missing_phase_is_not_judged_below_1_ma_nor_on_the_same_pulse() -> None:
    series = one_legged(12, sign=1, weak_ua=0)
    small = [but(each, set_low_ua=999) for each in series]
    assert last("phase_missing", small) is None
    still = [but(each, pulses=1) for each in series]
    assert last("phase_missing", still) is None


@pytest.mark.proves("phase-missing")
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
    assert said(trips[31])[2] == f"{unseen} phase not seen in 32 holds"
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


@pytest.mark.proves("residual-charge")
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


@pytest.mark.proves("residual-charge")
def test_residual_grows_with_phase_and_rate() -> None:
    assert last("residual", leaning(20_500, 20_000, phase_us=1_000)) == "T10"
    assert last("residual", leaning(20_500, 20_000, mean_period_us=2_000)) == "T10"
    assert last("residual", leaning(20_500, 20_000, mean_period_us=20_000)) is None


@pytest.mark.proves("residual-charge")
def test_residual_is_judged_again_every_16_holds() -> None:
    found = codes(look_channel("residual", leaning(24_000, 20_000, 33)))
    assert [n for n, code in enumerate(found, 1) if code] == [16, 32]


@pytest.mark.proves("residual-charge")
def test_residual_needs_four_holds_of_each_phase() -> None:
    series = leaning(24_000, 20_000)
    few = [but(each, held=held(24_000 if n >= 3 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", few) is None
    enough = [but(each, held=held(24_000 if n >= 4 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", enough) == "T10"
    negative = [but(each, held=held(24_000 if n < 3 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", negative) is None


@pytest.mark.proves("residual-charge")
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


@pytest.mark.proves("residual-charge")
@pytest.mark.parametrize(
    "load", [{"held": held(-9_999)}, {"held": held(-20_000, -114_000)}], ids=repr
)
def test_a_pulse_that_its_load_kept_from_flowing_is_no_part_of_the_residual(
    load: dict[str, Any],
) -> None:
    series = leaning(24_000, 20_000, 17)
    series[9] = but(series[9], **load)
    assert codes(look_channel("residual", series)) == [*[None] * 16, "T10"]


@pytest.mark.proves("residual-charge")
def test_residual_counts_a_hold_once() -> None:
    series = leaning(24_000, 20_000)
    still = [but(each, pulses=1) for each in series]
    assert codes(look_channel("residual", still)) == [None] * 16


@pytest.mark.proves("residual-charge")
def test_a_residual_is_judged_at_a_mean_period_of_a_microsecond() -> None:
    # No train is that fast; nothing but an unknown period (0) may keep the rule from judging.
    series = [
        channel(
            pulses=n + 1,
            held_at_us=Microseconds(T + n * 10 * MS),
            mean_period_us=Microseconds(1),
            held=at_set(20_000, current_ua)["held"],
        )
        for n, current_ua in enumerate([20_100, -20_000, -20_000, 20_100] * 4)
    ]
    assert code_of(look_channel("residual", series)[-1]) == "T10"


@pytest.mark.proves("phase-missing")
@pytest.mark.parametrize(("flows_ua", "word"), [(20_000, "negative"), (-20_000, "positive")])
def test_a_missing_phase_and_one_never_seen_name_channel_and_phase(
    flows_ua: int, word: str
) -> None:
    half = of_signs(*[flows_ua, 0] * 4)
    assert said(look_channel("phase_missing", half)[-1]) == ("T11", 2, f"no {word} phase")
    alone = of_signs(*[flows_ua] * 32)
    told = ("T11", 2, f"{word} phase not seen in 32 holds")
    assert said(look_channel("phase_unseen", alone)[-1]) == told
