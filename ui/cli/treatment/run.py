"""Lead one treatment to its end: snapshots in, actions out, Ctrl-C in between."""

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.errors import LinkError
from appliance.messages.actions import CloseSession
from appliance.messages.replies import Event, Refused, Reply
from appliance.messages.snapshot import Snapshot
from ui.cli.engine.attach import KEPT_S
from ui.cli.engine.ctrl_c import asking
from ui.cli.engine.hosts import EngineHost, LastWords
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
    is_held: bool = False
    """Whether the level ordered, or the most there is to have, was set when last seen."""
    at_level_us: int = 0
    """Treatment time for which it was."""
    full: Snapshot | None = None
    session: str | None = None
    trips: list[Event] = field(default_factory=list)
    lost: str | None = None
    last_words: LastWords | None = None
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


def conduct(
    host: EngineHost, director: Autopilot, show: Callable[[Snapshot], None]
) -> TreatmentRun:
    """Run the director against the engine until it is done, or the engine has gone."""
    course = TreatmentRun()
    with asking(director.interrupt):
        try:
            _lead(host, director, show, course)
            _take_late_events(host, course)
            if any(trip.facts.get("code") in BOARD_GONE for trip in course.trips):
                course.last_words = host.last_words()
            if host.shared and course.session and course.last and course.last.state == "Finished":
                host.link.wait_reply(host.link.send(CloseSession()), KEPT_S)
        except LinkError as error:
            course.last_words = host.last_words()
            course.lost = str(error)
    course.waited_us = host.waited_us()
    return course


def _lead(
    host: EngineHost, director: Autopilot, show: Callable[[Snapshot], None], course: TreatmentRun
) -> None:
    silent = 0
    while True:
        message = host.link.next_message(host.poll_s)
        silent = 0 if message is not None else silent + 1
        if silent > SILENT_POLLS:
            raise LinkError("the engine says nothing any more; its own guards end the output")
        if isinstance(message, Reply | Refused):
            director.answered(message)
        elif isinstance(message, Event) and message.name == "trip":
            course.trips.append(message)
        snapshot = host.link.snapshot()
        if snapshot is None:
            continue
        if snapshot is not course.last:
            _note(course, snapshot, director)
            host.link.shown()
            show(snapshot)
        elif message is None and not director.wants_stop:
            continue
        action = director.decide(snapshot)
        if action is not None:
            director.sent(host.link.send(action), action)
        elif director.is_done(snapshot):
            return


def _take_late_events(host: EngineHost, course: TreatmentRun) -> None:
    """Take what arrived together with the last snapshot, which is looked at before it."""
    while (message := host.link.next_message(0)) is not None:
        if isinstance(message, Event) and message.name == "trip":
            course.trips.append(message)


def _note(course: TreatmentRun, snapshot: Snapshot, director: Autopilot) -> None:
    before, was_held = course.last, course.is_held
    course.last, course.ours = snapshot, director.owns(snapshot)
    reached = course.ours and director.reached(snapshot)
    course.is_held = reached and snapshot.state in AT_LEVEL
    if not course.ours:
        return
    course.session = snapshot.session or course.session
    if was_held and course.is_held and before is not None:
        course.at_level_us += snapshot.elapsed_us - before.elapsed_us
    at_level = [view for view in snapshot.channels if view.level_ua and view.amplitude_ua]
    if snapshot.state in PULSING and len(at_level) == len(snapshot.channels):
        best = course.full
        if best is None or _reach(snapshot) >= _reach(best):
            course.full = snapshot


def _reach(snapshot: Snapshot) -> int:
    return sum(view.amplitude_ua for view in snapshot.channels)
