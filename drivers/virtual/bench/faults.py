"""Inject and clear faults. A fault changes a simulated part, never a reading."""

from collections.abc import Callable, Mapping
from typing import Protocol

from drivers.quantities import NS_PER_MS, NS_PER_S, PPM
from drivers.virtual.bench.fault_table import BoardFault, gate_names
from drivers.virtual.host.kernel_side import KernelSide
from drivers.virtual.output_stage.skin import SkinContact
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.output_stage.watchdog_one_shot import WIDTH_US
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Event, Timeline

CHATTER_OPEN_NS = 200_000
DRYING_STEPS = 200
SHORTEST_DRYING_STEP_NS = 100_000_000


class DaemonFaults(Protocol):
    """The faults that a daemon can have."""

    def kill(self) -> None:
        """End the daemon as SIGKILL would; waves continue."""
        ...

    def stall(self, on: bool) -> None:
        """Stop or resume answering; waves continue."""
        ...

    def set_wave_clock(self, scale_ppm: int) -> None:
        """Scale the wave clock: 1_000_000 is nominal, more is slower."""
        ...


class FaultBench:
    """The active faults of one board. `stage` is None on a bare Pi, which has only a few of them.

    `daemon()` returns the current daemon; `restart_daemon()` replaces a killed one.
    """

    def __init__(
        self,
        timeline: Timeline,
        pins: PinBank,
        stage: OutputStage | None,
        kernel: KernelSide,
        daemon: Callable[[], DaemonFaults],
        restart_daemon: Callable[[], None],
    ) -> None:
        self._timeline = timeline
        self._pins = pins
        self._stage = stage
        self._kernel = kernel
        self._daemon = daemon
        self._restart_daemon = restart_daemon
        self._active: dict[str, BoardFault] = {}
        self._since_ns: dict[str, int] = {}
        self._chatter_open = False
        self._chatter_next: Event | None = None
        self._drying: set[str] = set()
        self._common: dict[str, Callable[[], None]] = {
            "lost-daemon": self._lose_daemon,
            "stalled-daemon": self._stall_daemon,
            "slow-clock": self._slow_clock,
            "lost-spi": self._spi,
            "short-frame": self._spi,
        }

    @property
    def active(self) -> Mapping[str, BoardFault]:
        """Active faults by name and target."""
        return self._active

    def set(self, fault: BoardFault) -> None:
        """Inject a fault or change its value; raises `ValueError` if this board cannot have it."""
        self._check_present(fault)
        self._active[fault.key] = fault
        self._since_ns[fault.key] = self._timeline.now_ns
        self._apply(fault)

    def clear(self, fault: BoardFault) -> None:
        """Clear a fault; raises `ValueError` if it is not active or is permanent."""
        if fault.key not in self._active:
            shown = ", ".join(map(str, self._active.values())) or "none"
            raise ValueError(f"{fault.key} is not set; set now: {shown}")
        del self._active[fault.key]
        self._apply(fault)

    def _check_present(self, fault: BoardFault) -> None:
        if self._stage is None and fault.name not in self._common:
            raise ValueError(f"{fault.name} needs our board; this one is a bare Pi")

    def _value(self, key: str, otherwise: float) -> float:
        fault = self._active.get(key)
        return otherwise if fault is None or fault.value is None else float(fault.value)

    def _apply(self, fault: BoardFault) -> None:
        """Set the simulated parts according to the active faults of this kind."""
        action = self._common.get(fault.name)
        if action is not None:
            action()
        elif self._stage is not None:
            self._apply_to(self._stage, fault)

    def _apply_to(self, stage: OutputStage, fault: BoardFault) -> None:
        name = fault.name
        if name.startswith("estop"):
            self._contacts(stage)
            if name == "estop-chatter" and fault.key in self._active:
                self._chatter()
        elif name in {"lead-off", "short", "dry-pad", "half-lifted", "resistor"}:
            self._pads(stage, int(fault.target))
        elif name in {"bridge-open", "bridge-short", "phase-mismatch"}:
            self._bridges(stage)
        elif name == "stuck-gate":
            self._stuck_gate(stage, fault)
        elif name == "stuck-dac":
            self._stuck_dac(stage, int(fault.target) - 1, fault.key)
        else:
            self._parts(stage, name, on=fault.key in self._active)

    def _parts(self, stage: OutputStage, name: str, *, on: bool) -> None:
        if name == "hand-switch":
            self._pins.drive(stage.board.pins.hand_switch, int(not on))
        elif name == "frozen-adc":
            stage.converters.freeze(frozen=on)
        elif name == "supply-sag":
            stage.supply.sag(self._value(name, 100.0) / 100.0)
        elif name == "watchdog-dead":
            stage.one_shot.disable(dead=on)
        elif name == "watchdog-width":
            stage.one_shot.width_ns = round(WIDTH_US * (1_000 + 10 * self._value(name, 0.0)))
        elif name == "over-current-dead":
            stage.over_current_dead = on
        elif name == "limiter-dead":
            for channel in stage.channels:
                channel.limiter.dead = on
        elif name == "latch-dead":
            stage.latch.disable(dead=on)

    # --- daemon and kernel ------------------------------------------------------------------

    def _lose_daemon(self) -> None:
        if "lost-daemon" in self._active:
            self._daemon().kill()
        else:
            self._restart_daemon()
            self._stall_daemon()

    def _stall_daemon(self) -> None:
        self._daemon().stall("stalled-daemon" in self._active)

    def _slow_clock(self) -> None:
        self._daemon().set_wave_clock(round(self._value("slow-clock", 1.0) * PPM))

    def _spi(self) -> None:
        self._kernel.spi_lost = "lost-spi" in self._active
        self._kernel.short_frames = "short-frame" in self._active

    # --- e-stop -----------------------------------------------------------------------------

    def _contacts(self, stage: OutputStage) -> None:
        wire = self._active.get("estop-wire")
        cut = "" if wire is None else str(wire.value)
        pressed = "estop" in self._active or self._chatter_open
        stage.open_estop_latch(opened=pressed or cut in {"both", "latch"})
        sensed = not (pressed or cut in {"both", "sense"})
        self._pins.drive(stage.board.pins.estop_loop, int(sensed))

    def _chatter(self) -> None:
        """Open the contacts, and schedule their closing and the next opening."""
        Timeline.cancel(self._chatter_next)
        if "estop-chatter" not in self._active:
            return
        self._chatter_open = True
        self._chatter_next = self._timeline.after(CHATTER_OPEN_NS, self._end_chatter)
        if self._stage is not None:
            self._contacts(self._stage)

    def _end_chatter(self) -> None:
        self._chatter_open = False
        if self._stage is not None:
            self._contacts(self._stage)
        period_ns = round(self._value("estop-chatter", 20.0) * NS_PER_MS)
        self._chatter_next = self._timeline.after(period_ns - CHATTER_OPEN_NS, self._chatter)

    # --- pads -------------------------------------------------------------------------------

    def _pads(self, stage: OutputStage, number: int) -> None:
        stage.channels[number - 1].set_contact(self._contact(number))

    def _contact(self, number: int) -> SkinContact:
        """Return the state of a channel's pads; the more severe of two faults decides."""
        for kind in ("lead-off", "short"):
            if f"{kind}:{number}" in self._active:
                return SkinContact(kind)
        if f"resistor:{number}" in self._active:
            ohm = self._value(f"resistor:{number}", 0.0)
            return SkinContact("resistor", resistor_ohm=ohm)
        kind = "half-lifted" if f"half-lifted:{number}" in self._active else "good"
        return SkinContact(kind, dryness=self._dryness(number))

    def _dryness(self, number: int) -> float:
        key = f"dry-pad:{number}"
        if key not in self._active:
            return 0.0
        until_dry_ns = round(self._value(key, 0.0) * NS_PER_S)
        passed_ns = self._timeline.now_ns - self._since_ns[key]
        if passed_ns >= until_dry_ns:
            return 1.0
        if key not in self._drying:
            self._drying.add(key)
            step_ns = max(until_dry_ns // DRYING_STEPS, SHORTEST_DRYING_STEP_NS)
            self._timeline.after(step_ns, lambda: self._dry_on(key, number))
        return passed_ns / until_dry_ns

    def _dry_on(self, key: str, number: int) -> None:
        self._drying.discard(key)
        if self._stage is not None:
            self._pads(self._stage, number)

    # --- bridge, gates, DAC -----------------------------------------------------------------

    def _bridges(self, stage: OutputStage) -> None:
        legs = gate_names(len(stage.channels))
        for index, channel in enumerate(stage.channels):
            opened = shorted = 0
            for bit, leg in zip((1, 2), legs[2 * index : 2 * index + 2], strict=True):
                opened |= bit if f"bridge-open:{leg}" in self._active else 0
                shorted |= bit if f"bridge-short:{leg}" in self._active else 0
            percent = self._value(f"phase-mismatch:{index + 1}", 0.0)
            channel.break_legs(
                open_legs=opened, shorted_legs=shorted, mismatch=1.0 + percent / 100.0
            )

    def _stuck_gate(self, stage: OutputStage, fault: BoardFault) -> None:
        place = gate_names(len(stage.channels)).index(fault.target)
        gpio = stage.board.pins.gate_list()[place]
        active = self._active.get(fault.key)
        self._pins.hold(gpio, None if active is None else int(active.value == "high"))

    def _stuck_dac(self, stage: OutputStage, index: int, key: str) -> None:
        dac, place = stage.converters.dac_of(index)
        if key not in self._active:
            dac.stick(place, None)
            return
        code = round(self._value(key, -1.0))
        dac.stick(place, dac.output[place] if code < 0 else code)
