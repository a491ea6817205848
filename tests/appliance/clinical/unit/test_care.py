"""Care of the unit has a date: overdue it warns for 14 days, then no patient is treated."""

from typing import Any

import pytest

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.unit.care import (
    CareItem,
    CareRecords,
    CareStanding,
    CareStatus,
    Treated,
    care_note,
    judge_care,
    judge_cleaning,
    refuse_dated,
)
from appliance.clinical.unit.facts import (
    CalibrationRecorded,
    PartState,
    SafetyCheckRecorded,
    UnitCleaned,
    UnitFact,
)
from appliance.clinical.unit.noted import noted
from appliance.clinical.unit.unit_file import UnitFile
from appliance.texts.english import english
from tests.support.facts import DAY_US, day
from tests.support.texts import problems, said
from tests.support.unit_facts import WHO, dated, inspection

pytestmark = pytest.mark.proves("unit-care")

EVERY = {CareItem.LEADS: 7, CareItem.SAFETY_CHECK: 365, CareItem.CALIBRATION: 365}
LOCK_DAYS = 14
ITEMS = tuple(EVERY)


def done(item: CareItem, at: FactTime) -> UnitFact:
    match item:
        case CareItem.LEADS:
            return inspection()
        case CareItem.SAFETY_CHECK:
            return SafetyCheckRecorded(**WHO, date=dated(at), report="R-7")
        case CareItem.CALIBRATION:
            return CalibrationRecorded(**WHO, date=dated(at), certificate="C-7")


def unit(**more: Any) -> UnitFile:
    return UnitFile(first_use=noted(day(0)), **more)


def after(item: CareItem, at: FactTime, file: UnitFile | None = None) -> UnitFile:
    return (file or unit()).after(done(item, at), at)


def standing(file: UnitFile, item: CareItem, now: FactTime) -> CareStanding:
    found = {each.item: each for each in file.care_standings(now)}
    assert problems(care_note(found[item])) == []
    return found[item]


def status(file: UnitFile, item: CareItem, now: FactTime) -> CareStatus:
    return standing(file, item, now).status


IN_ORDER, OVERDUE, LOCKED = CareStatus.IN_ORDER, CareStatus.OVERDUE, CareStatus.LOCKED


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize(
    ("past_due", "expected"),
    [
        *((days, CareStatus.IN_ORDER) for days in (-1, -0.01)),
        *((days, CareStatus.OVERDUE) for days in (0, 1, 13, 13.99)),
        *((days, CareStatus.LOCKED) for days in (14, 15, 400)),
    ],
)
@pytest.mark.parametrize("boot", [1, 2])
def test_an_item_is_in_order_until_it_is_due_then_warns_for_14_days_then_locks(
    item: CareItem, past_due: float, expected: CareStatus, boot: int
) -> None:
    file = after(item, day(0))
    assert status(file, item, day(EVERY[item] + past_due, boot=boot)) is expected


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize(
    ("age", "expected"), [(0, OVERDUE), (1, OVERDUE), (13, OVERDUE), (14, LOCKED), (15, LOCKED)]
)
def test_an_item_never_recorded_is_due_from_the_first_use_and_does_not_lock_at_once(
    item: CareItem, age: float, expected: CareStatus
) -> None:
    assert status(unit(), item, day(age, boot=2)) is expected


@pytest.mark.parametrize("item", ITEMS)
def test_a_warning_says_from_which_day_it_locks(item: CareItem) -> None:
    never = standing(unit(), item, day(3))
    assert never.locks_utc_us == day(LOCK_DAYS).utc_us
    assert "never recorded; no patient is treated from 2024-10-18 on" in english(care_note(never))
    late = standing(after(item, day(0)), item, day(EVERY[item] + 1))
    assert late.due_utc_us == day(EVERY[item]).utc_us
    assert late.locks_utc_us == day(EVERY[item] + LOCK_DAYS).utc_us
    assert "overdue; no patient is treated from " in english(care_note(late))


@pytest.mark.parametrize("item", ITEMS)
def test_what_locks_stops_and_what_is_overdue_is_a_note(item: CareItem) -> None:
    for past_due, expected in ((1, Consequence.NOTE), (15, Consequence.STOP)):
        found = judge_care(after(item, day(0)).care_standings(day(EVERY[item] + past_due)))
        consequences = {finding.item: finding.consequence for finding in found}
        assert consequences[item] is expected
        assert [problem for finding in found for problem in problems(finding.text())] == []


@pytest.mark.parametrize("item", ITEMS)
def test_done_again_it_is_in_order_again(item: CareItem) -> None:
    later = day(EVERY[item] + 20)
    assert status(after(item, later, after(item, day(0))), item, later) is IN_ORDER


@pytest.mark.parametrize("item", ITEMS)
def test_a_restart_without_a_clock_leaves_nobody_knowing_the_age_and_locks(item: CareItem) -> None:
    file = after(item, day(0))
    now = day(1, trusted=False, boot=2)
    assert status(file, item, now) is LOCKED
    assert "no clock tells" in english(care_note(standing(file, item, now)))
    assert status(UnitFile(clock_required=False, first_use=noted(day(0))), item, now) is OVERDUE


def test_without_a_clock_an_inspection_counts_within_its_boot() -> None:
    file = after(CareItem.LEADS, day(0, trusted=False))
    for age, expected in ((6.9, IN_ORDER), (8, OVERDUE), (20.9, OVERDUE), (21, LOCKED)):
        now = day(age, trusted=False)
        assert status(file, CareItem.LEADS, now) is expected
    noted = standing(file, CareItem.LEADS, day(8, trusted=False))
    assert english(care_note(noted)).endswith("overdue; no patient is treated after 13 days")
    assert status(file, CareItem.LEADS, day(1, trusted=False, boot=2)) is LOCKED
    assert status(file, CareItem.LEADS, day(1, boot=2)) is LOCKED


@pytest.mark.parametrize("item", ITEMS)
def test_a_clock_set_back_makes_nothing_younger(item: CareItem) -> None:
    late = day(EVERY[item] + 15)
    file = after(item, day(0)).seen(late)
    for now in (day(1, boot=2), day(EVERY[item] - 1, boot=3), day(-300, boot=2)):
        assert status(file, item, now) is LOCKED


def test_a_clock_set_back_within_a_boot_is_outvoted_by_the_monotonic_one() -> None:
    file = after(CareItem.LEADS, day(0))
    back = day(1)._replace(monotonic_us=8 * DAY_US)
    assert status(file, CareItem.LEADS, back) is OVERDUE


def test_the_day_on_a_report_counts_and_not_the_day_of_its_entry() -> None:
    entered = day(100)
    for item, fact in (
        (CareItem.SAFETY_CHECK, SafetyCheckRecorded(**WHO, date=dated(day(0)), report="R")),
        (CareItem.CALIBRATION, CalibrationRecorded(**WHO, date=dated(day(0)), certificate="C")),
    ):
        file = unit().after(fact, entered)
        assert standing(file, item, entered).due_utc_us == day(365).utc_us
        older = file.after(done(item, day(-40)), day(101))
        assert standing(older, item, day(101)).due_utc_us == day(365).utc_us


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("", "something that is no date"),
        ("yesterday", "something that is no date"),
        ("20241004", "something that is no date"),
        ("2024-W40-5", "something that is no date"),
        ("2024-02-30", "something that is no date"),
        ("1024-10-04", "something that is no date"),
        ("2024-10-05", "a day of which no clock says that it is past"),
        ("9999-12-31", "a day of which no clock says that it is past"),
    ],
)
def test_a_report_of_no_day_or_of_a_day_to_come_is_refused(written: str, asked: str) -> None:
    refusal = refuse_dated(written, "R-7", day(0))
    assert refusal is not None
    assert said(refusal).asked == asked
    assert refuse_dated("2024-10-04", "R-7", day(0)) is None


def test_without_a_clock_no_report_is_recorded_and_without_a_number_neither() -> None:
    refusal = refuse_dated("2024-10-04", "R-7", day(0, trusted=False))
    assert refusal is not None
    assert said(refusal).nearest == "set the clock"
    assert refuse_dated("2024-10-04", " ", day(0)) is not None


def test_a_damaged_lead_of_an_inspection_is_out_of_use_and_the_inspection_is_done() -> None:
    file = unit().after(inspection(lead_2=PartState.DAMAGED), day(0))
    assert status(file, CareItem.LEADS, day(0)) is IN_ORDER
    assert file.checks.parts["lead_2"].damaged_since == day(0)  # type: ignore[index]


# --- between two patients ----------------------------------------------------------------------


def cleaned(at: FactTime) -> CareRecords:
    return CareRecords().after(UnitCleaned(**WHO), at)


TREATED = Treated("P-0013", day(2))


def test_another_patient_waits_until_the_unit_was_cleaned_after_the_last_session() -> None:
    for records in (CareRecords(), cleaned(day(1.9))):
        (finding,) = judge_cleaning(records, TREATED, "P-0021")
        assert (finding.consequence, finding.item) == (Consequence.ASK, "cleaning")
        assert problems(finding.text()) == []
    assert judge_cleaning(cleaned(day(2)), TREATED, "P-0021") == ()
    assert judge_cleaning(cleaned(day(2.1)), TREATED, "P-0021") == ()


def test_the_same_patient_and_the_first_one_wait_for_no_cleaning() -> None:
    assert judge_cleaning(CareRecords(), TREATED, "P-0013") == ()
    assert judge_cleaning(CareRecords(), None, "P-0021") == ()


@pytest.mark.parametrize("trusted", [True, False])
def test_no_clock_set_forward_makes_an_old_cleaning_count(*, trusted: bool) -> None:
    early = day(5, boot=1, trusted=trusted)
    treated = Treated("P-0013", day(2, boot=2, trusted=trusted))
    assert judge_cleaning(cleaned(early), treated, "P-0021") != ()
    assert judge_cleaning(cleaned(day(1, boot=3)), treated, "P-0021") == ()


# --- what the clock showed ---------------------------------------------------------------------


@pytest.mark.parametrize("item", ITEMS)
def test_a_clock_that_was_ahead_by_mistake_spoils_only_what_was_recorded_before(
    item: CareItem,
) -> None:
    ahead = after(item, day(0)).seen(day(4_000, boot=2))
    now = day(1, boot=3)
    assert status(ahead, item, now) is LOCKED
    assert status(after(item, now, ahead), item, now) is IN_ORDER


def test_a_unit_that_starts_without_a_clock_counts_from_its_first_use_once_it_is_set() -> None:
    started = UnitFile(first_use=noted(day(0, trusted=False)))
    same_boot = started.seen(day(5))
    assert standing(same_boot, CareItem.LEADS, day(5)).locks_utc_us == day(LOCK_DAYS).utc_us
    later = started.seen(day(9, boot=2))
    assert standing(later, CareItem.LEADS, day(9, boot=2)).locks_utc_us == day(23).utc_us
    assert status(started, CareItem.LEADS, day(9, trusted=False, boot=2)) is LOCKED
