"""The hand of a simulated patient squeezes the hand switch once, as the engine asks for it."""

import msgspec
import pytest

from appliance.messages.snapshot import HandSwitchView, Snapshot
from appliance.messages.wire import StateName, TextView
from drivers.errors import NotConnected
from tests.support.snapshots import AT_REST
from ui.cli.treatment.simulated_hand import SimulatedHand


def waits_for(step: str, state: StateName = StateName.READY) -> Snapshot:
    view = HandSwitchView(step=step, text=TextView(key=f"hand_switch.{step}"))
    return msgspec.structs.replace(AT_REST, hand_switch=view, state=state)


class Board:
    """A board that keeps what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def fault(self, do: str, name: str) -> None:
        self.asked.append((do, name))


def test_the_switch_is_squeezed_and_let_go_as_the_engine_asks() -> None:
    board = Board()
    hand = SimulatedHand(board.fault)
    for step in ("close", "squeeze", "squeeze", "release", "release", "proven"):
        hand.see(waits_for(step))
    assert board.asked == [("set", "hand-switch"), ("clear", "hand-switch")]


@pytest.mark.parametrize("step", ["close", "release", "proven", "waived"])
def test_nothing_is_squeezed_where_no_squeeze_is_waited_for(step: str) -> None:
    board = Board()
    SimulatedHand(board.fault).see(waits_for(step))
    SimulatedHand(board.fault).see(AT_REST)
    assert board.asked == []


def test_an_armed_unit_is_never_squeezed() -> None:
    """A squeeze would trip it."""
    board = Board()
    SimulatedHand(board.fault).see(waits_for("squeeze", StateName.ARMED))
    assert board.asked == []


def test_a_hand_lets_go_at_the_end_of_the_run() -> None:
    board = Board()
    hand = SimulatedHand(board.fault)
    hand.see(waits_for("squeeze"))
    hand.let_go()
    hand.let_go()
    assert board.asked == [("set", "hand-switch"), ("clear", "hand-switch")]


def test_a_board_that_does_not_answer_is_named() -> None:
    def fault(do: str, name: str) -> None:
        raise NotConnected(f"{do} {name}: not yours")

    hand = SimulatedHand(fault)
    hand.see(waits_for("squeeze"))
    assert hand.why_not == "nobody can squeeze the hand switch: set hand-switch: not yours"


def test_a_board_without_faults_leaves_the_refusal_to_the_engine() -> None:
    hand = SimulatedHand(None)
    hand.see(waits_for("squeeze"))
    hand.let_go()
    assert hand.why_not is None
