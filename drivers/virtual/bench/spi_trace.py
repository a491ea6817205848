"""The SPI bus in the trace, bit by bit: mode 0, most significant bit first."""

from collections.abc import Callable, Sequence

HALF_CLOCK_NS = 200
"""2.5 MHz in the trace, whatever rate was requested: two ticks of the recording per half clock."""


class SpiTrace:
    """Draws SPI exchanges one after the other, since a bus carries one at a time.

    In stepped time many happen at the same instant; each is drawn when the bus is free again.
    """

    def __init__(
        self,
        append: Callable[[tuple[int, int, int | float]], None],
        bus: tuple[int, int, int],
        selects: Sequence[int],
    ) -> None:
        self._append = append
        self._sclk, self._mosi, self._miso = bus
        self._selects = selects
        self._free_ns = 0
        self._levels = (0, 0)

    def transfer(self, now_ns: int, chip_select: int, sent: bytes, received: bytes) -> None:
        """Draw one exchange, chip select low throughout."""
        append, half_ns = self._append, HALF_CLOCK_NS
        sclk, mosi, miso = self._sclk, self._mosi, self._miso
        at_ns = max(now_ns, self._free_ns)
        select = self._selects[chip_select]
        append((at_ns, select, 0))
        out, back = int.from_bytes(sent, "big"), int.from_bytes(received, "big")
        last_out, last_back = self._levels
        for bit in range(8 * len(sent) - 1, -1, -1):
            level = out >> bit & 1
            if level != last_out:
                append((at_ns, mosi, level))
                last_out = level
            level = back >> bit & 1
            if level != last_back:
                append((at_ns, miso, level))
                last_back = level
            append((at_ns + half_ns, sclk, 1))
            append((at_ns + 2 * half_ns, sclk, 0))
            at_ns += 2 * half_ns
        self._levels = last_out, last_back
        append((at_ns + half_ns, select, 1))
        self._free_ns = at_ns + 3 * half_ns
