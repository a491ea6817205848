"""Pages of the close-out, of what is to be completed, of outcomes, and of what is asked first."""

from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.outcomes.facts import Movement
from appliance.messages.actions import RecordFact
from tests.flows.test_patient_pages import english_of, refused, rows
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import fact, register
from tests.support.every_fact import end_session, enter, first_visit, planned
from tests.support.texts import said

pytestmark = pytest.mark.proves_none

FIRST = "0001-001"
MINUTES_US = 60_000_000


def ended(clinic: Clinic, session: str = FIRST, *, motor: bool = True) -> None:
    """Register a patient, and end a session of that patient."""
    if clinic.state == "Locked":
        clinic.unlock()
        register(clinic)
    end_session(clinic, session, motor=motor)


def look(clinic: Clinic, grade: int = 0, session: str = FIRST) -> None:
    sites = [
        {"site": {"region": s.region, "side": s.side, "spot": s.spot}} for s in planned().sites
    ]
    grades = [{**site, "grade": grade} for site in sites]
    clinic.do(fact("skin_checked_after", session=session, grades=grades))


def parts(clinic: Clinic, what: str = "close_out:P-0013") -> dict[str, Any]:
    return {row["part"]: row for row in rows(clinic, what) if row["kind"] == "part"}


def test_the_close_out_shows_each_step_in_the_order_of_doing(clinic: Clinic) -> None:
    ended(clinic)
    head, *steps, care = rows(clinic, f"close_out:{FIRST}")
    assert (care["kind"], care["done"]) == ("care", False)
    clinic.do(RecordFact(kind="unit_cleaned", values={}))
    assert rows(clinic, f"close_out:{FIRST}")[-1]["done"]
    assert (head["kind"], head["patient"], head["session"]) == ("close_out", "P-0013", FIRST)
    assert (head["motor"], head["region"], head["holds_up"]) == (True, "lower_back", True)
    assert [step["part"] for step in steps] == [
        "pads_off",
        "skin",
        "pain_before",
        "pain_after",
        "stopped_because",
        "seated",
        "exercises",
        "advice",
        "outcomes",
    ]
    assert [step["part"] for step in steps if step["holds_up"]] == ["pads_off", "skin"]
    assert [step["part"] for step in steps if step["required"]] == [
        step["part"] for step in steps[:6]
    ]
    assert all(english_of(step["name"]) and english_of(step["to_do"]) for step in steps)
    for step in steps:
        assert bool(step["reasons"]) is step["may_leave_out"]
        assert all(map(english_of, step["reasons"]))


def test_a_reason_of_the_list_is_enough_to_leave_a_step_out(clinic: Clinic) -> None:
    ended(clinic)
    clinic.do(fact("pads_removed", session=FIRST))
    for part in ("skin", "seated"):
        for view in parts(clinic)[part]["reasons"][:1]:
            reason = {"session": FIRST, "reason": english_of(view)}
            if part == "skin":
                clinic.do(fact("skin_not_checked", **reason))
            else:
                clinic.do(fact("part_left_out", part=part, **reason))
    assert not rows(clinic, f"close_out:{FIRST}")[0]["holds_up"]


def test_an_answered_step_says_what_became_of_it(clinic: Clinic) -> None:
    ended(clinic)
    clinic.do(fact("pads_removed", session=FIRST))
    clinic.do(fact("part_deferred", session=FIRST, part="pain_after"))
    clinic.do(fact("part_left_out", session=FIRST, part="pain_before", reason="asleep"))
    found = parts(clinic)
    assert {part: row["outcome"] for part, row in found.items() if row["outcome"]} == {
        "pads_off": "done",
        "pain_before": "left_out",
        "pain_after": "deferred",
    }
    assert [part for part, row in found.items() if row["may_defer"]] == [
        "pain_before",
        "pain_after",
        "stopped_because",
        "exercises",
        "advice",
        "outcomes",
    ]


def test_the_time_left_in_the_chair_counts_down(clinic: Clinic) -> None:
    ended(clinic)
    assert parts(clinic)["seated"]["left_s"] in {119, 120}
    clinic.wait(20_000)
    assert parts(clinic)["seated"]["left_s"] in {99, 100}
    early = fact("seated_after", session=FIRST, seconds=120)
    refusal = clinic.ask(early)
    assert said(refusal).allowed.startswith("at most 2")  # type: ignore[arg-type]


def test_without_motor_work_nobody_sits(clinic: Clinic) -> None:
    ended(clinic, motor=False)
    assert "seated" not in parts(clinic)


def test_skin_shows_each_site_with_the_level_it_had(clinic: Clinic) -> None:
    ended(clinic)
    sites = parts(clinic)["skin"]["sites"]
    assert [(site["level_ua"], site["grade"]) for site in sites] == [(9_000, None)] * 4
    assert all(english_of(site["name"]) for site in sites)
    look(clinic, grade=1)
    assert {site["grade"] for site in parts(clinic)["skin"]["sites"]} == {1}


@pytest.mark.parametrize(
    ("because", "harms", "offer"),
    [("time_over", False, None), ("pain", True, None), ("burning", True, "burn")],
)
def test_what_the_operator_says_stands_beside_the_cause_that_the_unit_knows(
    clinic: Clinic, because: str, harms: bool, offer: str | None
) -> None:
    ended(clinic)
    clinic.do(fact("stop_explained", session=FIRST, because=because))
    head = rows(clinic, f"close_out:{FIRST}")[0]
    assert (head["cause"], head["because"], head["harms"]) == ("stop", because, harms)
    assert english_of(head["cause_text"])
    assert english_of(head["because_text"])
    assert head["take_out_of_use"] == offer


def test_broken_skin_offers_to_take_the_unit_out_of_use(clinic: Clinic) -> None:
    ended(clinic)
    look(clinic, grade=2)
    assert rows(clinic, f"close_out:{FIRST}")[0]["take_out_of_use"] == "burn"


def test_a_patient_without_a_session_has_no_close_out(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    assert said(refused(clinic, "close_out:P-0013")).limit == "close-out"
    assert said(refused(clinic, "close_out:0001-001")).limit == "registration"


def test_what_was_put_off_or_forgotten_of_any_patient_is_to_complete(clinic: Clinic) -> None:
    ended(clinic)
    clinic.do(fact("pads_removed", session=FIRST))
    look(clinic)
    clinic.do(fact("part_deferred", session=FIRST, part="exercises"))
    found = [(row["patient"], row["session"], row["part"]) for row in rows(clinic, "to_complete")]
    assert found == [
        ("P-0013", FIRST, part)
        for part in ("pain_before", "pain_after", "stopped_because", "seated", "exercises")
    ]


def test_outcomes_are_offered_at_the_first_and_each_sixth_session(clinic: Clinic) -> None:
    offered = []
    for number in range(1, 14):
        ended(clinic, f"0001-{number:03d}", motor=False)
        if rows(clinic, "due_outcomes:P-0013"):
            offered.append(number)
        assert ("outcomes" in parts(clinic, f"close_out:0001-{number:03d}")) is (
            number in {1, 6, 12}
        )
    assert offered == [1, 6, 12]


def test_an_outcome_of_today_is_not_asked_twice(clinic: Clinic) -> None:
    ended(clinic)
    due = {row["measure"]: row for row in rows(clinic, "due_outcomes:P-0013")}
    assert list(due) == ["index", "activity", "motion"]
    assert (due["index"]["index"], due["index"]["today"]) == ("oswestry", False)
    clinic.do(fact("index_scored", index="oswestry", score=40))
    clinic.do(fact("motion_tested", region="lower_back", motions=dict.fromkeys(Movement, "full")))
    due = {row["measure"]: row for row in rows(clinic, "due_outcomes:P-0013")}
    assert [measure for measure, row in due.items() if row["today"]] == ["index", "motion"]


def test_a_change_below_the_detectable_one_is_within_measurement_error(clinic: Clinic) -> None:
    """The neck disability index: 10.2 points can be measured, 7.5 are noticed."""
    ended(clinic)
    for score in (30, 22):
        clinic.do(fact("index_scored", index="ndi", score=score))
    for score in (3, 9):
        clinic.do(fact("activity_scored", activity="climbing stairs", score=score))
    found = {row["kind"]: row for row in rows(clinic, "outcomes:P-0013")}
    assert (found["index"]["first"], found["index"]["last"], found["index"]["count"]) == (30, 22, 2)
    assert [english_of(each) for each in found["index"]["change"]] == [
        "8 points better",
        "within measurement error",
        "as large as people usually notice",
    ]
    assert [english_of(each) for each in found["activity"]["change"]] == [
        "6 points better",
        "measurement error not known",
        "not known how large a change people notice",
    ]


def test_a_visit_begins_with_skin_patch_test_and_exercises(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        register(clinic)
        enter(clinic, first_visit())
        dose = {"exercise": "neck-retraction", "sets": 1, "repetitions": 8, "days_a_week": 5}
        clinic.do(fact("exercises_given", session=FIRST, exercises=[dose]))
        assert "exercise" not in {row["kind"] for row in rows(clinic, "visit:P-0013")}
    with open_clinic(tmp_path / "2", data=data, after_us=2 * DAY_US) as clinic:
        clinic.unlock()
        found = rows(clinic, "visit:P-0013")
        assert {row["kind"] for row in found} == {"skin", "exercise"}
        assert all(english_of(row["found"]) for row in found)


def test_exercises_are_found_by_the_part_of_the_body(clinic: Clinic) -> None:
    clinic.until("Locked")
    neck, back = rows(clinic, "exercises:neck"), rows(clinic, "exercises:lower_back")
    upper = rows(clinic, "exercises:upper_back")
    assert len(neck) >= 8
    assert len(back) + len(upper) >= 8
    assert rows(clinic, "exercises:suboccipital") == neck
    assert len(rows(clinic, "exercises")) == len(neck) + len(back) + len(upper)
    assert said(refused(clinic, "exercises:knee")).limit == "query"
    for row in neck:
        texts = [row["title"], row["purpose"], row["start"], row["dose"], *row["steps"]]
        assert all(map(english_of, [*texts, *row["stop"]]))


def test_advice_is_a_list(clinic: Clinic) -> None:
    clinic.until("Locked")
    assert all(english_of(row["text"]) and row["source"] for row in rows(clinic, "advice"))
