"""The fault latch: setting dominates, only a rising edge on LATCH_RESET clears it."""

from collections.abc import Callable


class FaultLatch:
    """Set at power-on. `causes` are those since the last reset, in order of occurrence."""

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self.is_set = True
        self.causes: list[str] = ["power-on"]
        self._holding: set[str] = set()
        self._dead = False
        self._on_change = on_change

    def hold(self, cause: str, *, active: bool) -> None:
        """Apply a set input that can stay active: an open contact, an expired watchdog."""
        if active:
            self._holding.add(cause)
            self.strike(cause)
        else:
            self._holding.discard(cause)

    def strike(self, cause: str) -> None:
        """Set the latch on an event, however short."""
        if self._dead:
            return
        if not self.is_set:
            self.causes.clear()
        if cause not in self.causes:
            self.causes.append(cause)
        self._become(is_set=True)

    def reset(self) -> None:
        """Apply a rising edge on LATCH_RESET; it has no effect while a set input is active."""
        if not self._holding:
            self.causes.clear()
            self._become(is_set=False)

    def disable(self, *, dead: bool) -> None:
        """Clear the latch and keep it from being set (a fault); or reconnect its inputs."""
        self._dead = dead
        if dead:
            self.causes.clear()
            self._become(is_set=False)
        for cause in sorted(self._holding):
            self.strike(cause)

    def _become(self, *, is_set: bool) -> None:
        if self.is_set != is_set:
            self.is_set = is_set
            self._on_change(is_set)
