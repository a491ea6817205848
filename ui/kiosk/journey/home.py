"""Home."""

from dataclasses import dataclass

from appliance.messages.actions import Lock as LockUnit
from appliance.messages.actions import SignOut
from ui.kiosk.journey.place import Go, Kiosk, Next, Place, Send

TO_COMPLETE, DUE = "to_complete", "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Place):
    """Where work begins."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is to be completed, and what is due."""
        return TO_COMPLETE, DUE

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Lock the unit, or go where a key names the entry."""
        if action != "lock":
            return Next(effects=(Go(action),))
        signed_in = kiosk.me is not None and bool(kiosk.me.token)
        return Next(effects=(Send(SignOut() if signed_in else LockUnit(), "lock"),))
