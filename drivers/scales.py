"""Codes to amperes and volts and back, by the scales and the calibration of the board file.

Integers only. Output: current = code x full scale / 4095, then gain and offset of the channel.
Sense: bipolar about mid-scale, (code - 2048) x full scale / 2047, then gain and offset.
"""

from drivers.board_file import BoardFile
from drivers.quantities import Channel, DacCode, Microamps, Millivolts

MAX_CODE = 4_095
MID_CODE = 2_048
HALF_SPAN = 2_047
PPM = 1_000_000


def code_of_current(board: BoardFile, channel: Channel, amplitude_ua: int) -> DacCode:
    """Return the highest code whose current is not above `amplitude_ua`.

    Zero and anything below it give code 0; more than the board can give is code 4095 at most.
    """
    if amplitude_ua <= 0:
        return DacCode(0)
    gain_ppm = board.calibration.source_gain_ppm[channel - 1]
    offset_ua = board.calibration.source_offset_ua[channel - 1]
    span_ua = max(amplitude_ua - offset_ua, 0)
    code = span_ua * MAX_CODE * PPM // (board.output.full_scale_ua * gain_ppm)
    return DacCode(min(code, MAX_CODE))


def current_of_code(board: BoardFile, channel: Channel, code: DacCode) -> Microamps:
    """Return the current a code gives, rounded up (limits are judged on it); code 0 gives none."""
    if code == 0:
        return Microamps(0)
    gain_ppm = board.calibration.source_gain_ppm[channel - 1]
    offset_ua = board.calibration.source_offset_ua[channel - 1]
    scaled_ua = -(-code * board.output.full_scale_ua * gain_ppm // (MAX_CODE * PPM))
    return Microamps(max(scaled_ua + offset_ua, 0))


def sensed_current(board: BoardFile, channel: Channel, code: int) -> Microamps:
    """Return held current from the ADC code of a channel's current input."""
    nominal_ua = _bipolar(code, board.sense.current_full_scale_ua)
    gain_ppm = board.calibration.sense_gain_ppm[channel - 1]
    offset_ua = board.calibration.sense_offset_ua[channel - 1]
    return Microamps(_divide(nominal_ua * gain_ppm, PPM) + offset_ua)


def sensed_voltage(board: BoardFile, code: int) -> Millivolts:
    """Return held voltage from the ADC code of a channel's voltage input."""
    return Millivolts(_bipolar(code, board.sense.voltage_full_scale_mv))


def sensed_rail(board: BoardFile, code: int) -> Millivolts:
    """Return the isolated rail from its ADC code (0 to full scale)."""
    return Millivolts(code * board.sense.rail_full_scale_mv // MAX_CODE)


def sensed_reference(board: BoardFile, code: int) -> Millivolts:
    """Return the reference input from its ADC code (0 to the ADC's own full scale)."""
    return Millivolts(code * board.sense.adc_full_scale_mv // MAX_CODE)


def _bipolar(code: int, full_scale: int) -> int:
    return _divide((code - MID_CODE) * full_scale, HALF_SPAN)


def _divide(value: int, by: int) -> int:
    """Divide toward zero, so that both signs round alike."""
    return value // by if value >= 0 else -(-value // by)
