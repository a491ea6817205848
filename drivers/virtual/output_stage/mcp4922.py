"""The DAC chip: how it reacts to the bytes on its wires (datasheet DS21897).

Only the first 16 clocks within one chip select make a word: fewer are ignored, and so are further
ones. A word goes into an input register; LDAC's falling edge moves both input registers to the
outputs, and while LDAC is low they follow at once.
"""

from collections.abc import Callable

WORD_BITS = 16
FULL_CODE = 4_095

_OUTPUT_B = 1 << 15
_GAIN_X1 = 1 << 13
_OUTPUT_ON = 1 << 12


class Mcp4922:
    """Two 12-bit outputs; `latched` are the codes behind LDAC, `output` the resulting codes.

    `on_output(index, output code)` is called when an output may have changed.
    """

    def __init__(self, on_output: Callable[[int, int], None]) -> None:
        # Power-on: both outputs are in shutdown (high impedance) and pulled down to 0 on the board.
        self.registers = [0, 0]
        self.latched = [0, 0]
        self.output = [0, 0]
        self.ldac_low = True
        self.stuck: list[int | None] = [None, None]
        self._on_output = on_output

    def transfer(self, sent: bytes) -> bytes:
        """Process the bytes of one chip select; the chip drives nothing back."""
        if len(sent) * 8 >= WORD_BITS:
            word = sent[0] << 8 | sent[1]
            self.registers[1 if word & _OUTPUT_B else 0] = word
            if self.ldac_low:
                self._latch()
        return bytes(len(sent))

    def set_ldac(self, level: int) -> None:
        """Apply the level of the LDAC line."""
        self.ldac_low = not level
        if self.ldac_low:
            self._latch()

    def stick(self, index: int, code: int | None) -> None:
        """Fix an output at a code (a fault); None lets it follow its latch again."""
        self.stuck[index] = code
        self._refresh(index)

    def _latch(self) -> None:
        for index in (0, 1):
            if self.latched[index] != self.registers[index]:
                self.latched[index] = self.registers[index]
                self._refresh(index)

    def _refresh(self, index: int) -> None:
        word = self.latched[index]
        code = word & FULL_CODE if word & _OUTPUT_ON else 0
        if not word & _GAIN_X1:
            # Gain 2 saturates at the supply, which is also full scale here.
            code = min(2 * code, FULL_CODE)
        stuck = self.stuck[index]
        self.output[index] = code if stuck is None else stuck
        self._on_output(index, self.output[index])
