"""MCP4922 dual 12-bit DAC: the 16-bit frame on the wire (datasheet DS21897, register 5-1).

    bit 15  channel, 0 A and 1 B        bit 13  gain, 1 is x1
    bit 14  reference buffer, 0 is off  bit 12  1 is output on, 0 is shutdown
    bits 11-0  code, most significant bit first

A frame counts only if chip select encloses at least 16 clocks; it fills an input register, and
LDAC low moves both input registers to the outputs.
"""

from drivers.quantities import DacCode

MAX_CODE = 4_095
FRAME_BYTES = 2

_OUTPUT_B = 1 << 15
_GAIN_X1 = 1 << 13
_OUTPUT_ON = 1 << 12


def encode_frame(output: int, code: DacCode) -> tuple[int, int]:
    """Return the two bytes that load `code` into an input register; 0 is output A, 1 is B.

    Raises `ValueError` for a code outside 0 to 4095 or an output that is neither.
    """
    if not 0 <= code <= MAX_CODE:
        raise ValueError(f"DAC code {code} is not 0 to {MAX_CODE}")
    if output not in {0, 1}:
        raise ValueError(f"DAC output {output} is neither 0 (A) nor 1 (B)")
    word = (_OUTPUT_B if output else 0) | _GAIN_X1 | _OUTPUT_ON | code
    return word >> 8, word & 0xFF
