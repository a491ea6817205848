"""The close-out at the bedside: one part after the other, skin never skipped, nothing typed."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Reply
from appliance.messages.snapshot import CloseOutView
from appliance.messages.wire import StateName
from tests.support.kiosk.sessions import WHOSE, history
from tests.support.kiosk.sessions import kiosk as of_patient
from tests.ui.kiosk.test_journey import snapshot
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.engine_places import AtEnd, engine_place
from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.patient_page import PatientPage
from ui.kiosk.journey.place import Go, Kiosk, Next, Send, SignedIn
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.places import ENTRIES, place_after
from ui.kiosk.view_models.blocks import Keys, SiteTable
from ui.kiosk.view_models.close_out import close_out_view
from ui.kiosk.view_models.patient_page import patient_page_view

SITES = [
    {"region": "neck", "side": "left", "spot": "c7"},
    {"region": "neck", "side": "left", "spot": "t2"},
]
HELD = CloseOutView(session="0001-001", pads_off=False, skin=False)


def part(name: str, outcome: str | None = None, **more: Any) -> dict[str, Any]:
    usual = {"required": True, "may_defer": False, "may_leave_out": False, "reasons": []}
    words = {"name": name, "to_do": "do it"}
    return {"kind": "part", "part": name, "outcome": outcome, **usual, **words, **more}


def at(*parts: dict[str, Any], cleaned: bool = True) -> tuple[CloseOut, Kiosk]:
    head = {
        "kind": "close_out",
        "session": "0001-001",
        "patient": "P-0013",
        "region": "neck",
        "cause_text": "time over",
    }
    care = {"kind": "care", "item": "cleaning", "done": cleaned}
    place = CloseOut()
    pages = MappingProxyType({"close_out:0001-001": (head, *parts, care)})
    shown = snapshot(StateName.READY, close_out=HELD)
    return place, Kiosk(place=place, snapshot=shown, pages=pages)


def recorded(following: Next) -> tuple[str, dict[str, Any]]:
    actions = [effect.action for effect in following.effects if isinstance(effect, Send)]
    (fact,) = [action for action in actions if isinstance(action, RecordFact)]
    return fact.kind, dict(fact.values)


def test_each_part_of_a_session_that_was_continued_is_asked_the_last_one_first() -> None:
    """Hazard: answers about skin are given for a part of the session that was not meant."""
    place, kiosk = at(part("pads_off", "done"))
    (head, *others) = kiosk.pages["close_out:0001-001"]
    sessions = (("0001-001", True), ("0001-002", True), ("0001-003", False))
    parts = [{"session": session, "open": is_open} for session, is_open in sessions]
    pages = {
        f"close_out:{session}": ({**head, "session": session, "parts": parts}, *others)
        for session, _ in sessions
    }
    kiosk = replace(kiosk, pages=MappingProxyType(pages))
    place = CloseOut(session="0001-002")
    assert close_out_view(place, kiosk).line == "Part 2 of 3 · Time over"
    following = place.answered("completed", Reply(request=1, tick=1), kiosk)
    assert following.place == CloseOut(session="0001-001")
    pages["close_out:0001-001"][0]["parts"][1]["open"] = False
    last = following.place.answered("completed", Reply(request=1, tick=1), kiosk)
    assert isinstance(last.place, Summary)


SKIN = part("skin", sites=[{"site": site, "name": site["spot"]} for site in SITES])


@pytest.mark.parametrize(
    ("action", "asked", "kind"),
    [
        ("pads_off", part("pads_off"), "pads_removed"),
        ("because:pain", part("stopped_because"), "stop_explained"),
        ("pain:7", part("pain_after"), "pain_scored"),
        ("seated", part("seated"), "seated_after"),
        ("later", part("pain_after", may_defer=True), "part_deferred"),
    ],
)
def test_one_touch_answers_a_part(action: str, asked: dict[str, Any], kind: str) -> None:
    place, kiosk = at(asked)
    found, values = recorded(place.touched(action, kiosk))
    assert found == kind
    assert (values["patient"], values["session"]) == ("P-0013", "0001-001")


def test_skin_is_recorded_once_every_site_has_a_grade() -> None:
    place, kiosk = at(SKIN)
    for number in range(2):
        keys = [
            key for block in blocks(place, kiosk) if isinstance(block, Keys) for key in block.keys
        ]
        assert all(key.action != "skin_done" for key in keys)
        following = place.touched(f"grade:{number}:{number}", kiosk)
        assert isinstance(following.place, CloseOut)
        place = following.place
    kind, values = recorded(place.touched("skin_done", kiosk))
    assert kind == "skin_checked_after"
    assert [grade["grade"] for grade in values["grades"]] == [0, 1]


def test_no_grade_is_filled_in() -> None:
    place, kiosk = at(SKIN)
    (table,) = [block for block in blocks(place, kiosk) if isinstance(block, SiteTable)]
    assert {key.look.value for row in table.rows for key in row.keys} == {"outlined"}


def test_skin_that_nobody_looked_at_needs_a_reason() -> None:
    place, kiosk = at({**SKIN, "may_leave_out": True, "reasons": ["the patient has left"]})
    asking = place.touched("not_done", kiosk).place
    assert isinstance(asking, CloseOut)
    assert asking.leaving_out
    kind, values = recorded(asking.touched("left_out:0", kiosk))
    assert (kind, values["reason"]) == ("skin_not_checked", "the patient has left")


def test_the_parts_come_in_the_order_of_the_engine() -> None:
    place, kiosk = at(part("pads_off", "done"), SKIN, part("pain_after"))
    now = place.part(kiosk)
    assert now is not None
    assert now["part"] == "skin"


def test_what_nothing_waits_for_is_not_asked() -> None:
    place, kiosk = at(part("pads_off", "done"), part("exercises", required=False))
    assert place.part(kiosk) is None


def test_a_unit_that_was_not_wiped_is_asked_about_at_the_end() -> None:
    place, kiosk = at(part("pads_off", "done"), cleaned=False)
    actions = [
        key.action
        for block in blocks(place, kiosk)
        if isinstance(block, Keys)
        for key in block.keys
    ]
    assert actions == ["cleaned", "finish"]
    place, kiosk = at(part("pads_off", "done"), cleaned=True)
    now = [key.action for row in blocks(place, kiosk) if isinstance(row, Keys) for key in row.keys]
    assert now == ["", "finish"]  # a second touch on "wiped" closes nothing


def test_the_end_of_a_session_of_a_patient_leads_to_its_close_out() -> None:
    reply = Reply(request=1, tick=1)
    ended = Kiosk(place=CloseOut(), snapshot=snapshot(StateName.FINISHED, close_out=HELD))
    assert AtEnd().answered("close_session", reply, ended).effects == (Go("close_out"),)
    load = replace(ended, snapshot=snapshot(StateName.FINISHED))
    assert AtEnd().answered("close_session", reply, load).effects == (Go("home"),)


def blocks(place: CloseOut, kiosk: Kiosk) -> list[object]:
    return list(close_out_view(place, kiosk).columns[-1].blocks)


@pytest.mark.parametrize("reply_first", [True, False])
def test_the_pads_are_answered_with_the_touch_that_closes_the_session(*, reply_first: bool) -> None:
    """The reply and the new state come in either order: both lead to the close-out."""
    reducer = Reducer(engine_place, Home, ENTRIES, place_after)
    me = SignedIn(operator="anna", role="lead", token="")
    ended = Kiosk(place=Home(), snapshot=snapshot(StateName.FINISHED, close_out=HELD), me=me)
    moved = reducer.touched(ended, "pads_off")
    ready, reply = snapshot(StateName.READY, close_out=HELD), Reply(request=1, tick=1)
    if reply_first:
        moved = reducer.answered(moved.kiosk, "close_session", reply)
    moved = reducer.snapshot(moved.kiosk, ready, 0.0)
    if not reply_first:
        moved = reducer.answered(moved.kiosk, "close_session", reply)
    _, known = at(part("pads_off"))
    rows = tuple(dict(row) for row in known.pages["close_out:0001-001"])
    page = Page(request=2, rows=rows, next_after=None)
    moved = reducer.answered(moved.kiosk, "close_out:0001-001", page)
    assert recorded(Next(effects=moved.effects))[0] == "pads_removed"
    assert isinstance(moved.kiosk.place, CloseOut)
    assert moved.kiosk.place.session == HELD.session


def test_a_closed_session_leads_to_its_close_out_even_before_the_reply() -> None:
    reducer = Reducer(engine_place, Home, ENTRIES, place_after)
    ended = Kiosk(place=Home(), snapshot=snapshot(StateName.FINISHED, close_out=HELD))
    now = reducer.snapshot(ended, snapshot(StateName.READY, close_out=HELD), 0.0)
    assert isinstance(now.kiosk.place, CloseOut)
    load = replace(ended, snapshot=snapshot(StateName.FINISHED))
    assert reducer.snapshot(load, snapshot(StateName.READY), 0.0).kiosk.place == Home()


def test_what_is_put_off_is_put_off_with_one_touch_and_closes_the_session() -> None:
    reducer = Reducer(engine_place, Home, ENTRIES)
    rows = [part("pain_before", may_defer=True), part("pain_after", may_defer=True)]
    place, kiosk = at(*rows)
    moved = reducer.touched(replace(kiosk, place=place), "later")
    kinds = [recorded(Next(effects=moved.effects))]
    for done in (1, 2):
        left = [{**row, "outcome": "deferred"} for row in rows[:done]] + rows[done:]
        moved = reducer.answered(moved.kiosk, "fact", Reply(request=1, tick=1))
        _, known = at(*left)
        shown = tuple(dict(row) for row in known.pages["close_out:0001-001"])
        page = Page(request=2, rows=shown, next_after=None)
        moved = reducer.answered(moved.kiosk, "close_out:0001-001", page)
        kinds.append(recorded(Next(effects=moved.effects)))
    assert [(kind, values.get("part")) for kind, values in kinds] == [
        ("part_deferred", "pain_before"),
        ("part_deferred", "pain_after"),
        ("close_out_completed", None),
    ]


def test_the_page_of_a_patient_leads_to_the_close_out_that_is_open() -> None:
    first, *others = history()
    page, name = PatientPage(whose=WHOSE), f"history_of_{WHOSE.patient}"
    kiosk = of_patient(page, **{name: ({**first, "close_out_open": True},)})
    assert "'close_out'" in str(patient_page_view(page, kiosk))
    assert page.touched("close_out", kiosk).effects == (Go("close_out", first["session"]),)
    closed = of_patient(page, **{name: tuple(others)})
    assert "'close_out'" not in str(patient_page_view(page, closed))
