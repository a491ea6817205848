"""The side panel of the virtual board: what its keys ask for; it shows what the board has."""

from collections.abc import Iterable

import pytest

from ui.panel.layout import view_of
from ui.panel.oscillogram import LONG_US, SHORT_US, next_window_us, oscillogram
from ui.panel.pads import ChannelPads, PadState
from ui.panel.state import Command, Panel, Seen, Steps, ohm_words, seen_of

GOOD_OHM = 3_200.0
PULSE: Steps = ((0.0, 0.0), (10_000.0, 9_000.0), (10_150.0, 0.0), (10_250.0, -9_000.0), (10_400, 0))


def faults_of(texts: Iterable[str]) -> dict[str, str]:
    return {text.partition("=")[0]: text for text in texts}


def looked(panel: Panel, *faults: str) -> Panel:
    return panel.looked(Seen(faults=faults_of(faults), ohms=(GOOD_OHM, GOOD_OHM)))


def pressed(panel: Panel, *actions: str) -> tuple[Panel, list[Command]]:
    """Press keys one after the other; the board does at once what is asked."""
    asked: list[Command] = []
    faults = dict(panel.seen.faults)
    for action in actions:
        panel, commands = panel.pressed(action)
        asked += commands
        for do, fault in commands:
            key = fault.partition("=")[0]
            if do == "set":
                faults[key] = fault
            else:
                del faults[key]
        panel = looked(panel, *faults.values())
    return panel, asked


AT_REST = looked(Panel())


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("estop", "estop"),
        ("cut:1", "lead-off:1"),
        ("short:2", "short:2"),
        ("load:1:500", "resistor:1=500"),
        ("slow", "slow-clock"),
        ("stuck", "stuck-gate:gate1_pos"),
        ("spi", "lost-spi"),
    ],
)
def test_a_key_sets_a_fault_and_the_same_key_clears_it(action: str, fault: str) -> None:
    panel, asked = pressed(AT_REST, action, action)
    assert asked == [Command("set", fault), Command("clear", fault.partition("=")[0])]
    assert panel.seen.faults == {}


def test_the_hand_switch_is_open_while_it_is_held() -> None:
    _, asked = pressed(AT_REST, "squeeze", "let_go")
    assert asked == [Command("set", "hand-switch"), Command("clear", "hand-switch")]


def test_the_hand_switch_is_unplugged_and_plugged_in_by_a_key_of_its_own() -> None:
    """A drill asks to unplug it: to the board that is the same as a squeeze that lasts."""
    unplugged, asked = pressed(AT_REST, "unplug")
    assert asked == [Command("set", "hand-switch")]
    assert {key.text: key.chosen for key in view_of(unplugged).keys if "switch" in key.text} == {
        "Plug hand switch in": True,
        "Squeeze hand switch": False,
    }
    assert pressed(unplugged, "squeeze", "let_go")[1] == []
    plugged, asked = pressed(unplugged, "unplug")
    assert asked == [Command("clear", "hand-switch")]
    assert not plugged.is_unplugged
    assert not looked(unplugged).is_unplugged  # somebody else has plugged it in


def test_under_a_test_load_no_pad_is_said_to_lie_well() -> None:
    panel, _ = pressed(AT_REST, "load:1:1000")
    shown = {key.action for key in view_of(panel).keys if key.chosen}
    assert shown == {"load:1:1000", "pad:2A:good", "pad:2B:good"}
    assert "load: 3.20 kΩ" in {text.text for text in view_of(panel).texts}


def test_the_worse_pad_decides_and_the_other_one_is_remembered() -> None:
    panel, asked = pressed(AT_REST, "pad:1A:dry", "pad:1B:off")
    assert asked == [Command("set", "dry-pad:1"), Command("set", "lead-off:1")]
    panel, asked = pressed(panel, "pad:1B:good")
    assert asked == [Command("clear", "lead-off:1")]
    assert (panel.channels[0].first, panel.channels[0].second) == (PadState.DRY, PadState.GOOD)


def test_a_whole_lead_does_not_help_a_pad_that_is_off() -> None:
    panel, asked = pressed(AT_REST, "pad:2A:off", "cut:2", "cut:2")
    assert asked == [Command("set", "lead-off:2")]
    assert panel.seen.faults == {"lead-off:2": "lead-off:2"}


def test_another_load_takes_the_place_of_the_first() -> None:
    _, asked = pressed(AT_REST, "load:1:1000", "load:1:500")
    assert asked == [Command("set", "resistor:1=1000"), Command("set", "resistor:1=500")]


def test_what_somebody_else_does_to_the_board_is_shown() -> None:
    panel = looked(AT_REST, "lead-off:1", "dry-pad:2=0", "resistor:2=1000")
    assert panel.channels[0] == ChannelPads(1, is_cut=True)
    assert panel.channels[1] == ChannelPads(2, PadState.DRY, load_ohm=1_000)
    mine, _ = pressed(AT_REST, "pad:1A:off")
    assert looked(mine).channels[0] == ChannelPads(1)


def test_r_makes_everything_good_again() -> None:
    panel, _ = pressed(AT_REST, "estop", "pad:1A:dry", "spi")
    panel, asked = pressed(panel, "good")
    assert {command.do for command in asked} == {"clear"}
    assert panel.channels == AT_REST.channels
    assert panel.seen.faults == {}


def test_every_key_of_the_layout_can_be_pressed_and_none_covers_another() -> None:
    view = view_of(AT_REST)
    for key in view.keys:
        AT_REST.pressed(key.action)
        x, y, wide, high = key.box
        assert view.key_at(x + wide / 2, y + high / 2) is key
        assert x + wide <= view.size[0]
        assert y + high <= view.size[1]
    assert sum(key.chosen for key in view.keys) == 4  # each pad is good


def test_resistances_are_those_of_the_simulated_skin() -> None:
    status = {
        "faults": ["dry-pad:1=0"],
        "lamps": {"active": 1, "fault": 0, "buzzer": 1},
        "fault_latch": {"set": False},
        "channels": [{"load": {"series_ohm": 200.0, "parallel_ohm": 1_000.0}}],
    }
    seen = seen_of(status, {"window_us": 40_000, "currents": [], "sounds": []})
    assert seen.faults == {"dry-pad:1": "dry-pad:1=0"}
    assert (seen.buzzer, [ohm_words(ohm, "skin") for ohm in seen.ohms]) == (True, ["skin: 1.20 kΩ"])
    assert ohm_words(10_060_000.0, "skin") == "open"


def test_a_pulse_is_drawn_in_time_and_enlarged_with_both_phases() -> None:
    seen = Seen(window_us=SHORT_US, currents=(PULSE,))
    box = view_of(AT_REST).scope
    shown = oscillogram(seen, box)
    assert shown.caption == "40 ms, one pulse; 10 mA a square"
    left, right = shown.curves
    assert max(x for x, _ in left.points) < shown.divider < min(x for x, _ in right.points)
    middle = box.h / 2
    for curve in (left, right):
        heights = {round(middle - y) for _, y in curve.points}
        peak = round(shown.square * 0.9)
        assert heights == {0, peak, -peak}
    positive = [x for x, y in right.points if y < middle - 1]
    assert max(positive) - min(positive) == pytest.approx((box.w - shown.divider - 12) * 0.15)


def test_a_second_is_shown_where_pulses_are_rare() -> None:
    often = (*PULSE, *((at_us + 20_000, ua) for at_us, ua in PULSE))
    assert next_window_us(Seen(window_us=SHORT_US, currents=(PULSE,))) == LONG_US
    assert next_window_us(Seen(window_us=SHORT_US, currents=(often,))) == SHORT_US
    late = tuple((at_us + LONG_US - SHORT_US, ua) for at_us, ua in often)
    assert next_window_us(Seen(window_us=LONG_US, currents=(late,))) == SHORT_US
    assert next_window_us(Seen(window_us=LONG_US, currents=(often,))) == LONG_US
