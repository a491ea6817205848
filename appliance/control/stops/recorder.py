"""Record every end of output: its cause, since when, by which layer, and when current was zero.

`begin` comes when output starts to end, `cut_done` or `ramp_done` when it has ended. Nothing here
touches the output, except to ask the guard for its latch where it may have acted first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.control.output.cut import CutReport
from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.stops.onset import Onset, OnsetEvidence, OnsetTracker
from appliance.control.stops.time_of_zero import (
    GUARD_US,
    ZeroCurrent,
    measured_zero_us,
    time_to_zero_us,
    zero_of_cut,
    zero_of_fall,
)
from appliance.core.plan.dose import Dose
from appliance.records.session_events import EventName
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import Paused, RampDown, State, Tripped, trip_of
from drivers.errors import DriverError
from drivers.pigpio.guard import SILENCE_US
from drivers.quantities import Microseconds

NO_DOSE = Dose()


class LastValues(NamedTuple):
    """One channel just before the end: what was set and what was last measured."""

    channel: int
    level_ua: int
    amplitude_ua: int
    measured_ua: int | None
    contact_ohm: int | None


@dataclass(frozen=True, slots=True)
class OutputEnd:
    """One end of output. `at_us` is when the engine noticed, `since` when its cause was.

    `queue_ends_us` is when the slices sent had all played, where the stream had run dry by then.
    `ramped_down` says that a ramp down had brought every code to zero.
    """

    cause: str
    at_us: Microseconds
    since: Onset
    channels: tuple[LastValues, ...]
    queue_ends_us: int | None = None
    ramped_down: bool = False


def cause_of(event: events.Event, state: State) -> str | None:
    """Return the cause of an end in the journal's words; None where it ends for no new one.

    `state` is the one the event led to. A trip is the cause of whatever ends in its state.
    """
    trip = trip_of(state)
    if trip is not None:
        return trip.code.name.lower()
    match event:
        case events.StopAsked(cut=cut):
            return "cut" if cut else "stop"
        case events.PauseAsked():
            return "pause"
        case events.PlanEnded():
            return "plan_ended"
        case _:
            return None


def begins_end(before: State, state: State, *, cutting: bool) -> bool:
    """Say whether a step of the state machine begins an end of output, or changes what for."""
    if cutting:
        return True
    if not isinstance(state, RampDown):
        return False
    return not isinstance(before, RampDown) or before.then != state.then


def since_of(event: events.Event, onset: OnsetTracker, now_us: int, asked_us: int | None) -> Onset:
    """Return when the cause of an end was; `asked_us` is when the present command arrived."""
    match event:
        case events.TripRaised(trip=trip):
            return onset.since(trip)
        case events.StopAsked() | events.PauseAsked():
            return Onset(now_us if asked_us is None else asked_us, OnsetEvidence.COMMAND)
        case events.PlanEnded():
            return Onset(now_us, OnsetEvidence.PLAN)
        case _:
            return Onset(now_us, OnsetEvidence.JUDGED)


class StopState(NamedTuple):
    """The end of output under way, or the last one of the session. Written by `StopRecorder`.

    `zero_current` says when it had come to zero current and by which layer, `time_to_zero_us` how
    long that took from its cause, at the most.
    """

    ending: OutputEnd | None = None
    is_open: bool = False
    zero_current: ZeroCurrent | None = None
    time_to_zero_us: int | None = None


class StopRecorder:
    """Times each end of output and writes it into the journal by `note`."""

    def __init__(
        self,
        output: OutputHandle,
        onset: OnsetTracker,
        write: Callable[[StopState], None],
        note: Callable[..., int],
    ) -> None:
        self._output = output
        self._onset = onset
        self._write = write
        self._note = note
        self._stop = StopState()
        self.newest: Observation | None = None
        """The newest observation: what the layers below reported."""

    def look(self, observation: Observation) -> None:
        """Keep the newest observation."""
        self.newest = observation

    def begin_session(self) -> None:
        """Forget the ends of the session before."""
        self._set(StopState())

    def begin(
        self,
        cause: str,
        since: Onset,
        now_us: Microseconds,
        state: State,
        values: tuple[LastValues, ...],
        *,
        is_new: bool,
        ramped_down: bool = False,
    ) -> None:
        """Note that output begins to end, and what was set and measured until then.

        A ramp down that continues for another cause keeps its beginning; with `is_new` it is a cut,
        timed by itself unless it only follows a ramp that has come to zero (`ramped_down`).
        """
        output, stop = self._output, self._stop
        if output.stream is None and not output.supply_on:
            self._note_idle(cause, since, now_us, state)
            return
        open_end = stop.ending if stop.is_open else None
        if open_end is not None and (ramped_down or not is_new):
            self._set(stop._replace(ending=replace(open_end, cause=cause, ramped_down=ramped_down)))
            return
        values = open_end.channels if open_end is not None else values
        ending = OutputEnd(cause, now_us, since, values, self._queue_ends_us())
        self._set(stop._replace(ending=ending, is_open=True))

    def _note_idle(self, cause: str, since: Onset, now_us: Microseconds, state: State) -> None:
        """Note what comes while nothing is on, so that no end before it is named or timed for it.

        In a tripped state the end that led there stays the one that is shown.
        """
        before = self._stop.ending
        if self._stop.is_open or isinstance(state, Tripped):
            return
        values = before.channels if isinstance(state, Paused) and before is not None else ()
        self._set(StopState(OutputEnd(cause, now_us, since, values)))

    def rename(self, cause: str) -> None:
        """Note why a paused session has ended; its time to zero stays."""
        ending = self._stop.ending
        if ending is not None:
            self._set(self._stop._replace(ending=replace(ending, cause=cause)))

    def cut_done(self, report: CutReport, last_pulse_us: int) -> None:
        """Record the end that a cut has brought; for one recorded before, only what failed."""
        stop = self._stop
        if stop.is_open:
            self._close(self._zero_of(report, last_pulse_us), report.failures)
        elif report.failures:
            self._record(report.failures)

    def ramp_done(self, last_pulse_us: int, now_us: int) -> None:
        """Record the end that a ramp down has brought: the stream was ended at `now_us`."""
        if self._stop.is_open:
            self._close(zero_of_fall(last_pulse_us, now_us))

    def _close(self, zero: ZeroCurrent | None, failures: tuple[str, ...] = ()) -> None:
        ending, took_us = self._stop.ending, None
        if ending is not None and zero is not None:
            took_us = time_to_zero_us(ending.since, zero)
        self._set(StopState(ending, is_open=False, zero_current=zero, time_to_zero_us=took_us))
        self._record(failures)

    def _record(self, failures: tuple[str, ...]) -> None:
        """Record the end: cause, layer, time to zero, and what was set and measured before."""
        ending, zero = self._stop.ending, self._stop.zero_current
        since = ending.since if ending is not None else None
        channels = [
            {**last._asdict(), "pulses": dose.pulses, "charge_pc": dose.charge_pc}
            for last in (ending.channels if ending is not None else ())
            for dose in (self._output.gate.doses.get(last.channel, NO_DOSE),)
        ]
        self._note(
            EventName.STOP,
            cause=ending.cause if ending is not None else "",
            layer=zero.layer if zero is not None else "engine",
            time_to_zero_us=self._stop.time_to_zero_us if since is not None else None,
            cause_at_us=since.at_us if since is not None else None,
            cause_known_by=since.known_by.value if since is not None else None,
            noticed_at_us=ending.at_us if ending is not None else None,
            zero_at_us=zero.at_us if zero is not None else None,
            zero_known_by=zero.known_by if zero is not None else None,
            measured_zero_us=measured_zero_us(self.newest, since, zero),
            failures=list(failures),
            channels=channels,
        )

    def _set(self, stop: StopState) -> None:
        self._stop = stop
        self._write(stop)

    def _zero_of(self, report: CutReport, last_pulse_us: int) -> ZeroCurrent | None:
        ending = self._stop.ending
        if ending is not None and ending.ramped_down:
            return zero_of_fall(last_pulse_us, report.began_us)
        return zero_of_cut(
            report,
            self.newest,
            self._onset,
            queue_ends_us=ending.queue_ends_us if ending is not None else None,
            guard_tripped=self._guard_latch(report),
        )

    def _guard_latch(self, report: CutReport) -> int:
        """Return the guard's latch, read again where it can have been before the engine's cut."""
        known = self.newest.guard if self.newest is not None else None
        if known is not None and known.tripped:
            return known.tripped
        onset, began_us = self._onset, report.began_us
        opened = onset.fall_of("estop_closed")
        saw_estop = opened is not None and began_us - opened.at_us > GUARD_US // 2
        saw_silence = began_us - onset.refreshed_by_us > SILENCE_US
        if report.gates_off_us is None or not (saw_estop or saw_silence):
            return 0
        try:
            return self._output.rig.pulses.guard_status().tripped
        except DriverError:
            return 0

    def _queue_ends_us(self) -> int | None:
        """Return when the last slice ended, where more were due and none plays any more."""
        stream, observation = self._output.stream, self.newest
        if stream is None or stream.is_spent or stream.playing is None or stream.upcoming:
            return None
        if observation is None or observation.stream is None or not observation.stream.idle:
            return None
        return stream.playing.end_us
