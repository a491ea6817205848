"""Region, side, programme, minutes: what is offered and what is not comes from the engine."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.minutes import minutes_offered
from appliance.control.pages.programmes import programme_rows
from appliance.messages.actions import Prescribe
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import StateName
from tests.support.no_sources import NOTHING
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.choose import EMS, PROGRAMMES, TENS, Choose, Evidence, group_of
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Look
from ui.kiosk.journey.ready import prescription
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import Beside, Column, FormView, Keys, LineKeys, Pair
from ui.kiosk.view_models.parts import KeyLook

REDUCER = Reducer(engine_place, Home)
PLACE = Choose(treatment=Treatment(patient="P-1", first_step=step_for))
ROWS = tuple(msgspec.to_builtins(row, str_keys=True) for row in programme_rows("", NOTHING))
US_PER_MIN = 60_000_000


def kiosk(place: Choose | Evidence = PLACE) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    return Kiosk(place=place, snapshot=ready, pages=MappingProxyType({PROGRAMMES: ROWS}))


def touch(at: Kiosk, *actions: str) -> Moved:
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
        view_of(moved.kiosk.place, moved.kiosk)
    return moved


def choosing(moved: Moved) -> Choose:
    assert isinstance(moved.kiosk.place, Choose)
    return moved.kiosk.place


def blocks(at: Kiosk) -> tuple[Any, ...]:
    view = view_of(at.place, at).content
    assert isinstance(view, FormView)
    return view.columns[0].blocks


def test_every_programme_is_in_one_of_both_lists() -> None:
    at = kiosk()
    listed = [
        row["name"]
        for group in (EMS, TENS)
        for row in Choose(treatment=PLACE.treatment).listed(at, group)
    ]
    assert sorted(listed) == sorted(load_catalogue())


@pytest.mark.parametrize("group", [EMS, TENS])
def test_the_programmes_of_a_region_come_first_in_their_list(group: str) -> None:
    for region in ("lower_back", "upper_back", "neck", "suboccipital"):
        place = choosing(touch(kiosk(), f"zone:{region}:left", "areas:left"))
        here = [place.is_here(row) for row in place.listed(kiosk(), group)]
        assert here == sorted(here, reverse=True)


def lists_of(column: Any) -> tuple[Any, ...]:
    [lines] = [block for block in column.blocks if isinstance(block, LineKeys)]
    assert len(lines.keys) <= lines.lines
    return lines.keys


def many(count: int) -> Kiosk:
    """A kiosk whose EMS list has so many programmes, its TENS list those of the catalogue."""
    last = next(row for row in ROWS if row["name"] == "relaxation-twitch")
    tens = tuple(row for row in ROWS if group_of(row) == TENS)
    ems = tuple({**last, "name": f"more-{number}"} for number in range(count))
    at = kiosk()
    return replace(at, pages=MappingProxyType({PROGRAMMES: (*tens, *ems)}))


def shown(at: Kiosk) -> tuple[set[str], dict[str, KeyLook]]:
    """Return the programmes on the page, and how the keys that turn it look."""
    parts = [part for block in blocks(at) if isinstance(block, Beside) for part in block.parts]
    keys = {key.action: key.look for part in parts if isinstance(part, Keys) for key in part.keys}
    lists = [lists_of(part) for part in parts if isinstance(part, Column)]
    return {key.action.partition(":")[2] for keys in lists for key in keys}, keys


@pytest.mark.parametrize("count", [5, 6, 8, 9, 13])
def test_every_programme_is_reached_by_turning_pages_however_many_there_are(count: int) -> None:
    at = touch(many(count), "zone:lower_back:left", "areas:left").kiosk
    seen, keys = shown(at)
    assert bool(keys) is (count > 5), "no key turns a page where all fit"
    for _page in range(count):
        if keys.get("down", KeyLook.OFF) is KeyLook.OFF:
            break
        at = touch(at, "down").kiosk
        names, keys = shown(at)
        assert not names <= seen
        seen |= names
    assert seen == {row["name"] for row in at.rows(PROGRAMMES) or ()}
    assert choosing(touch(at, "down")) == choosing(Moved(at)), "there is no page behind the last"


def test_a_page_turned_comes_back_after_one_programme_and_the_first_after_another_region() -> None:
    at = touch(many(9), "zone:lower_back:left", "areas:left", "down", "programme:more-3").kiosk
    assert choosing(Moved(at)).treatment.programme == "more-3"
    at = touch(at, "back").kiosk
    assert shown(at)[1]["up"] is KeyLook.PLAIN
    assert choosing(touch(at, "up")).first == 0
    at = touch(at, "back", "zone:neck:left", "areas:left").kiosk
    assert choosing(Moved(at)).first == 0


def test_four_touches_lead_from_the_patient_to_what_is_missing() -> None:
    moved = touch(
        kiosk(), "zone:neck:left", "areas:left", "programme:nmes-strengthening-neck", "take"
    )
    assert isinstance(moved.kiosk.place, Treat)
    treatment = moved.kiosk.place.treatment
    chosen = (treatment.programme, treatment.region, treatment.side, treatment.minutes)
    assert chosen == ("nmes-strengthening-neck", "neck", "left", 0)
    back = REDUCER.touched(moved.kiosk, "back").kiosk.place
    assert isinstance(back, Choose)
    assert back.treatment.programme == "nmes-strengthening-neck"


def test_no_side_before_the_region() -> None:
    assert choosing(touch(kiosk(), "areas:left")).treatment.side == ""


def test_what_the_engine_does_not_offer_says_so_in_its_words_and_is_asked_once() -> None:
    moved = touch(
        kiosk(), "zone:lower_back:left", "areas:both", "programme:nmes-strengthening-neck"
    )
    page = choosing(moved).treatment.page
    assert [effect.page for effect in moved.effects if isinstance(effect, Look)] == [page]
    refused = Refused(
        request=1, rule="refusal.region", asked="asked", allowed="the neck", nearest="c"
    )
    then = REDUCER.answered(moved.kiosk, page, refused)
    assert then.effects == ()
    assert choosing(then).cannot == refused
    assert "the neck" in str(blocks(then.kiosk))
    stays = touch(then.kiosk, "take")
    assert stays.kiosk.place == then.kiosk.place
    other = touch(then.kiosk, "back", "programme:burst-ac")
    assert choosing(other).cannot is None


def test_what_stops_the_treatment_is_shown_before_it_is_taken() -> None:
    moved = touch(kiosk(), "zone:lower_back:left", "areas:both", "programme:burst-ac")
    row = {"rule": "refusal.screening", "item": "pacemaker", "consequence": "stop", "blocks": True}
    row |= {"found": "has a pacemaker", "allowed": "none", "nearest": "do not treat"}
    page = Page(request=1, rows=(row,), next_after=None)
    at = REDUCER.answered(moved.kiosk, choosing(moved).treatment.page, page).kiosk
    assert "Has a pacemaker" in str(blocks(at))


@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_the_durations_are_those_of_the_engine_and_the_chosen_one_is_prescribed(
    name: str,
) -> None:
    programme = load_catalogue()[name]
    at = touch(
        kiosk(), f"zone:{programme.region.value}:left", "areas:left", f"programme:{name}"
    ).kiosk
    place = choosing(Moved(at))
    offered = place.minutes(at)
    assert offered == minutes_offered(programme)
    chosen = place.chosen_minutes(at)
    assert chosen is not None
    assert chosen["minutes"] * US_PER_MIN == programme.duration_us
    own = prescription(place.treatment)
    assert isinstance(own, Prescribe)
    assert own.duration_us is None
    shorter = choosing(touch(at, f"minutes:{offered[0]}")).treatment
    asked = prescription(shorter)
    assert isinstance(asked, Prescribe)
    assert asked.duration_us == offered[0] * US_PER_MIN


def test_a_short_session_that_is_only_felt_is_noted() -> None:
    at = touch(kiosk(), "zone:neck:left", "areas:left", "programme:conventional-tens").kiosk
    assert "Trials take" not in str(blocks(at))
    short = touch(at, "minutes:10").kiosk
    assert "Trials take 20 min and more" in str(blocks(short))


def test_the_evidence_stands_in_two_panels_with_no_claim() -> None:
    at = touch(kiosk(), "zone:neck:left", "areas:left", "programme:burst-tens", "evidence").kiosk
    assert isinstance(at.place, Evidence)
    [pair] = [block for block in blocks(at) if isinstance(block, Pair)]
    assert all(panel.text for panel in pair.panels)
    assert "No claim is made" in str(blocks(at))
    first = touch(at, "first").kiosk
    assert "Exercise" in str(blocks(first))
    assert "10.1007/s00586-017-5433-8" in str(blocks(first))
    assert "No claim is made" in str(blocks(first))
    assert touch(first, "first").kiosk.place == at.place
    back = touch(at, "programme").kiosk.place
    assert isinstance(back, Choose)
    assert back.treatment.programme == "burst-tens"


def test_back_goes_one_choice_back() -> None:
    at = touch(kiosk(), "zone:neck:left", "areas:left", "programme:burst-tens").kiosk
    assert choosing(touch(at, "back")).treatment.programme == ""
    before = choosing(touch(at, "back", "back"))
    assert (before.treatment.side, before.treatment.region, before.area_side) == (
        "",
        "neck",
        "left",
    )
    assert touch(at, "back", "back", "back").kiosk.place == Home()
