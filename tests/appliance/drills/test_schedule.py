"""When a drill is due, to the microsecond, and what is said about it."""

import pytest

from appliance.control.drills.ledger import DrillLedger
from appliance.drills.schedule import (
    DrillDone,
    DrillStanding,
    DrillStatus,
    Today,
    note_of,
    notes,
    standings,
)
from appliance.messages.wire import DrillKind
from appliance.safety.arming_policy import HARDWARE, VIRTUAL_BOARD, ArmingPolicy
from appliance.texts.english import date_of, english

pytestmark = pytest.mark.proves("drills")

DAY_US = 86_400_000_000
DONE_US = 1_800_000_000_000_000


def standing(age_us: int, *, passed: bool = True, policy: ArmingPolicy = HARDWARE) -> DrillStanding:
    done = {kind: DrillDone(kind, passed, DONE_US, clock_trusted=True) for kind in DrillKind}
    return standings(done, Today(DONE_US + age_us, trusted=True), policy)[0]


@pytest.mark.parametrize(
    ("age_us", "status", "locks"),
    [
        (0, "ok", False),
        (23 * DAY_US - 1, "ok", False),
        (23 * DAY_US, "due soon", False),
        (30 * DAY_US - 1, "due soon", False),
        (30 * DAY_US, "overdue", True),
        (400 * DAY_US, "overdue", True),
    ],
)
@pytest.mark.parametrize("policy", [HARDWARE, VIRTUAL_BOARD])
def test_a_drill_is_due_after_30_days_and_said_7_days_before(
    age_us: int, status: str, locks: bool, policy: ArmingPolicy
) -> None:
    found = standing(age_us, policy=policy)
    assert (found.status.value, found.locks) == (status, locks)


def test_a_clock_before_the_last_drill_is_believed_on_the_virtual_board_alone() -> None:
    assert standing(-1).status is DrillStatus.OVERDUE
    assert standing(-1, policy=VIRTUAL_BOARD).status is DrillStatus.OK


def test_one_that_did_not_pass_is_overdue_at_once() -> None:
    found = standing(0, passed=False)
    assert (found.status, found.locks) == (DrillStatus.FAILED, True)


def test_one_never_done_is_overdue_and_nothing_is_left_out() -> None:
    found = standings({}, Today(DONE_US, trusted=True), HARDWARE)
    assert [each.kind.value for each in found] == [
        "e-stop",
        "hand-switch",
        "lead",
        "known-load",
        "watchdog",
    ]
    assert all(each.status is DrillStatus.NEVER and each.locks for each in found)


@pytest.mark.parametrize(("now", "then"), [(False, True), (True, False)])
def test_a_clock_nobody_set_means_overdue_on_hardware_and_nothing_on_the_virtual_board(
    now: bool, then: bool
) -> None:
    done = {kind: DrillDone(kind, True, DONE_US, clock_trusted=then) for kind in DrillKind}
    today = Today(DONE_US + DAY_US, trusted=now)
    assert all(each.locks and each.why for each in standings(done, today, HARDWARE))
    assert all(each.status is DrillStatus.OK for each in standings(done, today, VIRTUAL_BOARD))


def test_what_is_said_names_the_date_and_the_command() -> None:
    assert english(note_of(standing(31 * DAY_US))) == "e-stop drill overdue since 2027-02-14"
    assert english(note_of(standing(25 * DAY_US))) == "e-stop drill due by 2027-02-14"
    (said,) = notes((standing(31 * DAY_US),), HARDWARE)
    assert english(said).endswith("arming is locked: run `stimkiosk drill e-stop`")
    (said,) = notes((standing(31 * DAY_US),), VIRTUAL_BOARD)
    assert english(said).endswith("this is the virtual board, arming stays open")
    assert notes((standing(0),), HARDWARE) == ()


def test_one_that_locks_is_the_one_to_begin_with() -> None:
    soon, never = (
        standing(25 * DAY_US),
        DrillStanding(DrillKind.LEAD, DrillStatus.NEVER, None, None),
    )
    (said,) = notes((soon, never), HARDWARE)
    assert english(said).endswith("run `stimkiosk drill lead`")


@pytest.mark.proves_none
@pytest.mark.parametrize("utc_us", [10**19, -(10**19)])
def test_a_date_that_no_calendar_has_shows_as_a_dash(utc_us: int) -> None:
    assert date_of(utc_us) == "-"
    failed = DrillStanding(DrillKind.LEAD, DrillStatus.FAILED, None, utc_us)
    assert english(note_of(failed)) == "lead drill not passed on -"


@pytest.mark.proves_none
def test_a_date_that_is_not_known_shows_as_a_dash() -> None:
    failed = DrillStanding(DrillKind.LEAD, DrillStatus.FAILED, None, None)
    assert english(note_of(failed)) == "lead drill not passed on -"


@pytest.mark.parametrize(("seen_days", "status"), [(29, "due soon"), (30, "overdue")])
def test_a_clock_that_is_set_back_brings_no_drill_in_date_again(
    seen_days: int, status: str
) -> None:
    """Hazard: a stop that was not tried for months, and a clock that was set back."""
    seen_us = DONE_US + seen_days * DAY_US
    done = DrillDone(DrillKind.ESTOP, True, DONE_US, clock_trusted=True, seen_utc_us=seen_us)
    today = Today(DONE_US + DAY_US, trusted=True)
    assert standings({DrillKind.ESTOP: done}, today, HARDWARE)[0].status.value == status


def test_a_running_engine_remembers_how_late_it_has_been() -> None:
    now = [DONE_US + 31 * DAY_US]
    done = DrillDone(DrillKind.ESTOP, True, DONE_US, clock_trusted=True)
    book = DrillLedger({DrillKind.ESTOP: done}, HARDWARE, lambda: Today(now[0], trusted=True))
    assert book.standings()[0].status is DrillStatus.OVERDUE
    now[0] = DONE_US + DAY_US
    assert book.standings()[0].status is DrillStatus.OVERDUE
    book.take(DrillKind.ESTOP, passed=True, operator="anna", channel=None)
    assert book.standings()[0].status is DrillStatus.OK
