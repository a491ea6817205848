"""Where each region lies on the figure, to be touched there: a zone on either side of the spine.

A zone says which region is meant, not where pads go: that is shown with the placement. None lies on
the front or the side of the neck.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ui.kiosk.art.figure import Crop

Point = tuple[float, float]


class Area(NamedTuple):
    """The outline of a zone, in mm from C7, on the patient's right; that on the left is mirrored.

    A touch counts a little beyond it where it is narrow, away from the spine and from the zone that
    is next to it.
    """

    outline: tuple[Point, ...]

    def of(self, side: str) -> tuple[Point, ...]:
        """Return the outline on one side."""
        return self.outline if side == "right" else tuple((-x, y) for x, y in self.outline)

    @property
    def ends(self) -> tuple[float, float]:
        """Return the y of its upper and of its lower end."""
        heights = [y for _, y in self.outline]
        return min(heights), max(heights)


MIDDLE_MM = 4.0
AREAS: Mapping[str, Area] = {
    "suboccipital": Area(((4, -112), (48, -112), (48, -58), (4, -58))),
    "neck": Area(((4, -52), (45, -52), (47, -8), (104, 14), (106, 46), (4, 46))),
    "upper_back": Area(((4, 52), (96, 52), (96, 246), (4, 246))),
    "lower_back": Area(((4, 262), (96, 262), (96, 490), (4, 490))),
}
"""By the engine's names of the regions, the highest first."""
BACK = Crop(-200, -190, 400, 744)
"""The part of the figure with every zone."""
