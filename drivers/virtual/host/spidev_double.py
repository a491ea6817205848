"""`spidev.SpiDev` for the virtual board: same call signatures, checks and exceptions."""

import errno
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from drivers.virtual.host.kernel_client import KernelClient

MAX_TRANSFER_BYTES = 4_096
BYTE_BITS = 8
_MODES = range(4)
_WORD_BITS = range(8, 33)


class VirtualSpiDev:
    """One chip select of SPI0, behind a `KernelClient`.

    `bits_per_word` other than 8 is refused with EINVAL, as the Pi's SPI driver does.
    """

    def __init__(self, client: KernelClient, chip_selects: int = 2) -> None:
        self._client = client
        self._chip_selects = chip_selects
        self._device: int | None = None
        self._mode = 0
        self._speed_hz = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, bus: int, device: int) -> None:
        """Open a chip select; raises `FileNotFoundError` if the board has no such device."""
        if bus != 0 or not 0 <= device < self._chip_selects:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._device = device
        self._speed_hz = 125_000_000

    def close(self) -> None:
        """Close the device; closing twice is harmless."""
        self._device = None

    @property
    def mode(self) -> int:
        """Clock polarity and phase, 0 to 3."""
        return self._mode

    @mode.setter
    def mode(self, mode: int) -> None:
        if mode not in _MODES:
            raise TypeError("The mode attribute must be an integer between 0 and 3.")
        self._opened()
        self._mode = mode

    @property
    def max_speed_hz(self) -> int:
        """Highest clock rate in Hz; the simulated transfer takes no board time."""
        return self._speed_hz

    @max_speed_hz.setter
    def max_speed_hz(self, speed_hz: int) -> None:
        if not isinstance(speed_hz, int):
            raise TypeError("The max_speed_hz attribute must be an integer")
        self._opened()
        self._speed_hz = speed_hz

    @property
    def bits_per_word(self) -> int:
        """Always 8 on this bus."""
        return BYTE_BITS

    @bits_per_word.setter
    def bits_per_word(self, bits: int) -> None:
        if bits not in _WORD_BITS:
            raise TypeError("invalid bits_per_word (8 to 32)")
        self._opened()
        if bits != BYTE_BITS:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    def xfer2(
        self,
        values: Sequence[int],
        speed_hz: int = 0,
        delay_usec: int = 0,
        bits_per_word: int = 0,
        /,
    ) -> list[int]:
        """Exchange bytes with chip select held low throughout."""
        del speed_hz, delay_usec
        if bits_per_word not in {0, BYTE_BITS}:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return list(self._exchange(_as_bytes(values)))

    # A message with a single transfer: on the wire xfer and xfer2 do not differ.
    xfer = xfer2

    def writebytes(self, values: Sequence[int], /) -> None:
        """Send bytes and discard the reply."""
        self._exchange(_as_bytes(values))

    def readbytes(self, length: int, /) -> list[int]:
        """Send zeros and return what comes back; at most 4096 bytes."""
        return list(self._exchange(bytes(min(max(length, 0), MAX_TRANSFER_BYTES))))

    def _exchange(self, sent: bytes) -> bytes:
        return self._client.transfer(self._opened(), sent)

    def _opened(self) -> int:
        if self._device is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._device


def _as_bytes(values: Sequence[int]) -> bytes:
    try:
        length = len(values)
    except TypeError as error:
        raise TypeError("expected a sequence") from error
    if length == 0:
        raise TypeError("Empty argument list.")
    if length > MAX_TRANSFER_BYTES:
        raise OverflowError(f"Argument list size exceeds {MAX_TRANSFER_BYTES} bytes.")
    try:
        return bytes(values)
    except ValueError:
        # spidev uses the low byte of whatever integer it is given.
        return bytes(value & 0xFF for value in values)
    except TypeError as error:
        raise TypeError(f"Non-Int/Long value in arguments: {values!r}.") from error
