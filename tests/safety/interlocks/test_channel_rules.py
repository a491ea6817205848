"""Current, contact and sensing of one channel: each rule at its limit and one step below it."""

from typing import Any

import pytest

from appliance.safety.interlocks import (
    CHANNEL_RULES,
    Caution,
    ChannelReading,
    Readback,
    Seen,
    take_hold,
)
from appliance.safety.trips import Trip
from drivers.quantities import DacCode
from tests.safety.interlocks.bench import (
    BOARD,
    GOOD_STREAM,
    MS,
    S,
    T,
    at_set,
    channel,
    codes,
    held,
    look_channel,
    pulses,
)


def repeat(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [fields] * count


def last(name: str, series: list[ChannelReading], **changes: Any) -> str | None:
    return codes(look_channel(name, series, **changes))[-1]


# --- what counts as a new hold ---------------------------------------------------------------


def test_a_reading_is_judged_once_and_only_after_a_new_pulse() -> None:
    seen, hold = take_hold(Seen(), channel(pulses=5))
    assert hold.new
    assert not take_hold(seen, channel(pulses=5, held_at_us=T + 10 * MS))[1].new
    assert not take_hold(seen, channel(pulses=6))[1].new
    assert not take_hold(seen, channel(pulses=4, held_at_us=T + 10 * MS))[1].new
    assert take_hold(seen, channel(pulses=6, held_at_us=T + 1))[1].new
    assert not take_hold(Seen(), channel(pulses=0))[1].new


def test_a_missing_reading_is_no_hold() -> None:
    seen, hold = take_hold(Seen(3, T), channel(held=None, pulses=9, held_at_us=T + 1))
    assert seen == Seen(3, T)
    assert (hold.new, hold.judged, hold.measured_ua, hold.voltage_mv, hold.sign) == (
        *(False, False, 0, 0, 0),
    )


@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "sign"),
    [
        (500, -9_000, 1),
        (-500, 9_000, -1),
        (499, 1_000, 1),
        (499, -1_000, -1),
        (-499, 999, 0),
        (499, -999, 0),
        (0, 0, 0),
    ],
)
def test_the_sign_is_that_of_the_current_or_else_of_the_voltage(
    current_ua: int, voltage_mv: int, sign: int
) -> None:
    assert take_hold(Seen(), channel(held=held(current_ua, voltage_mv)))[1].sign == sign


# --- measured above set ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_ua", "measured_ua", "code"),
    [
        (10_000, 15_000, None),  # 50 % but not more than 5 mA
        (10_000, 15_001, "T04"),
        (40_000, 50_000, None),  # 10 mA but not more than 25 %
        (40_000, 50_001, "T04"),
        (0, 5_001, "T04"),
        (20_000, 25_000, None),
        (20_000, 25_001, "T04"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_one_pulse_25_percent_and_5_ma_above_set_trips(
    set_ua: int, measured_ua: int, code: str | None, sign: int
) -> None:
    series = [channel(**at_set(set_ua, sign * measured_ua))]
    assert last("measured_above_set", series) == code


@pytest.mark.parametrize(
    ("ceiling_ua", "measured_ua", "code"),
    [
        (10_000, 11_000, None),
        (10_000, 11_001, "T04"),
        (60_000, 63_000, None),
        (60_000, 63_001, "T04"),
    ],
)
def test_one_pulse_above_the_ceiling_trips_beyond_what_sensing_errs(
    ceiling_ua: int, measured_ua: int, code: str | None
) -> None:
    series = [channel(**at_set(ceiling_ua, measured_ua), ceiling_ua=ceiling_ua)]
    assert last("measured_above_set", series) == code


def test_what_was_held_before_the_stream_is_not_held_against_it() -> None:
    assert last("measured_above_set", [channel(**at_set(0, 60_000), pulses=0)]) is None


def test_a_pulse_of_an_older_higher_code_is_not_above_set() -> None:
    falling = channel(set_low_ua=0, set_high_ua=30_000, held=held(30_000))
    assert last("measured_above_set", [falling]) is None


# --- set against measured --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_ua", "measured_ua", "code"),
    [
        (40_000, 46_000, None),
        (40_000, 46_001, "T05"),
        (40_000, 34_000, None),
        (40_000, 33_999, "T05"),
        (10_000, 12_000, None),
        (10_000, 12_001, "T05"),
        (10_000, 8_000, None),
        (10_000, 7_999, "T05"),
        (0, 2_000, None),
        (0, 2_001, "T05"),
    ],
)
def test_three_pulses_off_by_15_percent_and_2_ma_trip(
    set_ua: int, measured_ua: int, code: str | None
) -> None:
    found = codes(
        look_channel("set_against_measured", pulses(repeat(4, **at_set(set_ua, measured_ua))))
    )
    assert found == [None, None, code, code]


def test_a_pulse_within_starts_the_count_anew() -> None:
    bad, good = at_set(40_000, 30_000), at_set(40_000, 40_000)
    series = pulses([bad, bad, good, bad, bad, good])
    assert codes(look_channel("set_against_measured", series)) == [None] * 6


def test_the_same_hold_read_again_counts_once() -> None:
    bad = pulses(repeat(2, **at_set(40_000, 30_000)))
    again = [bad[1]._replace(held_at_us=T + n * 10 * MS) for n in range(2, 9)]
    assert last("set_against_measured", [*bad, *again]) is None


def test_a_hold_anywhere_between_two_codes_is_as_set() -> None:
    for current_ua in (8_000, 20_000, 34_500):
        fields = {"set_low_ua": 10_000, "set_high_ua": 30_000, "held": held(current_ua)}
        assert last("set_against_measured", pulses(repeat(5, **fields))) is None


# --- lead-off, short, compliance -------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_ua", "current_ua", "voltage_mv", "code"),
    [
        (20_000, 10_000, 20_000, None),  # half of set
        (20_000, 9_999, 20_000, "T06"),
        (1_000, 499, 100, "T06"),
        (999, 0, 119_000, None),  # below 1 mA nothing is judged
        (20_000, 20_000, 100_000, None),  # 5 kΩ
        (20_000, 20_000, 100_001, "T06"),
        (24_000, 20_399, 114_000, "T06"),  # at the rail, less than 85 % flows, and > 5 kΩ
        (40_000, 33_999, 114_000, "T06"),  # at the rail, less than 85 % flows
        (40_000, 33_999, 113_999, None),
        (40_000, 34_000, 114_000, None),  # that is compliance, not a lead
    ],
)
def test_three_pulses_without_a_path_are_a_lead_off(
    set_ua: int, current_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(set_ua, current_ua, voltage_mv)))
    assert codes(look_channel("lead_off", series)) == [None, None, code, code]


@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "code"),
    [
        (34_000, 114_000, "T09"),
        (34_000, 113_999, None),
        (40_000, 119_000, "T09"),
        (33_999, 114_000, None),
    ],
)
def test_three_pulses_at_the_rail_with_their_current_are_compliance(
    current_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(40_000, current_ua, voltage_mv)))
    assert codes(look_channel("compliance_reached", series)) == [None, None, code, code]


@pytest.mark.parametrize(
    ("set_ua", "current_ua", "voltage_mv", "code"),
    [
        (20_000, 20_000, 2_000, None),  # 100 Ω
        (20_000, 20_000, 1_999, "T07"),
        (2_000, 2_000, 0, "T07"),
        (1_999, 2_000, 0, None),
    ],
)
def test_three_pulses_into_less_than_100_ohm_are_a_short(
    set_ua: int, current_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(set_ua, current_ua, voltage_mv)))
    assert codes(look_channel("short", series)) == [None, None, code, code]


@pytest.mark.parametrize(
    ("set_ua", "voltage_mv", "code"),
    [(20_000, 50_000, None), (20_000, 50_001, "W03"), (1_999, 50_001, None)],
)
def test_three_pulses_over_2500_ohm_are_worth_a_caution(
    set_ua: int, voltage_mv: int, code: str | None
) -> None:
    series = pulses(repeat(4, **at_set(set_ua, 20_000, voltage_mv)))
    assert codes(look_channel("contact_high", series)) == [None, None, code, code]


CONTACT = [
    ("lead_off", (20_000, 0, 119_000)),
    ("compliance_reached", (40_000, 40_000, 119_000)),
    ("short", (20_000, 20_000, 0)),
    ("contact_high", (20_000, 20_000, 60_000)),
]


@pytest.mark.parametrize(("name", "hold"), CONTACT, ids=[name for name, _ in CONTACT])
def test_contact_is_not_judged_during_its_check_nor_after_one_pulse(
    name: str, hold: tuple[int, int, int]
) -> None:
    series = pulses(repeat(5, **at_set(*hold)))
    assert last(name, series) is not None
    assert last(name, series, checking=True) is None
    still = [each._replace(pulses=1) for each in series]
    assert last(name, still) is None
    good = channel(pulses=3, held_at_us=series[2].held_at_us)
    assert codes(look_channel(name, [*series[:2], good, *series[3:]])) == [None] * 5


# --- phases ----------------------------------------------------------------------------------


def one_legged(count: int, *, sign: int, weak_ua: int) -> list[ChannelReading]:
    """Return holds of a train of which the phase opposite to `sign` has little current."""
    full = pulses(repeat(count, **at_set(20_000, 20_000)))
    return [
        each
        if each.held is not None and each.held.current_ua * sign > 0
        else each._replace(held=held(-sign * weak_ua, -sign * 100_000))
        for each in full
    ]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("weak_ua", "code"), [(0, "T11"), (9_999, "T11"), (10_000, None)])
def test_a_phase_with_less_than_half_its_current_is_missing_within_4_pulses(
    sign: int, weak_ua: int, code: str | None
) -> None:
    series = one_legged(8, sign=sign, weak_ua=weak_ua)
    found = codes(look_channel("phase_missing", series))
    assert found[:3] == [None] * 3
    assert found[3] == code


def test_one_weak_pulse_in_four_is_no_missing_phase() -> None:
    series = pulses(repeat(16, **at_set(20_000, 20_000)))
    series[5] = series[5]._replace(held=held(0))
    assert codes(look_channel("phase_missing", series)) == [None] * 16


def test_no_current_at_all_is_not_called_a_missing_phase() -> None:
    assert last("phase_missing", pulses(repeat(9, **at_set(20_000, 0, 119_000)))) is None


def test_a_missing_phase_is_not_judged_below_1_ma_nor_on_the_same_pulse() -> None:
    series = one_legged(8, sign=1, weak_ua=0)
    small = [each._replace(set_low_ua=999) for each in series]
    assert last("phase_missing", small) is None
    still = [each._replace(pulses=1) for each in series]
    assert last("phase_missing", still) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_phase_never_seen_in_32_holds_counts_as_missing(sign: int) -> None:
    series = [
        channel(pulses=4 * n, held_at_us=T + n * 20 * MS, held=held(sign * 20_000))
        for n in range(1, 34)
    ]
    found = codes(look_channel("phase_unseen", series))
    assert found[:31] == [None] * 31
    assert found[31:] == ["T11", "T11"]
    other = series[20]._replace(held=held(-sign * 20_000))
    assert last("phase_unseen", [*series[:20], other, *series[21:]]) is None
    low = series[20]._replace(set_low_ua=999)
    assert last("phase_unseen", [*series[:20], low, *series[21:]]) is None
    blank = series[20]._replace(held=held(0))
    assert last("phase_unseen", [*series[:20], blank, *series[21:]]) is None
    assert last("phase_unseen", [each._replace(pulses=4) for each in series]) is None


# --- residual charge -------------------------------------------------------------------------


def leaning(plus_ua: int, minus_ua: int, count: int = 16, **every: Any) -> list[ChannelReading]:
    fields = {**at_set(20_000, 20_000), **every}
    series = pulses(repeat(count, **fields))
    return [
        each._replace(held=held(plus_ua if n % 4 in (0, 3) else -minus_ua))
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
    few = [each._replace(held=held(24_000 if n >= 3 else -20_000)) for n, each in enumerate(series)]
    assert last("residual", few) is None
    enough = [
        each._replace(held=held(24_000 if n >= 4 else -20_000)) for n, each in enumerate(series)
    ]
    assert last("residual", enough) == "T10"
    negative = [
        each._replace(held=held(24_000 if n < 3 else -20_000)) for n, each in enumerate(series)
    ]
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
    series[8] = series[8]._replace(**disturbance)
    assert codes(look_channel("residual", series)) == [None] * 16


def test_residual_counts_a_hold_once() -> None:
    series = leaning(24_000, 20_000)
    still = [each._replace(pulses=1) for each in series]
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
    late[5] = late[5]._replace(held=held(20_000))
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


def test_a_count_that_is_not_exact_proves_nothing() -> None:
    series = [each._replace(exact=False) for each in standing(10_000)]
    assert codes(look_channel("readings_stale", series)) == [None] * len(series)


@pytest.mark.parametrize("weak", [{"set_low_ua": 999}, {"held": held(0)}], ids=repr)
def test_signs_are_not_judged_where_there_is_none(weak: dict[str, Any]) -> None:
    series = [each._replace(**weak) for each in standing(10_000)]
    assert codes(look_channel("readings_stale", series)) == [None] * len(series)
    frozen = [each._replace(held=held(0)) for each in series]
    assert codes(look_channel("adc_frozen", frozen)) == [None] * len(series)


@pytest.mark.parametrize(("age_us", "code"), [(50_000, None), (50_001, "T13")])
def test_a_hold_not_read_for_50_ms_is_stale(age_us: int, code: str | None) -> None:
    rule = next(rule for rule in CHANNEL_RULES if rule.name == "readings_stale")
    from tests.safety.interlocks.bench import readings

    reading = channel(held_at_us=T - age_us)
    _, hold = take_hold(Seen(), reading)
    assert codes([rule.judge(rule.fresh, hold, readings())[1]]) == [code]
    for quiet in ({"energising": False}, {"stream": GOOD_STREAM._replace(playing=False)}):
        assert rule.judge(rule.fresh, hold, readings(**quiet))[1] is None


def test_a_hold_that_cannot_be_read_is_stale() -> None:
    missing = [channel(held=None)]
    assert last("readings_stale", missing) == "T13"
    assert last("readings_stale", missing, energising=False) is None


def test_a_pair_bit_by_bit_the_same_over_four_pulses_is_frozen() -> None:
    series = [each._replace(held=held(20_000, 17_001)) for each in standing(10_000)]
    found = codes(look_channel("adc_frozen", series))
    assert found[:4] == [None, None, None, "T14"]
    assert last("adc_frozen", [each._replace(set_low_ua=999) for each in series]) is None
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


# --- contact against its own baseline --------------------------------------------------------


def loads(
    ohms: list[int], current_ua: int = 20_000, step_us: int = 10 * MS, **every: Any
) -> list[ChannelReading]:
    fields = [at_set(current_ua, current_ua, ohm * current_ua // 1_000) for ohm in ohms]
    return [
        each._replace(held_at_us=T + n * step_us) for n, each in enumerate(pulses(fields, **every))
    ]


@pytest.mark.parametrize(("ohm", "code"), [(1_301, "T08"), (1_300, None), (700, None)])
def test_a_contact_30_percent_above_its_baseline_trips(ohm: int, code: str | None) -> None:
    found = codes(look_channel("contact_drift", loads([1_000] * 16 + [ohm] * 8)))
    assert found == [*[None] * 23, code]


def test_a_baseline_is_the_mean_over_both_phases() -> None:
    """The second phase of a pulse starts from the first one's charge and reads lower."""
    ohms = [1_200, 800, 800, 1_200] * 8
    assert codes(look_channel("contact_drift", loads(ohms))) == [None] * 32
    assert last("contact_drift", loads(ohms + [1_560, 1_040, 1_040, 1_560] * 2)) is None
    assert last("contact_drift", loads(ohms + [1_562, 1_042, 1_042, 1_562] * 2)) == "T08"


def test_a_new_band_cannot_hide_a_pad_that_lifted() -> None:
    before = loads([1_000] * 16, current_ua=9_000)
    lifted = loads([1_400] * 30, current_ua=20_000)
    lifted = [
        each._replace(pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS)
        for each in lifted
    ]
    assert last("contact_drift", [*before, *lifted]) == "T08"
    assert last("contact_drift", lifted) is None


def test_a_lower_level_may_meet_a_larger_load() -> None:
    before = loads([1_000] * 16, current_ua=20_000)
    lower = [
        each._replace(pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS)
        for each in loads([1_600] * 30, current_ua=4_000)
    ]
    assert codes(look_channel("contact_drift", [*before, *lower])) == [None] * 46


def test_another_width_has_a_baseline_of_its_own() -> None:
    before = loads([1_000] * 16)
    wider = [
        each._replace(pulses=each.pulses + 16, held_at_us=each.held_at_us + 160 * MS, phase_us=400)
        for each in loads([1_600] * 30)
    ]
    assert codes(look_channel("contact_drift", [*before, *wider])) == [None] * 46


@pytest.mark.parametrize(
    ("every", "changes"),
    [({}, {"checking": True}), ({"set_low_ua": 1_999}, {})],
    ids=["checking", "below 2 mA"],
)
def test_drift_is_not_judged_where_contact_cannot_be(
    every: dict[str, Any], changes: dict[str, Any]
) -> None:
    series = [each._replace(**every) for each in loads([1_000] * 16 + [3_000] * 20)]
    assert codes(look_channel("contact_drift", series, **changes)) == [None] * 36


def test_drift_needs_current_to_judge() -> None:
    assert last("contact_drift", [channel(held=held(0, 119_000))]) is None
    still = [each._replace(pulses=1) for each in loads([1_000] * 16 + [3_000] * 20)]
    assert last("contact_drift", still) is None


def drying(permille_per_s: int, seconds: int) -> list[ChannelReading]:
    """Return a contact that rises evenly, ten pulses a second."""
    ohms = [1_000] * 16 + [1_000 + n * permille_per_s // 10 for n in range(seconds * 10)]
    return loads(ohms, step_us=100 * MS)


def test_a_rising_contact_is_forecast_and_asks_to_fade_before_it_trips() -> None:
    found = look_channel("contact_drift", drying(10, 35))
    first = next(n for n, each in enumerate(found) if each is not None)
    caution = found[first]
    assert isinstance(caution, Caution)
    assert (caution.code.value, caution.channel, caution.fade) == ("W02", 1, True)
    trips = [n for n, each in enumerate(found) if isinstance(each, Trip)]
    assert trips[0] - first > 100  # ten seconds and more


def test_a_slow_rise_is_no_forecast() -> None:
    """3 permille a second from 110 % on takes more than 30 s to the limit until 121 %."""
    assert codes(look_channel("contact_drift", drying(3, 65)))[-1] is None
    assert codes(look_channel("contact_drift", drying(3, 75)))[-1] == "W02"


def test_a_contact_that_stays_or_falls_is_no_forecast() -> None:
    ohms = [1_000] * 16 + [1_200] * 300 + [1_190] * 300
    found = codes(look_channel("contact_drift", loads(ohms, step_us=100 * MS)))
    assert found[160:316] == [None] * 156
    assert found[-290:] == [None] * 290


def test_the_range_of_the_board_is_what_the_tests_say() -> None:
    assert BOARD.current_full_scale_ua == 120_000
    assert S == 1_000 * MS
