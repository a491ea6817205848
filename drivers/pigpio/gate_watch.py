"""Gates that are on when none may be: seen for nothing, in reports that come anyway.

A report of the daemon carries the levels of all lines, not only of the one that changed. All gates
are off around each edge of LDAC: 200 µs before the strobe that opens a slice, and 20 µs behind it
(design section 5). So what is high there is stuck, however dense the pulses are. Between streams
the lines are asked for.
"""

from drivers.board_file import Pins


class GateWatch:
    """The gates as they were at the last look; one bit a gate, in the order of `Segment.gates`."""

    def __init__(self, pins: Pins) -> None:
        self._masks = tuple(1 << pin for pin in pins.gate_list())
        self.high = 0

    def look(self, levels: int) -> None:
        """Take the levels of GPIO 0 to 31 at a moment at which every gate has to be off."""
        self.high = sum(1 << bit for bit, mask in enumerate(self._masks) if levels & mask)
