"""Pictures of the figure are there before a person waits for one: at set-up, or while at rest."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.hang import HANG_S
from tests.support.kiosk.measured import SIZES, parts_of, stage_of
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.art.baking import PLACES, bake, look_of, pictures_of
from ui.kiosk.art.figure import BODY, LOWER, STEP_PX, figure_png, picture_for
from ui.kiosk.baker import Baker
from ui.kiosk.places import view_of
from ui.kiosk.theme.tokens import ThemeName, load_tokens
from ui.kiosk.view_models.blocks import Figure
from ui.kiosk.widgets.figure import FigurePicture

COLOURS = load_tokens().figure[ThemeName.DARK]
PLAIN = Figure(region=LOWER)
WITH_FIGURE = ("choose_placement", "place_pads_0", "sensation", "armed", "feeling")


@pytest.mark.parametrize("size", SIZES)
def test_every_place_of_the_figure_has_its_picture_drawn_ahead(size: str) -> None:
    known = {(width, -(-height // STEP_PX)) for width, height in PLACES[size]}
    exact, found = set(PLACES[size]), set()
    for name in WITH_FIGURE:
        for part in parts_of(view_of(*SAMPLES[name]()), stage_of(size)):
            if isinstance(part, FigurePicture):
                found.add((int(part.width), int(part.height)))
    assert found
    if size == "7-720x1280":  # wider than the body: drawn in steps of the height
        assert {(width, -(-height // STEP_PX)) for width, height in found} <= known
    else:
        assert found <= exact


def test_beside_the_body_nothing_is_drawn_and_heights_share_a_picture() -> None:
    assert next(pictures_of("7-720x1280", PLAIN)).crop.w == BODY.w
    crop = BODY._replace(x=-600, w=1_200, y=240, h=316)
    assert picture_for(crop, 694, 257) == picture_for(crop, 694, 288)
    assert picture_for(crop, 694, 256) != picture_for(crop, 694, 288)


def test_baked_pictures_are_those_that_a_screen_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.kiosk.art.baking.PLACES", {"7-800x480": ((30, 40), (40, 30))})
    assert len(list(bake("7-800x480", COLOURS, iter((PLAIN, PLAIN)), tmp_path))) == 2
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(kept) == 2
    list(bake("7-800x480", COLOURS, iter((PLAIN,)), tmp_path))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept


def test_what_cannot_be_read_is_drawn(tmp_path: Path) -> None:
    (picture, *_), look = pictures_of("7-800x480", PLAIN), look_of(COLOURS, PLAIN)
    png = figure_png(picture.crop, look, 30, 30, tmp_path)
    (path,) = tmp_path.iterdir()
    path.unlink()
    path.mkdir()
    assert figure_png(picture.crop, look, 30, 30, tmp_path) == png


def until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def test_pictures_are_drawn_ahead_only_while_no_current_may_flow(tmp_path: Path) -> None:
    began = tmp_path / "began"
    wait = f"open({str(began)!r}, 'w').close(); import sys; sys.stdin.read()"
    baker = Baker((sys.executable, "-c", wait))
    baker.attend(may_flow=True)
    assert not began.exists()
    baker.attend(may_flow=False)
    until(began.exists)
    began.unlink()
    baker.attend(may_flow=True)
    assert not baker.is_done
    baker.attend(may_flow=False)
    until(began.exists)
    baker.close()


def test_a_baker_ends_once_it_is_done_and_a_missing_one_harms_nothing() -> None:
    baker = Baker((sys.executable, "-c", ""))

    def is_done() -> bool:
        baker.attend(may_flow=False)
        return baker.is_done

    until(is_done)
    for command in ((), ("/nowhere/at/all",)):
        baker = Baker(command)
        until(is_done)
