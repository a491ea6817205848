"""The reference figure in mm: landmarks, skin, forbidden zones, crops. For drawing and checks."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import read_data
from appliance.clinical.placement.geometry import Point, Polygon, mirrored
from appliance.clinical.placement.positions import (
    BesideSpine,
    Between,
    Direction,
    FromLandmark,
    Gap,
    Landmark,
    Level,
    PadPart,
    Position,
)
from appliance.core.limits.limits import Region

FINGER_MM = 18.0  # (D) width of an adult's finger on the figure; on a patient it is the finger
PROCESS_MM = 5.0  # (D) half the width of a spinous process on the figure
GAPS_MM: Mapping[Gap, float] = {
    Gap.BESIDE_THE_PROCESS: PROCESS_MM,
    Gap.HALF_A_FINGER: FINGER_MM / 2,
    Gap.ONE_FINGER: FINGER_MM,
    Gap.TWO_FINGERS: 2 * FINGER_MM,
}
_STEPS: Mapping[Direction, tuple[int, int]] = {
    Direction.UP: (0, -1),
    Direction.DOWN: (0, 1),
    Direction.OUTWARDS: (1, 0),
    Direction.INWARDS: (-1, 0),
}
_OF_THE_SPINE = {Landmark.C7: "C7", Landmark.T3: "T3", Landmark.T8: "T8"}


class Crop(msgspec.Struct, frozen=True, array_like=True):
    """A part of the figure that a screen shows, in mm."""

    x: float
    y: float
    width: float
    height: float


class Band(msgspec.Struct, frozen=True, array_like=True):
    """The highest and lowest part of a region on the figure, as y in mm."""

    top: float
    bottom: float


class _Skin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outline: Polygon


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The right half of the figure; the left one is its mirror image."""

    levels: dict[str, float]
    landmarks: dict[Landmark, Point]
    areas: dict[Region, Band]
    crops: dict[Region, Crop]
    skin: _Skin
    forbidden: dict[str, Polygon]

    def outline(self) -> Polygon:
        """Return the skin on which pads may lie, both halves as one polygon."""
        return (*self.skin.outline, *mirrored(self.skin.outline)[::-1])

    def zones(self) -> tuple[tuple[str, Polygon], ...]:
        """Return name and polygon of every forbidden zone, both sides."""
        right = tuple(self.forbidden.items())
        return (*right, *((name, mirrored(zone)) for name, zone in right))

    def level_y(self, level: Level) -> float:
        """Return y of a level, between two spinous processes their middle."""
        names = level.split("-")
        return sum(self.levels[name] for name in names) / len(names)

    def landmark(self, landmark: Landmark) -> Point:
        """Return a landmark of the right half."""
        if landmark in _OF_THE_SPINE:
            return Point(0.0, self.levels[_OF_THE_SPINE[landmark]])
        return self.landmarks[landmark]

    def centre(self, position: Position, width: float, height: float) -> Point:
        """Return where the words of a position put the centre of a pad on the right half."""
        match position:
            case BesideSpine():
                shift: Mapping[PadPart, float] = {
                    PadPart.CENTRE: 0.0,
                    PadPart.UPPER_EDGE: height / 2,
                    PadPart.LOWER_EDGE: -height / 2,
                }
                y = self.level_y(position.level) + shift[position.part]
                return Point(GAPS_MM[position.gap] + width / 2, y)
            case Between():
                start, end = self.landmark(position.start), self.landmark(position.end)
                part = position.percent / 100
                return Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
            case FromLandmark():
                right, down = _STEPS[position.direction]
                away, start = position.fingers * FINGER_MM, self.landmark(position.landmark)
                return Point(start.x + right * away, start.y + down * away)


@lru_cache(maxsize=1)
def load_figure() -> Figure:
    """Return the reference figure; raises `ConfigError`."""
    return read_data("appliance.clinical.placement", "figure.toml", Figure)
