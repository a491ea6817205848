"""Per-tick stream service: count slices that started, queue the next, detect the end.

Here the treatment's plan meets the state machine: a new stage, the end of the plan and the end of
a fall become events.
"""

from functools import lru_cache

from appliance.control.engine_state import EngineState, PlayedState
from appliance.control.output.handle import OutputHandle
from appliance.control.output.slice_stream import PlayedSlice
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.stops.recorder import LastValues
from appliance.core.limits.level_limits import RAMP_DOWN_MAX_US
from appliance.core.plan.compiler import Stage
from appliance.core.plan.decode import DecodedPulse, decode_slice
from appliance.safety.gate import Gate
from appliance.safety.levels import Moment
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import RampDown, RampUp, rises_allowed
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.text import microseconds, text
from drivers.interfaces import StreamStatus


class Feeder:
    """Keeps one slice playing and two queued, and the records of what did play."""

    def __init__(
        self, output: OutputHandle, gate: Gate, journal: EngineJournal, engine: EngineState
    ) -> None:
        self._output = output
        self._gate = gate
        self._journal = journal
        self._engine = engine
        self._write = engine.claim(PlayedState)
        self._pulses_before = dict.fromkeys(engine.measured.channels, 0)
        """Pulses of earlier streams, by channel, since the engine began."""
        self._pulsing: set[int] = set()
        """Channels in an on-time."""
        self._channels = output.rig.board.channels

    def take(self, status: StreamStatus) -> None:
        """Book the slices that began to play since the last tick."""
        stream = self._output.stream
        if stream is None:
            return
        for played in stream.take(status):
            self._count(played)
        state, drift_ppm = self._engine.played, stream.drift_ppm()
        if drift_ppm != state.drift_ppm:
            self._write(state._replace(drift_ppm=drift_ppm))

    def feed(self) -> events.Event | None:
        """Feed the stream; return what the state machine should hear of it, if anything."""
        stream, engine = self._output.stream, self._engine
        if stream is None:
            return None
        stream.feed(self._output.rig.clock.now_us)
        if engine.setup.treatment is None or not self._in_treatment():
            return None
        if stream.is_late:
            detail = text("trip.detail.late_codes")
            return events.TripRaised(trip(TripCode.LOOP_OVERRUN, detail))
        self._settle()
        if isinstance(engine.machine.state, RampDown):
            return self._fall_event()
        if stream.is_spent and stream.playing is not None:
            return events.PlanEnded()
        return self._stage_event()

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        now_us, tracker = self._engine.tick.now_us, self._output.trackers.get(channel)
        pulses = tracker.at(now_us).pulses if tracker is not None else 0
        playing = rises_allowed(self._engine.machine.state) and channel in self._pulsing
        treatment = self._engine.setup.treatment
        full = treatment is not None and treatment.sets_level(channel)
        return Moment(now_us, self._pulses_before[channel] + pulses, playing, full)

    def begin_session(self) -> None:
        """Count the slices of a new session from zero."""
        self._write(self._engine.played._replace(slices=0))

    def end_stream(self) -> None:
        """Carry the pulse counts of the stream that ended over to the next."""
        for channel, tracker in self._output.trackers.items():
            self._pulses_before[channel] += tracker.total
        self._pulsing.clear()
        self._output.forget_trackers()
        self._write(self._engine.played._replace(stage=Stage.REST))

    def last_values(self) -> tuple[LastValues, ...]:
        """Return what is set and measured on each channel of the treatment, for a stop's record."""
        treatment = self._engine.setup.treatment
        if treatment is None:
            return ()
        amplitudes, measured = self.amplitudes(), self._engine.measured.channels
        return tuple(
            LastValues(
                channel,
                level.level_ua,
                amplitudes.get(channel, 0),
                measured[channel].measured_ua,
                measured[channel].contact_ohm,
            )
            for channel, level in treatment.levels.items()
        )

    def amplitudes(self) -> dict[int, int]:
        """Return the amplitude that plays on each channel of the treatment."""
        stream = self._output.stream
        if stream is None or stream.playing is None or not self._in_treatment():
            return {}
        return {n: stream.playing.highest_ua[n - 1] for n in self._gate.doses}

    def is_live(self) -> bool:
        """Say whether a level or an amplitude is above zero."""
        treatment = self._engine.setup.treatment
        if any(self._gate.highest_ua):
            return True
        return treatment is not None and any(s.level_ua for s in treatment.levels.values())

    def _in_treatment(self) -> bool:
        return self._engine.session.id is not None

    def _count(self, played: PlayedSlice) -> None:
        engine, planned = self._engine, played.planned
        pulses = decode_slice(planned.slice, self._channels)
        before, last_pulse_us = self._pulses_so_far(), engine.played.last_pulse_us
        for channel, tracker in self._output.trackers.items():
            ends_us, phase_us = _ends(pulses, channel)
            amplitude_ua, lowest_ua = played.highest_ua[channel - 1], played.lowest_ua[channel - 1]
            tracker.played(played.start_us, ends_us, amplitude_ua, phase_us, lowest_ua)
            if amplitude_ua and ends_us:
                last_pulse_us = played.start_us + ends_us[-1]
        self._write(engine.played._replace(last_pulse_us=last_pulse_us))
        self._expect_next(played)
        if not self._in_treatment() or engine.setup.treatment is None:
            return
        self._write(engine.played._replace(slices=engine.played.slices + 1))
        engine.setup.treatment.played(planned, played.start_us)
        self._gate.played(planned, played.highest_ua)
        self._note_levels(played, before)
        self._note_pulsing(played)

    def _expect_next(self, played: PlayedSlice) -> None:
        upcoming = self._output.stream.upcoming if self._output.stream is not None else None
        following = decode_slice(upcoming.slice, self._channels) if upcoming is not None else ()
        for channel, tracker in self._output.trackers.items():
            tracker.expect(played.end_us, _ends(following, channel)[0])

    def _pulses_so_far(self) -> dict[int, int]:
        """Return the pulses of each channel in all slices that have begun."""
        return {n: self._pulses_before[n] + t.total for n, t in self._output.trackers.items()}

    def _note_levels(self, played: PlayedSlice, before: dict[int, int]) -> None:
        treatment = self._engine.setup.treatment
        if treatment is not None:
            levels = treatment.levels_of(played.planned.slice.number)
            treatment.plays(levels, before)
            self._journal.levels(levels, self._engine.played.slices, treatment.causes)

    def _note_pulsing(self, played: PlayedSlice) -> None:
        """Tell the level rules where an on-time of a channel begins and ends."""
        engine, planned, treatment = self._engine, played.planned, self._engine.setup.treatment
        if treatment is None:
            return
        for channel, share_ppm, pulses in zip(
            treatment.plan.channels, planned.envelope_ppm, planned.pulses, strict=True
        ):
            was, now = channel in self._pulsing, planned.stage is not Stage.REST
            now = now and bool(share_ppm or pulses)
            if now and not was:
                treatment.begin_pulses(channel, self.moment(channel))
                self._pulsing.add(channel)
            elif was and not now:
                treatment.end_pulses(channel, engine.tick.now_us)
                self._pulsing.discard(channel)

    def _settle(self) -> None:
        treatment = self._engine.setup.treatment
        if treatment is not None:
            for channel in treatment.levels:
                treatment.settle(channel, self.moment(channel))

    def _has_fallen(self) -> bool:
        """Say whether every channel plays at zero, or nothing more will play."""
        stream = self._output.stream
        if stream is None or stream.playing is None or stream.is_over(self._engine.tick.now_us):
            return True
        return not any(stream.playing.highest_ua) and not any(self._gate.highest_ua)

    def _fall_event(self) -> events.Event | None:
        """Notice the end of the fall; one that does not end in time is cut."""
        treatment = self._engine.setup.treatment
        if self._has_fallen():
            return events.RampedDown()
        if (
            treatment is None
            or treatment.falling_for_us(self._engine.tick.now_us) <= RAMP_DOWN_MAX_US
        ):
            return None
        detail = text("trip.detail.slow_ramp_down", allowed=microseconds(RAMP_DOWN_MAX_US))
        return events.TripRaised(trip(TripCode.LOOP_OVERRUN, detail))

    def _stage_event(self) -> events.Event | None:
        stream, engine = self._output.stream, self._engine
        if stream is None or stream.playing is None:
            return None
        stage = stream.playing.planned.stage
        # A stream may open with rest, where the first on-phase waits for its announcement.
        waits = stage is Stage.REST and isinstance(engine.machine.state, RampUp)
        if stage is engine.played.stage and not waits:
            return None
        self._write(engine.played._replace(stage=stage))
        return events.StageEntered(stage)


@lru_cache(maxsize=1_024)
def _ends(pulses: tuple[DecodedPulse, ...], channel: int) -> tuple[tuple[int, ...], int]:
    """Return when each pulse of a channel ends in its slice, and the longest phase."""
    mine = [pulse for pulse in pulses if pulse.channel == channel]
    longest_us = max((phase.duration_us for pulse in mine for phase in pulse.phases), default=0)
    return tuple(pulse.end_us for pulse in mine), longest_us
