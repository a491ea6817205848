"""States, events and trips that the tests of the state machine share."""

from appliance.core.plan.compiler import Stage
from appliance.safety.state_machine import events as ev
from appliance.safety.state_machine.states import (
    AfterRampPause,
    Armed,
    ContactCheck,
    Delivering,
    Finish,
    Finished,
    Locked,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    SelfTest,
    State,
    Tripped,
)
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.text import text
from drivers.quantities import Channel

CUT = trip(TripCode.ESTOP, text("trip.detail.estop_open"))
CUT2 = trip(TripCode.LEAD_OFF, None, Channel(2))
RAMP = trip(TripCode.CONTACT_DRIFT, None, Channel(1))
RAMP2 = trip(TripCode.CONTACT_DRIFT, None, Channel(2))
BLIND = trip(TripCode.DAC_STUCK)
STOPPED, COMPLETED = ev.SessionOutcome.STOPPED, ev.SessionOutcome.COMPLETED
OFF = (ev.EndStream(), ev.ZeroLevels(), ev.EnableSupply(on=False))

STATES: tuple[State, ...] = (
    Locked(),
    SelfTest(),
    Ready(),
    Ready(prescribed=True),
    ContactCheck(),
    Armed(),
    RampUp(),
    Delivering(),
    Resting(),
    Paused(),
    RampDown(Finish(STOPPED)),
    RampDown(Finish(COMPLETED)),
    RampDown(AfterRampPause()),
    RampDown(RAMP),
    RampDown(RAMP, (RAMP2,)),
    Finished(STOPPED),
    Tripped(CUT, cause_present=True),
    Tripped(CUT, cause_present=False),
    Tripped(CUT, cause_present=False, unlocked=False),
    Tripped(BLIND, cause_present=False),
    Tripped(CUT, cause_present=False, further=(BLIND,)),
    Tripped(CUT, cause_present=False, untested=True),
)
EVENTS: tuple[ev.Event, ...] = (
    ev.Unlocked("a"),
    ev.LockAsked(),
    ev.SelfTestPassed(),
    ev.SelfTestFailed(trip(TripCode.SELF_TEST_FAILED)),
    ev.Prescribed(),
    ev.ContactAsked(),
    ev.ContactPassed(),
    ev.ContactFailed("channel 1 open"),
    ev.ArmedTooLong(),
    ev.StartAsked(),
    ev.StageEntered(Stage.RAMP_UP),
    ev.StageEntered(Stage.ON),
    ev.StageEntered(Stage.RAMP_DOWN),
    ev.StageEntered(Stage.REST),
    ev.PauseAsked(),
    ev.ResumeAsked(),
    ev.PausedTooLong(),
    ev.PlanEnded(),
    ev.RampedDown(),
    ev.CauseGone(),
    ev.CauseBack(),
    ev.Acknowledged(),
    ev.SessionClosed(),
)
"""Every event but trips and stops, which have tables of their own."""
