"""The figure: pads in true size where the placement says, on the skin, never mirrored."""

import math
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appliance.clinical.catalogue import load_catalogue
from appliance.control.pages.placements import placement_rows
from tests.support.kiosk.measured import stage_of
from tests.support.kiosk.samples.sample import rows
from tests.support.no_sources import NOTHING
from ui.kiosk.art.baking import shown_crop
from ui.kiosk.art.figure import CROPS, FULL, TWICE, Look, figure_png, figure_svg
from ui.kiosk.journey.place import Row
from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import ThemeName, load_tokens
from ui.kiosk.view_models.pads import placement_figure
from ui.kiosk.widgets.figure import Pad, draw_figure
from ui.kiosk.widgets.part import Layer

SIZE = "10-1280x720"
PX = 1.01
"""Every edge lies on a whole px."""
COLOURS = tuple(sorted(load_tokens().figure[ThemeName.DARK].items()))
PLACE = Rect(8, 64, 300, 400)


@cache
def placements() -> tuple[tuple[str, Row], ...]:
    """Return every placement of every programme and region, each pad pattern once."""
    found: dict[str, tuple[str, Row]] = {}
    for name, programme in load_catalogue().items():
        for region in programme.regions:
            for row in rows(placement_rows(f"{name}:{region}", NOTHING)):
                lie = [(pad["drawn"], pad["width_mm"], pad["height_mm"]) for pad in row["pads"]]
                found.setdefault(f"{region}{lie}", (str(region), row))
    return tuple(found.values())


def pads_of(region: str, row: Row, *, right_to_left: bool = False) -> list[Pad]:
    still: Any = Layer()
    stage = stage_of(SIZE, right_to_left=right_to_left)
    draw_figure(stage, PLACE, placement_figure(row, region), still)
    return [part for part in still.walk() if isinstance(part, Pad)]


def middle(pad: Pad) -> tuple[float, float]:
    return pad.center_x, -pad.center_y


def test_pads_and_what_is_between_them_have_one_scale() -> None:
    for region, row in placements():
        pads = pads_of(region, row)
        assert len(pads) == len(row["pads"])
        shown = shown_crop(PLACE.w, PLACE.h, placement_figure(row, region))
        scale = stage_of(SIZE).theme.profile.scale
        px_per_mm = PLACE.w * scale / shown.w
        for pad in pads:
            across = PLACE.x * scale + (pad.mark.x - shown.x) * px_per_mm
            assert pad.center_x == pytest.approx(across, abs=PX)
            assert pad.width == pytest.approx(pad.mark.width_mm * px_per_mm, abs=PX)
            assert pad.height == pytest.approx(pad.mark.height_mm * px_per_mm, abs=PX)
        for first, second in combinations(pads, 2):
            meant = math.dist((first.mark.x, first.mark.y), (second.mark.x, second.mark.y))
            drawn = math.dist(middle(first), middle(second))
            assert drawn == pytest.approx(meant * px_per_mm, abs=2 * PX)


def test_every_pad_lies_on_the_skin() -> None:
    crop = CROPS[FULL]
    width, height = int(crop.w), int(crop.h)
    png = figure_png(crop, Look(COLOURS), width, height, None)
    with Image.open(BytesIO(png)) as picture:
        skin = picture.convert("RGBA").getchannel("A")
    beside = [
        f"{region}, {row['placement']}: {pad['pad']}"
        for region, row in placements()
        for pad in row["pads"]
        for x, y in corners(pad)
        if not skin.getpixel((int((x - crop.x) * TWICE), int((y - crop.y) * TWICE)))
    ]
    assert beside == []


def corners(pad: Row) -> Iterator[tuple[float, float]]:
    """Yield the corners of a pad in mm of the figure."""
    turn, drawn = math.radians(pad["drawn"]["turn"]), pad["drawn"]
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        across, down = x * pad["width_mm"] / 2, y * pad["height_mm"] / 2
        yield (
            drawn["x"] + across * math.cos(turn) - down * math.sin(turn),
            drawn["y"] + across * math.sin(turn) + down * math.cos(turn),
        )


def test_left_is_left_in_every_language() -> None:
    for region, row in placements():
        pads = pads_of(region, row)
        for pad, given in zip(pads, row["pads"], strict=True):
            if given["side"] in ("left", "right"):
                assert (pad.mark.x < 0) == (given["side"] == "left"), given
        mirrored = pads_of(region, row, right_to_left=True)
        assert [middle(pad) for pad in mirrored] == [middle(pad) for pad in pads]


def spinous(level: str) -> tuple[float, float]:
    """Return the middle of a spinous process in mm."""
    (path,) = re.findall(rf'<path id="spinous-{level}"[^>]* d="([^"]*)"', figure_svg())
    numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return sum(numbers[::2]) / len(numbers[::2]), sum(numbers[1::2]) / len(numbers[1::2])


def test_the_spine_is_in_the_middle_and_counts_downwards() -> None:
    levels = [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)]
    middles = [spinous(level) for level in levels]
    assert max(abs(x) for x, _ in middles) < 3
    assert [y for _, y in middles] == sorted(y for _, y in middles)
    assert spinous("C7")[1] == pytest.approx(0, abs=12)
    assert spinous("L4")[1] == pytest.approx(440, abs=20)


def test_a_pad_at_a_level_lies_beside_its_vertebra() -> None:
    checked, away = set(), []
    for region, row in placements():
        for pad in row["pads"]:
            level = pad["spot"].upper()
            if not re.fullmatch(r"[CTL]\d+", level):
                continue
            checked.add(level)
            reach = max(pad["width_mm"], pad["height_mm"]) / 2
            if abs(pad["drawn"]["y"] - spinous(level)[1]) > reach:
                away.append(f"{region}, {row['placement']}: {pad['pad']} at {level}")
    assert away == []
    assert checked


def test_a_kept_picture_is_used_and_a_broken_one_drawn_again(tmp_path: Path) -> None:
    crop, look = CROPS["neck"], Look(COLOURS)
    png = figure_png(crop, look, 30, 30, tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == png
    kept.write_bytes(png[:-200])
    assert figure_png(crop, look, 30, 30, tmp_path) == png
    assert kept.read_bytes() == png
    assert [path.suffix for path in tmp_path.iterdir()] == [".png"]


def test_a_folder_that_takes_nothing_costs_no_picture(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert figure_png(CROPS["neck"], Look(COLOURS), 30, 30, file / "below")
