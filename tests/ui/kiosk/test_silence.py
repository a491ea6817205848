"""A silent engine is shown within 0.4 s, and load on the machine never looks like one."""

import pytest

from ui.kiosk.journey.place import SILENT_S
from ui.kiosk.journey.silence import LOOK_S, Silence

SNAPSHOT_S = 0.05
DRAWN_S = 0.05
"""A frame of the clock at 27 a second, and its drawing."""


def shown_after(looks_s: float) -> float:
    """Return how long after its last snapshot a silent engine is shown, with looks so far apart."""
    silence, now_s = Silence(), 10.0
    silence.since("last", now_s)
    while silence.since("last", now_s) < SILENT_S:
        now_s += looks_s
    return now_s - 10.0


@pytest.mark.parametrize("looks_s", [0.02, LOOK_S, 0.075])
def test_a_silent_engine_is_shown_within_four_tenths_of_a_second(looks_s: float) -> None:
    assert SILENT_S - 1e-6 <= shown_after(looks_s) + DRAWN_S <= 0.4 + DRAWN_S
    assert shown_after(LOOK_S) + DRAWN_S <= 0.4


def test_an_engine_that_speaks_is_never_silent() -> None:
    silence = Silence()
    ages = [silence.since(number, number * SNAPSHOT_S) for number in range(1_000)]
    assert max(ages) == 0.0


@pytest.mark.parametrize("late_s", [0.1, 0.2, 0.29])
def test_snapshots_that_are_late_are_no_silence(late_s: float) -> None:
    silence, ages = Silence(), []
    for step in range(2_000):
        now_s = step * 0.01
        ages.append(silence.since(int(now_s / late_s), now_s))
    assert max(ages) < SILENT_S


@pytest.mark.parametrize("stalled_s", [0.3, 0.5, 3.0, 60.0])
def test_a_screen_that_did_not_run_itself_has_not_lost_the_engine(stalled_s: float) -> None:
    """Hazard: "no contact to the engine" flashes on a busy machine, and is not believed later."""
    silence = Silence()
    for look in range(4):
        silence.since("last", look * LOOK_S)
    assert silence.since("last", 3 * LOOK_S + stalled_s) < SILENT_S
    assert silence.since("next", 3 * LOOK_S + stalled_s + 0.01) == 0.0


def test_an_engine_that_is_silent_after_a_stall_is_shown_all_the_same() -> None:
    silence = Silence()
    silence.since("last", 0.0)
    now_s = 3.0
    while silence.since("last", now_s) < SILENT_S:
        now_s += LOOK_S
    assert now_s <= 3.0 + SILENT_S


def test_a_snapshot_after_a_silence_ends_it() -> None:
    silence = Silence()
    silence.since("last", 0.0)
    ages = [silence.since("last", look * LOOK_S) for look in range(1, 20)]
    assert ages[-1] > SILENT_S
    assert silence.since("next", 1.0) == 0.0
