"""The placements of each programme: the data checked once, and what a programme may choose from."""

import math
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.data_file import parse_data, read_data
from appliance.clinical.offers.offers import refuse_region
from appliance.clinical.placement.drawn import DrawnPad, draw_pad
from appliance.clinical.placement.figure import load_figure
from appliance.clinical.placement.geometry import distance_mm
from appliance.clinical.placement.paths import CLEAR_MM, ROUNDING_MM, check_pair, check_spacing
from appliance.clinical.placement.placement import (
    Depth,
    Placement,
    PlacementKey,
    PlannedPlacement,
    plan_pads,
)
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import (
    CARRIER_PAD_MIN_MM2,
    Region,
    smallest_pad_mm2,
)
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from appliance.texts.common_phrases import listed
from appliance.texts.english import english
from appliance.texts.text import text

FILE = "placements.toml"
SPACING_MOST_MM = 150
"""Above it the current is weak [Beurer EM59 manual p. 31] (Cp)."""
DRAWN_OFF_MM = 12
"""Furthest that a drawn pad may be from where its words put it on the figure (D)."""


class _PlacementFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    placement: tuple[Placement, ...]


@lru_cache(maxsize=1)
def load_placements() -> tuple[Placement, ...]:
    """Return every placement in the order of the file; raises `ConfigError`."""
    return _checked(read_data("appliance.clinical.placement", FILE, _PlacementFile).placement)


def parse_placements(raw: bytes, file: str) -> tuple[Placement, ...]:
    """Return the checked placements of a file; raises `ConfigError` with placement and rule."""
    return _checked(parse_data(raw, file, _PlacementFile).placement)


def placements_for(programme: Programme, region: Region) -> tuple[Placement, ...]:
    """Return the placements a programme may choose from in a region, the usual one first."""
    if region not in programme.regions:
        return ()
    fitting = [each for each in load_placements() if fits(each, programme, region)]
    return tuple(sorted(fitting, key=lambda each: programme.kind not in each.usual_for))


def fits(placement: Placement, programme: Programme, region: Region) -> bool:
    """Return whether region, purpose and pad size of a placement suit a programme."""
    least_mm2 = smallest_pad_mm2(region, programme.purpose)
    if programme.carrier is not None:
        least_mm2 = max(least_mm2, CARRIER_PAD_MIN_MM2)
    return (
        placement.region is region
        and programme.purpose in placement.purposes
        and placement.smaller_area_mm2 >= least_mm2
    )


def plan_placement(
    programme: Programme,
    region: str,
    side: Side,
    *,
    placement: str = "",
    depth: Depth | None = None,
) -> PlannedPlacement | Refusal:
    """Plan the pads of a programme on one side or both.

    Without `placement` the usual one is taken, without `depth` its usual depth. What a refusal
    offers as the nearest is accepted.
    """
    elsewhere = refuse_region(programme, region)
    if elsewhere is not None:
        return elsewhere
    offered = placements_for(programme, Region(region))
    chosen = next((each for each in offered if placement in {"", each.name}), None)
    if chosen is None:
        names = tuple(each.name for each in offered)
        title = programme.own_title or programme.name
        asked = text("placement.asked", programme=title, region=region)
        nearest = names[0] if names else text("placement.other_region")
        return Refusal("refusal.placement", asked, listed(names), nearest)
    wanted = depths_by_use(chosen)[0] if depth is None else depth
    if wanted not in chosen.depths:
        depths = tuple(depths_by_use(chosen))
        asked = text("placement.asked_depth", placement=chosen.name, depth=wanted)
        return Refusal("refusal.placement_depth", asked, listed(depths), depths[0])
    key = PlacementKey(
        programme=programme.name,
        placement=chosen.name,
        region=Region(region),
        side=side,
        depth=wanted,
    )
    return PlannedPlacement(key=key, placement=chosen, pads=plan_pads(chosen, wanted, side))


def plan_named(
    programme: Programme, region: str, side: Side, placement: str, depth: str
) -> PlannedPlacement | Refusal:
    """Plan as `plan_placement`, with a depth by its name, "" for the usual one."""
    planned = plan_placement(programme, region, side, placement=placement)
    if isinstance(planned, Refusal) or not depth:
        return planned
    if depth not in set(Depth):
        depths, name = depths_by_use(planned.placement), planned.placement.name
        asked = text("placement.asked_depth", placement=name, depth=depth)
        return Refusal("refusal.placement_depth", asked, listed(depths), depths[0])
    return plan_placement(programme, region, side, placement=placement, depth=Depth(depth))


def drawn_pads(planned: PlannedPlacement) -> tuple[DrawnPad, ...]:
    """Return the pads of a planned placement on the reference figure."""
    return tuple(draw_pad(planned.key.placement, planned.key.depth, pad) for pad in planned.pads)


def depths_by_use(placement: Placement) -> tuple[Depth, ...]:
    """Return the depths of a placement, the usual one first."""
    return tuple(sorted(placement.depths, key=lambda depth: depth is not Depth.USUAL))


def _checked(placements: Sequence[Placement]) -> tuple[Placement, ...]:
    names = [placement.name for placement in placements]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"data file {FILE}: two placements are called {name}")
    for placement in placements:
        _check(placement)
    return tuple(placements)


def _check(placement: Placement) -> None:
    """Raise `ConfigError` for a placement that breaks a rule of pads or paths."""
    least_mm2 = max(smallest_pad_mm2(placement.region, purpose) for purpose in placement.purposes)
    if placement.smaller_area_mm2 < least_mm2:
        raise _wrong(placement, f"sizes_mm: {placement.smaller_area_mm2} mm², least {least_mm2}")
    if len(placement.depths) < len(placement.depth) or Depth.USUAL not in placement.depths:
        raise _wrong(placement, "depth: each once, and the usual one among them")
    for depth, variant in placement.depths.items():
        least_mm, most_mm = variant.spacing_mm
        if not CLEAR_MM <= least_mm <= most_mm <= SPACING_MOST_MM:
            raise _wrong(placement, f"{depth}: spacing_mm within {CLEAR_MM} to {SPACING_MOST_MM}")
        _check_drawn(placement, depth)


def _check_drawn(placement: Placement, depth: Depth) -> None:
    """Raise `ConfigError` where the figure shows a forbidden path, or other than the words say."""
    pads = plan_pads(placement, depth, Side.BOTH)
    drawn = [draw_pad(placement.name, depth, pad) for pad in pads]
    refusals = [
        refusal
        for first, second in zip(drawn[::2], drawn[1::2], strict=True)
        for refusal in check_pair(placement.region, first, second)
    ]
    too_near = check_spacing(drawn)
    for refusal in refusals if too_near is None else [*refusals, too_near]:
        raise _wrong(placement, f"{depth}: {english(refusal.text())}")
    least_mm, most_mm = placement.depths[depth].spacing_mm
    gap_mm = distance_mm(drawn[0].outline, drawn[1].outline)
    if not least_mm - ROUNDING_MM <= gap_mm <= most_mm + ROUNDING_MM:
        raise _wrong(placement, f"{depth}: drawn {gap_mm:.0f} mm apart, not as spacing_mm says")
    for pad, shown in zip(pads, drawn, strict=True):
        if pad.side is Side.RIGHT:
            words = load_figure().centre(pad.at, pad.width_mm, pad.height_mm)
            if math.dist(words, (shown.x, shown.y)) > DRAWN_OFF_MM:
                raise _wrong(placement, f"{depth}: {pad.end} is drawn elsewhere than its words say")


def _wrong(placement: Placement, fault: str) -> ConfigError:
    return ConfigError(f"data file {FILE}: placement {placement.name}: {fault}")
