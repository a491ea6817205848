"""What is looked at on the unit and on pads: nothing is filled in, the engine gets each answer."""

from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.clinical.placement.pad_sets import next_label
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Reply
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.pad_sets import CheckPads, ChoosePads
from ui.kiosk.journey.place import Kiosk, Next, Place, Send
from ui.kiosk.journey.steps import STEPS, AtFinding, step_for
from ui.kiosk.journey.treatment import Step, Treat, Treatment
from ui.kiosk.journey.unit_checks import CheckUnit, CleanUnit
from ui.kiosk.places import view_of

TREATMENT = Treatment(
    patient="P-1", first_step=step_for, programme="burst-ac", region="lower_back", side="both"
)
PARTS = ("case", "display", "plugs", "hand_switch", "emergency_stop", "lead_1", "lead_2")
UNIT = tuple({"kind": "part", "part": part, "look_at": part} for part in PARTS)
PADS = [{"width_mm": 50, "height_mm": 100}] * 4
PLACEMENTS = (
    {"placement": "usual", "depth": "usual", "pads": [{"width_mm": 50, "height_mm": 50}] * 4},
    {"placement": "other", "depth": "deep", "pads": PADS},
)


def finding(rule: str, item: str, consequence: str = "ask", answered_by: str = "") -> Any:
    texts = {"found": "found", "allowed": "allowed", "nearest": "nearest"}
    row = {"rule": rule, "item": item, "consequence": consequence, "blocks": True, **texts}
    return {**row, "answered_by": answered_by}


def pad_set(label: str, *, out_of_use: bool = False) -> dict[str, Any]:
    size = {"width_mm": 50, "height_mm": 100, "pads": 4}
    wear = {"uses": 3, "out_of_use": out_of_use, "material": "CF50"}
    return {"kind": "pads", "pad_set": label, **size, **wear}


def kiosk(place: Place, *file: dict[str, Any]) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    pages: dict[str, tuple[Any, ...]] = {
        "unit": UNIT,
        "patient:P-1": file,
        "placements:burst-ac:lower_back:both": PLACEMENTS,
    }
    return Kiosk(place=place, snapshot=ready, pages=MappingProxyType(pages))


def touch(place: Place, at: Kiosk, *actions: str) -> Next:
    following = Next(place)
    for action in actions:
        assert following.place is not None
        view_of(following.place, at)
        following = following.place.touched(action, at)
    return following


def fact(following: Next) -> RecordFact:
    [send] = following.effects
    assert isinstance(send, Send)
    assert isinstance(send.action, RecordFact)
    return send.action


@pytest.mark.parametrize(
    ("row", "to"),
    [
        (finding("refusal.unit_check", "case", answered_by="unit_checked"), Checks),
        (finding("refusal.unit_check", "plugs", "stop", "unit_checked"), CheckUnit),
        (finding("refusal.unit_check", "case", "stop", "part_released"), AtFinding),
        (finding("refusal.care", "leads", "stop", "leads_inspected"), Checks),
        (finding("refusal.care", "cleaning", answered_by="unit_cleaned"), Checks),
        (finding("refusal.care", "calibration", "stop", "calibration_recorded"), AtFinding),
        (finding("refusal.before_start", "pad_set"), ChoosePads),
        (finding("refusal.pad_set", "A"), Checks),
        (finding("refusal.pad_set", "A", "stop"), ChoosePads),
    ],
)
def test_each_finding_leads_to_its_screen(row: Any, to: type[Step]) -> None:
    place = step_for(TREATMENT, (row,))
    assert isinstance(place, to)
    assert STEPS
    view_of(place, kiosk(place))


def test_every_part_of_the_unit_is_answered_before_it_is_recorded() -> None:
    row = finding("refusal.unit_check", "case", answered_by="unit_checked")
    place = CheckUnit(treatment=TREATMENT, finding=row)
    at = kiosk(place)
    first = touch(place, at, "part:display=damaged", "rest_good")
    assert first.effects == ()
    recorded = fact(touch(place, at, "part:display=damaged", "rest_good", "rest_good"))
    answers = dict.fromkeys(PARTS, "good")
    assert recorded.kind == "unit_checked"
    assert recorded.values == {"answers": {**answers, "display": "damaged"}}


def test_parts_of_a_page_not_seen_are_never_called_good() -> None:
    row = finding("refusal.unit_check", "case", answered_by="unit_checked")
    place = CheckUnit(treatment=TREATMENT, finding=row)
    second = touch(place, kiosk(place), "rest_good").place
    assert isinstance(second, CheckUnit)
    assert set(second.answers) == set(PARTS[:4])
    back = touch(second, kiosk(second), "back").place
    assert isinstance(back, CheckUnit)
    assert back.answers == second.answers


def test_the_weekly_inspection_asks_about_leads_and_hand_switch() -> None:
    row = finding("refusal.care", "leads", "stop", "leads_inspected")
    place = CheckUnit(treatment=TREATMENT, finding=row)
    recorded = fact(touch(place, kiosk(place), "rest_good"))
    assert recorded.kind == "leads_inspected"
    answers = dict.fromkeys(("hand_switch", "lead_1", "lead_2"), "good")
    assert recorded.values == {"answers": answers}


def test_without_the_page_of_the_unit_nothing_is_good() -> None:
    row = finding("refusal.unit_check", "case", answered_by="unit_checked")
    place = CheckUnit(treatment=TREATMENT, finding=row)
    empty = Kiosk(place=place, snapshot=AT_REST)
    assert touch(place, empty, "rest_good").effects == ()


def test_wiping_the_unit_is_recorded_without_a_patient() -> None:
    row = finding("refusal.care", "cleaning", answered_by="unit_cleaned")
    place = CleanUnit(treatment=TREATMENT, finding=row)
    assert fact(touch(place, kiosk(place), "cleaned")) == RecordFact(kind="unit_cleaned", values={})


def test_a_set_is_chosen_on_the_placement_that_the_pads_have() -> None:
    key = {"programme": "burst-ac", "region": "lower_back", "side": "both"}
    placed = {"kind": "placed", "key": {**key, "placement": "other", "depth": "deep"}}
    place = ChoosePads(treatment=TREATMENT, finding=finding("refusal.pad_set", "A", "stop"))
    at = kiosk(place, pad_set("A"), pad_set("B"), placed)
    assert [row["pad_set"] for row in place.usable(at)] == ["B"]
    following = touch(place, at, "set:B").place
    assert isinstance(following, Treat)
    chosen = following.treatment
    assert (chosen.pad_set, chosen.placement, chosen.depth) == ("B", "other", "deep")


def test_a_new_set_is_labelled_in_the_size_of_the_placement_and_then_used() -> None:
    place = ChoosePads(treatment=TREATMENT, finding=finding("refusal.before_start", "pad_set"))
    at = kiosk(place, pad_set("A", out_of_use=True))
    sent = touch(place, at, "new", "letter:C", "letter:F", "label")
    values = {"pad_set": "B", "material": "CF", "width_mm": 50, "height_mm": 50, "pads": 4}
    assert fact(sent).values == {"patient": "P-1", **values}
    assert sent.place is not None
    then = sent.place.answered("fact", Reply(request=1, tick=0), at)
    assert isinstance(then.place, Treat)
    assert then.place.treatment.pad_set == "B"


def test_a_new_label_is_the_one_that_the_engine_would_give() -> None:
    place = ChoosePads(treatment=TREATMENT, finding=finding("refusal.before_start", "pad_set"))
    for labels in ((), ("A",), ("B", "C"), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
        at = kiosk(place, *(pad_set(label) for label in labels))
        assert place.label(at) == next_label(labels)


def test_a_look_at_pads_keeps_each_answer_and_records_the_set() -> None:
    place = CheckPads(treatment=TREATMENT, finding=finding("refusal.pad_set", "A"))
    at = kiosk(place, pad_set("A"))
    assert place.answers == {}
    recorded = fact(touch(place, at, "look:gel=damaged", "look:gel=good", "rest_good"))
    looked = dict.fromkeys(("edges", "gel", "whole", "date"), "good")
    assert recorded.values == {"patient": "P-1", "pad_set": "A", **looked}
    assert recorded.kind == "pad_set_checked"


def test_back_leads_to_where_the_journey_began() -> None:
    place = CheckPads(treatment=TREATMENT, finding=finding("refusal.pad_set", "A"))
    assert touch(place, kiosk(place), "back").place == Home()
