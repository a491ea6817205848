"""The key of contractions on call: held it contracts, and while it cannot it says why."""

from appliance.messages.snapshot import OnCallView, Snapshot
from appliance.messages.wire import CallWaits, StateName
from ui.kiosk.journey.engine_places import BY_CYCLE
from ui.kiosk.journey.lowering import CONTRACT
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.channels import CallView
from ui.kiosk.view_models.parts import KeyLook, KeyView

S_US = 1_000_000


def call_view(snapshot: Snapshot | None, *, known: bool) -> CallView | None:
    """Return the keys of contractions on call, None where they come by cycle alone."""
    on_call = None if snapshot is None else snapshot.on_call
    if snapshot is None or on_call is None:
        return None
    text = _("Contract")
    off = KeyView(action="", text=text, icon="press", look=KeyLook.OFF)
    by_cycle = _by_cycle(on_call, known=known and not snapshot.pin_needed)
    if not known:
        return CallView(key=off, line=_("no engine"), by_cycle=by_cycle)
    if on_call.called and on_call.holds_us:
        held = KeyView(action=CONTRACT, text=text, icon="press", look=KeyLook.CHOSEN)
        return CallView(key=held, line=_("let go to end it"), by_cycle=by_cycle)
    if line := _why_not(snapshot, on_call):
        return CallView(key=off, line=line, by_cycle=by_cycle)
    key = KeyView(action=CONTRACT, text=text, icon="press", look=KeyLook.OUTLINED)
    return CallView(key=key, line=_("hold it"), by_cycle=by_cycle)


def plus_on_call(snapshot: Snapshot) -> str:
    """Return why plus is off between called contractions and in one, "" while a cycle runs."""
    on_call = snapshot.on_call
    if on_call is None or on_call.by_cycle:
        return ""
    if on_call.called:
        return _("Plus is off\nwhile held")
    playing = snapshot.state is not StateName.RESTING and snapshot.contraction is not None
    return "" if playing else _("Plus: touch\nSet level")


def _by_cycle(on_call: OnCallView, *, known: bool) -> KeyView:
    """Return the key that lets contractions come by cycle, so that a level can be set."""
    if on_call.by_cycle:
        return KeyView(action="", text=_("Level can\nbe set"), look=KeyLook.OFF)
    never = (CallWaits.COUNT, CallWaits.TREATMENT)
    if known and not on_call.called and on_call.waits_for not in never:
        return KeyView(action=BY_CYCLE, text=_("Set\nlevel"), look=KeyLook.OUTLINED)
    return KeyView(action="", text=_("Level:\nnot now"), look=KeyLook.OFF)


def _why_not(snapshot: Snapshot, on_call: OnCallView) -> str:
    """Return what a call waits for, "" where one counts."""
    if snapshot.pin_needed:
        return _("needs the PIN")
    if on_call.called:
        return _("it ramps down")
    seconds = -(-on_call.rest_us // S_US)
    words = {
        CallWaits.TREATMENT: _("not now"),
        CallWaits.LEVEL: _("set a level first"),
        CallWaits.CONTRACTION: _("in the next rest"),
        CallWaits.REST: _("rest: {seconds} s").format(seconds=seconds),
        CallWaits.COUNT: _("all were given"),
        CallWaits.END: _("no time is left"),
    }
    return words.get(on_call.waits_for, "")
