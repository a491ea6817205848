"""The facts of a simulated patient: each answers a finding, until nothing is missing."""

from typing import Any

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.exercises.exercise_list import load_exercises
from appliance.clinical.programme import Programme
from appliance.clinical.unit.care import Treated
from appliance.clinical.unit.noted import noted
from appliance.clinical.unit.unit_file import UnitFile
from appliance.core.limits.limits import Region
from tests.support.facts import day
from tests.support.simulated_unit import WANTED, Unit, every_treatment, one_patient, wanted_of
from ui.cli.treatment.simulated_facts import (
    FindingRow,
    SimulatedFact,
    fact_for,
    find_patient,
    registration,
)


@pytest.fixture
def unit() -> Unit:
    return one_patient()


@pytest.mark.parametrize(
    ("programme", "region", "side"),
    list(every_treatment()),
    ids=[f"{programme.name}-{region}-{side}" for programme, region, side in every_treatment()],
)
def test_nothing_is_missing_for_any_treatment_once_the_facts_are_entered(
    unit: Unit, programme: Programme, region: Region, side: Side
) -> None:
    wanted = wanted_of(programme, region, side)
    entered = unit.enter(wanted)
    assert len(entered) == len(set(entered)), "each is entered once"
    findings = unit.situation(wanted).findings
    assert [finding for finding in findings if finding.blocks] == []


def test_the_facts_come_in_the_order_of_the_work(unit: Unit) -> None:
    assert unit.enter(WANTED) == [
        "complaint_opened",
        "screening_answered",
        "pad_set_labelled",
        "pad_set_checked",
        "patch_test_declined",
        "sensation_tested",
        "skin_checked_before",
        "pads_placed",
        "patient_told",
        "unit_checked",
    ]


def test_a_second_treatment_of_the_same_day_needs_nothing_again(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.now = day(0.1)
    assert unit.enter(WANTED) == []


def test_the_next_day_asks_for_the_day_only(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.now = day(1)
    assert unit.enter(WANTED) == [
        "visit_list_answered",
        "pad_set_checked",
        "sensation_tested",
        "skin_checked_before",
        "pads_placed",
        "patient_told",
        "unit_checked",
    ]


def test_after_a_month_the_screening_is_done_again_and_old_pads_are_replaced(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.now = day(31)
    entered = unit.enter(WANTED)
    assert entered[:4] == [
        "screening_answered",
        "pad_set_discarded",
        "pad_set_labelled",
        "pad_set_checked",
    ]
    pads = [row["pad_set"] for row in unit.situation(WANTED).file if row["kind"] == "pads"]
    assert pads == ["A", "B"]


def test_used_up_pads_are_replaced_by_a_fresh_set(unit: Unit) -> None:
    unit.enter(WANTED)
    for session in range(1, 21):
        unit.ended(f"0001-{session:03}")
        unit.close(f"0001-{session:03}")
    assert {"pad_set_discarded", "pad_set_labelled"} <= set(unit.enter(WANTED))
    assert unit.situation(WANTED).wanted.pad_set == "B"


def test_a_set_of_too_few_pads_is_left_for_a_set_that_fits(unit: Unit) -> None:
    left = wanted_of(WANTED.programme, Region.LOWER_BACK, Side.LEFT)
    unit.enter(left)
    assert "pad_set_labelled" in unit.enter(WANTED)
    assert unit.enter(left) == ["pads_placed"], "the pads of the other treatment lie there"


def test_the_skin_of_the_last_session_is_asked_about_first_and_at_each_site(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.ended("0001-001")
    entered = unit.close("0001-001")
    assert "skin_checked_after" in entered
    sites = (
        [msgspec.to_builtins(site) for site in WANTED.placement.sites] if WANTED.placement else []
    )
    unit.now = day(1)
    fact = fact_for(unit.situation(WANTED))
    assert isinstance(fact, SimulatedFact)
    assert fact == SimulatedFact(
        "skin_followed_up", {"answers": [{"site": site, "answer": "gone"} for site in sites]}
    )
    assert unit.enter(WANTED)[0] == "skin_followed_up"


def test_care_that_locks_is_done_and_a_unit_is_cleaned_after_somebody_else(unit: Unit) -> None:
    unit.unit = UnitFile(virtual=True, first_use=noted(day(0)))
    unit.enter(WANTED)
    unit.now = day(15)
    unit.treated = Treated("P-0021", unit.now)
    assert unit.enter(WANTED)[-5:] == [
        "unit_checked",
        "unit_cleaned",
        "leads_inspected",
        "safety_check_recorded",
        "calibration_recorded",
    ]


@pytest.mark.parametrize("damage", [{"case": "damaged"}, {"hand_switch": "damaged"}])
def test_a_damaged_unit_is_for_service_and_nothing_is_entered(
    unit: Unit, damage: dict[str, str]
) -> None:
    parts = [row["part"] for row in unit.situation(WANTED).unit if row["kind"] == "part"]
    answers = {**dict.fromkeys(parts, "good"), **damage}
    unit.record(SimulatedFact("unit_checked", {"answers": answers}))
    left = fact_for(unit.situation(WANTED))
    assert isinstance(left, FindingRow)
    assert left.answered_by == "part_released"


def test_a_patch_test_of_the_day_before_is_asked_about(unit: Unit) -> None:
    material = {"material": "simulated hydrogel"}
    unit.record(SimulatedFact("patch_test_applied", {**material, "place": "upper_back"}))
    unit.now = day(0.1)
    unit.record(SimulatedFact("patch_test_read", {**material, "grade": 0}))
    unit.now = day(1)
    assert "patch_test_followed_up" in unit.enter(WANTED)


def test_a_patch_test_that_is_worn_is_read(unit: Unit) -> None:
    material = {"material": "simulated hydrogel", "place": "upper_back"}
    unit.record(SimulatedFact("patch_test_applied", material))
    unit.now = day(0.1)
    assert "patch_test_read" in unit.enter(WANTED)


def test_exercises_that_were_given_are_asked_about_once(unit: Unit) -> None:
    dose = {"exercise": next(iter(load_exercises())), "sets": 2, "repetitions": 8, "days_a_week": 5}
    unit.ended("0001-001")
    unit.close("0001-001")
    unit.record(SimulatedFact("exercises_given", {"session": "0001-001", "exercises": [dose]}))
    unit.now = day(1)
    assert unit.enter(WANTED)[-2:] == ["exercises_asked", "unit_checked"]


@pytest.mark.parametrize(
    ("kind", "values", "rule"),
    [
        (
            "screening_answered",
            {"kind": "part", "answers": {"pregnancy": "yes"}},
            "refusal.screening",
        ),
        (
            "sensation_tested",
            {
                "method": "warm_cold",
                "sites": [
                    {
                        "site": {"region": "lower_back", "side": "left", "spot": "l1"},
                        "feeling": "absent",
                    }
                ],
            },
            "refusal.sensation",
        ),
        (
            "skin_checked_before",
            {
                "grades": [
                    {"site": {"region": "lower_back", "side": "left", "spot": "l1"}, "grade": 2}
                ]
            },
            "refusal.skin",
        ),
    ],
)
def test_what_stops_a_treatment_has_no_simulated_answer(
    unit: Unit, kind: str, values: dict[str, Any], rule: str
) -> None:
    unit.enter(WANTED)
    unit.record(SimulatedFact(kind, values))
    found = fact_for(unit.situation(WANTED))
    assert isinstance(found, FindingRow)
    assert (found.rule, found.blocks) == (rule, True)


def test_an_answer_of_before_is_repeated_and_never_made_harmless(unit: Unit) -> None:
    unit.enter(WANTED)
    answers = {"statin": "yes", "hernia": "unknown"}
    unit.record(SimulatedFact("screening_answered", {"kind": "part", "answers": answers}))
    unit.now = day(31)
    fact = fact_for(unit.situation(WANTED))
    assert isinstance(fact, SimulatedFact)
    given: Any = fact.values["answers"]
    assert (fact.values["kind"], given["statin"], given["hernia"]) == (
        "full",
        "yes",
        "unknown",
    )
    assert given["cancer"] == "no"


def test_a_finding_that_nobody_has_an_answer_for_is_returned_itself(unit: Unit) -> None:
    situation = unit.situation(WANTED)
    (first, *_) = situation.findings
    unknown = msgspec.structs.replace(first, rule="refusal.of_tomorrow")
    assert fact_for(situation._replace(findings=[unknown])) == unknown


# --- who it is -------------------------------------------------------------------------------


def test_the_simulated_patient_of_the_records_is_found_again(unit: Unit) -> None:
    assert find_patient("", unit.patients()) == "P-0013"
    for named in ("P-0013", " p-0013 ", "SIM1", "sim1"):
        assert find_patient(named, unit.patients()) == "P-0013"
    for named in ("SIM", "P-001", "P-0021", "1980"):
        assert find_patient(named, unit.patients()) is None


def test_a_patient_of_the_clinic_is_never_taken_for_the_simulated_one() -> None:
    unit = Unit()
    clinic = SimulatedFact("patient_registered", {"born": 1980, "alias": "SIM1"})
    unit.record(clinic, simulated=False)
    assert find_patient("", unit.patients()) is None
    unit.record(registration("", unit.patients()))
    assert [row["alias"] for row in unit.patients()] == ["SIM1", "SIM2"]
    assert find_patient("", unit.patients()) == unit.patients()[1]["patient"]


def test_a_pseudonym_of_earlier_records_is_registered_under_its_own_name() -> None:
    assert registration("P-17", []).values["patient"] == "P-17"
    assert "alias" not in registration("P-17", []).values
