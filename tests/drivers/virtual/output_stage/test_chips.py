"""The chips byte for byte, against what the datasheets say."""

import random
from typing import Any

import pytest

from drivers.virtual.output_stage.mcp3208 import Mcp3208
from drivers.virtual.output_stage.mcp4922 import Mcp4922


class Outputs:
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []
        self.dac = Mcp4922(lambda index, code: self.seen.append((index, code)))
        self.dac.set_ldac(1)

    def strobe(self) -> None:
        self.dac.set_ldac(0)
        self.dac.set_ldac(1)


@pytest.fixture
def outputs() -> Outputs:
    return Outputs()


def test_a_word_acts_at_the_falling_edge_of_ldac(outputs: Outputs) -> None:
    outputs.dac.transfer(b"\x3a\xbc")
    assert outputs.dac.output == [0, 0]
    outputs.dac.set_ldac(0)
    assert outputs.dac.output == [0xABC, 0]
    outputs.dac.set_ldac(1)
    outputs.dac.transfer(b"\x30\x00")
    assert outputs.dac.output == [0xABC, 0]


def test_with_ldac_low_a_word_acts_at_once(outputs: Outputs) -> None:
    outputs.dac.set_ldac(0)
    outputs.dac.transfer(b"\x31\x23")
    assert outputs.dac.output == [0x123, 0]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (b"\x3f\xff", [4095, 0]),  # A, gain 1, on
        (b"\xbf\xff", [0, 4095]),  # B, gain 1, on
        (b"\x74\x00", [1024, 0]),  # the reference buffer changes nothing here
        (b"\x2f\xff", [0, 0]),  # shutdown: high impedance, pulled down
        (b"\x14\x00", [2048, 0]),  # gain 2 doubles
        (b"\x1f\xff", [4095, 0]),  # and saturates
    ],
)
def test_bits_of_the_word_mean_what_the_datasheet_says(
    outputs: Outputs, word: bytes, expected: list[int]
) -> None:
    outputs.dac.transfer(word)
    outputs.strobe()
    assert outputs.dac.output == expected


@pytest.mark.parametrize("frame", [b"", b"\x3f"])
def test_a_frame_short_of_16_clocks_is_ignored(outputs: Outputs, frame: bytes) -> None:
    outputs.dac.transfer(b"\x31\x00")
    outputs.dac.transfer(frame)
    outputs.strobe()
    assert outputs.dac.output == [0x100, 0]


def test_clocks_past_the_16th_are_ignored(outputs: Outputs) -> None:
    outputs.dac.transfer(b"\x31\x00\xbf\xff")
    outputs.strobe()
    assert outputs.dac.output == [0x100, 0]


def test_a_dac_starts_in_shutdown() -> None:
    assert Mcp4922(lambda *_: None).output == [0, 0]


class NoNoise(random.Random):
    """A seed without noise, so that only the bits count."""

    def choice(self, seq: object) -> Any:
        return 0


def quiet_adc(codes: dict[int, float]) -> Mcp3208:
    adc = Mcp3208(lambda number: codes[number], seed=1)
    adc._noise = NoNoise()
    return adc


INPUTS = {number: float(0x123 + 0x111 * number) for number in range(8)}


@pytest.mark.parametrize("number", range(8))
def test_the_usual_three_bytes_give_null_bit_and_twelve_bits(number: int) -> None:
    reply = quiet_adc(INPUTS).transfer(bytes((6 | number >> 2, (number & 3) << 6, 0)))
    code = 0x123 + 0x111 * number
    assert reply == bytes((0, code >> 8, code & 0xFF))


@pytest.mark.parametrize("leading", range(16))
def test_the_result_follows_the_start_bit_wherever_it_is(leading: int) -> None:
    # Start bit, single-ended, input 5 (101); B11 comes seven clocks later.
    word = 0b11101 << (40 - 5 - leading)
    reply = int.from_bytes(quiet_adc(INPUTS).transfer(word.to_bytes(5, "big")), "big")
    assert reply >> (40 - leading - 7 - 12) & 0xFFF == 0x123 + 0x555
    assert reply >> (40 - leading - 7) == 0


def test_further_clocks_give_the_bits_backwards_and_then_zeros() -> None:
    reply = quiet_adc({0: float(0b110000000101)}).transfer(b"\x06\x00\x00\x00\x00\x00")
    bits = f"{int.from_bytes(reply, 'big'):048b}"
    assert bits[12:24] == "110000000101"
    assert bits[24:35] == "01000000011"[:11]
    assert set(bits[35:]) == {"0"}


def test_too_few_clocks_give_as_many_bits_as_there_were() -> None:
    reply = quiet_adc({0: 4095.0}).transfer(b"\x06\x00")
    assert reply == b"\x00\x0f"


def test_no_start_bit_gives_zeros() -> None:
    assert quiet_adc(INPUTS).transfer(b"\x00\x00\x00") == b"\x00\x00\x00"


def test_differential_pairs_subtract_and_stop_at_zero() -> None:
    adc = quiet_adc({0: 1000.0, 1: 300.0})
    assert adc.transfer(b"\x04\x00\x00")[1:] == (700).to_bytes(2, "big")
    assert adc.transfer(b"\x04\x40\x00")[1:] == b"\x00\x00"


def test_a_working_adc_has_noise_of_one_code_and_a_frozen_one_has_none() -> None:
    adc = Mcp3208(lambda _: 2048.0, seed=3)
    alive = {adc.transfer(b"\x06\x00\x00") for _ in range(50)}
    assert alive == {b"\x00\x07\xff", b"\x00\x08\x00", b"\x00\x08\x01"}
    adc.frozen = True
    assert len({adc.transfer(b"\x06\x00\x00") for _ in range(50)}) == 1


def test_the_same_seed_gives_the_same_noise() -> None:
    first, second = (Mcp3208(lambda _: 100.0, seed=7) for _ in range(2))
    assert [first.transfer(b"\x06\x00\x00") for _ in range(30)] == [
        second.transfer(b"\x06\x00\x00") for _ in range(30)
    ]
