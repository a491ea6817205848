"""Warnings while pulses play: contact that gets worse, what sounds, the grade of a contraction."""

from typing import Any

import msgspec
import pytest

from appliance.messages.actions import RecordFact, Silence
from appliance.messages.snapshot import PlanView, PresenceView, SoundView
from appliance.messages.wire import ContactVerdict, SoundName, StateName, TextView
from tests.support.kiosk.channels import channel
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import NO_SHEET, Kiosk, Send, Sheet
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.locale.words import say
from ui.kiosk.places import view_of
from ui.kiosk.view_models.channels import TreatmentView
from ui.kiosk.view_models.sheets import treatment_chip
from ui.kiosk.window import ScreenView

REDUCER = Reducer(engine_place, Home)
PLAN = PlanView(
    kind="nmes", purpose="motor", region="neck", rate_millihertz=1, phase_us=1, side="both"
)
HERE = PresenceView(attendance="with_patient", locks_in_us=120_000_000)


def kiosk(contact: ContactVerdict = ContactVerdict.GOOD, code: str = "", **changed: Any) -> Kiosk:
    sheet = changed.pop("sheet", NO_SHEET)
    notes = (TextView(key="caution.note", values={"code": code, "detail": "x"}),) if code else ()
    values: dict[str, Any] = {
        "state": StateName.DELIVERING,
        "session": "s-1",
        "patient": "p-1",
        "programme": "nmes-strengthening",
        "plan": PLAN,
        "presence": HERE,
        "channels": (channel(1, 9_000), channel(2, 8_000, contact=contact)),
        "notes": notes,
        **changed,
    }
    return Kiosk(place=Home(), snapshot=msgspec.structs.replace(AT_REST, **values), sheet=sheet)


def shown(at: Kiosk) -> ScreenView:
    return view_of(REDUCER.shown(at), at)


def treatment(at: Kiosk) -> TreatmentView:
    content = shown(at).content
    assert isinstance(content, TreatmentView)
    return content


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def rail(at: Kiosk) -> list[str]:
    return [key.action for key in shown(at).shell.rail]


@pytest.mark.parametrize("verdict", [ContactVerdict.POOR, ContactVerdict.ACCEPTABLE])
def test_a_contact_that_gets_worse_is_told_for_both_pads_and_ringed(
    verdict: ContactVerdict,
) -> None:
    at = kiosk(verdict)
    chip = treatment_chip(at)
    assert chip is not None
    assert "2A, 2B" in chip.text
    assert [panel.warns for panel in treatment(at).channels] == [False, True]
    assert all(panel.plus_on for panel in treatment(at).channels)


@pytest.mark.parametrize(("code", "falls"), [("W02", True), ("W04", True), ("W03", False)])
def test_plus_waits_and_the_strip_says_so_only_where_the_unit_lowers_the_level(
    code: str, falls: bool
) -> None:
    view = treatment(kiosk(ContactVerdict.POOR, code))
    assert [panel.plus_on for panel in view.channels] == [True, not falls]
    assert view.strip.warns == falls
    assert view.strip.title.startswith("2:") == falls


def test_phases_that_differ_ask_to_look_at_the_skin_before_a_contact() -> None:
    chip = treatment_chip(kiosk(ContactVerdict.POOR, "W01"))
    assert chip is not None
    assert "skin" in chip.text


def test_where_gel_may_join_the_pads_they_are_not_pressed() -> None:
    chip = treatment_chip(kiosk(ContactVerdict.ACCEPTABLE, "W05"))
    assert chip is not None
    assert chip.text == "Pads 2A, 2B: dry the skin"


def test_the_question_who_is_there_comes_before_a_contact() -> None:
    asked = PresenceView(attendance="are_you_there", locks_in_us=0, pauses_in_us=1)
    chip = treatment_chip(kiosk(ContactVerdict.POOR, presence=asked))
    assert chip is not None
    assert "with the patient" in chip.text


def test_what_sounds_is_silenced_in_place_of_leaving_and_never_in_place_of_the_pin() -> None:
    text = TextView(key="choice.sound_name.contact", values={})
    sound = SoundView(name=SoundName.CONTACT, text=text, may_be_silenced=True)
    assert rail(kiosk()) == ["sheet:leave"]
    assert rail(kiosk(sound=sound)) == ["silence"]
    away = PresenceView(attendance="left", locks_in_us=0, left_for_us=1)
    assert rail(kiosk(sound=sound, presence=away)) == ["sheet:pin", "silence"]
    assert sent(REDUCER.touched(kiosk(sound=sound), "silence")) == [
        Silence(sound=SoundName.CONTACT)
    ]
    silent = msgspec.structs.replace(sound, may_be_silenced=False, silenced_for_us=90_000_000)
    assert rail(kiosk(sound=silent)) == [""]
    heard_once = msgspec.structs.replace(sound, may_be_silenced=False)
    assert rail(kiosk(sound=heard_once)) == ["sheet:leave"]
    assert sent(REDUCER.touched(kiosk(), "silence")) == []


def test_a_contraction_is_graded_in_two_touches_for_the_channel_asked_about() -> None:
    at = REDUCER.touched(kiosk(), "sheet:grade:2").kiosk
    assert len(str(treatment(at).sheet).split("grade:")) > 4
    at = REDUCER.touched(at, "grade:visible").kiosk
    assert at.sheet.typed == "2:visible"
    moved = REDUCER.touched(at, "grade:3")
    [fact] = sent(moved)
    assert isinstance(fact, RecordFact)
    assert fact.kind == "contraction_graded"
    assert fact.values == {
        "patient": "p-1",
        "session": "s-1",
        "channel": 2,
        "grade": "visible",
        "discomfort": 3,
    }
    assert moved.kiosk.sheet == NO_SHEET


@pytest.mark.parametrize("answer", ["grade:strong", "grade:11", "grade:-1"])
def test_what_is_no_grade_is_not_taken(answer: str) -> None:
    for typed in ("2", "2:visible"):
        at = kiosk(sheet=Sheet("grade", typed))
        moved = REDUCER.touched(at, answer)
        assert sent(moved) == []
        assert moved.kiosk.sheet == at.sheet


def test_only_programmes_that_contract_offer_a_grade() -> None:
    assert "sheet:grade:1" in str(treatment(kiosk(sheet=Sheet("felt"))).sheet)
    plan = msgspec.structs.replace(PLAN, purpose="sensory")
    assert "sheet:grade" not in str(treatment(kiosk(plan=plan, sheet=Sheet("felt"))).sheet)


@pytest.mark.parametrize("name", [SoundName.TRIP, SoundName.HAND_SWITCH, SoundName.WITH_PATIENT])
def test_what_sounds_until_it_is_answered_is_named_on_a_screen_without_another_notice(
    name: SoundName,
) -> None:
    text = TextView(key=f"choice.sound_name.{name.value}", values={})
    chip = shown(
        kiosk(state=StateName.PAUSED, sound=SoundView(name=name, text=text))
    ).shell.head.chip
    assert chip is not None
    assert (chip.icon, chip.text) == ("sound", say(text))
    silent = SoundView(name=name, text=text, silenced_for_us=1)
    chip = shown(kiosk(state=StateName.PAUSED, sound=silent)).shell.head.chip
    assert chip is not None
    assert "off" in chip.text


@pytest.mark.parametrize("name", [SoundName.CUE, SoundName.END, SoundName.DRILL_STEP])
def test_what_is_heard_once_leaves_no_notice_that_vanishes(name: SoundName) -> None:
    text = TextView(key=f"choice.sound_name.{name.value}", values={})
    at = kiosk(state=StateName.PAUSED, sound=SoundView(name=name, text=text))
    assert shown(at).shell.head.chip is None
