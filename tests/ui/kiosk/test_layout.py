"""What a person in gloves and in a hurry needs of every screen: keys large enough, apart, in place.

Every sample screen is laid out in three sizes, without drawing it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple

import pytest

from tests.support.kiosk.measured import SIZES, parts_of, stage_of
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.places import view_of
from ui.kiosk.touch.guard import KeyKind, kind_of
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.widgets.key import Key
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words
from ui.kiosk.window import ScreenView

OUTPUT_MM, RISE_MM, KEY_MM, APART_MM = 15.0, 20.0, 9.0, 6.0
ROUNDED_MM = 0.15
"""A length is whole px: at 5.19 px/mm each may be half a px short at both ends."""
SMALLEST_PX = 16
RAISES = re.compile(r"rise:\d|raise_back|contract")
OF_OUTPUT = re.compile(r"stop|pause|both_down|raise_back|start|contract|sheet:leave")


class LaidOut(NamedTuple):
    """A sample, its size, and its parts."""

    name: str
    stage: Stage
    view: ScreenView
    parts: tuple[Part, ...]
    keys: tuple[Key, ...]

    def mm(self, px: float) -> float:
        return px / self.stage.theme.profile.px_per_mm


@pytest.fixture(params=SIZES)
def screens(request: pytest.FixtureRequest) -> tuple[LaidOut, ...]:
    return laid_out(request.param)


@cache
def laid_out(size: str) -> tuple[LaidOut, ...]:
    return tuple(_laid_out(size))


def _laid_out(size: str) -> Iterator[LaidOut]:
    stage = stage_of(size)
    for name, make in SAMPLES.items():
        view = view_of(*make())
        parts = parts_of(view, stage)
        keys = tuple(part for part in parts if isinstance(part, Key))
        yield LaidOut(name, stage, view, parts, keys)


def least_mm(key: Key) -> float:
    """Return how wide and high a key has to be."""
    action = key.view.action
    if action.startswith(("rise:", "fall:")):
        return RISE_MM
    return OUTPUT_MM if OF_OUTPUT.fullmatch(action) else KEY_MM


def gap_px(first: Part, second: Part) -> float:
    """Return how far apart two parts are, the larger of sideways and downwards."""
    return max(
        first.x - second.x - second.width,
        second.x - first.x - first.width,
        first.y - second.y - second.height,
        second.y - first.y - first.height,
    )


def words_on(screen: LaidOut, key: Key) -> bool:
    """Return whether words lie on a key that has none of its own, as the time left does."""
    return any(
        isinstance(part, Words) and part.text and gap_px(key, part) < 0 for part in screen.parts
    )


def named(screen: LaidOut, *keys: Key) -> str:
    return f"{screen.name}: " + " / ".join(key.view.action or key.view.text for key in keys)


def test_every_key_is_as_large_as_a_glove_needs(screens: tuple[LaidOut, ...]) -> None:
    small = [
        f"{named(screen, key)} {screen.mm(key.width):.1f} x {screen.mm(key.height):.1f} mm"
        for screen in screens
        for key in screen.keys
        if screen.mm(min(key.width, key.height)) < least_mm(key) - ROUNDED_MM
    ]
    assert small == []


def test_no_key_lies_over_another_or_beyond_the_screen(screens: tuple[LaidOut, ...]) -> None:
    wrong = [
        named(screen, first, second)
        for screen in screens
        for first, second in combinations(screen.keys, 2)
        if gap_px(first, second) < 0
    ]
    for screen in screens:
        width, height = screen.stage.theme.profile.px
        wrong += [
            named(screen, key)
            for key in screen.keys
            if key.x < 0 or key.y < 0 or key.right > width or key.y + key.height > height
        ]
    assert wrong == []


def test_stop_is_at_the_same_place_and_nothing_lies_over_it(screens: tuple[LaidOut, ...]) -> None:
    places, over = Counter[tuple[int, int, int, int]](), []
    for screen in screens:
        (stop,) = (key for key in screen.keys if kind_of(key.view.action) is KeyKind.STOP)
        places[(stop.x, stop.y, stop.width, stop.height)] += 1
        own = {id(part) for part in stop.walk()}
        over += [
            f"{screen.name}: {part.described or part}"
            for part in screen.parts
            if id(part) not in own and part.role != "" and gap_px(stop, part) < 0
        ]
    assert len(places) == 1
    assert over == []


def test_no_key_is_within_six_millimetres_of_one_that_raises(screens: tuple[LaidOut, ...]) -> None:
    near = [
        f"{named(screen, first, second)} {screen.mm(gap_px(first, second)):.1f} mm"
        for screen in screens
        for first in screen.keys
        if RAISES.fullmatch(first.view.action) and first.is_enabled
        for second in screen.keys
        if second is not first
        and second.view.action
        and screen.mm(gap_px(first, second)) < APART_MM - ROUNDED_MM
    ]
    assert near == []


def test_one_key_leads_on_at_most(screens: tuple[LaidOut, ...]) -> None:
    leading = {
        screen.name: [
            key.view.text for key in screen.keys if key.view.look in (KeyLook.LEAD, KeyLook.START)
        ]
        for screen in screens
    }
    assert {name: texts for name, texts in leading.items() if len(texts) > 1} == {}


def test_no_text_is_smaller_than_16_px(screens: tuple[LaidOut, ...]) -> None:
    small = {
        (screen.name, part.text)
        for screen in screens
        for part in screen.parts
        if isinstance(part, Words) and part.style_px < SMALLEST_PX
    }
    assert small == set()


def test_a_key_says_what_it_does_and_one_that_is_off_says_why(screens: tuple[LaidOut, ...]) -> None:
    """State is never colour alone: a word or an icon is on every key."""
    silent = [
        named(screen, key)
        for screen in screens
        for key in screen.keys
        if not (key.view.text or key.view.icon or words_on(screen, key))
    ]
    assert silent == []
