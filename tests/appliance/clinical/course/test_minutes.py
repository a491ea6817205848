"""Minutes to choose from, and what is noted about them."""

from dataclasses import replace

import pytest

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.course.minutes import judge_minutes, minutes_offered, note_of
from appliance.clinical.finding import Consequence
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from tests.support.regular_patient import a_session
from tests.support.screening import at
from tests.support.texts import said

pytestmark = pytest.mark.proves("first-session", "limits")

CATALOGUE = load_catalogue()
BACK = Region.LOWER_BACK


@pytest.mark.parametrize(
    ("name", "own", "offered"),
    [
        ("conventional-tens", 30, (5, 10, 15, 20, 30)),
        ("modulated-tens", 30, (5, 10, 15, 20, 30)),
        ("brief-intense-tens", 10, (5, 10, 15)),
        ("low-rate-tens", 20, (5, 10, 15, 20, 30)),
        ("burst-tens", 20, (5, 10, 15, 20, 30)),
        ("relaxation-twitch", 20, (5, 10, 15, 20, 30)),
        ("nmes-strengthening", 10, (5, 10, 15, 20, 30)),
        ("nmes-strengthening-neck", 10, (5, 10, 15, 20, 30)),
        ("burst-ac", 10, (5, 10, 15, 20, 30)),
        ("nmes-endurance", 15, (5, 10, 15)),  # 60 contractions of 18.25 s are 18 min
        ("nmes-endurance-active", 15, (5, 10, 15)),  # 60 of 17.25 s are 17 min
        ("nmes-strengthening-upper-back", 10, (5, 10, 15, 20, 30)),
        ("contract-relax", 15, (5, 10, 15)),  # 90 contractions of 11 s are 16 min
        ("contract-relax-upper-back", 15, (5, 10, 15)),
        ("contract-relax-neck", 15, (5, 10, 15)),  # 90 of 12 s are 18 min
        ("muscle-pump", 15, (5, 10, 15)),  # 90 of 10 s are 15 min
        ("muscle-pump-upper-back", 15, (5, 10, 15)),
        ("muscle-pump-neck", 15, (5, 10, 15)),  # 90 of 12 s are 18 min
        ("muscle-pump-twitch", 15, (5, 10, 15, 20, 30)),
        ("stabilisation", 10, (5, 10, 15, 20)),  # 60 contractions of 27 s are 27 min
        ("rehabilitation-start", 15, (5, 10, 15)),  # 60 of 17.25 s are 17 min
        ("rehabilitation-later", 15, (5, 10, 15)),
        ("rehabilitation-upper-back", 15, (5, 10, 15)),
        ("rehabilitation-active", 15, (10, 15, 20)),  # 2 min before and 3 min after the work
    ],
)
def test_chips_are_those_that_programme_and_limits_allow(
    name: str, own: int, offered: tuple[int, ...]
) -> None:
    programme = CATALOGUE[name]
    assert programme.duration_s == own * 60
    assert minutes_offered(programme) == offered
    for minutes in offered:
        asked_us = minutes * 60_000_000
        assert to_prescription(programme, duration_us=asked_us).duration_us == asked_us


def test_only_short_sensory_sessions_without_rests_are_noted() -> None:
    noted = {
        (name, minutes): english
        for name, programme in CATALOGUE.items()
        for minutes in minutes_offered(programme)
        if (english := note_of(programme, minutes)) is not None
    }
    short = (5, 10, 15)
    assert noted.keys() == {
        *(("conventional-tens", minutes) for minutes in short),
        *(("modulated-tens", minutes) for minutes in short),
    }
    assert len(set(noted.values())) == 1


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("relaxation-twitch", "15 min"),
        ("low-rate-tens", "15 min"),
        ("burst-tens", "15 min"),
        ("nmes-endurance", "9 min"),
        ("nmes-endurance-active", "8 min"),  # 30 strong contractions
        ("contract-relax", "11 min"),  # 60 that are only seen
        ("muscle-pump", "10 min"),
        ("rehabilitation-start", "8 min"),
        ("rehabilitation-active", "13 min"),  # with 5 min of twitches around the work
    ],
)
def test_a_first_motor_session_is_noted_where_it_is_shorter(name: str, nearest: str) -> None:
    (found,) = judge_minutes((), CATALOGUE[name], BACK, at(100.5))
    assert found.consequence is Consequence.NOTE
    assert said(found.refusal()).limit == "first motor session"
    assert said(found.refusal()).nearest == nearest


@pytest.mark.parametrize("name", ["nmes-strengthening", "burst-ac", "conventional-tens"])
def test_nothing_is_noted_where_it_is_as_long_as_ever(name: str) -> None:
    assert judge_minutes((), CATALOGUE[name], BACK, at(100.5)) == ()


def test_after_a_motor_session_of_another_day_nothing_is_noted() -> None:
    before = a_session(TimeOfDay(at(100.5).utc_us, at(100.5).day, trusted=True), days=3)
    assert judge_minutes((before,), CATALOGUE["burst-tens"], BACK, at(100.5)) == ()
    today = replace(before, ended_us=at(100.5).utc_us, day=at(100.5).day, elapsed_us=5 * 60_000_000)
    (found,) = judge_minutes((today,), CATALOGUE["burst-tens"], BACK, at(100.5))
    assert said(found.refusal()).nearest == "10 min"
