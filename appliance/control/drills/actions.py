"""What a drill wants, done: through the state machine, the gate and the level rules."""

from typing import Protocol

from appliance.control.commands.output_permission import is_test_load, measured
from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.control.drills.test_load import prescribe_drill
from appliance.control.effects import EffectRunner
from appliance.control.engine_state import EngineState
from appliance.control.output.handle import OutputHandle
from appliance.control.state_runner import StateRunner
from appliance.core.refusal import Refusal
from appliance.drills.kinds import DrillKind
from appliance.drills.script import DrillRequest
from appliance.link.interfaces import Peer
from appliance.safety import levels
from appliance.safety.levels import Moment
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


class DrillContext(Protocol):
    """What a drill asks of the control loop."""

    def prescribe(self, prescribed: AcceptedPrescription) -> None:
        """Lay out a treatment."""
        ...

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        ...

    def watch(self, peer: Peer) -> None:
        """Trip when this peer's screen falls silent, from now on."""
        ...


class DrillActions:
    """Acts for a drill; used by the control thread alone."""

    def __init__(
        self,
        hands: OutputHandle,
        present: EngineState,
        executor: EffectRunner,
        machine: StateRunner,
        floor: DrillContext,
    ) -> None:
        self._hands, self._present = hands, present
        self._executor, self._machine, self._floor = executor, machine, floor
        self._withheld = False

    def do(self, want: DrillRequest, kind: DrillKind, channel: int, peer: Peer) -> Refusal | None:
        """Do what a drill wants on its channel; return what was refused."""
        match want:
            case DrillRequest.PRESCRIBE:
                return self._prescribe(kind, channel)
            case DrillRequest.CHECK:
                self._floor.watch(peer)
                return self._machine.apply(events.ContactAsked())
            case DrillRequest.START:
                return self._start(peer)
            case DrillRequest.RISE:
                return self._rise(channel)
            case DrillRequest.STOP | DrillRequest.CLOSE:
                return self._machine.apply(_EVENTS[want])
            case DrillRequest.RELEASE:
                self._restore()
            case _:
                self._drive(want)
        return None

    def tidy(self) -> bool:
        """Bring the unit to rest after a drill, a step a tick; say whether it is."""
        present, hands = self._present, self._hands
        state = present.state
        if self._withheld:
            self._withheld = False
            if not isinstance(state, Tripped):
                self._restore()
        if isinstance(state, LIVE):
            self._machine.apply(events.StopAsked())
        elif isinstance(state, Finished):
            self._machine.apply(events.SessionClosed())
        elif not isinstance(state, RampDown) and present.procedure is None:
            if hands.supply_on:
                hands.set_supply(on=False)
            if isinstance(state, Ready):
                present.forget_treatment()
            return True
        return False

    def _drive(self, want: DrillRequest) -> None:
        hands = self._hands
        if want is DrillRequest.SUPPLY:
            hands.set_supply(on=True)
        elif want is DrillRequest.WITHHOLD_BEAT:
            self._withheld, hands.proving, hands.beat = True, True, False
        elif want is DrillRequest.WITHHOLD_REFRESH:
            hands.refresh = False

    def _prescribe(self, kind: DrillKind, channel: int) -> Refusal | None:
        refusal = self._machine.apply(events.Prescribed())
        if refusal is None:
            self._floor.prescribe(prescribe_drill(kind, channel))
        return refusal

    def _start(self, peer: Peer) -> Refusal | None:
        """Let current flow through a test load, whoever asked: never through a person."""
        contact = self._present.contact
        if not contact or not all(is_test_load(each) for each in contact):
            found = ", ".join(measured(each) for each in contact) or "no test load"
            return Refusal("person", found, "500 Ω or 1 kΩ within 10 %", "connect it")
        self._floor.watch(peer)
        return self._machine.apply(events.StartAsked())

    def _rise(self, channel: int) -> Refusal | None:
        treatment = self._present.treatment
        if treatment is None:
            return None
        found = levels.tap(treatment.levels[channel], treatment.rules, self._floor.moment(channel))
        if isinstance(found, Refusal):
            return found
        treatment.change(channel, found, "drill")
        return None

    def _restore(self) -> None:
        """Give heartbeat and refresh again, then release the latch as after any trip."""
        self._withheld, self._hands.refresh = False, True
        self._executor.carry_out(events.ResetLatch())
