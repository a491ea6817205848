"""What ended the output: each trip, the emergency stop, the hand switch."""

from datetime import datetime

from appliance.messages.snapshot import Snapshot, TripView
from appliance.messages.wire import LatchName, Subject
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.stops import AtTrip
from ui.kiosk.locale.words import _, choice, decimal, say, sentence
from ui.kiosk.view_models.harm import harm_keys
from ui.kiosk.view_models.message import (
    ButtonView,
    FigureView,
    MessageView,
    QuestionView,
    StepView,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.treatment import site_text

ESTOP, HAND_SWITCH = "T01", "T02"
PRESSED = "latch.clear.estop"
"""The key of the text that says that the emergency stop is still pressed."""
MS_US, S_US = 1_000, 1_000_000
ICONS = {
    "T06": "c_off",
    "T07": "c_off",
    "T08": "c_lift",
    "T09": "c_dry",
    "T18": "estop",
    "T26": "clock",
    "T27": "screen_off",
    "T28": "save",
    "T29": "clock",
    "T40": "c_off",
    "T41": "c_off",
    ESTOP: "estop",
    HAND_SWITCH: "switch",
}


def trip_view(place: AtTrip, kiosk: Kiosk) -> MessageView:
    """Return what happened, what to do, and when it may be acknowledged."""
    snapshot = kiosk.snapshot
    trip = snapshot.trip if snapshot is not None else None
    if snapshot is None or trip is None:
        return MessageView(title=_("Stopped"), icon="warn", look="alarm")
    if trip.code == ESTOP:
        return _estop(snapshot, trip)
    if trip.code == HAND_SWITCH and snapshot.channels and _of_patient(snapshot):
        return _hand_switch(kiosk, snapshot, trip)
    return MessageView(
        title=_title(trip),
        icon=ICONS.get(trip.code, "warn"),
        look="alarm",
        channel=trip.channel,
        detail=pads_or_lead(snapshot, trip.channel),
        seen="" if trip.detail is None else say(trip.detail),
        figures=_figures(trip),
        steps=_steps(snapshot, trip),
        keys=(_acknowledge(snapshot, trip, _("possible once the cause is gone")),),
    )


def short_time(time_us: int) -> str:
    """Return a time to zero: ms below a second, else seconds with two decimals."""
    if time_us < S_US:
        return _("{time} ms").format(time=-(-time_us // MS_US))
    return _("{time} s").format(time=decimal(f"{time_us / S_US:.2f}"))


def age(age_us: int) -> str:
    """Return how long ago something was, as m:ss."""
    seconds = age_us // S_US
    return f"{seconds // 60}:{seconds % 60:02d}"


def _of_patient(snapshot: Snapshot) -> bool:
    return snapshot.subject is Subject.PATIENT


def _title(trip: TripView) -> str:
    return say(trip.title).rstrip(".")


def _estop(snapshot: Snapshot, trip: TripView) -> MessageView:
    pressed = not snapshot.estop_closed
    guard = any(latch.latch is LatchName.GUARD for latch in snapshot.latches)
    rows = (
        StepView(text=_("See to the patient."), icon="hand"),
        StepView(
            text=_("Button"),
            icon="estop" if pressed else "check",
            state=_("pressed") if pressed else _("released"),
            state_role="alarm_high" if pressed else "good",
        ),
        StepView(
            text=_("Hardware latch"),
            icon="check" if snapshot.latch_clear else "lock",
            state=_("clear") if snapshot.latch_clear else _("set"),
            state_role="good" if snapshot.latch_clear else "text",
        ),
        StepView(
            text=_("Output guard"),
            icon="lock" if guard else "check",
            state=_("set") if guard else _("watches"),
            state_role="text" if guard else "good",
        ),
    )
    return MessageView(
        title=_title(trip),
        icon="",
        look="alarm",
        figures=_figures(trip)[:2],
        steps=rows,
        button=ButtonView(
            text=_("Twist to release") if pressed else sentence(_("released")),
            note=_("only once the patient is seen to") if pressed else "",
            twist=pressed,
        ),
        keys=(_acknowledge(snapshot, trip, _("possible once the button is released")),),
    )


def _hand_switch(kiosk: Kiosk, snapshot: Snapshot, trip: TripView) -> MessageView:
    return MessageView(
        title=_title(trip),
        icon="switch",
        look="alarm",
        detail=_("Go to the patient and ask. Is the switch plugged in?"),
        figures=_figures(trip),
        question=QuestionView(
            text=_("What did the patient say?"),
            note=_("kept in the record"),
            keys=harm_keys(kiosk),
        ),
        keys=(_acknowledge(snapshot, trip, _("possible once the hand switch is let go")),),
    )


def pads_or_lead(snapshot: Snapshot, number: int | None) -> str:
    """Return a channel with both of its pads: which of them it is nobody can measure."""
    if number is None:
        return ""
    site = site_text(snapshot, number)
    if not site:
        return _("Pads {number}A and {number}B or their lead").format(number=number)
    return _("{site}: pads {number}A and {number}B or their lead").format(site=site, number=number)


def _figures(trip: TripView) -> tuple[FigureView, ...]:
    happened = _("happened")
    if trip.utc_us is not None:
        clock = datetime.fromtimestamp(trip.utc_us / S_US).astimezone().strftime("%H:%M:%S")
        happened = _("happened at {clock}").format(clock=clock)
    figures = [FigureView(caption=happened, value=age(trip.ago_us), unit=_("ago"))]
    if trip.time_to_zero_us is not None:
        zero = short_time(trip.time_to_zero_us)
        figures.append(FigureView(caption=_("output at zero after"), value=zero))
    if trip.layer:
        figures.append(FigureView(caption=_("ended by"), value=choice("layer", trip.layer)))
    return tuple(figures)


def _steps(snapshot: Snapshot, trip: TripView) -> tuple[StepView, ...]:
    gone, role = _("cause is gone"), "good"
    if trip.cause_present:
        gone, role = _("still there"), "alarm_high"
    elif not trip.cause_watched:
        gone, role = _("check it yourself"), "warn"
    return (
        StepView(text=_("See to the patient. Ask what was felt."), icon="hand"),
        StepView(text=say(trip.instruction), icon="press", state=gone, state_role=role),
        _then(snapshot),
    )


def _then(snapshot: Snapshot) -> StepView:
    """Return what comes after: what else keeps output off, or how the session stands."""
    for latch in snapshot.latches:
        if latch.clear.key == PRESSED:
            return StepView(text=say(latch.clear), icon="estop", state_role="alarm_high")
    if snapshot.interrupted is not None:
        text = _("Then the session may continue: {left} of it are left.")
        left = age(snapshot.interrupted.left_us)
        return StepView(text=text.format(left=left), icon="play")
    if _of_patient(snapshot) and snapshot.elapsed_us:
        return StepView(text=_("The session is over: then it is closed out."), icon="todo")
    return StepView(text=_("Output stays off until somebody starts again."), icon="off")


def _acknowledge(snapshot: Snapshot, trip: TripView, when: str) -> KeyView:
    if trip.cause_present:
        return KeyView(action="", text=_("Acknowledge"), note=when, look=KeyLook.OFF)
    note = _("I have seen it; output stays off")
    if snapshot.interrupted is not None:
        note = _("then continue or close out")
    elif _of_patient(snapshot) and snapshot.elapsed_us:
        note = _("then close out")
    return KeyView(action="acknowledge", text=_("Acknowledge"), note=note, look=KeyLook.LEAD)
