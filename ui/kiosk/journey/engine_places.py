"""Places that the engine's state demands: while current may flow, or a trip stands. Pure."""

from dataclasses import dataclass

from appliance.messages.actions import (
    Acknowledge,
    CheckContact,
    CloseSession,
    Fall,
    HoldRise,
    Pause,
    RecordFact,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName
from ui.kiosk.journey.lying import lying_pages
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place, Send
from ui.kiosk.journey.sheets import answered_sheet, touched_sheet

TAP_UA = 500
FIRST_FEELING = "first_feeling_marked"
HOLD = "quiet:hold"
"""A tag whose refusal is not shown."""
MUCH_UA = 120_000
"""More than any level: the engine never lowers below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEngine(Place):
    """Nothing is known: keys that lower still try."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Send what lowers; the link drops it while there is no engine."""
        return _lowering(action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treating(Place):
    """Pulses play or rest."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Rise by one tap, and on while the key is held; fall at once; open and use a sheet.

        That holding is not allowed now is no news where the tap was: its refusal is not shown.
        """
        name, _, channel = action.partition(":")
        if name == "rise":
            tap = Send(Rise(channel=int(channel)), "rise")
            return Next(effects=(tap, Send(HoldRise(channel=int(channel), pressed=True), HOLD)))
        return touched_sheet(action, kiosk) or _lowering(action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Close the sheet of a PIN that was right."""
        return answered_sheet(tag, answer, kiosk)

    def released(self, action: str, kiosk: Kiosk) -> Next:
        """End a rise."""
        name, _, channel = action.partition(":")
        if name != "rise":
            return STAY
        return Next(effects=(Send(HoldRise(channel=int(channel), pressed=False), HOLD),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling(Treating):
    """One channel plays alone until the patient says where it is felt."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return where the pads lie."""
        return lying_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Mark where it is felt; raise, lower, or end where the pads have to be placed again."""
        name, _, felt = action.partition(":")
        snapshot = kiosk.snapshot
        if name == "end":
            return Next(effects=(Send(Stop(), "end"),))
        if name != "felt" or snapshot is None or snapshot.first_feeling is None:
            return Treating.touched(self, action, kiosk)
        values: dict[str, object] = {
            "patient": snapshot.patient,
            "channel": snapshot.first_feeling.channel,
            "felt": felt,
        }
        return Next(effects=(Send(RecordFact(kind=FIRST_FEELING, values=values), "felt"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPause(Place):
    """Output is at zero, the session is open."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Resume from zero, or end the session."""
        match action:
            case "resume":
                return Next(effects=(Send(Resume(), "resume"),))
            case "end":
                return Next(effects=(Send(Stop(), "end"),))
            case _:
                return _lowering(action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTrip(Place):
    """Something ended the output; it stands until its cause is gone and it was seen."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Acknowledge."""
        if action == "acknowledge":
            return Next(effects=(Send(Acknowledge(), "acknowledge"),))
        return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AtArmed(Place):
    """The contact is checked, or being checked; Start gives pulses at level zero."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return where the pads lie."""
        return lying_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Start, check again, or give it up."""
        match action:
            case "start":
                return Next(effects=(Send(Start(), "start"),))
            case "check_contact":
                return Next(effects=(Send(CheckContact(), "check_contact"),))
            case "end":
                return Next(effects=(Send(Stop(), "end"),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AtEnd(Place):
    """The session is over."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Close it."""
        if action == "close_session":
            return Next(effects=(Send(CloseSession(), "close_session"),))
        return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on to the close-out of a patient's session, else home."""
        if tag != "close_session" or not isinstance(answer, Reply):
            return STAY
        held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
        return Next(effects=(Go("home" if held is None else "close_out"),))


def engine_place(kiosk: Kiosk) -> Place | None:
    """Return the place that the engine's state demands, None for the person's own."""
    snapshot = kiosk.snapshot
    if snapshot is None or not kiosk.has_engine:
        return NoEngine()
    match snapshot.state:
        case StateName.RAMP_UP | StateName.DELIVERING | StateName.RESTING | StateName.RAMP_DOWN:
            return Treating() if snapshot.first_feeling is None else Feeling()
        case StateName.PAUSED:
            return AtPause()
        case StateName.TRIPPED:
            return AtTrip()
        case StateName.CONTACT_CHECK | StateName.ARMED:
            return AtArmed()
        case StateName.FINISHED:
            return AtEnd()
        case _:
            return None


def _lowering(action: str, kiosk: Kiosk) -> Next:
    name, _, channel = action.partition(":")
    match name:
        case "pause":
            return Next(effects=(Send(Pause(), "pause"),))
        case "fall":
            return Next(effects=(Send(Fall(channel=int(channel), step_ua=TAP_UA), "fall"),))
        case "both_down":
            channels = () if kiosk.snapshot is None else kiosk.snapshot.channels
            falls = (Send(Fall(channel=each.channel, step_ua=TAP_UA), "fall") for each in channels)
            return Next(effects=tuple(falls))
        case _:
            return STAY
