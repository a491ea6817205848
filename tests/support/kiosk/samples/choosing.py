"""Samples of the chooser: region, goal, programme, and the pages of its evidence."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from appliance.core.limits.limits import Region
from tests.support.kiosk.samples.sample import (
    PROGRAMME,
    Sample,
    Samples,
    at,
    finding,
    fixed_pages,
    treatment,
    way_to_start,
)
from ui.kiosk.journey.choose import Choose, Evidence
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Row

REGIONS = tuple(region.value for region in Region)


def _choose(**changed: Any) -> Sample:
    area_side = changed.pop("area_side", "")
    chosen = treatment(**{"programme": "", "region": "", "side": "", **changed})
    missing = way_to_start()["Complaint"]
    return at(
        Choose(treatment=chosen, area_side=area_side),
        {**missing.pages, chosen.page: missing.missing},
    )


def _own(**changed: Any) -> dict[str, Any]:
    """Return the row of a programme that a clinic has made."""
    known = next(row for row in fixed_pages()["programmes"] if row["name"] == PROGRAMME)
    return {**known, "title": "Back, 40 Hz", **changed}


def _with_own(pages: Mapping[str, tuple[Row, ...]], *own: Row) -> Mapping[str, tuple[Row, ...]]:
    """Return pages with own programmes that are offered for strengthening of the lower back."""
    names = [row["name"] for row in own]
    goal = next(row for row in pages["offers"] if row["goal"] == "strengthening")
    here = {**goal["regions"]["lower_back"], "own_programmes": names}
    changed = {**goal, "regions": {**goal["regions"], "lower_back": here}}
    offers = tuple(changed if row is goal else row for row in pages["offers"])
    both = {"programmes": (*pages["programmes"], *own), "offers": offers}
    return MappingProxyType({**pages, **both})


def _noted() -> Sample:
    """Return a programme that comes later in the course, with a note of its region."""
    sample = _choose(region="upper_back", side="left", programme="brief-intense-tens")
    assert isinstance(sample.place, Choose)
    titles = {row["name"]: row["title"] for row in fixed_pages()["programmes"]}
    first, then = titles["rehabilitation-start"], titles["rehabilitation-later"]
    order = {"count": 6, "first": first, "then": then}
    allowed = {"type": "text", "key": "course.order", "values": order}
    note = finding("refusal.order_of_programmes", "course", "note", allowed=allowed)
    note = {**note, "nearest": first}
    page = {sample.place.treatment.page: (note,)}
    pages = MappingProxyType({**sample.kiosk.pages, **page})
    return Sample(sample.place, replace(sample.kiosk, pages=pages))


def of_goal(count: int, **changed: Any) -> Sample:
    """Return the choice of a programme for a goal that has so many of them more."""
    sample = _choose(region="lower_back", side="both")
    more = tuple(_own(name=f"own-{number}@1") for number in range(count))
    pages = _with_own(sample.kiosk.pages, *more)
    assert isinstance(sample.place, Choose)
    place = replace(sample.place, goal="strengthening", **changed)
    return Sample(place, replace(sample.kiosk, pages=pages, place=place))


def _on_call(**changed: Any) -> Sample:
    """Return a programme whose contractions may be called."""
    sample = _choose(region="lower_back", side="both", programme="own-1@1", **changed)
    pages = _with_own(sample.kiosk.pages, _own(name="own-1@1", on_call="usual"))
    return Sample(sample.place, replace(sample.kiosk, pages=pages))


def _goals(region: str) -> Sample:
    return _choose(region=region, side="left")


def _why_not(region: str) -> Sample:
    sample = _goals(region)
    assert isinstance(sample.place, Choose)
    place = replace(sample.place, why_not=True)
    return Sample(place, replace(sample.kiosk, place=place))


CHOOSING: Samples = {
    "choose_region": _choose,
    "choose_area": lambda: _choose(region="neck", area_side="right"),
    "choose_areas": lambda: _choose(region="lower_back", area_side="both"),
    "choose_goal": lambda: _choose(region="lower_back", side="both"),
    **{f"choose_goal_{region}": partial(_goals, region) for region in REGIONS},
    **{f"choose_why_not_{region}": partial(_why_not, region) for region in REGIONS},
    "choose_programme": lambda: of_goal(2),
    "choose_programme_page_2": lambda: of_goal(6, first=3),
    "choose_on_call": _on_call,
    "choose_by_cycle": lambda: _on_call(on_call=False),
    "choose_with_note": _noted,
    "choose_take": lambda: _choose(
        region="lower_back", side="both", programme="nmes-strengthening"
    ),
    **{
        name: partial(at, Evidence(treatment=treatment(), behind=Home(), page=page), fixed_pages())
        for page, name in enumerate(
            (
                *("evidence", "evidence_proposed", "evidence_instead", "evidence_instead_2"),
                *("evidence_instead_3", "evidence_against", "evidence_against_2"),
            )
        )
    },
}
