"""How fast board time runs against the machine's: real, scaled, or stepped from outside.

Where the machine cannot carry out board time as fast as it should pass, board time slips: it falls
behind for good by what could not be done, and the slip is counted.

A waiting board runs in real time until an engine leads it. Then it stands still between the
moments up to which that engine moves it on, so that a machine that is late makes the run longer
and nothing else. When the engine goes, however it goes, real time goes on from where it stood.
"""

import time
from collections.abc import Callable

NS_PER_US = 1_000
STEPPED = "stepped"
WAITING = "waiting"
SHORTEST_WAIT_S = 0.001
"""Events closer than this run together, as pigpiod's own threads look about every 1 ms."""


class Pace:
    """Turns the machine's monotonic time into board time, from 0 at the start."""

    def __init__(
        self,
        *,
        speed: float = 1.0,
        stepped: bool = False,
        waiting: bool = False,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.speed = speed
        self.stepped = stepped
        self.waiting = waiting
        self._monotonic_ns = monotonic_ns
        self._zero_ns = monotonic_ns()
        self._slipped_ns = 0
        self._waited_ns = 0

    @property
    def slipped_us(self) -> int:
        """Return by how much board time has fallen behind for good, in its own microseconds."""
        return self._slipped_ns // NS_PER_US

    @property
    def mode(self) -> str:
        """Return "real", "scaled", "stepped" or "waiting"."""
        if self.waiting:
            return WAITING
        if self.stepped:
            return STEPPED
        return "real" if self.speed == 1.0 else "scaled"

    def lead(self) -> None:
        """Let an engine move time on from now; only a waiting board can be led."""
        self.stepped = True

    def release(self, standing_us: int) -> None:
        """Go on in real time from where board time stands: nobody leads any more."""
        behind_ns = self._board_ns() - standing_us * NS_PER_US
        self._waited_ns += max(behind_ns, 0)
        self._zero_ns += int(behind_ns / self.speed)
        self.stepped = False

    def waited_us(self, standing_us: int) -> int:
        """Return for how long in all board time stood still because an engine was late."""
        behind_ns = self._board_ns() - standing_us * NS_PER_US if self.stepped else 0
        return (self._waited_ns + max(behind_ns, 0)) // NS_PER_US

    def board_us(self, standing_us: int) -> int:
        """Return where board time should be; a stepped board stays where it stands."""
        if self.stepped:
            return standing_us
        return self._board_ns() // NS_PER_US

    def slip_to(self, standing_ns: int) -> int:
        """Have board time go on from where it stands; return what slipped now, in us.

        A stepped board never slips.
        """
        if self.stepped:
            return 0
        before_us = self.slipped_us
        self._slipped_ns += max(self._board_ns() - standing_ns, 0)
        return self.slipped_us - before_us

    def wait_s(self, next_ns: int | None) -> float | None:
        """Return how long to wait for the event due at board time `next_ns`; None is for ever."""
        if self.stepped or next_ns is None:
            return None
        left_ns = (next_ns - self._board_ns()) / self.speed
        return max(left_ns * 1e-9, SHORTEST_WAIT_S)

    def _board_ns(self) -> int:
        return int((self._monotonic_ns() - self._zero_ns) * self.speed) - self._slipped_ns
