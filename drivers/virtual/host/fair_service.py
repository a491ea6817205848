"""Choose which client is served next: one selector, one fair queue, and real-time timers.

    wait      until something arrives, a timer is due or a client still waits
    handle    read what has arrived, then serve clients for at most one turn

The client that has had the least of the board's time is served first, for a short piece of time. So
a client with occasional requests is answered after one piece, whatever the others send.
"""

import heapq
import selectors
import socket
import time
from collections.abc import Callable
from typing import Protocol

PIECE_NS = 500_000
"""How long one client is served at a time; a command that has begun is finished."""
TURN_NS = 2_000_000
"""How long clients are served before the board reads new bytes and advances time."""

Ready = Callable[[int], None]
"""What `SelectorKey.data` holds: called with the events that are ready."""
Enough = Callable[[], bool]
"""Called after each command: whether the client has used up its piece of time."""
Arrived = list[tuple[selectors.SelectorKey, int]]


class WaitingClient(Protocol):
    """A client with commands to carry out; `used_ns` is the board's time that it has had."""

    used_ns: int
    queued: bool

    def serve(self, enough: Enough) -> bool:
        """Carry out commands until `enough()`; return whether more could be done at once."""
        ...


class FairService:
    """Serves clients; with `stepped` in order of arrival and to the end."""

    def __init__(
        self, *, stepped: bool = False, monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.selector = selectors.DefaultSelector()
        self.stepped = stepped
        self._monotonic_ns = monotonic_ns
        self._queue: list[tuple[int, int, WaitingClient]] = []
        self._order = 0
        self._least_ns = 0
        self._timers: list[tuple[int, int, Callable[[], None]]] = []

    @property
    def waiting(self) -> bool:
        """Whether a client waits to be served."""
        return bool(self._queue)

    def close(self) -> None:
        """Close the selector."""
        self.selector.close()

    def ask(self, client: WaitingClient) -> None:
        """Add a client to the queue; one that is already in it keeps its place."""
        if client.queued:
            return
        client.queued = True
        # A client that was idle is next, for one piece only: more credit would let it block the
        # others.
        least_ns = self._least_ns - PIECE_NS
        client.used_ns = 0 if self.stepped else max(client.used_ns, least_ns)
        self._order += 1
        heapq.heappush(self._queue, (client.used_ns, self._order, client))

    def watch(self, connection: socket.socket, before: int, events: int, ready: Ready) -> None:
        """Watch a connection for `events` instead of for `before`; 0 means not at all."""
        if not before:
            self.selector.register(connection, events, ready)
        elif not events:
            self.selector.unregister(connection)
        else:
            self.selector.modify(connection, events, ready)

    def after(self, delay_s: float, action: Callable[[], None]) -> None:
        """Call `action` once after a delay in real time."""
        self._order += 1
        due_ns = self._monotonic_ns() + round(delay_s * 1e9)
        heapq.heappush(self._timers, (due_ns, self._order, action))

    def wait(self, timeout_s: float | None) -> Arrived:
        """Return what is ready; wait at most `timeout_s` for it (None: no limit)."""
        if self._queue:
            timeout_s = 0
        elif self._timers:
            left_s = max((self._timers[0][0] - self._monotonic_ns()) * 1e-9, 0)
            timeout_s = left_s if timeout_s is None else min(timeout_s, left_s)
        return self.selector.select(timeout_s)

    def handle(self, arrived: Arrived) -> None:
        """Read what has arrived, run the timers that are due, serve clients for one turn."""
        for key, events in arrived:
            key.data(events)
        while self._timers and self._timers[0][0] <= self._monotonic_ns():
            heapq.heappop(self._timers)[2]()
        if self.stepped:
            self._serve_all()
        else:
            self._serve_turn()

    def _serve_all(self) -> None:
        while self._queue:
            client = heapq.heappop(self._queue)[2]
            client.queued = False
            if client.serve(_never):
                self.ask(client)

    def _serve_turn(self) -> None:
        now_ns = self._monotonic_ns()
        end_ns = now_ns + TURN_NS
        while self._queue and now_ns < end_ns:
            used_ns, _, client = heapq.heappop(self._queue)
            self._least_ns = max(self._least_ns, used_ns)
            client.queued = False
            more = client.serve(self._after_ns(now_ns + PIECE_NS))
            began_ns, now_ns = now_ns, self._monotonic_ns()
            client.used_ns = used_ns + now_ns - began_ns
            if more:
                self.ask(client)

    def _after_ns(self, end_ns: int) -> Enough:
        return lambda: self._monotonic_ns() >= end_ns


def _never() -> bool:
    return False
