"""An own programme by touches: copied, changed to its limit, kept once, chosen and prescribed.

Engine and screen are killed on the way: what was entered goes on.
"""

import time
from pathlib import Path

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.texts.english import english
from appliance.texts.text import Text
from tests.support.kiosk.clinician import Clinician, rows
from tests.support.kiosk.prepared import prepare
from tests.ui.kiosk.test_killed_on_the_way import TRY_IT, Ward, a_ward

pytestmark = [pytest.mark.slow, pytest.mark.proves_none]

BASE, REGION, SIDE = "nmes-endurance", "lower_back", "both"
TITLE = "MY PLAN"
KEEP = "Keep version 1"
ENDURANCE = english(Text(load_catalogue()[BASE].title))


def test_a_programme_is_copied_changed_kept_once_and_prescribed(tmp_path: Path) -> None:
    with a_ward(tmp_path) as ward:
        ward.who.kiosk.wait("lock")
        ward.who.kiosk.touch(TRY_IT)
        ward.who.kiosk.wait("home")
        to_the_editor(ward.who)
        a_value_beyond_its_limit_survives_the_engine(ward)
        a_title_survives_the_screen(ward)
        it_is_kept_once(ward.who)
        it_is_prescribed(ward.who)


def shows(who: Clinician, words: str) -> None:
    who.kiosk.until(lambda: words in who.kiosk.texts(), words)


def to_the_editor(who: Clinician) -> None:
    who.touch("Programmes")
    who.kiosk.wait("programmes")
    shows(who, "1 / ")
    while (line := who.kiosk.find(ENDURANCE)) is None:
        who.touch("Down")
        time.sleep(0.3)  # until the page has turned
    who.touch(line.text)
    who.touch("Copy and")
    who.kiosk.wait("own_edit")
    shows(who, "300 µs")


def a_value_beyond_its_limit_survives_the_engine(ward: Ward) -> None:
    """Type too much, lose the engine, take the nearest; plus is off there and minus is not."""
    who = ward.who
    who.touch("300 µs")
    shows(who, "50 to 500 µs")
    who.type("900")
    who.touch("Enter")
    shows(who, "Not accepted: ")
    ward.kill_engine("lock")
    ward.try_it("own_edit")
    shows(who, "Not accepted: ")
    who.touch("Take 500 µs")
    who.kiosk.until(lambda: "Not accepted" not in who.kiosk.texts(), "the nearest is accepted")
    assert who.kiosk.find("more:work.phase_us") is None
    who.touch("less:work.phase_us")
    shows(who, "490 µs")
    who.touch("more:work.phase_us")
    shows(who, "500 µs")


def a_title_survives_the_screen(ward: Ward) -> None:
    who = ward.who
    who.touch("Keep")
    shows(who, "without a title")
    who.touch("Title")
    who.type(TITLE.replace(" ", "_")[:4])
    ward.kill_screen("own_edit")
    shows(who, "MY P")
    who.type(TITLE[4:])
    who.touch("Done")
    who.touch("Reason")
    who.touch("Better tolerated so")
    shows(who, KEEP)


def it_is_kept_once(who: Clinician) -> None:
    """Touch Keep twice within one frame: one version is kept, and shown by its title."""
    who.kiosk.until(lambda: who._enabled(KEEP), "the judge")
    key = who.kiosk.find(KEEP)
    assert key is not None
    who.kiosk.tap_twice(key.middle, 30)
    who.kiosk.wait("programme")
    shows(who, TITLE)
    [row] = rows(who.other, "own_programmes")
    assert (row["title"], len(row["versions"])) == (TITLE, 1)
    assert row["draft"]["work"]["phase_us"] == 500
    who.touch("Versions,")
    shows(who, "version 1 · ")
    for screen in ("programme", "programmes", "home"):
        who.touch("Back")
        who.kiosk.wait(screen)


def it_is_prescribed(who: Clinician) -> None:
    prepare(who.other, "Q7", BASE, REGION, SIDE)
    who.touch("New treatment")
    who.touch("Q7")
    who.choose(REGION, SIDE, TITLE)
    who.kiosk.wait("place_pads")  # the only pads that fit are taken by themselves
    who.to_start(until="ready")
    who.wait_for(lambda now: now.programme == "own-1@1", "the prescription")
    shows(who, TITLE)
    assert "own-1" not in who.kiosk.texts()
