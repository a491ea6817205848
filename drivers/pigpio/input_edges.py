"""Edges of the plain input lines, out of the daemon's reports: when exactly a contact opened.

The engine reads these lines itself, each tick, through the kernel; what acts on them never waits
for a report. The reports only say afterwards when it was.
"""

from drivers.board_file import Pins
from drivers.interfaces import InputEdge, Inputs
from drivers.quantities import Microseconds


class InputEdges:
    """Compares each report with the one before it."""

    def __init__(self, pins: Pins) -> None:
        lines = (pins.estop_loop, pins.hand_switch, pins.supply_good, pins.latch_clear)
        self._masks = tuple(
            (name, 1 << pin) for name, pin in zip(Inputs._fields, lines, strict=True)
        )
        self.mask = sum(mask for _, mask in self._masks)
        self._levels = 0

    def begin(self, levels: int) -> None:
        """Take these levels of GPIO 0 to 31 as the ones before the first report."""
        self._levels = levels & self.mask

    def take(self, levels: int, at_us: int, unsure_us: int) -> tuple[InputEdge, ...]:
        """Return the input lines that changed with a report, at `at_us` on the engine clock."""
        changed = (levels ^ self._levels) & self.mask
        if not changed:
            return ()
        self._levels = levels & self.mask
        return tuple(
            InputEdge(name, int(bool(levels & mask)), Microseconds(at_us), Microseconds(unsure_us))
            for name, mask in self._masks
            if changed & mask
        )
