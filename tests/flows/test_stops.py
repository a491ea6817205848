"""Every way in which a person ends the output, and its record."""

import pytest

from appliance.control import loop
from appliance.messages.actions import (
    Acknowledge,
    CheckContact,
    CloseSession,
    Fall,
    Pause,
    Prescribe,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from tests.support.texts import said
from ui.cli.terminal.record_text import is_least


def closed(clinic: Clinic) -> Trace:
    """End the recording and read it."""
    clinic.board.close()
    return Trace(clinic.record)


@pytest.mark.proves("soft-fall", "stop-record")
def test_a_stop_ramps_down_in_250_to_450_ms_and_closes_the_session(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    asked_us = clinic.now_us
    clinic.do(Stop())
    clinic.until("Finished")
    session = clinic.last()
    assert session.summary.outcome == "stopped"
    assert session.summary.cause == "stop"
    assert session.closing is not None
    assert session.closing["layer"] == "engine"
    assert 250_000 <= session.closing["time_to_zero_us"] <= 450_000
    (stop,) = clinic.events("stop")
    assert [each["level_ua"] for each in stop["channels"]] == [10_000, 10_000]
    assert all(abs(each["measured_ua"] - 10_000) < 500 for each in stop["channels"])
    trace = closed(clinic)
    assert 250_000 <= trace.last_current_us() - asked_us <= 450_000


@pytest.mark.proves("stop-first", "stop-record")
def test_a_second_stop_during_the_ramp_down_changes_nothing(clinic: Clinic) -> None:
    clinic.treat()
    clinic.do(Stop())
    clinic.wait(100)
    clinic.do(Stop())
    clinic.until("Finished")
    assert len(clinic.events("stop")) == 1


@pytest.mark.proves("cut", "stop-record")
def test_a_cut_ends_the_output_within_20_ms(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    asked_us = clinic.now_us
    clinic.do(Stop(cut=True))
    clinic.until("Finished")
    assert clinic.last().summary.cause == "cut"
    assert clinic.events("stop")[0]["cause"] == "cut"
    trace = closed(clinic)
    assert trace.last_current_us() - asked_us < 20_000
    assert trace.last_gate_us() - asked_us < 20_000
    assert trace.value("supply_en", asked_us + 20_000) == 0
    assert trace.value("dac1", asked_us + 20_000) == 0


@pytest.mark.proves("cut", "stop-first")
def test_a_cut_during_the_ramp_down_ends_the_output_at_once(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    clinic.do(Stop())
    clinic.wait(50)
    asked_us = clinic.now_us
    clinic.do(Stop(cut=True))
    assert clinic.state == "Finished"
    assert closed(clinic).last_current_us() - asked_us < 20_000


@pytest.mark.proves("zero-after-interruption")
def test_after_a_pause_the_level_starts_from_zero(clinic: Clinic) -> None:
    clinic.treat(level_ua=8_000)
    clinic.do(Pause())
    paused = clinic.until("Paused")
    assert clinic.board.status()["supply"]["enable_line"] == 0  # type: ignore[index]
    clinic.wait(2_000)
    assert clinic.view.elapsed_us == paused.elapsed_us
    clinic.do(Resume())
    clinic.until("Delivering")
    assert [each.level_ua for each in clinic.view.channels] == [0, 0]
    clinic.wait(500)
    assert max(each.amplitude_ua for each in clinic.view.channels) == 0
    clinic.raise_to(3_000)
    assert clinic.channel(1).measured_ua == pytest.approx(3_000, abs=200)
    clinic.do(Stop())
    clinic.until("Finished")
    changes = [each for each in clinic.events("level_changed") if each["channel"] == 1]
    assert [each["to_ua"] for each in changes] == [1_000 * n for n in range(1, 9)] + [
        0,
        1_000,
        2_000,
        3_000,
    ]
    assert [each["cause"] for each in changes[7:10]] == ["tap", "interruption", "tap"]
    slices = [each["slice_number"] for each in changes]
    assert slices == sorted(slices)


@pytest.mark.proves("stop-first")
def test_a_stop_in_a_pause_closes_the_session(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(Stop())
    clinic.until("Finished")
    assert clinic.last().summary.outcome == "stopped"


@pytest.mark.proves("stop-first", "states")
@pytest.mark.parametrize("cut", [False, True])
def test_a_stop_during_the_contact_check_returns_to_ready_with_the_output_off(
    clinic: Clinic, cut: bool
) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.wait(700)
    assert clinic.state == "ContactCheck"
    clinic.do(Stop(cut=cut))
    clinic.until("Ready")
    clinic.wait(300)
    assert clinic.view.trip is None
    assert clinic.board.status()["enabled"] is False
    clinic.do(CheckContact())
    clinic.until("Armed")


@pytest.mark.proves("stop-record")
def test_the_planned_end_completes_the_session(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000, duration_us=60_000_000)
    clinic.until_true(lambda: clinic.view.remaining_us < 2_000_000)
    clinic.until("Finished")
    session = clinic.last()
    assert session.summary.outcome == "finished"
    assert session.summary.cause == "plan_ended"
    assert session.summary.elapsed_us == 60_000_000
    trace = closed(clinic)
    assert trace.value("supply_en", clinic.now_us) == 0
    ends_us = trace.last_current_us()
    # The last second of the plan is a fall of its own: nothing is felt at the very end.
    codes = [value for time, value in trace.changes("dac1") if ends_us - 900_000 < time]
    assert codes == sorted(codes, reverse=True)


@pytest.mark.proves("states")
def test_after_a_session_the_next_one_needs_a_new_prescription(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    ready = clinic.until("Ready")
    assert ready.programme is None
    refused = clinic.ask(CheckContact())
    assert isinstance(refused, Refused)
    clinic.treat("low-rate-tens", level_ua=2_000)
    clinic.do(Stop())
    clinic.until("Finished")
    assert [each.summary.programme for each in clinic.sessions()] == [
        "conventional-tens",
        "low-rate-tens",
    ]


@pytest.mark.proves("level-rules")
def test_one_tap_counts_per_300_ms_and_lowering_acts_at_once(clinic: Clinic) -> None:
    clinic.start()
    clinic.wait(200)
    assert isinstance(clinic.ask(Rise(channel=1)), Reply)
    early = clinic.ask(Rise(channel=1))
    assert isinstance(early, Refused)
    assert said(early).limit == "rise interval"
    clinic.wait(300)
    assert isinstance(clinic.ask(Rise(channel=1)), Reply)
    clinic.wait(200)
    assert clinic.channel(1).amplitude_ua == pytest.approx(2_000, abs=30)
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.wait(110)
    assert clinic.channel(1).amplitude_ua == pytest.approx(1_500, abs=30)


@pytest.mark.proves("states")
def test_an_action_not_allowed_in_a_state_is_refused_and_names_the_allowed_ones(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    for action in (Start(), Resume(), Acknowledge(), CheckContact(), Pause()):
        refused = clinic.ask(action)
        assert isinstance(refused, Refused)
        assert said(refused).nearest
    assert isinstance(
        clinic.ask(
            Prescribe(subject=Subject.PATIENT, patient="P-1", programme="conventionel-tens")
        ),
        Refused,
    )
    assert isinstance(
        clinic.ask(
            Prescribe(
                subject=Subject.PATIENT, patient="P-1", programme="conventional-tens", channels=(3,)
            )
        ),
        Refused,
    )
    assert clinic.state == "Ready"


@pytest.mark.proves("states")
def test_an_armed_unit_disarms_after_five_minutes(clinic: Clinic) -> None:
    clinic.arm()
    clinic.wait(299_000)
    assert clinic.state == "Armed"
    clinic.wait(2_000)
    assert clinic.state == "Ready"
    assert clinic.board.status()["supply"]["enable_line"] == 0  # type: ignore[index]


@pytest.mark.proves("states")
def test_a_pause_of_over_ten_minutes_ends_the_session_as_interrupted(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: somebody resumes what was forgotten long ago. Shortened here to ten seconds."""
    assert loop.PAUSED_FOR_US == 600_000_000
    monkeypatch.setattr(loop, "PAUSED_FOR_US", 10_000_000)
    clinic.treat(level_ua=2_000)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(9_500)
    assert clinic.state == "Paused"
    clinic.wait(1_000)
    assert clinic.state == "Finished"
    assert isinstance(clinic.ask(Resume()), Refused)
    summary = clinic.last().summary
    assert (summary.outcome, summary.cause) == ("interrupted", "paused_too_long")
    last = clinic.until_true(lambda: clinic.view.last_session is not None).last_session
    assert last is not None
    assert last.because is not None
    assert (last.cause, last.because.key) == ("paused_too_long", "ended.paused_too_long")
    assert not is_least(summary)  # its records are complete
    clinic.do(CloseSession())
    clinic.until("Ready")


@pytest.mark.proves("contact-drift")
def test_a_pad_that_lifted_in_a_long_pause_is_found_against_what_it_was_before(
    clinic: Clinic,
) -> None:
    """Hazard: somebody resumes on pads that lifted or dried meanwhile."""
    clinic.treat(level_ua=15_000, channels=(1,))
    clinic.wait(5_000)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.board.fault_set("half-lifted:1")
    clinic.wait(5_000)
    clinic.do(Resume())
    clinic.until("Delivering")
    for _ in range(20):
        clinic.ask(Rise(channel=1))
        clinic.wait(350)
    assert clinic.trip() == "T08"
