"""Drills: which are due, how one is prepared, and the one that the engine leads through. Pure.

The engine leads: while its snapshot shows a drill, that drill is on the screen, whoever began it.
"""

from dataclasses import dataclass, replace

from appliance.messages.actions import Acknowledge, BeginDrill, EndDrill
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import DrillView
from appliance.messages.wire import DrillKind, StateName
from ui.kiosk.journey.place import STAY, Forget, Go, Kiosk, Next, Place, Row, Send

DUE, UNIT = "due", "unit"
BEGIN, END, AGAIN = "begin_drill", "end_drill", "drill_again"
LOADS_OHM = (500, 1_000)
"""Test loads on the keys; the engine refuses every other one."""
ON_A_CHANNEL = frozenset({DrillKind.LEAD, DrillKind.KNOWN_LOAD})
WITH_LOAD = frozenset({DrillKind.ESTOP, DrillKind.KNOWN_LOAD})
NO_LOAD = 0
LEAD_PART = "lead_"
"""Begins the name of the part of the unit that is the lead of a channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drills(Place):
    """Every drill, and when it is due."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is due, and the unit, for its channels."""
        return DUE, UNIT

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Prepare one, or go back."""
        name, _, kind = action.partition(":")
        match name:
            case "drill" if kind in set(DrillKind):
                row, channels = drill_row(kiosk, kind), unit_channels(kiosk)
                channel = next_channel(channels, row.get("channel"))
                return Next(PrepareDrill(kind=DrillKind(kind), channel=channel))
            case "back":
                return Next(effects=(Go("home"),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDrill(Place):
    """What a drill needs; `load_ohm` is None until it is chosen, `NO_LOAD` without one."""

    kind: DrillKind
    channel: int = 1
    load_ohm: int | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is due, and the unit, for its channels."""
        return DUE, UNIT

    @property
    def needs_channel(self) -> bool:
        """Return whether it is done on a channel, as it is set now."""
        return self.kind in ON_A_CHANNEL or bool(self.load_ohm)

    @property
    def is_complete(self) -> bool:
        """Return whether everything is chosen."""
        return self.kind not in WITH_LOAD or self.load_ohm is not None

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose channel and load, begin, or go back."""
        name, _, what = action.partition(":")
        match name:
            case "channel":
                return Next(replace(self, channel=int(what)))
            case "load":
                return Next(replace(self, load_ohm=int(what)))
            case "begin" if self.is_complete:
                begin = BeginDrill(
                    kind=self.kind, channel=self.channel, load_ohm=self.load_ohm or None
                )
                return Next(self, (Send(begin, BEGIN),))
            case "back":
                return Next(Drills())
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Wait behind the drill with the list of all; a refusal is shown here."""
        if tag == BEGIN and isinstance(answer, Reply):
            return Next(Drills())
        return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDrill(Place):
    """A drill is under way."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Acknowledge the trip that the drill caused, or give the drill up."""
        match action:
            case "acknowledge":
                return Next(effects=(Send(Acknowledge(), "acknowledge"),))
            case "give_up":
                return Next(effects=(Send(EndDrill(), END),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDrillResult(Place):
    """A drill is over; its result stands until somebody has put it away."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Put the result away, do the drill again, or take the unit out of use."""
        drill = None if kiosk.snapshot is None else kiosk.snapshot.drill
        match action:
            case "done":
                return Next(effects=(Send(EndDrill(), END), Forget(DUE)))
            case "again" if drill is not None:
                begin = BeginDrill(
                    kind=drill.kind, channel=drill.channel or 1, load_ohm=drill.load_ohm
                )
                return Next(effects=(Send(begin, AGAIN), Forget(DUE)))
            case "take_out_of_use":
                return Next(effects=(Send(EndDrill(), END), Forget(DUE), Go("take_out_of_use")))
            case _:
                return STAY


def drill_place(kiosk: Kiosk) -> Place | None:
    """Return the place that the engine's drill demands, None without one.

    A trip that ended a drill is seen and acknowledged first; the result stands behind it.
    """
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.drill is None:
        return None
    if snapshot.drill.result is None:
        return AtDrill()
    return AtDrillResult() if snapshot.state is StateName.READY else None


def is_acknowledging(drill: DrillView) -> bool:
    """Return whether the step waits for somebody to acknowledge the trip."""
    return ".acknowledge" in drill.key


def drill_row(kiosk: Kiosk, kind: str) -> Row:
    """Return the row of a drill, an empty one while it is not known."""
    rows = kiosk.rows(DUE) or ()
    return next((row for row in rows if row["kind"] == "drill" and row["item"] == kind), {})


def unit_channels(kiosk: Kiosk) -> tuple[int, ...]:
    """Return the channels of the unit, those that have a lead; () while they are not known."""
    return tuple(
        int(str(row["part"]).removeprefix(LEAD_PART))
        for row in kiosk.rows(UNIT) or ()
        if row["kind"] == "part" and str(row["part"]).startswith(LEAD_PART)
    )


def next_channel(channels: tuple[int, ...], last: int | None) -> int:
    """Return the channel whose turn it is: a drill proves only the one that it was done on."""
    if last is None or last not in channels:
        return channels[0] if channels else 1
    return channels[(channels.index(last) + 1) % len(channels)]
