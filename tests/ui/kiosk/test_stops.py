"""Each trip on its screen: what happened, what to do, when it may be acknowledged, what follows."""

from typing import Any

import msgspec
import pytest

from appliance.messages.actions import Acknowledge, MarkFelt, Pause
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import (
    InterruptedView,
    LastSession,
    LatchView,
    PlanView,
    Snapshot,
    TripView,
)
from appliance.messages.wire import LatchName, StateName, Subject, TextView
from appliance.safety.trips.codes import TripCode, instruction, title
from tests.support.kiosk.channels import channel
from tests.support.kiosk.samples import SAMPLES
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.place import Kiosk, Place, Send, SignedIn
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.stops import AfterTrip, AtTrip, Interrupted
from ui.kiosk.journey.treatment import Treat, Treatment
from ui.kiosk.locale.words import say
from ui.kiosk.places import ENTRIES, engine_place, first_place, place_after, view_of
from ui.kiosk.view_models.blocks import FormView, Keys
from ui.kiosk.view_models.channels import TreatmentView
from ui.kiosk.view_models.message import MessageView
from ui.kiosk.view_models.parts import KeyLook

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
S_US = 1_000_000
PLAN = PlanView(
    kind="tens", purpose="sensory", region="neck", rate_millihertz=1, phase_us=1, side="both"
)
LEFT = InterruptedView(patient="p-1", programme="x", left_us=372 * S_US, for_us=540 * S_US)
TREATMENT = Treatment(
    patient="p-1", first_step=step_for, alias="Jo", region="neck", side="both", minutes=20
)
SESSION = "of-a-sign-in"
ME = SignedIn(operator="anna", role="clinician", token=SESSION)


def text_view(text: Any) -> TextView:
    return TextView(key=text.key, values={})


def trip(code: str, **changed: Any) -> TripView:
    values: dict[str, Any] = {
        "code": code,
        "severity": "cut",
        "title": text_view(title(TripCode(code))),
        "instruction": text_view(instruction(TripCode(code))),
        "detail": None,
        "channel": None,
        "cause_present": False,
        "ago_us": 42 * S_US,
        **changed,
    }
    return TripView(**values)


def snapshot(state: StateName = StateName.TRIPPED, **changed: Any) -> Snapshot:
    values: dict[str, Any] = {
        "state": state,
        "subject": Subject.PATIENT,
        "patient": "p-1",
        "programme": "conventional-tens",
        "plan": PLAN,
        "elapsed_us": 200 * S_US,
        "channels": (channel(1), channel(2)),
        **changed,
    }
    return msgspec.structs.replace(AT_REST, **values)


def kiosk(code: str = "T06", place: Place | None = None, **changed: Any) -> Kiosk:
    of_trip = {key: changed.pop(key) for key in list(changed) if key in TripView.__struct_fields__}
    shown = snapshot(trip=trip(code, **of_trip), **changed)
    return Kiosk(place=place or Home(), snapshot=shown, me=ME)


def view(at: Kiosk) -> MessageView:
    content = view_of(REDUCER.shown(at), at).content
    assert isinstance(content, MessageView)
    return content


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


@pytest.mark.parametrize("code", list(TripCode))
def test_each_trip_says_what_happened_when_and_what_to_do(code: TripCode) -> None:
    shown = view(kiosk(code.value, channel=2))
    assert shown.title == say(text_view(title(code))).rstrip(".")
    assert shown.figures[0].value == "0:42"
    assert shown.steps or shown.question
    assert [key.action for key in shown.keys] == ["acknowledge"]
    if code not in (TripCode.ESTOP, TripCode.HAND_SWITCH):
        assert any(step.text == say(text_view(instruction(code))) for step in shown.steps)


@pytest.mark.parametrize("code", list(TripCode))
def test_while_the_cause_is_there_nothing_is_acknowledged_and_the_key_says_when(
    code: TripCode,
) -> None:
    [key] = view(kiosk(code.value, cause_present=True)).keys
    assert key.look is KeyLook.OFF
    assert "once" in key.note


@pytest.mark.parametrize("number", [1, 2])
def test_a_message_names_both_pads_of_a_channel_never_one(number: int) -> None:
    shown = view(kiosk("T06", channel=number))
    assert f"{number}A and {number}B" in shown.detail
    assert shown.channel == number


def test_a_cause_that_nobody_sees_with_the_output_off_is_not_said_to_be_gone() -> None:
    def states(**of_trip: Any) -> list[str]:
        return [step.state for step in view(kiosk("T06", **of_trip)).steps if step.state]

    assert states(cause_watched=False) == ["check it yourself"]
    assert states(cause_watched=True) == ["cause is gone"]
    assert states(cause_present=True) == ["still there"]


def test_a_released_button_is_not_asked_to_be_released() -> None:
    names = ("estop_pressed", "estop_released")
    pressed, released = (view_of(*SAMPLES[name]()).content for name in names)
    assert isinstance(pressed, MessageView)
    assert isinstance(released, MessageView)
    assert pressed.button is not None
    assert released.button is not None
    assert (pressed.button.text, pressed.button.twist) == ("Twist to release", True)
    assert (released.button.text, released.button.twist) == ("Released", False)


def test_the_acknowledgement_is_sent_and_says_what_follows() -> None:
    assert sent(REDUCER.touched(kiosk(), "acknowledge")) == [Acknowledge()]
    notes = {
        view(kiosk(interrupted=LEFT)).keys[0].note,
        view(kiosk()).keys[0].note,
        view(kiosk(elapsed_us=0)).keys[0].note,
    }
    assert len(notes) == 3
    assert "6:12" in view(kiosk(interrupted=LEFT)).steps[-1].text


def test_an_emergency_stop_that_is_pressed_still_is_told_with_any_trip() -> None:
    latch = LatchView(
        latch=LatchName.FAULT_LATCH, causes=(), clear=TextView(key="latch.clear.estop", values={})
    )
    assert "e-stop" in view(kiosk("T06", latches=(latch,))).steps[-1].text


def test_the_emergency_stop_draws_the_button_and_says_what_is_latched() -> None:
    pressed = view(kiosk("T01", cause_present=True, estop_closed=False, latch_clear=False))
    assert pressed.button is not None
    assert pressed.button.twist
    assert [step.state for step in pressed.steps] == ["", "pressed", "set", "watches"]
    released = view(kiosk("T01"))
    assert [step.state for step in released.steps] == ["", "released", "clear", "watches"]


def test_what_the_patient_says_after_the_hand_switch_is_recorded_once_for_each_channel() -> None:
    at = kiosk("T02", interrupted=LEFT)
    question = view(at).question
    assert question is not None
    assert len(question.keys) == 5
    moved = REDUCER.touched(at, "told:2:burning")
    assert sent(moved) == [MarkFelt(channel=2, felt="burning")]
    refused = Refused(request=1, rule="r", asked="a", allowed="b", nearest="c")
    assert REDUCER.answered(moved.kiosk, "told:2:burning", refused).kiosk.sheet.name == ""
    told = REDUCER.answered(moved.kiosk, "told:2:burning", Reply(request=1, tick=0)).kiosk
    again = view(told).question
    assert again is not None
    assert [key.look for key in again.keys].count(KeyLook.CONSEQUENCE) == 1
    assert "told:2:burning" not in [key.action for key in again.keys]
    ready = REDUCER.snapshot(told, snapshot(StateName.READY, programme=None), 0.0).kiosk
    assert ready.sheet.name == ""


def test_other_words_of_a_mark_are_not_sent_from_a_trip() -> None:
    assert sent(REDUCER.touched(kiosk("T02"), "told:1:too_strong")) == []


def test_after_a_harmless_trip_the_session_continues_with_the_minutes_that_are_left() -> None:
    at = kiosk(place=Treat(treatment=TREATMENT))
    ready = snapshot(StateName.READY, programme=None, interrupted=LEFT, elapsed_us=0)
    after = REDUCER.snapshot(at, ready, 0.0).kiosk
    assert isinstance(after.place, AfterTrip)
    assert [key.action for key in view(after).keys] == ["home", "continue"]
    on = REDUCER.touched(after, "continue").kiosk
    assert isinstance(on.place, Treat)
    assert on.place.treatment.patient == "p-1"
    assert on.place.treatment.minutes == 0
    assert on.place.behind == after.place


@pytest.mark.parametrize("place", [Home(), Treat(treatment=TREATMENT)])
def test_where_nothing_may_continue_the_way_leads_to_the_close_out(place: Place) -> None:
    ready = snapshot(StateName.READY, programme=None, elapsed_us=0)
    after = REDUCER.snapshot(kiosk("T01", place=place), ready, 0.0).kiosk
    assert isinstance(after.place, AfterTrip)
    assert "continue" not in [key.action for key in view(after).keys]
    assert REDUCER.touched(after, "home").kiosk.place == Home()


def test_while_the_self_test_runs_nothing_continues_yet() -> None:
    testing = snapshot(StateName.SELF_TEST, programme=None, interrupted=LEFT, elapsed_us=0)
    after = REDUCER.snapshot(kiosk(place=Treat(treatment=TREATMENT)), testing, 0.0).kiosk
    assert [key.look for key in view(after).keys][-1] is KeyLook.OFF


def test_before_the_first_pulse_the_treatment_is_set_up_again() -> None:
    """Hazard: the screen offers a contact check for a treatment that the engine has forgotten."""
    place = AfterTrip(patient="p-1", happened=trip("T01").title, treatment=TREATMENT)
    at = kiosk("T01", place=place, elapsed_us=0)
    ready = snapshot(StateName.READY, programme=None, elapsed_us=0)
    assert isinstance(REDUCER.snapshot(at, ready, 0.0).kiosk.place, Treat)


@pytest.mark.parametrize("place", [Home(), Lock(operator="anna", pin="12")])
def test_without_a_treatment_the_person_is_back_with_what_was_entered(place: Place) -> None:
    at = kiosk("T01", place=place, subject=None, patient=None, programme=None, elapsed_us=0)
    ready = snapshot(StateName.READY, subject=None, patient=None, programme=None, elapsed_us=0)
    assert REDUCER.snapshot(at, ready, 0.0).kiosk.place == place


def test_a_trip_of_a_locked_unit_leaves_what_was_typed_to_sign_in() -> None:
    typed = Lock(operator="anna", pin="12")
    at = Kiosk(place=typed, snapshot=snapshot(trip=trip("T01"), programme=None))
    assert REDUCER.snapshot(at, snapshot(StateName.LOCKED), 0.0).kiosk.place == typed


def test_an_engine_that_began_again_says_that_the_session_was_interrupted() -> None:
    playing = snapshot(StateName.DELIVERING, session="s-9")
    because = TextView(key="ended.interrupted", values={})
    last = LastSession(session="s-9", outcome="interrupted", because=because)
    locked = snapshot(StateName.LOCKED, session=None, last_session=last)
    at = REDUCER.snapshot(Kiosk(place=Home(), snapshot=playing, me=ME), locked, 0.0).kiosk
    assert isinstance(at.place, Interrupted)
    assert at.me is None
    assert "p-1" in view(at).title
    assert REDUCER.touched(at, "seen").kiosk.place == Lock()


def test_a_session_that_ended_otherwise_is_not_said_to_be_interrupted() -> None:
    playing = snapshot(StateName.DELIVERING, session="s-9")
    last = LastSession(session="s-8", outcome="interrupted")
    locked = snapshot(StateName.LOCKED, session=None, last_session=last)
    at = REDUCER.snapshot(Kiosk(place=Home(), snapshot=playing, me=ME), locked, 0.0).kiosk
    assert at.place == Lock()


def test_a_trip_is_shown_before_anything_of_the_person() -> None:
    assert isinstance(REDUCER.shown(kiosk(place=Lock())), AtTrip)


def test_without_an_engine_the_treatment_stays_with_no_number_and_the_red_button() -> None:
    playing = snapshot(StateName.DELIVERING, remaining_us=300 * S_US)
    lost = Kiosk(place=Home(), snapshot=playing, age_s=3.2, me=ME)
    shown = view_of(REDUCER.shown(lost), lost)
    assert isinstance(shown.content, TreatmentView)
    assert {panel.set_ua for panel in shown.content.channels} == {None}
    assert not any(panel.plus_on for panel in shown.content.channels)
    assert "Mushroom" in str(shown.content.sheet)
    assert shown.shell.time_left == "–"
    assert shown.shell.pause is not None
    assert "0:03" in shown.shell.output.so_what
    assert sent(REDUCER.touched(lost, "pause")) == [Pause()]


def test_without_an_engine_and_with_the_output_off_a_message_says_what_to_press() -> None:
    lost = Kiosk(place=Home(), snapshot=snapshot(StateName.READY), problem="closed")
    shown = view(lost)
    assert shown.button is not None
    assert not shown.button.twist
    assert not shown.keys


@pytest.mark.parametrize("felt", ["pain", "burning", "faintness"])
def test_once_harm_is_said_at_a_pause_to_end_stands_out_and_not_to_continue(felt: str) -> None:
    def leads(at: Kiosk) -> list[str]:
        content = view_of(REDUCER.shown(at), at).content
        assert isinstance(content, FormView)
        keys = [block for block in content.columns[0].blocks if isinstance(block, Keys)][-1].keys
        return [key.action for key in keys if key.look is KeyLook.LEAD]

    paused = Kiosk(place=Home(), snapshot=snapshot(StateName.PAUSED), me=ME)
    assert leads(paused) == ["resume"]
    moved = REDUCER.touched(paused, f"told:1:{felt}")
    [send] = [effect for effect in moved.effects if isinstance(effect, Send)]
    told = REDUCER.answered(moved.kiosk, send.tag, Reply(request=1, tick=0), send.number).kiosk
    assert leads(told) == ["end"]


def test_where_the_engine_does_not_resume_a_pause_is_only_ended() -> None:
    def ways(resumable: bool) -> list[tuple[str, KeyLook]]:
        at = Kiosk(place=Home(), snapshot=snapshot(StateName.PAUSED, resumable=resumable), me=ME)
        content = view_of(REDUCER.shown(at), at).content
        assert isinstance(content, FormView)
        keys = [block for block in content.columns[0].blocks if isinstance(block, Keys)][-1].keys
        return [(key.action, key.look) for key in keys]

    assert ways(True) == [("end", KeyLook.OUTLINED), ("resume", KeyLook.LEAD)]
    assert ways(False) == [("end", KeyLook.LEAD)]


def test_a_pause_because_nobody_answered_says_so_where_the_pin_is_asked_too() -> None:
    """Hazard: whoever comes back finds a paused patient and does not know why."""
    why = "Paused: nobody answered"
    for name in ("paused_alone", "lock_paused"):
        content = view_of(*SAMPLES[name]()).content
        assert isinstance(content, FormView)
        assert content.line == why


def test_a_level_that_was_held_is_not_said_to_have_been_comfortable() -> None:
    """Nobody was asked: it is what the level was for 3 s."""
    shown = str(view_of(*SAMPLES["paused"]()).content)
    assert "held before: 33.5 mA" in shown
    assert "comfortable" not in shown
