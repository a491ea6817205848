"""Bit-banged serial reads: decode characters from the reported changes of a GPIO (waveRxSerial)."""

from dataclasses import dataclass, field

from drivers.virtual.pigpiod.alerts import LEVEL_TIMEOUT, Alerts
from drivers.virtual.pigpiod.codes import (
    MAX_USER_GPIO,
    WORD_MASK,
    Cmd,
    Err,
    Handler,
    character_bytes,
    word,
)

MIN_BAUD, MAX_BAUD = 50, 250_000
MAX_BITS = 32
BUFFER_BYTES = 8_192


@dataclass(slots=True)
class _Line:
    """One GPIO being read; `bit` is the next bit expected, None between characters."""

    bits: int
    bit_ns: int
    timeout_ms: int
    invert: int = 0
    bit: int | None = None
    value: int = 0
    level: int = 0
    start_tick: int = 0
    next_ns: int = 0
    received: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        """Bytes per character."""
        return character_bytes(self.bits)


class SerialReads:
    """The commands SLRO, SLR, SLRC and SLRI."""

    def __init__(self, alerts: Alerts, in_use: set[int]) -> None:
        self._alerts = alerts
        self._in_use = in_use
        self._lines: dict[int, _Line] = {}

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.SLRO: self._open,
            Cmd.SLR: self._read,
            Cmd.SLRC: self._close,
            Cmd.SLRI: self._invert,
        }

    def _open(self, gpio: int, baud: int, extension: bytes) -> int:
        bits = word(extension, 0)
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if not MIN_BAUD <= baud <= MAX_BAUD:
            return Err.BAD_WAVE_BAUD
        if not 1 <= bits <= MAX_BITS:
            return Err.BAD_DATABITS
        if gpio in self._in_use:
            return Err.GPIO_IN_USE
        bit_ns = 1_000_000_000 // baud
        timeout_ms = max(1, (bits + 2) * bit_ns // 1_000_000)
        self._lines[gpio] = _Line(bits, bit_ns, timeout_ms)
        self._in_use.add(gpio)
        self._alerts.set_function(gpio, self._change)
        return 0

    def _find(self, gpio: int) -> _Line | Err:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        return self._lines.get(gpio, Err.NOT_SERIAL_GPIO)

    def _read(self, gpio: int, count: int, _: bytes) -> int | bytes:
        if gpio <= MAX_USER_GPIO and count == 0:
            return Err.BAD_SERIAL_COUNT
        line = self._find(gpio)
        if isinstance(line, Err):
            return line
        whole = min(count, len(line.received)) // line.size * line.size
        taken = bytes(line.received[:whole])
        del line.received[:whole]
        return taken

    def _close(self, gpio: int, _: int, __: bytes) -> int:
        line = self._find(gpio)
        if isinstance(line, Err):
            # Closing a GPIO in another use does nothing and gives no error (gpioSerialReadClose).
            return 0 if line == Err.NOT_SERIAL_GPIO and gpio in self._in_use else line
        del self._lines[gpio]
        self._in_use.discard(gpio)
        self._alerts.watch(gpio, 0)
        self._alerts.set_function(gpio, None)
        return 0

    def _invert(self, gpio: int, invert: int, _: bytes) -> int:
        line = self._find(gpio)
        if isinstance(line, Err):
            return line
        if invert > 1:
            return Err.BAD_SER_INVERT
        line.invert = invert
        return 0

    def _change(self, gpio: int, level: int, tick: int) -> None:
        line = self._lines[gpio]
        # A timeout is inverted too; pigpio then takes it for a level of 3, which counts as high.
        level ^= line.invert
        if line.bit is None:
            if level == 0:
                self._begin(gpio, line, tick)
            return
        previous = line.level if level == LEVEL_TIMEOUT else int(not level)
        if level != LEVEL_TIMEOUT:
            line.level = level
        self._take_bits(line, (tick - line.start_tick & WORD_MASK) * 1_000, previous)
        if line.bit > line.bits:
            self._store(line)
            if level == 0:
                self._begin(gpio, line, tick)
            else:
                line.bit = None
                self._alerts.watch(gpio, 0)

    def _begin(self, gpio: int, line: _Line, tick: int) -> None:
        """Handle a falling edge: the start bit."""
        self._alerts.watch(gpio, line.timeout_ms)
        line.bit, line.level, line.start_tick = 0, 0, tick
        line.next_ns = line.bit_ns // 2 + 500

    @staticmethod
    def _take_bits(line: _Line, elapsed_ns: int, level: int) -> None:
        bit = line.bit or 0
        while bit <= line.bits and elapsed_ns > line.next_ns // 1_000 * 1_000:
            if bit == 0:
                line.value = 0
            elif level:
                line.value |= 1 << bit - 1
            bit += 1
            line.next_ns += line.bit_ns
        line.bit = bit

    @staticmethod
    def _store(line: _Line) -> None:
        if len(line.received) + line.size < BUFFER_BYTES:
            line.received += line.value.to_bytes(4, "little")[: line.size]
