"""Measured current and voltage at the pads, supply rail and DAC readback, from the ADC.

inputs 0, 1   held current and voltage of the pair's first channel
inputs 2, 3   the same for its second channel
input 4       isolated rail              input 5   reference
inputs 6, 7   readback of DAC outputs A and B

The ADC is an MCP3208 with 12 bits. Its 3-byte exchange (datasheet DS21298, figure 6-1):

    sent       0 0 0 0 0 1 S D2   D1 D0 x x x x x x   x x x x x x x x
    received   x x x x x x x x    x x x 0 B11 .. B8   B7 .. B0

S is 1 for single-ended. The null bit before B11 must read 0; a bus that floats high does not.

Scales and calibration come from the board file, in integers only. Held values are bipolar about
mid-scale: (code - 2048) x full scale / 2047. Currents are then corrected with the gain and offset
of their channel.
"""

from collections.abc import Sequence

from drivers.board_file import BoardFile
from drivers.errors import TransferFailed
from drivers.interfaces import HeldReading
from drivers.quantities import PPM, Channel, DacCode, Microamps, Millivolts
from drivers.spi.bus import SpiPort

MAX_CODE = 4_095
INPUTS = 8
FRAME_BYTES = 3

_START_SINGLE = 0b110
_NULL_BIT = 0x10

MID_CODE = 2_048
HALF_SPAN = 2_047

CHANNELS_PER_ADC = 2
INPUT_CURRENT = (0, 2)
INPUT_VOLTAGE = (1, 3)
INPUT_RAIL = 4
INPUT_REFERENCE = 5
INPUT_READBACK = (6, 7)


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


def sensed_current(board: BoardFile, channel: Channel, code: int) -> Microamps:
    """Return the held current from the ADC code of a channel's current input."""
    nominal_ua = _bipolar(code, board.sense.current_full_scale_ua)
    gain_ppm = board.calibration.sense_gain_ppm[channel - 1]
    offset_ua = board.calibration.sense_offset_ua[channel - 1]
    return Microamps(_divide(nominal_ua * gain_ppm, PPM) + offset_ua)


def sensed_voltage(board: BoardFile, code: int) -> Millivolts:
    """Return the held voltage from the ADC code of a channel's voltage input."""
    return Millivolts(_bipolar(code, board.sense.voltage_full_scale_mv))


def sensed_rail(board: BoardFile, code: int) -> Millivolts:
    """Return the isolated rail's voltage from its ADC code (0 to full scale)."""
    return Millivolts(code * board.sense.rail_full_scale_mv // MAX_CODE)


def sensed_reference(board: BoardFile, code: int) -> Millivolts:
    """Return the reference input's voltage from its ADC code (0 to the ADC's full scale)."""
    return Millivolts(code * board.sense.adc_full_scale_mv // MAX_CODE)


def _bipolar(code: int, full_scale: int) -> int:
    return _divide((code - MID_CODE) * full_scale, HALF_SPAN)


def _divide(value: int, by: int) -> int:
    """Divide, rounding toward zero, so that both signs round the same way."""
    return value // by if value >= 0 else -(-value // by)


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
            sensed_current(self._board, channel, current),
            sensed_voltage(self._board, voltage),
        )

    def read_code(self, channel: Channel) -> DacCode:
        """Return the DAC output of a channel as a 12-bit code; raises `TransferFailed`.

        DAC and ADC share a reference, so the code read differs from the one written only by noise.
        """
        adc, place = divmod(channel - 1, CHANNELS_PER_ADC)
        return DacCode(self._convert(adc, INPUT_READBACK[place]))

    def read_rail_mv(self) -> Millivolts:
        """Return the isolated supply rail in mV; raises `TransferFailed`."""
        return sensed_rail(self._board, self._convert(0, INPUT_RAIL))

    def read_reference_mv(self) -> Millivolts:
        """Return the reference input in mV, whose expected value the board file gives.

        Raises `TransferFailed`.
        """
        return sensed_reference(self._board, self._convert(0, INPUT_REFERENCE))

    def _convert(self, adc: int, number: int) -> int:
        try:
            return decode_reply(self._adcs[adc].exchange(self._requests[number]))
        except ValueError as error:
            raise TransferFailed(f"ADC input {number}: {error}") from error
