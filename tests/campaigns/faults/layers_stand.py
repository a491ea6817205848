"""A healthy treatment on stepped time, ways to break it, and questions to its recording.

The engine is ticked by the test, so it can be dead from any tick on; only a hostile client and the
board's faults are used to break something.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pigpio

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from appliance.core.plan.decode import decode_slice
from appliance.core.prescription.prescription import Prescription
from appliance.engine import stepped_engine
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from appliance.records.wall_clock import SteppedWallClock
from drivers.board_file import BoardFile, load_board_file
from drivers.errors import DaemonRefused
from drivers.pigpio.client import StreamClient
from drivers.pigpio.waves import WaveBuilder, WavePulse
from drivers.slices import Slice
from drivers.virtual.bench.recorder import TraceRecorder
from drivers.virtual.board import VirtualBoard
from drivers.virtual.output_stage.recorder_hooks import SILENT
from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns
from tests.campaigns.bench.stepped import SCREEN_TICKS, Treatment

CHANNELS = (1, 2)
LEVEL_UA = 6_000
CARRYING_UA = 5_000
"""A sample counts only if both channels carried this much just before."""
ZERO_UA = 100
"""Below 0.1 mA counts as no current."""
TICK_US = 10_000
SCRIPTS = 32
START_UTC_US = 1_700_000_000_000_000
LONGEST = "29.8 ms slices"
DENSE, TENS, BURST, SLOW = "250 pps", "conventional-tens", "burst-tens", "low-rate-tens"
PERIOD_US = {DENSE: 4_000, LONGEST: 14_900}
"""Trains that the catalogue does not have: the densest allowed, and the longest slices."""
SPACING_US = {**PERIOD_US, TENS: 12_500, BURST: 500_000, SLOW: 250_000}
"""Longest time between two pulses of a channel."""
PACKED = (DENSE, BURST)
PACKED_PHASE_US, PACKED_GAP_US = 150, 10
SIGNALS = ("i1_ua", "i2_ua", "supply_en")


def prescription(name: str) -> Prescription:
    """Return a programme of the catalogue on both channels, or one of `PERIOD_US`."""
    period_us = PERIOD_US.get(name)
    programme = find(name if period_us is None else TENS)
    if not isinstance(programme, Programme):
        raise KeyError(name)
    prescription = to_prescription(programme, CHANNELS, tap_ua=1_000)
    if period_us is None:
        return prescription
    part = replace(prescription.parts[0], period_us=period_us)
    return replace(prescription, parts=(part,), ceiling_ua=20_000)


@dataclass
class Stand:
    """One treatment and ways to break it. Times are board time in µs."""

    board: VirtualBoard
    treatment: Treatment
    data: Path
    programme: str
    carried_us: dict[int, int] = field(default_factory=dict)
    looped: Slice | None = None
    screen: bool = True
    afterwards: ExitStack = field(default_factory=ExitStack)
    last_sent_us: int = 0
    _ticks: int = 0
    _sent: int = 0
    _trace: Path | None = None
    _changes: dict[str, list[Change]] = field(default_factory=dict)
    _unit_us: float = 0.1

    # --- the healthy treatment ---------------------------------------------------------------

    def tick(self) -> None:
        """Run the control tick that is due; board time does not advance until `rest`."""
        engine = self.treatment.engine
        engine.loop.tick()
        engine._next_us = self.board.now_us + TICK_US
        if self.screen and self._ticks % SCREEN_TICKS == 0:
            self.treatment.link.snapshot()
            self.treatment.link.shown()
        self._ticks += 1
        self._note_stream()

    def rest(self) -> None:
        """Let the rest of the tick pass; then the next tick is due."""
        self.board.advance_to_us(self.treatment.engine._next_us)

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.tick()
            self.rest()

    def _note_stream(self) -> None:
        stream = self.loop._output.stream
        if stream is None:
            return
        if stream.sent != self._sent:
            self._sent, self.last_sent_us = stream.sent, self.board.now_us
        if stream.playing is not None:
            playing = stream.playing.planned.slice
            if {pulse.channel for pulse in decode_slice(playing, 2)} == set(CHANNELS):
                self.looped = playing

    @property
    def loop(self) -> Any:
        """Return the control loop, for access to its internals."""
        return self.treatment.engine.loop

    @property
    def now_us(self) -> int:
        return self.board.now_us

    @property
    def trip(self) -> str:
        """Return the current trip code, "" if there is none."""
        trip = getattr(self.loop.state.machine.state, "trip", None)
        return "" if trip is None else str(trip.code.value)

    @property
    def latch_causes(self) -> tuple[str, ...]:
        """Return what set the hardware latch; empty while it is clear."""
        stage: Any = self.board.stage
        return tuple(stage.latch.causes) if stage.latch.is_set else ()

    @property
    def guard_latch(self) -> int:
        """Return the guard's own latch: 0, 1 e-stop, 2 silence; -1 if it does not run."""
        guard = self.loop._rig.pulses._guard
        state, parameters = self.client().script_status(guard._id)
        return parameters[2] if state == pigpio.PI_SCRIPT_RUNNING else -1

    def is_live(self) -> bool:
        """Tell whether what the next strobe latches is above zero on both channels."""
        return all(self.loop._gate.highest_ua)

    def carries(self) -> bool:
        """Tell whether each channel carried 5 mA since its last pulse was due."""
        since_us = self.now_us - SPACING_US[self.programme] - TICK_US
        return all(self.carried_us.get(n, -1) >= since_us for n in CHANNELS)

    def follow_current(self) -> None:
        """Record when each load last carried 5 mA, from the electrical model itself."""

        def note(index: int, at_ns: int, current_ua: float) -> None:
            if abs(current_ua) >= CARRYING_UA:
                self.carried_us[index + 1] = at_ns // 1_000

        stage: Any = self.board.stage
        stage.follow(SILENT, note)

    # --- breaking it -------------------------------------------------------------------------

    def client(self) -> StreamClient:
        """Return a plain client of the daemon, as any program on the machine could open one."""
        return StreamClient(lambda: InProcessSocket(self.board.daemon.connect()))

    def stop_guard(self) -> None:
        """Stop every script in the daemon; from now on the guard no longer polls."""
        client = self.client()
        for number in range(SCRIPTS):
            with suppress(DaemonRefused):  # no script has that number
                client.stop_script(number)

    def loop_wave(self) -> None:
        """Play pulses for ever, like a hostile client: the programme's own slice again and again.

        For the densest train and for bursts, legal phases without gaps are used instead: current
        flows nearly all the time, so that a gap is not taken for zero current.
        """
        if self.looped is None:
            raise AssertionError("no slice with pulses on both channels was seen")
        client = self.client()
        client.wave_add_new()
        if self.programme in PACKED:
            client.add_pulses(packed_pulses(self.board.board_file))
        else:
            client.add_pulses(WaveBuilder(self.board.board_file).slice_pulses(self.looped))
        client.wave_send_repeat(client.wave_create())

    def run_us(self, duration_us: float) -> None:
        """Run the board without the engine."""
        timeline = self.board.timeline
        self.board.timeline.advance_to(timeline.now_ns + round(duration_us * 1_000))

    def own_records(self, folder: Path) -> None:
        """Give this child's engine a copy of the records; the parent keeps writing its own."""
        shutil.copytree(self.data, folder)
        clock = self.loop._rig.clock
        wall = SteppedWallClock(clock, START_UTC_US)
        parents, own = (
            self.loop._journal._records,
            Journal.open(folder, wall, clock, threaded=False),
        )
        self.loop._journal._records = own
        self.afterwards.callback(setattr, self.loop._journal, "_records", parents)
        self.afterwards.callback(own.close)

    # --- what the recording says -------------------------------------------------------------

    def record(self, path: Path) -> None:
        """Record from now on."""
        board = self.board
        board.recorder = TraceRecorder(path, board.timeline, board.pins, board.stage)
        self._trace = path

    def end_recording(self) -> None:
        """Close the recording and read it with the VCD reader that shares no product code."""
        if self._trace is None:
            raise AssertionError("nothing was recorded")
        self.board.close()
        self._changes = read_changes(self._trace, SIGNALS)
        self._unit_us = tick_ns(self._trace) / 1_000

    def changes(self, name: str) -> list[tuple[float, float]]:
        """Return (time in µs, value) of every change of a signal."""
        return [(at * self._unit_us, value) for at, value in self._changes[name]]

    def last_current_us(self, since_us: float) -> float:
        """Return when current last flowed in any load; `since_us` if not after it."""
        flows = [end for _, end, _ in self.flows(since_us)]
        return max(flows, default=since_us)

    def flows(
        self, since_us: float, channels: tuple[int, ...] = CHANNELS
    ) -> list[tuple[float, float, float]]:
        """Return (from, to, µA) of all current of at least 0.1 mA in these loads."""
        flows = []
        for channel in channels:
            changes = self.changes(f"i{channel}_ua")
            ends = [at for at, _ in changes[1:]] + [float(self.now_us)]
            flows += [
                (max(at, since_us), end, value)
                for (at, value), end in zip(changes, ends, strict=True)
                if abs(value) >= ZERO_UA and end > since_us
            ]
        return flows


def packed_pulses(board: BoardFile) -> list[WavePulse]:
    """Return a wave of legal phases on both channels with only dead time between them."""
    gates = [1 << pin for pin in board.pins.gate_list()]
    everything = sum(gates)
    pulses = [WavePulse(0, everything, PACKED_GAP_US)]
    for gate in gates:
        pulses += [WavePulse(gate, 0, PACKED_PHASE_US), WavePulse(0, gate, PACKED_GAP_US)]
    return pulses


@contextmanager
def open_stand(programme: str, level_ua: int = LEVEL_UA) -> Iterator[Stand]:
    """Raise a treatment to a level on both channels and yield it between two ticks."""
    board = VirtualBoard(load_board_file())
    with tempfile.TemporaryDirectory(prefix="layers-") as data:
        folder = Path(data)
        with stepped_engine(board, folder, START_UTC_US) as (engine, link):
            treatment = Treatment(board, engine, link)
            treatment.begin(prescription(programme), Subject.PATIENT)
            treatment.rise(level_ua)
            stand = Stand(board, treatment, folder, programme)
            stand.follow_current()
            stand.ticks(60)
            with stand.afterwards:
                yield stand
