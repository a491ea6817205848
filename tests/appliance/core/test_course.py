"""How often what may be given, with every number written out again."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.limits.limits import Region
from appliance.core.limits.patient_limits import CeilingScope, PatientHistory
from appliance.core.prescription.sessions_per_patient import (
    GivenSession,
    Goal,
    TimeOfDay,
    TooSoon,
    at_this_place,
    goal_of,
    history_of,
    same_course,
    too_soon,
)
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.core.refusal import Refusal
from tests.support.texts import Said, said

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
MONDAY = 20_000 * DAY + 9 * HOUR
BACK = Region.LOWER_BACK
STRENGTH, TENS, TWITCH = (
    ProgrammeKind.STRENGTHENING,
    ProgrammeKind.CONVENTIONAL,
    ProgrammeKind.TWITCH,
)
OFTEN = 7


def had(ended_us: int | None, kind: ProgrammeKind = STRENGTH, **more: Any) -> GivenSession:
    """Return a session of 10 min that tells something, on the day it ended."""
    plain: dict[str, Any] = {
        "region": BACK,
        "goal": goal_of(kind),
        "motor": kind is not TENS,
        "able": True,
        "finished": True,
        "felt": True,
        "elapsed_us": 10 * MINUTE,
        "comfortable_ua": 20_000,
        "ended_us": ended_us,
        "day": None if ended_us is None else ended_us // DAY,
        "dated": ended_us is not None,
    }
    return GivenSession(**{**plain, **more})


def at(utc_us: int, *, trusted: bool = True) -> TimeOfDay:
    return TimeOfDay(utc_us, utc_us // DAY, trusted)


def soon(
    given: list[GivenSession],
    now: TimeOfDay,
    kind: ProgrammeKind = STRENGTH,
    per_week: int = OFTEN,
) -> TooSoon | None:
    """Ask as if all sessions were of one course."""
    had_here = same_course(given, BACK, goal_of(kind))
    return too_soon(had_here, per_week, now, after_first=len(had_here) == 1)


def refused(*asked: Any, **more: Any) -> Said | None:
    found = soon(*asked, **more)
    if found is None:
        return None
    return said(Refusal(found.rule, found.asked, found.allowed, found.nearest))


def limit(*asked: Any, **more: Any) -> str:
    found = refused(*asked, **more)
    return "" if found is None else found.limit


# --- courses -----------------------------------------------------------------------------------


@pytest.mark.proves("courses")
@pytest.mark.parametrize(
    ("kind", "goal"),
    [
        (ProgrammeKind.STRENGTHENING, "strength"),
        (ProgrammeKind.BURST_AC, "strength"),
        (ProgrammeKind.ENDURANCE, "endurance"),
        (ProgrammeKind.TWITCH, "relaxation"),
        (ProgrammeKind.CONTRACT_RELAX, "relaxation"),
        (ProgrammeKind.CIRCULATION, "circulation"),
        (ProgrammeKind.STABILISATION, "stabilisation"),
        (ProgrammeKind.REHABILITATION, "rehabilitation"),
        (ProgrammeKind.CONVENTIONAL, "pain"),
        (ProgrammeKind.BRIEF_INTENSE, "pain"),
        (ProgrammeKind.BURST, "pain"),
        (ProgrammeKind.LOW_RATE, "pain"),
        (ProgrammeKind.MODULATED, "pain"),
        (ProgrammeKind.MOTOR_POINT_FIND, "pain"),  # in no course: the search counts nowhere
    ],
)
def test_every_kind_has_a_goal(kind: ProgrammeKind, goal: str) -> None:
    assert goal_of(kind) == goal
    assert len(ProgrammeKind) == 14


@pytest.mark.proves("courses")
def test_the_first_session_of_all_is_free_whatever_the_clock_says() -> None:
    assert refused([], at(MONDAY)) is None
    assert refused([], at(MONDAY, trusted=False)) is None


@pytest.mark.proves("courses")
@pytest.mark.parametrize(("before", "hours"), [(0, 72), (1, 48), (5, 48)])
def test_strengthening_rests_72_hours_after_the_first_and_48_after_later_ones(
    before: int, hours: int
) -> None:
    given = [had(MONDAY - (each + 2) * 7 * DAY) for each in range(before)] + [had(MONDAY)]
    early = refused(given, at(MONDAY + hours * HOUR - 1))
    assert early is not None
    assert (early.limit, early.allowed) == (
        "rest between strengthening sessions",
        f"{hours} h apart",
    )
    assert refused(given, at(MONDAY + hours * HOUR)) is None


@pytest.mark.proves("courses")
def test_a_refusal_says_from_when_it_would_be_taken() -> None:
    found = refused([had(MONDAY)], at(MONDAY + HOUR))
    assert found is not None
    assert found.asked == "1 h after the last one"
    assert found.nearest == "from 2024-10-07 09:00"
    late = refused([had(MONDAY + 1)], at(MONDAY + HOUR))
    assert late is not None
    assert late.nearest == "from 2024-10-07 09:01"


@pytest.mark.proves("courses")
def test_from_when_is_told_by_the_clock_of_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hazard: a time in UTC is read as that of the clock on the wall."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "XXX-5:30")
        time.tzset()
        assert at_this_place(MONDAY) == "2024-10-04 14:30"
    time.tzset()


@pytest.mark.proves("courses")
def test_a_current_of_another_name_for_the_same_goal_is_the_same_course() -> None:
    assert limit([had(MONDAY, ProgrammeKind.BURST_AC)], at(MONDAY + 2 * DAY)).startswith(
        "rest between"
    )
    assert refused([had(MONDAY, TENS)], at(MONDAY + HOUR)) is None
    assert refused([had(MONDAY, region=Region.NECK)], at(MONDAY + HOUR)) is None


@pytest.mark.proves("courses")
def test_two_sessions_a_day_are_10_minutes_apart_and_no_third() -> None:
    one = [had(MONDAY, TWITCH)]
    assert limit(one, at(MONDAY + 10 * MINUTE - 1), TWITCH) == "session of the day"
    assert refused(one, at(MONDAY + 10 * MINUTE), TWITCH) is None
    two = [*one, had(MONDAY + HOUR, TWITCH)]
    third = refused(two, at(MONDAY + 3 * HOUR), TWITCH)
    assert third is not None
    assert (third.limit, third.allowed, third.nearest) == (
        "session of the day",
        "2 a day",
        "from 2024-10-05 00:00",
    )
    assert refused(two, at(MONDAY + DAY), TWITCH) is None


@pytest.mark.proves("courses")
def test_a_week_is_seven_days_that_roll() -> None:
    given = [had(MONDAY + each * 2 * DAY, TENS) for each in range(3)]
    fourth = refused(given, at(MONDAY + 6 * DAY), TENS, 3)
    assert fourth is not None
    assert (fourth.limit, fourth.asked, fourth.allowed) == (
        "sessions per week",
        "session 4 in 7 days",
        "3",
    )
    assert fourth.nearest == "from 2024-10-11 09:00"
    assert limit(given, at(MONDAY + 7 * DAY - 1), TENS, 3) == "sessions per week"
    assert refused(given, at(MONDAY + 7 * DAY), TENS, 3) is None


@pytest.mark.proves("courses")
def test_four_sessions_in_48_hours_are_the_most_whatever_midnight_lies_between() -> None:
    """Hazard: two sessions before midnight and two after it, and two more the day after."""
    late = MONDAY + 14 * HOUR  # 23:00
    given = [had(late + each * 30 * MINUTE, TENS) for each in range(4)]
    fifth = refused(given, at(late + 26 * HOUR), TENS, 20)
    assert fifth is not None
    assert (fifth.limit, fifth.asked, fifth.allowed) == (
        "sessions in 48 hours",
        "session 5 in 48 h",
        "4",
    )
    assert limit(given, at(late + 48 * HOUR - 1), TENS, 20) == "sessions in 48 hours"
    assert refused(given, at(late + 48 * HOUR), TENS, 20) is None


@pytest.mark.proves("courses")
@settings(max_examples=300, deadline=None)
@given(
    ends=st.lists(st.integers(0, 20 * 24 * 60), max_size=14),
    kind=st.sampled_from([STRENGTH, TENS, TWITCH]),
    per_week=st.integers(1, 7),
    later=st.integers(0, 4 * 24 * 60),
    first=st.booleans(),
)
def test_a_session_is_refused_until_the_moment_that_the_refusal_names(
    ends: list[int], kind: ProgrammeKind, per_week: int, later: int, first: bool
) -> None:
    """Hazard: what a refusal offers is refused as well."""
    sessions = [had(MONDAY + minutes * MINUTE, kind) for minutes in sorted(ends)]
    newest_us = MONDAY + (max(ends, default=0) + later) * MINUTE
    found = too_soon(sessions, per_week, at(newest_us), after_first=first)
    if found is None:
        return
    assert not found.lags
    assert found.from_us > newest_us
    early = too_soon(sessions, per_week, at(found.from_us - 1), after_first=first)
    assert early is not None
    assert early.from_us == found.from_us
    assert too_soon(sessions, per_week, at(found.from_us), after_first=first) is None


@pytest.mark.proves("courses")
@pytest.mark.parametrize(("elapsed_us", "counts"), [(60_000_000, True), (59_999_999, False)])
def test_what_was_broken_off_within_a_minute_is_no_session(elapsed_us: int, counts: bool) -> None:
    given = [had(MONDAY, elapsed_us=elapsed_us, finished=False, felt=False)]
    assert (limit(given, at(MONDAY + HOUR)) != "") == counts


@pytest.mark.proves("courses")
def test_how_a_session_ended_and_whether_it_was_felt_makes_no_difference_to_rest() -> None:
    given = [had(MONDAY, finished=False, felt=False, comfortable_ua=0)]
    assert limit(given, at(MONDAY + DAY)) == "rest between strengthening sessions"


# --- a clock that cannot be believed -------------------------------------------------------------


@pytest.mark.proves("courses")
@pytest.mark.parametrize(
    "now", [at(MONDAY + 30 * DAY, trusted=False), at(MONDAY - 1), at(0), at(0, trusted=False)]
)
def test_with_a_clock_not_set_or_set_back_nothing_expires(now: TimeOfDay) -> None:
    found = refused([had(MONDAY)], now)
    assert found is not None
    assert found.asked == "0 min after the last one"
    assert found.nearest == "set the clock: it is not, or stands before the last session"


@pytest.mark.proves("courses")
def test_a_session_that_ended_nobody_knows_when_ended_just_now() -> None:
    given = [had(MONDAY - 9 * DAY), had(None)]
    assert limit(given, at(MONDAY)) == "rest between strengthening sessions"


# --- the first three days ------------------------------------------------------------------------


def standing(
    given: list[GivenSession], now: TimeOfDay, ceiling_ua: int | None = None
) -> PatientHistory:
    return history_of(ceiling_ua, given, CeilingScope.BACK, now)


@pytest.mark.proves("first-session")
def test_six_sessions_within_an_hour_open_nothing() -> None:
    """Hazard: 30, 37.5, 46.25, 80, 80, 80 mA within an hour."""
    given = [had(MONDAY + each * 10 * MINUTE) for each in range(6)]
    found = standing(given, at(MONDAY + HOUR))
    assert (found.motor_sessions, found.comfortable_ua) == (0, 0)
    assert found.motor_today_us == 60 * MINUTE


@pytest.mark.proves("first-session")
def test_sessions_of_one_day_count_once_and_from_the_next_day_on() -> None:
    given = [had(MONDAY + each * HOUR, comfortable_ua=20_000 + each) for each in range(3)]
    found = standing(given, at(MONDAY + DAY))
    assert found == PatientHistory(None, 1, 20_002, 1, 20_002, 0)
    given += [had(MONDAY + 2 * DAY), had(MONDAY + 4 * DAY)]
    assert standing(given, at(MONDAY + 5 * DAY)).motor_sessions == 3


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(
    "wrong",
    [
        {"felt": False},
        {"finished": False},
        {"comfortable_ua": 0},
        {"elapsed_us": 5 * MINUTE - 1},
        {"able": False},
        {"dated": False},
        {"region": Region.NECK},
        {"region": Region.SUBOCCIPITAL},
    ],
)
def test_what_was_not_felt_kept_and_given_whole_opens_nothing(wrong: dict[str, Any]) -> None:
    now = at(MONDAY + 9 * DAY)
    assert standing([had(MONDAY)], now).motor_sessions == 1
    found = standing([replace(had(MONDAY), **wrong)], now)
    assert (found.motor_sessions, found.felt_sessions) == (0, 0)


@pytest.mark.proves("first-session")
def test_a_session_of_just_five_minutes_opens_something() -> None:
    """A vagal reaction is looked for in the first five minutes."""
    found = standing([had(MONDAY, elapsed_us=300_000_000)], at(MONDAY + DAY))
    assert (found.motor_sessions, found.felt_sessions) == (1, 1)


@pytest.mark.proves("first-session")
def test_tens_opens_tens_and_no_motor_programme() -> None:
    found = standing([had(MONDAY, TENS)], at(MONDAY + DAY))
    assert (found.motor_sessions, found.felt_sessions) == (0, 1)
    assert (found.comfortable_ua, found.felt_comfortable_ua) == (0, 20_000)


@pytest.mark.proves("first-session")
@pytest.mark.parametrize("now", [at(MONDAY + 9 * DAY, trusted=False), at(MONDAY - 3 * DAY)])
def test_with_a_clock_not_set_or_set_back_no_day_is_gained(now: TimeOfDay) -> None:
    given = [had(MONDAY), had(MONDAY + DAY)]
    assert standing(given, now).motor_sessions == 1
    assert standing([had(MONDAY)], now).motor_sessions == 0


@pytest.mark.proves("first-session")
def test_a_session_of_an_unknown_day_may_have_been_today() -> None:
    assert standing([had(None)], at(MONDAY)).motor_today_us == 10 * MINUTE


@pytest.mark.proves("first-session")
def test_every_minute_of_the_day_counts_however_short_the_session() -> None:
    given = [had(MONDAY, elapsed_us=MINUTE, finished=False), had(MONDAY - DAY)]
    assert standing(given, at(MONDAY + HOUR)).motor_today_us == MINUTE


@pytest.mark.proves("courses", "first-session")
def test_goals_have_names_for_good() -> None:
    assert [each.value for each in Goal] == [
        *("pain", "strength", "endurance", "relaxation", "circulation"),
        *("stabilisation", "rehabilitation"),
    ]
