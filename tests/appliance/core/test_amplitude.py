"""Codes never give more than was asked, whatever the calibration."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.plan.dac_codes import amplitude_of, code_for
from drivers.board_file import BoardFile, load_board_file

BOARD = load_board_file("reference")


def calibrated(gain_ppm: int, offset_ua: int) -> BoardFile:
    calibration = msgspec.structs.replace(
        BOARD.calibration,
        source_gain_ppm=(gain_ppm, 1_000_000),
        source_offset_ua=(offset_ua, 0),
    )
    return msgspec.structs.replace(BOARD, calibration=calibration)


@pytest.mark.parametrize(
    ("amplitude_ua", "code"),
    [
        (-1, 0),
        (0, 0),
        (29, 0),
        (30, 1),
        (58, 1),
        (59, 2),
        (20_000, 682),
        (119_999, 4_094),
        (120_000, 4_095),
        (10**9, 4_095),
    ],
)
def test_codes_round_down(amplitude_ua: int, code: int) -> None:
    assert code_for(BOARD, 1, amplitude_ua) == code


@pytest.mark.parametrize(
    ("code", "amplitude_ua"), [(0, 0), (1, 30), (2, 59), (682, 19_986), (4_095, 120_000)]
)
def test_amplitudes_round_up(code: int, amplitude_ua: int) -> None:
    assert amplitude_of(BOARD, 1, code) == amplitude_ua


def test_each_channel_has_its_own_calibration() -> None:
    board = calibrated(1_100_000, 500)
    assert code_for(board, 1, 20_000) < code_for(board, 2, 20_000)
    assert amplitude_of(board, 1, 682) == 22_484
    assert amplitude_of(board, 2, 682) == 19_986


def test_code_zero_is_no_output_whatever_the_offset() -> None:
    assert amplitude_of(calibrated(1_000_000, 700), 1, 0) == 0
    assert amplitude_of(calibrated(1_000_000, -700), 1, 1) == 0


@given(st.integers(0, 130_000), st.integers(800_000, 1_200_000), st.integers(-500, 500))
def test_what_flows_is_never_more_than_was_asked(
    amplitude_ua: int, gain_ppm: int, offset_ua: int
) -> None:
    board = calibrated(gain_ppm, offset_ua)
    code = code_for(board, 1, amplitude_ua)
    assert amplitude_of(board, 1, code) <= amplitude_ua
    if 0 < code < 4_095:
        assert amplitude_of(board, 1, code + 1) > amplitude_ua
