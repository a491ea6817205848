"""Codes to units and back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import scales
from drivers.board_file import BoardFile, load_board_file
from drivers.quantities import Channel, DacCode

BOARD = load_board_file("reference")
ONE, TWO = Channel(1), Channel(2)


def calibrated(gain_ppm: int, offset_ua: int) -> BoardFile:
    gains, offsets = (1_000_000, gain_ppm), (0, offset_ua)
    return msgspec.structs.replace(
        BOARD,
        calibration=msgspec.structs.replace(
            BOARD.calibration,
            source_gain_ppm=gains,
            source_offset_ua=offsets,
            sense_gain_ppm=gains,
            sense_offset_ua=offsets,
        ),
    )


@pytest.mark.parametrize(
    ("amplitude_ua", "code"),
    [(-5, 0), (0, 0), (29, 0), (30, 1), (60_000, 2047), (120_000, 4095), (500_000, 4095)],
)
def test_a_code_never_gives_more_than_was_asked(amplitude_ua: int, code: int) -> None:
    assert scales.code_of_current(BOARD, ONE, amplitude_ua) == code


def test_code_zero_gives_no_current_whatever_the_offset() -> None:
    assert scales.current_of_code(calibrated(1_000_000, 900), TWO, DacCode(0)) == 0


def test_the_current_of_a_code_is_rounded_up_for_those_who_judge_limits() -> None:
    assert scales.current_of_code(BOARD, ONE, DacCode(1)) == 30
    assert scales.current_of_code(BOARD, ONE, DacCode(4095)) == 120_000


def test_calibration_belongs_to_its_channel() -> None:
    board = calibrated(1_020_000, 300)
    assert scales.current_of_code(board, ONE, DacCode(2000)) == 58_609
    assert scales.current_of_code(board, TWO, DacCode(2000)) == 60_081


@given(
    amplitude_ua=st.integers(1, 110_000),
    gain_ppm=st.integers(900_000, 1_100_000),
    offset_ua=st.integers(-500, 500),
)
def test_no_amplitude_comes_out_higher_than_asked_and_none_a_code_lower(
    amplitude_ua: int, gain_ppm: int, offset_ua: int
) -> None:
    board = calibrated(gain_ppm, offset_ua)
    code = scales.code_of_current(board, TWO, amplitude_ua)
    # Rounding up for the judge may add 1 µA to what the source gives.
    assert scales.current_of_code(board, TWO, code) <= amplitude_ua + 1
    if 0 < code < 4095:
        higher_ua = scales.current_of_code(board, TWO, DacCode(code + 1))
        assert higher_ua > amplitude_ua


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


def test_sense_calibration_is_applied() -> None:
    board = calibrated(1_010_000, -50)
    assert scales.sensed_current(board, TWO, 4095) == 121_150
    assert scales.sensed_current(board, TWO, 1) == -121_250
