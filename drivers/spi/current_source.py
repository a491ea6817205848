"""Amplitude of the current sources: writes codes into the DAC's input registers over SPI.

A write does not change the output. LDAC does: at the strobe that opens each slice, or at once while
LDAC is held low after a cut.

The DAC is an MCP4922 with two 12-bit outputs. Its 16-bit frame (datasheet DS21897, register 5-1):

    bit 15  channel, 0 A and 1 B        bit 13  gain, 1 is x1
    bit 14  reference buffer, 0 is off  bit 12  1 is output on, 0 is shutdown
    bits 11-0  code, most significant bit first

A frame counts only if chip select encloses at least 16 clocks; it fills an input register, and
LDAC low moves both input registers to the outputs.
"""

from collections.abc import Sequence

from drivers.quantities import DacCode
from drivers.spi.bus import SpiPort

MAX_CODE = 4_095
FRAME_BYTES = 2

_OUTPUT_B = 1 << 15
_GAIN_X1 = 1 << 13
_OUTPUT_ON = 1 << 12

OUTPUTS_PER_DAC = 2


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


class SpiCurrentSource:
    """One MCP4922 for every two channels, in the order of the channels."""

    def __init__(self, dacs: Sequence[SpiPort], channels: int) -> None:
        self._dacs = tuple(dacs)
        self._channels = channels

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        """Write one code per channel, each in its own frame; raises `TransferFailed`.

        Raises `ValueError` for a wrong number of codes or a code outside 0 to 4095, before anything
        is sent.
        """
        if len(codes) != self._channels:
            raise ValueError(f"{len(codes)} codes for {self._channels} channels")
        frames = [encode_frame(index % OUTPUTS_PER_DAC, code) for index, code in enumerate(codes)]
        for index, frame in enumerate(frames):
            self._dacs[index // OUTPUTS_PER_DAC].exchange(frame)
