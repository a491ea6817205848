"""The pigpio daemon of the board: connects its parts; can be killed and stalled."""

from collections.abc import Callable

from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pigpiod.alerts import Alerts
from drivers.virtual.pigpiod.codes import Handler
from drivers.virtual.pigpiod.peripherals import absent
from drivers.virtual.pigpiod.peripherals.bit_bang_spi import BitBangSpi
from drivers.virtual.pigpiod.peripherals.gpio import GpioCommands
from drivers.virtual.pigpiod.peripherals.gpio_last_use import GpioUses
from drivers.virtual.pigpiod.peripherals.hardware_clocks import HardwareClocks
from drivers.virtual.pigpiod.peripherals.pwm import PwmCommands
from drivers.virtual.pigpiod.peripherals.serial_in import SerialReads
from drivers.virtual.pigpiod.peripherals.spi import SpiBus, SpiCommands
from drivers.virtual.pigpiod.process_signals import Lifetime
from drivers.virtual.pigpiod.scripts.scripts import Scripts
from drivers.virtual.pigpiod.session import ClientSession
from drivers.virtual.pigpiod.system import SystemCommands
from drivers.virtual.pigpiod.waves.dma import DmaChannel
from drivers.virtual.pigpiod.waves.waves import Waves
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

PI_4B_REVISION = 0xC03111
"""Raspberry Pi 4 Model B, 4 GB, revision 1.1."""
PI_4B_WRITABLE = 0x0FFF_FFFC
"""GPIO 2 to 27, the default mask of pigpiod on a Pi 4 (no -x)."""


class Daemon:
    """pigpiod v79 on a timeline.

    Keyword options follow pigpiod's: `writable` is -x, `sample_us` is -s (1, 2, 4, 5, 8 or 10),
    `pwm_clock` is -t 0. `tick_us` is the system timer at board time 0. `dma` is the wave channel of
    a killed daemon: what it plays continues until this daemon sends, its PWM ends now. `notices`
    reports what failed because of a bug in the board.
    """

    def __init__(
        self,
        timeline: Timeline,
        pins: PinBank,
        spi: SpiBus | None = None,
        revision: int = PI_4B_REVISION,
        *,
        writable: int = PI_4B_WRITABLE,
        sample_us: int = 5,
        pwm_clock: bool = False,
        tick_us: int = 0,
        dma: DmaChannel | None = None,
        notices: BoardNotices | None = None,
    ) -> None:
        self.notices = notices or BoardNotices()
        self.timeline = timeline
        self.pins = pins
        self.dma = dma or DmaChannel(timeline, pins)
        if self.dma.stop_sampling is not None:
            self.dma.stop_sampling()
        self.when_killed: list[Callable[[], None]] = []
        self._life = Lifetime()
        self._sessions: list[ClientSession] = []
        self._handlers: dict[int, Handler] = {}
        self._uses = GpioUses(timeline, pins, sample_us)
        self.dma.stop_sampling = self._uses.abort_all
        self._alerts = Alerts(timeline, pins, self._life, sample_us, tick_us)
        self._waves = Waves(self.dma, writable)
        self._scripts = Scripts(
            timeline, pins, self._life, self._alerts, self._handlers, self.notices
        )
        self._handlers.update(absent.commands() | SystemCommands(revision).commands())
        for owner in (self._alerts, self._waves, self._scripts):
            self._handlers.update(owner.commands())
        self._add_pins(writable, sample_us, pwm_taken=pwm_clock)
        self._add_buses(spi, writable)

    def _add_pins(self, writable: int, sample_us: int, *, pwm_taken: bool) -> None:
        """Create the GPIO commands; waves and hardware PWM share a clock."""
        gpio = GpioCommands(self.pins, self._uses, writable)
        stop = self._waves.stop_for_hardware_pwm
        hardware = HardwareClocks(self.pins, self._uses, gpio, stop, pwm_taken=pwm_taken)
        self._waves.on_clock_start = hardware.cancel_pwm
        pwm = PwmCommands(self.pins, self._uses, gpio, hardware, sample_us)
        for owner in (gpio, hardware, pwm):
            self._handlers.update(owner.commands())

    def _add_buses(self, spi: SpiBus | None, writable: int) -> None:
        """Create the bus commands; bit-banged buses share a set of GPIO in use (wfRx)."""
        in_use: set[int] = set()
        for owner in (
            SpiCommands(self.pins, spi),
            BitBangSpi(self.pins, spi, in_use, writable),
            SerialReads(self._alerts, in_use),
        ):
            self._handlers.update(owner.commands())

    @property
    def alive(self) -> bool:
        """Whether the process exists."""
        return self._life.alive

    @property
    def stalled(self) -> bool:
        """Whether the process is stopped."""
        return self._life.stalled

    @property
    def busy(self) -> bool:
        """Whether a client waits for a command that takes board time."""
        return any(session.busy for session in self._sessions)

    def connect(self) -> ClientSession:
        """Return a new client connection; a killed daemon returns a closed one."""
        session = ClientSession(
            self.timeline,
            self._life,
            self._alerts.reports,
            self._handlers,
            self._forget,
            self.notices,
        )
        if self._life.alive:
            self._sessions.append(session)
        else:
            session.closed = True
        return session

    def kill(self) -> None:
        """SIGKILL: sessions, scripts and notifications end; DMA (waves, PWM) continues."""
        if not self._life.alive:
            return
        self._life.end()
        self._scripts.end()
        self._alerts.end()
        for session in list(self._sessions):
            session.close()
        for action in self.when_killed:
            action()

    def terminate(self) -> None:
        """SIGTERM: like a kill, but both DMA channels are aborted first; pins keep their levels."""
        self.dma.abort()
        self._uses.abort_all()
        self.kill()

    def stall(self, on: bool) -> None:
        """SIGSTOP (True): no answers, scripts frozen, DMA continues; SIGCONT (False)."""
        if on:
            self._life.stall()
            return
        if not self._life.stalled:
            return
        self._life.resume()
        for session in list(self._sessions):
            session.go_on()

    def set_wave_clock(self, scale_ppm: int) -> None:
        """Make wave delays take `scale_ppm` millionths of their time, from the next delay on.

        1_130_000 plays 13 % slow. Ticks, sampling and PWM have other clocks and stay correct.
        """
        self.dma.scale_ppm = scale_ppm

    def _forget(self, session: ClientSession) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
