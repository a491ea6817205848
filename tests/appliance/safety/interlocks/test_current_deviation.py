"""What flows against what was set, at each limit."""

import pytest

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
    pulses,
    repeat,
)

# --- measured above set ----------------------------------------------------------------------


@pytest.mark.proves("measured-above-set")
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


@pytest.mark.proves("measured-above-set")
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


@pytest.mark.proves("measured-above-set")
def test_what_was_held_before_the_stream_is_not_held_against_it() -> None:
    assert last("measured_above_set", [channel(**at_set(0, 60_000), pulses=0)]) is None


@pytest.mark.proves("measured-above-set")
def test_a_pulse_of_an_older_higher_code_is_not_above_set() -> None:
    falling = channel(set_low_ua=0, set_high_ua=30_000, held=held(30_000))
    assert last("measured_above_set", [falling]) is None


# --- set against measured --------------------------------------------------------------------


@pytest.mark.proves("set-against-measured")
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


@pytest.mark.proves("set-against-measured")
def test_one_wrong_phase_in_the_order_of_four_trips_on_its_third_hold() -> None:
    """Hazard: of + − − + no phase is held three times in a row, so it would never trip."""
    bad, good = at_set(40_000, 33_000), at_set(40_000, 40_000)
    for start in range(4):
        order = [(good, bad, bad, good)[(start + n) % 4] for n in range(9)]
        found = codes(look_channel("set_against_measured", pulses(order)))
        third = [n for n, each in enumerate(order) if each is bad][2]
        assert found[: third + 1] == [None] * third + ["T05"]
    every_other = [(good, bad)[n % 2] for n in range(6)]
    assert last("set_against_measured", pulses(every_other)) == "T05"


@pytest.mark.proves("set-against-measured")
def test_a_weak_hold_is_left_to_the_rules_that_cut() -> None:
    """Hazard: a missing phase must cut; a ramp that is named first would hide it."""
    order = [at_set(40_000, 40_000 if n % 4 in (0, 3) else 19_999) for n in range(9)]
    assert codes(look_channel("set_against_measured", pulses(order))) == [None] * 9
    order = [at_set(40_000, 40_000 if n % 4 in (0, 3) else 20_000) for n in range(9)]
    assert last("set_against_measured", pulses(order[:6])) == "T05"


@pytest.mark.proves("set-against-measured")
def test_three_odd_holds_in_seven_do_not_trip() -> None:
    bad, good = at_set(40_000, 30_000), at_set(40_000, 40_000)
    series = pulses([bad, bad, good, good, good, good, bad, bad, good])
    assert codes(look_channel("set_against_measured", series)) == [None] * 9


@pytest.mark.proves("set-against-measured")
def test_the_same_hold_read_again_counts_once() -> None:
    bad = pulses(repeat(2, **at_set(40_000, 30_000)))
    again = [but(bad[1], held_at_us=T + n * 10 * MS) for n in range(2, 9)]
    assert last("set_against_measured", [*bad, *again]) is None


@pytest.mark.proves("set-against-measured")
def test_a_hold_anywhere_between_two_codes_is_as_set() -> None:
    for current_ua in (8_000, 20_000, 34_500):
        fields = {"set_low_ua": 10_000, "set_high_ua": 30_000, "held": held(current_ua)}
        assert last("set_against_measured", pulses(repeat(5, **fields))) is None


@pytest.mark.proves("set-against-measured")
@pytest.mark.parametrize(
    ("measured_ua", "code"),
    [(10_000, None), (8_000, None), (7_999, "T05"), (12_000, None), (12_001, "T05")],
)
def test_just_what_was_set_is_no_deviation_and_2_ma_are_allowed(
    measured_ua: int, code: str | None
) -> None:
    found = look_channel("set_against_measured", pulses(repeat(3, **at_set(10_000, measured_ua))))
    assert code_of(found[-1]) == code


@pytest.mark.proves("set-against-measured")
def test_while_the_amplitude_changes_only_what_lies_outside_of_both_is_off() -> None:
    rising = {"set_low_ua": 10_000, "set_high_ua": 20_000, "held": at_set(0, 20_000)["held"]}
    assert code_of(look_channel("set_against_measured", pulses(repeat(6, **rising)))[-1]) is None
    above = {**rising, "held": at_set(0, 20_001)["held"]}
    assert code_of(look_channel("set_against_measured", pulses(repeat(6, **above)))[-1]) is None


@pytest.mark.proves("set-against-measured")
def test_three_of_six_holds_count_and_three_of_seven_do_not() -> None:
    off, well = at_set(20_000, 16_000), at_set(20_000, 20_000)
    six = [off, well, off, well, well, off]
    assert code_of(look_channel("set_against_measured", pulses(six))[-1]) == "T05"
    seven = [off, well, off, well, well, well, off]
    assert code_of(look_channel("set_against_measured", pulses(seven))[-1]) is None


@pytest.mark.proves("set-against-measured")
@pytest.mark.parametrize(("off", "code"), [((1, 3, 6), "T05"), ((1, 3, 7), None)])
def test_a_deviation_counts_for_six_holds(off: tuple[int, ...], code: str | None) -> None:
    fields = [at_set(20_000, 24_000 if n in off else 20_000) for n in range(1, off[-1] + 1)]
    assert code_of(look_channel("set_against_measured", pulses(fields))[-1]) == code
