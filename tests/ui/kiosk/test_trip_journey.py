"""A patient's session that a trip ends goes on from the screen, on the real engine.

The emergency stop is pressed on screens of the way to Start; then a lead of each channel is
loose; at last the patient squeezes the hand switch.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.kiosk.clinician import Clinician
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import a_house

LEVEL_UA = 3_000
STEP_UA = 500
HELD_US, SETTLED_US = 3_000_000, 800_000
PRESSED_ON = {"screening", "checks", "sensation", "place_pads", "ready", "contact"}
"""The others are alike; `test_stop_everywhere.py` has every screen, without an engine."""
SET_UP_AGAIN = {"contact": "ready"}
"""Screens of a treatment that is set up: a trip undoes that, and the screen before comes back."""


@pytest.fixture
def clinician(tmp_path: Path) -> Iterator[Clinician]:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            yield Clinician(kiosk, house, port, other)


class EmergencyStop:
    """Presses the emergency stop once on each screen, and sees to it that the person goes on."""

    def __init__(self, who: Clinician) -> None:
        self.who = who
        self.pressed_on: list[str] = []

    def press_on(self, screen: str) -> None:
        """Press it on a screen, release it, acknowledge, and find the screen again."""
        if screen in self.pressed_on or screen not in PRESSED_ON:
            return
        self.pressed_on.append(screen)
        kiosk = self.who.kiosk
        self._press_and_acknowledge()
        back = SET_UP_AGAIN.get(screen, screen)
        kiosk.until(lambda: kiosk.screen == back, f"{back} after the emergency stop")

    def _press_and_acknowledge(self) -> None:
        """Press it and release it; nothing is energised meanwhile."""
        who = self.who
        who.house.ask(who.port, "set", fault="estop")
        who.kiosk.wait("stopped")
        assert "EMERGENCY STOP" in who.kiosk.texts()
        status = who.house.ask(who.port, "status")["status"]
        assert not status["enabled"]
        assert [each["current_ua"] for each in status["channels"]] == [0, 0]
        who.house.ask(who.port, "clear", fault="estop")
        who.kiosk.touch("Acknowledge")


@pytest.mark.slow
def test_after_each_stop_the_session_continues_and_after_pain_it_is_closed_out(
    clinician: Clinician,
) -> None:
    who, kiosk = clinician, clinician.kiosk
    stop = EmergencyStop(who)
    kiosk.wait("lock")
    kiosk.touch("Try it")
    who.wait_for(lambda now: now.state == "Ready", "the end of the self-test")
    who.register("P7", "1974")
    who.choose("lower_back", "both", "Conventional TENS")
    who.at_each = stop.press_on
    who.to_start()
    who.at_each = lambda _screen: None
    assert {*stop.pressed_on} == PRESSED_ON
    who.feel()
    for channel in (1, 2):
        a_loose_lead(who, channel)
    pain(who)


def continued(who: Clinician) -> None:
    """Continue after a trip from level zero, with no more time left than before."""
    kiosk = who.kiosk
    kiosk.wait("after_trip")
    kiosk.touch("Continue")
    kiosk.until(lambda: kiosk.screen != "after_trip", "the way on")
    who.to_start()
    kiosk.wait("treatment")
    assert [each.level_ua for each in who.snapshot().channels] == [0, 0]


def a_loose_lead(who: Clinician, channel: int) -> None:
    """Hold plus until the level is there, then loosen a lead."""
    held(who, channel)
    before_us = who.snapshot().remaining_us
    who.house.ask(who.port, "set", fault=f"lead-off:{channel}")
    who.kiosk.wait("stopped")
    assert f"{channel}A and {channel}B" in who.kiosk.texts()
    who.house.ask(who.port, "clear", fault=f"lead-off:{channel}")
    who.kiosk.touch("Acknowledge")
    continued(who)
    assert who.snapshot().remaining_us <= before_us


def held(who: Clinician, channel: int) -> None:
    """Hold plus: the level rises while it is held, and stays once the finger is off.

    On a busy machine the engine takes the finger off a screen that is late: it is put on again.
    """
    kiosk = who.kiosk
    plus = kiosk.find(f"rise:{channel}")
    assert plus is not None
    while who.level(channel) < LEVEL_UA:
        before_us, until_us = who.level(channel), who.snapshot().at_us + HELD_US
        time.sleep(0.3)  # a touch right after the screen has changed is swallowed
        finger = kiosk.press(*plus.middle)
        who.wait_for(
            lambda now: now.at_us > until_us or who.level(channel) >= LEVEL_UA,  # noqa: B023
            "a held rise",
        )
        kiosk.release(finger)
        assert who.level(channel) > before_us
    at_us, level_ua = who.snapshot().at_us, who.level(channel)
    who.wait_for(lambda now: now.at_us > at_us + SETTLED_US, "a moment after the release")
    still_ua = who.level(channel)
    assert level_ua <= still_ua <= level_ua + STEP_UA  # a step was on its way
    who.wait_for(lambda now: now.at_us > at_us + 2 * SETTLED_US, "another moment")
    assert who.level(channel) == still_ua


def pain(who: Clinician) -> None:
    """Let the patient squeeze the hand switch because of pain: only the close-out is left."""
    kiosk = who.kiosk
    who.house.ask(who.port, "set", fault="hand-switch")
    kiosk.wait("stopped")
    kiosk.touch("Pain")
    kiosk.until(lambda: "recorded" in kiosk.texts(), "pain recorded")
    who.house.ask(who.port, "clear", fault="hand-switch")
    kiosk.touch("Acknowledge")
    kiosk.wait("after_trip")
    assert kiosk.find("Continue") is None
    kiosk.touch("Close out")
    kiosk.wait("close_out")
