"""Drills on the kiosk: the engine leads, the screen sends what a person did and decides nothing."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance.drills import estop, hand_switch, known_load, watchdog
from appliance.drills.catalogue import LONGEST_US
from appliance.drills.kinds import LOADS_OHM, ON_A_CHANNEL
from appliance.messages.actions import Acknowledge, BeginDrill, EndDrill, RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import DrillKind, StateName, TextView
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.drills import due_rows
from ui.kiosk.journey import drills as journey
from ui.kiosk.journey.drills import AtDrill, AtDrillResult, Drills, PrepareDrill
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.out_of_use import TakeOutOfUse
from ui.kiosk.journey.place import Go, Kiosk, Next, Place, Send
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.stops import AtTrip
from ui.kiosk.places import ENTRIES, place_after, view_of
from ui.kiosk.view_models.blocks import FormView
from ui.kiosk.view_models.drill import WHOLE_US
from ui.kiosk.view_models.drill_words import measured_of
from ui.kiosk.view_models.parts import Frame, Ground, KeyLook
from ui.kiosk.view_models.unit_blocks import HandsOn

OK = Reply(request=1, tick=1)


def sent(following: Next) -> list[Any]:
    return [effect.action for effect in following.effects if isinstance(effect, Send)]


def keys(name: str) -> dict[str, Any]:
    """Return the keys of a sample by their action."""
    return {key.action: key for key in _keys_in(view_of(*SAMPLES[name]()))}


def _keys_in(value: Any) -> list[Any]:
    if hasattr(value, "action") and hasattr(value, "look"):
        return [value]
    if isinstance(value, tuple | list):
        return [key for part in value for key in _keys_in(part)]
    names = getattr(value, "__dataclass_fields__", ())
    return [key for name in names for key in _keys_in(getattr(value, name))]


def with_drill(name: str, state: StateName, **changed: Any) -> Kiosk:
    """Return the kiosk of a sample in another state, with another drill."""
    kiosk = SAMPLES[name]().kiosk
    assert kiosk.snapshot is not None
    assert kiosk.snapshot.drill is not None
    drill = msgspec.structs.replace(kiosk.snapshot.drill, **changed)
    snapshot = msgspec.structs.replace(kiosk.snapshot, state=state, drill=drill)
    return replace(kiosk, snapshot=snapshot)


# --- which screen --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(StateName))
def test_a_drill_under_way_is_shown_in_every_state(state: StateName) -> None:
    assert engine_place(with_drill("drill_e-stop_press", state)) == AtDrill()


def test_a_trip_that_ended_a_drill_is_seen_before_its_result() -> None:
    assert isinstance(engine_place(with_drill("drill_lead_failed", StateName.TRIPPED)), AtTrip)
    assert engine_place(with_drill("drill_lead_failed", StateName.READY)) == AtDrillResult()


def test_a_lost_engine_hides_a_drill() -> None:
    kiosk = replace(with_drill("drill_e-stop_press", StateName.READY), age_s=1.0)
    assert engine_place(kiosk) != AtDrill()


# --- the list and the preparation ----------------------------------------------------------------


def test_the_list_has_every_drill_with_the_engine_s_word_for_where_it_stands() -> None:
    shown = str(view_of(*SAMPLES["drills"]()).content)
    for words in ("Overdue since", "Due on", "Not passed", "Valid to", "Never done"):
        assert shown.count(words) == 1
    assert set(keys("drills")) >= {f"drill:{kind}" for kind in DrillKind}
    assert "Locked until all drills have passed" in shown
    assert "Locked" not in str(view_of(*SAMPLES["drills_virtual"]()).content)


def test_one_key_leads_on_and_it_is_that_of_the_first_drill_that_is_due() -> None:
    leading = [key.action for key in keys("drills").values() if key.look is KeyLook.LEAD]
    assert leading == ["drill:e-stop"]


@pytest.mark.parametrize(("last", "following"), [(None, 1), (1, 2), (2, 1), (7, 1)])
def test_channels_take_turns(last: int | None, following: int) -> None:
    place, kiosk = SAMPLES["drills"]()
    rows = [{**row, "channel": last} for row in due_rows()]
    kiosk = replace(kiosk, pages={**kiosk.pages, "due": tuple(rows)})
    prepared = place.touched("drill:lead", kiosk).place
    assert isinstance(prepared, PrepareDrill)
    assert prepared.channel == following


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (DrillKind.ESTOP, "button"),
        (DrillKind.HAND_SWITCH, "switch"),
        (DrillKind.LEAD, "lead_in"),
    ],
)
def test_a_drill_that_has_passed_shows_nothing_more_to_do(kind: DrillKind, part: str) -> None:
    view = view_of(*SAMPLES[f"drill_{kind}_passed"]()).content
    assert isinstance(view, FormView)
    blocks = [block for column in view.columns for block in column.blocks]
    assert [block.part for block in blocks if isinstance(block, HandsOn)] == [part]


def test_a_known_load_drill_begins_only_with_its_load() -> None:
    place, kiosk = SAMPLES["drill_prepare_known-load"]()
    assert sent(place.touched("begin", kiosk)) == []
    assert keys("drill_prepare_known-load")[""].note == "choose the test load first"
    chosen = place.touched("load:1000", kiosk).place
    assert chosen is not None
    begin = sent(chosen.touched("channel:2", kiosk).place.touched("begin", kiosk))  # type: ignore[union-attr]
    assert begin == [BeginDrill(kind=DrillKind.KNOWN_LOAD, channel=2, load_ohm=1_000)]


def test_an_e_stop_drill_without_current_names_no_load() -> None:
    place, kiosk = SAMPLES["drill_prepare_e-stop"]()
    chosen = place.touched("load:0", kiosk).place
    assert chosen is not None
    assert sent(chosen.touched("begin", kiosk)) == [BeginDrill(kind=DrillKind.ESTOP)]


def test_a_refused_drill_stays_with_what_was_chosen_and_a_begun_one_has_the_list_behind() -> None:
    text = TextView(key="none", values={})
    refusal = Refused(request=1, rule="refusal.drill", asked=text, allowed=text, nearest=text)
    place, kiosk = SAMPLES["drill_prepare_load"]()
    assert place.answered(journey.BEGIN, refusal, kiosk) == Next()
    assert "Not accepted" in str(view_of(place, replace(kiosk, refused=refusal)).content)
    assert place.answered(journey.BEGIN, OK, kiosk).place == Drills()
    assert place.answered(journey.BEGIN, None, kiosk) == Next()


def test_the_list_waits_behind_a_drill_whose_session_ended_in_sight() -> None:
    """Hazard: a snapshot between the end of its session and rest led to Home, by chance."""
    kiosk = SAMPLES["drill_known-load_failed"]().kiosk
    assert kiosk.snapshot is not None
    ended = msgspec.structs.replace(kiosk.snapshot, state=StateName.FINISHED)
    at_rest = msgspec.structs.replace(kiosk.snapshot, state=StateName.READY)
    reducer = Reducer(engine_place, Drills, ENTRIES, place_after)
    behind = replace(kiosk, place=Drills(), snapshot=ended)
    assert reducer.snapshot(behind, at_rest, 0.0).kiosk.place == Drills()


@pytest.mark.parametrize("name", ["drills", "drill_prepare_load"])
def test_each_screen_before_a_drill_has_a_way_back(name: str) -> None:
    place, kiosk = SAMPLES[name]()
    following = place.touched("back", kiosk)
    assert following.place == Drills() or following.effects == (Go("home"),)


# --- under way -----------------------------------------------------------------------------------


def test_the_frame_is_the_real_one() -> None:
    flowing = view_of(*SAMPLES["drill_estop_flowing"]()).shell
    cut = view_of(*SAMPLES["drill_estop_measured"]()).shell
    assert (flowing.output.frame, flowing.output.ground) == (Frame.PULSES, Ground.YELLOW)
    assert flowing.output.so_what == "into the test load"
    assert flowing.pause is not None
    assert (cut.output.frame, cut.output.ground) == (Frame.STOPPED, Ground.RED)


def test_a_trip_is_acknowledged_at_its_step_and_once_its_cause_is_gone() -> None:
    assert keys("drill_e-stop_acknowledge")["acknowledge"].look is KeyLook.LEAD
    assert "acknowledge" not in keys("drill_e-stop_release")
    assert keys("drill_e-stop_release")[""].note == "possible once the cause is gone"
    place, kiosk = SAMPLES["drill_e-stop_acknowledge"]()
    assert sent(place.touched("acknowledge", kiosk)) == [Acknowledge()]


def test_a_drill_can_be_given_up_at_every_step() -> None:
    for name, make in SAMPLES.items():
        place, kiosk = make()
        if isinstance(place, AtDrill):
            assert "give_up" in keys(name)
            assert sent(place.touched("give_up", kiosk)) == [EndDrill()]


def test_the_list_fills_as_the_engine_measures() -> None:
    before = str(view_of(*SAMPLES["drill_estop_flowing"]()).content)
    after = str(view_of(*SAMPLES["drill_estop_measured"]()).content)
    assert "1 of 6" in before
    assert "503 Ω" in before
    assert "6 of 6" in after
    assert "40 of 150 ms" in after


# --- the result ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(DrillKind))
def test_a_drill_that_failed_says_what_and_what_it_means(kind: DrillKind) -> None:
    shown = str(view_of(*SAMPLES[f"drill_{kind}_failed"]()).content)
    assert "Drill not passed" in shown
    assert "Nobody is treated with this unit until the drill has passed." in shown
    assert "alarm_high" in shown
    assert "passed" not in shown.replace("not passed", "").replace("has passed", "")
    passed = str(view_of(*SAMPLES[f"drill_{kind}_passed"]()).content)
    assert "Drill passed" in passed
    assert "alarm_high" not in passed


@pytest.mark.parametrize("kind", [DrillKind.KNOWN_LOAD, DrillKind.ESTOP])
@pytest.mark.parametrize("how", ["passed", "failed"])
def test_a_drill_with_a_test_load_ends_once_the_load_is_said_to_be_off(
    kind: DrillKind, how: str
) -> None:
    """Hazard: a test load that was left on is taken for the pads of the next patient."""
    name = f"drill_{kind}_{how}"
    assert "Take the test load off channel 1." in str(view_of(*SAMPLES[name]()).content)
    assert keys(name)["done"].text == "Load is off"


@pytest.mark.parametrize("kind", [DrillKind.LEAD, DrillKind.HAND_SWITCH])
def test_a_drill_without_a_test_load_says_nothing_of_one(kind: DrillKind) -> None:
    name = f"drill_{kind}_passed"
    assert "test load off" not in str(view_of(*SAMPLES[name]()).content)
    assert keys(name)["done"].text == "Done"


def test_a_step_on_a_channel_names_it() -> None:
    """Hazard: "unplug one lead of this channel", and no word on the screen says which."""
    shown = str(view_of(*SAMPLES["drill_lead_unplug"]()).content)
    assert "Step 2 of 3 · Channel 1" in shown


def test_the_time_that_a_person_takes_to_unplug_a_lead_is_no_result() -> None:
    shown = str(view_of(*SAMPLES["drill_lead_passed"]()).content)
    assert "4120" not in shown
    assert "seen" in shown


def test_an_e_stop_drill_says_that_a_load_or_none_is_chosen_first() -> None:
    shown = keys("drill_prepare_e-stop")
    assert shown[""].note == "choose a load or none"
    assert "optional" not in str(view_of(*SAMPLES["drill_prepare_e-stop"]()).content)


def test_a_result_is_put_away_repeated_or_leads_out_of_use() -> None:
    place, kiosk = SAMPLES["drill_known-load_failed"]()
    assert sent(place.touched("done", kiosk)) == [EndDrill()]
    again = BeginDrill(kind=DrillKind.KNOWN_LOAD, channel=1, load_ohm=500)
    assert sent(place.touched("again", kiosk)) == [again]
    following = place.touched("take_out_of_use", kiosk)
    assert sent(following) == [EndDrill()]
    assert Go("take_out_of_use") in following.effects
    assert isinstance(ENTRIES["take_out_of_use"](), TakeOutOfUse)


def test_a_unit_is_taken_out_of_use_for_a_reason_in_words_where_it_says_nothing_by_itself() -> None:
    place: Place = TakeOutOfUse()
    kiosk = SAMPLES["take_out_of_use"]().kiosk
    assert sent(place.touched("take_out", kiosk)) == []
    fault = place.touched("reason:fault", kiosk).place
    other = place.touched("reason:other", kiosk).place
    assert fault is not None
    assert other is not None
    (fact,) = sent(fault.touched("take_out", kiosk))
    assert fact == RecordFact(kind="unit_taken_out_of_use", values={"reason": "fault", "words": ""})
    assert sent(other.touched("take_out", kiosk)) == []


# --- one truth -----------------------------------------------------------------------------------


def test_limits_and_choices_are_those_of_the_engine() -> None:
    limits = {
        (kind, value.name): (value.least_us, value.most_us)
        for kind in DrillKind
        for value in measured_of(kind, with_load=True)
        if value.most_us
    }
    layer, guard = (0, estop.LAYER_WITHIN_US), (0, estop.GUARD_WITHIN_US)
    stop = (0, hand_switch.STOP_WITHIN_US)
    assert limits == {
        ("e-stop", "contact_us"): layer,
        ("e-stop", "latch_us"): layer,
        ("e-stop", "engine_us"): layer,
        ("e-stop", "guard_us"): guard,
        ("hand-switch", "squeeze_us"): stop,
        ("hand-switch", "unplug_us"): stop,
        ("known-load", "time_to_zero_us"): (0, known_load.FALL_WITHIN_US),
        ("watchdog", "latch_us"): watchdog.LATCH_US,
        ("watchdog", "guard_us"): watchdog.GUARD_US,
    }
    levels = [value.name for value in measured_of("known-load", with_load=True)]
    assert [f"levels:{ua}" for ua in known_load.LEVELS_UA] == levels[1:-1]
    assert (LOADS_OHM, frozenset(ON_A_CHANNEL)) == (journey.LOADS_OHM, journey.ON_A_CHANNEL)
    assert WHOLE_US == LONGEST_US
