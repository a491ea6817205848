"""By touch: an engine that speaks and whose answer is lost. `test_waits.py` has it without one."""

from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.kiosk.clinician import rows
from tests.support.kiosk.deaf_link import a_deaf_link
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import a_house

ALIAS, YEAR = "J7", "1974"


@pytest.mark.slow
def test_it_is_said_that_no_answer_came_and_nobody_is_registered_twice(tmp_path: Path) -> None:
    """The engine has kept it: once answers come again, the same touch is answered as before."""
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        engine = link_path(house.data)
        with a_deaf_link(house.runtime, engine) as link, a_kiosk(link.path) as kiosk:
            kiosk.touch("Try it")
            kiosk.touch("New patient")
            for letter in ALIAS:
                kiosk.touch(letter)
            kiosk.touch("Next")
            kiosk.until(lambda: "Year of birth" in kiosk.texts(), "the year")
            for digit in YEAR:
                kiosk.touch(digit)
            link.loses_replies = True
            kiosk.touch("Register")
            kiosk.until(lambda: "Please wait" in kiosk.texts(), "that it waits")
            kiosk.wait("no_answer")
            assert link.lost == 1
            assert "not known" in kiosk.texts()
            link.loses_replies = False
            kiosk.touch("I have seen it")
            kiosk.wait("new_patient")
            kiosk.touch("Register")
            kiosk.until(lambda: "Registered" in kiosk.texts(), "the id")
            with LinkClient.connect(engine, "test") as other:
                assert [row["alias"] for row in rows(other, "patients:")] == [ALIAS]
