"""What a drill wants, done: through the state machine, the gate and the level rules."""

from appliance.control.commands.output_permission import refuse_what_is_no_load
from appliance.control.commands.screen_liveness import ScreenWatch
from appliance.control.drills.drill_prescription import prescribe_drill
from appliance.control.effects import EffectRunner, RunningProcedure
from appliance.control.engine_state import EngineState
from appliance.control.output.handle import OutputHandle
from appliance.control.state_runner import StateRunner
from appliance.control.tick.feeder import Feeder
from appliance.control.treatment_setup import TreatmentSetup
from appliance.core.refusal import Refusal
from appliance.drills.script import DrillRequest
from appliance.link.interfaces import Peer
from appliance.messages.wire import DrillKind, Subject
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import (
    Armed,
    ContactCheck,
    Delivering,
    Finished,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    Tripped,
)

LIVE = (ContactCheck, Armed, RampUp, Delivering, Resting, Paused)
_EVENTS: dict[DrillRequest, events.Event] = {
    DrillRequest.STOP: events.StopAsked(),
    DrillRequest.CLOSE: events.SessionClosed(),
}


class DrillActions:
    """Acts for a drill; used only by the control thread."""

    def __init__(
        self,
        output: OutputHandle,
        engine: EngineState,
        effects: EffectRunner,
        state_runner: StateRunner,
        setup: TreatmentSetup,
        feeder: Feeder,
        procedure: RunningProcedure,
        screen: ScreenWatch,
    ) -> None:
        self._output, self._engine = output, engine
        self._effects, self._state_runner = effects, state_runner
        self._setup, self._feeder = setup, feeder
        self._procedure, self._screen = procedure, screen
        self._withheld = False

    def do(
        self, request: DrillRequest, kind: DrillKind, channel: int, peer: Peer
    ) -> Refusal | None:
        """Do what a drill wants on its channel; return what was refused."""
        match request:
            case DrillRequest.PRESCRIBE:
                return self._prescribe(kind, channel)
            case DrillRequest.CHECK:
                self._screen.take(peer, self._engine.tick.now_us)
                return self._state_runner.apply(events.ContactAsked())
            case DrillRequest.START:
                return self._start(peer)
            case DrillRequest.RISE:
                return self._rise(channel)
            case DrillRequest.STOP | DrillRequest.CLOSE:
                return self._state_runner.apply(_EVENTS[request])
            case DrillRequest.RELEASE:
                self._restore()
            case _:
                self._drive(request)
        return None

    def tidy(self) -> bool:
        """Bring the unit to rest after a drill, a step a tick; say whether it is."""
        engine, output = self._engine, self._output
        state = engine.machine.state
        if self._withheld:
            self._withheld = False
            if not isinstance(state, Tripped):
                self._restore()
        if isinstance(state, LIVE):
            self._state_runner.apply(events.StopAsked())
        elif isinstance(state, Finished):
            self._state_runner.apply(events.SessionClosed())
        elif not isinstance(state, RampDown) and not self._procedure.is_running:
            if output.supply_on:
                output.set_supply(on=False)
            if isinstance(state, Ready):
                self._setup.forget()
            return True
        return False

    def _drive(self, request: DrillRequest) -> None:
        output = self._output
        if request is DrillRequest.SUPPLY:
            output.set_supply(on=True)
        elif request is DrillRequest.WITHHOLD_BEAT:
            self._withheld = True
            output.withhold_heartbeat()
        elif request is DrillRequest.WITHHOLD_REFRESH:
            output.withhold_refresh()

    def _prescribe(self, kind: DrillKind, channel: int) -> Refusal | None:
        return self._state_runner.prescribe(prescribe_drill(kind, channel))

    def _start(self, peer: Peer) -> Refusal | None:
        """Start output through a test load, for any peer; refuse it through anything else."""
        refusal = refuse_what_is_no_load(Subject.TEST_LOAD, self._engine.setup.contact)
        if refusal is not None:
            return refusal
        self._screen.take(peer, self._engine.tick.now_us)
        return self._state_runner.apply(events.StartAsked())

    def _rise(self, channel: int) -> Refusal | None:
        treatment = self._engine.setup.treatment
        if treatment is None:
            return None
        return treatment.raise_level(channel, self._feeder.moment(channel), "drill")

    def _restore(self) -> None:
        """Give heartbeat and refresh again, then release the latch as after any trip."""
        self._withheld = False
        self._output.give_refresh()
        self._effects.carry_out(events.ResetLatch())
