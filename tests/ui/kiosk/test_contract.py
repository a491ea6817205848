"""The key that contracts, without a window: what a touch sends, what ends it, and what it says."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import Contract, ContractByCycle
from appliance.messages.snapshot import OnCallView
from appliance.messages.wire import CallWaits, PartRole, StateName
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.output import WORK
from tests.support.kiosk.samples.sample import Sample
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.places import view_of
from ui.kiosk.touch.guard import Heard, KeyKind, Target, TouchGuard, kind_of
from ui.kiosk.view_models.output import output_view
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.view_models.phase import phase_view
from ui.kiosk.view_models.treatment import treatment_view

REDUCER = Reducer(engine_place, Home)
CONTRACT = Target("contract", kind_of("contract"))


def sample(name: str, **changed: Any) -> Sample:
    """Return a sample with other values of its snapshot."""
    made = SAMPLES[name]()
    shown = msgspec.structs.replace(made.kiosk.snapshot, **changed)  # type: ignore[type-var]
    return Sample(made.place, replace(made.kiosk, snapshot=shown))


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def call_of(name: str) -> tuple[str, str, KeyLook]:
    """Return what a touch on the key means, its line, and how it looks."""
    call = treatment_view(SAMPLES[name]().kiosk, ()).call
    assert call is not None
    return call.key.action, call.line, call.key.look


def test_the_key_acts_on_touch_down_and_lets_go_on_touch_up() -> None:
    guard = TouchGuard()
    assert guard.down(1, CONTRACT, (200, 400), 1.0) == Heard("contract", True, True)
    assert guard.up(1) == Heard("contract", False, True)


def test_sliding_off_lets_go_and_coming_back_contracts_nothing() -> None:
    guard = TouchGuard()
    guard.down(1, CONTRACT, (200, 400), 1.0)
    assert guard.moved(1, None) == Heard("contract", False, True)
    assert guard.moved(1, "contract") is None
    assert guard.up(1) is None


@pytest.mark.parametrize("end", ["changed", "forget"])
def test_another_screen_and_a_lost_input_let_go(end: str) -> None:
    guard = TouchGuard()
    guard.down(1, CONTRACT, (200, 400), 1.0)
    held = guard.changed(2.0) if end == "changed" else guard.forget()
    assert held == ("contract",)


def test_a_second_finger_and_a_tap_right_after_a_new_screen_call_nothing() -> None:
    guard = TouchGuard()
    guard.changed(1.0)
    assert guard.down(1, CONTRACT, (200, 400), 1.1) is None
    guard.up(1)
    guard.down(2, Target("sheet:felt", KeyKind.ORDINARY), (400, 400), 3.0)
    assert guard.down(3, CONTRACT, (200, 400), 3.5) is None


def test_a_touch_calls_and_letting_go_releases_wherever_the_screen_is_by_then() -> None:
    kiosk = SAMPLES["on_call"]().kiosk
    assert sent(REDUCER.touched(kiosk, "contract")) == [Contract(pressed=True)]
    for name in ("on_call_held", "paused", "trip_here", "no_engine"):
        elsewhere = SAMPLES[name]().kiosk
        assert sent(REDUCER.released(elsewhere, "contract")) == [Contract(pressed=False)], name


def test_a_call_is_never_held_back_by_one_before_it() -> None:
    kiosk = SAMPLES["on_call"]().kiosk
    moved = REDUCER.touched(kiosk, "contract")
    assert not moved.kiosk.awaited
    assert sent(REDUCER.touched(moved.kiosk, "contract")) == [Contract(pressed=True)]


def test_set_level_lets_contractions_come_by_cycle() -> None:
    kiosk = SAMPLES["on_call"]().kiosk
    assert sent(REDUCER.touched(kiosk, "by_cycle")) == [ContractByCycle()]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("on_call_rest", "rest: 7 s"),
        ("on_call_level", "set a level first"),
        ("on_call_contraction", "in the next rest"),
        ("on_call_count", "all were given"),
        ("on_call_end", "no time is left"),
        ("on_call_treatment", "not now"),
        ("on_call_pin", "needs the PIN"),
        ("on_call_falls", "it ramps down"),
        ("on_call_lost", "no engine"),
    ],
)
def test_a_key_that_would_be_refused_is_off_and_says_why(name: str, line: str) -> None:
    assert call_of(name) == ("", line, KeyLook.OFF)


def test_a_held_key_stays_the_same_key_so_that_the_finger_stays_on_it() -> None:
    assert call_of("on_call")[0] == call_of("on_call_held")[0] == "contract"
    assert call_of("on_call_held")[1:] == ("let go to end it", KeyLook.CHOSEN)


def test_plus_is_off_while_contractions_are_called_and_says_what_to_touch() -> None:
    for name, words in (("on_call", "Set level"), ("on_call_held", "while held")):
        panels = treatment_view(SAMPLES[name]().kiosk, ()).channels
        assert all(not panel.plus_on and words in panel.plus_note for panel in panels), name
    cycle = sample("treatment", on_call=OnCallView(by_cycle=True)).kiosk
    assert all(panel.plus_on for panel in treatment_view(cycle, ()).channels)


def test_the_cycle_cannot_be_asked_for_while_it_runs_or_one_is_held() -> None:
    for name, action in (("on_call", "by_cycle"), ("on_call_cycle", ""), ("on_call_held", "")):
        call = treatment_view(SAMPLES[name]().kiosk, ()).call
        assert call is not None
        assert call.by_cycle.action == action, name


def test_before_start_it_is_said_how_contractions_are_called() -> None:
    told = "Then hold Contract."
    for name, says in (("armed_on_call", True), ("armed", False)):
        assert (told in str(view_of(*SAMPLES[name]()).content)) is says, name


def test_a_treatment_by_cycle_alone_has_no_such_key() -> None:
    assert treatment_view(SAMPLES["treatment"]().kiosk, ()).call is None


def test_the_rest_is_counted_down_beside_the_key_too() -> None:
    assert phase_view(SAMPLES["on_call_rest"]().kiosk.snapshot).title == "Rest · 7 s left"
    assert output_view(SAMPLES["on_call"]().kiosk).so_what == "contracts on call"


def test_plus_counts_in_a_part_without_contractions_although_the_next_one_has_some() -> None:
    view = treatment_view(SAMPLES["part_warm_up"]().kiosk, ())
    assert all(panel.plus_on for panel in view.channels)
    rising = sample("part_warm_up", stage="ramp_up").kiosk
    assert not any(panel.plus_on for panel in treatment_view(rising, ()).channels)


def test_a_part_is_named_with_its_time_and_where_the_next_one_begins() -> None:
    warm_up = phase_view(SAMPLES["part_warm_up"]().kiosk.snapshot)
    assert (warm_up.part, warm_up.then) == ("Warm-up 1/3 · 1:25", "then: Work, from 0")
    assert phase_view(SAMPLES["part_work"]().kiosk.snapshot).then == "then: Cool-down"
    assert phase_view(SAMPLES["part_cool_down"]().kiosk.snapshot).then == "then: end"


def test_a_share_of_the_level_is_said_at_the_level_and_the_strip_measures_against_it() -> None:
    view = treatment_view(SAMPLES["part_warm_up"]().kiosk, ())
    assert {panel.set_word for panel in view.channels} == {"Set, now 50 %"}
    half = SAMPLES["part_warm_up"]().kiosk
    later = msgspec.structs.replace(half.snapshot, at_us=9_000_000)  # type: ignore[type-var]
    peaks = REDUCER.snapshot(half, later, 0.0).kiosk.peaks[-1]
    assert [set_ua for _measured, set_ua in peaks.values()] == [16_000, 15_250]


def test_between_two_parts_the_pulses_come_with_the_next_part() -> None:
    gap = msgspec.structs.replace(WORK, left_us=800_000)
    resting = sample("resting", contraction=None, part=gap).kiosk
    assert output_view(resting).so_what == "pulses again in 1 s"
    assert gap.then is PartRole.AFTER


def test_with_turns_each_channel_says_whose_it_is_and_plus_waits_for_it() -> None:
    left, right = treatment_view(SAMPLES["turns"]().kiosk, ()).channels
    assert (left.where, left.plus_on, left.plus_note) == (
        "its rest",
        False,
        "Plus waits\nfor its turn",
    )
    assert (right.where, right.plus_on) == ("its turn", True)
    together = treatment_view(SAMPLES["treatment"]().kiosk, ()).channels
    assert {panel.where for panel in together} == {""}


def test_the_fall_of_a_stop_keeps_the_key_in_its_place() -> None:
    falling = sample("on_call", state=StateName.RAMP_DOWN)
    view = treatment_view(falling.kiosk, ())
    assert view.call is not None
    waits = OnCallView(by_cycle=False, waits_for=CallWaits.TREATMENT)
    after = treatment_view(sample("falling", on_call=waits).kiosk, ()).call
    assert after is not None
    assert after.key.action == ""
