"""Put together what the interlocks are told of one tick."""

from appliance.control.engine_state import EngineState
from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.output.sampled_pulses import NOTHING, UNSURE_US
from appliance.core.plan.compiler import Stage
from appliance.safety.interlocks.readings import (
    BoardFacts,
    ChannelReading,
    Readback,
    Readings,
    StreamReading,
)
from appliance.safety.state_machine.events import ContactAsked, Event, ResumeAsked
from appliance.safety.state_machine.states import ContactCheck, State, is_energising, is_guarded
from drivers.board_file import BoardFile
from drivers.quantities import Channel, Microamps, Microseconds, Millivolts

NO_STREAM = StreamReading()
ZERO_US = Microseconds(0)


def board_facts(board: BoardFile) -> BoardFacts:
    """Return what of the board file readings are judged by."""
    return BoardFacts(
        Millivolts(board.output.compliance_mv),
        Millivolts(board.sense.reference_mv),
        Microamps(board.sense.current_full_scale_ua),
        Millivolts(board.sense.voltage_full_scale_mv),
    )


class InterlockInputs:
    """Makes `Readings`; holds only what does not change in a session."""

    def __init__(self, output: OutputHandle, engine: EngineState) -> None:
        self._output = output
        self._engine = engine
        self._facts = board_facts(output.rig.board)
        self._channels = tuple(Channel(n) for n in range(1, output.rig.board.channels + 1))
        self._loads: dict[int, int] = {}
        """Test loads this run was allowed for: until the next contact check, pauses included."""

    def expect(self, event: Event, loads: dict[int, int] | None) -> None:
        """Note what a step towards output was allowed for: loads, or (None) a person.

        A run that began on loads stays one for whoever resumes it.
        """
        if loads is not None or not isinstance(event, ResumeAsked):
            self._loads = {} if isinstance(event, ContactAsked) else loads or {}

    def make(
        self,
        seen: Observation,
        state: State,
        *,
        wall_us: Microseconds,
        journal_ok: bool,
        screen_at_us: Microseconds | None,
    ) -> Readings:
        """Return the readings of this tick."""
        output = self._output
        stream = output.stream.reading() if output.stream is not None else NO_STREAM
        return Readings(
            now_us=seen.at_us,
            wall_us=wall_us,
            board=self._facts,
            inputs=seen.inputs,
            inputs_at_us=seen.at_us,
            guard=seen.guard,
            guard_at_us=seen.guard_at_us,
            channels=tuple(self._channel(seen, channel) for channel in self._channels),
            rail=seen.rail,
            reference=seen.reference,
            stream=stream,
            guarded=is_guarded(state) and not output.life.latch_expected,
            energising=is_energising(state),
            checking=isinstance(state, ContactCheck),
            supply_on=output.supply_on,
            supply_at_us=output.supply_at_us,
            journal_ok=journal_ok,
            screen_at_us=screen_at_us,
            gate_levels=seen.stream.gates_high if seen.stream is not None else 0,
        )

    def _channel(self, seen: Observation, channel: Channel) -> ChannelReading:
        output = self._output
        tracker = output.trackers.get(channel)
        held = NOTHING
        if tracker is not None and output.stream is not None:
            held = tracker.at(seen.held_at_us, output.gate.highest_ua[channel - 1])
        pulsing = self._pulsing(channel)
        ceilings = output.gate.ceilings_ua
        return ChannelReading(
            channel=channel,
            set_low_ua=held.low_ua,
            set_high_ua=held.high_ua,
            ceiling_ua=Microamps(ceilings[channel - 1]),
            held=seen.held[channel - 1],
            held_at_us=seen.held_at_us,
            pulses=held.pulses,
            phase_us=held.phase_us if pulsing else ZERO_US,
            mean_period_us=self._mean_period_us() if pulsing else ZERO_US,
            exact=held.exact,
            pulses_most=held.most,
            readback=self._readback(seen, channel),
            load_ohm=self._loads.get(channel),
            pulse_ended_us=held.ended_us,
            pad_is_held=output.gate.pad_is_held,
        )

    def _mean_period_us(self) -> Microseconds:
        """Return the prescription's mean time from pulse to pulse on a channel.

        0 without a treatment, where there is none to be compared: no pulses of one play.
        """
        treatment = self._engine.setup.treatment
        return ZERO_US if treatment is None else treatment.on_time_now.train.mean_period_us

    def _pulsing(self, channel: Channel) -> bool:
        stream = self._output.stream
        if stream is None or stream.playing is None:
            return False
        if stream.playing.planned.stage is Stage.REST:
            return False
        return bool(stream.playing.highest_ua[channel - 1])

    def _readback(self, seen: Observation, channel: Channel) -> Readback | None:
        """Bound what the DAC may have had: what was latched, and its neighbour at an edge."""
        if seen.readback is None or seen.readback[0] != channel:
            return None
        output, at_us, place = self._output, seen.held_at_us, channel - 1
        gate, stream = output.gate, output.stream
        given_ua = {gate.highest_ua[place], gate.lowest_ua[place]}
        if stream is not None and stream.playing is not None:
            playing = stream.playing
            near_end = at_us > playing.end_us - UNSURE_US
            given_ua = {playing.highest_ua[place], playing.lowest_ua[place]}
            given_ua |= {gate.highest_ua[place]} if near_end else set()
            if at_us < playing.start_us + UNSURE_US:
                given_ua.add(stream.before_ua[place])
        return gate.readback(channel, seen.readback[1], given_ua)
