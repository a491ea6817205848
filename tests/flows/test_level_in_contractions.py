"""Levels are set during contractions only, one contraction after the other."""

import re

import pytest

from appliance.messages.actions import Fall, HoldRise, Rise
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.screen import Screen, refusal
from tests.support.texts import said

pytestmark = pytest.mark.proves("level-rules")


@pytest.fixture
def screen(clinic: Clinic) -> Screen:
    return Screen(clinic)


def test_a_level_may_rise_exactly_when_the_snapshot_says_so(screen: Screen) -> None:
    screen.start(channels=(1,))
    screen.wait(1_000)
    waiting = screen.contraction()
    assert not waiting.playing
    assert waiting.next_on_in_us is not None
    assert waiting.rises_in_us == waiting.next_on_in_us + 1_500_000
    assert waiting.rises_for_us == 6_000_000
    screen.until("RampUp")
    screen.wait(200)
    ramping = screen.contraction()
    assert (ramping.playing, ramping.number) == (True, 1)
    assert ramping.rises_in_us is not None
    assert 1_100_000 <= ramping.rises_in_us <= 1_400_000
    assert refusal(screen, Rise(channel=1)) == "envelope"
    screen.wait(ramping.rises_in_us // 1_000 + 60)
    assert screen.contraction().rises_in_us == 0
    screen.do(Rise(channel=1))
    screen.wait(screen.contraction().rises_for_us // 1_000 + 60)
    assert screen.clinic.state == "Delivering"
    assert screen.contraction().rises_in_us is None
    late = screen.clinic.ask(Rise(channel=1))
    assert isinstance(late, Refused)
    assert (said(late).limit, said(late).nearest[:16]) == ("envelope", "in contraction 2")
    screen.until("Resting")
    screen.wait(60)
    answer = screen.clinic.ask(Rise(channel=1))
    assert isinstance(answer, Refused)
    assert said(answer).limit == "rise"
    assert re.fullmatch(r"in contraction 2, in 1[01]\.\d s", said(answer).nearest)
    assert screen.contraction().number == 2


def test_the_snapshot_says_how_a_contraction_runs_and_how_far_it_has_played(
    screen: Screen,
) -> None:
    screen.start(channels=(1,))
    screen.wait(1_000)
    waiting = screen.contraction()
    assert (waiting.ramp_up_us, waiting.on_us) == (1_500_000, 8_320_000)
    assert (waiting.ramp_down_us, waiting.period_us) == (750_000, 18_250_000)
    assert waiting.into_us == 0
    screen.until("RampUp")
    screen.wait(200)
    ramping = screen.contraction()
    assert ramping.rises_in_us is not None
    assert ramping.into_us + ramping.rises_in_us == ramping.ramp_up_us
    assert screen.contraction().into_us >= 150_000


def test_a_short_rest_is_made_10_s_long_after_a_contraction_with_a_rise(screen: Screen) -> None:
    """docs/design.md section 7: one contraction held, then rest of at least 10 s."""
    screen.start_of(4_000, 3_000)
    screen.until("Delivering")
    screen.wait(200)
    screen.do(Rise(channel=1))
    screen.until("Resting")
    rests_us, elapsed_us = screen.clinic.now_us, screen.clinic.view.elapsed_us
    screen.until("RampUp")
    assert 10_000_000 <= screen.clinic.now_us - rests_us <= 10_200_000
    assert screen.clinic.view.elapsed_us - elapsed_us <= 3_200_000
    screen.until("Delivering")
    screen.wait(400)
    screen.do(Rise(channel=1))
    screen.wait(100)
    assert screen.level_ua() == 2_000
    assert screen.clinic.view.trip is None


def test_a_short_rest_without_a_rise_before_it_stays_short(screen: Screen) -> None:
    screen.start_of(4_000, 3_000)
    screen.until("Delivering")
    screen.until("Resting")
    rests_us = screen.clinic.now_us
    screen.until("RampUp")
    assert screen.clinic.now_us - rests_us <= 3_300_000


def test_a_key_pressed_into_the_rest_is_released_and_a_new_press_is_refused(screen: Screen) -> None:
    screen.start_of(9_000, 10_000)
    screen.until("Delivering")
    for _ in range(4):
        screen.do(Rise(channel=1))
        screen.wait(340)
    screen.wait(3_300)
    screen.do(Fall(channel=1, step_ua=3_500))
    screen.do(HoldRise(channel=1, pressed=True))
    screen.until("Resting")
    screen.wait(100)
    frozen_ua = screen.level_ua()
    assert refusal(screen, HoldRise(channel=1, pressed=True)) in {"rise", "press-and-hold"}
    screen.until("Delivering")
    screen.wait(1_500)
    assert screen.level_ua() == frozen_ua


def test_a_level_raised_in_one_contraction_returns_only_through_the_envelope(
    screen: Screen,
) -> None:
    screen.start_of(4_000, 3_000)
    screen.until("Delivering")
    for _ in range(5):
        screen.do(Rise(channel=1))
        screen.wait(340)
    level_ua = screen.level_ua()
    screen.until("Resting")
    screen.until("RampUp")
    begun_us = screen.clinic.now_us
    while screen.clinic.state == "RampUp":
        screen.tick()
        shown_ua = screen.clinic.channel(1).amplitude_ua
        share = (screen.clinic.now_us - begun_us + 60_000) / 1_000_000
        assert shown_ua <= level_ua * min(share, 1)
    assert screen.level_ua() == level_ua
