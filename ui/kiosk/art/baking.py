"""Which pictures of the figure the screens show, so that they are drawn before a person waits.

A picture takes resvg up to a second, in which Python does nothing else: it is drawn in a process of
its own, when a unit is set up or while the kiosk is at rest (`stimkiosk kiosk --bake`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ui.kiosk.art.figure import CROPS, FULL, Crop, Look, Picture, figure_png, picture_for
from ui.kiosk.view_models.blocks import Figure

TOO_WIDE, ROUND_MM = 1.4, 30
"""A place this much wider than the region shows the pads and so much round them."""
PLACES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "7-800x480": ((296, 408), (295, 408), (295, 272), (176, 408)),
    "10-1280x720": ((510, 640), (504, 640), (504, 489), (303, 640)),
    "7-720x1280": ((694, 288), (694, 256), (694, 224), (694, 192)),
}
"""By profile: width and height, in px, of the places of the figure; a test compares the screens."""


def shown_crop(width: float, height: float, view: Figure) -> Crop:
    """Return the region; in a low and wide place only the pads and what is round them."""
    region = CROPS.get(view.region, CROPS[FULL])
    fitted = region.fitted(width, height)
    if not view.pads or fitted.w < TOO_WIDE * region.w:
        return fitted
    left = min(pad.x - pad.width_mm / 2 for pad in view.pads) - ROUND_MM
    right = max(pad.x + pad.width_mm / 2 for pad in view.pads) + ROUND_MM
    top = min(pad.y - pad.height_mm / 2 for pad in view.pads) - ROUND_MM
    bottom = max(pad.y + pad.height_mm / 2 for pad in view.pads) + ROUND_MM
    return Crop(left, top, right - left, bottom - top).fitted(width, height)


def look_of(colours: Mapping[str, str], view: Figure) -> Look:
    """Return how a figure looks in the colours of a theme."""
    return Look(tuple(sorted(colours.items())), view.muscles, view.sides)


def pictures_of(profile: str, view: Figure) -> Iterator[Picture]:
    """Yield the pictures that screens show of a figure."""
    for width, height in PLACES.get(profile, ()):
        yield picture_for(shown_crop(width, height, view), width, height)


def bake(
    profile: str, colours: Mapping[str, str], views: Iterator[Figure], kept: Path
) -> Iterator[Picture]:
    """Draw and keep every picture of these figures that is not kept yet; yield each."""
    done: set[tuple[Picture, Look]] = set()
    for view in views:
        look = look_of(colours, view)
        for picture in pictures_of(profile, view):
            if (picture, look) not in done:
                done.add((picture, look))
                figure_png(picture.crop, look, picture.width, picture.height, kept)
                yield picture
