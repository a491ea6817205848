"""The look: contrast and sizes that a person in gloves and in a hurry needs."""

from collections.abc import Iterator

import pytest

from ui.kiosk.art.icons import icon_bodies
from ui.kiosk.theme.regions import regions_of
from ui.kiosk.theme.tokens import Contrast, ThemeName, contrast_ratio, load_tokens, theme_of

TOKENS = load_tokens()
PROFILES = sorted(TOKENS.profiles)


def rules() -> Iterator[tuple[ThemeName, Contrast]]:
    for theme in ThemeName:
        for rule in TOKENS.contrast[theme]:
            if rule.ground in TOKENS.colours[theme] and rule.colour in TOKENS.colours[theme]:
                yield theme, rule


@pytest.mark.parametrize(("theme", "rule"), list(rules()), ids=str)
def test_every_colour_has_the_contrast_its_rule_asks_for(theme: ThemeName, rule: Contrast) -> None:
    colours = TOKENS.colours[theme]
    assert contrast_ratio(colours[rule.colour], colours[rule.ground]) >= rule.least


@pytest.mark.parametrize("theme", list(ThemeName))
@pytest.mark.parametrize("ground", ["panel", "ground", "raised"])
def test_values_have_seven_to_one_on_every_ground(theme: ThemeName, ground: str) -> None:
    colours = TOKENS.colours[theme]
    assert contrast_ratio(colours["value"], colours[ground]) >= 7


def test_both_themes_have_the_same_roles() -> None:
    assert set(TOKENS.colours[ThemeName.DARK]) == set(TOKENS.colours[ThemeName.LIGHT])


@pytest.mark.parametrize("profile", PROFILES)
def test_stop_and_pause_are_at_least_fifteen_millimetres(profile: str) -> None:
    theme = theme_of(TOKENS, profile, ThemeName.DARK)
    regions = regions_of(theme)
    for place in (regions.stop, regions.pause):
        assert min(theme.px(place.w), theme.px(place.h)) / theme.profile.px_per_mm >= 15


@pytest.mark.parametrize("profile", PROFILES)
def test_no_region_lies_over_another(profile: str) -> None:
    regions = regions_of(theme_of(TOKENS, profile, ThemeName.DARK))
    places = [regions.state, regions.clock, regions.content, regions.rail, regions.pause]
    places.append(regions.stop)
    for number, first in enumerate(places):
        for second in places[number + 1 :]:
            apart = (
                first.right <= second.x
                or second.right <= first.x
                or first.bottom <= second.y
                or second.bottom <= first.y
            )
            assert apart, (first, second)


@pytest.mark.parametrize("profile", PROFILES)
def test_stop_stands_in_the_lower_right_corner(profile: str) -> None:
    regions = regions_of(theme_of(TOKENS, profile, ThemeName.DARK))
    assert regions.screen.right - regions.stop.right == pytest.approx(8)
    assert regions.screen.bottom - regions.stop.bottom == pytest.approx(8)


@pytest.mark.parametrize("profile", PROFILES)
def test_plus_and_minus_are_twenty_millimetres(profile: str) -> None:
    theme = theme_of(TOKENS, profile, ThemeName.DARK)
    assert theme.px(104) / theme.profile.px_per_mm >= 19.9


def test_every_icon_of_the_drawing_can_be_found() -> None:
    assert {"stop", "pause", "plus", "minus", "c_good", "c_off", "screen_off"} <= set(icon_bodies())
