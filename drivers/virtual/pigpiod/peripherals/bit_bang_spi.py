"""Bit-banged SPI: clocked on the pins by the daemon's process."""

from collections.abc import Generator
from dataclasses import dataclass

from drivers.virtual.pigpiod.codes import (
    MAX_USER_GPIO,
    Answer,
    Cmd,
    Err,
    Handler,
    Steps,
    forbids,
    word,
)
from drivers.virtual.pigpiod.peripherals.spi import MAIN_PINS, SpiBus
from drivers.virtual.pins import MODE_INPUT, MODE_OUTPUT, PinBank

_MIN_BAUD, _MAX_BAUD = 50, 250_000


@dataclass(slots=True)
class _Lines:
    """The three lines that several bit-banged chip selects share."""

    miso: int
    mosi: int
    sclk: int
    modes: tuple[tuple[int, int], ...]
    users: int = 1


@dataclass(frozen=True, slots=True)
class _Select:
    lines: _Lines
    delay_ns: int
    flags: int
    mode: int


class BitBangSpi:
    """BSPIO, BSPIC, BSPIX on any pins; on the SPI pins the chips of the bus answer.

    `in_use` holds every GPIO taken for bit-banging, serial reads included (wfRx).
    """

    def __init__(self, pins: PinBank, bus: SpiBus | None, in_use: set[int], permitted: int) -> None:
        self._pins = pins
        self._bus = bus
        self._in_use = in_use
        self._permitted = permitted
        self._selects: dict[int, _Select] = {}
        self._lines: dict[tuple[int, int, int], _Lines] = {}

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {Cmd.BSPIO: self._open, Cmd.BSPIC: self._close, Cmd.BSPIX: self._exchange}

    def _open(self, select: int, _: int, extension: bytes) -> int:
        miso, mosi, sclk, baud, flags = (word(extension, index) for index in range(5))
        gpios = (select, miso, mosi, sclk)
        if any(forbids(self._permitted, gpio) for gpio in gpios):
            return Err.NOT_PERMITTED
        if max(gpios) > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if not _MIN_BAUD <= baud <= _MAX_BAUD:
            return Err.BAD_SPI_BAUD
        known = self._lines.get((miso, mosi, sclk))
        busy = self._in_use & ({select} if known else set(gpios))
        if busy or len(set(gpios)) < len(gpios):
            return Err.GPIO_IN_USE
        mode = self._pins.modes[select]
        self._drive(select, 0 if flags & 4 else 1)
        lines = known or self._take_lines(miso, mosi, sclk)
        lines.users += 1 if known else 0
        self._selects[select] = _Select(lines, (500_000 // baud - 1) * 1_000, flags, mode)
        self._in_use |= set(gpios)
        return 0

    def _take_lines(self, miso: int, mosi: int, sclk: int) -> _Lines:
        modes = tuple((gpio, self._pins.modes[gpio]) for gpio in (miso, mosi, sclk))
        lines = self._lines[miso, mosi, sclk] = _Lines(miso, mosi, sclk, modes)
        self._pins.set_mode(miso, MODE_INPUT)
        self._pins.set_mode(sclk, MODE_OUTPUT)
        self._drive(mosi, 0)
        return lines

    def _drive(self, gpio: int, level: int) -> None:
        self._put(gpio, level)
        self._pins.set_mode(gpio, MODE_OUTPUT)

    def _put(self, gpio: int, level: int) -> None:
        self._pins.write(level << gpio, (1 - level) << gpio)

    def _close(self, select: int, _: int, __: bytes) -> int:
        if select > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        opened = self._selects.pop(select, None)
        if opened is None:
            return Err.NOT_SPI_GPIO
        self._pins.set_mode(select, opened.mode)
        self._in_use.discard(select)
        lines = opened.lines
        lines.users -= 1
        if lines.users == 0:
            del self._lines[lines.miso, lines.mosi, lines.sclk]
            for gpio, mode in lines.modes:
                self._pins.set_mode(gpio, mode)
                self._in_use.discard(gpio)
        return 0

    def _exchange(self, select: int, _: int, extension: bytes) -> Answer:
        if select > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        opened = self._selects.get(select)
        if opened is None:
            return Err.NOT_SPI_GPIO
        if not extension:
            return Err.BAD_POINTER
        lines = opened.lines
        on_bus = (lines.sclk, lines.miso, lines.mosi) == MAIN_PINS[1] and select in MAIN_PINS[0]
        if self._bus is not None and on_bus:
            return self._through_bus(opened, MAIN_PINS[0].index(select), extension)
        return self._clock(opened, select, extension)

    def _through_bus(self, opened: _Select, channel: int, mosi: bytes) -> Steps:
        miso = self._bus.transfer(channel, mosi) if self._bus is not None else b""
        yield opened.delay_ns * (16 * len(mosi) + 4)
        return miso

    def _clock(self, opened: _Select, select: int, mosi: bytes) -> Steps:
        """Shift bytes bit by bit; CPOL, CPHA and select polarity are bits 1, 0 and 2."""
        active = 1 if opened.flags & 4 else 0
        idle = 1 if opened.flags & 2 else 0
        delay_ns = opened.delay_ns
        self._put(opened.lines.sclk, idle)
        yield delay_ns
        self._put(select, active)
        yield delay_ns
        received = bytearray()
        for byte in mosi:
            received.append((yield from self._clock_byte(opened, idle, byte)))
        yield delay_ns
        self._put(select, 1 - active)
        yield delay_ns
        self._put(opened.lines.sclk, idle)
        return bytes(received)

    def _clock_byte(self, opened: _Select, idle: int, byte: int) -> Generator[int, None, int]:
        lines, flags = opened.lines, opened.flags
        received = 0
        for bit in range(8):
            if flags & 1:
                self._put(lines.sclk, 1 - idle)
            self._put(lines.mosi, byte >> (bit if flags >> 14 & 1 else 7 - bit) & 1)
            yield opened.delay_ns
            self._put(lines.sclk, idle if flags & 1 else 1 - idle)
            level = self._pins.level(lines.miso)
            received |= level << (bit if flags >> 15 & 1 else 7 - bit)
            yield opened.delay_ns
            if not flags & 1:
                self._put(lines.sclk, idle)
        return received
