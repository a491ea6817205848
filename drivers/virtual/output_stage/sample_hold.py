"""Sample and hold of one channel: current and voltage at the end of a phase.

Over successive pulses it keeps a positive phase, a negative, a negative, a positive, and so on. A
pulse ends with a pause long enough for the shunt, or before a second phase of the same gate,
whichever comes first. If a pulse has no phase of the wanted gate, the old values stay.
"""

ORDER = (1, 2, 2, 1)
"""The gate (1 positive, 2 negative) whose phase is held, by pulse number modulo 4."""


_COMPLETE = 3
"""Both gates have been on: the pulse is complete."""


class SampleHold:
    """The held values; `pulse` counts pulses from 0 and is -1 before the first."""

    __slots__ = ("_seen", "_wanted", "current_a", "holds", "pulse", "voltage_v")

    def __init__(self) -> None:
        self.current_a = self.voltage_v = 0.0
        self.pulse = -1
        self.holds = 0
        self._seen = _COMPLETE
        self._wanted = ORDER[0]

    def begin_phase(self, gate: int) -> bool:
        """Called when a gate goes on; return True if this starts a new pulse."""
        if self._seen & gate or self._seen == _COMPLETE:
            self.pulse += 1
            self._wanted = ORDER[self.pulse & 3]
            self._seen = gate
            return True
        self._seen |= gate
        return False

    def end_phase(self, gate: int, current_a: float, voltage_v: float) -> None:
        """Called when a gate goes off, with current and voltage just before."""
        if gate & self._wanted:
            self.current_a = current_a
            self.voltage_v = voltage_v
            self.holds += 1

    def pause(self) -> None:
        """Called at a pause: the next phase starts a new pulse."""
        self._seen = _COMPLETE
