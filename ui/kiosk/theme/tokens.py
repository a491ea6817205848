"""The design tokens, read once: colour roles, type scale, sizes, display profiles.

`tokens.toml` is the only place with a colour or a size. Lengths there are px of the reference
display (800 x 480, 5.19 px/mm); `Theme.px` turns them into px of the display in use.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec


class ThemeName(StrEnum):
    """Dark for a quiet room, light for a bright one."""

    DARK = "dark"
    LIGHT = "light"


class LayoutName(StrEnum):
    """How the regions of a screen are arranged."""

    WIDE = "wide"
    WIDE_PLUS = "wide-plus"
    TALL = "tall"


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A display: its size in px, px per mm, and the scale of the reference lengths."""

    px: tuple[int, int]
    px_per_mm: float
    scale: float
    layout: LayoutName


class TypeStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A size of type: px at the reference display, weight, height of a line in sizes."""

    px: int
    cap_mm: float
    weight: str
    line: float

    @property
    def is_bold(self) -> bool:
        """Return whether it is set in bold."""
        return self.weight == "bold"


Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, each 0 to 1, as Kivy takes them."""


class Contrast(NamedTuple):
    """A rule of the tokens: a colour on a ground, and the least ratio asked for."""

    colour: str
    ground: str
    least: float


class Tokens(NamedTuple):
    """The whole file; colours as `#RRGGBB` by role, for each theme."""

    profiles: Mapping[str, Profile]
    colours: Mapping[ThemeName, Mapping[str, str]]
    figure: Mapping[ThemeName, Mapping[str, str]]
    sample: Mapping[str, str]
    part: Mapping[str, str]
    type: Mapping[str, TypeStyle]
    space: Mapping[str, int]
    radius: Mapping[str, int]
    line: Mapping[str, int]
    icon: Mapping[str, float]
    target: Mapping[str, Any]
    contrast: Mapping[ThemeName, tuple[Contrast, ...]]


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens for one display in one theme."""

    tokens: Tokens
    name: ThemeName
    profile: Profile

    def colour(self, role: str) -> Colour:
        """Return the colour of a role."""
        return rgba(self.tokens.colours[self.name][role])

    def px(self, reference: float) -> int:
        """Return a reference length in px of this display."""
        return round(reference * self.profile.scale)

    def style(self, name: str) -> TypeStyle:
        """Return a size of type."""
        return self.tokens.type[name]

    @property
    def units(self) -> tuple[float, float]:
        """Return width and height of the display in reference px."""
        width, height = self.profile.px
        return width / self.profile.scale, height / self.profile.scale


@lru_cache(maxsize=256)
def rgba(colour: str) -> Colour:
    """Return `#RRGGBB` as Kivy takes it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, 1.0


def load_tokens() -> Tokens:
    """Return the tokens of the file beside this module."""
    raw = tomllib.loads((files(__package__) / "tokens.toml").read_text(encoding="utf-8"))
    themes = tuple(ThemeName)
    return Tokens(
        profiles=msgspec.convert(raw["profile"], dict[str, Profile]),
        colours={theme: raw["colour"][theme] for theme in themes},
        figure={theme: raw["figure"][theme] for theme in themes},
        sample=raw["sample"],
        part=raw["part"],
        type=msgspec.convert(raw["type"]["scale"], dict[str, TypeStyle]),
        space=raw["space"],
        radius=raw["radius"],
        line=raw["line"],
        icon=raw["icon"],
        target=raw["target"],
        contrast={theme: _contrasts(raw["contrast"][theme]) for theme in themes},
    )


def theme_of(tokens: Tokens, profile: str, name: ThemeName) -> Theme:
    """Return the theme of a display profile; raises `KeyError` for an unknown one."""
    return Theme(tokens, name, tokens.profiles[profile])


def profile_of(tokens: Tokens, width: int, height: int) -> str | None:
    """Return the profile of a display of that many px, None if there is none."""
    return next(
        (name for name, profile in tokens.profiles.items() if profile.px == (width, height)), None
    )


def _contrasts(rules: Mapping[str, tuple[float, float]]) -> tuple[Contrast, ...]:
    found = []
    for rule, (_, least) in rules.items():
        colour, _, ground = rule.partition(" on ")
        found.append(Contrast(colour, ground, least))
    return tuple(found)


LINEAR_BELOW = 0.04045
"""Below it the sRGB curve is a line (IEC 61966-2-1)."""


def luminance(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB` (WCAG 2), 0 to 1."""
    linear = [
        part / 12.92 if part <= LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
        for part in rgba(colour)[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
