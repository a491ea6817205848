"""What the screening leads to, for each region and goal: Start, a reason first, or no treatment."""

from typing import Any, cast

import pytest

from appliance.control.pages.screening import question_rows
from tests.support.kiosk.paper_clinician import PaperClinician
from tests.support.no_sources import NOTHING
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.reasons import ScreeningReason
from ui.kiosk.journey.screening import Screening, VisitList
from ui.kiosk.journey.steps import AtFinding
from ui.kiosk.places import view_of

TREATMENTS = (
    ("conventional-tens", "neck"),
    ("conventional-tens", "upper_back"),
    ("nmes-strengthening-neck", "neck"),
    ("relaxation-twitch", "upper_back"),
    ("nmes-strengthening", "lower_back"),
)
"""Both goals, and every region with each goal that it is treated for."""
REFER = "screening.refer"


def questions(programme: str, region: str) -> list[dict[str, Any]]:
    rows = question_rows(f"{programme}:{region}", NOTHING)
    return [dict(row) for row in cast("Any", rows)]


def of(programme: str, region: str, consequence: str) -> list[dict[str, Any]]:
    """Return a question of each page whose flagged answer has this consequence."""
    found: dict[str, dict[str, Any]] = {}
    for row in questions(programme, region):
        if row["consequence"] == consequence:
            found.setdefault(str(row["page"]), row)
    return list(found.values())


def treated(programme: str, region: str, answers: dict[str, str]) -> tuple[PaperClinician, str]:
    who = PaperClinician(answers)
    who.register()
    who.choose(programme, region, "left")
    return who, who.to_start()


def words(who: PaperClinician) -> str:
    return str(view_of(who.engine.place, who.engine.kiosk).content)


@pytest.mark.parametrize(("programme", "region"), TREATMENTS)
def test_an_answer_that_stops_leads_to_what_to_do_instead_and_never_to_start(
    programme: str, region: str
) -> None:
    rows = of(programme, region, "stop")
    assert {"red_flags"} < {row["page"] for row in rows}
    for row in rows:
        who, end = treated(programme, region, {row["id"]: row["flagged"]})
        assert end == AtFinding.__name__, (row["id"], end)
        assert who.engine.set_up is None
        place = who.engine.place
        assert isinstance(place, AtFinding)
        assert place.finding["item"] == row["id"]
        assert "This treatment is not possible" in words(who)
        what_to_do = str(place.finding["nearest"]["key"])
        assert what_to_do == row["means"]["key"]
        assert (what_to_do == REFER) == (row["page"] == "red_flags"), row["id"]
        who.engine.touch("look_again")
        assert isinstance(who.engine.place, AtFinding)
        who.engine.touch("back")
        assert isinstance(who.engine.place, Choose)


@pytest.mark.parametrize(("programme", "region"), TREATMENTS)
def test_an_answer_that_needs_a_reason_waits_for_it_and_then_goes_on(
    programme: str, region: str
) -> None:
    rows = of(programme, region, "confirm")
    assert rows
    for row in rows[:2]:
        who, end = treated(programme, region, {row["id"]: row["flagged"]})
        assert end == ScreeningReason.__name__, (row["id"], end)
        assert who.engine.set_up is None
        keys = who.engine.shown_keys()
        [reason, *_others] = [key for key in keys if key.startswith("reason:")]
        who.engine.touch(reason)
        assert who.to_start() == "", who.engine.places


@pytest.mark.parametrize("consequence", ["stop", "confirm"])
def test_a_page_with_such_an_answer_stays_until_somebody_has_read_what_it_means(
    consequence: str,
) -> None:
    programme, region = TREATMENTS[0]
    row = of(programme, region, consequence)[0]
    who = PaperClinician({row["id"]: row["flagged"]})
    who.register()
    who.choose(programme, region, "left")
    for key in ("weeks:6", "diagnosis:muscle_tension"):
        who.engine.touch(key)
    while isinstance(place := who.engine.place, Screening):
        page = place.pages(who.engine.kiosk)[place.page]
        if all(each["id"] in place.given for each in page.rows):
            break
        who.answer_one()
    assert isinstance(place, Screening)
    assert row["id"] in place.given
    assert "Read what the answers mean." in words(who)


@pytest.mark.parametrize("answer", ["unknown", "flagged"])
def test_unsure_counts_like_the_answer_that_has_a_consequence(answer: str) -> None:
    programme, region = TREATMENTS[0]
    row = of(programme, region, "stop")[0]
    given = row["flagged"] if answer == "flagged" else "unknown"
    _, end = treated(programme, region, {row["id"]: given})
    assert end == AtFinding.__name__


@pytest.mark.parametrize("day", [0, 7])
@pytest.mark.parametrize("stops", ["drowsy", "pregnancy"])
def test_an_answer_that_stops_is_given_again(stops: str, day: int) -> None:
    """A slip of the finger, or a patient who was drowsy in the morning, is no dead end."""
    programme, region = TREATMENTS[0]
    who, end = treated(programme, region, {stops: "yes"})
    assert end == AtFinding.__name__
    if day:
        who.engine.on_day(day)
        who.find("patient")
        who.choose(programme, region, "left")
        assert who.to_start() == AtFinding.__name__
    who.engine.touch("look_again")
    who.engine.touch("changed")
    assert type(who.engine.place) is VisitList
    [item] = [row["visit_item"] for row in questions(programme, region) if row["id"] == stops]
    who.engine.touch(f"item:{item}")
    who.engine.touch("asked")
    assert type(who.engine.place).__name__ == Screening.__name__
    who.answers.clear()
    assert who.to_start() == "", who.engine.places
