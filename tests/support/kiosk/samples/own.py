"""Samples of own programmes: the list, one of them, and the editor with what the engine judges."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, cast

import msgspec

from appliance.clinical.own.shelf import NONE, Wanted
from appliance.control.pages.own_programmes import draft_rows
from appliance.control.pages.page import PageSources
from tests.support.kiosk.samples.sample import (
    Sample,
    Samples,
    at,
    fixed_pages,
    rows,
    treatment,
)
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.own import EditOwn
from ui.kiosk.journey.own_draft import Draft, compact, draft_page, with_value
from ui.kiosk.journey.own_list import OWN, CopyFrom, OwnCard, OwnProgrammes
from ui.kiosk.journey.place import Row

UTC_US = 1_795_962_686_000_000
BASE = "nmes-endurance"
TITLE = "KELLER 7"
WARM_UP = {
    "rate_hz": 5,
    "phase_us": 300,
    "interphase_us": 100,
    "share_percent": 40,
    "times": None,
    "duration_s": 120,
}


@cache
def draft() -> Draft:
    """Return a copy of the endurance programme with a warm-up."""
    wanted = NONE.copy_of(BASE)
    assert isinstance(wanted, Wanted)
    copied = msgspec.json.decode(msgspec.json.encode(wanted.draft))
    return MappingProxyType({**copied, "title": TITLE, "before": [WARM_UP]})


@cache
def _judged(words: str, part: str) -> tuple[Row, ...]:
    return rows(draft_rows(f"{part}:{words}", cast("PageSources", None)))


def judged(of: Draft, part: str = "work") -> Mapping[str, tuple[Row, ...]]:
    """Return the page on which the engine judges a draft."""
    return {draft_page(of, part): _judged(compact(of), part)}


def _version(number: int, reason: str) -> Row:
    at_ = {"utc_us": UTC_US, "trusted": True}
    return {"version": number, "title": TITLE, "by": "anna", "at": at_, "reason": reason}


def _own(number: int, title: str, **more: Any) -> Row:
    return {
        "name": f"own-{number}",
        "version": 2,
        "programme": f"own-{number}@2",
        "title": title,
        "base": BASE,
        "base_title": {"type": "text", "key": "programme.nmes_endurance.title", "values": {}},
        "region": "lower_back",
        "retired": False,
        "usable": True,
        "why_not": None,
        "versions": (
            _version(1, "stiff in the morning"),
            _version(2, "stiff in the morning"),
        ),
        **more,
    }


def own_pages() -> Mapping[str, tuple[Row, ...]]:
    """Return the own programmes: one of them is retired."""
    retired = _own(3, "Sports, 45 per second", retired=True, usable=False)
    own = (_own(1, TITLE), _own(2, "After disc surgery"), retired)
    return {**fixed_pages(), OWN: own}


def choose_here() -> Choose:
    """Return the programme that was chosen when the editor was opened."""
    return Choose(treatment=treatment(programme=BASE))


def editor(**changed: Any) -> EditOwn:
    """Return the editor of a copy."""
    values: dict[str, Any] = {"name": "own-4", "version": 1, "draft": draft(), "start": draft()}
    return EditOwn(base=BASE, came_from=choose_here(), **{**values, **changed})


def _edit(*changes: tuple[str, Any], **changed: Any) -> Sample:
    """Return the editor with values of the draft changed, judged by the engine."""
    of = draft()
    for field, value in changes:
        of = with_value(of, field, value)
    place = editor(draft=of, **changed)
    return at(place, {**own_pages(), **judged(of, place.part)})


def _listed(kind: Any, **more: Any) -> Sample:
    return at(kind(came_from=choose_here(), **more), own_pages())


OWN_PROGRAMMES: Samples = {
    "own_programmes": lambda: _listed(OwnProgrammes),
    "own_none": lambda: at(OwnProgrammes(came_from=choose_here()), {OWN: ()}),
    "own_copy": lambda: _listed(CopyFrom),
    "own_programme": lambda: _listed(OwnCard, name="own-1"),
    "own_retired": lambda: _listed(OwnCard, name="own-3"),
    "own_retire": lambda: _listed(OwnCard, name="own-1", retiring=True),
    "own_retire_words": lambda: _listed(OwnCard, name="own-1", retiring=True, typing=True),
    "own_pulse": _edit,
    "own_refused": lambda: _edit(("work.phase_us", 900)),
    "own_refused_times": lambda: _edit(("work.times.off_ms", 1_000), tab="times"),
    "own_refused_together": lambda: _edit(
        ("pad_area_mm2", 1_000), ("work.rate_hz", 110), tab="session"
    ),
    "own_times": lambda: _edit(tab="times"),
    "own_times_rest": lambda: _edit(tab="times", first=4),
    "own_times_before": lambda: _edit(tab="times", part="before.0"),
    "own_changes": lambda: _edit(first=4),
    "own_parts": lambda: _edit(tab="parts"),
    "own_five_parts": lambda: _edit(
        ("before", [WARM_UP, WARM_UP]), ("after", [WARM_UP, WARM_UP]), tab="parts"
    ),
    "own_in_turn": lambda: _edit(("before", []), ("alternating", True), tab="session"),
    "own_session": lambda: _edit(tab="session"),
    "own_session_rest": lambda: _edit(tab="session", first=4),
    "own_keep": lambda: _edit(tab="keep", reason="stiff in the morning"),
    "own_keep_not_yet": lambda: _edit(("title", ""), tab="keep"),
    "own_keep_refused": lambda: _edit(("work.phase_us", 900), tab="keep", reason="-"),
    "own_digits": lambda: _edit(tab="times", entering="work.times.off_ms", digits="12.5"),
    "own_choice": lambda: _edit(tab="session", entering="region"),
    "own_title": lambda: _edit(naming=True),
    "own_reason": lambda: _edit(tab="keep", reasoning=True),
    "own_reason_words": lambda: _edit(tab="keep", reasoning=True, typing=True),
    "own_leave": lambda: _edit(leaving=True),
}
