"""The 54 GPIO of the virtual Pi: modes, output latches, pulls, and levels driven from outside.

Everything that writes a pin (daemon command, DMA, kernel) does so through this class; everything
that reacts to a pin (output stage, notifications, recorder) subscribes here.
"""

from collections.abc import Callable

GPIO_COUNT = 54
MODE_INPUT = 0
MODE_OUTPUT = 1
LAST_PULLED_UP = 8
SD_CARD_LINES = range(48, 54)
"""High on a real Pi, whose SD card pulls its lines up: pigpio's manual shows BR2 as 003F0000
(M)."""
PULL_OFF = 0
PULL_DOWN = 1
PULL_UP = 2

Listener = Callable[[int, int], None]
"""Called with (mask of changed pins, levels of all pins) after each change."""


class PinBank:
    """Levels of all GPIO as one integer, computed from modes, latches, pulls and outside levels."""

    def __init__(self) -> None:
        self.levels = 0
        self.modes = [MODE_INPUT] * GPIO_COUNT
        # Power-on pulls of the SoC: up on 0 to 8, down on 9 to 27 (BCM2711 datasheet 5.2).
        self.pulls = [
            PULL_UP if gpio <= LAST_PULLED_UP or gpio in SD_CARD_LINES else PULL_DOWN
            for gpio in range(GPIO_COUNT)
        ]
        self._latches = 0
        self._outputs = 0
        self._driven: dict[int, int] = {}
        self._nets: dict[int, tuple[int, ...]] = {}
        self._stuck_high = 0
        self._stuck_low = 0
        self._listeners: list[tuple[int, Listener]] = []
        self.levels = self._input_levels()

    def subscribe(self, mask: int, listener: Listener) -> None:
        """Call `listener` after each change of a pin in `mask`."""
        self._listeners.append((mask, listener))

    def level(self, gpio: int) -> int:
        """Return the level of one pin, 0 or 1."""
        return self.levels >> gpio & 1

    def write(self, set_mask: int, clear_mask: int) -> None:
        """Write the output latches: one register access, all bits at the same instant.

        The latch of an input is written too and takes effect when the pin becomes an output. A bit
        in both masks ends low (a caller that must show SET before CLR as a glitch writes twice).
        """
        self._latches = (self._latches | set_mask) & ~clear_mask
        if self._nets:
            self._settle(self._input_levels())
        else:
            outputs = self._outputs
            self._settle((self.levels & ~outputs) | (self._latches & outputs))

    def latch(self, gpio: int) -> int:
        """Return the output latch of a pin, whatever its mode."""
        return self._latches >> gpio & 1

    def set_mode(self, gpio: int, mode: int) -> None:
        """Set the mode of a pin (0 input, 1 output, others an alternate function)."""
        self.modes[gpio] = mode
        bit = 1 << gpio
        self._outputs = self._outputs | bit if mode == MODE_OUTPUT else self._outputs & ~bit
        self._settle(self._input_levels())

    def set_pull(self, gpio: int, pull: int) -> None:
        """Set the pull of a pin (`PULL_...`)."""
        self.pulls[gpio] = pull
        self._settle(self._input_levels())

    def drive(self, gpio: int, level: int | None) -> None:
        """Drive an input from outside; None leaves it to its pull."""
        if level is None:
            self._driven.pop(gpio, None)
        else:
            self._driven[gpio] = level
        self._settle(self._input_levels())

    def hold(self, gpio: int, level: int | None) -> None:
        """Force a line to a level whatever drives it (a fault); None ends that."""
        bits = sum(1 << pin for pin in self._net(gpio))
        self._stuck_high = self._stuck_high | bits if level == 1 else self._stuck_high & ~bits
        self._stuck_low = self._stuck_low | bits if level == 0 else self._stuck_low & ~bits
        self._settle(self._input_levels())

    def join(self, first: int, second: int) -> None:
        """Wire two pins, and all pins already wired to either, into one line.

        The level of the line is that of its first output; else the level driven from outside; else
        the pulls decide: high if at least one pulls up and none pulls down. With pulls in both
        directions the level is undefined on a real Pi; here it is low (D), as on a line without
        pulls.
        """
        net = tuple(dict.fromkeys((*self._net(first), *self._net(second))))
        self._nets.update(dict.fromkeys(net, net))
        self._settle(self._input_levels())

    def _net(self, gpio: int) -> tuple[int, ...]:
        """Return the pins on the same line as `gpio`."""
        return self._nets.get(gpio, (gpio,))

    def _input_levels(self) -> int:
        levels = self._latches & self._outputs
        for gpio in range(GPIO_COUNT):
            if not self._outputs >> gpio & 1 and self._resolve(gpio):
                levels |= 1 << gpio
        return levels

    def _resolve(self, gpio: int) -> int:
        net = self._nets.get(gpio)
        if net is None:
            driven = self._driven.get(gpio)
            return int(self.pulls[gpio] == PULL_UP) if driven is None else driven
        for pin in net:
            if self._outputs >> pin & 1:
                return self._latches >> pin & 1
        for pin in net:
            if pin in self._driven:
                return self._driven[pin]
        pulls = {self.pulls[pin] for pin in net}
        return int(PULL_UP in pulls and PULL_DOWN not in pulls)

    def _settle(self, levels: int) -> None:
        levels = (levels | self._stuck_high) & ~self._stuck_low
        changed = self.levels ^ levels
        if not changed:
            return
        self.levels = levels
        for mask, listener in self._listeners:
            if mask & changed:
                listener(changed, levels)
