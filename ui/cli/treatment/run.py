"""Lead one treatment to its end: snapshots in, actions out, Ctrl-C in between."""

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.errors import LinkError
from appliance.messages.actions import CloseSession
from appliance.messages.replies import Event, Refused, Reply
from appliance.messages.snapshot import Snapshot
from ui.cli.engine.attach import KEPT_S
from ui.cli.engine.ctrl_c import on_end_signal
from ui.cli.engine.hosts import ChildEnd, EngineHost
from ui.cli.treatment.autopilot import Autopilot

PULSING = ("RampUp", "Delivering")
AT_LEVEL = (*PULSING, "Resting")
BOARD_GONE = ("T30", "T31", "T37")
"""Trips that may mean no fault but a board process that has ended."""
SILENT_POLLS = 100
"""So many polls without a message mean that the engine has gone."""


@dataclass(slots=True)
class TreatmentRun:
    """What was seen of a treatment: its newest snapshot, the newest at full level, its trips.

    `lost` says why the engine could not be followed to the end, if so; `last_words` is what a
    process of ours said that ended by itself and so caused a trip; `waited_us` is for how long the
    board waited for this machine, None for one that does not wait.
    """

    last: Snapshot | None = None
    ours: bool = False
    """Whether `last` shows our own treatment; what somebody else has is not ours to tell."""
    is_at_level: bool = False
    """Whether the level ordered, or the most there is to have, was set when last seen."""
    at_level_us: int = 0
    """Treatment time for which it was."""
    full: Snapshot | None = None
    session: str | None = None
    trips: list[Event] = field(default_factory=list)
    lost: str | None = None
    child_end: ChildEnd | None = None
    waited_us: int | None = None

    @property
    def own(self) -> Snapshot | None:
        """Return the newest snapshot where it shows our own treatment."""
        return self.last if self.ours else None

    @property
    def level_reached_ua(self) -> int:
        """Return the highest level that every channel of ours had."""
        channels = self.own.channels if self.own is not None else ()
        return min((view.highest_ua for view in channels), default=0)


def give_treatment(
    host: EngineHost, autopilot: Autopilot, show: Callable[[Snapshot], None]
) -> TreatmentRun:
    """Run the director against the engine until it is done, or the engine has gone."""
    run = TreatmentRun()
    with on_end_signal(autopilot.interrupt):
        try:
            _lead(host, autopilot, show, run)
            _take_late_events(host, run)
            if any(trip.facts.get("code") in BOARD_GONE for trip in run.trips):
                run.child_end = host.child_end()
            if host.shared and run.session and run.last and run.last.state == "Finished":
                host.link.wait_reply(host.link.send(CloseSession()), KEPT_S)
        except LinkError as error:
            run.child_end = host.child_end()
            run.lost = str(error)
    run.waited_us = host.waited_us()
    return run


def _lead(
    host: EngineHost, autopilot: Autopilot, show: Callable[[Snapshot], None], run: TreatmentRun
) -> None:
    silent = 0
    while True:
        message = host.link.next_message(host.poll_s)
        silent = 0 if message is not None else silent + 1
        if silent > SILENT_POLLS:
            raise LinkError("the engine says nothing any more; its own guards end the output")
        if isinstance(message, Reply | Refused):
            autopilot.answered(message)
        elif isinstance(message, Event) and message.name == "trip":
            run.trips.append(message)
        snapshot = host.link.snapshot()
        if snapshot is None:
            continue
        if snapshot is not run.last:
            _note(run, snapshot, autopilot)
            host.link.shown()
            show(snapshot)
        elif message is None and not autopilot.wants_stop:
            continue
        action = autopilot.decide(snapshot)
        if action is not None:
            autopilot.sent(host.link.send(action), action)
        elif autopilot.is_done(snapshot):
            return


def _take_late_events(host: EngineHost, run: TreatmentRun) -> None:
    """Take what arrived together with the last snapshot, which is looked at before it."""
    while (message := host.link.next_message(0)) is not None:
        if isinstance(message, Event) and message.name == "trip":
            run.trips.append(message)


def _note(run: TreatmentRun, snapshot: Snapshot, autopilot: Autopilot) -> None:
    before, was_at_level = run.last, run.is_at_level
    run.last, run.ours = snapshot, autopilot.owns(snapshot)
    reached = run.ours and autopilot.reached(snapshot)
    run.is_at_level = reached and snapshot.state in AT_LEVEL
    if not run.ours:
        return
    run.session = snapshot.session or run.session
    if was_at_level and run.is_at_level and before is not None:
        run.at_level_us += snapshot.elapsed_us - before.elapsed_us
    at_level = [view for view in snapshot.channels if view.level_ua and view.amplitude_ua]
    if snapshot.state in PULSING and len(at_level) == len(snapshot.channels):
        best = run.full
        if best is None or _reach(snapshot) >= _reach(best):
            run.full = snapshot


def _reach(snapshot: Snapshot) -> int:
    return sum(view.amplitude_ua for view in snapshot.channels)
