"""The look before a start: one key says that all is good, and each fact is the engine's own."""

from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import RecordFact, RepeatLast
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.pad_sets import CheckPads, ChoosePads
from ui.kiosk.journey.pads import ChoosePlacement, Sensation
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Look, Place, Send
from ui.kiosk.journey.ready import prescription
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.repeat import Repeat
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import OTHER_PLACEMENT, Treat, Treatment
from ui.kiosk.journey.unit_checks import CheckUnit
from ui.kiosk.places import view_of

REDUCER = Reducer(engine_place, Home)
TREATMENT = Treatment(
    patient="P-1", first_step=step_for, programme="burst-ac", region="lower_back", side="both"
)
PARTS = ("case", "plugs", "hand_switch", "emergency_stop", "lead_1", "lead_2")
UNIT = tuple({"kind": "part", "part": part, "look_at": part} for part in PARTS)
OK = Reply(request=1, tick=0)
REFUSED = Refused(request=1, rule="refusal.fact", asked="a", allowed="b", nearest="c")


def finding(rule: str, item: str, consequence: str = "ask", answered_by: str = "") -> Any:
    texts = {"found": "found", "allowed": "allowed", "nearest": "nearest"}
    row = {"rule": rule, "item": item, "consequence": consequence, "blocks": True, **texts}
    return {**row, "answered_by": answered_by}


PADS = finding("refusal.pad_set", "A")
DAY = finding("refusal.unit_check", "case", answered_by="unit_checked")
WEEK = finding("refusal.care", "leads", "stop", "leads_inspected")
WIPE = finding("refusal.care", "cleaning", answered_by="unit_cleaned")


def kiosk(place: Place, *missing: Any, **pages: Any) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    rows = {TREATMENT.page: missing, "unit": UNIT, TREATMENT.file: (), **pages}
    return Kiosk(place=place, snapshot=ready, pages=MappingProxyType(rows))


def facts(moved: Moved) -> list[RecordFact]:
    sent = [effect.action for effect in moved.effects if isinstance(effect, Send)]
    return [action for action in sent if isinstance(action, RecordFact)]


def checks(*missing: Any) -> Kiosk:
    place = step_for(TREATMENT, missing)
    assert isinstance(place, Checks)
    return kiosk(place, *missing)


def test_one_key_records_each_fact_that_is_due_and_then_goes_on() -> None:
    moved = REDUCER.touched(checks(PADS, DAY, WEEK, WIPE), "all_good")
    recorded = []
    while found := facts(moved):
        recorded += [(fact.kind, fact.values) for fact in found]
        moved = REDUCER.answered(moved.kiosk, "fact", OK)
    good = dict.fromkeys(PARTS, "good")
    leads = dict.fromkeys(("hand_switch", "lead_1", "lead_2"), "good")
    looks = dict.fromkeys(("edges", "gel", "whole", "date"), "good")
    assert recorded == [
        ("pad_set_checked", {"patient": "P-1", "pad_set": "A", **looks}),
        ("unit_checked", {"answers": good}),
        ("leads_inspected", {"answers": leads}),
        ("unit_cleaned", {}),
    ]
    assert isinstance(moved.kiosk.place, Treat)
    assert [effect for effect in moved.effects if isinstance(effect, Look)]


def test_a_refused_fact_stops_the_others_and_stays_on_the_screen() -> None:
    moved = REDUCER.touched(checks(PADS, DAY), "all_good")
    moved = REDUCER.answered(moved.kiosk, "fact", REFUSED)
    assert facts(moved) == []
    assert isinstance(moved.kiosk.place, Checks)
    assert moved.kiosk.place.sending == ()
    assert "Not accepted" in str(view_of(moved.kiosk.place, moved.kiosk).content)


def test_nothing_is_good_before_it_is_known_what_is_looked_at() -> None:
    at = kiosk(Checks(treatment=TREATMENT, finding=DAY), DAY, unit=())
    assert facts(REDUCER.touched(at, "all_good")) == []


def test_what_is_not_good_has_a_screen_for_each_thing() -> None:
    at = checks(PADS, DAY)
    opened = REDUCER.touched(at, "open:pad_set_checked").kiosk.place
    assert isinstance(opened, CheckPads)
    assert opened.pad_set == "A"
    assert isinstance(REDUCER.touched(at, "open:unit_checked").kiosk.place, CheckUnit)
    assert isinstance(REDUCER.touched(at, "another").kiosk.place, ChoosePads)


def test_a_part_that_was_found_damaged_is_never_good_with_the_others() -> None:
    damaged = finding("refusal.unit_check", "plugs", "stop", "unit_checked")
    assert isinstance(step_for(TREATMENT, (damaged,)), CheckUnit)
    kinds = {fact.kind for fact in facts(REDUCER.touched(checks(PADS, damaged), "all_good"))}
    assert kinds == {"pad_set_checked"}


@pytest.mark.parametrize("gone", [False, True])
def test_the_only_set_that_fits_is_taken_once(*, gone: bool) -> None:
    row = {"width_mm": 50, "height_mm": 50, "pads": 4, "uses": 3, "out_of_use": gone}
    file = ({"kind": "pads", "pad_set": "A", "material": "CF", **row},)
    pads = [{"width_mm": 50, "height_mm": 50}] * 4
    offered = ({"placement": "usual", "depth": "usual", "pads": pads},)
    pages = {TREATMENT.file: file, "placements:burst-ac:lower_back:both": offered}
    none = finding("refusal.before_start", "pad_set")
    place = ChoosePads(treatment=TREATMENT, finding=none)
    assert (place.by_itself(kiosk(place, none, **pages)).place is None) == gone
    other = ChoosePads(treatment=TREATMENT, finding=PADS)
    assert other.by_itself(kiosk(other, PADS, **pages)).place is None


def test_the_usual_placement_is_taken_unless_a_person_wants_to_choose() -> None:
    offered: Any = tuple(
        {"placement": name, "depth": "usual", "pads": []} for name in ("usual", "other")
    )
    pages = {"placements:burst-ac:lower_back:both": offered}
    none = finding("refusal.before_start", "placement")
    at = kiosk(step_for(TREATMENT, (none,)), none, **pages)
    taken = at.place.by_itself(at).place
    assert isinstance(taken, Treat)
    assert (taken.treatment.placement, taken.treatment.depth) == ("usual", "usual")
    wanted = REDUCER.touched(kiosk(Sensation(treatment=taken.treatment)), "placement").kiosk.place
    assert isinstance(wanted, ChoosePlacement)
    assert wanted.by_itself(at).place is None
    assert wanted.finding == OTHER_PLACEMENT


LAST = {
    "programme": "burst-ac",
    "region": "neck",
    "side": "left",
    "placement": "neck-extensors",
    "depth": "deep",
    "pad_set": "B",
    "planned_us": 900_000_000,
}


def repeating(*rows: dict[str, Any]) -> Place:
    treated = {"patient": "P-1", "alias": "P7", "born": 1974, "treated": [["neck", "left"]]}
    pages: dict[str, Any] = {"patients:": (treated,), "history:P-1": rows}
    return REDUCER.touched(kiosk(Patients(), **pages), "repeat:P-1").kiosk.place


def test_a_repeat_asks_what_is_missing_before_the_last_treatment() -> None:
    place = repeating(LAST, {**LAST, "pad_set": "A"})
    assert isinstance(place, Treat)
    page = "missing:P-1:burst-ac:neck:left:neck-extensors:deep:B"
    assert (place.treatment.page, place.treatment.minutes) == (page, 15)
    assert prescription(place.treatment) == RepeatLast(patient="P-1", pad_set="B")


def test_without_a_treatment_to_repeat_one_is_chosen() -> None:
    assert isinstance(repeating(), Choose)
    assert isinstance(repeating({**LAST, "placement": ""}), Choose)


def test_the_last_treatment_is_looked_for_before_anything_is_shown() -> None:
    place = Repeat(treatment=TREATMENT, came_from=Patients())
    moved = REDUCER.wanted(kiosk(place))
    assert [effect.page for effect in moved.effects if isinstance(effect, Look)] == ["history:P-1"]
    page = Page(request=1, rows=(), next_after=None)
    assert isinstance(REDUCER.answered(moved.kiosk, "history:P-1", page).kiosk.place, Choose)


def test_a_treatment_that_cannot_be_repeated_says_why_in_the_list() -> None:
    place = repeating(LAST)
    assert isinstance(place, Treat)
    moved = REDUCER.answered(kiosk(place, **{"patients:": ()}), place.treatment.page, REFUSED)
    assert isinstance(moved.kiosk.place, Patients)
    assert "Not accepted" in str(view_of(moved.kiosk.place, moved.kiosk).content)
