"""Convert ADC codes to amperes and volts, with the scales and calibration of the board file.

Integers only. Held values are bipolar about mid-scale: (code - 2048) x full scale / 2047. Currents
are then corrected with the gain and offset of their channel.
"""

from drivers.board_file import BoardFile
from drivers.quantities import Channel, Microamps, Millivolts

MAX_CODE = 4_095
MID_CODE = 2_048
HALF_SPAN = 2_047
PPM = 1_000_000


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
