"""Lead one treatment to its end: snapshots in, actions out, Ctrl-C in between."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from appliance.errors import LinkError
from appliance.messages import Event, Refused, Reply, Snapshot
from ui.cli.director import Director
from ui.cli.hosts import Host

PULSING = ("RampUp", "Delivering")
SILENT_POLLS = 100
"""So many polls without a message mean that the engine has gone."""


@dataclass(slots=True)
class Course:
    """What was seen of a treatment: its newest snapshot, the newest at full level, its trips."""

    last: Snapshot | None = None
    full: Snapshot | None = None
    session: str | None = None
    trips: list[Event] = field(default_factory=list)


def conduct(host: Host, director: Director, show: Callable[[Snapshot], None]) -> Course:
    """Run the director against the engine until it is done; raises `LinkError`."""
    course, silent = Course(), 0
    with _interrupting(director):
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
            if snapshot is None or (snapshot is course.last and message is None):
                continue
            _note(course, snapshot)
            host.link.shown()
            show(snapshot)
            action = director.decide(snapshot)
            if action is not None:
                host.link.send(action)
            elif director.is_done(snapshot):
                return course


def _note(course: Course, snapshot: Snapshot) -> None:
    course.last = snapshot
    course.session = snapshot.session or course.session
    at_level = [view for view in snapshot.channels if view.level_ua and view.amplitude_ua]
    if snapshot.state in PULSING and len(at_level) == len(snapshot.channels):
        best = course.full
        if best is None or _reach(snapshot) >= _reach(best):
            course.full = snapshot


def _reach(snapshot: Snapshot) -> int:
    return sum(view.amplitude_ua for view in snapshot.channels)


@contextmanager
def _interrupting(director: Director) -> Iterator[None]:
    """Let Ctrl-C ask the director to stop, a second one to cut."""
    before = signal.signal(signal.SIGINT, lambda *_: director.interrupt())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
