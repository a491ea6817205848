"""Commands on plain GPIO: modes, pulls, levels, banks."""

from drivers.virtual.pigpiod.codes import (
    MAX_GPIO,
    MAX_USER_GPIO,
    WORD_MASK,
    Answer,
    Cmd,
    Err,
    Handler,
    Steps,
    forbids,
    word,
)
from drivers.virtual.pigpiod.peripherals.gpio_last_use import GpioUse, GpioUses
from drivers.virtual.pins import MODE_OUTPUT, PinBank

MAX_MODE = 7
MAX_PULL = 2
MAX_TRIGGER_US = 100


class GpioCommands:
    """Commands on single GPIO and banks; `permitted` is the mask of `pigpiod -x`."""

    def __init__(self, pins: PinBank, uses: GpioUses, permitted: int) -> None:
        self._pins = pins
        self._uses = uses
        self._permitted = permitted

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.MODES: self._set_mode,
            Cmd.MODEG: self._get_mode,
            Cmd.PUD: self._set_pull,
            Cmd.READ: self._read,
            Cmd.WRITE: self._write,
            Cmd.TRIG: self._trigger,
            Cmd.BR1: lambda *_: self._pins.levels & WORD_MASK,
            Cmd.BR2: lambda *_: self._pins.levels >> 32,
            Cmd.BC1: lambda bits, _, __: self._bank(0, bits, 0),
            Cmd.BS1: lambda bits, _, __: self._bank(bits, 0, 0),
            Cmd.BC2: lambda bits, _, __: self._bank(0, bits, 32),
            Cmd.BS2: lambda bits, _, __: self._bank(bits, 0, 32),
        }

    def refuses(self, gpio: int) -> bool:
        """Whether the mask forbids a GPIO."""
        return forbids(self._permitted, gpio)

    def _set_mode(self, gpio: int, mode: int, _: bytes) -> Answer:
        if self.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_GPIO:
            return Err.BAD_GPIO
        if mode > MAX_MODE:
            return Err.BAD_MODE
        if mode == self._pins.modes[gpio]:
            return 0
        wait_ns = self._uses.switch_off(gpio)
        self._uses.use[gpio] = GpioUse.NONE
        if wait_ns:
            return self._set_mode_after(wait_ns, gpio, mode)
        self._pins.set_mode(gpio, mode)
        return 0

    def _set_mode_after(self, wait_ns: int, gpio: int, mode: int) -> Steps:
        yield wait_ns
        self._pins.set_mode(gpio, mode)
        return 0

    def _get_mode(self, gpio: int, _: int, __: bytes) -> int:
        return Err.BAD_GPIO if gpio > MAX_GPIO else self._pins.modes[gpio]

    def _set_pull(self, gpio: int, pull: int, _: bytes) -> int:
        if self.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_GPIO:
            return Err.BAD_GPIO
        if pull > MAX_PULL:
            return Err.BAD_PUD
        self._pins.set_pull(gpio, pull)
        return 0

    def _read(self, gpio: int, _: int, __: bytes) -> int:
        return Err.BAD_GPIO if gpio > MAX_GPIO else self._pins.levels >> gpio & 1

    def _write(self, gpio: int, level: int, _: bytes) -> Answer:
        if self.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_GPIO:
            return Err.BAD_GPIO
        if level > 1:
            return Err.BAD_LEVEL
        if self._uses.use[gpio] != GpioUse.WRITE:
            # Latch before mode, so that an input turns into an output without a glitch.
            self._put(gpio, level)
            wait_ns = self._uses.switch_off(gpio)
            self._uses.use[gpio] = GpioUse.WRITE
            if wait_ns:
                return self._write_after(wait_ns, gpio, level)
        return self._drive(gpio, level)

    def _write_after(self, wait_ns: int, gpio: int, level: int) -> Steps:
        yield wait_ns
        return self._drive(gpio, level)

    def _drive(self, gpio: int, level: int) -> int:
        if self._pins.modes[gpio] != MODE_OUTPUT:
            self._pins.set_mode(gpio, MODE_OUTPUT)
        self._put(gpio, level)
        return 0

    def _put(self, gpio: int, level: int) -> None:
        bit = 1 << gpio
        self._pins.write(bit if level else 0, 0 if level else bit)

    def _trigger(self, gpio: int, length_us: int, extension: bytes) -> Answer:
        level = word(extension, 0)
        if self.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        if level > 1:
            return Err.BAD_LEVEL
        if not 1 <= length_us <= MAX_TRIGGER_US:
            return Err.BAD_PULSELEN
        return self._pulse(gpio, length_us, level)

    def _pulse(self, gpio: int, length_us: int, level: int) -> Steps:
        self._put(gpio, level)
        yield length_us * 1_000
        self._put(gpio, 1 - level)
        return 0

    def _bank(self, set_bits: int, clear_bits: int, shift: int) -> int:
        mask = self._permitted >> shift & WORD_MASK
        self._pins.write((set_bits & mask) << shift, (clear_bits & mask) << shift)
        return Err.SOME_PERMITTED if (set_bits | clear_bits) & ~mask else 0
