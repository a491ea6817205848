"""Every programme has a placement in each of its regions, on each side, that breaks no rule."""

import itertools
import math
import re
from importlib import resources

import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.placement.drawn import DrawnPad, draw_pad, load_drawn, motor_point
from appliance.clinical.placement.figure import load_figure
from appliance.clinical.placement.geometry import border, contains, distance_mm
from appliance.clinical.placement.placement import Depth, PlannedPlacement
from appliance.clinical.placement.placements import (
    drawn_pads,
    load_placements,
    parse_placements,
    placements_for,
    plan_placement,
)
from appliance.clinical.placement.positions import BesideSpine
from appliance.clinical.programme import Programme
from appliance.clinical.skin.sites import refuse_sites
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from tests.support.texts import said

CATALOGUE = load_catalogue()
USES = [
    (programme, region, side)
    for programme in CATALOGUE.values()
    for region in programme.regions
    for side in Side
]


def planned(
    programme: Programme,
    region: Region,
    side: Side,
    placement: str = "",
    depth: Depth | None = None,
) -> PlannedPlacement:
    plan = plan_placement(programme, region, side, placement=placement, depth=depth)
    assert isinstance(plan, PlannedPlacement)
    return plan


def every_plan() -> list[PlannedPlacement]:
    return [
        planned(programme, region, side, placement.name, depth)
        for programme, region, side in USES
        for placement in placements_for(programme, region)
        for depth in placement.depths
    ]


PLANS = every_plan()
SHAPES = {(plan.key.placement, plan.key.depth, plan.key.side): plan for plan in PLANS}.values()
"""One plan for each placement, depth and side; which programme it is for changes no pad."""


@pytest.mark.parametrize("programme", CATALOGUE.values(), ids=list(CATALOGUE))
def test_each_programme_has_a_placement_in_each_region_on_each_side(programme: Programme) -> None:
    for region, side in itertools.product(programme.regions, Side):
        plan = planned(programme, region, side)
        assert plan.key.depth is Depth.USUAL
        assert len(plan.pads) == (4 if side is Side.BOTH else 2)
        assert {pad.side for pad in plan.pads} == set(side.single)


def test_a_placement_for_contractions_is_not_offered_to_a_sensory_programme() -> None:
    sensory = placements_for(CATALOGUE["conventional-tens"], Region.LOWER_BACK)
    motor = placements_for(CATALOGUE["burst-tens"], Region.LOWER_BACK)
    assert "multifidus" not in [placement.name for placement in sensory]
    assert "multifidus" in [placement.name for placement in motor]


def test_the_pads_of_each_placement_can_be_prescribed() -> None:
    for plan in PLANS:
        to_prescription(
            CATALOGUE[plan.key.programme],
            plan.channels,
            region=plan.key.region,
            pad_area_mm2=plan.placement.smaller_area_mm2,
        )


def test_the_pads_of_a_channel_are_30_mm_apart_and_those_of_two_channels_10() -> None:
    for plan in SHAPES:
        for first, second in itertools.combinations(drawn_pads(plan), 2):
            gap_mm = distance_mm(first.outline, second.outline)
            assert gap_mm >= (30 if first.channel == second.channel else 10) - 0.01, plan.key


def test_the_pads_of_a_channel_are_at_most_15_cm_apart() -> None:
    for plan in SHAPES:
        for first, second in pairs(plan):
            assert distance_mm(first.outline, second.outline) <= 150


def test_the_spacing_that_is_said_is_at_least_30_mm_and_that_of_the_figure() -> None:
    for plan in SHAPES:
        least_mm, most_mm = plan.placement.depths[plan.key.depth].spacing_mm
        assert 30 <= least_mm < most_mm <= 150
        for first, second in pairs(plan):
            gap_mm = distance_mm(first.outline, second.outline)
            assert least_mm - 0.01 <= gap_mm <= most_mm, plan.key


def pairs(plan: PlannedPlacement) -> list[tuple[DrawnPad, DrawnPad]]:
    drawn = drawn_pads(plan)
    return list(zip(drawn[::2], drawn[1::2], strict=True))


def test_every_pad_lies_on_the_skin_of_neck_or_back() -> None:
    outline = load_figure().outline()
    for plan in SHAPES:
        for pad in drawn_pads(plan):
            assert all(contains(outline, point) for point in border(pad.outline)), plan.key


def test_no_pad_lies_on_the_head_the_side_of_the_neck_or_across_the_midline() -> None:
    for plan in SHAPES:
        for pad in drawn_pads(plan):
            right = pad.side is Side.RIGHT
            assert all((x > 0) is right and x != 0 for x, _ in border(pad.outline)), plan.key
            assert all(y > -92 for _, y in border(pad.outline)), plan.key
            # The rear border of the sternomastoid is 49 mm from the midline at its narrowest.
            assert all(abs(x) < 49 or y > -8 for x, y in border(pad.outline)), plan.key


def test_on_the_upper_back_a_pair_is_upright_on_one_side() -> None:
    for plan in SHAPES:
        if plan.key.region is not Region.UPPER_BACK:
            continue
        for first, second in pairs(plan):
            assert first.side is second.side
            assert abs(first.y - second.y) >= 2 * abs(first.x - second.x)


def test_the_left_side_is_the_mirror_image_of_the_right() -> None:
    for plan in SHAPES:
        if plan.key.side is not Side.BOTH:
            continue
        for left, right in zip(drawn_pads(plan)[:2], drawn_pads(plan)[2:], strict=True):
            assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
            assert (left.channel, right.channel) == (1, 2)
            assert (left.x, left.y, left.turn) == (-right.x, right.y, -right.turn)
            assert left.x < 0 < right.x
            assert (left.width, left.height) == (right.width, right.height)
            assert [pad.label for pad in plan.pads] == ["1A", "1B", "2A", "2B"]


def test_one_side_is_channel_1_and_its_a_pad_is_positive() -> None:
    for plan in SHAPES:
        if plan.key.side is Side.BOTH:
            continue
        assert [(pad.label, pad.positive) for pad in plan.pads] == [("1A", True), ("1B", False)]


def test_a_pad_is_drawn_where_its_words_put_it() -> None:
    figure = load_figure()
    for plan in SHAPES:
        for pad, drawn in zip(plan.pads, drawn_pads(plan), strict=True):
            words = figure.centre(pad.at, pad.width_mm, pad.height_mm)
            assert math.dist(words, (abs(drawn.x), drawn.y)) <= 12, plan.key


def test_deeper_pads_are_further_apart_and_shallow_ones_nearer() -> None:
    for placement in load_placements():
        gaps = {}
        for depth in placement.depths:
            plan = next(
                plan
                for plan in SHAPES
                if (plan.key.placement, plan.key.depth) == (placement.name, depth)
            )
            gaps[depth] = distance_mm(*(pad.outline for pad in pairs(plan)[0]))
        order = [gaps[depth] for depth in (Depth.SHALLOW, Depth.USUAL, Depth.DEEP) if depth in gaps]
        assert order == sorted(order)
        assert len(set(order)) == len(order)


def test_a_spot_is_one_place_whatever_the_depth_and_the_placement() -> None:
    places: dict[tuple[Region, str], set[str]] = {}
    for placement in load_placements():
        for variant in placement.depth:
            for position in (variant.A, variant.B):
                at = position.at
                where = at.level if isinstance(at, BesideSpine) else repr(at)
                places.setdefault((placement.region, position.spot), set()).add(where)
    assert {spot: where for spot, where in places.items() if len(where) > 1} == {}


def test_every_pad_is_seen_in_the_part_of_the_figure_that_a_screen_shows() -> None:
    for plan in SHAPES:
        crop = load_figure().crops[plan.key.region]
        for pad in drawn_pads(plan):
            for x, y in pad.outline:
                assert crop.x <= x <= crop.x + crop.width, plan.key
                assert crop.y <= y <= crop.y + crop.height, plan.key


def test_each_pad_has_a_site_of_its_own_side() -> None:
    plan = planned(CATALOGUE["burst-tens"], Region.NECK, Side.BOTH)
    assert [(site.region, site.side, site.spot) for site in plan.sites] == [
        (Region.NECK, side, spot)
        for side in (Side.LEFT, Side.RIGHT)
        for spot in ("upper_trapezius", "c3_c4")
    ]


def test_skin_and_sensation_accept_the_sites_of_every_placement() -> None:
    for plan in SHAPES:
        assert refuse_sites(plan.sites) is None


def test_every_placement_and_every_drawn_pad_belongs_to_the_other() -> None:
    drawn = {(name, depth) for name, depths in load_drawn().pads.items() for depth in depths}
    assert drawn == {
        (placement.name, depth) for placement in load_placements() for depth in placement.depths
    }


def test_each_motor_point_is_drawn_inside_the_skin_and_mirrored() -> None:
    outline = load_figure().outline()
    for placement in load_placements():
        for point in placement.motor_point:
            right, left = (
                motor_point(point.muscle, Side.RIGHT),
                motor_point(point.muscle, Side.LEFT),
            )
            assert (left.x, left.y) == (-right.x, right.y)
            assert contains(outline, right)
            words = load_figure().centre(point.at, 0, 0)
            assert math.dist(words, right) <= 25, point.muscle


def test_every_placement_says_where_each_number_comes_from() -> None:
    for placement in load_placements():
        wanted = {"position", "size", "spacing", "polarity"}
        wanted |= {"motor_point"} if placement.motor_point else set()
        assert wanted <= placement.sources.keys(), placement.name
        for source in placement.sources.values():
            assert re.search(r"\[.+\]|\(D\)|\(M\)|\(S\)", source), source


def test_an_unknown_placement_or_depth_is_refused_with_one_that_is_accepted() -> None:
    programme = CATALOGUE["burst-ac"]
    answer = plan_placement(programme, "lower_back", Side.LEFT, placement="multifidus")
    assert isinstance(answer, Refusal)
    assert said(answer).allowed == "lumbar-large"
    plan = planned(programme, Region.LOWER_BACK, Side.LEFT, str(answer.nearest))
    assert plan.key.placement == "lumbar-large"
    deep = plan_placement(programme, "lower_back", Side.LEFT, depth=Depth.DEEP)
    assert isinstance(deep, Refusal)
    assert said(deep).nearest == "usual"


def test_a_region_the_programme_does_not_name_is_refused() -> None:
    answer = plan_placement(CATALOGUE["burst-ac"], "chest", Side.LEFT)
    assert isinstance(answer, Refusal)
    assert said(answer) == ("region", "burst-ac on chest", "lower_back", "lower_back")


RAW = (resources.files("appliance.clinical.placement") / "placements.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('region = "neck"', 'region = "chest"', "chest"),
        ('region = "neck"', 'region = "neck"\nextra = 1', "extra"),
        ("A = [40, 40]", "A = [60, 40]", "neck-extensors"),
        ("A = [40, 40]", "A = [30, 30]", "neck-extensors"),
        ("B = [50, 50]", "B = [50, 90]", "apart"),
        ('name = "multifidus"', 'name = "lumbar-large"', "two placements"),
        ('depth = "usual"', 'depth = "deep"', r"drawn\.toml|usual"),
        ('level = "C3-C4"', 'level = "C7"', "drawn elsewhere"),
        ("[30, 60]", "[29, 60]", "spacing_mm"),
        ("[30, 60]", "[60, 30]", "spacing_mm"),
        ("[120, 150]", "[120, 151]", "spacing_mm"),
        ("[30, 60]", "[40, 60]", "not as spacing_mm says"),
        ('gap = "one_finger"', 'gap = "two_fingers"', "drawn elsewhere"),
    ],
)
def test_a_wrong_placement_file_names_the_placement_and_what_is_wrong(
    old: str, new: str, named: str
) -> None:
    assert old in RAW
    with pytest.raises(ConfigError, match=named):
        parse_placements(RAW.replace(old, new, 1).encode(), "placements.toml")


def test_the_drawn_file_is_asked_by_name() -> None:
    plan = PLANS[0]
    with pytest.raises(ConfigError, match=r"pads\.elsewhere"):
        draw_pad("elsewhere", Depth.USUAL, plan.pads[0])
    with pytest.raises(ConfigError, match=r"motor_points\.heart"):
        motor_point("heart", Side.LEFT)
