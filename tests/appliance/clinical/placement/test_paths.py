"""No pad and no current on head, front of neck or chest, nor across the upper back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.body import Side
from appliance.clinical.placement.drawn import DrawnPad
from appliance.clinical.placement.paths import (
    BodySite,
    check_pad,
    check_pair,
    check_sites,
    check_spacing,
)
from appliance.core.limits.limits import Region
from tests.support.texts import said

REGIONS = ["neck", "suboccipital", "upper_back", "lower_back"]


def pad(x: float, y: float, *, end: str = "A", size: float = 40, channel: int = 1) -> DrawnPad:
    side = Side.LEFT if x < 0 else Side.RIGHT
    return DrawnPad(
        label=f"{channel}{end}",
        channel=channel,
        side=side,
        x=x,
        y=y,
        width=size,
        height=size,
        turn=0,
    )


@pytest.mark.parametrize("region", REGIONS)
def test_two_places_of_one_region_behind_are_allowed(region: str) -> None:
    assert check_sites(region, region) is None


@pytest.mark.parametrize("forbidden", sorted(set(BodySite) - set(REGIONS)))
@pytest.mark.parametrize("other", [*REGIONS, "chest", "head"])
def test_a_pad_on_the_front_is_refused_with_every_other_pad(forbidden: str, other: str) -> None:
    for first, second in ((forbidden, other), (other, forbidden)):
        answer = check_sites(first, second)
        assert answer is not None
        assert said(answer).allowed == "both pads in one region of neck or back, behind"


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        ("front_of_neck", "neck", "front or side of the neck"),
        ("side_of_neck", "neck", "front or side of the neck"),
        ("head", "suboccipital", "head, eyes or mouth"),
        ("eyes", "neck", "head, eyes or mouth"),
        ("chest", "upper_back", "the chest: no current across or through it"),
        ("chest", "chest", "the chest: no current across or through it"),
        ("abdomen", "lower_back", "the front of the trunk"),
        ("neck", "lower_back", "a pair with its pads in two regions"),
        ("knee", "neck", "a place that is not known"),
        ("", "neck", "a place that is not known"),
        ("NECK", "neck", "a place that is not known"),
    ],
)
def test_a_refused_place_is_named(first: str, second: str, asked: str) -> None:
    answer = check_sites(first, second)
    assert answer is not None
    assert said(answer).asked == asked


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_of_a_place_raises(first: str, second: str) -> None:
    check_sites(first, second)


@pytest.mark.parametrize(
    ("region", "first", "second", "asked"),
    [
        (Region.NECK, pad(30, -120), pad(30, 20), "head, eyes or mouth"),
        (Region.NECK, pad(45, -50), pad(30, 20), "front or side of the neck"),
        (Region.NECK, pad(26, -40), pad(-26, 30), "one channel across the midline, neck"),
        (Region.NECK, pad(10, -40), pad(26, 30), "one channel across the midline, neck"),
        (
            Region.UPPER_BACK,
            pad(-46, 100),
            pad(46, 200),
            "one channel across the midline, upper_back",
        ),
        (Region.UPPER_BACK, pad(40, 150), pad(120, 160), "a pair across the upper back"),
        (Region.UPPER_BACK, pad(40, 100), pad(120, 200), "a pair across the upper back"),
        (Region.UPPER_BACK, pad(140, 120), pad(155, 230), "pad 1A beyond the neck and back"),
        (Region.UPPER_BACK, pad(46, 100), pad(46, 330), "pad 1A outside the upper_back"),
        (Region.LOWER_BACK, pad(46, 330), pad(46, 545), "pad 1A outside the lower_back"),
    ],
)
def test_a_forbidden_path_is_refused_by_geometry(
    region: Region, first: DrawnPad, second: DrawnPad, asked: str
) -> None:
    both = [said(refusal).asked for refusal in check_pair(region, first, second)]
    assert asked in both
    assert asked in [said(refusal).asked for refusal in check_pair(region, second, first)]


@pytest.mark.parametrize(
    ("region", "first", "second"),
    [
        (Region.NECK, pad(26, -40), pad(26, 35)),
        (Region.UPPER_BACK, pad(46, 100), pad(46, 200)),
        (Region.UPPER_BACK, pad(-46, 100), pad(-90, 200)),
        (Region.LOWER_BACK, pad(43, 330), pad(43, 480)),
        (Region.LOWER_BACK, pad(-43, 330), pad(43, 330)),
    ],
)
def test_a_pair_behind_and_upright_is_allowed(
    region: Region, first: DrawnPad, second: DrawnPad
) -> None:
    assert check_pair(region, first, second) == ()


@given(
    st.sampled_from(Region),
    st.floats(-300, 300),
    st.floats(-300, 900),
    st.floats(10, 120),
    st.floats(-180, 180),
)
def test_no_pad_on_the_head_or_off_the_back_is_ever_allowed(
    region: Region, x: float, y: float, size: float, turn: float
) -> None:
    drawn = DrawnPad(
        label="1A", channel=1, side=Side.LEFT, x=x, y=y, width=size, height=size, turn=turn
    )
    if check_pad(region, drawn) == ():
        assert all(-92 <= corner.y <= 560 for corner in drawn.outline)
        assert all(abs(corner.x) < 194 for corner in drawn.outline)


def test_pads_of_a_channel_29_mm_apart_are_refused_and_30_are_not() -> None:
    near = check_spacing([pad(40, 300), pad(40, 369, end="B")])
    assert near is not None
    assert said(near) == (
        "distance of the pads",
        "1A and 1B 29 mm apart",
        "at least 30 mm",
        "30 mm",
    )
    assert check_spacing([pad(40, 300), pad(40, 370, end="B")]) is None


def test_pads_of_two_channels_9_mm_apart_are_refused_and_10_are_not() -> None:
    assert check_spacing([pad(24.5, 300), pad(-24.5, 300, channel=2)]) is not None
    assert check_spacing([pad(25, 300), pad(-25, 300, channel=2)]) is None


def test_pads_on_top_of_each_other_are_0_mm_apart() -> None:
    answer = check_spacing([pad(40, 300), pad(40, 300, end="B", size=20)])
    assert answer is not None
    assert said(answer).asked == "1A and 1B 0 mm apart"
