"""How fast board time runs against the machine's: real, scaled, or stepped from outside."""

import time
from collections.abc import Callable

NS_PER_US = 1_000
SHORTEST_WAIT_S = 0.001
"""Events closer than this run together, as pigpiod's own threads look about every 1 ms."""


class Pace:
    """Turns the machine's monotonic time into board time, from 0 at the start."""

    def __init__(
        self,
        *,
        speed: float = 1.0,
        stepped: bool = False,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.speed = speed
        self.stepped = stepped
        self._monotonic_ns = monotonic_ns
        self._zero_ns = monotonic_ns()

    @property
    def mode(self) -> str:
        """Return "real", "scaled" or "stepped"."""
        if self.stepped:
            return "stepped"
        return "real" if self.speed == 1.0 else "scaled"

    def board_us(self, standing_us: int) -> int:
        """Return where board time should be; a stepped board stays where it stands."""
        if self.stepped:
            return standing_us
        return int((self._monotonic_ns() - self._zero_ns) * self.speed) // NS_PER_US

    def wait_s(self, next_ns: int | None) -> float | None:
        """Return how long to wait for the event due at board time `next_ns`; None is for ever."""
        if self.stepped or next_ns is None:
            return None
        passed_ns = (self._monotonic_ns() - self._zero_ns) * self.speed
        return max((next_ns - passed_ns) / self.speed * 1e-9, SHORTEST_WAIT_S)
