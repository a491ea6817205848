"""The ADC's exchange, bit by bit (DS21298 figure 6-1), and its codes as amperes and volts."""

import msgspec
import pytest

from drivers.board_file import BoardFile, load_board_file
from drivers.quantities import Channel
from drivers.spi import sense_input
from drivers.spi.sense_input import decode_reply, encode_request

BOARD = load_board_file("reference")
ONE, TWO = Channel(1), Channel(2)


@pytest.mark.parametrize(
    ("number", "request_bytes"),
    [
        (0, (0x06, 0x00, 0x00)),
        (1, (0x06, 0x40, 0x00)),
        (3, (0x06, 0xC0, 0x00)),
        (4, (0x07, 0x00, 0x00)),
        (7, (0x07, 0xC0, 0x00)),
    ],
)
def test_a_request_has_the_three_bytes_of_the_datasheet(
    number: int, request_bytes: tuple[int, int, int]
) -> None:
    assert encode_request(number) == request_bytes


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((0, 0, 0), 0),
        ((0xFF, 0xE0, 0x01), 1),
        ((0, 0x08, 0x00), 2048),
        ((0, 0x0A, 0xBC), 0xABC),
        ((0xFF, 0xEF, 0xFF), 4095),
    ],
)
def test_a_reply_holds_twelve_bits_after_the_null_bit(
    reply: tuple[int, int, int], code: int
) -> None:
    assert decode_reply(reply) == code


def test_an_undriven_bus_is_refused_and_not_read_as_full_scale() -> None:
    with pytest.raises(ValueError, match="null bit"):
        decode_reply((0xFF, 0xFF, 0xFF))


def test_a_short_reply_is_refused() -> None:
    with pytest.raises(ValueError, match="2 bytes"):
        decode_reply((0, 0))


@pytest.mark.parametrize("number", [-1, 8])
def test_an_input_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="is not 0 to 7"):
        encode_request(number)


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
    assert sense_input.sensed_current(BOARD, ONE, code) == current_ua


def test_sensed_voltage_rail_and_reference_use_their_own_scales() -> None:
    assert sense_input.sensed_voltage(BOARD, 4095) == 150_000
    assert sense_input.sensed_voltage(BOARD, 1) == -150_000
    assert sense_input.sensed_rail(BOARD, 4095) == 150_000
    assert sense_input.sensed_reference(BOARD, 3102) == 2_499


def test_the_calibration_of_the_sense_inputs_is_applied() -> None:
    board = calibrated(1_010_000, -50)
    assert sense_input.sensed_current(board, TWO, 4095) == 121_150
    assert sense_input.sensed_current(board, TWO, 1) == -121_250
