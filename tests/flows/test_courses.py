"""What counts for a patient, on which day, and how soon a session may follow another."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.core.prescription import sessions_per_patient as course
from appliance.messages.actions import CheckContact, CloseSession, MarkFelt, Prescribe, Start, Stop
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from appliance.records.patient_history import PatientRegister
from appliance.records.wall_clock import SteppedWallClock, day_of
from tests.appliance.records.conftest import SteppedClock
from tests.appliance.records.test_patients import had_session
from tests.flows.test_patients import MINUTE_US, MOTOR, refusal
from tests.support.clinic import DAY_US, START_UTC_US, Clinic, open_clinic
from tests.support.clinical_records import fact
from tests.support.strategies import shortened


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a session of some seconds count, because stepped sessions are slow."""
    monkeypatch.setattr(course, "COUNTS_FROM_US", 5_000_000)
    monkeypatch.setattr(course, "GIVEN_FROM_US", 5_000_000)


def had(clinic: Clinic, felt: str) -> None:
    """Give a whole session of 9 s with one level kept; `felt` is the mark, "" for none."""
    clinic.unlock()
    loop = clinic.engine.loop
    asked = clinic.for_somebody(MOTOR, patient="P-1", tap_ua=1_000)
    found = prescribe(asked, loop._dispatcher.register, loop._facts.known(), (1, 2))
    assert isinstance(found, AcceptedPrescription)
    short = shortened(found.prescription, 9_000_000)
    loop._state_runner.prescribe(replace(found, prescription=short))
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    clinic.raise_to(2_000)
    clinic.wait(3_500)
    if felt:
        clinic.do(MarkFelt(channel=1, felt=felt))  # type: ignore[arg-type]
    clinic.until("Finished")
    clinic.do(CloseSession())


def offered(clinic: Clinic) -> tuple[int, str]:
    """Return the ceiling offered next, and what set it."""
    if clinic.state != "Ready":
        clinic.unlock()
    clinic.prescribe(MOTOR, channels=(1,), patient="P-1")
    clinic.wait(60)
    return clinic.channel(1).ceiling_ua, clinic.view.ceiling_by


FIRST = (30_000, "refusal.first_motor_session")
SECOND, THIRD = "refusal.motor_session_2", "refusal.motor_session_3"


def recorded(data: Path, days: Sequence[int], **more: Any) -> Path:
    """Write sessions into records, one at noon of each day after the clinic's usual first."""
    for day in days:
        clock = SteppedClock()
        wall = SteppedWallClock(clock, START_UTC_US + day * DAY_US)
        data.mkdir(exist_ok=True)
        journal = Journal.open(data, wall, clock, threaded=False)
        had_session(journal, **{"rig": "virtual", **more})
        journal.close()
    return data


@pytest.mark.proves("first-session")
def test_after_three_days_the_limits_for_everybody_apply(tmp_path: Path) -> None:
    """The ceiling grows with the level that was kept: 28 mA kept, then 35 mA, then no bound."""
    found = []
    for day in range(4):
        with open_clinic(tmp_path / str(day), data=tmp_path / "data", after_us=day * DAY_US) as at:
            found.append(offered(at))
        recorded(tmp_path / "data", [day], kept_ua=28_000, kind="twitch", patient="P-1")
    assert found == [FIRST, (35_000, SECOND), (35_000, THIRD), (60_000, "")]


@pytest.mark.proves("first-session")
def test_sessions_of_today_raise_no_ceiling_today(tmp_path: Path) -> None:
    """Hazard: six sessions within an hour raised the ceilings from 30 to 80 mA."""
    data = recorded(tmp_path / "data", [0] * 6, patient="P-1", kind="endurance")
    with open_clinic(tmp_path / "clinic", data=data, after_us=3_600_000_000) as clinic:
        clinic.unlock()
        over = refusal(
            clinic,
            Prescribe(subject=Subject.PATIENT, programme=MOTOR, channels=(1,), patient="P-1"),
        )
        assert (over.limit, over.nearest) == ("first motor session", "from tomorrow on")


@pytest.mark.proves("first-session", "felt")
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(("felt", "opened"), [("too_strong", True), ("", False)])
def test_a_session_in_which_nothing_was_felt_raises_no_ceiling(
    tmp_path: Path, felt: str, opened: bool
) -> None:
    """Hazard: three sessions at 0.5 mA that nobody felt, and the fourth has everybody's limits."""
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        had(clinic, felt)
        (here,) = clinic.engine.loop._dispatcher.register.given("P-1")
    assert (here.felt, here.finished, here.comfortable_ua > 0) == (opened, True, True)
    with open_clinic(tmp_path / "second", data=data, after_us=DAY_US) as clinic:
        assert clinic.engine.loop._dispatcher.register.given("P-1") == (here,)
        assert offered(clinic)[1] == (SECOND if opened else FIRST[1])


@pytest.mark.proves("first-session")
def test_sessions_on_hardware_do_not_count_on_a_virtual_rig(tmp_path: Path) -> None:
    data = recorded(tmp_path / "data", [0], rig="hardware", patient="P-1")
    with open_clinic(tmp_path / "clinic", data=data, after_us=DAY_US) as clinic:
        assert offered(clinic) == FIRST


@pytest.mark.proves("first-session", "courses")
@pytest.mark.parametrize(("after_us", "trusted"), [(DAY_US, False), (-DAY_US, True)])
def test_with_a_clock_not_set_or_set_back_no_day_is_gained(
    tmp_path: Path, after_us: int, trusted: bool
) -> None:
    data = recorded(tmp_path / "data", [0], patient="P-1", kind="twitch", region="upper_back")
    with open_clinic(tmp_path / "clinic", data=data, after_us=after_us, trusted=trusted) as clinic:
        clinic.unlock()
        again = refusal(
            clinic, Prescribe(subject=Subject.PATIENT, programme="relaxation-twitch", patient="P-1")
        )
        assert (again.limit, again.asked) == ("session of the day", "0 min after the last one")
        assert again.nearest.startswith("set the clock")
        assert offered(clinic) == FIRST


@pytest.mark.proves("first-session")
def test_a_stopped_session_raises_no_ceiling_and_uses_its_minutes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        clinic.treat(MOTOR, level_ua=1_000, channels=(1,), patient="P-1")
        clinic.wait(5_000)
        clinic.do(MarkFelt(channel=1, felt="comfortable"))
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.do(CloseSession())
        assert offered(clinic) == FIRST
        assert 14 * MINUTE_US < clinic.view.remaining_us < 15 * MINUTE_US
    with open_clinic(tmp_path / "second", data=data, after_us=DAY_US) as clinic:
        assert offered(clinic) == FIRST


# --- courses ----------------------------------------------------------------------------------

STRENGTH = "nmes-strengthening"


@pytest.mark.proves("courses")
def test_strengthening_again_within_72_hours_is_refused_with_the_earliest_time(
    tmp_path: Path,
) -> None:
    """Hazard: six sessions of one patient within an hour. The one on record took 5 min."""
    data = tmp_path / "data"
    hours = 3_600_000_000
    asked = Prescribe(subject=Subject.PATIENT, programme=STRENGTH, channels=(1,), patient="P-1")
    recorded(data, [0], patient="P-1")
    with open_clinic(tmp_path / "soon", data=data, after_us=hours) as clinic:
        clinic.unlock()
        soon = refusal(clinic, asked)
        assert (soon.limit, soon.allowed) == (
            "rest between strengthening sessions",
            "72 h apart",
        )
        assert soon.nearest.startswith("from 2023-11-17 22:1")
    with open_clinic(tmp_path / "early", data=data, after_us=72 * hours - 60_000_000) as clinic:
        clinic.unlock()
        assert refusal(clinic, asked).limit == "rest between strengthening sessions"
    with open_clinic(tmp_path / "late", data=data, after_us=72 * hours + 360_000_000) as clinic:
        clinic.unlock()
        clinic.do(clinic.with_file(asked))


@pytest.mark.proves("course-reviews")
def test_the_end_of_a_course_asks_for_a_review_and_no_reason_does_instead(tmp_path: Path) -> None:
    """The review and the new course are facts; both hold after a restart."""
    data = recorded(
        tmp_path / "data", range(0, 36, 3), kind="twitch", patient="P-1", region="upper_back"
    )
    asked = Prescribe(
        programme="relaxation-twitch", subject=Subject.PATIENT, patient="P-1", reason="he likes it"
    )
    of = {"region": "upper_back", "goal": "relaxation"}
    with open_clinic(tmp_path / "1", data=data, after_us=40 * DAY_US) as clinic:
        clinic.unlock()
        clinic.do(fact("patient_registered", "P-1", born=1980))
        asked = clinic.with_file(asked)
        ended = refusal(clinic, asked)
        assert (ended.limit, ended.asked) == ("review of the course", "session 13")
        opening = fact("course_opened", "P-1", reason="better at work", **of)
        assert refusal(clinic, opening).nearest.startswith("review the course")
        clinic.do(fact("course_reviewed", "P-1", decision="continue", skin_looked_at=True, **of))
        assert refusal(clinic, asked).allowed == "a new course, with a reason"
    with open_clinic(tmp_path / "2", data=data, after_us=40 * DAY_US + 3_600_000_000) as clinic:
        clinic.unlock()
        asked = clinic.with_file(asked)
        assert refusal(clinic, asked).allowed == "a new course, with a reason"
        clinic.do(opening)
        clinic.do(asked)
    with open_clinic(tmp_path / "3", data=data, after_us=40 * DAY_US + 7_200_000_000) as clinic:
        clinic.unlock()
        asked = clinic.with_file(asked)
        clinic.do(asked)


@pytest.mark.proves("courses")
def test_a_session_without_current_does_not_count(clinic: Clinic) -> None:
    for _ in range(3):
        clinic.start(STRENGTH, channels=(1,), patient="P-1")
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.do(CloseSession())
    clinic.prescribe(STRENGTH, channels=(1,), patient="P-1")


@pytest.mark.proves("courses")
@pytest.mark.usefixtures("short")
def test_a_session_ended_by_a_crash_counts_as_given(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        clinic.start(STRENGTH, channels=(1,), patient="P-1")
        clinic.until("Delivering")
        clinic.raise_to(1_000)
        clinic.wait(6_000)
        copy = tmp_path / "copy"  # what a power cut leaves
        shutil.copytree(data, copy)
    with open_clinic(tmp_path / "second", data=copy, after_us=600_000_000) as clinic:
        clinic.unlock()
        again = Prescribe(subject=Subject.PATIENT, programme=STRENGTH, channels=(1,), patient="P-1")
        assert refusal(clinic, again).limit == "rest between strengthening sessions"


@pytest.mark.proves("level-rules")
def test_the_rest_after_a_rise_holds_across_sessions(clinic: Clinic) -> None:
    """Hazard: stop and start again, and the muscle contracts without its rest."""
    asked: dict[str, Any] = {"channels": (1,), "duration_us": MINUTE_US}
    clinic.start("nmes-endurance", **asked)
    clinic.until("Delivering")
    clinic.raise_to(1_000)
    clinic.do(Stop())
    clinic.until("Finished")
    ended_us = clinic.now_us
    clinic.do(CloseSession())
    clinic.start("nmes-endurance", **asked)
    clinic.until_true(lambda: clinic.view.stage != "rest", "contraction")
    assert clinic.now_us - ended_us >= 9_400_000


@pytest.mark.proves("level-rules")
def test_the_rest_after_a_rise_holds_across_a_restart_of_the_engine(tmp_path: Path) -> None:
    """Hazard: the engine crashes in a contraction, and the next one comes without its rest."""
    data = tmp_path / "data"
    with open_clinic(tmp_path / "first", data=data) as clinic:
        clinic.start("nmes-endurance", channels=(1,))
        clinic.until("Delivering")
        clinic.raise_to(1_000)
    with open_clinic(tmp_path / "second", data=data, after_us=60_000_000) as clinic:
        began_us = clinic.now_us
        clinic.start("nmes-endurance", channels=(1,))
        clinic.until_true(lambda: clinic.view.stage != "rest", "contraction")
        assert clinic.now_us - began_us >= 9_400_000


@pytest.mark.proves("courses")
@pytest.mark.parametrize(("trusted", "step_us"), [(False, 0), (True, -3 * DAY_US)])
def test_a_clock_set_in_a_session_neither_shortens_its_rest_nor_leaves_it_without_a_day(
    tmp_path: Path, *, trusted: bool, step_us: int
) -> None:
    """Hazard: the next session comes days too soon, or is refused every day as the third of it."""
    with open_clinic(tmp_path, trusted=trusted) as clinic:
        clinic.treat(MOTOR, patient="P-1", level_ua=2_000, channels=(1,))
        clinic.wait(6_000)
        wall: Any = clinic.engine.loop._journal._records._wall_clock
        opened_us = wall.utc_us()
        wall.trusted, wall._offset_us = True, wall._offset_us + step_us
        clinic.wait(20)
        if clinic.state != "Tripped":  # a clock that jumps is a trip as well
            clinic.do(Stop())
        clinic.until("Finished", "Tripped")
        clinic.wait(2_000)
        register = clinic.engine.loop._dispatcher.register
        given = register.given("P-1")[-1]
    assert given.ended_us is not None
    assert given.ended_us >= opened_us - MINUTE_US
    assert given.day == day_of(given.ended_us)
    (read,) = PatientRegister.load(tmp_path / "data", "virtual", register.now).given("P-1")
    assert read.ended_us is not None
    assert read.ended_us >= opened_us - MINUTE_US
    assert read.day == given.day
