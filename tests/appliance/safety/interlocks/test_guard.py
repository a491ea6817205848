"""The guard: counting, heard, running, and why it tripped."""

import pytest

from appliance.safety.interlocks.readings import Readings
from appliance.texts.english import english
from drivers.interfaces import GuardStatus
from tests.appliance.safety.interlocks.bench import (
    MS,
    S,
    T,
    but,
    codes,
    look,
    readings,
)

pytestmark = pytest.mark.proves("guard-watched")


def told(
    at_us: int, alive: int, *, tripped: int = 0, running: bool = True, now_us: int | None = None
) -> Readings:
    status = GuardStatus(running=running, alive=alive, tripped=tripped)
    now = at_us if now_us is None else now_us
    return readings(guard=status, guard_at_us=at_us, now_us=now)


def test_a_guard_that_counts_is_alive() -> None:
    ticks = [told(T + n * 50 * MS, 50 * n) for n in range(5)]
    assert codes(look("guard", ticks)) == [None] * 5


def test_a_guard_that_stands_still_trips() -> None:
    ticks = [told(T, 7), told(T, 7, now_us=T + 10 * MS), told(T + 20 * MS, 7)]
    assert codes(look("guard", ticks)) == [None, None, "T17"]


def test_a_guard_asked_twice_within_20_ms_may_not_have_counted() -> None:
    ticks = [told(T, 7), told(T + 19_999, 7), told(T + 40 * MS, 9), told(T + 90 * MS, 9)]
    assert codes(look("guard", ticks)) == [None, None, None, "T17"]


def test_a_counter_that_wraps_is_alive() -> None:
    assert codes(look("guard", [told(T, 2**31 - 1), told(T + 50 * MS, 49)])) == [None, None]


@pytest.mark.parametrize(("age_us", "code"), [(150_000, None), (150_001, "T17")])
def test_a_guard_unheard_for_150_ms_trips(age_us: int, code: str | None) -> None:
    assert codes(look("guard", [told(T, 7, now_us=T + age_us)])) == [code]


def test_a_guard_that_does_not_answer_or_run_trips() -> None:
    assert codes(look("guard", [readings(guard=None)])) == ["T17"]
    assert codes(look("guard", [told(T, 7, running=False)])) == ["T17"]


@pytest.mark.parametrize(("tripped", "code"), [(1, "T18"), (2, "T19"), (3, "T19"), (-1, "T19")])
def test_a_guard_that_tripped_says_why(tripped: int, code: str) -> None:
    (found,) = look("guard", [told(T, 7, tripped=tripped, running=False)])
    assert codes([found]) == [code]
    said = {1: "e-stop seen open", 2: "silence"}.get(tripped, f"latch {tripped}")
    assert found is not None
    assert found.detail is not None
    assert english(found.detail) == said


def test_a_guard_is_not_judged_while_it_is_being_replaced() -> None:
    stopped = told(T, 7, running=False)
    assert codes(look("guard", [but(stopped, guarded=False)])) == [None]
    replaced = [told(T, 7), but(told(T, 7), guarded=False), told(T + S, 7)]
    assert codes(look("guard", replaced)) == [None, None, None]
