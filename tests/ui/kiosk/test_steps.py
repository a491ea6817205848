"""The journey before a treatment goes where the engine says that something is missing."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Look, Next, Place, Row, Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import AtFinding, Leads, step_for
from ui.kiosk.journey.treatment import Step, Treat, Treatment
from ui.kiosk.places import view_of

REDUCER = Reducer(engine_place, Home)
TREATMENT = Treatment(
    patient="P-1",
    first_step=step_for,
    programme="conventional-tens",
    region="neck",
    side="left",
)


def finding(rule: str, item: str = "item", consequence: str = "ask") -> dict[str, Any]:
    texts = {"found": "found", "allowed": "allowed", "nearest": "nearest"}
    blocks = consequence != "note"
    return {"rule": rule, "item": item, "consequence": consequence, "blocks": blocks, **texts}


def kiosk(place: Place) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    return Kiosk(place=place, snapshot=ready)


def with_missing(at: Kiosk, *rows: dict[str, Any]) -> Moved:
    page = Page(request=1, rows=rows, next_after=None)
    return REDUCER.answered(at, TREATMENT.page, page)


def looks(moved: Moved) -> list[str]:
    return [effect.page for effect in moved.effects if isinstance(effect, Look)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Step):
    def touched(self, action: str, kiosk: Kiosk) -> Next:
        return self.record("complaint_opened", {"weeks": 2})


def asking(treatment: Treatment, rows: tuple[Row, ...]) -> Place:
    return Asking(treatment=treatment, finding=rows[0])


def test_the_first_finding_that_blocks_is_shown_with_its_texts() -> None:
    at = REDUCER.wanted(kiosk(Treat(treatment=TREATMENT))).kiosk
    moved = with_missing(
        at, finding("refusal.course", consequence="note"), finding("refusal.unheard_of")
    )
    assert isinstance(moved.kiosk.place, AtFinding)
    assert moved.kiosk.place.finding["rule"] == "refusal.unheard_of"
    view = view_of(moved.kiosk.place, moved.kiosk)
    assert "Allowed" in str(view.content)


def test_a_recorded_fact_asks_what_is_missing_now_and_shows_the_step_until_then() -> None:
    treatment = replace(TREATMENT, first_step=asking)
    at = with_missing(kiosk(Treat(treatment=treatment)), finding("refusal.complaint")).kiosk
    assert isinstance(at.place, Asking)
    sent = REDUCER.touched(at, "open")
    [send] = sent.effects
    assert isinstance(send, Send)
    assert send.action == RecordFact(kind="complaint_opened", values={"patient": "P-1", "weeks": 2})
    waiting = REDUCER.answered(sent.kiosk, send.tag, Reply(request=1, tick=0))
    assert looks(waiting) == [TREATMENT.page]
    assert isinstance(waiting.kiosk.place, Treat)
    assert waiting.kiosk.place.behind == at.place


def test_a_refused_fact_stays_on_its_screen() -> None:
    treatment = replace(TREATMENT, first_step=asking)
    at = with_missing(kiosk(Treat(treatment=treatment)), finding("refusal.complaint")).kiosk
    sent = REDUCER.touched(at, "open").kiosk
    refused = Refused(request=1, rule="refusal.fact", asked="a", allowed="b", nearest="c")
    moved = REDUCER.answered(sent, "fact", refused)
    assert moved.kiosk.place == sent.place
    assert moved.kiosk.refused == refused


def test_an_answer_from_before_the_fact_leads_nowhere() -> None:
    """What was on its way when the fact was recorded does not know of it."""
    treatment = replace(TREATMENT, first_step=asking)
    first = with_missing(kiosk(Treat(treatment=treatment)), finding("refusal.complaint")).kiosk
    changed = msgspec.structs.replace(AT_REST, state=StateName.SELF_TEST)
    on_way = REDUCER.snapshot(first, changed, 0.0)
    assert looks(on_way) == [TREATMENT.page]
    recorded = REDUCER.answered(on_way.kiosk, "fact", Reply(request=1, tick=0))
    assert looks(recorded) == [TREATMENT.page]
    late = with_missing(recorded.kiosk, finding("refusal.complaint"))
    assert isinstance(late.kiosk.place, Treat)
    assert late.effects == ()
    new = with_missing(late.kiosk, finding("refusal.course"))
    assert isinstance(new.kiosk.place, Asking)
    assert new.kiosk.place.finding["rule"] == "refusal.course"


def test_back_leads_to_where_the_journey_began() -> None:
    at = with_missing(kiosk(Treat(treatment=TREATMENT)), finding("refusal.course")).kiosk
    assert REDUCER.touched(at, "back").kiosk.place == Home()


def test_a_screen_is_found_by_rule_item_consequence_and_text() -> None:
    row = {**finding("refusal.skin", "skin_follow_up:neck"), "nearest": {"key": "skin.ask"}}
    assert Leads("refusal.skin", Asking, item="skin_follow_up:").fits(row)
    assert Leads("refusal.skin", Asking, nearest="skin.ask").fits(row)
    assert not Leads("refusal.skin", Asking, consequence="stop").fits(row)
    assert not Leads("refusal.skin", Asking, nearest="skin.look").fits(row)
