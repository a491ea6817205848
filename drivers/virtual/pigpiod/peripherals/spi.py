"""SPI through the daemon: handles on the main and the auxiliary bus."""

from dataclasses import dataclass
from typing import Protocol

from drivers.virtual.pigpiod.codes import (
    Answer,
    Cmd,
    Err,
    Handler,
    Steps,
    word,
)
from drivers.virtual.pins import PinBank

HANDLES = 32
MAIN_CHANNELS, AUX_CHANNELS = 2, 3
MIN_BAUD, MAX_BAUD = 32_000, 125_000_000
MAX_COUNT = 1 << 16
_MAX_FLAGS = 1 << 22
_AUX = 1 << 8
MAIN_PINS = ((8, 7), (11, 9, 10))
_AUX_PINS = ((18, 17, 16), (21, 19, 20))
"""Chip selects in order of channel; then SCLK, MISO, MOSI."""
_MODE_MAIN, _MODE_AUX, _OUTPUT = 4, 3, 1


class SpiBus(Protocol):
    """The chips on the SPI pins."""

    def transfer(self, chip_select: int, mosi: bytes) -> bytes:
        """Exchange bytes with the chip at a chip select; the reply has the same length."""
        ...


@dataclass(frozen=True, slots=True)
class _Opened:
    channel: int
    baud: int
    aux: bool


class SpiCommands:
    """SPIO to SPIX. Without a bus, and on the auxiliary one, MISO reads the level of its pin."""

    def __init__(self, pins: PinBank, bus: SpiBus | None) -> None:
        self._pins = pins
        self._bus = bus
        self._handles: list[_Opened | None] = [None] * HANDLES
        self._modes: dict[bool, list[tuple[int, int]]] = {}

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.SPIO: self._open,
            Cmd.SPIC: self._close,
            Cmd.SPIR: self._read,
            Cmd.SPIW: self._write,
            Cmd.SPIX: self._exchange,
        }

    def _open(self, channel: int, baud: int, extension: bytes) -> int:
        flags = word(extension, 0)
        aux = bool(flags & _AUX)
        if channel >= (AUX_CHANNELS if aux else MAIN_CHANNELS):
            return Err.BAD_SPI_CHANNEL
        if not MIN_BAUD <= baud <= MAX_BAUD:
            return Err.BAD_SPI_SPEED
        if flags > _MAX_FLAGS:
            return Err.BAD_FLAGS
        if None not in self._handles:
            return Err.NO_HANDLE
        if aux not in self._modes:
            self._take_pins(aux=aux, kept=flags >> 5 & 7)
        handle = self._handles.index(None)
        self._handles[handle] = _Opened(channel, baud, aux)
        return handle

    def _take_pins(self, *, aux: bool, kept: int) -> None:
        """Switch pins to SPI, ignoring the write mask (spiInit); `kept` selects stay free."""
        selects, lines = _AUX_PINS if aux else MAIN_PINS
        used = [gpio for index, gpio in enumerate(selects) if not kept >> index & 1]
        self._modes[aux] = [(gpio, self._pins.modes[gpio]) for gpio in (*used, *lines)]
        for gpio in used:
            self._pins.set_mode(gpio, _OUTPUT if aux else _MODE_MAIN)
            if aux:
                self._pins.write(1 << gpio, 0)
        for gpio in lines:
            self._pins.set_mode(gpio, _MODE_AUX if aux else _MODE_MAIN)

    def _find(self, handle: int) -> _Opened | None:
        return self._handles[handle] if handle < HANDLES else None

    def _close(self, handle: int, _: int, __: bytes) -> int:
        opened = self._find(handle)
        if opened is None:
            return Err.BAD_HANDLE
        self._handles[handle] = None
        if not any(other is not None and other.aux == opened.aux for other in self._handles):
            for gpio, mode in self._modes.pop(opened.aux):
                self._pins.set_mode(gpio, mode)
        return 0

    def _read(self, handle: int, count: int, _: bytes) -> Answer:
        opened = self._find(handle)
        if opened is None:
            return Err.BAD_HANDLE
        # The daemon shortens a longer read to its buffer size.
        return self._transfer(opened, bytes(min(count, MAX_COUNT - 1)))

    def _exchange(self, handle: int, _: int, extension: bytes) -> Answer:
        opened = self._find(handle)
        return Err.BAD_HANDLE if opened is None else self._transfer(opened, extension)

    def _write(self, handle: int, _: int, extension: bytes) -> Answer:
        opened = self._find(handle)
        return Err.BAD_HANDLE if opened is None else self._send(opened, extension)

    def _send(self, opened: _Opened, mosi: bytes) -> Steps:
        yield from self._transfer(opened, mosi)
        return len(mosi)

    def _transfer(self, opened: _Opened, mosi: bytes) -> Steps:
        """Exchange all bytes at the start of the time that the bits take on the wire."""
        if self._bus is not None and not opened.aux:
            miso = self._bus.transfer(opened.channel, mosi)
        else:
            miso_pin = (_AUX_PINS if opened.aux else MAIN_PINS)[1][1]
            miso = bytes([0xFF if self._pins.level(miso_pin) else 0]) * len(mosi)
        yield len(mosi) * 8 * 1_000_000_000 // opened.baud
        return miso
