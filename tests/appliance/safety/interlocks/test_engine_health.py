"""The engine's loop, clocks, screen and journal, each at its limit."""

import pytest

from tests.appliance.safety.interlocks.bench import (
    MS,
    S,
    T,
    but,
    codes,
    look,
    readings,
)


@pytest.mark.proves("loop-in-time")
@pytest.mark.parametrize(
    ("passed_us", "code"),
    [(10_000, None), (50_000, None), (50_001, "T26"), (1, None), (0, "T26"), (-1, "T26")],
)
def test_a_tick_more_than_50_ms_after_the_last_trips(passed_us: int, code: str | None) -> None:
    ticks = [readings(now_us=T), readings(now_us=T + passed_us)]
    assert codes(look("loop_overrun", ticks)) == [None, code]


@pytest.mark.proves("loop-in-time")
def test_a_pause_of_the_loop_outside_guarded_states_does_not_count() -> None:
    ticks = [readings(), readings(guarded=False, now_us=T + S), readings(now_us=T + 4 * S)]
    assert codes(look("loop_overrun", ticks)) == [None] * 3


@pytest.mark.proves("screen-watched")
@pytest.mark.parametrize(("silent_us", "code"), [(2 * S, None), (2 * S + 1, "T27")])
def test_a_screen_silent_for_2_s_trips(silent_us: int, code: str | None) -> None:
    tick = readings(screen_at_us=T - silent_us)
    assert codes(look("screen_silent", [tick])) == [code]
    assert codes(look("screen_silent", [but(tick, energising=False)])) == [None]


@pytest.mark.proves("screen-watched")
def test_no_screen_at_all_trips_while_energising() -> None:
    assert codes(look("screen_silent", [readings(screen_at_us=None)])) == ["T27"]
    idle = readings(screen_at_us=None, energising=False)
    assert codes(look("screen_silent", [idle])) == [None]


@pytest.mark.proves("journal")
@pytest.mark.parametrize("energising", [False, True])
def test_a_journal_that_cannot_be_written_trips_in_any_state(energising: bool) -> None:
    tick = readings(journal_ok=False, energising=energising, guarded=energising)
    assert codes(look("journal", [tick, but(tick, journal_ok=True)])) == ["T28", None]


@pytest.mark.proves("journal")
@pytest.mark.parametrize(
    ("jump_us", "code"), [(S, None), (S + 1, "T29"), (-S, None), (-S - 1, "T29")]
)
def test_a_clock_set_by_more_than_a_second_trips(jump_us: int, code: str | None) -> None:
    first = readings()
    second = but(first, now_us=first.now_us + 10 * MS, wall_us=first.wall_us + 10 * MS + jump_us)
    assert codes(look("clock_jump", [first, second])) == [None, code]
    third = but(second, now_us=second.now_us + 10 * MS, wall_us=second.wall_us + 10 * MS)
    assert codes(look("clock_jump", [first, second, third]))[2] is None


@pytest.mark.proves("journal")
def test_a_clock_may_be_set_between_treatments() -> None:
    first = readings()
    idle = but(first, energising=False)
    later = but(first, wall_us=first.wall_us + 3_600 * S)
    assert codes(look("clock_jump", [first, idle, later])) == [None] * 3
