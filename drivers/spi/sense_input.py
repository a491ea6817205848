"""Measured current and voltage at the pads, supply rail and DAC readback, from the ADC.

inputs 0, 1   held current and voltage of the pair's first channel
inputs 2, 3   the same for its second channel
input 4       isolated rail              input 5   reference
inputs 6, 7   readback of DAC outputs A and B
"""

from collections.abc import Sequence

from drivers.board_file import BoardFile
from drivers.errors import TransferFailed
from drivers.interfaces import HeldReading
from drivers.quantities import Channel, DacCode, Millivolts
from drivers.spi import scales
from drivers.spi.bus import SpiPort
from drivers.spi.mcp3208 import decode_reply, encode_request

CHANNELS_PER_ADC = 2
INPUT_CURRENT = (0, 2)
INPUT_VOLTAGE = (1, 3)
INPUT_RAIL = 4
INPUT_REFERENCE = 5
INPUT_READBACK = (6, 7)


class SpiSenseInput:
    """One MCP3208 for every two channels, in the order of the channels."""

    def __init__(self, adcs: Sequence[SpiPort], board: BoardFile) -> None:
        self._adcs = tuple(adcs)
        self._board = board
        self._requests = tuple(encode_request(number) for number in range(8))

    def read_held(self, channel: Channel) -> HeldReading:
        """Return held current and voltage of a channel; raises `TransferFailed`."""
        adc, place = divmod(channel - 1, CHANNELS_PER_ADC)
        current = self._convert(adc, INPUT_CURRENT[place])
        voltage = self._convert(adc, INPUT_VOLTAGE[place])
        return HeldReading(
            scales.sensed_current(self._board, channel, current),
            scales.sensed_voltage(self._board, voltage),
        )

    def read_code(self, channel: Channel) -> DacCode:
        """Return the DAC output of a channel as a 12-bit code; raises `TransferFailed`.

        DAC and ADC share a reference, so the code read differs from the one written only by noise.
        """
        adc, place = divmod(channel - 1, CHANNELS_PER_ADC)
        return DacCode(self._convert(adc, INPUT_READBACK[place]))

    def read_rail_mv(self) -> Millivolts:
        """Return the isolated supply rail in mV; raises `TransferFailed`."""
        return scales.sensed_rail(self._board, self._convert(0, INPUT_RAIL))

    def read_reference_mv(self) -> Millivolts:
        """Return the reference input in mV, whose expected value the board file gives.

        Raises `TransferFailed`.
        """
        return scales.sensed_reference(self._board, self._convert(0, INPUT_REFERENCE))

    def _convert(self, adc: int, number: int) -> int:
        try:
            return decode_reply(self._adcs[adc].exchange(self._requests[number]))
        except ValueError as error:
            raise TransferFailed(f"ADC input {number}: {error}") from error
