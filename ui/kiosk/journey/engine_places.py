"""Places that the engine's state demands: while current may flow, or a trip stands. Pure."""

from dataclasses import dataclass

from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Contract,
    ContractByCycle,
    HoldRise,
    RecordFact,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from ui.kiosk.journey.close_out import PADS_OFF, CloseOut
from ui.kiosk.journey.drills import drill_place
from ui.kiosk.journey.harm import (
    TOLD,
    answered_harm,
    end_telling,
    is_telling,
    pauses_without_anybody,
    touched_harm,
)
from ui.kiosk.journey.lowering import CONTRACT, HOLD, lowering
from ui.kiosk.journey.lying import lying_pages, treated_pages
from ui.kiosk.journey.motor_point import answered_search, is_search, search_pages, touched_search
from ui.kiosk.journey.over import place_over
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place, Send
from ui.kiosk.journey.sheets import answered_sheet, touched_sheet
from ui.kiosk.journey.stops import AtTrip, NoEngine

AT_REST = (StateName.PAUSED, StateName.ARMED, StateName.FINISHED)
FIRST_FEELING = "first_feeling_marked"
CLOSE = "close_session"
BY_CYCLE = "by_cycle"
NO_LOAD, LOAD_RULED_OUT, LIKE_A_LOAD = "no_load", "load_ruled_out", "note.like_test_load"
"""The key that answers, the fact it records, and the note that asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treating(Place):
    """Pulses play or rest."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who is treated, and with what, once."""
        return treated_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Rise by one tap, and on while the key is held; contract; fall at once; use a sheet.

        That holding is not allowed now is no news where the tap was: its refusal is not shown.
        """
        name, _, channel = action.partition(":")
        if name == "rise":
            tap = Send(Rise(channel=int(channel)), "rise")
            return Next(effects=(tap, Send(HoldRise(channel=int(channel), pressed=True), HOLD)))
        if action == CONTRACT:
            return Next(effects=(Send(Contract(pressed=True), CONTRACT),))
        if action == BY_CYCLE:
            return Next(effects=(Send(ContractByCycle(), BY_CYCLE),))
        return touched_sheet(action, kiosk) or lowering(action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Close the sheet of a PIN that was right."""
        return answered_sheet(tag, answer, kiosk)


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
class Searching(Treating):
    """A motor point is searched with a pad held by hand."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return where the pads lie, landmarks, and points found before."""
        return search_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Say where the pad is at the twitch; raise, lower, or end the search."""
        return touched_search(action, kiosk) or Treating.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Show the search again once the point is kept."""
        following = answered_search(tag, answer, kiosk)
        return following or Treating.answered(self, tag, answer, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPause(Place):
    """Output is at zero, the session is open."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who is treated, and with what, once; nothing is read without a sign-in."""
        return () if pauses_without_anybody(kiosk) else treated_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Resume from zero, end the session, or say what the patient has felt.

        Only resuming asks for the PIN of somebody who has not touched for 2 min.
        """
        match action:
            case "resume" if pauses_without_anybody(kiosk):
                return end_telling(kiosk)
            case "resume":
                return Next(effects=(Send(Resume(), "resume"),))
            case "end":
                return Next(effects=(Send(Stop(), "end"),))
            case _ if action.startswith(TOLD):
                return touched_harm(action)
            case _:
                return lowering(action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Remember what was recorded."""
        return answered_harm(tag, answer, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtArmed(Place):
    """The contact is checked, or being checked; Start gives pulses at level zero."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return where the pads lie."""
        return lying_pages(kiosk)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Start, check again, say that no test load is connected, or give it up."""
        match action:
            case "start":
                return Next(effects=(Send(Start(), "start"),))
            case "check_contact":
                return Next(effects=(Send(CheckContact(), "check_contact"),))
            case "no_load" if kiosk.snapshot is not None and like_a_load(kiosk.snapshot):
                channels = list(like_a_load(kiosk.snapshot))
                values: dict[str, object] = {
                    "patient": kiosk.snapshot.patient,
                    "channels": channels,
                }
                fact = RecordFact(kind=LOAD_RULED_OUT, values=values)
                return Next(effects=(Send(fact, NO_LOAD),))
            case "end":
                return Next(effects=(Send(Stop(), "end"),))
            case _:
                return STAY


def like_a_load(snapshot: Snapshot) -> tuple[int, ...]:
    """Return the channels that the engine asks about: they measure like a test load."""
    asked = (note.values["channel"] for note in snapshot.notes if note.key == LIKE_A_LOAD)
    return tuple(channel for channel in asked if isinstance(channel, int))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtEnd(Place):
    """The session is over."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Close it; that the pads are off may be answered with the same touch."""
        closing = (Send(CloseSession(), CLOSE),)
        match action:
            case "close_session":
                return Next(effects=closing)
            case "pads_off":
                return Next(CloseOut(doing=PADS_OFF), closing)
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on to the close-out of a patient's session, else home."""
        if tag != CLOSE or not isinstance(answer, Reply):
            return STAY
        if isinstance(kiosk.place, CloseOut) and kiosk.place.doing:
            return STAY
        held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
        return Next(effects=(Go("home" if held is None else "close_out"),))


def engine_place(kiosk: Kiosk) -> Place | None:
    """Return the place that the engine's state demands, None for the person's own."""
    snapshot = kiosk.snapshot
    if snapshot is None or not kiosk.has_engine:
        return NoEngine()
    over = place_over(kiosk) or drill_place(kiosk)
    signs_in = kiosk.me is None and bool(snapshot.operator) and snapshot.state in AT_REST
    if over is not None or (
        signs_in and not is_telling(kiosk)
    ):  # whoever goes on from here signs in at this screen first
        return over
    match snapshot.state:
        case StateName.RAMP_UP | StateName.DELIVERING | StateName.RESTING | StateName.RAMP_DOWN:
            return _played(snapshot)
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


def _played(snapshot: Snapshot) -> Place:
    """Return the screen while pulses play or rest."""
    if snapshot.first_feeling is not None:
        return Feeling()
    return Searching() if is_search(snapshot) else Treating()
