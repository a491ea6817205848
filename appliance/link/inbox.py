"""The queue of messages for the control thread, stops before everything else.

The link thread puts, the control thread takes; deques and counters with one writer each need no
lock, so neither thread ever waits for the other.
"""

from collections import deque
from typing import NamedTuple

from appliance.link.action_words import action_words
from appliance.link.interfaces import Peer, Received
from appliance.link.text_conversion import refused
from appliance.messages.actions import (
    Acknowledge,
    Command,
    Contract,
    Fall,
    HoldRise,
    MarkFelt,
    Pause,
    Query,
    Stop,
)
from appliance.messages.replies import Refused
from appliance.texts.text import text

MAX_WAITING = 64
"""Limit of waiting messages for each peer and urgency."""
_CUT, _STOP, _LOWER, _REST = range(4)
BUSY_ALLOWED, BUSY_NEAREST = text("busy.allowed", messages=50), text("busy.nearest")


class _Account:
    """Messages that one peer has put and that were taken, by urgency; one writer a counter."""

    __slots__ = ("put", "released", "taken")

    def __init__(self) -> None:
        self.put = [0, 0, 0, 0]
        self.taken = [0, 0, 0, 0]
        self.released: dict[int, int] = {}


class _Waiting(NamedTuple):
    order: int
    account: _Account
    received: Received


def urgency_of(message: Command | Query) -> int:
    """Return 0 for a cut, 1 for a stop, 2 for what lowers the current or pauses, else 3."""
    action = message.action if isinstance(message, Command) else None
    match action:
        case Stop(cut=True):
            return _CUT
        case Stop():
            return _STOP
        case Pause() | Fall() | Acknowledge():
            return _LOWER
        case HoldRise(pressed=False) | Contract(pressed=False):
            return _LOWER
        case MarkFelt(felt="too_strong" | "pain" | "burning" | "faintness"):
            return _LOWER
        case _:
            return _REST


def is_urgent(message: Command | Query) -> bool:
    """Say whether a message overtakes the rest and is exempt from rate limits."""
    return urgency_of(message) < _REST


class Inbox:
    """Four queues by urgency, each bounded per peer."""

    def __init__(self) -> None:
        self._queues: tuple[deque[_Waiting], ...] = tuple(deque() for _ in range(4))
        self._accounts: dict[int, _Account] = {}
        self._order = 0

    def put(self, received: Received) -> Refused | None:
        """Queue a message, or return a refusal if too many of its kind wait for this peer.

        A release of a key overtakes presses, so presses that still wait become void.
        """
        urgency = urgency_of(received.message)
        account = self._accounts.setdefault(received.peer.number, _Account())
        hold = _hold_of(received.message)
        self._order += 1
        if hold is not None and not hold.pressed:
            account.released[_key_of(hold)] = self._order
        if account.put[urgency] - account.taken[urgency] >= MAX_WAITING:
            return busy(received.message)
        account.put[urgency] += 1
        self._queues[urgency].append(_Waiting(self._order, account, received))
        return None

    def forget(self, peer: Peer) -> None:
        """Close a peer's account; its waiting messages are still taken."""
        self._accounts.pop(peer.number, None)

    def take(self, limit: int) -> tuple[tuple[Received, ...], tuple[Received, ...]]:
        """Return up to `limit` messages, most urgent first, and the presses that became void."""
        taken: list[Received] = []
        void: list[Received] = []
        for urgency, queue in enumerate(self._queues):
            while queue and len(taken) < limit:
                waiting = queue.popleft()
                waiting.account.taken[urgency] += 1
                (void if _is_void(waiting) else taken).append(waiting.received)
        return tuple(taken), tuple(void)


def _is_void(waiting: _Waiting) -> bool:
    hold = _hold_of(waiting.received.message)
    if hold is None or not hold.pressed:
        return False
    return waiting.order < waiting.account.released.get(_key_of(hold), 0)


def busy(message: Command | Query) -> Refused:
    """Return the refusal for a peer that asks faster than it is served."""
    wanted = message.action if isinstance(message, Command) else message
    asked = action_words(type(wanted))
    return refused(message.request, "refusal.busy", asked, BUSY_ALLOWED, BUSY_NEAREST)


def _hold_of(message: Command | Query) -> HoldRise | Contract | None:
    if isinstance(message, Command) and isinstance(message.action, HoldRise | Contract):
        return message.action
    return None


def _key_of(hold: HoldRise | Contract) -> int:
    """Return which key it is: the channel of a rise key, 0 for the contractions of all."""
    return hold.channel if isinstance(hold, HoldRise) else 0
