"""Region and side are touched on the figure: left stays left, and no zone is beside the neck."""

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.control.pages.placements import placement_rows
from appliance.core.limits.limits import Region
from tests.support.kiosk.measured import SIZES, parts_of, stage_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import rows
from tests.support.no_sources import NOTHING
from ui.kiosk.art.areas import AREAS
from ui.kiosk.journey.choose import Choose
from ui.kiosk.places import view_of
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.widgets.area_picker import ZoneKey
from ui.kiosk.widgets.key import Key

NECK_HALF_MM, C7_MM = 54, 0
LEAST_PX = 47
LEFT_RIGHT = ("left", "right")


def zones(size: str, *, right_to_left: bool = False) -> dict[str, ZoneKey]:
    stage = stage_of(size, right_to_left=right_to_left)
    parts = parts_of(view_of(*SAMPLES["choose_area"]()), stage)
    return {part.view.action: part for part in parts if isinstance(part, ZoneKey)}


def touched(*actions: str) -> tuple[str, str]:
    place, kiosk = SAMPLES["choose_region"]()
    for action in actions:
        moved = place.touched(action, kiosk).place
        assert moved is not None
        place = moved
    assert isinstance(place, Choose)
    return place.treatment.region, place.area_side


def test_every_region_of_the_engine_has_a_zone_on_either_side() -> None:
    wanted = {f"zone:{region}:{side}" for region in Region for side in ("left", "right")}
    assert set(zones(SIZES[0])) == wanted == {f"zone:{n}:{s}" for n in AREAS for s in LEFT_RIGHT}


@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_left_is_on_the_left_in_every_language_and_no_touch_counts_for_two(
    size: str, right_to_left: bool
) -> None:
    found = zones(size, right_to_left=right_to_left)
    scale = stage_of(size).theme.profile.scale
    for region in AREAS:
        left, right = (found[f"zone:{region}:{side}"] for side in LEFT_RIGHT)
        assert left.x + left.width <= right.x
        for zone in (left, right):
            assert min(zone.width, zone.height) >= LEAST_PX * scale - 1
    places = list(found.values())
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            over = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert beside or over


def test_no_zone_is_drawn_on_the_side_of_the_neck() -> None:
    for area in AREAS.values():
        assert all(abs(x) < NECK_HALF_MM for x, y in area.outline if y < C7_MM)


def test_the_usual_pads_of_the_back_lie_in_the_zone_of_their_region() -> None:
    seen = 0
    for name, programme in load_catalogue().items():
        region = programme.region.value
        if not region.endswith("back"):
            continue
        for row in rows(placement_rows(f"{name}:{region}:both", NOTHING)):
            for pad in (pad for pad in row["pads"] if "drawn" in pad):
                outline = AREAS[region].of(pad["side"])
                xs, ys = zip(*outline, strict=True)
                assert min(xs) <= pad["drawn"]["x"] <= max(xs)
                assert min(ys) <= pad["drawn"]["y"] <= max(ys)
                seen += 1
    assert seen


def test_a_second_zone_adds_its_side_and_a_touch_again_takes_it_back() -> None:
    assert touched("zone:neck:left") == ("neck", "left")
    assert touched("zone:neck:left", "zone:neck:right") == ("neck", "both")
    assert touched("zone:neck:left", "zone:neck:right", "zone:neck:left") == ("neck", "right")
    assert touched("zone:neck:left", "zone:neck:left") == ("", "")
    assert touched("zone:neck:left", "zone:lower_back:right") == ("lower_back", "right")


def test_what_is_chosen_has_a_tick_and_stands_in_words() -> None:
    view = view_of(*SAMPLES["choose_areas"]())
    parts = parts_of(view, stage_of(SIZES[0]))
    areas = [part.view for part in parts if isinstance(part, ZoneKey)]
    chosen = {area.text for area in areas if area.look is KeyLook.CHOSEN}
    assert chosen == {"Lower back, left", "Lower back, right"}
    assert "Lower back, left and right" in {part.described for part in parts}


@pytest.mark.parametrize("side", ["left", "both"])
def test_one_side_and_both_are_two_touches_each(side: str) -> None:
    place, kiosk = SAMPLES["choose_region"]()
    zone = place.touched("zone:upper_back:left", kiosk).place
    assert isinstance(zone, Choose)
    taken = zone.touched(f"areas:{side}", kiosk).place
    assert isinstance(taken, Choose)
    assert (taken.treatment.region, taken.treatment.side) == ("upper_back", side)


def test_without_an_area_nothing_is_taken() -> None:
    place, kiosk = SAMPLES["choose_region"]()
    taken = place.touched("areas:left", kiosk).place
    assert isinstance(taken, Choose)
    assert not taken.treatment.side


def test_each_key_of_the_choice_can_be_shown_as_pressed() -> None:
    place, kiosk = SAMPLES["choose_areas"]()
    keys = [
        part
        for part in parts_of(view_of(place, kiosk), stage_of(SIZES[0]))
        if isinstance(part, Key)
    ]
    assert any(isinstance(key, ZoneKey) for key in keys)
    for key in keys:
        copy = key.copied()
        copy.press()
        assert (copy.rect, copy.view) == (key.rect, key.view)
