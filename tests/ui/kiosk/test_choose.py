"""Region, side, programme, minutes: what is offered and what is not comes from the engine."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.minutes import minutes_offered
from appliance.messages.actions import Prescribe
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import StateName
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.choosing import of_goal
from tests.support.kiosk.samples.sample import fixed_pages
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.choose import Choose, Evidence
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Look
from ui.kiosk.journey.ready import prescription
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.locale.words import say_row, sentence
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import Beside, FormView, Keys, LineKeys, LineKeyView, Pair
from ui.kiosk.view_models.parts import KeyLook

REDUCER = Reducer(engine_place, Home)
PLACE = Choose(treatment=Treatment(patient="P-1", first_step=step_for))
PAGES = fixed_pages()
US_PER_MIN = 60_000_000


def kiosk(place: Choose | Evidence = PLACE) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    return Kiosk(place=place, snapshot=ready, pages=PAGES)


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


REGIONS = ("lower_back", "upper_back", "neck", "suboccipital")


def at_goals(region: str) -> Kiosk:
    return touch(kiosk(), f"zone:{region}:left", "areas:left").kiosk


def lines_of(at: Kiosk) -> list[LineKeyView]:
    """Return every line that is a key, in its order."""
    view = view_of(at.place, at).content
    assert isinstance(view, FormView)
    found: list[LineKeyView] = []
    for column in view.columns:
        for block in column.blocks:
            parts = block.parts if isinstance(block, Beside) else (block,)
            found += [key for part in parts if isinstance(part, LineKeys) for key in part.keys]
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_every_programme_of_a_region_is_reached_by_its_goal_and_no_other_is(region: str) -> None:
    at = at_goals(region)
    found = []
    for line in lines_of(at):
        name, _, what = line.action.partition(":")
        if name == "programme":
            found.append(what)
        elif name == "goal":
            found += [
                each.action.partition(":")[2] for each in lines_of(touch(at, line.action).kiosk)
            ]
    offered = [name for name, each in load_catalogue().items() if region in each.regions]
    assert sorted(found) == sorted(offered)


@pytest.mark.parametrize("region", REGIONS)
def test_all_goals_of_a_region_have_room_on_one_page(region: str) -> None:
    view = view_of(at_goals(region).place, at_goals(region)).content
    assert isinstance(view, FormView)
    for column in view.columns:
        for block in column.blocks:
            if isinstance(block, LineKeys):
                assert len(block.keys) <= block.lines * block.columns
                assert len(block.keys) <= block.lines_tall * block.columns_tall


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_not_offered_is_named_with_its_reason(region: str) -> None:
    at = touch(at_goals(region), "why_not").kiosk
    lines = [line for block in blocks(at) for line in block.lines]
    shown = "\n".join(line.text for line in lines if not line.head)
    place = choosing(Moved(at))
    for goal in place.goals(at):
        title = say_row(goal.row["title"])
        assert (title.lower() in shown.lower()) is not bool(goal.programmes), title
    assert "broke down after single sessions" in str([line.text for line in lines if line.head])
    assert choosing(touch(at, "back")).why_not is False


def test_tens_is_beside_what_contracts_and_both_are_named() -> None:
    view = view_of(at_goals("lower_back").place, at_goals("lower_back")).content
    assert isinstance(view, FormView)
    lists = [
        {key.action for block in column.blocks if isinstance(block, LineKeys) for key in block.keys}
        for column in view.columns
    ]
    assert "programme:conventional-tens" in lists[1]
    assert "programme:nmes-strengthening" in lists[0]
    assert "EMS contracts, TENS is felt" in view.line


@pytest.mark.parametrize(("own", "turned"), [(1, 0), (3, 0), (4, 1), (6, 2)])
def test_own_programmes_stand_by_their_title_and_pages_turn_to_all_of_them(
    own: int, turned: int
) -> None:
    place, at = SAMPLES["choose_programme"]()
    assert isinstance(place, Choose)
    at = with_own(at, own)
    seen, pages = set(), 0
    while True:
        seen |= {line.action.partition(":")[2] for line in lines_of(at)}
        following = touch(at, "down").kiosk
        if following.place == at.place:
            break
        at, pages = following, pages + 1
    assert seen == {"nmes-strengthening", *(f"own-{number}@1" for number in range(own))}
    assert pages == turned
    assert "Back, 40 Hz" in {line.text for line in lines_of(at)}
    back = touch(at, "up").kiosk
    assert choosing(Moved(back)).first == max(turned - 1, 0) * 3


def with_own(at: Kiosk, count: int) -> Kiosk:
    """Return a kiosk at the strengthening programmes with so many own ones."""
    sample = of_goal(count)
    return replace(at, place=sample.place, pages=sample.kiosk.pages)


def test_one_of_several_is_taken_as_it_usually_is_or_looked_at_first() -> None:
    at = with_own(kiosk(), 2)
    taken = touch(at, "take:own-1@1").kiosk.place
    assert isinstance(taken, Treat)
    assert (taken.treatment.programme, taken.treatment.minutes) == ("own-1@1", 0)
    card = touch(at, "programme:own-1@1").kiosk
    assert choosing(Moved(card)).treatment.programme == "own-1@1"
    assert choosing(touch(card, "back")).goal == "strengthening"
    assert choosing(touch(card, "back", "back")).goal == ""
    back = touch(replace(card, place=taken), "back").kiosk.place
    assert isinstance(back, Choose)
    assert back.treatment.programme == "own-1@1", "back leads to its card"


def test_contractions_are_called_as_is_usual_until_somebody_chooses_otherwise() -> None:
    _place, at = SAMPLES["choose_on_call"]()
    for keys, on_call in (((), True), (("call:no",), False)):
        card = choosing(touch(at, *keys))
        taken = card.touched("take", at).place
        assert isinstance(taken, Treat)
        asked = prescription(taken.treatment)
        assert isinstance(asked, Prescribe)
        assert asked.on_call is on_call
    chosen = [
        key.text
        for block in blocks(at)
        if isinstance(block, Beside)
        for part in block.parts
        if isinstance(part, Keys)
        for key in part.keys
        if key.look is KeyLook.CHOSEN and key.action.startswith("call:")
    ]
    assert chosen == ["On call"]


def test_a_programme_without_that_choice_is_given_by_cycle_and_has_no_keys_for_it() -> None:
    at = touch(at_goals("lower_back"), "programme:nmes-strengthening").kiosk
    assert "call:" not in str(blocks(at))
    taken = touch(at, "take").kiosk.place
    assert isinstance(taken, Treat)
    asked = prescription(taken.treatment)
    assert isinstance(asked, Prescribe)
    assert asked.on_call is False


def test_what_the_engine_notes_of_the_course_stands_on_the_card_before_the_minutes() -> None:
    at = touch(at_goals("lower_back"), "programme:low-rate-tens", "minutes:10").kiosk
    note = {"item": "course", "consequence": "note", "blocks": False, "found": "session 3"}
    rows = (
        {**note, "rule": "refusal.exercises", "allowed": "exercises", "nearest": "ask"},
        {
            **note,
            "rule": "refusal.order_of_programmes",
            "allowed": "6 sessions of one, then the other",
            "nearest": "the one",
        },
    )
    page = Page(request=1, rows=rows, next_after=None)
    noted = REDUCER.answered(at, choosing(Moved(at)).treatment.page, page).kiosk
    assert "6 sessions of one, then the other: the one." in str(blocks(noted))
    assert "exercises: ask" not in str(blocks(noted))


def test_the_note_of_a_region_stands_on_the_card() -> None:
    at = touch(at_goals("upper_back"), "programme:brief-intense-tens").kiosk
    assert "Only without heart disease." in str(blocks(at))


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


def test_the_evidence_stands_in_two_panels_then_page_by_page_and_claims_nothing() -> None:
    at = touch(kiosk(), "zone:neck:left", "areas:left", "programme:burst-tens", "evidence").kiosk
    assert isinstance(at.place, Evidence)
    [pair] = [block for block in blocks(at) if isinstance(block, Pair)]
    assert all(panel.text for panel in pair.panels)
    whole = []
    for number in range(1, 7):
        assert "No claim is made" in str(blocks(at))
        at = touch(at, f"page:{number}").kiosk
        whole.append(str(blocks(at)))
    words = "\n".join(whole)
    assert "page:7" not in words
    assert "Proposed: slow, strong pulses" in whole[0]
    assert "not identified, not used" in whole[0]
    assert "10.1007/s00586-017-5433-8" in whole[0]
    [general] = PAGES["evidence"]
    for each in (*general["alternatives"], *general["advised_against"]):
        assert sentence(say_row(each["what"])) in words
    assert "acute, chronic · Chou" in words
    assert "(Ca)" not in words, "marks are for who keeps the file"
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
