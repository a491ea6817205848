"""Region, side, programme, minutes: what is offered and what is not comes from the engine."""

from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.control.pages.programmes import programme_rows
from appliance.messages.actions import Prescribe
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.choose import EMS, PROGRAMMES, TENS, Choose, Evidence
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Look
from ui.kiosk.journey.ready import prescription
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import FormView, LineKeys, Pair

REDUCER = Reducer(engine_place, Home)
PLACE = Choose(treatment=Treatment(patient="P-1", first_step=step_for))
ROWS = tuple(
    msgspec.to_builtins(row, str_keys=True)
    for row in programme_rows("", None)  # type: ignore[arg-type]
)
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
        for row in Choose(treatment=PLACE.treatment, group=group).listed(at)
    ]
    assert sorted(listed) == sorted(load_catalogue())


@pytest.mark.parametrize("group", [EMS, TENS])
def test_a_list_has_room_for_all_its_programmes_whatever_the_region(group: str) -> None:
    for region in ("lower_back", "upper_back", "neck", "suboccipital"):
        at = touch(kiosk(), f"region:{region}", "side:left", f"group:{group}").kiosk
        [lines] = [block for block in blocks(at) if isinstance(block, LineKeys)]
        assert len(lines.keys) == len(choosing(Moved(at)).listed(at))


def test_four_touches_lead_from_the_patient_to_what_is_missing() -> None:
    moved = touch(kiosk(), "region:neck", "side:left", "programme:nmes-strengthening-neck", "take")
    assert isinstance(moved.kiosk.place, Treat)
    treatment = moved.kiosk.place.treatment
    chosen = (treatment.programme, treatment.region, treatment.side, treatment.minutes)
    assert chosen == ("nmes-strengthening-neck", "neck", "left", 0)
    back = REDUCER.touched(moved.kiosk, "back").kiosk.place
    assert isinstance(back, Choose)
    assert back.treatment.programme == "nmes-strengthening-neck"


def test_no_side_before_the_region() -> None:
    assert choosing(touch(kiosk(), "side:left")).treatment.side == ""


def test_what_the_engine_does_not_offer_says_so_in_its_words_and_is_asked_once() -> None:
    moved = touch(kiosk(), "region:lower_back", "side:both", "programme:nmes-strengthening-neck")
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
    moved = touch(kiosk(), "region:lower_back", "side:both", "programme:burst-ac")
    row = {"rule": "refusal.screening", "item": "pacemaker", "consequence": "stop", "blocks": True}
    row |= {"found": "has a pacemaker", "allowed": "none", "nearest": "do not treat"}
    page = Page(request=1, rows=(row,), next_after=None)
    at = REDUCER.answered(moved.kiosk, choosing(moved).treatment.page, page).kiosk
    assert "Has a pacemaker" in str(blocks(at))


@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_no_duration_is_longer_than_the_programme_and_the_chosen_one_is_prescribed(
    name: str,
) -> None:
    programme = load_catalogue()[name]
    at = touch(kiosk(), f"region:{programme.region.value}", "side:left", f"programme:{name}").kiosk
    place = choosing(Moved(at))
    offered = place.minutes(at)
    assert max(offered) * US_PER_MIN == programme.duration_us
    assert prescription(place.treatment).duration_us is None
    shorter = choosing(touch(at, f"minutes:{offered[0]}")).treatment
    asked: Prescribe = prescription(shorter)
    assert asked.duration_us == offered[0] * US_PER_MIN


def test_the_evidence_stands_in_two_panels_with_no_claim() -> None:
    at = touch(kiosk(), "region:neck", "side:left", "programme:burst-tens", "evidence").kiosk
    assert isinstance(at.place, Evidence)
    [pair] = [block for block in blocks(at) if isinstance(block, Pair)]
    assert all(panel.text for panel in pair.panels)
    assert "No claim is made" in str(blocks(at))
    back = touch(at, "programme").kiosk.place
    assert isinstance(back, Choose)
    assert back.treatment.programme == "burst-tens"


def test_back_goes_one_choice_back() -> None:
    at = touch(kiosk(), "region:neck", "side:left", "programme:burst-tens").kiosk
    assert choosing(touch(at, "back")).treatment.programme == ""
    assert choosing(touch(at, "back", "back")).treatment.region == ""
    assert touch(at, "back", "back", "back").kiosk.place == Home()
