"""Hash and check PINs in a thread: one takes longer than a control tick may.

The queue is short and bounded: whoever floods it with sign-ins is refused at once, and memory is
used for one hash at a time.
"""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from appliance.core.refusal import Refusal
from appliance.operators.pins import draw_pin, hash_pin, is_pin
from appliance.texts.text import text

WAITING_MOST = 4
"""Sign-ins in work and waiting: as many as a clinic has screens, and then some (D)."""

Ticket = TypeVar("Ticket")


@dataclass(frozen=True, slots=True)
class PinAnswer(Generic[Ticket]):
    """What became of a request: whether the PIN is right, or the hash of a new one.

    `drawn` is that new one if the unit has drawn it; whoever prints this prints neither.
    """

    ticket: Ticket
    is_right: bool
    hashed: str = field(repr=False)
    drawn: str = field(default="", repr=False)


class PinWorker(Generic[Ticket]):
    """One thread for PINs; a ticket says whose answer it is. Used by the control thread.

    With `waits` an answer is there as soon as it was asked for: in stepped time, where the clock
    stands still until the next tick.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self._pool = ThreadPoolExecutor(1, "pins", initializer=take_normal_priority)
        self._waits = waits
        self._asked: deque[tuple[Ticket, Future[PinAnswer[Ticket]]]] = deque()

    def check(self, ticket: Ticket, hashed: str, pin: str) -> Refusal | None:
        """Ask whether a PIN fits a hash; refused while too many others wait."""
        return self._ask(ticket, lambda: PinAnswer(ticket, is_pin(hashed, pin), ""))

    def change(self, ticket: Ticket, hashed: str, old: str, new: str) -> Refusal | None:
        """Ask for the hash of a new PIN if the old one fits; "" if it does not."""

        def work() -> PinAnswer[Ticket]:
            right = is_pin(hashed, old)
            return PinAnswer(ticket, is_right=right, hashed=hash_pin(new) if right else "")

        return self._ask(ticket, work)

    def hash(self, ticket: Ticket, pin: str) -> Refusal | None:
        """Ask for the hash of a new PIN; refused while too many others wait."""
        return self._ask(ticket, lambda: PinAnswer(ticket, is_right=True, hashed=hash_pin(pin)))

    def draw(self, ticket: Ticket) -> Refusal | None:
        """Ask for a new PIN that nobody has chosen, and its hash."""

        def work() -> PinAnswer[Ticket]:
            pin = draw_pin()
            return PinAnswer(ticket, is_right=True, hashed=hash_pin(pin), drawn=pin)

        return self._ask(ticket, work)

    def answers(self) -> tuple[PinAnswer[Ticket], ...]:
        """Return the finished answers since the last call, in the order of the requests.

        A request whose work failed (out of memory) is answered as a wrong PIN without a hash.
        """
        finished = []
        while self._asked and self._asked[0][1].done():
            ticket, work = self._asked.popleft()
            failed = work.exception() is not None
            finished.append(
                PinAnswer(ticket, is_right=False, hashed="") if failed else work.result()
            )
        return tuple(finished)

    def close(self) -> None:
        """End the thread; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, ticket: Ticket, work: Callable[[], PinAnswer[Ticket]]) -> Refusal | None:
        if len(self._asked) >= WAITING_MOST:
            allowed, nearest = text("sign_in.at_a_time", most=WAITING_MOST), text("ask_again")
            return Refusal("refusal.busy", text("sign_in.one_more"), allowed, nearest)
        future = self._pool.submit(work)
        if self._waits:
            future.exception()
        self._asked.append((ticket, future))
        return None


def take_normal_priority() -> None:
    """Leave the real-time priority that the thread has from the engine: a hash may wait."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
