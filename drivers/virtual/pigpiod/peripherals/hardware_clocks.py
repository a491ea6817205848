"""Hardware PWM and clocks: settings and error codes of a Pi 4. Their pins do not toggle here."""

from collections.abc import Callable

from drivers.virtual.pigpiod.codes import MAX_GPIO, Cmd, Err, Handler, word
from drivers.virtual.pigpiod.peripherals.gpio import GpioCommands
from drivers.virtual.pigpiod.peripherals.gpio_last_use import GpioUse, GpioUses
from drivers.virtual.pins import PinBank

HARDWARE_RANGE = 1_000_000
PLLD_HZ = 750_000_000
OSCILLATOR_HZ = 54_000_000
MAX_PWM_HZ = 187_500_000
MIN_CLOCK_HZ, MAX_CLOCK_HZ = 13_184, 375_000_000
_CLOCK_PASSWORD = 0x5A
_ALT0, _ALT1, _ALT5 = 4, 5, 2
_PWM_PINS = {
    12: (0, _ALT0),
    13: (1, _ALT0),
    18: (0, _ALT5),
    19: (1, _ALT5),
    40: (0, _ALT0),
    41: (1, _ALT0),
    45: (1, _ALT0),
    52: (0, _ALT1),
    53: (1, _ALT1),
}
"""PWM channel and alternate mode by GPIO."""
_CLOCK_PINS = {
    4: (0, _ALT0),
    5: (1, _ALT0),
    6: (2, _ALT0),
    20: (0, _ALT5),
    21: (1, _ALT5),
    32: (0, _ALT0),
    34: (0, _ALT0),
    42: (1, _ALT0),
    43: (2, _ALT0),
    44: (1, _ALT0),
}
"""Clock and alternate mode by GPIO; clock 1 belongs to the system and needs the password."""


class HardwareClocks:
    """HP and HC. `pwm_taken` is `pigpiod -t 0`: PWM drives the sampling clock."""

    def __init__(
        self,
        pins: PinBank,
        uses: GpioUses,
        gpio: GpioCommands,
        stop_waves: Callable[[], None],
        *,
        pwm_taken: bool,
    ) -> None:
        self._pins = pins
        self._uses = uses
        self._gpio = gpio
        self._stop_waves = stop_waves
        self._pwm_taken = pwm_taken
        self._pwm = [(0, 0, 0), (0, 0, 0)]
        self._clock_hz = [0, 0, 0]

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {Cmd.HP: self._hardware_pwm, Cmd.HC: self._hardware_clock}

    def duty(self, gpio: int) -> int:
        """Return the duty of a GPIO in hardware PWM, in millionths."""
        return self._pwm[_PWM_PINS[gpio][0]][1]

    def real_range(self, gpio: int) -> int:
        """Return the steps per period of a GPIO in hardware PWM."""
        return self._pwm[_PWM_PINS[gpio][0]][2]

    def frequency(self, gpio: int, *, clock: bool) -> int:
        """Return the frequency in Hz of a GPIO in hardware PWM or clock mode."""
        return self._clock_hz[_CLOCK_PINS[gpio][0]] if clock else self._pwm[_PWM_PINS[gpio][0]][0]

    def cancel_pwm(self) -> None:
        """End hardware PWM on every GPIO, as the first wave does (stopHardwarePWM)."""
        for gpio, use in enumerate(self._uses.use):
            if use == GpioUse.HARDWARE_PWM:
                self._uses.width[gpio] = 0
                self._uses.use[gpio] = GpioUse.NONE

    def _hardware_pwm(self, gpio: int, wanted_hz: int, extension: bytes) -> int:
        duty = word(extension, 0)
        wrong = self._wrong_pwm(gpio, wanted_hz, duty)
        if wrong:
            return wrong
        if wanted_hz == 0:
            if self._uses.use[gpio] == GpioUse.HARDWARE_PWM:
                self._uses.use[gpio] = GpioUse.NONE
            return 0
        channel, mode = _PWM_PINS[gpio]
        steps = int(PLLD_HZ / (2 * wanted_hz) + 0.5)
        self._pwm[channel] = (int(PLLD_HZ / (2 * steps) + 0.5), duty, steps)
        self._stop_waves()
        self._take(gpio, mode, GpioUse.HARDWARE_PWM)
        return 0

    def _wrong_pwm(self, gpio: int, wanted_hz: int, duty: int) -> int:
        if self._gpio.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_GPIO:
            return Err.BAD_GPIO
        if gpio not in _PWM_PINS:
            return Err.NOT_HPWM_GPIO
        if duty > HARDWARE_RANGE:
            return Err.BAD_HPWM_DUTY
        if wanted_hz > MAX_PWM_HZ:
            return Err.BAD_HPWM_FREQ
        return Err.HPWM_ILLEGAL if self._pwm_taken else 0

    def _take(self, gpio: int, mode: int, use: GpioUse) -> None:
        if self._uses.use[gpio] != use:
            self._uses.switch_off(gpio)
            self._uses.use[gpio] = use
        self._pins.set_mode(gpio, mode)

    def _hardware_clock(self, gpio: int, wanted_hz: int, _: bytes) -> int:
        password = gpio >> 24 == _CLOCK_PASSWORD
        gpio &= 0xFF_FFFF
        wrong = self._wrong_clock(gpio, wanted_hz, password=password)
        if wrong:
            return wrong
        if wanted_hz == 0:
            if self._uses.use[gpio] == GpioUse.HARDWARE_CLOCK:
                self._uses.use[gpio] = GpioUse.NONE
            return 0
        clock, mode = _CLOCK_PINS[gpio]
        self._clock_hz[clock] = _best_clock_hz(wanted_hz)
        self._take(gpio, mode, GpioUse.HARDWARE_CLOCK)
        return 0

    def _wrong_clock(self, gpio: int, wanted_hz: int, *, password: bool) -> int:
        if self._gpio.refuses(gpio):
            return Err.NOT_PERMITTED
        if gpio > MAX_GPIO:
            return Err.BAD_GPIO
        if gpio not in _CLOCK_PINS:
            return Err.NOT_HCLK_GPIO
        if wanted_hz and not MIN_CLOCK_HZ <= wanted_hz <= MAX_CLOCK_HZ:
            return Err.BAD_HCLK_FREQ
        return Err.BAD_HCLK_PASS if _CLOCK_PINS[gpio][0] == 1 and not password else 0


def _best_clock_hz(wanted_hz: int) -> int:
    """Return the closest frequency that either source gives with a divider of 12 fraction bits."""
    made = []
    for source_hz in (OSCILLATOR_HZ, PLLD_HZ):
        divider = int(source_hz / wanted_hz * 4_096 + 0.5)
        if 2 * 4_096 <= divider < 4_096 * 4_096:
            made.append(source_hz * 4_096 / divider)
    return int(min(made, key=lambda hz: abs(hz - wanted_hz)) + 0.5) if made else wanted_hz
