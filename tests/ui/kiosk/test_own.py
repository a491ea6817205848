"""The editor of own programmes: the engine's limits at the keys, and nothing kept before it is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import TextView
from tests.support.kiosk.paper_engine import PaperEngine
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.own import draft, editor, judged
from tests.support.kiosk.samples.sample import ME, snapshot
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.lists import ProgrammeCard, ProgrammeList
from ui.kiosk.journey.own import EditOwn, typed_number
from ui.kiosk.journey.own_draft import draft_page, value_at, with_value
from ui.kiosk.journey.own_list import OwnCard, OwnProgrammes
from ui.kiosk.journey.place import Kiosk, Look, Place, Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.units import from_shown, to_shown
from ui.kiosk.places import ENTRIES, first_place, place_after, view_of
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.train_blocks import Train

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
OK = Reply(request=1, tick=0)
TEXT = TextView(key="operator.in_charge")
REFUSED = Refused(request=1, rule="refusal.own_programme", asked=TEXT, allowed=TEXT, nearest=TEXT)
MOST_TAPS = 300
RATE, WIDTH, REST = "work.rate_hz", "work.phase_us", "work.times.off_ms"


def at_editor(programme: str = "nmes-endurance") -> PaperEngine:
    """Return a kiosk that has opened the editor on a copy."""
    paper = PaperEngine()
    paper.touch("programmes")
    card = ProgrammeCard(programme=programme, came_from=ProgrammeList())
    paper.kiosk = replace(paper.kiosk, place=card)
    paper.touch("own")
    assert isinstance(paper.place, EditOwn)
    return paper


def own(paper: PaperEngine) -> EditOwn:
    assert isinstance(paper.place, EditOwn)
    return paper.place


def shown(paper: PaperEngine) -> str:
    return str(view_of(paper.place, paper.kiosk).content)


def enter(paper: PaperEngine, field: str, digits: str) -> None:
    for action in (f"enter:{field}", *(f"digit:{digit}" for digit in digits), "entered"):
        paper.touch(action)


def keep(paper: PaperEngine, title: str = "MY BACK") -> None:
    """Give title and reason and keep it."""
    paper.touch("tab:keep")
    paper.touch("name")
    for letter in title:
        paper.touch(f"letter:{letter}")
    for action in ("named", "why", "reason:Better tolerated so", "keep"):
        paper.touch(action)


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [RATE, WIDTH])
def test_plus_leads_to_the_limit_of_the_engine_and_no_further(field: str) -> None:
    """Hazard: a value that no prescription may have is built up key by key."""
    paper = at_editor()
    taps = 0
    while f"more:{field}" in paper.shown_keys():
        assert "Not accepted" not in shown(paper)
        paper.touch(f"more:{field}")
        taps += 1
        assert taps < MOST_TAPS
    row = next(row for row in own(paper).rows(paper.kiosk) if row.get("field") == field)
    assert row["value"] == row["most"] == value_at(own(paper).draft, field)
    assert [key for key in keys(paper) if key.icon == "plus" and key.look is KeyLook.OFF]
    paper.touch(f"less:{field}")
    assert value_at(own(paper).draft, field) == row["lower"]


def keys(paper: PaperEngine) -> list[KeyView]:
    """Return every key of the values of a page."""
    rows = view_of(paper.place, paper.kiosk).content.columns[0].blocks[1].rows
    return [key for row in rows for key in row.keys]


def test_a_typed_value_beyond_the_limit_is_refused_beside_it_and_the_nearest_is_taken() -> None:
    paper = at_editor()
    enter(paper, WIDTH, "900")
    assert value_at(own(paper).draft, WIDTH) == 900  # what was typed stays
    assert "Not accepted" in shown(paper)
    take = next(key for key in paper.shown_keys() if key.startswith(f"take:{WIDTH}="))
    assert paper.shown_keys()[take].text == f"Take {take.partition('=')[2]} µs"
    paper.touch("tab:keep")
    assert "keep" not in paper.shown_keys()
    paper.touch("tab:pulse")
    paper.touch(take)
    assert "Not accepted" not in shown(paper)
    assert str(value_at(own(paper).draft, WIDTH)) == take.partition("=")[2]


def test_a_refusal_names_the_page_whose_values_take_it_away() -> None:
    paper = at_editor()
    paper.touch("tab:times")
    enter(paper, REST, "1")
    paper.touch("tab:pulse")
    assert paper.shown_keys()["tab:times"].text == "Times !"
    assert paper.shown_keys()["tab:session"].text == "Session"


def test_numbers_are_typed_in_the_unit_that_is_shown() -> None:
    assert (from_shown("12.5", "ms"), to_shown(12_500, "ms")) == (12_500, "12.5")
    assert (from_shown("25", "mm2"), to_shown(2_500, "mm2")) == (2_500, "25")
    assert (from_shown("53", "uA"), to_shown(53_500, "uA")) == (53_000, "53.5")
    assert from_shown(".", "ms") == 0
    digits = ""
    for key in ".1.2.delete9":
        digits = typed_number(digits, key)
    assert digits == "1.29"


# --- parts and choices ---------------------------------------------------------------------------


def test_parts_are_added_looked_at_and_taken_away() -> None:
    paper = at_editor()
    paper.touch("tab:parts")
    paper.touch("change:add_before")
    assert own(paper).part == "before.0"
    paper.touch("part:work")
    paper.touch("tab:times")
    assert not any(action.startswith("less:before") for action in paper.shown_keys())
    paper.touch("tab:parts")
    paper.touch("part:before.0")
    paper.touch("tab:times")
    assert "less:before.0.duration_s" in paper.shown_keys()
    paper.touch("tab:parts")
    assert len(pictures(paper).parts) == 2
    paper.touch("change:remove_part")
    assert (own(paper).part, own(paper).draft["before"]) == ("work", [])


def pictures(paper: PaperEngine) -> Train:
    train = view_of(paper.place, paper.kiosk).content.columns[0].blocks[0]
    assert isinstance(train, Train)
    return train


def test_the_picture_is_drawn_anew_with_each_value() -> None:
    paper = at_editor()
    before = pictures(paper)
    paper.touch("more:work.rate_hz")
    assert pictures(paper).pulse != before.pulse
    paper.touch("tab:times")
    paper.touch(f"more:{REST}")
    after = pictures(paper)
    assert after.parts[0].points != before.parts[0].points
    assert after.sums != before.sums  # fewer contractions with longer rests


def test_channels_in_turn_have_a_lane_each_half_a_cycle_apart() -> None:
    paper = at_editor()
    paper.touch("tab:session")
    paper.touch("first:4")
    paper.touch("set:alternating=true")
    part = pictures(paper).parts[0]
    assert (part.lanes, part.turn_ms * 4) == (2, part.points[-1].at_ms)


# --- the judge -----------------------------------------------------------------------------------


def kiosk(place: Place, **changed: Any) -> Kiosk:
    values: dict[str, Any] = {"snapshot": snapshot(), "me": ME, "run": "r", **changed}
    return Kiosk(place=place, **values)


def looks(moved: Moved) -> list[str]:
    return [effect.page for effect in moved.effects if isinstance(effect, Look)]


def test_a_judge_that_is_slow_is_asked_for_the_newest_draft_only() -> None:
    """Each tap counts at once; ten quick taps are not ten questions in a row."""
    page = draft_page(draft(), "work")
    at = kiosk(editor(), pages=MappingProxyType(judged(draft())))
    asked: list[str] = []
    for _ in range(5):
        moved = REDUCER.touched(at, f"more:{RATE}")
        at, asked = moved.kiosk, [*asked, *looks(moved)]
    assert isinstance(at.place, EditOwn)
    assert value_at(at.place.draft, RATE) == value_at(draft(), RATE) + 5
    assert asked == [draft_page(with_value(draft(), RATE, value_at(draft(), RATE) + 1), "work")]
    rows = at.pages[page]
    late = REDUCER.answered(
        at, asked[0], Page(request=1, rows=tuple(map(dict, rows)), next_after=None)
    )
    assert looks(late) == [draft_page(at.place.draft, "work")]


def test_drafts_that_nobody_looks_at_any_more_are_let_go() -> None:
    paper = at_editor()
    for _ in range(5):
        paper.touch(f"more:{RATE}")
    drafts = [name for name in paper.kiosk.pages if name.startswith("own_draft:work:")]
    assert drafts == [draft_page(own(paper).draft, "work")]


def test_nothing_is_kept_before_the_engine_has_judged_just_this_draft() -> None:
    place = editor(tab="keep", reason="-")
    stale = MappingProxyType(judged(draft()))
    changed = place.with_fields(draft=with_value(draft(), RATE, 40))
    assert "keep" in actions(place, kiosk(place, pages=stale))
    assert "keep" not in actions(changed, kiosk(changed, pages=stale))
    assert REDUCER.touched(kiosk(changed, pages=stale), "keep").kiosk.awaited == {}


def actions(place: Place, at: Kiosk) -> list[str]:
    keys = view_of(place, at).content.columns[0].blocks[2].keys
    return [key.action for key in keys]


# --- keeping -------------------------------------------------------------------------------------


def test_what_is_kept_is_shown_by_its_title_and_chosen_where_it_was_copied() -> None:
    paper = at_editor()
    paper.touch(f"more:{RATE}")
    draft_kept = own(paper).draft
    keep(paper)
    place = paper.place
    assert isinstance(place, ProgrammeCard)
    assert (place.programme, view_of(place, paper.kiosk).shell.head.title) == (
        "own-1@1",
        "MY BACK",
    )
    paper.touch("own")
    assert isinstance(paper.place, OwnCard)
    [row] = paper.kiosk.pages["own_programmes"]
    assert f"version 1 · {row['versions'][0]['by']}" in shown(paper)
    assert row["draft"] == json.loads(json.dumps({**draft_kept, "title": "MY BACK"}))


def test_a_kept_programme_is_the_one_that_is_treated_with_next() -> None:
    place, at = SAMPLES["own_keep"]()
    assert isinstance(place, EditOwn)
    sent = REDUCER.touched(at, "keep")
    [send] = [effect for effect in sent.effects if isinstance(effect, Send)]
    done = REDUCER.answered(sent.kiosk, send.tag, OK, send.number).kiosk.place
    assert isinstance(done, Choose)
    assert done.treatment.programme == "own-4@1"
    assert done.treatment.minutes == 0


def test_a_next_version_is_made_of_an_own_one() -> None:
    paper = at_editor()
    keep(paper)
    paper.touch("own")
    paper.touch("edit")
    assert (own(paper).name, own(paper).version, own(paper).title) == ("own-1", 2, "MY BACK")
    paper.touch(f"more:{RATE}")
    for action in ("tab:keep", "why", "reason:Next stage of a course", "keep"):
        paper.touch(action)
    [row] = rows_of(paper)
    assert [each["reason"] for each in row["versions"]] == [
        "Better tolerated so",
        "Next stage of a course",
    ]


def rows_of(paper: PaperEngine) -> tuple[Mapping[str, Any], ...]:
    """Return the own programmes as the list shows them."""
    paper.kiosk = replace(paper.kiosk, place=ENTRIES["programmes"]())
    paper.touch("own")
    assert isinstance(paper.place, OwnProgrammes)
    return paper.kiosk.pages["own_programmes"]


def test_a_second_touch_of_keep_sends_nothing_and_a_lost_answer_the_same_act() -> None:
    """Hazard: one draft stands twice in the records, as two versions."""
    _place, at = SAMPLES["own_keep"]()
    first = REDUCER.touched(at, "keep")
    [send] = [effect for effect in first.effects if isinstance(effect, Send)]
    assert REDUCER.touched(first.kiosk, "keep").effects == ()
    lost = REDUCER.answered(first.kiosk, send.tag, None, send.number).kiosk
    page = draft_page(draft(), "work")
    again = replace(lost, stale=lost.stale - {page})
    [second] = [each for each in REDUCER.touched(again, "keep").effects if isinstance(each, Send)]
    assert (second.act, second.action) == (send.act, send.action)


def test_a_version_that_somebody_else_kept_meanwhile_takes_the_next_number() -> None:
    _place, at = SAMPLES["own_keep"]()
    sent = REDUCER.touched(at, "keep")
    [send] = [effect for effect in sent.effects if isinstance(effect, Send)]
    refused = REDUCER.answered(sent.kiosk, send.tag, REFUSED, send.number)
    page = refused.kiosk.place.copy_page  # type: ignore[attr-defined] # it is the editor
    assert looks(refused) == [page]
    row = {"name": "own-5", "version": 1, "draft": {"title": "another"}}
    free = Page(request=1, rows=(row,), next_after=None)
    place = REDUCER.answered(refused.kiosk, page, free).kiosk.place
    assert isinstance(place, EditOwn)
    assert (place.name, place.draft, place.reason) == ("own-5", draft(), "stiff in the morning")


def test_changes_are_given_up_with_two_keys_and_nothing_with_one() -> None:
    paper = at_editor()
    paper.touch(f"more:{RATE}")
    changed = own(paper).draft
    paper.touch("back")
    assert "Leave without keeping?" in shown(paper)
    paper.touch("back")
    assert own(paper).draft == changed
    paper.touch("back")
    paper.touch("leave")
    assert isinstance(paper.place, ProgrammeCard)
    assert paper.place.touched("own", paper.kiosk).place is not None


def test_an_own_programme_is_retired_with_a_reason_and_offered_no_more() -> None:
    paper = at_editor()
    keep(paper)
    paper.touch("own")
    paper.touch("retire")
    assert "Retire MY BACK?" in shown(paper)
    paper.touch("reason:Made by mistake")
    assert "Retired: it is offered no more." in shown(paper)
    assert "edit" not in paper.shown_keys()
    assert "copy" in paper.shown_keys()
    paper.touch("back")
    assert not [row for row in paper.kiosk.rows("programmes") or () if row["name"] == "own-1@1"]


def test_whoever_may_not_is_told_so_and_nothing_is_copied() -> None:
    place = EditOwn(base="nmes-endurance", came_from=SAMPLES["programme"]().place)
    asked = REDUCER.wanted(kiosk(place))
    assert looks(asked) == ["own_copy:nmes-endurance"]
    refused = REDUCER.answered(asked.kiosk, "own_copy:nmes-endurance", REFUSED).kiosk
    assert "Not accepted" in str(view_of(refused.place, refused).content)
    assert looks(REDUCER.wanted(refused)) == []


def test_no_key_of_the_editor_records_but_keep() -> None:
    place, at = SAMPLES["own_pulse"]()
    for action in ("tab:keep", "name", "why", "leave", "back", f"less:{RATE}", "change:add_burst"):
        following = place.touched(action, at)
        sent = [each for each in following.effects if isinstance(each, Send)]
        assert not [each for each in sent if isinstance(each.action, RecordFact)]
