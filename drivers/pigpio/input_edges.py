"""Edges of the plain input lines, from the daemon's reports: the exact time a contact opened.

The engine itself reads these lines each tick through the kernel and acts on that reading without
waiting for a report. The reports only give the exact time afterwards.
"""

from drivers.board_file import Pins
from drivers.interfaces import InputEdge, Inputs
from drivers.quantities import Microseconds


class InputEdges:
    """Finds edges of the input lines by comparing each report with the one before it."""

    def __init__(self, pins: Pins) -> None:
        lines = (pins.estop_loop, pins.hand_switch, pins.supply_good, pins.latch_clear)
        self._masks = tuple(
            (name, 1 << pin) for name, pin in zip(Inputs._fields, lines, strict=True)
        )
        self.mask = sum(mask for _, mask in self._masks)
        self._levels = 0

    def begin(self, levels: int) -> None:
        """Set the levels of GPIO 0 to 31 that the first report is compared with."""
        self._levels = levels & self.mask

    def take(self, levels: int, at_us: int, unsure_us: int) -> tuple[InputEdge, ...]:
        """Return the input lines that changed with a report received for `at_us` (engine clock)."""
        changed = (levels ^ self._levels) & self.mask
        if not changed:
            return ()
        self._levels = levels & self.mask
        return tuple(
            InputEdge(name, int(bool(levels & mask)), Microseconds(at_us), Microseconds(unsure_us))
            for name, mask in self._masks
            if changed & mask
        )
