"""Pages about the unit: its parts and care, what is due, and what is missing before a patient."""

from typing import Any

import pytest

from appliance.link.roles import Role
from appliance.messages.actions import Unlock
from appliance.messages.wire import DrillKind
from tests.flows.test_patient_pages import MISSING, english_of, refused, rows
from tests.flows.test_unit_facts import OUT, check, fact
from tests.support.clinic import Clinic
from tests.support.clinical_records import register
from tests.support.drill_person import drill
from tests.support.unit_facts import PARTS

pytestmark = pytest.mark.proves_none

ITEMS = ["leads", "safety_check", "calibration"]


def by_kind(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in found if row["kind"] == kind]


def test_the_page_of_the_unit_has_parts_care_and_cleaning(clinic: Clinic) -> None:
    clinic.unlock()
    found = rows(clinic, "unit")
    parts = by_kind(found, "part")
    assert [row["part"] for row in parts] == list(PARTS)
    assert {row["state"] for row in parts} == {None}
    assert not any(row["looked_at_today"] for row in parts)
    assert [row["item"] for row in by_kind(found, "care")] == ITEMS
    assert by_kind(found, "cleaning")[0]["due"] is False
    assert by_kind(found, "out_of_use") == []
    assert all(english_of(row["look_at"]) for row in parts)


def test_the_page_says_what_is_damaged_and_why_the_unit_is_out_of_use(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(check(plugs="damaged"))
    clinic.do(OUT)
    found = rows(clinic, "unit")
    states = {
        row["part"]: (row["state"], bool(row["damaged_since"])) for row in by_kind(found, "part")
    }
    assert states.pop("plugs") == ("damaged", True)
    assert set(states.values()) == {("good", False)}
    (out,) = by_kind(found, "out_of_use")
    assert (out["reason"], out["words"]) == ("shock", "at the left pad")
    assert english_of(out["name"]) == "a shock"


def test_due_lists_all_care_and_every_drill_with_dates(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(fact("safety_check_recorded", date="2023-11-01", report="R-1"))
    found = rows(clinic, "due", limit=3)
    assert [row["item"] for row in found] == [*ITEMS, *DrillKind]
    assert all(english_of(row["note"]) for row in found)
    care = {row["item"]: row for row in by_kind(found, "care")}
    assert (care["safety_check"]["status"], care["leads"]["status"]) == ("in_order", "overdue")
    day_us = 86_400_000_000
    assert care["safety_check"]["due_utc_us"] == (19_662 + 365) * day_us
    assert care["safety_check"]["locks_utc_us"] == (19_662 + 365 + 14) * day_us


def test_due_says_who_did_the_last_drill_and_on_which_channel(clinic: Clinic) -> None:
    drill(clinic, "known-load", load_ohm=1_000, channel=2, operator="berta")
    drill(clinic, "watchdog")
    found = {row["item"]: row for row in by_kind(rows(clinic, "due"), "drill")}
    assert (found["known-load"]["by"], found["known-load"]["channel"]) == ("berta", 2)
    assert (found["watchdog"]["by"], found["watchdog"]["channel"]) == ("anna", None)
    assert (found["lead"]["by"], found["lead"]["channel"]) == (None, None)


def test_the_self_test_is_shown_with_the_unit_and_its_engine(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(fact("unit_cleaned"))  # is waited for, and takes what was recorded before with it
    found = {row["kind"]: row for row in rows(clinic, "self_test")}
    assert found["genesis"]["device"]
    assert found["boot"]["build"]
    assert found["boot"]["board"] == clinic.view.board
    assert found["self_test"]["passed"] is True
    assert found["self_test"]["failures"] == []
    assert abs(found["timing_proof"]["ratio_ppm"] - 1_000_000) < 1_000


def test_the_newest_self_test_says_why_it_failed(clinic: Clinic) -> None:
    clinic.until("Locked")
    clinic.board.fault_set("latch-dead")
    clinic.ask(Unlock(operator="anna"))
    clinic.until("Tripped")
    found = {row["kind"]: row for row in rows(clinic, "self_test")}
    assert found["self_test"]["passed"] is False
    assert [english_of(line) for line in found["self_test"]["failures"]]


@pytest.mark.parametrize("what", ["unit", "due"])
def test_whoever_may_query_reads_about_the_unit_and_an_observer_does_not(what: str) -> None:
    from appliance.control.pages.answers import PAGES

    assert PAGES[what].may_read == {Role.KIOSK, Role.MAINTENANCE, Role.OWNER}


def test_missing_ends_with_the_unit_and_names_what_answers_each_row(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    found = [row for row in rows(clinic, MISSING) if row["answered_by"]]
    answers = {row["item"]: row["answered_by"] for row in found}
    assert {answers[part] for part in PARTS} == {"unit_checked"}
    assert answers["leads"] == "leads_inspected"
    clinic.do(check())
    clinic.do(OUT)
    left = {row["item"]: row["rule"] for row in rows(clinic, MISSING)}
    assert not set(PARTS) & set(left)
    assert left["unit"] == "refusal.out_of_use"


def test_a_unit_that_is_not_known_has_no_page(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.engine.loop._unit.fault = "event 9 cannot be read"
    for what in ("unit", "due"):
        refused(clinic, what)
