"""The loop of a client of the engine: read messages and snapshots, send actions, until done.

A stop that is due (after Ctrl-C) is sent without waiting for a new snapshot.
"""

from collections.abc import Callable
from typing import Protocol

from appliance.errors import LinkError
from appliance.messages.actions import Action
from appliance.messages.replies import Event, Refused, Reply
from appliance.messages.snapshot import Snapshot
from ui.cli.engine.hosts import EngineHost

SILENT_POLLS = 100
"""After this many polls without a message the engine counts as gone."""


class ActionSource(Protocol):
    """What decides the next action: an autopilot of a treatment or of drills."""

    @property
    def wants_stop(self) -> bool:
        """Tell whether a stop is waiting to be sent."""
        ...

    def decide(self, snapshot: Snapshot) -> Action | None:
        """Return the next action, or None to wait."""
        ...

    def sent(self, number: int, action: Action) -> None:
        """Remember the request number of an action that was sent."""
        ...

    def answered(self, answer: Reply | Refused) -> None:
        """Process the engine's answer."""
        ...

    def is_done(self, snapshot: Snapshot, /) -> bool:
        """Tell whether nothing more is to be sent."""
        ...


def run_client(
    host: EngineHost,
    source: ActionSource,
    on_snapshot: Callable[[Snapshot], None],
    on_event: Callable[[Event], None] = lambda _: None,
    on_decided: Callable[[], None] = lambda: None,
) -> None:
    """Run until the source is done.

    `on_snapshot` gets each new snapshot before the decision; `on_decided` is called after each
    decision, before its action is sent: what it prints is on the screen before it takes effect.
    Raises `LinkError` if the engine has gone or is silent.
    """
    silent, last = 0, None
    while True:
        message = host.link.next_message(host.poll_s)
        silent = 0 if message is not None else silent + 1
        if silent > SILENT_POLLS:
            raise LinkError("the engine is silent; its own guards end the output")
        if isinstance(message, Reply | Refused):
            source.answered(message)
        elif isinstance(message, Event):
            on_event(message)
        snapshot = host.link.snapshot()
        if snapshot is None:
            continue
        if snapshot is not last:
            last = snapshot
            on_snapshot(snapshot)
            host.link.shown()
        elif message is None and not source.wants_stop:
            continue
        action = source.decide(snapshot)
        on_decided()
        if action is not None:
            source.sent(host.link.send(action), action)
        elif source.is_done(snapshot):
            return
