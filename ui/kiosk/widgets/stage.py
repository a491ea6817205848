"""What every part needs to draw itself: theme, regions, direction of text, and the textures."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ui.kiosk.theme.regions import Rect, Regions, regions_of
from ui.kiosk.theme.tokens import Colour, Theme
from ui.kiosk.widgets.textures import Textures

Align = Literal["left", "centre", "right"]
OTHER_SIDE: dict[Align, Align] = {"left": "right", "centre": "centre", "right": "left"}


@dataclass(frozen=True)
class Stage:
    """One window's look; a new one for another theme, size or language.

    Screens are arranged from left to right. What is drawn with a stage that has a `mirror` lies and
    is aligned as in a mirror within that rectangle; state block, rail, STOP, channel panels, charts
    and the figure keep their places in every language.
    """

    theme: Theme
    right_to_left: bool = False
    kept: Path | None = None
    """Where pictures that take long to draw are kept."""
    textures: Textures = field(default_factory=Textures)
    mirror: Rect | None = None

    @property
    def regions(self) -> Regions:
        """Return the regions of the screen."""
        return regions_of(self.theme)

    def colour(self, role: str) -> Colour:
        """Return the colour of a role."""
        return self.theme.colour(role)

    def px(self, reference: float) -> int:
        """Return a reference length in px."""
        return self.theme.px(reference)

    def mirrored(self, within: Rect) -> "Stage":
        """Return a stage that mirrors in that rectangle where text runs from right to left.

        Within what is mirrored already nothing is turned twice.
        """
        if not self.right_to_left or self.mirror is not None:
            return self
        return replace(self, mirror=within)

    def straight(self) -> "Stage":
        """Return a stage that mirrors nothing; `here` says where a rectangle lies then."""
        return replace(self, mirror=None) if self.mirror is not None else self

    def left_to_right(self) -> "Stage":
        """Return a stage for what runs from left to right in every language, as digits do."""
        return replace(self, mirror=None, right_to_left=False) if self.right_to_left else self

    def here(self, rect: Rect) -> Rect:
        """Return where a rectangle lies."""
        return rect if self.mirror is None else rect.mirrored(self.mirror)

    def align(self, align: Align) -> Align:
        """Return the side on which text is aligned."""
        return align if self.mirror is None else OTHER_SIDE[align]

    def place(self, rect: Rect) -> tuple[int, int, int, int]:
        """Return x, y (from below), width, height in px."""
        rect = self.here(rect)
        left, top = self.px(rect.x), self.px(rect.y)
        width, height = self.px(rect.right) - left, self.px(rect.bottom) - top
        return left, self.theme.profile.px[1] - top - height, width, height
