"""SPI on both buses and bit-banged, serial reads, and peripherals that this Pi does not have."""

import pigpio
import pytest

from drivers.virtual.pigpiod.daemon import Daemon
from tests.drivers.virtual.pigpiod.bench import Bench

FLAG_AUX = 1 << 8


class Inverter:
    """A chip that answers each byte inverted; records what it received."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, bytes]] = []

    def transfer(self, chip_select: int, mosi: bytes) -> bytes:
        self.asked.append((chip_select, mosi))
        return bytes(byte ^ 0xFF for byte in mosi)


@pytest.fixture
def chip(bench: Bench) -> Inverter:
    chip = Inverter()
    bench.daemon = Daemon(bench.timeline, bench.pins, chip)
    bench.pi = bench.client()
    return chip


def test_a_transfer_reaches_the_chip_and_takes_its_time(bench: Bench, chip: Inverter) -> None:
    handle = bench.pi.spi_open(1, 500_000, 0)
    start_us = bench.timeline.now_us
    assert bench.pi.spi_xfer(handle, b"\x01\x80\x00") == (3, bytearray(b"\xfe\x7f\xff"))
    assert bench.timeline.now_us - start_us == 48
    assert chip.asked == [(1, b"\x01\x80\x00")]


def test_reads_send_zeros_and_writes_return_a_count(bench: Bench, chip: Inverter) -> None:
    handle = bench.pi.spi_open(0, 500_000, 0)
    assert bench.pi.spi_read(handle, 2) == (2, bytearray(b"\xff\xff"))
    assert bench.pi.spi_write(handle, b"abc") == 3
    assert chip.asked == [(0, bytes(2)), (0, b"abc")]


def test_opening_switches_the_pins_and_the_last_close_switches_them_back(bench: Bench) -> None:
    first, second = bench.pi.spi_open(0, 50_000, 0), bench.pi.spi_open(1, 50_000, 0)
    assert [bench.pi.get_mode(gpio) for gpio in (7, 8, 9, 10, 11)] == [pigpio.ALT0] * 5
    bench.pi.spi_close(first)
    assert bench.pi.get_mode(9) == pigpio.ALT0
    bench.pi.spi_close(second)
    assert [bench.pi.get_mode(gpio) for gpio in (7, 8, 9, 10, 11)] == [pigpio.INPUT] * 5


def test_reserved_selects_stay_free(bench: Bench) -> None:
    bench.pi.spi_open(0, 50_000, 1 << 6)
    assert (bench.pi.get_mode(8), bench.pi.get_mode(7)) == (pigpio.ALT0, pigpio.INPUT)


def test_the_auxiliary_bus_has_three_selects_and_no_chips(bench: Bench, chip: Inverter) -> None:
    handle = bench.pi.spi_open(2, 500_000, FLAG_AUX)
    assert bench.pi.spi_xfer(handle, b"ab") == (2, bytearray(2))
    assert chip.asked == []


@pytest.mark.parametrize(
    ("channel", "baud", "flags", "code"),
    [
        (2, 50_000, 0, -76), (3, 50_000, FLAG_AUX, -76), (0, 31_999, 0, -78),
        (0, 125_000_001, 0, -78), (0, 50_000, (1 << 22) + 1, -77),
    ],
)  # fmt: skip
def test_wrong_openings_are_refused(
    bench: Bench, channel: int, baud: int, flags: int, code: int
) -> None:
    assert bench.pi.spi_open(channel, baud, flags) == code


def test_a_33rd_handle_is_refused(bench: Bench) -> None:
    assert [bench.pi.spi_open(0, 50_000, 0) for _ in range(33)] == [*range(32), -24]
    assert bench.send(74, 40, 0, b"x") == -25
    bench.pi.spi_close(7)
    assert bench.send(75, 7, 0, b"x") == -25
    assert bench.pi.spi_open(0, 50_000, 0) == 7


def test_bit_banged_spi_on_the_spi_pins_reaches_the_chip(bench: Bench, chip: Inverter) -> None:
    assert bench.pi.bb_spi_open(8, 9, 10, 11, 50_000, 0) == 0
    assert bench.pi.bb_spi_xfer(8, b"\x55") == (1, bytearray(b"\xaa"))
    assert chip.asked == [(0, b"\x55")]


@pytest.mark.parametrize("mode", range(4))
def test_bit_banged_spi_clocks_real_pins(bench: Bench, mode: int) -> None:
    bench.pins.join(20, 21)  # MOSI looped back to MISO
    assert bench.pi.bb_spi_open(22, 20, 21, 23, 50_000, mode) == 0
    clock, select = bench.edges(23), bench.edges(22)
    assert bench.pi.bb_spi_xfer(22, b"\x5a\x01") == (2, bytearray(b"\x5a\x01"))
    assert len([edge for edge in clock if edge[2] != mode >> 1]) == 16
    assert [level for _, _, level in select] == [0, 1]
    assert bench.pi.bb_spi_close(22) == 0
    assert bench.pi.get_mode(21) == pigpio.INPUT


@pytest.mark.parametrize(
    ("gpios", "baud", "code"),
    [
        ((8, 9, 10, 11), 49, -141), ((8, 9, 10, 11), 250_001, -141), ((8, 9, 9, 11), 5_000, -50),
        ((1, 9, 10, 11), 5_000, -41), ((54, 9, 10, 11), 5_000, -2),
    ],
)  # fmt: skip
def test_wrong_bit_banged_openings_are_refused(
    bench: Bench, gpios: tuple[int, int, int, int], baud: int, code: int
) -> None:
    assert bench.pi.bb_spi_open(*gpios, baud, 0) == code


def test_bit_banged_selects_share_lines_but_not_pins(bench: Bench) -> None:
    assert bench.pi.bb_spi_open(8, 9, 10, 11, 5_000, 0) == 0
    assert bench.pi.bb_spi_open(7, 9, 10, 11, 5_000, 0) == 0
    assert bench.pi.bb_spi_open(7, 9, 10, 11, 5_000, 0) == -50
    assert bench.pi.bb_spi_open(5, 9, 10, 12, 5_000, 0) == -50
    assert bench.pi.bb_spi_close(5) == -142
    assert bench.pi.bb_spi_close(8) == 0
    assert bench.pi.bb_spi_xfer(7, b"x")[0] == 1
    assert bench.send(113, 8, 0, b"x") == -142
    assert bench.send(113, 7, 0, b"") == -90


def serial(bench: Bench, baud: int, text: bytes, bits: int = 8) -> None:
    bench.pi.wave_clear()
    bench.pi.wave_add_serial(17, baud, text, 0, bits)
    bench.pi.wave_send_once(bench.pi.wave_create())
    bench.run_us(100_000)


@pytest.mark.parametrize("baud", [1_200, 9_600, 19_200])
def test_a_serial_read_receives_the_characters_of_a_serial_wave(bench: Bench, baud: int) -> None:
    bench.pi.write(17, 1)
    bench.pins.join(17, 27)
    bench.run_us(2_000)
    assert bench.pi.bb_serial_read_open(27, baud, 8) == 0
    bench.run_us(2_000)
    serial(bench, baud, b"Hello\x00\xff")
    assert bench.pi.bb_serial_read(27) == (7, bytearray(b"Hello\x00\xff"))
    assert bench.pi.bb_serial_read(27)[0] == 0
    assert bench.pi.bb_serial_read_close(27) == 0


def test_wide_characters_take_two_bytes(bench: Bench) -> None:
    bench.pi.write(17, 1)
    bench.pins.join(17, 27)
    bench.pi.bb_serial_read_open(27, 9_600, 9)
    bench.run_us(2_000)
    serial(bench, 9_600, b"\x41\x01\x42\x00", 9)
    assert bench.pi.bb_serial_read(27) == (4, bytearray(b"\x41\x01\x42\x00"))


def test_wrong_serial_reads_are_refused(bench: Bench) -> None:
    assert bench.pi.bb_serial_read_open(27, 49, 8) == -35
    assert bench.pi.bb_serial_read_open(27, 9_600, 33) == -101
    assert bench.pi.bb_serial_read_open(32, 9_600, 8) == -2
    assert bench.send(43, 27, 10) == -38
    assert bench.send(44, 27) == -38
    bench.pi.bb_serial_read_open(27, 9_600, 8)
    assert bench.pi.bb_serial_read_open(27, 9_600, 8) == -50
    assert bench.send(43, 27, 0) == -51
    assert bench.send(94, 27, 2) == -121


@pytest.mark.parametrize(
    ("command", "first", "second", "extension", "code"),
    [
        (54, 1, 0x80, bytes(4), -75), (54, 1, 0x53, b"\1\0\0\0", -77), (54, 1, 0x53, bytes(4), -74),
        (76, 9_600, 0, b"/etc/passwd", -79), (76, 9_601, 0, b"/dev/ttyAMA0", -80),
        (76, 9_600, 1, b"/dev/ttyAMA0", -77), (76, 9_600, 0, b"/dev/serial0", -72),
        (104, 0, 0, b"/etc/passwd", -129), (104, 1, 0, b"/etc/passwd", -137),
        (109, 60_000, 0, b"/*", -137),
        *((command, 0, 0, b"", -25) for command in (*range(55, 71), *range(77, 83), 105, 106)),
    ],
)  # fmt: skip
def test_absent_peripherals_answer_as_on_a_pi_without_them(
    bench: Bench, command: int, first: int, second: int, extension: bytes, code: int
) -> None:
    assert bench.send(command, first, second, extension) == code
