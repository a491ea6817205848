"""Pads of a placement on the reference figure, in mm. For drawing, and to check the data."""

from functools import lru_cache

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.data_file import read_data
from appliance.clinical.placement.geometry import Point, Polygon, mirrored, rectangle
from appliance.clinical.placement.placement import Depth, PadEnd, PlannedPad
from appliance.errors import ConfigError


class _Drawn(msgspec.Struct, frozen=True, array_like=True):
    """Centre in mm on the right half, and turn in degrees clockwise."""

    x: float
    y: float
    turn: float


class _DrawnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pads: dict[str, dict[Depth, dict[PadEnd, _Drawn]]]
    motor_points: dict[str, Point]


class DrawnPad(msgspec.Struct, frozen=True, kw_only=True):
    """A pad as the figure draws it: true size, mirrored on the left."""

    label: str
    channel: int
    side: Side
    x: float
    y: float
    width: float
    height: float
    turn: float

    @property
    def outline(self) -> Polygon:
        """Return its corners on the figure."""
        return rectangle(Point(self.x, self.y), self.width, self.height, self.turn)


@lru_cache(maxsize=1)
def load_drawn() -> _DrawnFile:
    """Return the file of drawn pads; raises `ConfigError`."""
    return read_data("appliance.clinical.placement", "drawn.toml", _DrawnFile)


def draw_pad(placement: str, depth: Depth, pad: PlannedPad) -> DrawnPad:
    """Return a pad on the figure; raises `ConfigError` where the file lacks it."""
    try:
        drawn = load_drawn().pads[placement][depth][pad.end]
    except KeyError as missing:
        raise ConfigError(f"data file drawn.toml: pads.{placement}.{depth}.{pad.end}") from missing
    sign = -1 if pad.side is Side.LEFT else 1
    return DrawnPad(
        label=pad.label,
        channel=pad.channel,
        side=pad.side,
        x=sign * drawn.x,
        y=drawn.y,
        width=pad.width_mm,
        height=pad.height_mm,
        turn=sign * drawn.turn,
    )


def motor_point(muscle: str, side: Side) -> Point:
    """Return where to begin the search on one side; raises `ConfigError` if the file lacks it."""
    try:
        point = load_drawn().motor_points[muscle]
    except KeyError as missing:
        raise ConfigError(f"data file drawn.toml: motor_points.{muscle}") from missing
    return mirrored((point,))[0] if side is Side.LEFT else point
