"""Fingers as SDL reports those of a panel, through Kivy and the window: which touches count."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.hang import HANG_S

pytestmark = pytest.mark.slow

PALM = [400, 330]
"""Between the panels and the lower row: no key."""
Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Return what plays a scenario on the screen of a treatment, or another one."""
    folder = tmp_path_factory.mktemp("k")
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.kiosk.sdl_panel", str(folder)],
            env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
    to, back = process.stdin, process.stdout
    assert to is not None
    assert back is not None

    def play(*steps: list[Any], show: str = "treatment") -> dict[str, Any]:
        to.write(json.dumps({"show": show, "steps": steps}).encode() + b"\n")
        to.flush()
        line = back.readline()
        assert line, (folder / "said").read_text(encoding="utf-8")[-2_000:]
        answer: dict[str, Any] = json.loads(line)
        return answer

    yield play
    process.communicate(timeout=HANG_S)


def acts(answer: dict[str, Any]) -> list[str]:
    """Return the keys whose action happened, in their order; a release has a minus before it."""
    return [
        action if pressed or not action.startswith("rise") else f"-{action}"
        for action, pressed, does in answer["heard"]
        if does
    ]


def test_the_kiosk_has_one_input_provider_and_sdl_makes_no_second_event_of_a_touch(
    play: Play,
) -> None:
    """Hazard: one tap on plus that two providers report counts twice."""
    set_up = play()
    assert set_up["providers"] == ["TouchProvider"]
    assert set_up["configured"] == []
    assert set_up["hints"] == ["0", "0"]


@pytest.mark.parametrize("key", ["stop", "pause", "fall:1", "fall:2", "both_down"])
def test_a_resting_palm_keeps_nothing_that_lowers_from_acting(play: Play, key: str) -> None:
    """Hazard: STOP is not felt because a hand rests on the screen."""
    answer = play(["down", 1, PALM], ["wait", 0.2], ["down", 2, key])
    assert acts(answer) == [key]
    play(["up", 1, PALM], ["up", 2, key])


@pytest.mark.parametrize("key", ["rise:1", "sheet:felt", "sheet:leave"])
def test_a_resting_palm_keeps_every_other_key_from_acting(play: Play, key: str) -> None:
    answer = play(["down", 1, PALM], ["down", 2, key], ["up", 2, key], ["up", 1, PALM])
    assert acts(answer) == []


def test_stop_acts_while_plus_is_held_and_a_palm_rests(play: Play) -> None:
    answer = play(
        ["down", 1, "rise:1"],
        ["wait", 0.1],
        ["down", 2, PALM],
        ["down", 3, "stop"],
        ["up", 1, "rise:1"],
        ["up", 2, PALM],
        ["up", 3, "stop"],
    )
    assert acts(answer) == ["rise:1", "stop", "-rise:1"]


def test_a_second_finger_raises_no_second_channel(play: Play) -> None:
    """Hazard: two channels climb, and one finger is looked at."""
    answer = play(
        ["down", 1, "rise:1"], ["down", 2, "rise:2"], ["up", 2, "rise:2"], ["up", 1, "rise:1"]
    )
    assert acts(answer) == ["rise:1", "-rise:1"]


def test_minus_and_both_down_act_under_two_fingers(play: Play) -> None:
    answer = play(["down", 1, "fall:1"], ["wait", 0.1], ["down", 2, "both_down"], ["wait", 0.1])
    assert acts(answer) == ["fall:1", "both_down"]
    play(["up", 1, "fall:1"], ["up", 2, "both_down"])


def test_two_fingers_of_one_frame_both_lower(play: Play) -> None:
    answer = play(["together", ["down", 1, "fall:1"], ["down", 2, "fall:2"]])
    assert acts(answer) == ["fall:1", "fall:2"]
    play(["up", 1, "fall:1"], ["up", 2, "fall:2"])


def test_a_finger_and_its_mouse_are_one_tap(play: Play) -> None:
    """Hazard: a panel whose driver also moves the mouse raises twice."""
    answer = play(
        ["together", ["down", 1, "rise:1"], ["down", "mouse", "rise:1"]],
        ["together", ["up", 1, "rise:1"], ["up", "mouse", "rise:1"]],
    )
    assert acts(answer) == ["rise:1", "-rise:1"]
    answer = play(
        ["together", ["down", "mouse", "fall:1"], ["down", 1, "fall:1"]],
        ["together", ["up", "mouse", "fall:1"], ["up", 1, "fall:1"]],
    )
    assert acts(answer) == ["fall:1"]


@pytest.mark.parametrize("key", ["rise:1", "sheet:felt"])
def test_a_finger_whose_end_was_lost_taps_nothing_when_it_comes_again(play: Play, key: str) -> None:
    """Hazard: a key acts long after it was touched, because another one is."""
    answer = play(["down", 1, key], ["wait", 0.1], ["down", 1, PALM], ["up", 1, PALM])
    assert acts(answer) == (["rise:1", "-rise:1"] if key == "rise:1" else [])


def test_two_taps_on_minus_count_twice(play: Play) -> None:
    tap = [["down", 1, "fall:1"], ["up", 1, "fall:1"], ["wait", 0.1]]
    assert acts(play(*tap, *tap)) == ["fall:1", "fall:1"]


def test_a_tap_that_begins_and_ends_in_one_frame_counts(play: Play) -> None:
    answer = play(["together", ["down", 1, "rise:1"], ["up", 1, "rise:1"]])
    assert acts(answer) == ["rise:1", "-rise:1"]
    answer = play(["together", ["down", 1, "stop"], ["up", 1, "stop"]])
    assert acts(answer) == ["stop"]


def test_sliding_off_a_key_cancels_it_and_ends_a_rise(play: Play) -> None:
    answer = play(["down", 1, "sheet:felt"], ["move", 1, PALM], ["up", 1, PALM])
    assert acts(answer) == []
    answer = play(["down", 1, "rise:1"], ["move", 1, PALM], ["wait", 0.1])
    assert acts(answer) == ["rise:1", "-rise:1"]
    play(["up", 1, PALM])


def test_a_slide_onto_plus_raises_nothing(play: Play) -> None:
    answer = play(["down", 1, PALM], ["move", 1, "rise:1"], ["up", 1, "rise:1"])
    assert acts(answer) == []


def test_another_screen_ends_a_held_plus_though_the_finger_stays(play: Play) -> None:
    """Hazard: the level climbs after a trip or a pause, on a screen without plus."""
    answer = play(["down", 1, "rise:1"], ["show", "paused"], ["wait", 0.1])
    assert acts(answer) == ["rise:1", "-rise:1"]
    assert acts(play(["up", 1, PALM])) == []


def test_a_finger_that_was_down_as_the_screen_changed_does_nothing_on_the_new_one(
    play: Play,
) -> None:
    """Hazard: a tap for one screen acknowledges, closes or starts something on another."""
    answer = play(["down", 1, "sheet:felt"], ["show", "trip_T06"], ["up", 1, "acknowledge"])
    assert acts(answer) == []


def test_a_tap_right_after_the_screen_changed_is_swallowed_unless_it_lowers(play: Play) -> None:
    answer = play(
        ["show", "paused"],
        ["together", ["down", 1, "resume"], ["up", 1, "resume"]],
        ["together", ["down", 1, "stop"], ["up", 1, "stop"]],
    )
    assert acts(answer) == ["stop"]
    answer = play(["show", "paused"], ["wait", 0.3], ["down", 1, "resume"], ["up", 1, "resume"])
    assert acts(answer) == ["resume"]


def test_a_window_that_loses_its_input_lets_go_of_plus(play: Play) -> None:
    """Hazard: the end of a touch that never comes keeps a level climbing."""
    answer = play(["down", 1, "rise:1"], ["focus", 0], ["wait", 0.1])
    assert acts(answer) == ["rise:1", "-rise:1"]
    play(["focus", 1])


def test_the_tap_that_wakes_the_window_does_nothing_else(play: Play) -> None:
    answer = play(["focus", 0], ["focus", 1], ["down", 2, "sheet:felt"], ["up", 2, "sheet:felt"])
    assert acts(answer) == []
    answer = play(["focus", 0], ["focus", 1], ["down", 2, "stop"], ["up", 2, "stop"])
    assert acts(answer) == ["stop"]


def test_a_finger_whose_end_was_lost_begins_anew(play: Play) -> None:
    answer = play(["down", 1, "rise:1"], ["wait", 0.1], ["down", 1, "fall:1"], ["up", 1, "fall:1"])
    assert acts(answer) == ["rise:1", "-rise:1", "fall:1"]
