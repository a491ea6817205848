"""From Home to a registered, screened patient at the pixels of the screen, beside a real engine."""

import time
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.replies import Page
from tests.support.kiosk.hands import KioskPerson, a_kiosk
from tests.ui.cli.conftest import a_house
from ui.kiosk.locale.words import say_row

pytestmark = pytest.mark.slow

MOST_OTHER = 11
"""Touches beside alias, year and screening: New patient, Next, Register, Treat, region, side, the
list of TENS, programme, Take, and two of the complaint. A page of the screening with harmless
answers needs none."""


def answer_screening(kiosk: KioskPerson, questions: list[dict[str, object]]) -> int:
    """Answer every question harmlessly, one touch each; return how many touches that took."""
    before = kiosk.touches
    for number, question in enumerate(questions):
        harmless = "No" if question["flagged"] == "yes" else "Yes"
        kiosk.until(
            lambda: f"{number} of {len(questions)} answered" in kiosk.texts(),  # noqa: B023
            f"question {number}",
        )
        open_ones = [part for part in kiosk.parts() if part.role == "key"]
        row = next(part for part in kiosk.parts() if part.text == words_of(question))
        key = min(
            (part for part in open_ones if part.text == harmless),
            key=lambda part: abs(part.middle[1] - row.middle[1]),
        )
        touch_until(kiosk, key.middle, f"{number + 1} of {len(questions)} answered")
    return kiosk.touches - before


def touch_until(kiosk: KioskPerson, middle: tuple[float, float], text: str) -> None:
    time.sleep(0.3)  # a touch right after a page has turned is swallowed
    kiosk.tap(*middle)
    kiosk.until(lambda: text in kiosk.texts() or kiosk.screen != "screening", text)


def words_of(question: dict[str, object]) -> str:
    return say_row(question["question"])


def rows(other: LinkClient, what: str) -> list[dict[str, object]]:
    page = other.query(what, limit=200)
    assert isinstance(page, Page), page
    return [dict(row) for row in page.rows]


def test_a_new_patient_is_registered_and_screened(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            kiosk.wait("lock")
            kiosk.touch("Try it on the virtual board")
            kiosk.wait("home")
            begun = kiosk.touches
            kiosk.touch("New patient")
            kiosk.wait("new_patient")
            for letter in "P7":
                kiosk.touch(letter)
            kiosk.touch("Next")
            kiosk.until(lambda: "Year of birth" in kiosk.texts(), "year")
            for digit in "1974":
                kiosk.touch(digit)
            typed = 2 + 4
            kiosk.touch("Register")
            kiosk.until(lambda: "Registered" in kiosk.texts(), "the id")
            [patient] = rows(other, "patients:P7")
            assert str(patient["patient"]) in kiosk.texts()
            kiosk.touch("Treat")
            kiosk.wait("choose")
            for key in ("Lower back", "Left and right", "TENS", "Conventional TENS", "Take"):
                kiosk.touch(key)
            kiosk.wait("complaint")
            kiosk.touch("6 weeks")
            kiosk.touch("Muscle tension")
            kiosk.wait("screening")
            questions = rows(other, "screening:conventional-tens:lower_back")
            screening = answer_screening(kiosk, questions)
            kiosk.until(lambda: kiosk.screen != "screening", "what comes after the screening")
            assert screening == len(questions)
            assert kiosk.touches - begun - typed - screening <= MOST_OTHER
            missing = rows(other, f"missing:{patient['patient']}:conventional-tens:lower_back:both")
            open_rules = {row["rule"] for row in missing if row["blocks"]}
            assert not open_rules & {"refusal.complaint", "refusal.screening"}
