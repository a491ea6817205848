"""SPI transfers, codes to the DAC and readings of the ADC; a wrong reply never becomes a value."""

import errno
import os
from collections.abc import Callable, Sequence

import pytest

from drivers.board_file import load_board_file
from drivers.errors import NotConnected, TransferFailed
from drivers.quantities import Channel, DacCode
from drivers.spi.bus import SpiPort, open_port
from drivers.spi.current_source import SpiCurrentSource
from drivers.spi.sense_input import SpiSenseInput

BOARD = load_board_file("reference-4")


class Recorder:
    """An spidev whose replies are made by a function; records what was sent."""

    def __init__(self, reply: Callable[[Sequence[int]], Sequence[int]] = lambda sent: sent) -> None:
        self.mode = 3
        self.max_speed_hz = 0
        self.opened: tuple[int, int] | None = None
        self.sent: list[tuple[int, ...]] = []
        self._reply = reply

    def open(self, bus: int, device: int) -> None:
        self.opened = (bus, device)

    def xfer2(self, values: Sequence[int], /) -> Sequence[int]:
        self.sent.append(tuple(values))
        return self._reply(values)

    def close(self) -> None:
        self.opened = None


def missing_device() -> Recorder:
    device = Recorder()

    def fail(bus: int, device: int) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    device.open = fail  # type: ignore[method-assign]
    return device


def broken(_: Sequence[int]) -> Sequence[int]:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_port_opens_its_chip_select_in_mode_0() -> None:
    device = Recorder()
    open_port(lambda: device, 1, 1_000_000, "ADC")
    assert (device.opened, device.mode, device.max_speed_hz) == ((0, 1), 0, 1_000_000)


def test_a_missing_device_gives_an_error_that_names_it_and_says_what_to_do() -> None:
    with pytest.raises(
        NotConnected, match=r"/dev/spidev0\.0 for the DAC: No such .*dtparam=spi=on"
    ):
        open_port(missing_device, 0, 1, "DAC")


def test_a_failed_transfer_and_a_short_one_give_different_errors() -> None:
    with pytest.raises(TransferFailed, match="Input/output error"):
        SpiPort(Recorder(broken), "DAC").exchange((1, 2))
    with pytest.raises(TransferFailed, match="gave 1 of 2 bytes"):
        SpiPort(Recorder(lambda sent: sent[:1]), "DAC").exchange((1, 2))


def test_each_code_goes_in_its_own_frame_to_the_dac_of_its_channel() -> None:
    first, second = Recorder(), Recorder()
    source = SpiCurrentSource([SpiPort(first, "DAC"), SpiPort(second, "DAC")], 4)
    source.write_codes((DacCode(1), DacCode(2), DacCode(3), DacCode(0xFFF)))
    assert first.sent == [(0x30, 1), (0xB0, 2)]
    assert second.sent == [(0x30, 3), (0xBF, 0xFF)]


@pytest.mark.parametrize("codes", [(), (1,), (1, 2, 3), (1, 4096), (-1, 0)])
def test_wrong_codes_send_nothing(codes: tuple[int, ...]) -> None:
    device = Recorder()
    with pytest.raises(ValueError):
        SpiCurrentSource([SpiPort(device, "DAC")], 2).write_codes(tuple(map(DacCode, codes)))
    assert device.sent == []


def test_each_quantity_is_read_from_its_own_input() -> None:
    first, second = (Recorder(lambda _: (0, 0x08, 0x00)) for _ in range(2))
    sense = SpiSenseInput([SpiPort(first, "ADC"), SpiPort(second, "ADC")], BOARD)
    held = sense.read_held(Channel(2))
    assert held == (0, 0)
    assert sense.read_code(Channel(1)) == 2048
    assert sense.read_rail_mv() == 75_018
    assert sense.read_reference_mv() == 1_650
    assert first.sent == [
        (0x06, 0x80, 0),  # input 2: current of channel 2
        (0x06, 0xC0, 0),  # input 3: its voltage
        (0x07, 0x80, 0),  # input 6: readback A
        (0x07, 0x00, 0),  # input 4: rail
        (0x07, 0x40, 0),  # input 5: reference
    ]
    sense.read_code(Channel(4))
    assert second.sent == [(0x07, 0xC0, 0)]


def test_a_floating_bus_raises_transfer_failed() -> None:
    sense = SpiSenseInput([SpiPort(Recorder(lambda _: (255, 255, 255)), "ADC")], BOARD)
    with pytest.raises(TransferFailed, match=r"ADC input 4: .*null bit"):
        sense.read_rail_mv()
