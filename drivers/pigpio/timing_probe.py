"""Collect the edges of one timing probe. Pure: no input or output."""

from collections.abc import Iterable

from drivers.board_file import BoardFile
from drivers.interfaces import Edge
from drivers.pigpio.notifications import NotificationReport
from drivers.quantities import Microseconds

REPORT_DELAY_US = 5_000
"""Time within which reports of a wave's last edges arrive after its end (pigpiod polls each 1
ms)."""


def line_names(board: BoardFile) -> dict[int, str]:
    """Return the name of each line that a wave drives, by BCM number."""
    names = {
        pin: f"gate{channel}_{side}"
        for channel, pair in enumerate(board.pins.gates, start=1)
        for pin, side in zip(pair, ("pos", "neg"), strict=True)
    }
    return names | {board.pins.ldac_n: "ldac_n"}


class ProbeReader:
    """Turns reports into edges, and knows when no more will come."""

    def __init__(self, board: BoardFile) -> None:
        self._lines = tuple((1 << pin, name) for pin, name in line_names(board).items())
        self._levels = 0
        self._since_us = 0
        self._edges: list[Edge] = []
        self._ended_us: int | None = None

    def begin(self, levels: int, since_us: int) -> None:
        """Start a new probe; `levels` are the levels of GPIO 0 to 31 at the tick `since_us`."""
        self._levels = levels
        self._since_us = since_us
        self._edges = []
        self._ended_us = None

    def take(self, reports: Iterable[NotificationReport]) -> None:
        """Add the edges of these reports; reports from before the probe are ignored."""
        for tick_us, levels in reports:
            if tick_us < self._since_us:
                continue
            changed = self._levels ^ levels
            self._levels = levels
            self._edges += [
                Edge(name, int(bool(levels & mask)), Microseconds(tick_us))
                for mask, name in self._lines
                if changed & mask
            ]

    def settle(self, now_us: int, *, idle: bool) -> bool:
        """Return whether the wave ended long enough ago that every report has arrived."""
        if not idle:
            self._ended_us = None
            return False
        if self._ended_us is None:
            self._ended_us = now_us
        return now_us - self._ended_us >= REPORT_DELAY_US

    def edges(self) -> tuple[Edge, ...]:
        """Return the edges so far, oldest first."""
        return tuple(self._edges)
