"""Home."""

from dataclasses import dataclass

from appliance.messages.actions import Lock as LockUnit
from appliance.messages.actions import SignOut
from ui.kiosk.journey.place import Go, Kiosk, Next, Place, Send

TO_COMPLETE, DUE, SET_UP = "to_complete", "due", "set_up"
SELF_TEST, SESSIONS = "self_test", "sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Place):
    """Where work begins."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is to be completed or due, and what was done last."""
        return TO_COMPLETE, DUE, SET_UP, SELF_TEST, SESSIONS

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Lock the unit, close out what is open, or go where a key names the entry."""
        name, _, session = action.partition(":")
        if name == "close_out" and session:
            return Next(effects=(Go(name, session),))
        if action != "lock":
            return Next(effects=(Go(action),))
        signed_in = kiosk.me is not None and bool(kiosk.me.token)
        return Next(effects=(Send(SignOut() if signed_in else LockUnit(), "lock"),))
