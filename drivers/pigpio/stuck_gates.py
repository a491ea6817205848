"""Notice gates that are on while all must be off, from reports that arrive anyway.

A report of the daemon carries the levels of all lines, not only of the one that changed. All gates
must be off around each edge of LDAC: 200 µs before the strobe that opens a slice, and 20 µs behind
it (docs/design.md section 5). A gate that is high there is stuck, however dense the pulses are.
Between streams the gate lines are read with a request.
"""

from drivers.board_file import Pins


class GateWatch:
    """The gates found high at the last check: one bit a gate, in the order of `Segment.gates`."""

    def __init__(self, pins: Pins) -> None:
        self._masks = tuple(1 << pin for pin in pins.gate_list())
        self.high = 0

    def check(self, levels: int) -> None:
        """Note which gates are high in `levels` (GPIO 0 to 31), read while all must be off."""
        self.high = sum(1 << bit for bit, mask in enumerate(self._masks) if levels & mask)
