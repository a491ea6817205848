"""Commands of software PWM and servos."""

from drivers.virtual.pigpiod.codes import MAX_USER_GPIO, Answer, Cmd, Err, Handler, Steps
from drivers.virtual.pigpiod.peripherals.gpio import GpioCommands
from drivers.virtual.pigpiod.peripherals.gpio_last_use import LONGEST_SERVO_NS, GpioUse, GpioUses
from drivers.virtual.pigpiod.peripherals.hardware_clocks import HARDWARE_RANGE, HardwareClocks
from drivers.virtual.pigpiod.peripherals.soft_pwm import (
    SERVO_INDEX,
    closest_index,
    frequencies,
    real_range,
)
from drivers.virtual.pins import MODE_OUTPUT, PinBank

MIN_RANGE, MAX_RANGE = 25, 40_000
MIN_SERVO_US, MAX_SERVO_US = 500, 2_500
SERVO_PERIOD_US = 20_000


class PwmCommands:
    """PWM, its range and frequency, and servo pulses."""

    def __init__(
        self,
        pins: PinBank,
        uses: GpioUses,
        gpio: GpioCommands,
        hardware: HardwareClocks,
        sample_us: int,
    ) -> None:
        self._pins = pins
        self._uses = uses
        self._gpio = gpio
        self._hardware = hardware
        self._frequencies = frequencies(sample_us)
        self._servo_index = SERVO_INDEX[sample_us]

    def commands(self) -> dict[int, Handler]:
        """Return the handlers by command number."""
        return {
            Cmd.PWM: self._pwm,
            Cmd.GDC: self._get_duty,
            Cmd.PRS: self._set_range,
            Cmd.PRG: self._get_range,
            Cmd.PRRG: self._get_real_range,
            Cmd.PFS: self._set_frequency,
            Cmd.PFG: self._get_frequency,
            Cmd.SERVO: self._servo,
            Cmd.GPW: self._get_servo,
        }

    def _wrong_gpio(self, gpio: int) -> int:
        if self._gpio.refuses(gpio):
            return Err.NOT_PERMITTED
        return Err.BAD_USER_GPIO if gpio > MAX_USER_GPIO else 0

    def _pwm(self, gpio: int, duty: int, _: bytes) -> Answer:
        wrong = self._wrong_gpio(gpio)
        if wrong:
            return wrong
        if duty > self._uses.range[gpio]:
            return Err.BAD_DUTYCYCLE
        wait_ns = self._take_over(gpio, GpioUse.PWM, duty)
        return self._after(wait_ns, gpio, duty) if wait_ns else self._apply_duty(gpio, duty)

    def _after(self, wait_ns: int, gpio: int, duty: int) -> Steps:
        yield wait_ns
        return self._apply_duty(gpio, duty)

    def _take_over(self, gpio: int, use: GpioUse, value: int) -> int:
        """Set the GPIO's use; return for how many ns ending its former use blocks the caller."""
        wait_ns = 0
        if self._uses.use[gpio] != use:
            wait_ns = self._uses.switch_off(gpio)
            self._uses.use[gpio] = use
            if not value:
                self._pins.write(0, 1 << gpio)
        return wait_ns

    def _make_output(self, gpio: int) -> None:
        if self._pins.modes[gpio] != MODE_OUTPUT:
            self._pins.set_mode(gpio, MODE_OUTPUT)

    def _apply_duty(self, gpio: int, duty: int) -> int:
        self._make_output(gpio)
        uses = self._uses
        steps, span = real_range(uses.index[gpio]), uses.range[gpio]
        old, new = uses.width[gpio] * steps // span, duty * steps // span
        uses.width[gpio] = duty
        if new == old:
            return 0
        if new:
            uses.train(gpio).run(uses.index[gpio], new)
        else:
            uses.train(gpio).stop()
        return 0

    def _restart(self, gpio: int, duty: int) -> None:
        """Restart with changed settings: low first, then pulses from the next period on."""
        uses = self._uses
        uses.train(gpio).stop()
        uses.width[gpio] = 0
        self._apply_duty(gpio, duty)

    def _get_duty(self, gpio: int, _: int, __: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        use = self._uses.use[gpio]
        if use == GpioUse.PWM:
            return self._uses.width[gpio]
        if use == GpioUse.HARDWARE_PWM:
            return self._hardware.duty(gpio)
        return HARDWARE_RANGE // 2 if use == GpioUse.HARDWARE_CLOCK else Err.NOT_PWM_GPIO

    def _set_range(self, gpio: int, span: int, _: bytes) -> int:
        wrong = self._wrong_gpio(gpio)
        if wrong:
            return wrong
        if not MIN_RANGE <= span <= MAX_RANGE:
            return Err.BAD_DUTYRANGE
        uses = self._uses
        width, old = uses.width[gpio], uses.range[gpio]
        uses.range[gpio] = span
        if width and uses.use[gpio] == GpioUse.PWM:
            self._restart(gpio, span * width // old)
        return real_range(uses.index[gpio])

    def _get_range(self, gpio: int, _: int, __: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        hardware = self._uses.use[gpio] in (GpioUse.HARDWARE_PWM, GpioUse.HARDWARE_CLOCK)
        return HARDWARE_RANGE if hardware else self._uses.range[gpio]

    def _get_real_range(self, gpio: int, _: int, __: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        use = self._uses.use[gpio]
        if use == GpioUse.HARDWARE_PWM:
            return self._hardware.real_range(gpio)
        return (
            HARDWARE_RANGE if use == GpioUse.HARDWARE_CLOCK else real_range(self._uses.index[gpio])
        )

    def _set_frequency(self, gpio: int, wanted_hz: int, _: bytes) -> int:
        wrong = self._wrong_gpio(gpio)
        if wrong:
            return wrong
        uses = self._uses
        index = closest_index(wanted_hz, self._frequencies)
        uses.index[gpio] = index
        if uses.width[gpio] and uses.use[gpio] == GpioUse.PWM:
            self._restart(gpio, uses.width[gpio])
        return self._frequencies[index]

    def _get_frequency(self, gpio: int, _: int, __: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        use = self._uses.use[gpio]
        if use in (GpioUse.HARDWARE_PWM, GpioUse.HARDWARE_CLOCK):
            return self._hardware.frequency(gpio, clock=use == GpioUse.HARDWARE_CLOCK)
        return self._frequencies[self._uses.index[gpio]]

    def _servo(self, gpio: int, width_us: int, _: bytes) -> Answer:
        wrong = self._wrong_gpio(gpio)
        if wrong:
            return wrong
        if width_us and not MIN_SERVO_US <= width_us <= MAX_SERVO_US:
            return Err.BAD_PULSEWIDTH
        wait_ns = self._take_over(gpio, GpioUse.SERVO, width_us)
        self._make_output(gpio)
        uses = self._uses
        old_us, uses.width[gpio] = uses.width[gpio], width_us
        if width_us:
            steps = width_us * real_range(self._servo_index) // SERVO_PERIOD_US
            uses.train(gpio).run(self._servo_index, steps)
        elif old_us:
            uses.train(gpio).end_after_pulse()
            wait_ns = LONGEST_SERVO_NS if self._pins.level(gpio) else 0
        return self._done_after(wait_ns) if wait_ns else 0

    @staticmethod
    def _done_after(wait_ns: int) -> Steps:
        yield wait_ns
        return 0

    def _get_servo(self, gpio: int, _: int, __: bytes) -> int:
        if gpio > MAX_USER_GPIO:
            return Err.BAD_USER_GPIO
        servo = self._uses.use[gpio] == GpioUse.SERVO
        return self._uses.width[gpio] if servo else Err.NOT_SERVO_GPIO
