"""The ADC's exchange, bit by bit (DS21298 figure 6-1)."""

import pytest

from drivers.spi.mcp3208 import decode_reply, encode_request


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
