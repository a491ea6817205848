"""Levels set in one contraction after the other, and only there."""

import re

import pytest

from appliance.messages.actions import Fall, HoldRise, Rise
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.room import Room, refusal
from tests.support.texts import said

pytestmark = pytest.mark.proves("level-rules")


@pytest.fixture
def room(clinic: Clinic) -> Room:
    return Room(clinic)


def test_a_level_may_rise_exactly_when_the_snapshot_says_so(room: Room) -> None:
    room.start(channels=(1,))
    room.wait(1_000)
    waiting = room.contraction()
    assert not waiting.playing
    assert waiting.next_on_in_us is not None
    assert waiting.rises_in_us == waiting.next_on_in_us + 1_500_000
    assert waiting.rises_for_us == 3_680_000
    room.until("RampUp")
    room.wait(200)
    ramping = room.contraction()
    assert (ramping.playing, ramping.number) == (True, 1)
    assert ramping.rises_in_us is not None
    assert 1_100_000 <= ramping.rises_in_us <= 1_400_000
    assert refusal(room, Rise(channel=1)) == "envelope"
    room.wait(ramping.rises_in_us // 1_000 + 60)
    assert room.contraction().rises_in_us == 0
    room.do(Rise(channel=1))
    room.wait(room.contraction().rises_for_us // 1_000 + 60)
    assert room.clinic.state == "Delivering"
    assert room.contraction().rises_in_us is None
    late = room.clinic.ask(Rise(channel=1))
    assert isinstance(late, Refused)
    assert (said(late).limit, said(late).nearest[:16]) == ("envelope", "in contraction 2")
    room.until("Resting")
    room.wait(60)
    answer = room.clinic.ask(Rise(channel=1))
    assert isinstance(answer, Refused)
    assert said(answer).limit == "rise"
    assert re.fullmatch(r"in contraction 2, in 1[01]\.\d s", said(answer).nearest)
    assert room.contraction().number == 2


def test_a_short_rest_is_made_10_s_long_after_a_contraction_with_a_rise(room: Room) -> None:
    """docs/design.md section 7: one contraction held, then rest of at least 10 s."""
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    room.wait(200)
    room.do(Rise(channel=1))
    room.until("Resting")
    rests_us, elapsed_us = room.clinic.now_us, room.clinic.view.elapsed_us
    room.until("RampUp")
    assert 10_000_000 <= room.clinic.now_us - rests_us <= 10_200_000
    assert room.clinic.view.elapsed_us - elapsed_us <= 3_200_000
    room.until("Delivering")
    room.wait(400)
    room.do(Rise(channel=1))
    room.wait(100)
    assert room.level_ua() == 2_000
    assert room.clinic.view.trip is None


def test_a_short_rest_without_a_rise_before_it_stays_short(room: Room) -> None:
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    room.until("Resting")
    rests_us = room.clinic.now_us
    room.until("RampUp")
    assert room.clinic.now_us - rests_us <= 3_300_000


def test_a_key_pressed_into_the_rest_is_released_and_a_new_press_is_refused(room: Room) -> None:
    room.start_of(9_000, 10_000)
    room.until("Delivering")
    for _ in range(4):
        room.do(Rise(channel=1))
        room.wait(340)
    room.wait(3_300)
    room.do(Fall(channel=1, step_ua=3_500))
    room.do(HoldRise(channel=1, pressed=True))
    room.until("Resting")
    room.wait(100)
    frozen_ua = room.level_ua()
    assert refusal(room, HoldRise(channel=1, pressed=True)) in {"rise", "press-and-hold"}
    room.until("Delivering")
    room.wait(1_500)
    assert room.level_ua() == frozen_ua


def test_a_level_raised_in_one_contraction_returns_only_through_the_envelope(room: Room) -> None:
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    for _ in range(5):
        room.do(Rise(channel=1))
        room.wait(340)
    level_ua = room.level_ua()
    room.until("Resting")
    room.until("RampUp")
    begun_us = room.clinic.now_us
    while room.clinic.state == "RampUp":
        room.tick()
        shown_ua = room.clinic.channel(1).amplitude_ua
        share = (room.clinic.now_us - begun_us + 60_000) / 1_000_000
        assert shown_ua <= level_ua * min(share, 1)
    assert room.level_ua() == level_ua
