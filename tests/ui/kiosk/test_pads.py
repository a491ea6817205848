"""Placement, sensation and skin record what was answered, for the pads that were chosen."""

from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.clinical.fact_reading import read_fact
from appliance.clinical.placement.facts import PadsPlaced
from appliance.control.pages.placements import placement_rows
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName
from tests.support.no_sources import NOTHING
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.pads import (
    AtSites,
    CheckSkin,
    ChoosePlacement,
    PlacePads,
    Sensation,
    site_of,
)
from ui.kiosk.journey.place import Kiosk, Next, Place, Row, Send
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import Block, Figure, FormView, Keys, SiteTable
from ui.kiosk.view_models.parts import KeyLook, KeyView

TREATMENT = Treatment(
    patient="P-1",
    first_step=step_for,
    programme="nmes-strengthening",
    region="lower_back",
    side="both",
)
CHOSEN = Treatment(
    patient="P-1",
    first_step=step_for,
    programme="nmes-strengthening",
    region="lower_back",
    side="both",
    placement="lumbar-paraspinals",
    depth="deep",
    pad_set="A",
)
PLACEMENTS = "placements:nmes-strengthening:lower_back:both"


def offered() -> tuple[Row, ...]:
    rows = placement_rows("nmes-strengthening:lower_back:both", NOTHING)
    plain = msgspec.to_builtins(list(rows), str_keys=True)  # type: ignore[arg-type]
    return tuple(msgspec.json.decode(msgspec.json.encode(plain)))


ROWS = offered()
DEEP = next(
    row for row in ROWS if (row["placement"], row["depth"]) == ("lumbar-paraspinals", "deep")
)
SITES = tuple(site_of("lower_back", pad) for pad in DEEP["pads"])


def missing(rule: str, prefix: str, sites: tuple[str, ...] = SITES) -> list[dict[str, Any]]:
    texts = {"found": "found", "allowed": "allowed", "nearest": "nearest"}
    row = {"rule": rule, "consequence": "ask", "blocks": True, **texts}
    return [{**row, "item": prefix + site} for site in sites]


def kiosk(place: Place, treatment: Treatment = CHOSEN, refused: Refused | None = None) -> Kiosk:
    rows = (
        *missing("refusal.sensation", "sensation:"),
        *missing("refusal.skin", "skin_before:"),
    )
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    pages = MappingProxyType({PLACEMENTS: ROWS, treatment.page: rows})
    return Kiosk(place=place, snapshot=ready, pages=pages, refused=refused)


def touch(place: Place, action: str, treatment: Treatment = CHOSEN) -> Next:
    return place.touched(action, kiosk(place, treatment))


def recorded(following: Next) -> RecordFact:
    [effect] = following.effects
    assert isinstance(effect, Send)
    assert isinstance(effect.action, RecordFact)
    return effect.action


def blocks(place: Place, treatment: Treatment = CHOSEN, **more: Any) -> list[Block]:
    view = view_of(place, kiosk(place, treatment, **more)).content
    assert isinstance(view, FormView)
    return [block for column in view.columns for block in column.blocks]


def keys(found: list[Block]) -> dict[str, KeyView]:
    return {key.action: key for block in found if isinstance(block, Keys) for key in block.keys}


@pytest.mark.parametrize(
    ("rule", "item", "screen"),
    [
        ("refusal.before_start", "placement", ChoosePlacement),
        ("refusal.placement", "lumbar-large", PlacePads),
        ("refusal.sensation", "sensation:" + SITES[0], Sensation),
        ("refusal.skin", "skin_before:" + SITES[0], CheckSkin),
    ],
)
def test_a_finding_about_pads_leads_to_its_screen(
    rule: str, item: str, screen: type[Place]
) -> None:
    [row] = missing(rule, "", (item,))
    assert isinstance(step_for(CHOSEN, (row,)), screen)


def test_what_stops_because_of_skin_or_sensation_is_no_question() -> None:
    for rule, prefix in (("refusal.sensation", "sensation:"), ("refusal.skin", "skin:")):
        [row] = missing(rule, prefix, SITES[:1])
        place = step_for(CHOSEN, ({**row, "consequence": "stop"},))
        assert not isinstance(place, AtSites)


def test_the_usual_placement_is_on_the_figure_until_another_is_looked_at() -> None:
    place = ChoosePlacement(treatment=TREATMENT)
    usual = place.row(kiosk(place, TREATMENT))
    assert usual is not None
    assert usual["usual"]
    other = touch(place, "placement:lumbar-paraspinals", TREATMENT).place
    assert isinstance(other, ChoosePlacement)
    deep = touch(other, "depth:deep", TREATMENT).place
    assert isinstance(deep, ChoosePlacement)
    assert deep.row(kiosk(deep, TREATMENT)) == DEEP
    taken = touch(deep, "take", TREATMENT).place
    assert isinstance(taken, Treat)
    assert (taken.treatment.placement, taken.treatment.depth) == ("lumbar-paraspinals", "deep")


def test_a_depth_is_offered_only_where_the_placement_has_more_than_one() -> None:
    usual = ChoosePlacement(treatment=TREATMENT)
    assert not [action for action in keys(blocks(usual, TREATMENT)) if action.startswith("depth")]
    other = ChoosePlacement(treatment=TREATMENT, shown="lumbar-paraspinals")
    found = keys(blocks(other, TREATMENT))
    assert [action for action in found if action.startswith("depth")] == [
        "depth:shallow",
        "depth:usual",
        "depth:deep",
    ]


def test_pads_are_drawn_in_their_true_size_where_the_placement_has_them() -> None:
    [figure] = [each for each in blocks(PlacePads(treatment=CHOSEN)) if isinstance(each, Figure)]
    assert [(pad.label, pad.x, pad.y, pad.width_mm, pad.plus) for pad in figure.pads] == [
        (pad["pad"], pad["drawn"]["x"], pad["drawn"]["y"], pad["width_mm"], pad["pad"][1] == "A")
        for pad in DEEP["pads"]
    ]
    assert figure.muscles == ("lumbar_paraspinals",)
    assert {point.text for point in figure.points} == {"T12", "L5"}


def test_placed_pads_are_recorded_as_planned_with_their_set() -> None:
    fact = recorded(touch(PlacePads(treatment=CHOSEN), "placed"))
    assert fact.kind == "pads_placed"
    assert fact.values["pad_set"] == "A"
    own = {"operator": "anna", "simulated": False}
    placed = read_fact(PadsPlaced, {**fact.values, **own})
    assert isinstance(placed, PadsPlaced)
    assert placed.key.depth == "deep"
    assert [pad.spot for pad in placed.pads] == [pad["spot"] for pad in DEEP["pads"]]


def test_every_step_of_a_placement_is_said_on_some_page() -> None:
    place: Place | None = PlacePads(treatment=CHOSEN)
    said: list[str] = []
    for _ in range(8):
        assert place is not None
        for block in blocks(place):
            if isinstance(block, SiteTable):
                said += [row.text for row in block.rows]
        place = touch(place, "turn").place
        if place == PlacePads(treatment=CHOSEN):
            break
    assert len(said) == len(DEEP["steps"])


@pytest.mark.parametrize(
    ("place", "answer", "kind", "field", "value"),
    [
        (Sensation(treatment=CHOSEN), "normal", "sensation_tested", "feeling", "normal"),
        (CheckSkin(treatment=CHOSEN), "0", "skin_checked_before", "grade", 0),
    ],
)
def test_the_page_turns_by_itself_with_the_last_harmless_answer(
    place: Place, answer: str, kind: str, field: str, value: object
) -> None:
    for site in SITES[:-1]:
        following = touch(place, f"site:{site}:{answer}")
        assert following.effects == ()
        assert following.place is not None
        place = following.place
    fact = recorded(touch(place, f"site:{SITES[-1]}:{answer}"))
    assert fact.kind == kind
    [sites] = [each for each in fact.values.values() if isinstance(each, list)]
    assert len(sites) == len(SITES)
    assert {site[field] for site in sites} == {value}


@pytest.mark.parametrize("screen", [Sensation, CheckSkin])
def test_one_touch_says_that_every_site_is_harmless(screen: type[AtSites]) -> None:
    assert recorded(touch(screen(treatment=CHOSEN), "all")).values["patient"] == "P-1"


@pytest.mark.parametrize(("screen", "bad"), [(Sensation, "absent"), (CheckSkin, "2")])
def test_an_answer_with_a_consequence_is_looked_at_before_it_is_recorded(
    screen: type[AtSites], bad: str
) -> None:
    place: Place = screen(treatment=CHOSEN)
    harmless = screen(treatment=CHOSEN).harmless
    for site, answer in zip(SITES, (harmless, harmless, harmless, bad), strict=True):
        assert keys(blocks(place))[""].look is KeyLook.OFF
        following = touch(place, f"site:{site}:{answer}")
        assert following.effects == ()
        assert following.place is not None
        place = following.place
    assert keys(blocks(place))["done"].note
    assert recorded(touch(place, "done")).values["patient"] == "P-1"


@pytest.mark.parametrize("screen", [Sensation, CheckSkin])
def test_no_answer_is_filled_in(screen: type[AtSites]) -> None:
    [table] = [each for each in blocks(screen(treatment=CHOSEN)) if isinstance(each, SiteTable)]
    looks = {key.look for row in table.rows for key in row.keys}
    assert looks == {KeyLook.OUTLINED}


def test_a_refusal_stands_beside_the_key_and_the_answers_stay() -> None:
    place = CheckSkin(treatment=CHOSEN, answers=MappingProxyType(dict.fromkeys(SITES, "0")))
    refused = Refused(request=1, rule="refusal.sites", asked="a", allowed="b", nearest="c")
    assert place.answered("fact", refused, kiosk(place)).place is None
    assert "c" in str(blocks(place, refused=refused))


def test_clear_skin_is_recorded_with_the_key_that_says_so_and_not_after_it_was_refused() -> None:
    """Hazard: the records say that skin was looked at and clear, and nobody did."""
    asking = touch(Sensation(treatment=CHOSEN), "all_clear").place
    assert isinstance(asking, Sensation)
    reply = Reply(request=1, tick=1)
    assert recorded(asking.answered("fact", reply, kiosk(asking))).kind == "skin_checked_before"
    refused = Refused(request=1, rule="refusal.sites", asked="a", allowed="b", nearest="c")
    for answer in (refused, None):
        again = asking.answered("fact", answer, kiosk(asking)).place
        assert isinstance(again, Sensation)
        assert again.answers == asking.answers
        done = touch(again, "done").place
        assert isinstance(done, Sensation)
        then = done.answered("fact", reply, kiosk(done))
        assert not [effect for effect in then.effects if isinstance(effect, Send)]
