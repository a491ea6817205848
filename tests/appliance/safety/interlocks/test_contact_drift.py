"""A contact against its own baseline: up, down, and where the trend leads."""

from typing import Any

import pytest

from appliance.safety.interlocks.contact_drift import (
    NEW_PAD,
    ContactPoint,
    PadBaseline,
    band_of,
    contact_drift,
)
from appliance.safety.interlocks.held_value import LastJudged, take_held
from appliance.safety.interlocks.readings import ChannelReading
from appliance.safety.interlocks.rule import Caution, Finding
from appliance.safety.trips.trip import Trip
from drivers.quantities import Channel, Microseconds
from tests.appliance.safety.interlocks.bench import (
    BOARD,
    MS,
    S,
    T,
    at_set,
    but,
    channel,
    code_of,
    codes,
    held,
    last,
    look_channel,
    pulses,
    readings,
    repeat,
    said,
)


def loads(
    ohms: list[int], current_ua: int = 20_000, step_us: int = 10 * MS, **every: Any
) -> list[ChannelReading]:
    fields = [at_set(current_ua, current_ua, ohm * current_ua // 1_000) for ohm in ohms]
    return [but(each, held_at_us=T + n * step_us) for n, each in enumerate(pulses(fields, **every))]


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(("ohm", "code"), [(1_301, "T08"), (1_300, None), (700, None)])
def test_a_contact_30_percent_above_its_baseline_trips(ohm: int, code: str | None) -> None:
    """The second of the larger holds counts, and sixteen in a row: the 17th trips."""
    found = codes(look_channel("contact_drift", loads([1_000] * 20 + [ohm] * 17)))
    assert found == [*[None] * 36, code]


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(
    ("ohm", "code"), [(700, None), (699, "W05"), (500, "W05"), (499, "T40"), (120, "T40")]
)
def test_a_contact_that_falls_to_half_of_its_baseline_trips(ohm: int, code: str | None) -> None:
    """Hazard: gel joins the pads; when it breaks the whole current is back in the tissue."""
    found = codes(look_channel("contact_drift", loads([1_000] * 20 + [ohm] * 23)))
    # Seven holds more: the second largest of eight is an old one until then.
    assert found == [*[None] * 41, code, code]


@pytest.mark.proves("contact-drift")
def test_a_new_band_cannot_hide_a_contact_that_fell() -> None:
    before = loads([1_000] * 16, current_ua=9_000)
    fallen = [
        but(each, pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS)
        for each in loads([220] * 40, current_ua=20_000)
    ]
    assert last("contact_drift", [*before, *fallen]) == "T40"


@pytest.mark.proves("contact-drift")
def test_a_movement_of_a_few_pulses_is_no_drift() -> None:
    for shaken in range(1, 10):
        ohms = [1_000] * 16 + [2_000] * shaken + [1_000] * 40
        assert codes(look_channel("contact_drift", loads(ohms))) == [None] * len(ohms)


@pytest.mark.proves("contact-drift")
def test_a_baseline_is_that_of_the_first_phase_whatever_the_second_reads() -> None:
    """The second phase of a pulse starts from the first one's charge and reads lower."""
    ohms = [930, 380, 380, 930] * 8
    assert codes(look_channel("contact_drift", loads(ohms))) == [None] * 32
    assert last("contact_drift", loads(ohms + [1_209, 494, 494, 1_209] * 8)) is None
    assert last("contact_drift", loads(ohms + [1_211, 496, 496, 1_211] * 8)) == "T08"
    thirds = [1, -1, -1] * 20  # what 133 pulses per second show to a tick of 10 ms
    odd = [930 if sign > 0 else 380 for sign in thirds]
    assert codes(look_channel("contact_drift", loads(odd))) == [None] * 60


@pytest.mark.proves("contact-drift")
def test_a_new_band_cannot_hide_a_pad_that_lifted() -> None:
    before = loads([1_000] * 16, current_ua=9_000)
    lifted = loads([1_400] * 40, current_ua=20_000)
    lifted = [
        but(each, pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS) for each in lifted
    ]
    assert last("contact_drift", [*before, *lifted]) == "T08"
    assert last("contact_drift", lifted) is None


@pytest.mark.proves("contact-drift")
def test_a_lower_level_may_meet_a_larger_load() -> None:
    before = loads([1_000] * 16, current_ua=20_000)
    lower = [
        but(each, pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS)
        for each in loads([1_600] * 30, current_ua=4_000)
    ]
    assert codes(look_channel("contact_drift", [*before, *lower])) == [None] * 46


@pytest.mark.proves("contact-drift")
def test_another_width_has_a_baseline_of_its_own() -> None:
    before = loads([1_000] * 16)
    wider = [
        but(each, pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS, phase_us=400)
        for each in loads([1_600] * 30)
    ]
    assert codes(look_channel("contact_drift", [*before, *wider])) == [None] * 46


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(
    ("every", "changes"),
    [({}, {"checking": True}), ({"set_low_ua": 1_999}, {})],
    ids=["checking", "below 2 mA"],
)
def test_drift_is_not_judged_where_contact_cannot_be(
    every: dict[str, Any], changes: dict[str, Any]
) -> None:
    series = [but(each, **every) for each in loads([1_000] * 16 + [3_000] * 20)]
    assert codes(look_channel("contact_drift", series, **changes)) == [None] * 36


@pytest.mark.proves("contact-drift")
def test_drift_needs_current_to_judge() -> None:
    assert last("contact_drift", [channel(held=held(0, 119_000))]) is None
    still = [but(each, pulses=1) for each in loads([1_000] * 16 + [3_000] * 20)]
    assert last("contact_drift", still) is None


def drying(permille_per_s: int, seconds: int) -> list[ChannelReading]:
    """Return a contact that rises evenly, ten pulses a second."""
    ohms = [1_000] * 16 + [1_000 + n * permille_per_s // 10 for n in range(seconds * 10)]
    return loads(ohms, step_us=100 * MS)


@pytest.mark.proves("contact-drift", "contact-forecast")
def test_a_rising_contact_is_forecast_and_derates_before_it_trips() -> None:
    found = look_channel("contact_drift", drying(10, 35))
    first = next(n for n, each in enumerate(found) if each is not None)
    caution = found[first]
    assert isinstance(caution, Caution)
    assert (caution.code.value, caution.channel, caution.derates) == ("W02", 1, True)
    trips = [n for n, each in enumerate(found) if isinstance(each, Trip)]
    assert trips[0] - first > 100  # ten seconds and more


@pytest.mark.proves("contact-forecast")
def test_a_slow_rise_is_no_forecast() -> None:
    """3 permille a second from 110 % on takes more than 30 s to the limit until 121 %."""
    assert codes(look_channel("contact_drift", drying(3, 65)))[-1] is None
    assert codes(look_channel("contact_drift", drying(3, 75)))[-1] == "W02"


@pytest.mark.proves("contact-forecast")
def test_a_contact_that_stays_or_falls_is_no_forecast() -> None:
    ohms = [1_000] * 16 + [1_200] * 300 + [1_190] * 300
    found = codes(look_channel("contact_drift", loads(ohms, step_us=100 * MS)))
    assert found[160:316] == [None] * 156
    assert found[-290:] == [None] * 290


@pytest.mark.proves_none
def test_the_range_of_the_board_is_what_the_tests_say() -> None:
    assert BOARD.current_full_scale_ua == 120_000
    assert S == 1_000 * MS


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(
    ("phase_us", "set_ua", "band"),
    [
        (200, 2_000, (20, 22 + 1)),
        (209, 2_047, (20, 23)),
        (210, 2_048, (21, 24)),
        (50, 3_071, (5, 24)),
        (50, 3_072, (5, 25)),
        (500, 4_096, (50, 26)),
        (0, 0, (0, 0)),
        (0, 1, (0, 3)),
    ],
)
def test_bands_are_10_us_and_half_an_octave_wide(
    phase_us: int, set_ua: int, band: tuple[int, int]
) -> None:
    reading = channel(phase_us=phase_us, **at_set(set_ua, set_ua))
    assert band_of(take_held(LastJudged(), reading)[1]) == band


def after(*visits: tuple[int, int, int]) -> dict[tuple[int, int], int]:
    """Learn (ohm, current, phase) one after the other; return the baselines."""
    memory, seen, n = NEW_PAD, LastJudged(), 0
    for ohm, current_ua, phase_us in visits:
        for _ in range(12):
            n += 1
            fields = at_set(current_ua, current_ua, ohm * current_ua // 1_000)
            reading = channel(pulses=n, held_at_us=T + n, phase_us=phase_us, **fields)
            seen, hold = take_held(seen, reading)
            memory, _ = contact_drift(memory, hold, readings())
    assert memory.learning == {}
    return memory.baselines


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(
    ("current_ua", "ohm", "baseline"),
    [
        (4_000, 707, 707),
        (4_000, 705, 706),  # one half octave up: 70 % of 1009 are 706.3
        (4_000, 100, 706),
        (5_000, 455, 455),
        (5_000, 400, 454),  # two up: 45 % are 454.05, as for any number from there on
        (20_000, 100, 454),
    ],
)
def test_a_band_above_learns_no_less_than_what_more_current_explains(
    current_ua: int, ohm: int, baseline: int
) -> None:
    """Hazard: a pad already joined by gel is learnt as the pad it was meant to be."""
    assert list(after((1_009, 3_000, 200), (ohm, current_ua, 200)).values()) == [1_009, baseline]


@pytest.mark.proves("contact-drift")
def test_a_band_takes_its_bound_from_the_nearest_one_below_at_the_same_width() -> None:
    assert list(after((1_000, 5_000, 200), (1_400, 9_000, 200)).values()) == [1_000, 1_000]
    assert list(after((1_000, 5_000, 200), (900, 9_000, 200)).values()) == [1_000, 900]
    assert list(after((1_000, 5_000, 200), (1_400, 9_000, 300)).values()) == [1_000, 1_400]
    assert list(after((1_000, 9_000, 200), (1_400, 5_000, 200)).values()) == [1_000, 1_400]
    three = after((1_500, 2_500, 200), (1_200, 5_000, 200), (1_400, 9_000, 200))
    assert list(three.values()) == [1_500, 1_200, 1_200]


@pytest.mark.proves("contact-drift")
def test_a_baseline_takes_twelve_holds_and_a_verdict_eight() -> None:
    far = [1_000] * 12 + [2_000] * 23
    found = codes(look_channel("contact_drift", loads(far)))
    # 8 holds fill the window, 16 verdicts in a row trip: the 12 + 7 + 16th hold.
    assert found == [*[None] * 34, "T08"]
    assert codes(look_channel("contact_drift", loads(far[1:])))[-1] is None


@pytest.mark.proves("contact-drift", "contact-forecast")
def test_what_drifts_says_how_far() -> None:
    tripped = look_channel("contact_drift", loads([1_000] * 20 + [1_450] * 17))[-1]
    assert isinstance(tripped, Trip)
    assert said(tripped)[2] == "contact at 145 % of its baseline, allowed 130 %"
    caution = next(each for each in look_channel("contact_drift", drying(10, 35)) if each)
    # The first verdict from 110 % on; one point a second.
    assert said(caution)[2] == "contact at 110 % of its baseline and rising"


@pytest.mark.proves("contact-forecast")
@pytest.mark.parametrize(
    ("permille", "left", "code"),
    [(1_099, 10, None), (1_100, 10, "W02"), (1_150, 50, "W02"), (1_150, 49, None)],
)
def test_the_forecast_looks_30_s_ahead_from_110_percent_on(
    permille: int, left: int, code: str | None
) -> None:
    """`left` permille were gained over ten seconds; from 1150, 50 lead to 1300 in just 30 s."""
    gained = 67 if permille < 1_150 else left
    trend = tuple(ContactPoint(T + n * S, permille - gained + gained * n // 10) for n in range(11))
    baselines = {(20, band_of(take_held(LastJudged(), channel())[1])[1]): 1_000}
    recent = (permille,) * 8
    memory = PadBaseline({}, baselines, recent, trend=trend)
    hold = take_held(LastJudged(), channel(**at_set(20_000, 20_000, permille * 20)))[1]
    for now_us, steps in ((T + 10 * S + 999_999, trend), (T + 11 * S, None)):
        kept, found = contact_drift(memory, hold, readings(now_us=now_us))
        if steps is not None:
            assert kept.trend == steps
            assert codes([found]) == [code]
        else:
            assert kept.trend == (*trend[1:], ContactPoint(now_us, permille))
    short = memory._replace(trend=trend[:10])
    assert contact_drift(short, hold, readings(now_us=T + 9 * S + 1))[1] is None


def rising(from_ohm: int, took_us: int) -> list[ChannelReading]:
    """Return a contact of channel 2 that rises from there to 119.9 % of its baseline of 1 kΩ.

    The window's second largest hold counts, so the last but one is large too.
    """
    ohms = [1_000] * 12 + [from_ohm] * 16 + [1_199] * 2
    began_us = T + 190 * MS
    times = [T + n * 10 * MS for n in range(20)]
    times += [began_us + n * S for n in range(1, 10)] + [began_us + took_us]
    ticks = pulses([at_set(10_000, 10_000, ohm * 10) for ohm in ohms], channel=Channel(2))
    return [
        but(each, held_at_us=Microseconds(at_us)) for each, at_us in zip(ticks, times, strict=True)
    ]


@pytest.mark.proves("contact-forecast")
@pytest.mark.parametrize(
    ("from_ohm", "took_us", "code"),
    [(1_165, 10_099_010, "W02"), (1_165, 10_099_011, None), (1_164, 10_396_040, None)],
)
def test_a_forecast_leaves_away_what_is_less_than_a_microsecond(
    from_ohm: int, took_us: int, code: str | None
) -> None:
    """34 thousandths in 10.09901 s: the 101 left take 30 000 000.3 µs, then 30 000 003.3.

    35 thousandths in 10.39604 s: 30 000 001.1 µs.
    """
    found = look_channel("contact_drift", rising(from_ohm, took_us))
    assert codes(found) == [*[None] * 29, code]
    if found[-1] is not None:
        told = said(found[-1])[1:]
        assert told == (2, "contact at 119 % of its baseline and rising")


@pytest.mark.proves("contact-drift")
@pytest.mark.parametrize(("set_ua", "code"), [(2_000, "T08"), (1_999, None)])
def test_contact_is_followed_from_2_ma(set_ua: int, code: str | None) -> None:
    fields = [*repeat(12, **at_set(set_ua, 2_000)), *repeat(24, **at_set(set_ua, 2_000, 3_000))]
    found = look_channel("contact_drift", pulses(fields, channel=Channel(2)))
    assert code_of(found[-1]) == code
    if code:
        told = ("T08", 2, "contact at 150 % of its baseline, allowed 130 %")
        assert said(found[-1]) == told


@pytest.mark.proves("contact-drift")
def test_a_baseline_of_one_ohm_doubles_like_any_other() -> None:
    fields = [*repeat(12, **at_set(20_000, 20_000, 20)), *repeat(24, **at_set(20_000, 20_000, 40))]
    assert code_of(look_channel("contact_drift", pulses(fields))[-1]) == "T08"


@pytest.mark.proves("contact-forecast")
def test_a_rise_of_a_thousandth_in_ten_seconds_is_forecast_where_two_are_left() -> None:
    """From 129.7 % to 129.8 % in 10 s leads to 130 % in 20 s; standing still never does."""
    known = repeat(12, **at_set(10_000, 10_000, 10_000))

    def rising_to(voltage_mv: int) -> Finding | None:
        fields = [*known, *repeat(30, **at_set(10_000, 10_000, 12_970))]
        fields += repeat(9, **at_set(10_000, 10_000, voltage_mv))
        ticks = pulses(fields)
        late = [but(each, held_at_us=Microseconds(T + n * S)) for n, each in enumerate(ticks)]
        return look_channel("contact_drift", late)[-1]

    found = rising_to(12_980)
    assert said(found) == ("W02", 1, "contact at 129 % of its baseline and rising")
    assert rising_to(12_970) is None
