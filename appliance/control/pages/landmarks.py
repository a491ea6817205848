"""The page `landmarks:REGION:SIDE`: from where a motor point is measured, for drawing it."""

from collections.abc import Iterator

from appliance.clinical.body import Side
from appliance.clinical.placement.figure import load_figure
from appliance.clinical.placement.instructions import landmark_text
from appliance.clinical.placement.motor_points import LANDMARKS
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import text


def landmark_rows(wanted: str, sources: PageSources) -> Rows:
    """Return the landmarks of a region on one side; millimetres are those of the figure."""
    del sources
    region, _colon, side = wanted.partition(":")
    if region not in set(Region):
        return Refusal("refusal.region", region, listed([*Region]), Region.NECK)
    if side not in Side.BOTH.single:
        return Refusal("refusal.side", side, listed(Side.BOTH.single), text("side.nearest"))
    return _rows(Region(region), Side(side))


def _rows(region: Region, side: Side) -> Iterator[Row]:
    for landmark in LANDMARKS.get(region, ()):
        point = load_figure().landmark(landmark)
        yield {
            "landmark": landmark.value,
            "name": plain_text(landmark_text(landmark)),
            "drawn": {"x": -point.x if side is Side.LEFT else point.x, "y": point.y},
        }
