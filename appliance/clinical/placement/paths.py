"""Where no pad and no path of current may lie: by name, and by geometry on the figure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations

from appliance.clinical.placement.drawn import DrawnPad
from appliance.clinical.placement.figure import Figure, load_figure
from appliance.clinical.placement.geometry import (
    Point,
    along,
    border,
    contains,
    distance_mm,
    overlap,
)
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least
from appliance.texts.text import Text, millimetres, text

CLEAR_MM = 30
"""From edge to edge of the two pads of a channel (D): the current must not run along the skin."""
CLEAR_OF_OTHERS_MM = 10
"""From edge to edge of pads of two channels (D): gel must not meet. Channels never pulse at the
same time (docs/design.md section 5), so no current runs between them."""
UPRIGHT_PARTS = 2
"""A pair of the upper back lies at least twice as far apart along the spine as across it (D)."""
ROUNDING_MM = 0.01
"""Far below what a figure shows; 30 mm in floating point may be a hair less."""


class BodySite(StrEnum):
    """Every place a pad may be asked for by name; only the regions of `Region` are allowed."""

    NECK = "neck"
    SUBOCCIPITAL = "suboccipital"
    UPPER_BACK = "upper_back"
    LOWER_BACK = "lower_back"
    HEAD = "head"
    FACE = "face"
    EYES = "eyes"
    MOUTH = "mouth"
    FRONT_OF_NECK = "front_of_neck"
    SIDE_OF_NECK = "side_of_neck"
    CHEST = "chest"
    SIDE_OF_CHEST = "side_of_chest"
    BREAST = "breast"
    ABDOMEN = "abdomen"
    GROIN = "groin"


_HEAD = frozenset({BodySite.HEAD, BodySite.FACE, BodySite.EYES, BodySite.MOUTH})
_NECK = frozenset({BodySite.FRONT_OF_NECK, BodySite.SIDE_OF_NECK})
_CHEST = frozenset({BodySite.CHEST, BodySite.SIDE_OF_CHEST, BodySite.BREAST})


def check_sites(first: str, second: str) -> Refusal | None:
    """Refuse a pair of pads by the names of their places.

    Sources: no current through head, eyes, mouth, front of neck, or from chest to upper back [AS
    60601.2.10:2018]; laryngeal spasm, rhythm [Zynex E-Wave manual p. 10; Zimmer Soleo Stim].
    """
    known = set(BodySite)
    names = (first, second)
    if any(name not in known for name in names):
        return _refused_site(text("pad_site.unknown"))
    sites = {BodySite(name) for name in names}
    for forbidden, why in (
        (_HEAD, text("pad_site.head")),
        (_NECK, text("pad_site.front_of_neck")),
        (_CHEST, text("pad_site.chest")),
    ):
        if sites & forbidden:
            return _refused_site(why)
    if sites - set(map(BodySite, Region)):
        return _refused_site(text("pad_site.front"))
    if len(sites) > 1:
        return _refused_site(text("pad_site.two_regions"))
    return None


def _refused_site(asked: Text) -> Refusal:
    return Refusal("refusal.pad_site", asked, text("pad_site.allowed"), text("pad_site.nearest"))


_ZONES: Mapping[str, str] = {"head": "pad_site.head", "side_of_neck": "pad_site.front_of_neck"}


def check_pad(region: Region, pad: DrawnPad, figure: Figure | None = None) -> tuple[Refusal, ...]:
    """Refuse a pad beside the skin of its region, or on a forbidden zone of the figure."""
    figure = figure or load_figure()
    found = []
    outline, area = figure.outline(), figure.areas[region]
    points = tuple(border(pad.outline))
    if not all(contains(outline, point) for point in points):
        found.append(_refused_path(text("pad_path.off_the_back", pad=pad.label)))
    if not all(area.top <= point.y <= area.bottom for point in points):
        found.append(_refused_path(text("pad_path.outside_region", pad=pad.label, region=region)))
    found += [
        _refused_path(Text(_ZONES[name]))
        for name, zone in figure.zones()
        if overlap(zone, pad.outline)
    ]
    return tuple(found)


def check_pair(region: Region, first: DrawnPad, second: DrawnPad) -> tuple[Refusal, ...]:
    """Refuse the path between the two pads of a channel."""
    figure = load_figure()
    found = [*check_pad(region, first, figure), *check_pad(region, second, figure)]
    path = tuple(along(Point(first.x, first.y), Point(second.x, second.y)))
    found += [
        _refused_path(Text(_ZONES[name]))
        for name, zone in figure.zones()
        if any(contains(zone, point) for point in path)
    ]
    if region is not Region.LOWER_BACK and _crosses_midline((first, second)):
        found.append(_refused_path(text("pad_path.across_midline", region=region)))
    across, upright = abs(first.x - second.x), abs(first.y - second.y)
    if region is Region.UPPER_BACK and upright < UPRIGHT_PARTS * across:
        found.append(_refused_path(text("pad_path.across_the_chest")))
    return tuple(dict.fromkeys(found))


def check_spacing(pads: Sequence[DrawnPad]) -> Refusal | None:
    """Refuse pads nearer to each other than `CLEAR_MM`, of two channels `CLEAR_OF_OTHERS_MM`."""
    for first, second in combinations(pads, 2):
        least_mm = CLEAR_MM if first.channel == second.channel else CLEAR_OF_OTHERS_MM
        gap_mm = distance_mm(first.outline, second.outline)
        if gap_mm < least_mm - ROUNDING_MM:
            gap, least = millimetres(int(gap_mm)), millimetres(least_mm)
            asked = text("pad_spacing.asked", first=first.label, second=second.label, gap=gap)
            return Refusal("refusal.pad_spacing", asked, at_least(least), least)
    return None


def _crosses_midline(pads: Sequence[DrawnPad]) -> bool:
    sides = {point.x > 0 for pad in pads for point in pad.outline}
    return len(sides) > 1


def _refused_path(asked: Text) -> Refusal:
    return Refusal("refusal.pad_path", asked, text("pad_path.allowed"), text("pad_path.nearest"))
