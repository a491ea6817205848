"""One output channel: current source, bridge, DC block, shunt, phase limiter, pads."""

from collections.abc import Callable

from drivers.virtual.output_stage.circuit import LoadCircuit, Trace
from drivers.virtual.output_stage.phase_limiter import PhaseLimiter
from drivers.virtual.output_stage.sample_hold import SampleHold
from drivers.virtual.output_stage.skin import Load, SkinContact, load_of
from drivers.virtual.timeline import Timeline

POSITIVE, NEGATIVE, BOTH = 1, 2, 3
SHUNT_DELAY_NS = 300_000
"""From both gates low to the shunt closed (docs/design.md section 4)."""
SHUNT_OHM = 100_000.0
"""Chosen here. A cut in mid-phase leaves at most 40 µC, that is 4 V, on the 10 µF block, plus the
tissue's own charge: through 100 kΩ that is under 0.1 mA within 1 ms, while a low resistance would
send milliamperes through the skin until the block is empty. The charge that an imbalance adds
discharges with a time constant of 1 s."""
BYPASS_OHM = 1.0
"""When both legs of the bridge conduct, they short the load."""
OVER_CURRENT_A = 0.110
"""Threshold of the comparator (docs/design.md section 4)."""


class OutputChannel:
    """Follows its two gates; bits are 1 for the positive gate and 2 for the negative one.

    `on_over_current()` is called at the start of a phase whose current trips the comparator,
    `on_shunt(level)` when the shunt opens or closes.
    """

    __slots__ = (
        "_bits", "_contact", "_loads", "_low_since_ns", "_pending", "_powered", "_rail_v",
        "_timeline", "amplitude_ua", "both_gates", "circuit", "hold", "limiter", "mismatch",
        "on_over_current", "on_shunt", "open_legs", "shorted_legs", "shunt_closed",
    )  # fmt: skip

    def __init__(
        self,
        timeline: Timeline,
        rail_v: Callable[[], float],
        on_over_current: Callable[[], None],
        on_shunt: Callable[[int], None],
        on_limit: Callable[[int], None],
    ) -> None:
        self._timeline = timeline
        self._rail_v = rail_v
        self.on_over_current = on_over_current
        self.on_shunt = on_shunt
        self.limiter = PhaseLimiter(timeline, on_limit)
        self.hold = SampleHold()
        self.amplitude_ua = 0.0
        self.mismatch = 1.0
        self.open_legs = self.shorted_legs = 0
        self.both_gates = 0
        self.shunt_closed = True
        self._bits = 0
        self._powered = False
        self._low_since_ns = 0
        self._pending = False
        self._contact = SkinContact()
        self._loads: dict[float, Load] = {}
        self.circuit = LoadCircuit(self._load())
        self.circuit.discharge(SHUNT_OHM)

    def set_gates(self, bits: int, *, powered: bool) -> None:
        """Apply the gates after disable and limiter; `powered` is whether the source is on."""
        if bits == self._bits and powered == self._powered:
            return
        now_ns = self._timeline.now_ns
        circuit = self.circuit
        circuit.advance(now_ns)
        ended = self._bits & ~bits
        begun = bits & ~self._bits
        self._bits = bits
        self._powered = powered
        if ended:
            self.hold.end_phase(ended, circuit.current_a, circuit.bridge_v)
        if begun:
            self._begin_phase(begun)
        elif not bits and ended:
            self._wait_for_shunt(now_ns)
        self._enter()

    def set_amplitude(self, amplitude_ua: float) -> None:
        """Set the current that the source should drive; in mid-phase it acts at once."""
        if amplitude_ua != self.amplitude_ua:
            self.circuit.advance(self._timeline.now_ns)
            self.amplitude_ua = amplitude_ua
            self._enter()

    def set_contact(self, contact: SkinContact) -> None:
        """Apply a new state of the pads at once."""
        if contact != self._contact:
            self._contact = contact
            self._loads.clear()
            self.circuit.advance(self._timeline.now_ns)
            self.circuit.load = self._load()
            self._enter()

    def break_legs(self, *, open_legs: int, shorted_legs: int, mismatch: float) -> None:
        """Set the bridge's faults: legs that never or always conduct, uneven phases."""
        self.circuit.advance(self._timeline.now_ns)
        self.open_legs, self.shorted_legs, self.mismatch = open_legs, shorted_legs, mismatch
        self._enter()

    def follow(self, trace: Trace) -> None:
        """Report the load current from now on."""
        self.circuit.advance(self._timeline.now_ns)
        self.circuit.trace = trace
        self._enter()

    @property
    def contact(self) -> SkinContact:
        """The state of the pads."""
        return self._contact

    @property
    def gates(self) -> int:
        """The gates that reach the bridge."""
        return self._bits

    # --- what follows from it ---------------------------------------------------------------

    def _begin_phase(self, begun: int) -> None:
        if self._bits == BOTH:
            self.both_gates += 1
        if self.hold.begin_phase(begun):
            # Within a pulse the load is linear; its values depend on the pulse's amplitude.
            self.circuit.load = self._load()
        if self.shunt_closed:
            self.shunt_closed = False
            self.on_shunt(0)

    def _enter(self) -> None:
        """Start the leg that follows from gates, faults, amplitude and shunt."""
        circuit = self.circuit
        bits = self._bits
        path = 0 if bits == BOTH else bits
        if self.open_legs or self.shorted_legs:
            path = (path & ~self.open_legs) | self.shorted_legs
        # The source is on while a gate is on: a shorted leg without a gate has nothing to conduct.
        if path and bits and self._powered and self.amplitude_ua > 0.0:
            if path == BOTH:
                circuit.discharge(BYPASS_OHM)
                return
            current_a = self.amplitude_ua * 1e-6
            if path == NEGATIVE:
                current_a *= -self.mismatch
            circuit.drive(current_a, self._rail_v())
            if abs(circuit.flowing_a()) > OVER_CURRENT_A:
                self.on_over_current()
        elif self.shunt_closed:
            circuit.discharge(SHUNT_OHM)
        else:
            circuit.open()

    def _load(self) -> Load:
        load = self._loads.get(self.amplitude_ua)
        if load is None:
            load = load_of(self._contact, self.amplitude_ua)
            self._loads[self.amplitude_ua] = load
        return load

    def _wait_for_shunt(self, now_ns: int) -> None:
        self._low_since_ns = now_ns
        if not self._pending:
            self._pending = True
            self._timeline.at(now_ns + SHUNT_DELAY_NS, self._judge_shunt)

    def _judge_shunt(self) -> None:
        # A single event watches all phases; a later phase only moves its end.
        self._pending = False
        if self._bits:
            return
        due_ns = self._low_since_ns + SHUNT_DELAY_NS
        now_ns = self._timeline.now_ns
        if now_ns < due_ns:
            self._pending = True
            self._timeline.at(due_ns, self._judge_shunt)
            return
        self.circuit.advance(now_ns)
        self.shunt_closed = True
        self.hold.pause()
        self.on_shunt(1)
        self._enter()
