"""Plain lines and the last resort, on gpiozero's mock pins."""

from collections.abc import Iterator
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.board_file import load_board_file
from drivers.errors import LineFailed
from drivers.gpio.last_resort_gates import KernelGates
from drivers.gpio.lines import GpioLines
from drivers.interfaces import Inputs

BOARD = load_board_file("reference")
OUTPUT_PINS = {
    26: "SUPPLY_EN",
    20: "HEARTBEAT",
    19: "LATCH_RESET",
    4: "yellow",
    15: "red",
    14: "bz",
}
ESTOP, HAND, SUPPLY_GOOD, LATCH_CLEAR = 27, 6, 21, 5


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


@pytest.fixture
def lines(factory: MockFactory) -> Iterator[GpioLines]:
    lines = GpioLines(BOARD, factory, KernelGates(factory, BOARD.pins.gate_list(), 16).clear)
    yield lines
    lines.close()


def states(factory: MockFactory, pin: int) -> list[bool]:
    return [bool(state.state) for state in factory.pin(pin).states]


def break_pin(factory: MockFactory, pin: int) -> None:
    def fail(_: Any) -> None:
        raise OSError(5, "Input/output error")

    factory.pin(pin)._set_state = fail


def test_every_output_opens_low(factory: MockFactory, lines: GpioLines) -> None:
    for pin in OUTPUT_PINS:
        assert factory.pin(pin).function == "output"
        assert states(factory, pin) == [False]


def test_each_input_is_true_where_its_line_is_high(factory: MockFactory, lines: GpioLines) -> None:
    assert lines.read_inputs() == Inputs(*[False] * 4)
    for place, pin in enumerate((ESTOP, HAND, SUPPLY_GOOD, LATCH_CLEAR)):
        factory.pin(pin).drive_high()
        assert lines.read_inputs() == Inputs(*[index == place for index in range(4)])
        factory.pin(pin).drive_low()


def test_inputs_get_no_pull_that_could_hide_a_broken_wire(
    factory: MockFactory, lines: GpioLines
) -> None:
    assert {factory.pin(pin).pull for pin in (ESTOP, HAND, SUPPLY_GOOD, LATCH_CLEAR)} == {
        "floating"
    }


def test_reading_all_levels_at_once_gives_the_same_inputs(factory: MockFactory) -> None:
    lines = GpioLines(BOARD, factory, lambda: None, lambda: 1 << HAND | 1 << LATCH_CLEAR | 1 << 31)
    assert lines.read_inputs() == Inputs(
        estop_closed=False, hand_switch_closed=True, supply_good=False, latch_clear=True
    )
    lines.close()


def test_each_heartbeat_call_gives_one_edge(factory: MockFactory, lines: GpioLines) -> None:
    for _ in range(3):
        lines.toggle_heartbeat()
    assert states(factory, 20) == [False, True, False, True]


def test_a_latch_reset_is_one_pulse(factory: MockFactory, lines: GpioLines) -> None:
    lines.reset_latch()
    assert states(factory, 19) == [False, True, False]


def test_supply_lamps_and_buzzer_follow_their_calls(factory: MockFactory, lines: GpioLines) -> None:
    lines.set_supply(on=True)
    lines.set_lamps(active=True, fault=False, buzzer=True)
    assert [factory.pin(pin).state for pin in (26, 4, 15, 14)] == [True, True, False, True]
    lines.set_supply(on=False)
    assert not factory.pin(26).state


def test_closing_drives_every_output_low_before_it_becomes_an_input(
    factory: MockFactory, lines: GpioLines
) -> None:
    lines.set_supply(on=True)
    lines.set_lamps(active=True, fault=True, buzzer=True)
    lines.close()
    for pin in OUTPUT_PINS:
        assert states(factory, pin)[-1] is False
        assert factory.pin(pin).function == "input"


def test_a_failed_line_is_named_and_the_others_still_go_low(
    factory: MockFactory, lines: GpioLines
) -> None:
    lines.set_supply(on=True)
    lines.set_lamps(active=True, fault=True, buzzer=True)
    break_pin(factory, 15)
    with pytest.raises(LineFailed, match=r"lamp_fault: .*Input/output error"):
        lines.close()
    assert [factory.pin(pin).state for pin in (26, 4, 14)] == [False, False, False]


def test_a_line_already_in_use_is_named(factory: MockFactory, lines: GpioLines) -> None:
    with pytest.raises(LineFailed, match="supply_en"):
        GpioLines(BOARD, factory, lambda: None)


def test_a_closed_line_cannot_be_driven(lines: GpioLines) -> None:
    lines.close()
    with pytest.raises(LineFailed, match="heartbeat: closed"):
        lines.toggle_heartbeat()


def test_the_last_resort_leaves_every_gate_an_input(factory: MockFactory, lines: GpioLines) -> None:
    for pin in (17, 18, 22, 23):
        factory.pin(pin).output_with_state(True)
    lines.clear_gates()
    for pin in (17, 18, 22, 23):
        assert states(factory, pin)[-1] is False
        assert factory.pin(pin).function == "input"


def test_the_last_resort_sets_ldac_low_after_the_gates(
    factory: MockFactory, lines: GpioLines
) -> None:
    """Hazard: if LDAC stays high, a code of 0 is written and never acts."""
    factory.pin(16).output_with_state(True)
    lines.clear_gates()
    assert states(factory, 16)[-1] is False
    assert factory.pin(16).function == "input"
    assert factory.pin(16).states[-1].timestamp >= factory.pin(23).states[-1].timestamp


def test_the_last_resort_tries_every_gate_and_names_those_that_failed(
    factory: MockFactory, lines: GpioLines
) -> None:
    for pin in (17, 18, 22, 23):
        factory.pin(pin).output_with_state(True)
    break_pin(factory, 17)
    with pytest.raises(LineFailed, match="BCM 17"):
        lines.clear_gates()
    assert [factory.pin(pin).state for pin in (18, 22, 23)] == [False] * 3
