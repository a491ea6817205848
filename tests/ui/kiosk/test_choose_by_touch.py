"""The chooser at its pixels, with a real engine: goals, reasons, evidence, a list of programmes."""

from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from tests.support.kiosk.clinician import Clinician
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import a_house

pytestmark = pytest.mark.slow


def test_goal_reason_evidence_and_a_list_are_reached_and_one_of_several_is_taken(
    tmp_path: Path,
) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            who = Clinician(kiosk, house, port, other)
            kiosk.touch("Try it")
            kiosk.wait("home")
            who.register("P7", "1974")
            for key in ("Lower back, left", "Choose a programme", "Not offered"):
                kiosk.touch(key)
            kiosk.until(lambda: "broke down after single sessions" in kiosk.texts(), "the reason")
            kiosk.touch("Back")
            kiosk.touch("Burst-modulated a.c.")
            kiosk.touch("Evidence, both ways")
            kiosk.until(lambda: "Reports against" in kiosk.texts(), "both ways")
            for words in ("Mechanism", "Self-care"):
                kiosk.touch("Next page")
                kiosk.until(lambda: words in kiosk.texts(), words)  # noqa: B023
            for key in ("Programme", "Back", "Endurance"):
                kiosk.touch(key)
            kiosk.until(lambda: kiosk.texts().count("Take") > 1, "a Take for each programme")
            kiosk.touch("Back")
            kiosk.touch("Back")
            kiosk.until(lambda: "Where?" in kiosk.texts(), "the figure")
            for key in ("Choose a programme", "Endurance", "NMES endurance", "Take"):
                kiosk.touch(key)
            kiosk.wait("complaint")
