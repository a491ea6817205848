"""From "nothing is missing" to Start: set up, squeezed, contact checked, each at a touch."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import (
    CheckContact,
    Prescribe,
    RecordFact,
    Start,
    Stop,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import HandSwitchView, PlanView, Snapshot
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.samples import SAMPLES
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import AtArmed, engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Place, Send
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import FormView, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView

REDUCER = Reducer(engine_place, Home)
TREATMENT = Treatment(
    patient="P-1",
    first_step=step_for,
    programme="conventional-tens",
    region="neck",
    side="left",
    placement="neck-extensors",
    depth="usual",
    pad_set="A",
)
LYING: dict[str, object] = {
    "kind": "placed",
    "key": {"placement": "paraspinal", "depth": "deep"},
    "pad_set": "B",
}
SET_UP = Ready(treatment=TREATMENT, sent=True, is_set_up=True)
OK = Reply(request=1, tick=0)
REFUSED = Refused(request=1, rule="refusal.any", asked="a", allowed="b", nearest="do this")


def snapshot(step: str = "", state: StateName = StateName.READY) -> Snapshot:
    text = TextView(key=f"hand_switch.{step}", values={})
    switch = HandSwitchView(step=step, text=text) if step else None
    return msgspec.structs.replace(AT_REST, state=state, hand_switch=switch)


def kiosk(place: Place, step: str = "", **more: Any) -> Kiosk:
    return Kiosk(place=place, snapshot=snapshot(step), **more)


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def keys(place: Place, at: Kiosk) -> dict[str, KeyView]:
    view = view_of(place, at).content
    assert isinstance(view, FormView)
    blocks = [block for column in view.columns for block in column.blocks]
    shown = {key.text: key for block in blocks if isinstance(block, Keys) for key in block.keys}
    return {**shown, **{key.text: key for key in view.rail}}


def test_pads_that_lie_already_are_set_up_as_they_lie_once_the_file_has_come() -> None:
    """Somebody went back after the pads were on: nothing is missing, and none were chosen here."""
    again = replace(TREATMENT, placement="", depth="", pad_set="")
    nothing = Page(request=1, rows=(), next_after=None)
    moved = REDUCER.answered(kiosk(Treat(treatment=again)), again.page, nothing)
    assert isinstance(moved.kiosk.place, Ready)
    assert sent(moved) == []
    assert again.file in moved.kiosk.asked
    file = Page(request=2, rows=(LYING,), next_after=None)
    moved = REDUCER.answered(moved.kiosk, again.file, file)
    [action] = sent(moved)
    assert isinstance(action, Prescribe)
    assert (action.placement, action.depth, action.pad_set) == ("paraspinal", "deep", "B")


def test_with_nothing_missing_the_treatment_is_set_up_once_without_a_touch() -> None:
    page = Page(request=1, rows=(), next_after=None)
    moved = REDUCER.answered(kiosk(Treat(treatment=TREATMENT)), TREATMENT.page, page)
    assert isinstance(moved.kiosk.place, Ready)
    [action] = sent(moved)
    assert isinstance(action, Prescribe)
    chosen = (action.patient, action.side, action.placement, action.depth, action.pad_set)
    assert chosen == ("P-1", "left", "neck-extensors", "usual", "A")
    assert sent(REDUCER.snapshot(moved.kiosk, snapshot("squeeze"), 0.0)) == []
    done = REDUCER.answered(moved.kiosk, "prescribe", OK)
    assert sent(done) == []
    assert sent(REDUCER.touched(done.kiosk, "check_contact")) == [CheckContact()]


def test_what_was_refused_is_set_up_again_at_a_touch_and_not_by_itself() -> None:
    waiting = Ready(treatment=TREATMENT, sent=True)
    moved = REDUCER.answered(kiosk(waiting), "prescribe", REFUSED)
    assert sent(moved) == []
    assert "do this" in str(view_of(waiting, moved.kiosk).content)
    assert keys(waiting, moved.kiosk)["Set up again"].is_enabled
    [again] = sent(REDUCER.touched(moved.kiosk, "check_contact"))
    assert isinstance(again, Prescribe)


@pytest.mark.parametrize(
    ("step", "possible"),
    [
        ("close", False),
        ("squeeze", False),
        ("release", False),
        ("proven", True),
        ("waived", True),
    ],
)
def test_the_contact_is_checked_only_after_the_squeeze(step: str, possible: bool) -> None:
    assert keys(SET_UP, kiosk(SET_UP, step))["Check contact"].is_enabled is possible


def test_who_cannot_squeeze_has_a_reason_recorded_and_stays_on_the_screen() -> None:
    why = REDUCER.touched(kiosk(SET_UP, "squeeze"), "cannot")
    reasons = [key for key in keys(why.kiosk.place, why.kiosk).values() if "reason:" in key.action]
    moved = REDUCER.touched(why.kiosk, reasons[0].action)
    [fact] = sent(moved)
    assert isinstance(fact, RecordFact)
    assert fact.kind == "squeeze_waived"
    assert fact.values == {"patient": "P-1", "reason": reasons[0].text}
    assert REDUCER.answered(moved.kiosk, "fact", OK).kiosk.place == SET_UP
    assert REDUCER.answered(moved.kiosk, "fact", REFUSED).kiosk.place == why.kiosk.place


def at(state: StateName, **more: Any) -> Kiosk:
    return Kiosk(place=SET_UP, snapshot=snapshot(state=state), **more)


def test_start_is_no_key_while_the_contact_is_measured() -> None:
    found = keys(AtArmed(), at(StateName.CONTACT_CHECK))
    assert found["START"].look is KeyLook.OFF
    assert found["START"].note


@pytest.mark.parametrize(
    ("text", "action"),
    [("START", Start()), ("Check again", CheckContact()), ("Back", Stop())],
)
def test_keys_of_the_armed_screen(text: str, action: object) -> None:
    armed = at(StateName.ARMED)
    assert sent(REDUCER.touched(armed, keys(AtArmed(), armed)[text].action)) == [action]


def test_a_refused_start_says_why_beside_the_key() -> None:
    armed = at(StateName.ARMED)
    moved = REDUCER.answered(armed, "start", REFUSED)
    assert "do this" in str(view_of(AtArmed(), moved.kiosk).content)
    assert keys(AtArmed(), moved.kiosk)["START"].is_enabled


@pytest.mark.parametrize(
    ("verdict", "advice"),
    [
        ("open", "A pad or a lead is off. Pads 2A, 2B: press both down"),
        ("poor", "press the pads on, moisten or change them"),
        ("short", "The two pads or leads touch each other."),
        ("unknown", "Contact unknown"),
    ],
)
@pytest.mark.parametrize("step", ["close", "proven"])
def test_contact_that_was_not_good_names_pads_side_and_what_to_do(
    verdict: str, advice: str, step: str
) -> None:
    """Hazard: "channel 2: contact open" says neither where nor what to do."""
    note = TextView(key="note.contact", values={"channel": 2, "contact": verdict})
    plan = PlanView(
        kind="tens", purpose="sensory", region="neck", rate_millihertz=1, phase_us=1, side="both"
    )
    seen = msgspec.structs.replace(snapshot(step), notes=(note,), plan=plan)
    at = replace(kiosk(SET_UP), snapshot=seen)
    shown = str(view_of(SET_UP, at).content)
    assert "Right: pads 2A and 2B or their lead" in shown
    assert advice in shown
    assert "channel 2" not in shown.lower()


def test_what_measures_like_a_test_load_is_asked_about_before_start() -> None:
    """Hazard: a drill's resistor passes for pads on skin, under the words "Contact good"."""
    place, asked = SAMPLES["armed_like_load"]()
    shown = keys(place, asked)
    assert shown["START"].look is KeyLook.OFF
    assert shown["START"].note == "once somebody has looked"
    content = str(view_of(place, asked).content)
    assert "A test load?" in content
    assert "Is one still connected?" in content
    [fact] = sent(REDUCER.touched(asked, shown["No test load"].action))
    assert fact == RecordFact(kind="load_ruled_out", values={"patient": "P-0013", "channels": [1]})
    assert sent(REDUCER.touched(asked, shown["Check again"].action)) == [CheckContact()]


def test_no_answer_is_sent_that_was_not_asked_for() -> None:
    assert sent(REDUCER.touched(at(StateName.ARMED), "no_load")) == []
    assert "No test load" not in keys(AtArmed(), at(StateName.ARMED))


@pytest.mark.parametrize(
    ("whole_us", "lasts"), [(1_800_000_000, "30 min"), (1_763_000_000, "29:23")]
)
@pytest.mark.parametrize("state", [StateName.READY, StateName.ARMED])
def test_each_screen_to_start_names_programme_and_minutes(
    state: StateName, whole_us: int, lasts: str
) -> None:
    """Hazard: a treatment that was repeated is started without anybody knowing which it is."""
    set_up = msgspec.structs.replace(
        snapshot(state=state), programme="conventional-tens", remaining_us=whole_us
    )
    place = SET_UP if state is StateName.READY else AtArmed()
    shown = view_of(place, Kiosk(place=place, snapshot=set_up)).content
    assert isinstance(shown, FormView)
    assert shown.line == f"Conventional TENS · {lasts}"
