"""When inputs were last judged good. A stop is timed from there: too long, never too short.

Limits are restated here: 15 % or 2 mA of deviation, half of the current, the rail from 95 % of
120 V on, 5 kΩ and 100 Ω from 2 mA on, 41 codes of the DAC, 1 % of a slice.
"""

from collections.abc import Iterable
from typing import Any

import pytest

from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.last_good import ChannelGood, LastGood
from appliance.safety.interlocks.readings import ChannelReading, Readback, Readings, StreamReading
from drivers.interfaces import Inputs
from drivers.quantities import Channel, DacCode, Microamps, Microseconds
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    GOOD_STREAM,
    MS,
    T,
    at_set,
    but,
    channel,
    held,
    readings,
)

pytestmark = pytest.mark.proves("stop-record")

LAG_US = 3 * MS
"""How long before the reading the pulse that it shows had ended."""


def after(ticks: Iterable[Readings]) -> LastGood:
    """Return what was last good after these ticks."""
    memory = InterlockMemory()
    for tick in ticks:
        memory = judge(memory, tick).memory
    return memory.good


def holds(*fields: dict[str, Any], **every: Any) -> list[Readings]:
    """Return a tick for each hold, 10 ms apart, each of a pulse of its own."""
    ticks = []
    for number, one in enumerate(fields):
        at_us = Microseconds(T + number * 10 * MS)
        given: dict[str, Any] = {
            "pulses": number + 1,
            "held_at_us": at_us,
            "pulse_ended_us": Microseconds(at_us - LAG_US),
            **every,
            **one,
        }
        ticks.append(readings(now_us=at_us, channels=(channel(**given),)))
    return ticks


def ended_us(number: int) -> int:
    """Return when the pulse ended that hold `number` (from 0) shows."""
    return T + number * 10 * MS - LAG_US


def good_of(*fields: dict[str, Any], **every: Any) -> ChannelGood:
    return after(holds(*fields, **every)).channel(1)


GOOD = at_set(20_000, 20_000)
BACK = at_set(20_000, -20_100, -20_100)


# --- lines and the screen ------------------------------------------------------------------------


@pytest.mark.parametrize("line", Inputs._fields)
def test_a_line_is_good_at_its_last_reading_that_was_high(line: str) -> None:
    low = but(GOOD_INPUTS, **{line: False})
    later = Microseconds(T + 10 * MS)
    good = after([readings(), readings(now_us=later, inputs_at_us=later, inputs=low)])
    times = {name: T if name == line else T + 10 * MS for name in Inputs._fields}
    assert {name: good.line_us(name) for name in Inputs._fields} == times


def test_inputs_that_were_not_read_are_good_when_they_were_read_last() -> None:
    later = Microseconds(T + 10 * MS)
    assert after([readings(), readings(now_us=later, inputs=None)]).line_us("estop_closed") == T


def test_before_the_first_judgement_nothing_was_good() -> None:
    good = LastGood()
    assert {good.line_us(name) for name in Inputs._fields} == {None}
    assert (good.screen_us, good.slices.began_us) == (None, None)
    assert good.channel(2) == ChannelGood()
    assert good.channel(2).hold_us(both=False) is None


def test_a_screen_is_good_when_it_was_last_heard() -> None:
    assert after([readings(screen_at_us=Microseconds(T - 700 * MS))]).screen_us == T - 700 * MS


# --- held readings -------------------------------------------------------------------------------


def test_a_good_hold_is_dated_by_the_end_of_its_pulse_for_each_phase() -> None:
    good = good_of(GOOD, BACK)
    assert (good.positive_us, good.negative_us) == (ended_us(0), ended_us(1))
    assert good.hold_us(both=False) == ended_us(1)
    assert good.hold_us(both=True) == ended_us(0)


def test_where_one_phase_was_never_good_nothing_is_known_of_both() -> None:
    good = good_of(GOOD)
    assert good.hold_us(both=False) == ended_us(0)
    assert good.hold_us(both=True) is None


BAD: dict[str, dict[str, Any]] = {
    "above by over 15 %": at_set(20_000, 23_001),
    "below by over 15 %": at_set(20_000, 16_999),
    "above by over 2 mA": at_set(5_000, 7_001, 7_000),
    "outside a range, by its nearer end": {
        "set_low_ua": 20_000,
        "set_high_ua": 30_000,
        "held": held(16_999),
    },
    "under half of 1 mA": at_set(1_000, 499, 499),
    "at the rail": at_set(25_000, 25_000, 114_000),
    "over 5 kΩ": at_set(20_000, 20_000, 100_001),
    "over 5 kΩ below 2 mA": at_set(1_500, 1_500, 7_501),
    "over 5 kΩ, set below 1 mA": at_set(999, 2_000, 10_001),
    "under 100 Ω": at_set(20_000, 20_000, 1_999),
    "under 100 Ω, set below 2 mA": at_set(1_900, 2_000, 199),
    "no current read": {"held": None},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_hold_in_which_a_rule_would_count_something_is_not_good(bad: dict[str, Any]) -> None:
    """Hazard: a stop is timed from the first pulse that was wrong, not from the last right."""
    assert good_of(GOOD, bad).hold_us(both=False) == ended_us(0)


STILL_GOOD: dict[str, dict[str, Any]] = {
    "above by 15 %": at_set(20_000, 23_000),
    "below by 15 %": at_set(20_000, 17_000),
    "above by 2 mA": at_set(5_000, 7_000, 7_000),
    "within a range": {"set_low_ua": 20_000, "set_high_ua": 30_000, "held": held(17_000)},
    "half of 1 mA": at_set(1_000, 500, 500),
    "below 1 mA no share is judged": at_set(999, 100, 0),
    "below the rail": at_set(25_000, 25_000, 113_999),
    "5 kΩ": at_set(20_000, 20_000, 100_000),
    "100 Ω": at_set(20_000, 20_000, 2_000),
    "under 100 Ω below 2 mA": at_set(1_900, 1_999, 150),
}


@pytest.mark.parametrize("other", STILL_GOOD.values(), ids=list(STILL_GOOD))
def test_a_hold_at_the_limit_is_good(other: dict[str, Any]) -> None:
    assert good_of(GOOD, other).hold_us(both=False) == ended_us(1)


def test_a_hold_on_which_a_rule_trips_is_not_good() -> None:
    """Hazard: 21.5 mA deviate by less than 2 mA, but the ceiling is 20 mA: one pulse cuts."""
    above = at_set(20_000, 21_500)
    ticks = holds(GOOD, above, ceiling_ua=Microamps(20_000))
    memory = judge(InterlockMemory(), ticks[0]).memory
    judgement = judge(memory, ticks[1])
    assert [trip.code.value for trip in judgement.trips] == ["T04"]
    assert judgement.good.channel(1).hold_us(both=False) == ended_us(0)


def test_a_hold_that_is_the_same_bit_by_bit_may_be_frozen() -> None:
    assert good_of(GOOD, GOOD, GOOD).hold_us(both=False) == ended_us(0)
    assert good_of(GOOD, GOOD, BACK).hold_us(both=False) == ended_us(2)


def test_a_hold_is_looked_at_once_for_each_pulse() -> None:
    again = {**BACK, "pulses": 1}
    assert good_of(GOOD, again).hold_us(both=False) == ended_us(0)


def test_a_hold_of_no_pulse_that_has_ended_is_not_good() -> None:
    assert good_of({**GOOD, "pulse_ended_us": None}).hold_us(both=False) is None


def test_what_was_good_outlasts_a_new_stream_and_a_new_contact_check() -> None:
    ticks = holds(GOOD, {**BACK, "pulses": 0, "pulse_ended_us": None})
    ticks[1] = but(ticks[1], stream=but(GOOD_STREAM, number=2), checking=True)
    assert after(ticks).channel(1).hold_us(both=False) == ended_us(0)


def test_each_channel_is_good_by_itself() -> None:
    def both_channels(number: int, second: dict[str, Any]) -> Readings:
        (tick,) = holds({"pulses": number + 1, **GOOD})
        at_us = Microseconds(T + number * 10 * MS)
        times: dict[str, Any] = {
            "held_at_us": at_us,
            "pulse_ended_us": Microseconds(at_us - LAG_US),
            "pulses": number + 1,
        }
        first: ChannelReading = channel(**{**(GOOD if number == 0 else BACK), **times})
        other = channel(**{**second, **times, "channel": Channel(2)})
        return but(tick, now_us=at_us, channels=(first, other))

    good = after([both_channels(0, GOOD), both_channels(1, at_set(20_000, -5_000, -5_000))])
    assert good.channel(1).hold_us(both=False) == ended_us(1)
    assert good.channel(2).hold_us(both=False) == ended_us(0)


# --- the DAC's readback --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "good"), [(558, False), (559, True), (600, True), (741, True), (742, False)]
)
def test_a_dac_is_good_when_it_was_read_back_within_41_codes(code: int, good: bool) -> None:
    read = Readback(DacCode(code), DacCode(600), DacCode(700))
    before = Readback(DacCode(650), DacCode(600), DacCode(700))
    ticks = holds({**GOOD, "readback": before}, {**BACK, "readback": read}, BACK)
    assert after(ticks).channel(1).readback_us == T + (10 * MS if good else 0)


# --- slices --------------------------------------------------------------------------------------


def stream(markers: int, marker_us: int, interval_us: int = 25_000, **more: Any) -> StreamReading:
    reading = but(GOOD_STREAM, markers=markers, marker_us=marker_us, interval_us=interval_us)
    return but(reading, **more) if more else reading


def began_us(first: StreamReading, *streams: StreamReading) -> int | None:
    """Return when the last good slice began; before the first marker there was no slice."""
    first = but(first, interval_us=Microseconds(0), planned_us=Microseconds(0))
    return after(readings(stream=one) for one in (first, *streams)).slices.began_us


@pytest.mark.parametrize(
    ("interval_us", "good"), [(24_749, False), (24_750, True), (25_250, True), (25_251, False)]
)
def test_a_slice_is_good_from_its_beginning_if_the_next_came_in_time(
    interval_us: int, good: bool
) -> None:
    two = stream(400, T), stream(401, T + interval_us, interval_us)
    three = stream(402, T + 60_000, 25_000 if good else 40_000)
    assert began_us(*two) == (T if good else None)
    assert began_us(stream(399, T - 25_000), *two, three) == (
        T + interval_us if good else T - 25_000
    )


def test_a_tick_without_a_new_marker_changes_nothing() -> None:
    late = stream(401, T + 25_000, 40_000)
    assert began_us(stream(400, T), stream(401, T + 25_000), late) == T


def test_the_first_slices_of_a_stream_prove_nothing() -> None:
    new = stream(1, T + 50_000, 0, number=2, planned_us=Microseconds(0))
    before = stream(400, T), stream(401, T + 25_000)
    assert began_us(*before, new) is None
    second = stream(2, T + 75_000, number=2)
    assert began_us(*before, new, second) == T + 50_000


def test_without_a_stream_no_slice_is_good() -> None:
    assert began_us(stream(400, T), stream(401, T + 25_000), StreamReading()) is None
