"""The search for a motor point without an engine: what each key means, and what stands on it."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import Fall, HoldRise, RecordFact, Rise, Stop
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName, TextView
from appliance.texts.languages import KNOWN
from tests.support.kiosk.measured import SIZES, parts_of, stage_of, view_in
from tests.support.kiosk.paper_engine import keys_of
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import snapshot
from ui.kiosk.journey.engine_places import Searching, engine_place
from ui.kiosk.journey.motor_point import POINT, HeldPad, drawn, held_pad
from ui.kiosk.journey.place import NO_SHEET, Kiosk, Send, Sheet
from ui.kiosk.journey.reduce import SHEET_US, Moved, Reducer
from ui.kiosk.locale.words import using
from ui.kiosk.places import ENTRIES, first_place, place_after, view_of
from ui.kiosk.widgets.key import Key

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
TEXT = TextView(key="none", values={})
REFUSED = Refused(request=1, rule="refusal.motor_point", asked=TEXT, allowed=TEXT, nearest=TEXT)
OK = Reply(request=1, tick=1)


def sample(name: str) -> Kiosk:
    return SAMPLES[name]().kiosk


def touched(at: Kiosk, *actions: str) -> Moved:
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    return moved


def sent(moved: Moved) -> list[Any]:
    return [each.action for each in moved.effects if isinstance(each, Send)]


def shown(at: Kiosk) -> str:
    return str(view_of(REDUCER.shown(at), at).content)


def test_a_search_has_a_screen_of_its_own_while_pulses_play() -> None:
    assert isinstance(REDUCER.shown(sample("search")), Searching)
    assert not isinstance(REDUCER.shown(sample("treatment_tens")), Searching)
    assert not isinstance(REDUCER.shown(sample("feeling")), Searching)


def test_plus_is_one_tap_and_brings_back_while_it_is_held() -> None:
    moved = touched(sample("search"), "rise:1")
    assert sent(moved) == [Rise(channel=1), HoldRise(channel=1, pressed=True)]
    assert sent(REDUCER.released(moved.kiosk, "rise:1")) == [HoldRise(channel=1, pressed=False)]
    assert [type(each) for each in sent(touched(sample("search"), "fall:1"))] == [Fall]


def test_a_lifted_pad_is_said_with_what_brings_it_back() -> None:
    """Hazard: whoever puts the pad back does not know how the current returns, or how much."""
    text = shown(sample("search_lifted"))
    assert "Open: output is zero" in text
    assert "hold plus: back to 6.8 mA" in text
    assert "raise from zero" in shown(sample("search_lifted_from_zero"))
    assert touched(sample("search_lifted"), "twitch").kiosk.sheet == NO_SHEET


def test_the_place_begins_at_the_first_pad_and_goes_in_steps_of_5_mm() -> None:
    at = touched(sample("search"), "twitch").kiosk
    begun = held_pad(at)
    assert begun is not None
    assert (begun.channel, begun.landmark) == (1, "t8")  # the nearest to a pad at L1
    spot = drawn(at, begun)
    pads = at.pages["placements:motor-point-find:lower_back:left"][0]["pads"]
    assert spot is not None
    assert abs(spot[0] - pads[0]["drawn"]["x"]) <= 2.5
    assert abs(spot[1] - pads[0]["drawn"]["y"]) <= 2.5
    for action, dx, dy in (
        ("along:1", 0, -5),
        ("along:-1", 0, 5),
        ("left", -5, 0),
        ("right", 5, 0),
    ):
        moved = touched(at, action).kiosk
        pad = held_pad(moved)
        assert pad is not None
        assert drawn(moved, pad) == (spot[0] + dx, spot[1] + dy), action


@pytest.mark.parametrize(("side", "across"), [("left", 5), ("right", -5)])
def test_left_is_the_patients_left_on_either_side(side: str, across: int) -> None:
    """Hazard: the point is kept on the wrong side of the landmark; + is outwards for the engine."""
    at = sample("search")
    assert at.snapshot is not None
    assert at.snapshot.plan is not None
    plan = msgspec.structs.replace(at.snapshot.plan, side=side)
    at = replace(at, snapshot=msgspec.structs.replace(at.snapshot, plan=plan))
    at = replace(at, sheet=Sheet(POINT, "1:dimple:10:0"))
    pad = held_pad(touched(at, "left").kiosk)
    assert pad == HeldPad(1, "dimple", 10, across)
    assert "5 mm to the left" in shown(touched(at, "left").kiosk)
    assert "5 mm to the right" in shown(touched(at, "right").kiosk)


def test_another_landmark_leaves_the_place_where_it_is() -> None:
    at = sample("search_point")
    before = held_pad(at)
    assert before is not None
    moved = touched(at, "landmark").kiosk
    after = held_pad(moved)
    assert after is not None
    assert after.landmark != before.landmark
    first, then = drawn(at, before), drawn(moved, after)
    assert first is not None
    assert then is not None
    assert max(abs(first[0] - then[0]), abs(first[1] - then[1])) <= 2.5


def test_offsets_end_where_the_engine_takes_no_more() -> None:
    at = replace(sample("search_point"), sheet=Sheet(POINT, "1:dimple:300:-300"))
    pad = held_pad(touched(at, "along:1", "right").kiosk)
    assert pad is not None
    assert (pad.along_mm, pad.across_mm) == (300, -300)


def test_keep_sends_the_place_and_confirms_only_what_is_kept() -> None:
    at = sample("search_point")
    moved = touched(at, "keep")
    [fact] = sent(moved)
    assert isinstance(fact, RecordFact)
    assert fact.kind == "motor_point_found"
    assert {**fact.values} == {
        "patient": "P-0013",
        "session": "0001-002",
        "region": "lower_back",
        "side": "left",
        "channel": 1,
        "landmark": "dimple",
        "along_mm": 140,
        "across_mm": -5,
    }
    assert sent(touched(moved.kiosk, "keep")) == []  # it is on its way
    [send] = [each for each in moved.effects if isinstance(each, Send)]
    assert "Point kept" not in shown(moved.kiosk)
    no = REDUCER.answered(moved.kiosk, send.tag, REFUSED, send.number).kiosk
    assert held_pad(no) == held_pad(at)
    assert no.refused == REFUSED
    lost = REDUCER.answered(moved.kiosk, send.tag, None, send.number).kiosk
    assert held_pad(lost) == held_pad(at)
    yes = REDUCER.answered(moved.kiosk, send.tag, OK, send.number)
    assert yes.kiosk.sheet == NO_SHEET
    assert "motor_points:P-0013" in yes.kiosk.stale
    assert "Point kept" in shown(sample("search_kept"))


def test_what_was_entered_stays_until_no_current_may_flow() -> None:
    """Hazard: the sheet closes after 30 s and the clinician begins again, the pad in the hand."""
    at = sample("search_point")
    assert at.snapshot is not None
    later = msgspec.structs.replace(at.snapshot, at_us=at.snapshot.at_us + 2 * SHEET_US)
    assert held_pad(REDUCER.snapshot(at, later, 0.0).kiosk) == held_pad(at)
    ended = REDUCER.snapshot(at, snapshot(StateName.FINISHED), 0.0).kiosk
    assert ended.sheet == NO_SHEET


def test_of_two_channels_either_is_shown_and_both_can_be_lowered() -> None:
    at = sample("search_both")
    view = view_of(REDUCER.shown(at), at)
    actions = {key.action for key in keys_of(view) if key.is_enabled}
    assert {"pair:1", "both_down", "end"} <= actions
    assert [type(each) for each in sent(touched(at, "both_down"))] == [Fall, Fall]
    other = touched(at, "pair:1").kiosk
    assert "rise:1" in str(view_of(REDUCER.shown(other), other)) or "channel=1" in shown(other)


def test_the_search_ends_with_a_ramp() -> None:
    assert sent(touched(sample("search"), "end")) == [Stop()]


def test_a_found_point_is_shown_when_pads_are_placed_and_on_the_page_of_the_patient() -> None:
    for name in ("place_pads_point", "patient_page_point"):
        text = shown(sample(name))
        assert "Motor point at 8.5 mA" in text, name
        assert "140 mm" in text, name
    assert "dot=True" in shown(sample("place_pads_point"))
    assert "Motor point at" not in shown(sample("place_pads_0"))


@pytest.mark.parametrize("code", ["en", "ar"])
def test_left_is_on_the_left_in_every_language(code: str) -> None:
    """Hazard: the figure is mirrored in no language, and the keys beside it would be."""
    stage = stage_of(SIZES[0], right_to_left=KNOWN[code].right_to_left)
    with using(code):
        parts = parts_of(view_in(code, SAMPLES["search_point"]()), stage)
    keys = {part.view.action: part.x for part in parts if isinstance(part, Key)}
    assert keys["left"] < keys["right"]
