"""Carry out what the state machine asks for. One method an effect; nothing here decides."""

from typing import assert_never

from appliance.control.contact_check import contact_check
from appliance.control.cut import CutReport, cut
from appliance.control.hands import Hands
from appliance.control.log import Log
from appliance.control.present import Present, Procedure
from appliance.control.self_test import self_test
from appliance.core.compiler import Stage
from appliance.records.sessions import EventName
from appliance.safety.events import (
    BeginRampDown,
    BeginStream,
    CloseSession,
    Cut,
    Effect,
    EnableSupply,
    EndStream,
    OpenSession,
    Record,
    Refuse,
    ResetLatch,
    RunContactCheck,
    RunSelfTest,
    ZeroLevels,
)
from appliance.safety.states import Tripped, trip_of


class Executor:
    """Acts on effects in the order they come."""

    def __init__(self, hands: Hands, log: Log, present: Present) -> None:
        self._hands = hands
        self._log = log
        self._present = present
        self.daemon_lost = False
        """A lost daemon makes the next cut take the supply first."""

    def carry_out(self, effect: Effect) -> None:  # noqa: C901, PLR0912 - one line an effect
        """Do one effect; raises `DriverError` where the rig fails, except in a cut."""
        match effect:
            case Refuse():
                return
            case Record(name=name):
                self._note(name)
            case RunSelfTest():
                self._begin(self_test(self._hands))
            case RunContactCheck():
                self._begin_contact_check()
            case BeginStream():
                self._begin_stream()
            case BeginRampDown():
                self._begin_ramp_down()
            case Cut():
                self.cut()
            case EndStream():
                self._end_stream()
            case ZeroLevels():
                self._zero_levels()
            case EnableSupply(on=on):
                self._hands.set_supply(on=on)
            case OpenSession():
                self._open_session()
            case CloseSession(outcome=outcome):
                self._log.close_session(outcome, self._hands.gate.doses)
                self._hands.gate.shut()
            case ResetLatch():
                self._hands.start_guard()
                self._hands.rig.lines.reset_latch()
            case _:
                assert_never(effect)

    def cut(self) -> CutReport:
        """Take the output off, whatever fails; what failed is in the report and the journal."""
        present, hands = self._present, self._hands
        self.end_procedure()
        report = cut(hands.rig, daemon_lost=self.daemon_lost)
        hands.supply_on = False
        hands.forget_stream()
        hands.gate.shut()
        self._after_stream()
        present.ended_by = "engine"
        found = trip_of(present.state)
        present.cause = found.code.name.lower() if found is not None else present.cause
        present.time_to_zero_us = report.took_us
        self._log.stop("engine", report)
        return report

    def end_procedure(self) -> None:
        """Close the present procedure, if there is one, and give the heartbeat back."""
        if self._present.procedure is not None:
            self._present.procedure.close()
            self._present.procedure = None
        self._hands.beat, self._hands.proving = True, False

    def _begin(self, procedure: Procedure) -> None:
        self.end_procedure()
        self._present.procedure = procedure
        next(procedure)

    def _begin_contact_check(self) -> None:
        if self._present.treatment is not None:
            self._begin(contact_check(self._hands, self._present.treatment.prescription))

    def _begin_stream(self) -> None:
        treatment = self._present.treatment
        if treatment is None:
            return
        treatment.rewind()
        self._hands.begin_stream(treatment.next_slice, treatment.codes_for)

    def _begin_ramp_down(self) -> None:
        if self._present.treatment is not None:
            self._present.treatment.fall(self._present.now_us)

    def _end_stream(self) -> None:
        self._hands.end_stream()
        self._after_stream()

    def _after_stream(self) -> None:
        """Carry the pulse counts of the stream that ended over to the next."""
        present = self._present
        for number, channel in present.channels.items():
            tracker = self._hands.trackers.get(number)
            channel.pulses_before += tracker.total if tracker is not None else 0
            channel.pulsing = False
        self._hands.trackers = {}
        present.stage = Stage.REST

    def _zero_levels(self) -> None:
        treatment = self._present.treatment
        if treatment is not None:
            treatment.interrupt(self._present.now_us)

    def _open_session(self) -> None:
        treatment = self._present.treatment
        if treatment is None:
            return
        present = self._present
        present.cause, present.ended_by, present.time_to_zero_us = "", None, None
        present.slices = present.slice_number = 0
        for channel in present.channels.values():
            channel.worst_error_ua = channel.highest_ua = 0
        self._hands.gate.open(treatment.permit)
        self._log.open_session()

    def _note(self, name: str) -> None:
        state = self._present.state
        if isinstance(state, Tripped) and name == "acknowledged":
            self._log.note(EventName.ACKNOWLEDGED, code=state.trip.code.value)
        if name in ("stop", "cut", "pause", "plan_ended"):
            self._present.cause = name
