"""SPI transfers, one chip select per port, through any object with spidev's methods.

Errors of the library become `TransferFailed`. Nothing is retried.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.errors import NotConnected, TransferFailed

BUS = 0


class SpiDevice(Protocol):
    """The part of `spidev.SpiDev` that we use; the virtual board offers the same."""

    mode: int
    max_speed_hz: int

    def open(self, bus: int, device: int) -> None:
        """Open one chip select of a bus."""
        ...

    def xfer2(self, values: Sequence[int], /) -> Sequence[int]:
        """Exchange bytes with chip select held low."""
        ...

    def close(self) -> None:
        """Close the device."""
        ...


class SpiPort:
    """One chip on the bus. `name` is used in error texts, for example "DAC"."""

    def __init__(self, device: SpiDevice, name: str) -> None:
        self._device = device
        self._transfer = device.xfer2
        self._name = name

    def exchange(self, values: Sequence[int]) -> Sequence[int]:
        """Send `values` in one chip select frame and return as many bytes.

        Raises `TransferFailed` when the bus fails or a different number comes back.
        """
        try:
            reply = self._transfer(values)
        except (OSError, ValueError, TypeError) as error:
            raise TransferFailed(f"SPI transfer to the {self._name} failed: {error}") from error
        if len(reply) != len(values):
            raise TransferFailed(
                f"SPI transfer to the {self._name} gave {len(reply)} of {len(values)} bytes"
            )
        return reply

    def close(self) -> None:
        """Close the device; closing twice is harmless."""
        self._device.close()


def open_port(make: Callable[[], SpiDevice], chip_select: int, speed_hz: int, name: str) -> SpiPort:
    """Open one chip select in mode 0; raises `NotConnected` if there is no such device."""
    device = make()
    try:
        device.open(BUS, chip_select)
        device.mode = 0
        device.max_speed_hz = speed_hz
    except OSError as error:
        raise NotConnected(
            f"no SPI device /dev/spidev{BUS}.{chip_select} for the {name}: "
            f"{error.strerror or error}; set dtparam=spi=on and put this user into the group spi"
        ) from error
    return SpiPort(device, name)
