"""How long a fact stays valid, with clocks that are right, unknown, or moved."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.body import PadSite, Side
from appliance.clinical.fact import (
    Fact,
    FactTime,
    elapsed_us,
    judged_at,
    newest_of,
    same_day,
    within,
)
from appliance.core.limits.limits import Region

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NOON = 12 * HOUR_US


def at(day: int, *, boot: int = 1, trusted: bool = True, hour: int = 0) -> FactTime:
    """Return noon of a day, `hour` later; the monotonic clock starts with the day count."""
    utc_us = day * DAY_US + NOON + hour * HOUR_US
    return FactTime(utc_us, utc_us // DAY_US, trusted, boot, utc_us)


def test_a_fact_of_today_is_valid_for_the_day_in_any_boot() -> None:
    assert same_day(at(100), at(100, boot=2, hour=11))


def test_a_fact_of_today_is_no_longer_valid_after_midnight() -> None:
    assert not same_day(at(100), at(100, hour=12))
    assert not same_day(at(100), at(101))


def test_without_a_trusted_clock_a_fact_is_valid_only_within_its_boot() -> None:
    then = at(100, trusted=False)
    assert same_day(then, judged_at(at(100, hour=2, trusted=False), None))
    assert not same_day(then, judged_at(at(100, hour=2, trusted=False, boot=2), None))
    assert within(then, judged_at(at(129, trusted=False), None), 30)
    assert not within(then, judged_at(at(129, trusted=False, boot=2), None), 30)


def test_a_fact_without_a_trusted_clock_is_never_dated_by_a_later_boot() -> None:
    assert not same_day(at(100, trusted=False), at(100, hour=1, boot=2))
    assert not within(at(100, trusted=False), at(100, hour=1, boot=2), 30)


def test_within_one_boot_without_a_clock_a_day_has_at_most_24_hours() -> None:
    then = at(100, trusted=False)
    assert same_day(then, judged_at(at(100, hour=23, trusted=False), None))
    assert not same_day(then, judged_at(at(101, trusted=False), None))


@pytest.mark.parametrize(("days", "valid"), [(0, True), (29, True), (30, False), (31, False)])
def test_thirty_days_end_after_thirty_days(*, days: int, valid: bool) -> None:
    assert within(at(100), at(100 + days, boot=2), 30) is valid


def test_a_clock_set_back_makes_nothing_valid_again() -> None:
    screened, newer = at(100), at(131)
    set_back = judged_at(at(101, boot=3), newer)
    assert not set_back.trusted
    assert not within(screened, set_back, 30)
    assert not same_day(at(101), judged_at(at(101, boot=3), newer))


def test_a_clock_set_back_within_the_boot_of_a_fact_makes_it_not_valid_again() -> None:
    newer = at(101)
    assert not same_day(at(100), judged_at(at(100, hour=1)._replace(boot=1), newer))


def test_a_day_that_is_known_to_have_ended_does_not_come_back_within_the_boot() -> None:
    late, past_midnight = at(100, hour=11), at(100, hour=13)
    set_back = judged_at(
        at(100, hour=11)._replace(monotonic_us=past_midnight.utc_us), past_midnight
    )
    assert not set_back.trusted
    assert not same_day(late, set_back)


def test_a_clock_behind_the_newest_fact_is_not_trusted() -> None:
    newer = at(100)
    assert judged_at(at(100, hour=-1), newer) == newer._replace(
        trusted=False, monotonic_us=at(100, hour=-1).monotonic_us
    )
    assert judged_at(at(100), newer) == at(100)
    assert judged_at(at(100, hour=1), newer) == at(100, hour=1)


def test_a_wild_time_of_an_untrusted_clock_is_not_looked_at() -> None:
    wild = at(50_000, boot=2, trusted=False)
    assert judged_at(wild, at(100))[:3] == (at(100).utc_us, 100, False)
    assert judged_at(wild, None)[:3] == (0, 0, False)


def test_the_newest_time_is_the_latest_trusted_one() -> None:
    wild = at(50_000, trusted=False)
    assert newest_of(None, wild) is None
    assert newest_of(None, at(1)) == at(1)
    assert newest_of(at(2), at(1)) == at(2)
    assert newest_of(at(2), wild) == at(2)
    assert newest_of(at(2), at(3)) == at(3)


def test_elapsed_time_is_monotonic_within_a_boot_and_by_calendar_between_two() -> None:
    assert elapsed_us(at(1), at(1, hour=1)._replace(utc_us=0)) == HOUR_US
    assert elapsed_us(at(1), at(1, hour=1, boot=2)) == HOUR_US
    assert elapsed_us(at(1), at(1, hour=1, boot=2, trusted=False)) is None
    assert elapsed_us(at(1, trusted=False), at(1, hour=1, boot=2)) is None


times = st.builds(
    FactTime,
    st.integers(0, 40 * DAY_US),
    st.integers(0, 40),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 40 * DAY_US),
).map(lambda time: time._replace(day=time.utc_us // DAY_US))


@given(st.tuples(times, times, times).map(lambda three: sorted(three, key=lambda t: t[3:])))
def test_no_step_of_the_clock_makes_an_expired_fact_valid(three: list[FactTime]) -> None:
    """A trusted clock saw the fact expire; whatever it shows later, it stays expired.

    What only the monotonic clock of a boot saw is not known in another one.
    """
    then, seen, stepped = three
    seen = judged_at(seen, newest_of(None, then))
    if not (then.trusted and seen.trusted):
        return
    later = judged_at(stepped, newest_of(newest_of(None, then), seen))
    calendar = seen._replace(boot=0)
    if not same_day(then, calendar):
        assert not same_day(then, later)
    if not within(then, calendar, 30):
        assert not within(then, later, 30)


def test_a_side_consists_of_left_and_right() -> None:
    assert Side.BOTH.single == (Side.LEFT, Side.RIGHT)
    assert Side.LEFT.single == (Side.LEFT,)
    assert Side.BOTH.includes(Side.LEFT)
    assert Side.BOTH.includes(Side.BOTH)
    assert not Side.LEFT.includes(Side.BOTH)
    assert not Side.LEFT.includes(Side.RIGHT)


def test_a_fact_with_an_unknown_field_cannot_be_read() -> None:
    facts = {"patient": "P-1", "operator": "K. M.", "simulated": False}
    assert msgspec.convert(facts, Fact).patient == "P-1"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**facts, "mood": "good"}, Fact)
    site = {"region": "neck", "side": "left", "spot": "c4"}
    assert msgspec.convert(site, PadSite) == PadSite(region=Region.NECK, side=Side.LEFT, spot="c4")
