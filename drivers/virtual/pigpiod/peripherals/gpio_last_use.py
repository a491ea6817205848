"""The last use of each GPIO, and how it is switched off before another use (gpioInfo)."""

from enum import IntEnum

from drivers.virtual.pigpiod.peripherals.soft_pwm import DEFAULT_INDEX, PulseTrain
from drivers.virtual.pins import GPIO_COUNT, PinBank
from drivers.virtual.timeline import Timeline

DEFAULT_RANGE = 255
LONGEST_SERVO_NS = 2_500_000


class GpioUse(IntEnum):
    """The last use of a GPIO."""

    NONE = 0
    WRITE = 1
    PWM = 2
    SERVO = 3
    HARDWARE_CLOCK = 4
    HARDWARE_PWM = 5


class GpioUses:
    """Use, width, range and frequency index of every GPIO."""

    def __init__(self, timeline: Timeline, pins: PinBank, sample_us: int) -> None:
        self.use = [GpioUse.NONE] * GPIO_COUNT
        self.width = [0] * GPIO_COUNT
        self.range = [DEFAULT_RANGE] * GPIO_COUNT
        self.index = [DEFAULT_INDEX] * GPIO_COUNT
        self._timeline = timeline
        self._pins = pins
        self._sample_us = sample_us
        self._trains: dict[int, PulseTrain] = {}

    def train(self, gpio: int) -> PulseTrain:
        """Return the pulse train of a GPIO."""
        if gpio not in self._trains:
            self._trains[gpio] = PulseTrain(self._timeline, self._pins, gpio, self._sample_us)
        return self._trains[gpio]

    def switch_off(self, gpio: int) -> int:
        """End the use of a GPIO (switchFunctionOff); return for how many ns that blocks the caller.

        A servo pulse in progress is waited for, 2.5 ms.
        """
        use, width = self.use[gpio], self.width[gpio]
        self.width[gpio] = 0
        if use == GpioUse.PWM and width:
            self.train(gpio).stop()
        elif use == GpioUse.SERVO and width:
            self.train(gpio).end_after_pulse()
            return LONGEST_SERVO_NS if self._pins.level(gpio) else 0
        return 0

    def abort_all(self) -> None:
        """Stop the sampling DMA and with it every pulse train (gpioTerminate)."""
        for train in self._trains.values():
            train.abort()
