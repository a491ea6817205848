"""Board time as a queue of events, in integer nanoseconds.

Nothing on the board reads a clock: the board's owner advances time with `advance_to`, to the
machine's present (real or scaled time) or step by step (stepped, deterministic). Events at the same
instant run in the order in which they were requested.
"""

import heapq
from collections.abc import Callable

from drivers.quantities import NS_PER_US

Action = Callable[[], None]
Event = list[object]
"""A queued action: [when_ns, order, action or None once cancelled]."""


CHECK_EVENTS = 4
"""How many events run between two checks of how long that has taken."""

TIDY_EVENTS = 1_000
"""Cancelled events are removed from a queue at least this long and twice as long as after the last
removal."""


class Timeline:
    """The board's clock and its event queue."""

    def __init__(self) -> None:
        self.now_ns = 0
        self._queue: list[Event] = []
        self._order = 0
        self._tidy_at = TIDY_EVENTS

    @property
    def now_us(self) -> int:
        """Return board time in whole microseconds."""
        return self.now_ns // NS_PER_US

    def at(self, when_ns: int, action: Action) -> Event:
        """Run `action` when board time reaches `when_ns` (now, if that has passed)."""
        self._order += 1
        event: Event = [max(when_ns, self.now_ns), self._order, action]
        heapq.heappush(self._queue, event)
        if len(self._queue) > self._tidy_at:
            self._tidy()
        return event

    def _tidy(self) -> None:
        """Remove cancelled events; a wave sent again and again may leave minutes of them."""
        queue = self._queue
        queue[:] = [event for event in queue if event[2] is not None]
        heapq.heapify(queue)
        self._tidy_at = max(TIDY_EVENTS, 2 * len(queue))

    def after(self, delay_ns: int, action: Action) -> Event:
        """Run `action` after a delay."""
        return self.at(self.now_ns + delay_ns, action)

    @staticmethod
    def cancel(event: Event | None) -> None:
        """Cancel a queued event; None and events that have already run are ignored."""
        if event is not None:
            event[2] = None

    def next_ns(self) -> int | None:
        """Return when the next event is due, or None if nothing is queued."""
        queue = self._queue
        while queue and queue[0][2] is None:
            heapq.heappop(queue)
        return queue[0][0] if queue else None  # type: ignore[return-value]

    def advance_to(self, until_ns: int) -> None:
        """Run every event due up to and including `until_ns`, then set the time to it.

        Time never goes back: an earlier `until_ns` does nothing.
        """
        queue = self._queue
        pop = heapq.heappop
        while queue and queue[0][0] <= until_ns:  # type: ignore[operator]
            when_ns, _, action = pop(queue)
            if action is not None:
                self.now_ns = when_ns  # type: ignore[assignment]
                action()  # type: ignore[operator]
        self.now_ns = max(self.now_ns, until_ns)

    def advance_within(self, until_ns: int, enough: Callable[[], bool]) -> bool:
        """Like `advance_to`, but stop between two events once `enough()` is true.

        Return whether `until_ns` was reached; if not, the time is that of the last event.
        """
        queue = self._queue
        pop = heapq.heappop
        left = CHECK_EVENTS
        while queue and queue[0][0] <= until_ns:  # type: ignore[operator]
            if left <= 0:
                if enough():
                    return False
                left = CHECK_EVENTS
            when_ns, _, action = pop(queue)
            if action is not None:
                left -= 1
                self.now_ns = when_ns  # type: ignore[assignment]
                action()  # type: ignore[operator]
        self.now_ns = max(self.now_ns, until_ns)
        return True
