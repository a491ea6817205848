"""The motor points that searches found on a patient: the newest of each place. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.placement.facts import MotorPointFound
from appliance.clinical.placement.figure import load_figure
from appliance.clinical.placement.geometry import Point
from appliance.clinical.placement.instructions import landmark_text
from appliance.clinical.placement.positions import Landmark
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, millimetres, text

RULE = "refusal.motor_point"
_OF_SHOULDER_BLADE = (
    Landmark.UPPER_CORNER_OF_SHOULDER_BLADE,
    Landmark.ROOT_OF_SCAPULAR_SPINE,
    Landmark.LOWER_CORNER_OF_SHOULDER_BLADE,
)
LANDMARKS: Mapping[Region, tuple[Landmark, ...]] = {
    Region.NECK: (
        Landmark.C7,
        Landmark.BACK_OF_SKULL,
        Landmark.ACROMION,
        Landmark.UPPER_CORNER_OF_SHOULDER_BLADE,
    ),
    Region.UPPER_BACK: (
        *(Landmark.C7, Landmark.T3, Landmark.T8, Landmark.ACROMION),
        *_OF_SHOULDER_BLADE,
    ),
    Region.LOWER_BACK: (Landmark.DIMPLE, Landmark.T8),
}
"""From which landmarks a point is measured in each region, the nearest to its pads first (D)."""


class PointPlace(NamedTuple):
    """What a point was searched for: region, one side, placement."""

    region: Region
    side: Side
    placement: str


@dataclass(frozen=True, slots=True)
class FoundPoints:
    """The newest point found at each place, and when."""

    points: Mapping[PointPlace, tuple[MotorPointFound, FactTime]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def after(self, fact: Fact, at: FactTime) -> "FoundPoints":
        """Return the points after a fact; facts of other kinds change nothing."""
        if not isinstance(fact, MotorPointFound):
            return self
        place = PointPlace(fact.region, fact.side, fact.placement)
        return FoundPoints(MappingProxyType({**self.points, place: (fact, at)}))


def refuse_point(fact: MotorPointFound) -> Refusal | None:
    """Refuse a point on both sides, or one measured from a landmark of another region."""
    if fact.side is Side.BOTH:
        return Refusal("refusal.side", fact.side, listed(Side.BOTH.single), text("side.nearest"))
    near = LANDMARKS.get(fact.region, ())
    if fact.landmark in near:
        return None
    asked, allowed = landmark_text(fact.landmark), listed(list(map(landmark_text, near)))
    return Refusal(RULE, asked, allowed, listed(list(map(landmark_text, near[:1]))))


def where_text(fact: MotorPointFound) -> Text:
    """Return where a point lies, in words."""
    along = "motor_point.up" if fact.along_mm >= 0 else "motor_point.down"
    across = "motor_point.outwards" if fact.across_mm >= 0 else "motor_point.inwards"
    return text(
        "motor_point.where",
        landmark=landmark_text(fact.landmark),
        along=text(along, distance=millimetres(abs(fact.along_mm))),
        across=text(across, distance=millimetres(abs(fact.across_mm))),
    )


def drawn_at(fact: MotorPointFound) -> Point:
    """Return a point on the reference figure, in its mm; for drawing only."""
    start = load_figure().landmark(fact.landmark)
    x = start.x + fact.across_mm
    return Point(-x if fact.side is Side.LEFT else x, start.y - fact.along_mm)
