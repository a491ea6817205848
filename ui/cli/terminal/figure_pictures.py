"""Draws the pictures of the figure that the kiosk will show."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.kiosk.theme.tokens import Theme
    from ui.kiosk.view_models.blocks import Figure


def bake_figures(theme: "Theme", kept: Path) -> int:
    """Draw what is not kept yet, for every placement of every programme; return how many are."""
    from ui.kiosk.art.baking import bake

    profile = next(name for name, known in theme.tokens.profiles.items() if known is theme.profile)
    colours = theme.tokens.figure[theme.name]
    return sum(1 for _ in bake(profile, colours, _figures(), kept))


def _figures() -> "Iterator[Figure]":
    """Yield the figure of each placement that may be chosen."""
    from appliance.clinical.body import Side
    from appliance.clinical.catalogue import load_catalogue
    from appliance.control.pages.placements import offered_rows
    from ui.kiosk.view_models.pads import placement_figure

    for programme in load_catalogue().values():
        for region in programme.regions:
            for row in offered_rows(programme, region, tuple(Side)):
                yield placement_figure(row, region)
