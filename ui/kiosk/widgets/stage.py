"""What every part needs to draw itself: theme, regions, direction of text, and the textures."""

from dataclasses import dataclass, field
from pathlib import Path

from ui.kiosk.theme.regions import Rect, Regions, regions_of
from ui.kiosk.theme.tokens import Colour, Theme
from ui.kiosk.widgets.textures import Textures


@dataclass(frozen=True)
class Stage:
    """One window's look; a new one for another theme, size or language."""

    theme: Theme
    right_to_left: bool = False
    kept: Path | None = None
    """Where pictures that take long to draw are kept."""
    textures: Textures = field(default_factory=Textures)

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

    def place(self, rect: Rect) -> tuple[int, int, int, int]:
        """Return x, y (from below), width, height in px."""
        left, top = self.px(rect.x), self.px(rect.y)
        width, height = self.px(rect.right) - left, self.px(rect.bottom) - top
        return left, self.theme.profile.px[1] - top - height, width, height
