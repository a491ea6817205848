"""The DAC's frames, bit by bit (DS21897 register 5-1)."""

import pytest

from drivers.quantities import DacCode
from drivers.spi.current_source import encode_frame


@pytest.mark.parametrize(
    ("output", "code", "frame"),
    [
        (0, 0, (0x30, 0x00)),
        (0, 1, (0x30, 0x01)),
        (0, 0xABC, (0x3A, 0xBC)),
        (0, 4095, (0x3F, 0xFF)),
        (1, 0, (0xB0, 0x00)),
        (1, 2048, (0xB8, 0x00)),
        (1, 4095, (0xBF, 0xFF)),
    ],
)
def test_a_code_becomes_the_two_bytes_of_the_datasheet(
    output: int, code: int, frame: tuple[int, int]
) -> None:
    assert encode_frame(output, DacCode(code)) == frame


@pytest.mark.parametrize(("output", "code"), [(0, -1), (0, 4096), (2, 0), (-1, 0)])
def test_a_code_or_output_out_of_range_is_refused(output: int, code: int) -> None:
    with pytest.raises(ValueError, match="is n"):
        encode_frame(output, DacCode(code))
