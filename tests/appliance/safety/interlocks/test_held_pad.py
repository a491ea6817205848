"""A pad held by hand: one open pulse zeroes its level and trips nothing. In others, as ever."""

import pytest

from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.readings import ChannelReading
from appliance.safety.interlocks.rule import Caution
from tests.appliance.safety.interlocks.bench import (
    MS,
    T,
    at_set,
    but,
    codes,
    look_channel,
    pulses,
    readings,
    repeat,
)

pytestmark = pytest.mark.proves("held-pad")

HELD = {"pad_is_held": True, "ceiling_ua": 25_000}
OPEN = at_set(20_000, 0, 119_000)
GOOD = at_set(20_000, 20_000, 20_000)


def search(*fields: dict[str, object], step_us: int = 500 * MS) -> list[ChannelReading]:
    """Return pulses of a search, two a second."""
    series = pulses(fields, **HELD)
    return [but(each, held_at_us=T + n * step_us) for n, each in enumerate(series)]


def everything(series: list[ChannelReading]) -> tuple[set[str], list[str]]:
    """Return the codes of what the rules over the channel find: trips, and cautions in order."""
    memory, trips, cautions = InterlockMemory(), set(), []
    for reading in series:
        found = judge(memory, readings(now_us=reading.held_at_us, channels=(reading,)))
        memory = found.memory
        trips |= {trip.code.value for trip in found.trips if trip.channel is not None}
        cautions += [caution.code.value for caution in found.cautions]
    return trips, cautions


@pytest.mark.parametrize(
    ("set_ua", "current_ua", "voltage_mv", "opened"),
    [
        (20_000, 0, 119_000, True),
        (20_000, 9_999, 114_000, True),  # at the rail
        (20_000, 20_000, 113_999, True),  # over 5 kΩ
        (20_000, 20_000, 100_000, False),  # 5 kΩ
        (500, 0, 119_000, True),  # the voltage tells at any current
        (500, 0, 20_000, False),
        (0, 0, 119_000, False),  # nothing was set
    ],
)
def test_one_pulse_at_the_rail_or_over_5_kilohm_is_a_lifted_pad(
    set_ua: int, current_ua: int, voltage_mv: int, *, opened: bool
) -> None:
    (found,) = look_channel("pad_lifted", search(at_set(set_ua, current_ua, voltage_mv)))
    assert (found is not None) is opened
    if found is not None:
        assert isinstance(found, Caution)
        assert (found.code.value, found.channel, found.zeroes) == ("W06", 1, True)


def test_a_held_pad_that_opens_again_and_again_trips_nothing() -> None:
    """Hazard: a search that ends with each touch is given up for blind treatment."""
    flicker = [OPEN if n % 2 else GOOD for n in range(40)]
    assert everything(search(*flicker)) == (set(), ["W06"] * 20)
    trips, cautions = everything(search(*[GOOD] * 4, *[OPEN] * 12, *[GOOD] * 4))
    assert (trips, cautions) == (set(), ["W06"] * 12)


def test_without_a_held_pad_the_same_pulses_trip_as_ever() -> None:
    """Hazard: the pad of a treatment comes off and its current comes back in full."""
    series = [but(reading, pad_is_held=False) for reading in search(*[GOOD] * 4, *[OPEN] * 3)]
    trips, cautions = everything(series)
    assert "T06" in trips
    assert "W06" not in cautions


def test_a_short_trips_in_a_search_too() -> None:
    shorted = at_set(20_000, 20_000, 1_000)
    assert "T07" in everything(search(*repeat(3, **shorted)))[0]


def test_a_pad_that_was_lifted_has_a_new_baseline_where_it_touches() -> None:
    elsewhere = at_set(8_000, 8_000, 6_000)
    before, after = repeat(30, **at_set(8_000, 8_000, 20_000)), repeat(40, **elsewhere)
    slid = search(*before, *after)
    lifted = search(*before, at_set(8_000, 0, 119_000), *after)
    assert "T40" in codes(look_channel("contact_drift", slid))
    assert set(codes(look_channel("contact_drift", lifted))) == {None}


def test_nothing_is_lifted_in_a_contact_check_or_without_output() -> None:
    series = search(OPEN)
    assert look_channel("pad_lifted", series, checking=True) == [None]
    assert look_channel("pad_lifted", series, energising=False) == [None]


def test_a_held_pad_at_the_rail_with_most_of_its_current_goes_to_zero_and_trips_nothing() -> None:
    dry = repeat(3, **at_set(25_000, 24_000, 114_000))
    assert everything(search(*dry)) == (set(), ["W06"] * 3)
    assert "T09" in everything([but(each, pad_is_held=False) for each in search(*dry)])[0]
