"""The interfaces of the drivers: what every rig offers to the appliance, real or virtual.

Only the engine's control thread calls these methods. Each does what it says or raises a
`DriverError`; none waits longer than 20 ms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.quantities import Channel, DacCode, Microamps, Microseconds, Millivolts
from drivers.slices import Segment, Slice


class Marker(NamedTuple):
    """One LDAC strobe as the daemon reported it: the moment at which a slice started to play.

    `tick_us` is the daemon's clock, unwrapped to an integer that only grows; `at_us` is the same
    moment on the engine clock, accurate to half a round trip to the daemon (measured once a
    second).
    """

    tick_us: Microseconds
    at_us: Microseconds


class GuardStatus(NamedTuple):
    """What the guard script inside the daemon reports.

    `running` is whether the daemon runs the script; `alive` counts its polls (wraps at 2**31);
    `tripped` is its latch: 0 not tripped, 1 e-stop, 2 silence of the engine.
    """

    running: bool
    alive: int
    tripped: int


class InputEdge(NamedTuple):
    """A level change of a plain input as the daemon reported it; `line` is a field of `Inputs`.

    `at_us` is engine time, accurate to `unsure_us`: half a round trip to the daemon plus one
    sample.
    """

    line: str
    level: int
    at_us: Microseconds
    unsure_us: Microseconds = Microseconds(0)


class StreamStatus(NamedTuple):
    """What happened on the stream since the last call.

    `markers` are the new slice starts; `queued` counts slices sent but not yet seen to start;
    `idle` is whether no wave is playing. For `idle` the daemon is asked at most once, and only when
    the markers do not answer it: nothing is queued, or a marker is overdue. `edges` are those of
    the input lines since the stream began, as far as reported (reports are 1 to 2 ms behind).
    `gates_high` is a mask as in `Segment.gates` of the gates last seen high while all must be off:
    checked at each edge of LDAC within a stream, every 50 ms between streams.
    """

    markers: tuple[Marker, ...]
    queued: int
    idle: bool
    edges: tuple[InputEdge, ...] = ()
    gates_high: int = 0


class Edge(NamedTuple):
    """A level change of one gate or LDAC line as the daemon reported it."""

    line: str
    level: int
    tick_us: Microseconds


class PulseOutput(Protocol):
    """Plays slices as hardware-timed waves that end by themselves (docs/design.md section 5).

    Between streams LDAC is low, so a code acts as soon as it is written. From `begin_stream` to the
    cut LDAC is high, and codes act at the strobe that opens each slice.
    """

    def prepare(self) -> None:
        """Clear gates, stop and clear waves, set pin modes.

        Called at engine start and after `clear_gates`. LDAC is low afterwards, so codes act as soon
        as they are written.
        """
        ...

    def reconnect(self) -> None:
        """Open a new connection to the daemon if the last one was dropped, then `prepare`.

        Does nothing while the connection is open. No guard runs afterwards: the caller must call
        `start_guard` before it wants output again. Raises `DriverError` if no daemon answers.
        """
        ...

    def begin_stream(self) -> None:
        """Stop and clear gates and waves, so that the next slice starts a fresh stream."""
        ...

    def play(self, slice_: Slice) -> None:
        """Queue a slice behind those that are playing.

        Raises `SliceRejected` when three slices are in flight, when the wave sent last is already
        playing (a late SYNC would restart the output), or when the slice breaks a stream rule. The
        second slice of a stream must follow the first within 10 ms. Raises `DaemonLost` when the
        daemon took so long that the slice may have come too late: the caller must then cut.
        """
        ...

    def poll(self) -> StreamStatus:
        """Read the new markers; raises `DaemonLost` when a report is missing."""
        ...

    def cut(self) -> None:
        """Clear gates, stop waves, clear gates, LDAC low.

        Every step is tried; then `StopFailed` is raised if one failed. Takes 20 ms at most: steps
        not done by then count as failed.
        """
        ...

    def start_guard(self) -> None:
        """Store and run the guard script, then delete every other script.

        The guard's silence timer runs from then on: refresh it within 80 ms. Starting a new guard
        is the only way to clear a tripped one. Waits until the script runs, 20 ms at most.
        """
        ...

    def refresh_guard(self) -> None:
        """Tell the guard that the engine is alive."""
        ...

    def guard_status(self) -> GuardStatus:
        """Ask the guard for its alive counter and latch (one round trip)."""
        ...

    def begin_probe(self, segments: tuple[Segment, ...], *, ldac: bool) -> None:
        """Play one short wave, with nothing queued behind it, and return at once.

        `take_probe` collects the reported edges. With `ldac` the LDAC line is pulsed low for 20 µs
        at the start of every segment. Used only by the timing proof, which makes sure that no
        current can flow. Does not block, because guard and heartbeat must be served while the wave
        plays.
        """
        ...

    def take_probe(self) -> tuple[Edge, ...] | None:
        """Return every reported edge once the probe wave has ended, None while it is playing."""
        ...

    def close(self) -> None:
        """Cut, then disconnect from the daemon."""
        ...


class CurrentSource(Protocol):
    """The DAC: codes go into input registers and act at the next LDAC strobe."""

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        """Write one code per channel; raises `TransferFailed`."""
        ...


class HeldReading(NamedTuple):
    """Current and voltage held at the end of a phase; the sign tells which phase."""

    current_ua: Microamps
    voltage_mv: Millivolts


class SenseInput(Protocol):
    """The ADC, in amperes and volts."""

    def read_held(self, channel: Channel) -> HeldReading:
        """Return held current and voltage of a channel."""
        ...

    def read_code(self, channel: Channel) -> DacCode:
        """Return the DAC output of a channel as a 12-bit code, read back."""
        ...

    def read_rail_mv(self) -> Millivolts:
        """Return the isolated supply rail."""
        ...

    def read_reference_mv(self) -> Millivolts:
        """Return the reference input, known from the board file."""
        ...


class Inputs(NamedTuple):
    """Plain inputs. True is the normal state; a broken wire reads False."""

    estop_closed: bool
    hand_switch_closed: bool
    supply_good: bool
    latch_clear: bool


class ControlLines(Protocol):
    """Plain lines driven through the kernel, independent of the daemon."""

    def read_inputs(self) -> Inputs:
        """Read the four inputs."""
        ...

    def set_supply(self, *, on: bool) -> None:
        """Switch the isolated supply on or off (SUPPLY_EN)."""
        ...

    def toggle_heartbeat(self) -> None:
        """Change the level of HEARTBEAT once: one edge for the watchdog's one-shot."""
        ...

    def reset_latch(self) -> None:
        """Pulse LATCH_RESET: one rising edge, then low again."""
        ...

    def set_lamps(self, *, active: bool, fault: bool, buzzer: bool) -> None:
        """Drive the yellow lamp, the red lamp and the buzzer."""
        ...

    def clear_gates(self) -> None:
        """Force every gate and LDAC low without the daemon: the last resort.

        Call it with SUPPLY_EN already low; codes of 0 written afterwards act at once. The lines may
        be inputs afterwards, held low by pull-downs, until `PulseOutput.prepare` makes them outputs
        again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rig:
    """All the hardware the engine may use.

    `kind` is "virtual" or "hardware". `exposure` checks who can reach the daemon now and returns
    one sentence for each gap in its isolation. On hardware, arming is refused unless it returns
    none; it is called again at each arming.
    """

    kind: str
    board: BoardFile
    clock: Clock
    pulses: PulseOutput
    currents: CurrentSource
    sense: SenseInput
    lines: ControlLines
    exposure: Callable[[], tuple[str, ...]]
    release: Callable[[], None] | None = None
    """Closes what the rig opened, in reverse order; output goes low first, and again last."""
    daemon_version: int | None = None
    """Version number that the pigpio daemon reports."""
    simulated_time: bool = False
    """Whether `clock` is board time that stands still while the machine is late."""

    def close(self) -> None:
        """Close everything in reverse order, output low first; closing twice is harmless."""
        if self.release is None:
            self.pulses.close()
        else:
            self.release()
