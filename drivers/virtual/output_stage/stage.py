"""The output stage: how the board's pins and chip selects act on the loads.

    gate lines -> disable (SUPPLY_EN low or fault latch set) -> phase limiter -> bridge -> load
    SPI + LDAC_N -> DAC codes -> amplitudes        bridge -> sample and hold -> ADC

The disable also switches the current sources off, so that a shorted leg of a bridge cannot keep
feeding the load from the rail's reservoir.
"""

import functools
from collections.abc import Callable

from drivers.board_file import BoardFile
from drivers.virtual.output_stage.channel import OutputChannel
from drivers.virtual.output_stage.circuit import Trace
from drivers.virtual.output_stage.converters import Converters
from drivers.virtual.output_stage.latch import FaultLatch
from drivers.virtual.output_stage.recorder_hooks import SILENT, RecorderHooks
from drivers.virtual.output_stage.supply import IsolatedSupply
from drivers.virtual.output_stage.watchdog_one_shot import WIDTH_US, OneShot
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

COMPARATOR_NS = 2_000
"""Delay from an over-current to the latch."""


class OutputStage:
    """Everything behind the pins, for as many channels as the board file has."""

    def __init__(
        self,
        board: BoardFile,
        timeline: Timeline,
        pins: PinBank,
        *,
        watchdog_us: int = WIDTH_US,
        seed: int = 0,
    ) -> None:
        self.board = board
        self.watch: RecorderHooks = SILENT
        self.over_current_dead = False
        self._timeline = timeline
        self._pins = pins
        self._enabled = False
        self.latch = FaultLatch(self._latch_changed)
        self.one_shot = OneShot(timeline, self._one_shot_changed, watchdog_us)
        self.supply = IsolatedSupply(timeline, board.output.compliance_mv / 1e3, self._supply_good)
        self.channels = tuple(self._channel(index) for index in range(board.channels))
        self.converters = Converters(
            board, self.channels, self.supply.rail_v, self._dac_latched, seed
        )
        lines = board.pins
        self._gate_bits = tuple((1 << high, 1 << low) for high, low in lines.gates)
        self._gate_mask = sum(high | low for high, low in self._gate_bits)
        self._ldac = lines.ldac_n
        self._controls = 1 << lines.supply_en | 1 << lines.heartbeat | 1 << lines.latch_reset
        self._wire_up()

    def _channel(self, index: int) -> OutputChannel:
        return OutputChannel(
            self._timeline,
            self.supply.rail_v,
            self._over_current,
            functools.partial(self._shunt_moved, index),
            self._limited,
        )

    def _wire_up(self) -> None:
        """Set the external pull-downs and contacts on the pins, then subscribe to them."""
        lines, drive = self.board.pins, self._pins.drive
        inputs = {lines.supply_good, lines.estop_loop, lines.hand_switch, lines.latch_clear}
        for gpio in {*lines.single().values(), *lines.gate_list()} - inputs:
            drive(gpio, 0)
        self.latch.hold("watchdog", active=True)
        drive(lines.supply_good, 0)
        drive(lines.latch_clear, 0)
        drive(lines.estop_loop, 1)
        drive(lines.hand_switch, 1)
        mask = self._gate_mask | self._controls | 1 << self._ldac
        self._pins.subscribe(mask, self._pins_changed)

    def open_estop_latch(self, *, opened: bool) -> None:
        """Open or close the e-stop's contact in the latch."""
        self.latch.hold("estop", active=opened)

    # --- pins -------------------------------------------------------------------------------

    def _pins_changed(self, changed: int, levels: int) -> None:
        if changed & self._gate_mask:
            self._gates_changed(changed, levels)
        if changed >> self._ldac & 1:
            self.converters.set_ldac(levels >> self._ldac & 1)
        if changed & self._controls:
            self._controls_changed(changed, levels)

    def _gates_changed(self, changed: int, levels: int) -> None:
        enabled = self._enabled
        for channel, (high, low) in zip(self.channels, self._gate_bits, strict=True):
            if changed & (high | low):
                lines = (1 if levels & high else 0) | (2 if levels & low else 0)
                passed = channel.limiter.pass_through(lines, lines if enabled else 0)
                channel.set_gates(passed, powered=enabled)

    def _controls_changed(self, changed: int, levels: int) -> None:
        lines = self.board.pins
        if changed >> lines.heartbeat & 1:
            self.one_shot.trigger()
        if changed & levels & 1 << lines.latch_reset:
            self.latch.reset()
        if changed >> lines.supply_en & 1:
            self._refresh_enable()

    def _refresh_enable(self) -> None:
        enabled = bool(self._pins.level(self.board.pins.supply_en)) and not self.latch.is_set
        if enabled != self._enabled:
            self._enabled = enabled
            self.supply.enable(on=enabled)
            self._gates_changed(self._gate_mask, self._pins.levels)

    # --- parts ------------------------------------------------------------------------------

    def _latch_changed(self, is_set: bool) -> None:
        self._refresh_enable()
        self.watch.bit("fault_latch", int(is_set))
        self._pins.drive(self.board.pins.latch_clear, int(not is_set))

    def _one_shot_changed(self, running: bool) -> None:
        self.latch.hold("watchdog", active=not running)

    def _supply_good(self, good: bool) -> None:
        self.watch.bit("supply", int(good))
        self._pins.drive(self.board.pins.supply_good, int(good))

    def _over_current(self) -> None:
        if not self.over_current_dead:
            self._timeline.after(COMPARATOR_NS, self._over_current_strikes)

    def _over_current_strikes(self) -> None:
        self.latch.strike("over-current")

    def _limited(self, gates: int) -> None:
        del gates
        self.latch.strike("phase-limiter")
        self._gates_changed(self._gate_mask, self._pins.levels)

    def _shunt_moved(self, index: int, level: int) -> None:
        self.watch.bit(f"shunt{index + 1}", level)

    def _dac_latched(self, index: int, code: int, amplitude_ua: float) -> None:
        self.watch.code(index, code)
        self.channels[index].set_amplitude(amplitude_ua)

    # --- views ------------------------------------------------------------------------------

    @property
    def enabled(self) -> bool:
        """Whether bridges and sources may conduct."""
        return self._enabled

    @property
    def chip_selects(self) -> int:
        """Number of chips on the SPI bus, from CE0 on."""
        return len(self.converters.dacs) + len(self.converters.adcs)

    def transfer(self, chip_select: int, sent: bytes) -> bytes:
        """Exchange bytes with a chip; raises `KeyError` if there is no such chip."""
        reply = self.converters.transfer(chip_select, sent)
        self.watch.transfer(chip_select, sent, reply)
        return reply

    def follow(self, watch: RecorderHooks, trace: Callable[[int, int, float], None]) -> None:
        """Report every change to `watch`, and each channel's current to `trace(index, ...)`."""
        self.watch = watch
        for index, channel in enumerate(self.channels):
            channel.follow(functools.partial(trace, index))

    def also_follow(self, trace: Callable[[int, int, float], None]) -> None:
        """Report each channel's current to `trace(index, ...)` too, whoever follows it already."""
        for index, channel in enumerate(self.channels):
            mine, before = functools.partial(trace, index), channel.circuit.trace
            channel.follow(mine if before is None else _both(before, mine))


def _both(first: Trace, second: Trace) -> Trace:
    def trace(at_ns: int, current_ua: float) -> None:
        first(at_ns, current_ua)
        second(at_ns, current_ua)

    return trace
