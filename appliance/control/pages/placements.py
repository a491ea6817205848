"""The page `placements:PROGRAMME:REGION` or `placements:PROGRAMME:REGION:SIDE`.

A row for each placement offered, depth and side: the usual placement first, and of each the usual
depth. Words say where a pad lies on a patient; millimetres of the figure are for drawing.
"""

from collections.abc import Iterator

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.offers.offers import refuse_region
from appliance.clinical.placement.drawn import motor_point
from appliance.clinical.placement.instructions import (
    motor_point_text,
    position_text,
    spot_text,
    steps,
    to_feel_and_see,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import (
    depths_by_use,
    drawn_pads,
    placements_for,
    plan_placement,
)
from appliance.clinical.programme import Programme
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.control.pages.programmes import find_programme
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text


def placement_rows(wanted: str, sources: PageSources) -> Rows:
    """Return the placements offered for a programme in a region, on one side or every one."""
    name, _colon, place = wanted.partition(":")
    programme = find_programme(name, sources)
    if isinstance(programme, Refusal):
        return programme
    region, _colon, side = place.partition(":")
    elsewhere = refuse_region(programme, region)
    if elsewhere is not None:
        return elsewhere
    if side and side not in set(Side):
        return Refusal("refusal.side", side, listed([*Side]), text("side.nearest"))
    sides = (Side(side),) if side else tuple(Side)
    return offered_rows(programme, Region(region), sides)


def offered_rows(programme: Programme, region: Region, sides: tuple[Side, ...]) -> Iterator[Row]:
    """Yield each placement of a programme in a region, on each of these sides."""
    for placement in placements_for(programme, region):
        for depth in depths_by_use(placement):
            for side in sides:
                planned = plan_placement(
                    programme, region, side, placement=placement.name, depth=depth
                )
                if not isinstance(planned, Refusal):
                    yield _row(programme, planned)


def _row(programme: Programme, planned: PlannedPlacement) -> Row:
    placement, key = planned.placement, planned.key
    variant = placement.depths[key.depth]
    feel, see = to_feel_and_see(programme)
    return {
        "placement": placement.name,
        "title": plain_text(Text(placement.title)),
        "usual": programme.kind in placement.usual_for,
        "depth": key.depth.value,
        "side": key.side.value,
        "channels": list(planned.channels),
        "reason": plain_text(Text(variant.reason)),
        "spacing_mm": list(variant.spacing_mm),
        "muscles": [plain_text(Text(f"muscle.{muscle}")) for muscle in placement.muscles],
        "pads": _pads(planned),
        "placed": _placed(planned),
        "steps": [plain_text(step) for step in steps(planned)],
        "motor_points": _motor_points(planned),
        "feel": plain_text(feel),
        "see": plain_text(see),
        "sources": dict(placement.sources),
    }


def _pads(planned: PlannedPlacement) -> list[Row]:
    return [
        {
            "pad": pad.label,
            "channel": pad.channel,
            "side": pad.side.value,
            "spot": pad.spot,
            "name": plain_text(spot_text(pad.spot)),
            "where": plain_text(position_text(pad.at)),
            "width_mm": pad.width_mm,
            "height_mm": pad.height_mm,
            "positive_first": pad.positive,
            "drawn": {"x": drawn.x, "y": drawn.y, "turn": drawn.turn},
        }
        for pad, drawn in zip(planned.pads, drawn_pads(planned), strict=True)
    ]


def _placed(planned: PlannedPlacement) -> Row:
    """Return the values of `pads_placed` that record these pads."""
    key, pads = msgspec.to_builtins(planned.key), msgspec.to_builtins(planned.pads)
    return {"key": key, "pads": pads}


def _motor_points(planned: PlannedPlacement) -> list[Row]:
    said = zip(planned.placement.motor_point, motor_point_text(planned), strict=True)
    return [
        {
            "muscle": point.muscle,
            "where": plain_text(where),
            "drawn": {
                side.value: msgspec.to_builtins(motor_point(point.muscle, side))
                for side in planned.key.side.single
            },
        }
        for point, where in said
    ]
