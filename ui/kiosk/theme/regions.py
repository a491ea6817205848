"""Where things are on a screen: rectangles in reference px from the top left, and the regions.

Screens arrange themselves by cutting rectangles; only this module knows the arrangement of a
layout. `Theme.px` turns a length into px of the display.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ui.kiosk.theme.tokens import LayoutName, Theme


class Rect(NamedTuple):
    """A rectangle from the top left, in reference px."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Return where it ends to the right."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Return where it ends below."""
        return self.y + self.h

    def inset(self, x: float, y: float | None = None) -> "Rect":
        """Return it smaller by `x` on both sides, and by `y` above and below (None: as `x`)."""
        y = x if y is None else y
        return Rect(self.x + x, self.y + y, self.w - 2 * x, self.h - 2 * y)

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def top(self, height: float) -> "Rect":
        """Return the uppermost part."""
        return Rect(self.x, self.y, self.w, height)

    def below(self, height: float, gap: float = 0) -> "Rect":
        """Return what is left below the uppermost part."""
        return Rect(self.x, self.y + height + gap, self.w, self.h - height - gap)

    def foot(self, height: float) -> "Rect":
        """Return the lowest part."""
        return Rect(self.x, self.bottom - height, self.w, height)

    def above(self, height: float, gap: float = 0) -> "Rect":
        """Return what is left above the lowest part."""
        return Rect(self.x, self.y, self.w, self.h - height - gap)

    def left(self, width: float) -> "Rect":
        """Return the leftmost part."""
        return Rect(self.x, self.y, width, self.h)

    def after(self, width: float, gap: float = 0) -> "Rect":
        """Return what is left beside the leftmost part."""
        return Rect(self.x + width + gap, self.y, self.w - width - gap, self.h)

    def end(self, width: float) -> "Rect":
        """Return the rightmost part."""
        return Rect(self.right - width, self.y, width, self.h)

    def before(self, width: float, gap: float = 0) -> "Rect":
        """Return what is left before the rightmost part."""
        return Rect(self.x, self.y, self.w - width - gap, self.h)

    def rows(self, count: int, gap: float = 8) -> tuple["Rect", ...]:
        """Return equal rows from the top."""
        height = (self.h - gap * (count - 1)) / count
        return tuple(
            Rect(self.x, self.y + number * (height + gap), self.w, height)
            for number in range(count)
        )

    def columns(self, count: int, gap: float = 8) -> tuple["Rect", ...]:
        """Return equal columns from the left."""
        width = (self.w - gap * (count - 1)) / count
        return tuple(
            Rect(self.x + number * (width + gap), self.y, width, self.h) for number in range(count)
        )

    def shares(self, shares: Sequence[float], gap: float = 8) -> tuple["Rect", ...]:
        """Return columns whose widths have the ratios `shares`."""
        free, whole, at = self.w - gap * (len(shares) - 1), sum(shares), self.x
        found = []
        for share in shares:
            width = free * share / whole
            found.append(Rect(at, self.y, width, self.h))
            at += width + gap
        return tuple(found)

    def mirrored(self, within: "Rect") -> "Rect":
        """Return it as seen in a mirror: for text that runs from right to left."""
        return Rect(within.x + within.right - self.right, self.y, self.w, self.h)


class Regions(NamedTuple):
    """The regions of a layout."""

    screen: Rect
    state: Rect
    who: Rect
    clock: Rect
    content: Rect
    rail: Rect
    pause: Rect
    stop: Rect


MARGIN = 8
RAIL = 108
TOP = 56
STOP_HIGH, PAUSE_HIGH = 128, 80


def regions_of(theme: Theme) -> Regions:
    """Return the regions of a display."""
    width, height = theme.units
    screen = Rect(0, 0, width, height)
    return _tall(screen) if theme.profile.layout is LayoutName.TALL else _wide(screen)


@lru_cache(maxsize=4)
def _wide(screen: Rect) -> Regions:
    rail_x = screen.w - MARGIN - RAIL
    stop = Rect(rail_x, screen.h - MARGIN - STOP_HIGH, RAIL, STOP_HIGH)
    pause = Rect(rail_x, stop.y - 16 - PAUSE_HIGH, RAIL, PAUSE_HIGH)
    return Regions(
        screen=screen,
        state=Rect(0, 0, 232, TOP),
        who=Rect(246, 0, rail_x - 8 - 246, TOP),
        clock=Rect(rail_x, 0, RAIL, TOP),
        content=Rect(MARGIN, 64, rail_x - 20 - MARGIN, screen.h - 64 - MARGIN),
        rail=Rect(rail_x, 64, RAIL, pause.y - 8 - 64),
        pause=pause,
        stop=stop,
    )


@lru_cache(maxsize=4)
def _tall(screen: Rect) -> Regions:
    stop = Rect(screen.w - MARGIN - 120, screen.h - MARGIN - STOP_HIGH, 120, STOP_HIGH)
    pause = Rect(stop.x - 8 - 120, stop.y, 120, STOP_HIGH)
    band_y = stop.y - MARGIN
    return Regions(
        screen=screen,
        state=Rect(0, 0, screen.w - 116, TOP - 4),
        who=Rect(MARGIN, TOP - 4, screen.w - 2 * MARGIN, 52),
        clock=Rect(screen.w - 116, 0, 108, TOP - 4),
        content=Rect(MARGIN, 112, screen.w - 2 * MARGIN, band_y - 112),
        rail=Rect(MARGIN, stop.y, pause.x - 8 - MARGIN, STOP_HIGH),
        pause=pause,
        stop=stop,
    )
