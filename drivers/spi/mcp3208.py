"""MCP3208 12-bit ADC: the 3-byte exchange on the wire (datasheet DS21298, figure 6-1).

    sent       0 0 0 0 0 1 S D2   D1 D0 x x x x x x   x x x x x x x x
    received   x x x x x x x x    x x x 0 B11 .. B8   B7 .. B0

S is 1 for single-ended. The null bit before B11 must read 0; a bus that floats high does not.
"""

from collections.abc import Sequence

MAX_CODE = 4_095
INPUTS = 8
FRAME_BYTES = 3

_START_SINGLE = 0b110
_NULL_BIT = 0x10


def encode_request(number: int) -> tuple[int, int, int]:
    """Return the bytes that convert one input, 0 to 7; raises `ValueError` for any other."""
    if not 0 <= number < INPUTS:
        raise ValueError(f"ADC input {number} is not 0 to {INPUTS - 1}")
    return _START_SINGLE | number >> 2, (number & 0b11) << 6, 0


def decode_reply(reply: Sequence[int]) -> int:
    """Return the 12-bit result; raises `ValueError` for a reply that no MCP3208 gives."""
    if len(reply) != FRAME_BYTES:
        raise ValueError(f"ADC reply has {len(reply)} bytes, not {FRAME_BYTES}")
    _, high, low = reply
    if high & _NULL_BIT:
        raise ValueError("ADC reply has its null bit set: nobody drives MISO")
    return (high & 0x0F) << 8 | low
