"""A one-time PIN from the screen that drew it to the sign-in of its owner, by touches."""

import re
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import EnrolOperator
from appliance.messages.replies import Reply
from tests.support.hang import HANG_S
from tests.support.kiosk.hands import KioskPerson, a_kiosk
from tests.ui.cli.conftest import a_house, wait_until

LEA, OWN, WRONG = "4907", "8025", "615038"


def sign_in(kiosk: KioskPerson, name: str, pin: str) -> None:
    kiosk.touch(name)
    enter(kiosk, pin)


def enter(kiosk: KioskPerson, pin: str) -> None:
    for digit in pin:
        kiosk.touch(digit)
    kiosk.touch("Enter")


def shows(kiosk: KioskPerson, words: str) -> None:
    kiosk.until(lambda: words in kiosk.texts(), words)


@pytest.mark.slow
@pytest.mark.proves_none
def test_a_drawn_pin_is_shown_once_and_lets_its_owner_choose_one(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            wait_until(lambda: other.snapshot() is not None, "a snapshot")
            enrolled = other.ask(EnrolOperator(operator="lea", role="lead", pin=LEA), HANG_S)
            assert isinstance(enrolled, Reply)
            kiosk.wait("lock")
            sign_in(kiosk, "lea", LEA)
            kiosk.wait("home")
            kiosk.touch("Service")
            kiosk.touch("Operators")
            kiosk.touch("New operator")
            for letter in "KIM":
                kiosk.touch(letter)
            kiosk.touch("Next")
            kiosk.touch("clinician")
            kiosk.touch("Enrol")
            shows(kiosk, "One-time PIN: ")
            (drawn,) = re.findall(r"One-time PIN: ([0-9]{6})", kiosk.texts())
            kiosk.touch("Done")
            shows(kiosk, "Who can sign in")
            assert drawn not in kiosk.texts()
            kiosk.touch("Back")
            kiosk.wait("service")
            kiosk.touch("Back")
            kiosk.touch("Lock")
            kiosk.wait("lock")
            sign_in(kiosk, "KIM", WRONG)
            shows(kiosk, "a wrong PIN")
            assert "Choose a new PIN" not in kiosk.texts()
            enter(kiosk, drawn)
            shows(kiosk, "Choose a new PIN")
            enter(kiosk, OWN)
            shows(kiosk, "The new PIN again")
            enter(kiosk, OWN)
            kiosk.wait("home")
