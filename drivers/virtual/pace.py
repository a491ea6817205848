"""How fast board time runs compared with the machine's: real, scaled, stepped or waiting.

If the machine cannot simulate as fast as board time should pass, board time slips: it falls behind
permanently by what could not be done, and the slip is counted.

A waiting board runs in real time until an engine takes control of its time. From then on board time
advances only when that engine asks, so a slow machine makes a run longer but changes nothing else.
When the engine disconnects, for whatever reason, board time continues in real time from where it
is.
"""

import time
from collections.abc import Callable

from drivers.quantities import NS_PER_US

STEPPED = "stepped"
WAITING = "waiting"
SHORTEST_WAIT_S = 0.001
"""Events closer together than this run together; pigpiod's own threads wake about every 1 ms."""


class Pace:
    """Converts the machine's monotonic time into board time, starting at 0."""

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
        """How far board time has permanently fallen behind, in microseconds of board time."""
        return self._slipped_ns // NS_PER_US

    @property
    def mode(self) -> str:
        """One of "real", "scaled", "stepped" or "waiting"."""
        if self.waiting:
            return WAITING
        if self.stepped:
            return STEPPED
        return "real" if self.speed == 1.0 else "scaled"

    def lead(self) -> None:
        """Let an engine advance board time from now on; only for a waiting board."""
        self.stepped = True

    def release(self, standing_us: int) -> None:
        """Continue in real time from the board time `standing_us`: the engine has disconnected."""
        behind_ns = self._board_ns() - standing_us * NS_PER_US
        self._waited_ns += max(behind_ns, 0)
        self._zero_ns += int(behind_ns / self.speed)
        self.stepped = False

    def waited_us(self, standing_us: int) -> int:
        """Return the total time for which board time waited because an engine was late."""
        behind_ns = self._board_ns() - standing_us * NS_PER_US if self.stepped else 0
        return (self._waited_ns + max(behind_ns, 0)) // NS_PER_US

    def board_us(self, standing_us: int) -> int:
        """Return the board time that should be reached now; on a stepped board its current time."""
        if self.stepped:
            return standing_us
        return self._board_ns() // NS_PER_US

    def slip_to(self, standing_ns: int) -> int:
        """Continue board time from `standing_ns`, where it is; return the new slip in µs.

        A stepped board never slips.
        """
        if self.stepped:
            return 0
        before_us = self.slipped_us
        self._slipped_ns += max(self._board_ns() - standing_ns, 0)
        return self.slipped_us - before_us

    def wait_s(self, next_ns: int | None) -> float | None:
        """Return seconds until the event due at board time `next_ns`; None means no limit."""
        if self.stepped or next_ns is None:
            return None
        left_ns = (next_ns - self._board_ns()) / self.speed
        return max(left_ns * 1e-9, SHORTEST_WAIT_S)

    def _board_ns(self) -> int:
        return int((self._monotonic_ns() - self._zero_ns) * self.speed) - self._slipped_ns
