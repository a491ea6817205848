"""What the headless clinician does next, snapshot by snapshot."""

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest

from appliance.control.commands.output_permission import is_dummy_load
from appliance.messages.actions import (
    Action,
    CheckContact,
    CloseSession,
    Prescribe,
    Rise,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import (
    ChannelView,
    ContractionView,
    HandSwitchView,
    Snapshot,
    TripView,
)
from appliance.messages.wire import Subject, TextView
from tests.support.snapshots import AT_REST
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatmentRequest

PRESCRIBE = Prescribe(
    subject=Subject.PATIENT,
    patient="P-1",
    programme="conventional-tens",
    channels=(1, 2),
    tap_ua=1_000,
)
CHANNEL = ChannelView(
    channel=1,
    level_ua=0,
    amplitude_ua=0,
    measured_ua=None,
    contact_ohm=1_000,
    ceiling_ua=60_000,
    highest_ua=0,
    pulses=0,
    charge_pc=0,
    rms_ua=0,
    worst_error_ua=0,
)
LEAD_OFF = TextView(key="note.contact", values={"channel": 1, "contact": "open"})
BOTH = (CHANNEL, msgspec.structs.replace(CHANNEL, channel=2))
LOCKED = msgspec.structs.replace(AT_REST, remaining_us=600_000_000)


def levels(first_ua: int, second_ua: int) -> tuple[ChannelView, ...]:
    return tuple(
        msgspec.structs.replace(view, level_ua=level_ua)
        for view, level_ua in zip(BOTH, (first_ua, second_ua), strict=True)
    )


@dataclass
class Talk:
    """The engine's side of a conversation: each call is one snapshot, 50 ms after the last."""

    autopilot: Autopilot
    now: Snapshot = LOCKED
    requests: int = 0
    asked: list[Action] = field(default_factory=list)

    def shows(self, **changes: Any) -> Action | None:
        """Show the next snapshot and return the action of the autopilot."""
        later = {"at_us": self.now.at_us + 50_000, "tick": self.now.tick + 5}
        self.now = msgspec.structs.replace(self.now, **{**later, **changes})
        action = self.autopilot.decide(self.now)
        if action is not None:
            self.requests += 1
            self.autopilot.sent(self.requests, action)
            self.asked.append(action)
        return action

    def accepts(self) -> None:
        self.autopilot.answered(Reply(request=self.requests, tick=self.now.tick))

    def refuses(self, rule: str) -> None:
        refused = Refused(request=self.requests, rule=rule, asked="a", allowed="b", nearest="c")
        self.autopilot.answered(refused)

    def until_pulsing(self) -> None:
        """Continue the conversation until pulses play at level zero."""
        for changes in (
            {"state": "Locked"},
            {"state": "Ready"},
            {"state": "Ready", "programme": "conventional-tens", "channels": BOTH},
            {"state": "Armed"},
        ):
            self.shows(**changes)
            self.accepts()


@pytest.fixture
def talk() -> Talk:
    return Talk(Autopilot(TreatmentRequest(PRESCRIBE, level_ua=2_000, plateau_us=1_000_000)))


def test_a_treatment_is_unlocked_prescribed_checked_started_raised_held_and_stopped(
    talk: Talk,
) -> None:
    talk.until_pulsing()
    expected = [Unlock(operator="treat"), PRESCRIBE, CheckContact(), Start()]
    assert talk.asked == expected
    assert talk.shows(state="RampUp") == Rise(channel=1)
    talk.accepts()
    assert talk.shows(channels=levels(1_000, 0)) is None, "taps are 300 ms apart"
    talk.now = msgspec.structs.replace(talk.now, at_us=talk.now.at_us + 250_000)
    assert talk.shows(state="Delivering") == Rise(channel=2), "the lowest channel first"
    talk.accepts()
    assert talk.shows(channels=levels(2_000, 2_000), elapsed_us=5_000_000) is None
    assert talk.shows(elapsed_us=5_999_999) is None
    assert talk.shows(elapsed_us=6_000_000) == Stop()
    talk.accepts()
    assert talk.shows(state="RampDown") is None
    assert not talk.autopilot.is_done(talk.now)
    talk.shows(state="Finished")
    assert talk.autopilot.is_done(talk.now)


def test_one_command_is_sent_at_a_time_and_its_effect_is_awaited(talk: Talk) -> None:
    assert talk.shows() is not None
    assert talk.shows() is None
    talk.autopilot.answered(Reply(request=talk.requests, tick=talk.now.tick + 6))
    assert talk.shows() is None, "this snapshot is older than the reply"
    assert talk.shows(state="Ready") == PRESCRIBE


def test_a_stop_waits_for_no_answer_and_the_second_one_cuts(talk: Talk) -> None:
    talk.until_pulsing()
    assert talk.shows(state="RampUp") is not None
    wanted = [talk.autopilot.wants_stop]
    talk.autopilot.interrupt()
    wanted.append(talk.autopilot.wants_stop)
    assert talk.shows() == Stop()
    assert [*wanted, talk.autopilot.wants_stop] == [False, True, False]
    talk.autopilot.answered(Reply(request=talk.requests - 1, tick=10**6))
    assert talk.shows() is None
    talk.autopilot.interrupt()
    assert talk.shows() == Stop(cut=True)


def test_a_stop_without_effect_is_sent_again(talk: Talk) -> None:
    talk.until_pulsing()
    talk.autopilot.interrupt()
    assert talk.shows(state="Delivering") == Stop()
    talk.refuses("refusal.busy")
    assert talk.shows() is None
    talk.now = msgspec.structs.replace(talk.now, at_us=talk.now.at_us + 1_000_000)
    assert talk.shows() == Stop()


def test_nothing_is_started_after_an_interrupt(talk: Talk) -> None:
    talk.shows()
    talk.accepts()
    talk.autopilot.interrupt()
    assert talk.shows(state="SelfTest") == Stop()
    talk.accepts()
    assert talk.shows(state="Locked") is None
    assert talk.autopilot.is_done(talk.now)


def test_a_refused_contact_check_sends_no_stop(talk: Talk) -> None:
    for changes in (
        {"state": "Ready"},
        {"state": "Ready", "programme": "conventional-tens", "channels": BOTH},
    ):
        talk.shows(**changes)
        if not isinstance(talk.asked[-1], CheckContact):
            talk.accepts()
    talk.refuses("refusal.state_number")
    assert talk.shows(state="ContactCheck") is None
    assert talk.autopilot.is_done(talk.now)


def test_a_refused_start_disarms(talk: Talk) -> None:
    talk.until_pulsing()
    fresh = Talk(Autopilot(talk.autopilot.request), talk.now)
    fresh.now = LOCKED
    for changes in (
        {"state": "Ready"},
        {"programme": "conventional-tens", "channels": BOTH},
    ):
        fresh.shows(**{"state": "Ready", **changes})
        fresh.accepts()
    assert fresh.shows(state="Armed") == Start()
    fresh.refuses("refusal.daemon_isolation")
    assert fresh.shows(state="Armed") == Stop()
    fresh.accepts()
    assert fresh.shows(state="Ready") is None
    assert fresh.autopilot.is_done(fresh.now)
    assert fresh.autopilot.failure is not None
    assert fresh.autopilot.failure.text.startswith("daemon isolation: asked a, allowed b")


def test_a_finished_session_is_closed_and_a_trip_left_to_a_person(talk: Talk) -> None:
    assert talk.shows(state="Finished") == CloseSession()
    tripped = Talk(Autopilot(talk.autopilot.request))
    trip = TripView(
        code="T01",
        severity="cut",
        title=TextView(key="trip.T01.title"),
        instruction=TextView(key="trip.T01.instruction"),
        detail=None,
        channel=None,
        cause_present=True,
    )
    assert tripped.shows(state="Tripped", trip=trip) is None
    assert tripped.autopilot.failure is not None
    assert (
        "the engine is tripped: T01 The emergency stop was pressed"
        in tripped.autopilot.failure.text
    )


def test_a_failed_contact_check_says_what_it_found(talk: Talk) -> None:
    talk.until_pulsing()
    failed = Talk(Autopilot(talk.autopilot.request))
    ready: dict[str, Any] = {"programme": "conventional-tens", "channels": BOTH}
    for changes in ({}, ready):
        failed.shows(state="Ready", **changes)
        failed.accepts()
    assert failed.shows(state="ContactCheck") is None
    assert failed.shows(state="Ready", notes=(LEAD_OFF,)) is None
    assert failed.autopilot.failure is not None
    assert failed.autopilot.failure.text == "contact check: channel 1: contact open"


def test_a_contraction_too_late_for_a_rise_is_waited_out(talk: Talk) -> None:
    talk.until_pulsing()
    assert talk.shows(state="RampUp") == Rise(channel=1)
    talk.refuses("refusal.set_level")
    talk.now = msgspec.structs.replace(talk.now, at_us=talk.now.at_us + 5_000_000)
    assert talk.shows(state="Delivering") is None
    assert talk.shows(state="Resting") is None
    assert talk.shows(state="RampUp") == Rise(channel=1)


def test_a_channel_at_its_ceiling_counts_as_reached(talk: Talk) -> None:
    talk.until_pulsing()
    assert talk.shows(state="RampUp") == Rise(channel=1)
    talk.refuses("refusal.ceiling")
    talk.now = msgspec.structs.replace(talk.now, at_us=talk.now.at_us + 400_000)
    assert talk.shows() == Rise(channel=2)
    talk.accepts()
    talk.shows(channels=levels(0, 2_000), elapsed_us=1_000_000)
    assert talk.shows(elapsed_us=2_000_000) == Stop()


@pytest.mark.parametrize(
    ("ohm", "is_one"),
    [(500, True), (449, False), (550, True), (551, False), (900, True), (1_101, False)],
)
def test_only_500_ohm_and_1_kiloohm_are_dummy_loads(ohm: int, is_one: bool) -> None:
    assert is_dummy_load(ohm) == is_one
    assert not is_dummy_load(None)


@pytest.mark.parametrize(("ohm", "asked"), [(1_000, Start()), (700, Stop())])
def test_hardware_starts_only_on_a_dummy_load(ohm: int, asked: Action) -> None:
    request = TreatmentRequest(PRESCRIBE, level_ua=2_000, plateau_us=None)
    talk = Talk(Autopilot(request, "hardware"), msgspec.structs.replace(LOCKED, rig="hardware"))
    loads = tuple(msgspec.structs.replace(view, contact_ohm=ohm) for view in BOTH)
    for changes in ({}, {"programme": "conventional-tens", "channels": loads}):
        talk.shows(state="Ready", **changes)
        talk.accepts()
    assert talk.shows(state="Armed") == asked


@pytest.mark.parametrize(("wanted", "found"), [("virtual", "hardware"), ("hardware", "virtual")])
def test_an_engine_on_another_kind_of_rig_is_refused(wanted: str, found: str) -> None:
    request = TreatmentRequest(PRESCRIBE, level_ua=2_000, plateau_us=None)
    talk = Talk(Autopilot(request, wanted), msgspec.structs.replace(LOCKED, rig=found))
    assert talk.shows() is None
    assert talk.autopilot.failure is not None
    assert talk.autopilot.failure.code is ExitCode.REFUSED
    assert f"drives a {found} rig, not a {wanted} one" in talk.autopilot.failure.text


# --- patients and contractions ---------------------------------------------------------------


def test_a_level_above_the_patients_ceiling_is_refused_before_current_flows(talk: Talk) -> None:
    low = tuple(msgspec.structs.replace(view, ceiling_ua=1_500) for view in BOTH)
    talk.shows(state="Ready")
    talk.accepts()
    prescribed = {"state": "Ready", "programme": "conventional-tens", "channels": low}
    asked = talk.shows(**prescribed, ceiling_by="refusal.first_motor_session")
    assert asked is None
    assert talk.autopilot.is_done(talk.now)
    failure = talk.autopilot.failure
    assert failure is not None
    assert failure.code is ExitCode.REFUSED
    assert failure.text == (
        "first motor session: asked 2 mA, allowed up to 1.5 mA for a patient nobody named "
        "(--patient); nearest 1.5 mA"
    )


def test_a_time_beyond_a_first_session_is_refused_too(talk: Talk) -> None:
    talk.autopilot.request = replace(talk.autopilot.request, plateau_us=1_000_000_000)
    talk.shows(state="Ready")
    talk.accepts()
    prescribed = {"state": "Ready", "programme": "conventional-tens", "channels": BOTH}
    first = {
        "ceiling_by": "refusal.first_motor_session",
        "remaining_us": 900_000_000,
        "patient": "P-1",
    }
    assert talk.shows(**prescribed, **first) is None
    failure = talk.autopilot.failure
    assert failure is not None
    assert failure.text == (
        "first motor session: asked 1000 s, allowed up to 900 s for P-1; nearest 900 s"
    )


def test_a_level_at_the_patients_ceiling_is_given(talk: Talk) -> None:
    low = tuple(msgspec.structs.replace(view, ceiling_ua=2_000) for view in BOTH)
    talk.shows(state="Ready")
    talk.accepts()
    prescribed = {"state": "Ready", "programme": "conventional-tens", "channels": low}
    assert talk.shows(**prescribed, ceiling_by="refusal.patient_ceiling") == CheckContact()


def test_the_contact_check_waits_for_the_squeeze_of_the_hand_switch(talk: Talk) -> None:
    talk.shows(state="Ready")
    talk.accepts()
    prescribed = {"state": "Ready", "programme": "conventional-tens", "channels": BOTH}
    for step in ("close", "squeeze", "release"):
        asked = HandSwitchView(step=step, text=LEAD_OFF)
        assert talk.shows(**prescribed, hand_switch=asked) is None
    assert talk.shows(hand_switch=HandSwitchView(step="proven", text=LEAD_OFF)) == CheckContact()


def test_a_derated_channel_is_not_raised(talk: Talk) -> None:
    talk.until_pulsing()
    assert talk.shows(state="Delivering") == Rise(channel=1)
    talk.refuses("refusal.contact")
    later_us = talk.now.at_us + 400_000
    assert talk.shows(at_us=later_us) == Rise(channel=2)
    talk.accepts()
    assert talk.shows(at_us=later_us + 400_000, channels=levels(0, 2_000)) is None


def test_taps_wait_until_a_contraction_accepts_them(talk: Talk) -> None:
    talk.until_pulsing()
    ramping = ContractionView(
        number=1,
        of=10,
        channels=(1, 2),
        playing=True,
        next_on_in_us=None,
        rises_in_us=200_000,
        rises_for_us=3_000_000,
    )
    assert talk.shows(state="RampUp", contraction=ramping) is None
    closed = msgspec.structs.replace(ramping, rises_in_us=None)
    assert talk.shows(state="Delivering", contraction=closed) is None
    open_now = msgspec.structs.replace(ramping, rises_in_us=0)
    assert talk.shows(contraction=open_now) == Rise(channel=1)
