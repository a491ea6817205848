"""By touch: a motor point is searched with a pad that is lifted, kept, and shown next time."""

import time
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.kiosk.clinician import Clinician, rows
from tests.support.kiosk.hands import a_kiosk
from tests.support.kiosk.prepared import prepare
from tests.ui.cli.conftest import a_house

LEVEL_UA = 3_000
SEARCH = "motor-point-find"
OPEN = "lead-off:1"


@pytest.mark.slow
def test_a_point_is_searched_kept_and_shown_next_time(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            who = Clinician(kiosk, house, port, other)
            kiosk.wait("lock")
            kiosk.touch("Try it on the virtual board")
            kiosk.wait("home")
            who.wait_for(lambda now: now.state == "Ready", "ready")
            patient = prepare(other, "M7", SEARCH, "lower_back", "left")
            begin(who)
            lift_and_hold(who)
            keep(who)
            [found] = rows(other, f"motor_points:{patient}")
            assert (found["region"], found["side"], found["channel"]) == ("lower_back", "left", 1)
            assert found["level_ua"] == who.level(1) > 0
            kiosk.touch("End the search")
            kiosk.wait("ended")
            kiosk.touch("Every pad is off")
            kiosk.until(lambda: kiosk.screen != "ended", "the close-out")
            who.finish_close_out(stays_seated=False)
            shown_on_the_page_of_the_patient(who)


def begin(who: Clinician) -> None:
    who.touch("New treatment")
    who.touch("M7")
    who.choose("lower_back", "left", "Motor-point find")
    who.to_start(until="search")
    if who.kiosk.screen == "first_feeling":
        feel(who)
    who.kiosk.wait("search")
    who.raise_to(1, LEVEL_UA)


def feel(who: Clinician) -> None:
    here = "At pair 1 1A"
    who._raise_until("rise:1", lambda: who._enabled(here))
    who.touch(here, "level")


def lift_and_hold(who: Clinician) -> None:
    """Lift the pad: zero and no trip. Put it back: nothing flows until plus is held."""
    kiosk, before_ua = who.kiosk, who.level(1)
    who.house.ask(who.port, "set", fault=OPEN)
    kiosk.until(lambda: "Open: output is zero" in kiosk.texts(), "that it is open")
    assert who.level(1) == 0
    assert kiosk.screen == "search"
    who.house.ask(who.port, "clear", fault=OPEN)
    put_back_us = who.snapshot().at_us
    who.wait_for(lambda now: now.at_us > put_back_us + 1_500_000, "two pulses at level zero")
    assert who.level(1) == 0
    plus = kiosk.find("rise:1")
    assert plus is not None
    time.sleep(0.3)  # a touch right after the screen has changed is swallowed
    finger = kiosk.press(*plus.middle)
    who.wait_for(lambda _now: who.level(1) >= before_ua * 8 // 10 - 500, "80 % of it")
    kiosk.release(finger)
    assert who.level(1) <= before_ua * 8 // 10


def keep(who: Clinician) -> None:
    kiosk = who.kiosk
    kiosk.touch("Twitch seen")
    kiosk.until(lambda: "Where is the held pad?" in kiosk.texts(), "the entry")
    kiosk.touch("Up")
    kiosk.touch("Left")
    kiosk.touch("Keep this place")
    kiosk.until(lambda: "Point kept" in kiosk.texts(), "that it is kept")


def shown_on_the_page_of_the_patient(who: Clinician) -> None:
    kiosk = who.kiosk
    who.touch("New treatment")
    who.touch("M7")
    who.touch("History")
    who.touch("Patient")
    kiosk.until(lambda: "Motor point at" in kiosk.texts(), "the point")
