"""The state block from a snapshot: one word for whether current may flow."""

from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import CallWaits, StateName
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.parts import Frame, Ground, OutputView
from ui.kiosk.view_models.phase import contraction_of

S_US = 1_000_000


def output_view(kiosk: Kiosk) -> OutputView:
    """Return the state block; without an engine nothing is known, and that is said."""
    snapshot = kiosk.snapshot
    if snapshot is None or not kiosk.has_engine:
        return OutputView(
            word=_("NO CONTACT TO ENGINE"),
            so_what=_("output not known for {time}").format(time=_for(kiosk)),
            icon="screen_off",
            ground=Ground.RED,
            frame=Frame.STOPPED,
            wide=True,
        )
    match snapshot.state:
        case StateName.RAMP_UP | StateName.DELIVERING:
            return _pulses(_("OUTPUT ON"), _playing(snapshot), "pulse")
        case StateName.RAMP_DOWN:
            return _pulses(_("FALLING"), _("to zero"), "fall")
        case StateName.RESTING:
            return OutputView(
                word=_("RESTING"),
                so_what=_next_pulses(snapshot),
                icon="rest",
                frame=Frame.HATCHED,
                warns=True,
            )
        case StateName.PAUSED:
            return OutputView(word=_("PAUSED"), so_what=_("output zero"), icon="pause")
        case StateName.TRIPPED:
            return _tripped(snapshot)
        case _:
            return _at_rest(snapshot)


def _for(kiosk: Kiosk) -> str:
    """Return for how long nothing was heard, as m:ss."""
    return f"{int(kiosk.age_s) // 60}:{int(kiosk.age_s) % 60:02d}"


def _pulses(word: str, so_what: str, icon: str) -> OutputView:
    return OutputView(
        word=word, so_what=so_what, icon=icon, ground=Ground.YELLOW, frame=Frame.PULSES
    )


def _at_rest(snapshot: Snapshot) -> OutputView:
    match snapshot.state:
        case StateName.LOCKED:
            return OutputView(word=_("LOCKED"), so_what=_("output off"), icon="off")
        case StateName.SELF_TEST:
            return OutputView(word=_("SELF-TEST"), so_what=_("output off"), icon="off")
        case StateName.CONTACT_CHECK:
            return OutputView(
                word=_("CHECKING CONTACT"),
                so_what=_("2 mA or less"),
                icon="ring",
                wide=True,
                frame=Frame.HATCHED,
                ready=True,
            )
        case StateName.ARMED:
            return OutputView(
                word=_("ARMED"),
                so_what=_("Start gives pulses"),
                icon="ring",
                frame=Frame.HATCHED,
                ready=True,
            )
        case StateName.READY if snapshot.programme is not None:
            return OutputView(word=_("READY"), so_what=_("output off"), icon="ring", ready=True)
        case StateName.FINISHED:
            return OutputView(word=_("OUTPUT OFF"), so_what=_("session ended"), icon="off")
        case _:
            return OutputView(word=_("OUTPUT OFF"), so_what=_("no session"), icon="off")


def _tripped(snapshot: Snapshot) -> OutputView:
    code = snapshot.trip.code if snapshot.trip is not None else ""
    by_hand = code == "T01"
    return OutputView(
        wide=by_hand,
        word=_("EMERGENCY STOP") if by_hand else _("STOPPED"),
        so_what=_("output off, latched"),
        icon="estop" if by_hand else "warn",
        ground=Ground.RED,
        frame=Frame.STOPPED,
    )


def _playing(snapshot: Snapshot) -> str:
    if snapshot.drill is not None and snapshot.drill.result is None:
        return _("into the test load")
    feeling = snapshot.first_feeling
    if feeling is not None and feeling.channel is not None:
        return _("channel {number} alone").format(number=feeling.channel)
    return f"{_rate(snapshot)} · {_stage(snapshot)}"


def _stage(snapshot: Snapshot) -> str:
    contraction = contraction_of(snapshot)
    stage = {
        "ramp_up": _("rising"),
        "on": _("holding"),
        "ramp_down": _("falling"),
        "active_rest": _("twitches"),
    }.get(snapshot.stage, "")
    if contraction is None:
        stage = _("even")
    return stage


def _rate(snapshot: Snapshot) -> str:
    rate = 0 if snapshot.plan is None else snapshot.plan.pulses_per_second
    return _("{rate} pulses/s").format(rate=rate)


def _next_pulses(snapshot: Snapshot) -> str:
    contraction, part, on_call = snapshot.contraction, snapshot.part, snapshot.on_call
    next_us = None if contraction is None else contraction.next_on_in_us
    if on_call is not None and next_us is None:
        return _("contracts on call") if on_call.waits_for == CallWaits.NOTHING else _("no pulses")
    if part is not None and part.then is not None:
        next_us = min(part.left_us, part.left_us if next_us is None else next_us)
    if next_us is None:
        return _("no pulses")
    seconds = -(-next_us // S_US)
    return _("pulses again in {seconds} s").format(seconds=seconds)
