"""After a stop: the session continues or is closed out; what happened while the engine was lost."""

from dataclasses import replace

from appliance.messages.wire import StateName
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.stops import AfterTrip, Interrupted, NoEngine
from ui.kiosk.locale.words import _, say, sentence
from ui.kiosk.view_models.blocks import Beside, Column, Heading, Mushroom, Say
from ui.kiosk.view_models.channels import TreatmentView
from ui.kiosk.view_models.message import ButtonView, FigureView, MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import treated
from ui.kiosk.view_models.stops import age
from ui.kiosk.view_models.treatment import treatment_view


def no_engine_view(place: NoEngine, kiosk: Kiosk) -> MessageView:
    """Return what is shown while the engine does not speak: nothing is known of the output."""
    return MessageView(
        title=_("The screen has no contact to the engine"),
        icon="",
        look="alarm",
        detail=_("Whether current flows is not known here."),
        button=ButtonView(text=_("Is the yellow lamp lit?"), note=_("Then press the red button.")),
        steps=(
            StepView(text=_("Keys of this screen may not arrive."), icon="screen_off"),
            StepView(text=_("Without this screen the output falls by itself."), icon="fall"),
            StepView(text=_("It looks for the engine again by itself."), icon="clock"),
        ),
    )


def lost_treatment_view(kiosk: Kiosk) -> TreatmentView:
    """Return the treatment screen without a number: keys that lower stay, and what to press."""
    heading = Heading(height=28, text=_("Is the yellow lamp lit?"))
    text = _(
        "Then press the red button. Keys of this screen may not arrive. Without this screen the "
        "output falls by itself."
    )
    words = Column(blocks=(heading, Say(text=text)))
    wide = Beside(parts=(Mushroom(), words), shares=(116, 404), gap=16)
    tall = (
        Beside(height=84, parts=(Mushroom(), heading), shares=(84, 216), gap=12),
        Say(text=text, style="caption"),
    )
    view = treatment_view(kiosk, ())
    return replace(view, sheet=(wide,), sheet_tall=tall, sheet_edge="alarm_high")


def after_trip_view(place: AfterTrip, kiosk: Kiosk) -> MessageView:
    """Return the way on after an acknowledged trip: continue the session, or close it out."""
    snapshot = kiosk.snapshot
    left = None if snapshot is None else snapshot.interrupted
    busy = snapshot is None or snapshot.state is not StateName.READY
    if left is None or place.treatment is None:
        return _over(place, kiosk, busy=busy)
    onwards = KeyView(
        action="continue",
        text=_("Continue"),
        note=_("from 0.0 mA"),
        icon="play",
        look=KeyLook.LEAD,
    )
    return MessageView(
        title=_("The session may continue"),
        icon="play",
        look="advice",
        detail=say(place.happened),
        figures=(
            FigureView(caption=_("left of the session"), value=age(left.left_us)),
            FigureView(caption=_("continue within"), value=age(left.for_us)),
        ),
        steps=(
            StepView(text=_("The pads stay on."), icon="pad"),
            StepView(text=_("The patient squeezes the hand switch again."), icon="switch"),
            StepView(text=_("Contact is checked again."), icon="c_good"),
        ),
        keys=(_close_out(kiosk, KeyLook.OUTLINED), _waiting(onwards) if busy else onwards),
    )


def after_trip_title(place: AfterTrip, kiosk: Kiosk) -> str:
    """Return whose session was stopped."""
    return place.patient if place.treatment is None else treated(place.treatment)


def _over(place: AfterTrip, kiosk: Kiosk, *, busy: bool) -> MessageView:
    key = _close_out(kiosk, KeyLook.LEAD)
    return MessageView(
        title=_("The session is over"),
        icon="todo",
        detail=say(place.happened),
        steps=(
            StepView(text=_("It cannot continue after this stop."), icon="off"),
            StepView(text=_("Take the pads off and look at the skin."), icon="pad"),
        ),
        keys=(_waiting(key) if busy else key,),
    )


def _close_out(kiosk: Kiosk, look: KeyLook) -> KeyView:
    held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
    if held is None:
        return KeyView(action="home", text=_("To Home"), icon="back", look=look)
    return KeyView(
        action="close_out",
        text=_("Close out"),
        note=_("pads and skin"),
        icon="todo",
        look=look,
    )


def _waiting(key: KeyView) -> KeyView:
    note = _("once the self-test has passed")
    return KeyView(action="", text=key.text, note=note, icon=key.icon, look=KeyLook.OFF)


def interrupted_view(place: Interrupted, kiosk: Kiosk) -> MessageView:
    """Return what happened to the session while the screen had no engine."""
    seen = KeyView(
        action="seen",
        text=_("I have seen it"),
        note=_("then sign in and close out"),
        look=KeyLook.LEAD,
    )
    because = "" if place.because is None else say(place.because)
    title = _("The session was interrupted")
    if place.patient:
        title = _("The session of {patient} was interrupted").format(patient=place.patient)
    return MessageView(
        title=title,
        icon="screen_off",
        look="alarm",
        detail=sentence(because),
        steps=(
            StepView(text=_("See to the patient. Ask what was felt."), icon="hand"),
            StepView(text=_("The output is off and the unit is locked."), icon="lock"),
            StepView(text=_("The session was closed as interrupted."), icon="todo"),
        ),
        keys=(seen,),
    )
