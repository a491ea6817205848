"""ADC codes to amperes and volts."""

import msgspec
import pytest

from drivers.board_file import BoardFile, load_board_file
from drivers.quantities import Channel
from drivers.spi import scales

BOARD = load_board_file("reference")
ONE, TWO = Channel(1), Channel(2)


def calibrated(gain_ppm: int, offset_ua: int) -> BoardFile:
    gains, offsets = (1_000_000, gain_ppm), (0, offset_ua)
    return msgspec.structs.replace(
        BOARD,
        calibration=msgspec.structs.replace(
            BOARD.calibration,
            sense_gain_ppm=gains,
            sense_offset_ua=offsets,
        ),
    )


@pytest.mark.parametrize(
    ("code", "current_ua"), [(2048, 0), (4095, 120_000), (1, -120_000), (2065, 996), (2031, -996)]
)
def test_sensed_current_is_bipolar_about_mid_scale(code: int, current_ua: int) -> None:
    assert scales.sensed_current(BOARD, ONE, code) == current_ua


def test_sensed_voltage_rail_and_reference_use_their_own_scales() -> None:
    assert scales.sensed_voltage(BOARD, 4095) == 150_000
    assert scales.sensed_voltage(BOARD, 1) == -150_000
    assert scales.sensed_rail(BOARD, 4095) == 150_000
    assert scales.sensed_reference(BOARD, 3102) == 2_499


def test_the_calibration_of_the_sense_inputs_is_applied() -> None:
    board = calibrated(1_010_000, -50)
    assert scales.sensed_current(board, TWO, 4095) == 121_150
    assert scales.sensed_current(board, TWO, 1) == -121_250
