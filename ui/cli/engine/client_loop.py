"""The loop of a client of the engine: read messages and snapshots and send actions, until done.

A stop that is due (after Ctrl-C) is sent without waiting for a new snapshot.
"""

from collections.abc import Callable
from typing import Protocol

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.messages.actions import Action
from appliance.messages.replies import Event, FromEngine, Refused, Reply
from appliance.messages.snapshot import Snapshot
from drivers.quantities import US_PER_S
from ui.cli.engine.hosts import EngineHost

SILENT_POLLS = 100
"""After this many polls without a message the engine counts as gone."""
ANSWER_US = 10_000_000
"""Engine time after which an action without an answer counts as lost (D). A reply that waits for
the disk comes much sooner, or as a refusal."""


class ActionSource(Protocol):
    """Decides the next action: an autopilot of a treatment or of drills."""

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
        """Tell whether there is nothing more to send."""
        ...


class _Sender:
    """Sends actions and watches that the last one is answered.

    `lost` says why one could not be sent; after that nothing is sent.
    """

    def __init__(self, link: LinkClient) -> None:
        self.lost: LinkError | None = None
        self._link = link
        self._request, self._sent_us = 0, 0

    def send(self, action: Action, at_us: int) -> int | None:
        """Send an action and return its request number, None if the engine has gone."""
        if self.lost is not None:
            return None
        try:
            self._request, self._sent_us = self._link.send(action), at_us
        except LinkError as error:
            self.lost = error
            return None
        return self._request

    def take(self, message: FromEngine | None) -> None:
        """Note an answer; raise `lost` when nothing more has arrived."""
        if isinstance(message, Reply | Refused) and message.request == self._request:
            self._request = 0
        elif message is None and self.lost is not None:
            raise self.lost

    def check(self, at_us: int) -> None:
        """Raise `LinkError` if the last action has waited too long for its answer."""
        if self._request and at_us - self._sent_us > ANSWER_US:
            raise LinkError(f"the engine did not answer within {ANSWER_US // US_PER_S} s")


def run_client(
    host: EngineHost,
    source: ActionSource,
    on_snapshot: Callable[[Snapshot], None],
    on_event: Callable[[Event], None] = lambda _: None,
    on_decided: Callable[[], None] = lambda: None,
) -> None:
    """Run until the source is done.

    `on_snapshot` gets each new snapshot before the decision. `on_decided` is called after each
    decision and before its action is sent, so that a text is on the screen before the action takes
    effect. Raises `LinkError` if the engine has gone, is silent or does not answer; messages that
    arrived before it went are still read and decided on.
    """
    silent, last, sender = 0, None, _Sender(host.link)
    while True:
        message = host.link.next_message(host.poll_s)
        silent = 0 if message is not None else silent + 1
        if silent > SILENT_POLLS:
            raise LinkError("the engine is silent; its own guards end the output")
        sender.take(message)
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
        sender.check(snapshot.at_us)
        action = source.decide(snapshot)
        on_decided()
        number = sender.send(action, snapshot.at_us) if action is not None else None
        if action is not None and number is not None:
            source.sent(number, action)
        elif source.is_done(snapshot):
            return
