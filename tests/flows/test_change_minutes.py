"""The minutes of a session under way: shortened, taken back, and nothing else changed by it."""

from pathlib import Path
from typing import Any

import pytest

from appliance.core.prescription.waveform import Biphasic, OnOff
from appliance.link.roles import Role
from appliance.messages.actions import (
    ChangeMinutes,
    CheckContact,
    CloseSession,
    Pause,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.complete_file import accepted_for
from tests.support.people import KIM, leave_untouched, open_for_patients, sign_in, sit_down, staff
from tests.support.recorded_trace import GATES, Trace
from tests.support.strategies import prescription
from tests.support.texts import said

pytestmark = pytest.mark.proves("limits", "level-rules")

S = 1_000_000
Changes = dict[str, list[tuple[int, float]]]


def minutes(seconds: int) -> ChangeMinutes:
    return ChangeMinutes(duration_us=seconds * S)


def end_us(clinic: Clinic) -> int:
    """Return when the treatment ends as it is shown, in µs from its beginning."""
    clinic.wait(60)
    return clinic.view.elapsed_us + clinic.view.remaining_us


def changes(clinic: Clinic) -> list[tuple[int, int]]:
    return [(each["from_us"], each["to_us"]) for each in clinic.events("minutes_changed")]


def play_to_the_end(clinic: Clinic) -> dict[str, Any]:
    """Let the treatment end by itself; return how it was closed."""
    for _ in range(12_000):
        if clinic.state == "Finished":
            break
        clinic.tick()
    assert clinic.state == "Finished"
    clinic.wait(500)
    return clinic.events("session_closed")[0]


def signals(clinic: Clinic) -> Changes:
    trace = Trace(clinic.record)
    return {name: trace.changes(name) for name in (*GATES, "i1_ua", "i2_ua")}


def tens(folder: Path, prescribed_s: int, ends_s: int) -> tuple[Changes, list[tuple[int, int]]]:
    """Treat for so long, then ask for another end."""
    with open_clinic(folder) as clinic:
        clinic.treat(level_ua=3_000, duration_us=prescribed_s * S)
        clinic.do(minutes(ends_s))
        assert end_us(clinic) == ends_s * S
        closed = play_to_the_end(clinic)
        assert (closed["outcome"], closed["cause"]) == ("finished", "plan_ended")
        assert closed["elapsed_us"] == ends_s * S
        assert {each["level_ua"] for each in closed["channels"]} == {3_000}
        changed = changes(clinic)
    return signals(clinic), changed


def test_a_shortened_treatment_plays_what_one_does_that_was_prescribed_so(tmp_path: Path) -> None:
    """Hazard: another pulse, another level or another end than the one that was known."""
    shortened, changed = tens(tmp_path / "shortened", 120, 60)
    twin, unchanged = tens(tmp_path / "twin", 60, 60)
    assert len(twin["gate1_pos"]) > 2 * 80 * 50
    assert shortened == twin
    assert (changed, unchanged) == ([(120 * S, 60 * S)], [])


def contractions(
    folder: Path, prescribed_s: int, ends_s: tuple[int, int, int]
) -> tuple[Changes, tuple[int, int], list[tuple[int, int]]]:
    """Contract 3 s in 6; ask for an end in a contraction, one in a rest and one in a pause."""
    times = OnOff(3 * S, 3 * S, 1 * S, 500_000)
    pulse, channels = Biphasic(200), (1, 2)
    asked = prescription(
        waveform=pulse, channels=channels, on_off=times, duration_us=prescribed_s * S, tap_ua=1_000
    )
    with open_clinic(folder) as clinic:
        clinic.unlock()
        loop = clinic.engine.loop
        loop._state_runner.prescribe(accepted_for(loop, asked))
        clinic.squeeze()
        clinic.do(CheckContact())
        clinic.until("Armed")
        clinic.do(Start())
        clinic.until("Delivering")
        clinic.do(Rise(channel=1))
        clinic.do(minutes(ends_s[0]))
        clinic.until("Resting")
        clinic.do(minutes(ends_s[1]))
        clinic.until("Delivering")
        clinic.do(Pause())
        clinic.until("Paused")
        clinic.do(minutes(ends_s[2]))
        clinic.do(Resume())
        clinic.until("Delivering")
        clinic.do(Rise(channel=2))
        contraction = clinic.view.contraction
        assert contraction is not None
        assert contraction.of == 11
        closed = play_to_the_end(clinic)
        assert (closed["outcome"], closed["cause"]) == ("finished", "plan_ended")
        assert closed["elapsed_us"] == ends_s[2] * S
        cues, changed = (closed["cues"], closed["cues_withdrawn"]), changes(clinic)
    return signals(clinic), cues, changed


def test_contractions_stay_where_they_were_in_a_contraction_a_rest_and_a_pause(
    tmp_path: Path,
) -> None:
    """Hazard: a contraction at another moment than announced, or cut off in its middle."""
    shortened, cues, changed = contractions(tmp_path / "changed", 120, (90, 62, 68))
    twin, cues_of_twin, unchanged = contractions(tmp_path / "twin", 68, (68, 68, 68))
    assert max(value for _, value in twin["i1_ua"]) >= 900
    assert shortened == twin
    assert cues == cues_of_twin == (12, 0)
    assert changed == [(120 * S, 90 * S), (90 * S, 62 * S), (62 * S, 68 * S)]
    assert unchanged == []


def test_no_pulse_and_no_level_changes_at_the_moment_of_a_change(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.wait(3_500)
    before = clinic.channel(1)
    number = clinic.view.state_number
    clinic.do(minutes(600))
    clinic.wait(1_000)
    after = clinic.channel(1)
    assert (after.level_ua, after.comfortable_ua) == (3_000, 3_000)
    assert 75 <= after.pulses - before.pulses <= 90
    assert clinic.view.state_number == number
    assert clinic.state == "Delivering"


def test_it_is_recorded_with_from_to_elapsed_and_who_and_what_was_asked_again_is_not(
    clinic: Clinic,
) -> None:
    clinic.treat(level_ua=3_000)
    clinic.do(minutes(600))
    elapsed_us = clinic.view.elapsed_us
    clinic.do(minutes(600))
    clinic.do(minutes(900))
    first, second = clinic.events("minutes_changed")
    assert (first["from_us"], first["to_us"], first["operator"]) == (1_800 * S, 600 * S, "anna")
    assert abs(first["elapsed_us"] - elapsed_us) <= 200_000
    assert (second["from_us"], second["to_us"]) == (600 * S, 900 * S)
    (opened,) = clinic.events("session_opened")
    assert opened["duration_us"] == 1_800 * S


def test_it_can_be_taken_back_up_to_what_the_session_began_with(clinic: Clinic) -> None:
    """Hazard: minutes that no gate, course or screening of this session covers."""
    clinic.treat(level_ua=3_000)
    clinic.do(minutes(600))
    beyond = refusal(clinic, ChangeMinutes(duration_us=1_800 * S + 1))
    assert (beyond.limit, beyond.nearest) == ("minutes", "1800 s")
    assert beyond.allowed.endswith("for longer a new session")
    assert end_us(clinic) == 600 * S
    clinic.do(minutes(1_800))
    assert end_us(clinic) == 1_800 * S
    assert changes(clinic) == [(1_800 * S, 600 * S), (600 * S, 1_800 * S)]


def test_too_short_is_refused_and_what_is_offered_is_accepted_seconds_later(
    clinic: Clinic,
) -> None:
    clinic.treat(level_ua=3_000)
    for seconds in (-1, 0, 59):
        answer = refusal(clinic, minutes(seconds))
        assert (answer.limit, answer.asked) == ("minutes", f"{seconds} s")
    offered = int(refusal(clinic, minutes(0)).nearest.removesuffix(" s"))
    clinic.wait(5_000)
    clinic.do(minutes(offered))
    assert end_us(clinic) == offered * S


@pytest.mark.parametrize("state", ["Locked", "Ready", "Armed", "RampDown", "Finished", "Closed"])
def test_outside_a_session_there_are_no_minutes_to_change(clinic: Clinic, state: str) -> None:
    """A fall that has begun ends as it would."""
    if state == "Locked":
        clinic.until("Locked")
    elif state == "Ready":
        clinic.unlock()
        clinic.prescribe()
    elif state == "Armed":
        clinic.arm()
    else:
        clinic.treat(level_ua=3_000)
        clinic.do(Stop())
        clinic.wait(60)
        if state != "RampDown":
            clinic.until("Finished")
        if state == "Closed":
            clinic.do(CloseSession())
    assert clinic.state == ("Ready" if state == "Closed" else state)
    answer = refusal(clinic, minutes(600))
    assert (answer.limit, answer.allowed) == ("minutes", "while a session plays or is paused")
    assert answer.nearest == "a new session"


@pytest.mark.proves("stale-commands")
def test_one_decided_on_an_older_state_is_refused(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.wait(60)
    pause = clinic.link.send(Pause())
    change = clinic.link.send(minutes(600))  # on the same picture, as a second screen would
    assert isinstance(clinic.link.wait_reply(pause), Reply)
    answer = clinic.link.wait_reply(change)
    assert isinstance(answer, Refused)
    assert said(answer).limit == "stale"
    assert end_us(clinic) == 1_800 * S


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTENANCE])
def test_nobody_but_the_kiosk_changes_the_minutes_of_a_patient(clinic: Clinic, role: Role) -> None:
    open_for_patients(clinic)
    sit_down(clinic, Role.KIOSK)
    clinic.do(clinic.for_somebody(channels=(1, 2), tap_ua=1_000))
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    sit_down(clinic, role)
    assert refusal(clinic, minutes(600)).limit == "person"
    sit_down(clinic, Role.KIOSK)
    clinic.do(minutes(600))


def test_an_observer_changes_no_minutes(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    sit_down(clinic, Role.OBSERVER)
    answer = clinic.ask(minutes(600))
    assert isinstance(answer, Refused)
    assert said(answer).limit == "role"


@pytest.mark.proves("attended")
def test_two_minutes_without_a_touch_lock_the_minutes_like_plus(clinic: Clinic) -> None:
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=3_000)
    clinic.do(minutes(900))
    leave_untouched(clinic, 120)
    assert refusal(clinic, minutes(600)).limit == "sign-in"
    sign_in(clinic, KIM)
    clinic.do(minutes(600))
    assert [each["operator"] for each in clinic.events("minutes_changed")] == [KIM, KIM]


def test_a_test_load_has_minutes_too(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=500")
    clinic.treat(level_ua=3_000, subject=Subject.TEST_LOAD, channels=(1,))
    clinic.do(minutes(600))
    assert end_us(clinic) == 600 * S
