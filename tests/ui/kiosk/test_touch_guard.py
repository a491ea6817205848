"""Which touches count: a wrong one never raises, and none is lost that lowers."""

import pytest

from ui.kiosk.touch.guard import Heard, KeyKind, Target, TouchGuard, kind_of

STOP = Target("stop", KeyKind.STOP)
MINUS = Target("fall:1", KeyKind.LOWERS)
PLUS = Target("rise:1", KeyKind.HELD)
HOME = Target("home", KeyKind.ORDINARY)


@pytest.fixture
def guard() -> TouchGuard:
    return TouchGuard()


def acts(heard: Heard | None) -> bool:
    return heard is not None and heard.acts


def test_stop_acts_on_touch_down(guard: TouchGuard) -> None:
    assert acts(guard.down(1, STOP, (700, 60), 1.0))


def test_an_ordinary_key_acts_when_the_finger_leaves_it(guard: TouchGuard) -> None:
    assert not acts(guard.down(1, HOME, (10, 10), 1.0))
    assert acts(guard.up(1))


def test_sliding_off_cancels_an_ordinary_key(guard: TouchGuard) -> None:
    guard.down(1, HOME, (10, 10), 1.0)
    guard.moved(1, None)
    assert not acts(guard.up(1))


def test_coming_back_after_sliding_off_stays_cancelled(guard: TouchGuard) -> None:
    guard.down(1, HOME, (10, 10), 1.0)
    guard.moved(1, None)
    guard.moved(1, "home")
    assert not acts(guard.up(1))


def test_a_held_plus_is_released_by_sliding_off(guard: TouchGuard) -> None:
    assert acts(guard.down(1, PLUS, (10, 10), 1.0))
    heard = guard.moved(1, None)
    assert heard == Heard("rise:1", pressed=False, acts=True)
    assert guard.up(1) is None


def test_a_resting_palm_keeps_neither_stop_nor_minus_from_being_heard(guard: TouchGuard) -> None:
    guard.down(1, None, (400, 400), 1.0)
    assert acts(guard.down(2, STOP, (700, 60), 2.0))
    assert acts(guard.down(3, MINUS, (50, 50), 3.0))


def test_a_second_finger_raises_nothing(guard: TouchGuard) -> None:
    guard.down(1, HOME, (10, 10), 1.0)
    assert not acts(guard.down(2, PLUS, (300, 300), 2.0))


def test_a_palm_on_the_screen_keeps_plus_from_acting(guard: TouchGuard) -> None:
    guard.down(1, None, (400, 400), 1.0)
    assert not acts(guard.down(2, PLUS, (300, 300), 2.0))


def test_two_events_of_one_touch_are_one(guard: TouchGuard) -> None:
    assert acts(guard.down("mouse", PLUS, (10, 10), 1.0))
    assert not acts(guard.down("panel", PLUS, (11, 10), 1.01))


@pytest.mark.parametrize("target", [STOP, MINUS, Target("pause", KeyKind.LOWERS)])
def test_what_lowers_is_no_twin_of_another_touch(guard: TouchGuard, target: Target) -> None:
    assert acts(guard.down(1, target, (10, 10), 1.0))
    guard.up(1)
    assert acts(guard.down(2, target, (10, 10), 1.03))


def test_two_real_taps_on_minus_both_count(guard: TouchGuard) -> None:
    assert acts(guard.down(1, MINUS, (10, 10), 1.0))
    guard.up(1)
    assert acts(guard.down(2, MINUS, (10, 10), 1.2))


def test_a_tap_right_after_the_screen_changed_is_swallowed(guard: TouchGuard) -> None:
    guard.changed(1.0)
    guard.down(1, HOME, (10, 10), 1.1)
    assert not acts(guard.up(1))
    guard.down(2, HOME, (10, 10), 1.3)
    assert acts(guard.up(2))


@pytest.mark.parametrize("target", [STOP, MINUS])
def test_what_lowers_is_heard_right_after_the_screen_changed(
    guard: TouchGuard, target: Target
) -> None:
    guard.changed(1.0)
    assert acts(guard.down(1, target, (10, 10), 1.05))


@pytest.mark.parametrize("stood_s", [1.1, 5.0, 3_600.0])
def test_a_tap_after_the_screen_stood_still_is_swallowed_unless_it_lowers(
    guard: TouchGuard, stood_s: float
) -> None:
    """Hazard: a tap on a dark display presses what nobody saw."""
    guard.ran(1.0)
    now = 1.0 + stood_s
    assert guard.ran(now) == ()
    guard.down(1, HOME, (10, 10), now + 0.01)
    assert not acts(guard.up(1))
    assert acts(guard.down(2, MINUS, (50, 50), now + 0.1))
    assert acts(guard.down(3, STOP, (700, 60), now + 0.2))
    guard.up(2)
    guard.up(3)
    guard.down(4, HOME, (10, 10), now + 0.3)
    assert acts(guard.up(4))


def test_a_held_plus_ends_with_a_screen_that_stood_still(guard: TouchGuard) -> None:
    guard.ran(1.0)
    guard.down(1, PLUS, (10, 10), 1.01)
    assert guard.ran(3.0) == ("rise:1",)
    assert guard.up(1) is None


def test_a_screen_that_runs_slowly_swallows_nothing(guard: TouchGuard) -> None:
    for look in range(20):
        assert guard.ran(look * 0.9) == ()
        guard.down(look, HOME, (10, 10), look * 0.9 + 0.3)
        assert acts(guard.up(look))


def test_losing_the_input_releases_a_held_plus(guard: TouchGuard) -> None:
    guard.down(1, PLUS, (10, 10), 1.0)
    assert guard.forget() == ("rise:1",)
    assert guard.up(1) is None


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("stop", KeyKind.STOP),
        ("pause", KeyKind.LOWERS),
        ("fall:2", KeyKind.LOWERS),
        ("both_down", KeyKind.LOWERS),
        ("rise:1", KeyKind.HELD),
        ("start", KeyKind.ORDINARY),
        ("acknowledge", KeyKind.ORDINARY),
    ],
)
def test_only_what_lowers_and_plus_act_on_touch_down(action: str, kind: KeyKind) -> None:
    assert kind_of(action) is kind


def test_a_held_minus_goes_on_falling_until_it_is_let_go(guard: TouchGuard) -> None:
    guard.down(1, MINUS, (50, 50), 1.0)
    assert guard.falling(1.4) == ()
    assert guard.falling(1.5) == ("fall:1",)
    assert guard.falling(1.55) == ()
    assert guard.falling(1.65) == ("fall:1",)
    guard.up(1)
    assert guard.falling(9.0) == ()


@pytest.mark.parametrize("action", ["stop", "pause", "rise:1", "home"])
def test_only_a_key_that_falls_goes_on_while_it_is_held(guard: TouchGuard, action: str) -> None:
    guard.down(1, Target(action, kind_of(action)), (50, 50), 1.0)
    assert guard.falling(9.0) == ()
