"""The ADC chip: one conversion per chip select, clocked as in datasheet DS21298 figure 5-1.

Leading zeros are skipped. After the start bit come SGL/DIFF, D2, D1, D0; then one clock of
sampling, a null bit, 12 bits most significant first, the same bits again from the second lowest up,
and zeros. It is simulated clock by clock, so a driver that packs its bits wrongly reads what it
would read from the chip.
"""

import random
from collections.abc import Callable

FULL_CODE = 4_095
_SELECT_BITS = 4
_CLOCKS_TO_B11 = 7
"""From the start bit to the clock that carries B11."""


class Mcp3208:
    """Eight inputs; `sample(input)` gives the voltage in codes, not yet rounded or clipped.

    `seed` seeds the ±1 LSB noise by which a working converter differs from a frozen one.
    """

    def __init__(self, sample: Callable[[int], float], seed: int) -> None:
        self._sample = sample
        self._noise = random.Random(seed)  # noqa: S311 - repeatable noise is wanted
        self._last: dict[int, int] = {}
        self.frozen = False

    def transfer(self, sent: bytes) -> bytes:
        """Answer the bytes of one chip select; undriven bits read 0 (the pin's pull-down)."""
        clocks = 8 * len(sent)
        word = int.from_bytes(sent, "big")
        # Clocks left after the start bit; the four selection bits must follow.
        left = word.bit_length() - 1
        if left < _SELECT_BITS:
            return bytes(len(sent))
        select = word >> (left - _SELECT_BITS) & 0xF
        code = self._convert(select)
        # B11 is `left - 7` bits above the end of the exchange, the second B1 is 12 bits after it.
        backwards = int(f"{code:012b}"[::-1], 2)
        stream = code << 11 | backwards & 0x7FF
        shift = left - _CLOCKS_TO_B11 - 22
        answer = stream << shift if shift >= 0 else stream >> -shift
        return (answer & ((1 << clocks) - 1)).to_bytes(len(sent), "big")

    def _convert(self, select: int) -> int:
        if self.frozen and select in self._last:
            return self._last[select]
        number = select & 7
        if select & 8:
            value = self._sample(number)
        else:
            value = self._sample(number) - self._sample(number ^ 1)
        code = min(max(round(value) + self._noise.choice((-1, 0, 0, 1)), 0), FULL_CODE)
        self._last[select] = code
        return code
