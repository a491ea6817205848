"""The window as a user opens it, on an X display: found by what it tells, touched by a mouse."""

from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.kiosk.x_display import XPerson, a_window, needs_display
from tests.ui.cli.conftest import a_house, wait_until
from tests.ui.kiosk.test_with_engine import Bedside

pytestmark = [pytest.mark.slow, needs_display]


def check_contract(person: XPerson) -> None:
    """Check one answer: its two fields, and that every part is inside of the window."""
    told = person.told()
    assert set(told) == {"screen", "widgets"}
    widgets = told["widgets"]
    assert isinstance(widgets, list)
    for part in widgets:
        assert set(part) == {"role", "text", "rect", "enabled"}
        assert isinstance(part["role"], str)
        assert isinstance(part["enabled"], bool)
        x, y, wide, high = part["rect"]
        assert min(x, y) >= 0, part
        assert x + wide <= 800, part
        assert y + high <= 480, part
    keys = [part for part in widgets if part["role"] == "key"]
    [stop] = [key for key in keys if key["text"].startswith("STOP")]
    assert stop["enabled"]
    assert stop["rect"] == [684, 344, 108, 128]


def test_a_treatment_from_the_lock_screen_to_stop_with_the_mouse_of_a_desktop(
    tmp_path: Path,
) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        with LinkClient.connect(link_path(house.data), "test") as other, a_window(house) as person:
            bedside = Bedside(person, other, house, port)  # type: ignore[arg-type] # other hands
            bedside.until("Locked")
            person.wait("lock")
            check_contract(person)
            person.click("Try it on the virtual board")
            person.wait("home")
            check_contract(person)
            bedside.prescribe()
            person.wait("contact")
            check_contract(person)
            person.click("START")
            person.wait("treatment")
            check_contract(person)
            while bedside.level_ua() == 0:
                person.click("rise:1")
            first_ua = bedside.level_ua()

            def is_lower() -> bool:
                # A second tap of plus may have been on its way when the level was read.
                person.click("fall:1")
                return bedside.level_ua() < first_ua

            wait_until(is_lower, "lower level")
            person.click("STOP")
            bedside.until("Finished")
            person.wait("ended")
            stop = person.key("STOP")
            assert stop is not None
    (session,) = house.sessions()
    assert session["cause"] == "cut"


def test_what_is_shown_is_told_to_two_who_ask_at_once(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        with a_window(house) as person:
            person.wait("lock")
            second = XPerson(person._display, person._path)
            assert second.screen == "lock"
            assert person.screen == "lock"
            second.close()
