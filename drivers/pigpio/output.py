"""Play slices as one-shot pigpio waves: a stream that ends by itself if no slice follows.

The rules are in docs/design.md section 5; `wave_slots` explains what the daemon does if they are
broken. Between streams LDAC is low, so the DAC outputs follow its input registers and a code of 0
acts at once; within a stream LDAC is high except for the strobe that opens each slice.

One slice costs six requests: new, add, create, which wave plays, send, delete.
"""

from collections.abc import Callable
from contextlib import suppress

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.errors import DaemonLost, DriverError, SliceRejected, StopFailed
from drivers.interfaces import Edge, GuardStatus, InputEdge, Marker, StreamStatus
from drivers.pigpio.client import IDLE, ONE_SHOT_SYNC, OUTPUT, StreamClient
from drivers.pigpio.guard import Guard
from drivers.pigpio.input_edges import InputEdges
from drivers.pigpio.notifications import Notifications
from drivers.pigpio.stuck_gates import GateWatch
from drivers.pigpio.timing_probe import ProbeReader
from drivers.pigpio.waves import DEPTH, PAD_PERCENT, SlotPosition, WaveBuilder, WaveSlots
from drivers.quantities import Microseconds
from drivers.slices import MAX_SLICE_US, MIN_SLICE_US, Segment, Slice

ASK_TRIES = 3
"""How often `wave_tx_at` is asked while it answers 9998 (between two waves)."""
PRIME_US = MIN_SLICE_US // 2
"""The second slice of a stream must follow the first within this time, or it is rejected."""
TICK_PERIOD_US = 1_000_000
"""How often the daemon's tick is compared with the engine clock: NTP may slew 500 ppm."""
CUT_WITHIN_US = 20_000
"""docs/design.md section 5: after 20 ms the daemon counts as lost, and SUPPLY_EN must not wait
longer."""
GATES_PERIOD_US = 50_000
"""How often the gate lines are read between streams, the same period as the guard's status."""
SAMPLE_US = 5
"""The daemon samples its pins this often (pigpiod -s, its default)."""
MARKER_PATIENCE_US = MAX_SLICE_US + 5_000
"""With slices queued a marker is due within this time; after it the daemon is asked what plays."""


class PigpioOutput:
    """`PulseOutput` through a pigpio daemon."""

    def __init__(self, client: StreamClient, board: BoardFile, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._build = WaveBuilder(board)
        self._outputs = (*board.pins.gate_list(), board.pins.ldac_n)
        self._reports = Notifications(client)
        self._guard = Guard(client, board, clock)
        self._slots = WaveSlots()
        self._probe = ProbeReader(board)
        self._inputs = InputEdges(board.pins)
        self._edges: list[InputEdge] = []
        self._gates = GateWatch(board.pins)
        self._gates_asked_us = 0
        self._streaming = False
        self._sent = 0
        self._marked = 0
        self._began_us = 0
        self._began_tick_us = 0
        self._marked_at_us = 0
        self._ldac_high = False
        self._tick_offset_us = self._tick_unsure_us = 0
        self._tick_asked_us = 0
        self._probing = False
        self._lost = False

    def prepare(self) -> None:
        """Clear gates, stop and clear waves, set pin modes; LDAC is low afterwards."""
        client = self._client
        low = self._build.gate_mask | self._build.ldac_mask
        client.clear_bank_1(low)
        client.wave_tx_stop()
        client.clear_bank_1(low)
        for gpio in self._outputs:
            client.set_mode(gpio, OUTPUT)
        client.clear_bank_1(low)
        client.wave_clear()
        self._forget()

    def reconnect(self) -> None:
        """Reconnect to a lost daemon and switch it off; see `PulseOutput.reconnect`."""
        if not (self._lost or self._client.dropped or self._reports.ended):
            return
        self._lost = True
        self._reports.close()
        self._guard.forget()
        self._client.reopen()
        self._reports = Notifications(self._client)
        self.prepare()
        self._lost = False

    def begin_stream(self) -> None:
        """Stop and clear gates and waves, so that the next slice starts a fresh stream."""
        client = self._client
        self._clear_all()
        client.set_bank_1(self._build.ldac_mask)
        self._reports.watch(self._build.ldac_mask | self._inputs.mask)
        self._reports.read()
        self._inputs.begin(client.read_bank_1())
        self._edges.clear()
        self._began_tick_us = self._compare_ticks()
        self._ldac_high = True
        self._streaming = True

    def play(self, slice_: Slice) -> None:
        """Queue a slice behind those that are playing; see `PulseOutput.play`.

        Also raises `DaemonLost` when the daemon took so long that the slice may have come too late.
        """
        if not self._streaming:
            raise SliceRejected(f"slice {slice_.number} needs a stream: begin one")
        pulses = self._build.slice_pulses(slice_)
        client = self._client
        client.wave_add_new()
        client.add_pulses(pulses)
        wave = client.wave_create_and_pad(PAD_PERCENT)
        asked_us = self._clock.now_us()
        try:
            self._slots.check_new(wave)
            done, in_time_us = self._check_turn(slice_, asked_us)
        except SliceRejected:
            client.wave_delete(wave)  # created but never sent, so not playing
            raise
        client.wave_send_using_mode(wave, ONE_SHOT_SYNC)
        self._note_sent(wave, asked_us, in_time_us)
        for old in done:
            client.wave_delete(old)

    def poll(self) -> StreamStatus:
        """Read markers; ask the daemon what plays only if the markers do not answer it.

        A dropped connection is reported as lost at each call until `reconnect`: a stalled daemon
        may keep its report connection open, and no other request might notice for 50 ms.
        """
        if self._client.dropped:
            raise DaemonLost("the daemon is gone: connection dropped")
        now_us = self._clock.now_us()
        if self._streaming and now_us - self._tick_asked_us >= TICK_PERIOD_US:
            self._compare_ticks()
        markers = tuple(
            Marker(Microseconds(tick_us), Microseconds(tick_us + self._tick_offset_us))
            for tick_us in self._strobes()
            if self._streaming
        )
        if markers:
            self._marked += len(markers)
            self._marked_at_us = now_us
        queued = max(self._sent - self._marked, 0)
        self._check_gates(now_us)
        edges, self._edges = tuple(self._edges), []
        idle = self._is_idle(queued, now_us)
        return StreamStatus(markers, queued, idle, edges, self._gates.high)

    def cut(self) -> None:
        """Clear gates, stop waves, clear gates, LDAC low, in 20 ms; see `PulseOutput.cut`."""
        self._streaming = False
        gates, ldac = self._build.gate_mask, self._build.ldac_mask
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("clear gates", lambda: self._client.clear_bank_1(gates)),
            ("stop waves", self._client.wave_tx_stop),
            ("clear gates again", lambda: self._client.clear_bank_1(gates)),
            ("LDAC low", lambda: self._client.clear_bank_1(ldac)),
        )
        failures = []
        ends_us = self._clock.now_us() + CUT_WITHIN_US
        for name, step in steps:
            left_us = ends_us - self._clock.now_us()
            if left_us <= 0:
                failures.append(f"{name}: no time left")
                continue
            self._client.take_share(left_us / CUT_WITHIN_US)
            try:
                step()
            except DriverError as error:
                failures.append(f"{name}: {error}")
        self._client.take_share(1)
        if failures:
            raise StopFailed("; ".join(failures))

    def start_guard(self) -> None:
        """Store and run the guard script, then delete every other script."""
        self._guard.start()

    def refresh_guard(self) -> None:
        """Refresh the guard's silence timer."""
        self._guard.refresh()

    def guard_status(self) -> GuardStatus:
        """Read the guard's count of polls and its latch (one round trip)."""
        return self._guard.status()

    def begin_probe(self, segments: tuple[Segment, ...], *, ldac: bool) -> None:
        """Play one wave for the timing proof and return at once."""
        client = self._client
        pulses = self._build.probe_pulses(segments, ldac=ldac)
        self._clear_all()
        if ldac:
            client.set_bank_1(self._build.ldac_mask)
        self._reports.watch(self._build.gate_mask | self._build.ldac_mask)
        self._reports.read()
        since_us = self._reports.ticks.unwrap(client.get_current_tick())
        self._probe.begin(client.read_bank_1(), since_us)
        client.wave_add_new()
        client.add_pulses(pulses)
        client.wave_send_using_mode(client.wave_create(), ONE_SHOT_SYNC)
        self._probing = True

    def take_probe(self) -> tuple[Edge, ...] | None:
        """Return every reported edge once the probe wave has ended, None while it is playing."""
        now_us = self._clock.now_us()
        if not self._probe.settle(now_us, idle=self._client.wave_tx_at() == IDLE):
            self._probe.take(self._reports.read())
            return None
        self._probe.take(self._reports.read())
        self._reports.watch(0)
        self._clear_all()
        return self._probe.edges()

    def round_trips(self) -> dict[str, int]:
        """Return the number of requests so far: for waves, for the guard, for all else."""
        return self._client.round_trips()

    def close(self) -> None:
        """Cut, delete the guard and disconnect; raises `StopFailed` if the cut failed.

        After a failed cut the guard is left in place: it cuts 80 ms later.
        """
        try:
            self.cut()
            with suppress(DriverError):
                self._guard.delete()
        finally:
            self._reports.close()
            self._client.stop()

    def _check_turn(self, slice_: Slice, now_us: int) -> tuple[tuple[int, ...], int]:
        """Return the ids to delete after the send, and the time in µs by which it must be done.

        Until that time something is certain to be playing: the queued slice, or for the second
        slice of a stream the first. Raises `SliceRejected`.
        """
        if self._sent == 0:
            return (), now_us + MIN_SLICE_US
        playing, where = self._where()
        if where is SlotPosition.UNKNOWN:
            raise SliceRejected(f"slice {slice_.number}: the daemon cannot say which wave plays")
        if where is SlotPosition.ENDED:
            self._streaming = False
            raise SliceRejected(f"slice {slice_.number} is too late: the stream has ended")
        priming = self._sent == 1 and now_us - self._began_us < PRIME_US
        if where is SlotPosition.LAST and not priming:
            raise SliceRejected(f"slice {slice_.number} is too late: the last one sent is playing")
        done = self._slots.retire(playing)
        if self._slots.in_flight >= DEPTH:
            for old in done:
                self._client.wave_delete(old)
            raise SliceRejected(f"slice {slice_.number} is too early: {DEPTH} are in flight")
        return done, (self._began_us if priming else now_us) + MIN_SLICE_US

    def _where(self) -> tuple[int, SlotPosition]:
        playing, where = IDLE, SlotPosition.UNKNOWN
        for _ in range(ASK_TRIES):
            playing = self._client.wave_tx_at()
            where = self._slots.locate(playing, idle=IDLE)
            if where is not SlotPosition.UNKNOWN:
                break
        return playing, where

    def _note_sent(self, wave: int, asked_us: int, in_time_us: int) -> None:
        self._slots.sent(wave)
        self._sent += 1
        if self._sent == 1:
            self._began_us = self._marked_at_us = asked_us
        if self._clock.now_us() >= in_time_us:
            # The SYNC may have found the DMA idle and restarted the output.
            self._streaming = False
            raise DaemonLost(f"the daemon took over {MIN_SLICE_US} µs to queue a slice")

    def _compare_ticks(self) -> int:
        """Read the daemon's tick and return it; update the offset of the engine clock from it."""
        asked_us = self._clock.now_us()
        tick_us = self._reports.ticks.unwrap(self._client.get_current_tick())
        answered_us = self._clock.now_us()
        self._tick_offset_us = (asked_us + answered_us) // 2 - tick_us
        self._tick_unsure_us = (answered_us - asked_us + 1) // 2 + SAMPLE_US
        self._tick_asked_us = answered_us
        return tick_us

    def _strobes(self) -> list[int]:
        """Return the tick of each LDAC falling edge of this stream reported since the last call."""
        if self._probing:
            self._probe.take(self._reports.read())  # polled meanwhile: its edges must not be lost
            return []
        ldac = self._build.ldac_mask
        ticks = []
        for tick_us, levels in self._reports.read():
            high = bool(levels & ldac)
            if high != self._ldac_high and tick_us >= self._began_tick_us:
                self._gates.check(levels)
            if self._ldac_high and not high and tick_us >= self._began_tick_us:
                ticks.append(tick_us)
            self._ldac_high = high
            at_us = tick_us + self._tick_offset_us
            self._edges += self._inputs.take(levels, at_us, self._tick_unsure_us)
        return ticks

    def _check_gates(self, now_us: int) -> None:
        """Read the gate lines while nothing plays; within a stream the LDAC strobes do this."""
        if self._streaming or self._probing or now_us - self._gates_asked_us < GATES_PERIOD_US:
            return
        self._gates_asked_us = now_us
        self._gates.check(self._client.read_bank_1())

    def _is_idle(self, queued: int, now_us: int) -> bool:
        if not self._streaming:
            return True
        if not self._sent or (queued and now_us - self._marked_at_us < MARKER_PATIENCE_US):
            return False
        if self._client.wave_tx_at() != IDLE:
            return False
        self._streaming = False
        return True

    def _clear_all(self) -> None:
        """Switch everything off: gates off, waves stopped and deleted, LDAC low."""
        low = self._build.gate_mask | self._build.ldac_mask
        self._client.clear_bank_1(low)
        self._client.wave_tx_stop()
        self._client.clear_bank_1(low)
        self._client.wave_clear()
        self._forget()

    def _forget(self) -> None:
        self._slots.forget()
        self._streaming = self._probing = False
        self._sent = self._marked = 0
