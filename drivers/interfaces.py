"""The borders of the drivers: what a rig offers to the appliance, whatever is behind it.

One thread, the engine's control thread, calls all of this. Every method either does what it says
or raises a `DriverError`; nothing here waits longer than 20 ms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.quantities import Channel, DacCode, Microamps, Microseconds, Millivolts
from drivers.slices import Segment, Slice


class Marker(NamedTuple):
    """One LDAC strobe as the daemon reported it: a slice has begun to play.

    `tick_us` is the daemon's clock, unwrapped to a growing integer; `at_us` is the same moment on
    the engine clock, good to half a round trip to the daemon (asked once a second).
    """

    tick_us: Microseconds
    at_us: Microseconds


class GuardStatus(NamedTuple):
    """What the script inside the daemon says of itself.

    `alive` counts its polls (wraps at 2**31); `tripped` is its latch: 0 none, 1 e-stop,
    2 silence. `running` is the daemon's word that the script runs.
    """

    running: bool
    alive: int
    tripped: int


class InputEdge(NamedTuple):
    """A level change of a plain input as the daemon reported it; `line` is a field of `Inputs`.

    `at_us` is engine time, good to `unsure_us`: half a round trip to the daemon, and one sample.
    """

    line: str
    level: int
    at_us: Microseconds
    unsure_us: Microseconds = Microseconds(0)


class StreamStatus(NamedTuple):
    """What the stream did since the last call.

    `markers` are new slice starts; `queued` counts slices sent and not yet seen to start; `idle`
    says that no wave plays. The daemon is asked for that, once, only when the markers leave it
    open: nothing is queued, or a marker is overdue. `edges` are those of the input lines since
    the stream began, as far as the daemon has reported them (it is a millisecond or two behind).
    `gates_high` are the gates last seen high where none may be, a mask as in `Segment.gates`: at
    each edge of LDAC within a stream, every 50 ms between streams.
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
    """Plays slices as hardware-timed waves (design: streaming pulses with a dead man).

    Between streams LDAC is low: codes written then act at once. From `begin_stream` to the cut it
    is high, and codes act at the strobe that opens each slice.
    """

    def prepare(self) -> None:
        """Stop, clear gates, clear waves, set pin modes; at engine start and after `clear_gates`.

        LDAC is low afterwards, so the codes written next act at once.
        """
        ...

    def reconnect(self) -> None:
        """Where the daemon's connection was dropped, open a new one; then `prepare`.

        Does nothing while it stands. No guard runs afterwards: `start_guard` is asked for by
        whoever wants output again. Raises `DriverError` where no daemon answers.
        """
        ...

    def begin_stream(self) -> None:
        """Stop and clear gates and waves, so that the next slice starts a fresh stream."""
        ...

    def play(self, piece: Slice) -> None:
        """Queue a slice behind those playing.

        Raises `SliceRejected` when three slices are in flight, when the last-sent wave is the one
        playing (a late SYNC would restart the output), or when the slice breaks a stream rule. The
        second slice of a stream is taken within 10 ms of the first. Raises `DaemonLost` when the
        daemon took so long that the slice may have come late: then cut.
        """
        ...

    def poll(self) -> StreamStatus:
        """Read the markers; raises `DaemonLost` when a report is missing."""
        ...

    def cut(self) -> None:
        """Clear gates, stop waves, clear gates, LDAC low; every step tried, then `StopFailed`.

        All of it takes 20 ms at the most: steps that are left then have failed.
        """
        ...

    def start_guard(self) -> None:
        """Store and run the guard script, then delete every other script.

        Its silence timer runs from then on: refresh it within 80 ms. Starting a new guard is the
        only way to clear one that tripped. Waits for the script to run, 20 ms at most.
        """
        ...

    def refresh_guard(self) -> None:
        """Tell the guard that the engine is alive."""
        ...

    def guard_status(self) -> GuardStatus:
        """Ask the guard for its alive counter and latch (one round trip)."""
        ...

    def begin_probe(self, segments: tuple[Segment, ...], *, ldac: bool) -> None:
        """Play a short wave alone and return at once; `take_probe` collects what was reported.

        With `ldac` the LDAC line is pulsed low for 20 µs at the start of every segment. Used by
        the timing proof only, which makes sure that no current can flow. Never blocks: the guard
        and the heartbeat must be served while the wave plays.
        """
        ...

    def take_probe(self) -> tuple[Edge, ...] | None:
        """Return every reported edge once the probe wave has ended, None while it plays."""
        ...

    def close(self) -> None:
        """Cut, then let the daemon go."""
        ...


class CurrentSource(Protocol):
    """The DAC: codes go into input registers and act at the next LDAC strobe."""

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        """Write one code per channel; raises `TransferFailed`."""
        ...


class HeldReading(NamedTuple):
    """What sample-and-hold kept at the end of a phase; the sign names the phase."""

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
    """Plain inputs, True where all is well; a broken wire reads False."""

    estop_closed: bool
    hand_switch_closed: bool
    supply_good: bool
    latch_clear: bool


class ControlLines(Protocol):
    """Plain lines through the kernel; they survive the daemon."""

    def read_inputs(self) -> Inputs:
        """Read the four inputs."""
        ...

    def set_supply(self, *, on: bool) -> None:
        """Drive SUPPLY_EN."""
        ...

    def toggle_heartbeat(self) -> None:
        """Give the watchdog one-shot one edge."""
        ...

    def reset_latch(self) -> None:
        """Give LATCH_RESET one rising edge and take it low again."""
        ...

    def set_lamps(self, *, active: bool, fault: bool, buzzer: bool) -> None:
        """Drive the yellow lamp, the red lamp and the buzzer."""
        ...

    def clear_gates(self) -> None:
        """Force every gate off and LDAC low without the daemon: the last resort.

        SUPPLY_EN goes low before this, codes of 0 are written after it and act at once. The lines
        may be inputs afterwards, held low by pull-downs; `PulseOutput.prepare` makes them outputs
        again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything the engine may touch.

    `kind` is "virtual" or "hardware". `exposure` looks who reaches the daemon now and returns one
    sentence for each thing that is wrong with its isolation. Arming on hardware is refused unless
    there is none, each time anew.
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
    """Lets go of what the rig opened, in reverse order, output low first and last."""
    daemon_version: int | None = None
    """What the pigpio daemon calls itself."""

    def close(self) -> None:
        """Let everything go in reverse order, output low first; closing twice is harmless."""
        if self.release is None:
            self.pulses.close()
        else:
            self.release()
