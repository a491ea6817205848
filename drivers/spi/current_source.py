"""Amplitude of the current sources: writes codes into the DAC's input registers over SPI.

A write does not change the output. LDAC does: at the strobe that opens each slice, or at once while
LDAC is held low after a cut.
"""

from collections.abc import Sequence

from drivers.quantities import DacCode
from drivers.spi.bus import SpiPort
from drivers.spi.mcp4922 import encode_frame

OUTPUTS_PER_DAC = 2


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
