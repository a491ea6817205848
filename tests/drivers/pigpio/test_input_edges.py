"""Edge times of the input lines, from the daemon's reports."""

from collections.abc import Iterator

import pytest

from drivers.board_file import load_board_file
from drivers.interfaces import InputEdge, Rig
from drivers.pigpio.input_edges import InputEdges
from drivers.quantities import Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

ESTOP, LATCH = 1 << 27, 1 << 5
ALL = 1 << 27 | 1 << 6 | 1 << 21 | 1 << 5


@pytest.fixture
def board() -> VirtualBoard:
    return VirtualBoard(load_board_file())


@pytest.fixture
def rig(board: VirtualBoard) -> Iterator[Rig]:
    rig = open_stepped_rig(board)
    rig.pulses.prepare()
    yield rig
    rig.close()


def test_an_edge_read_later_still_has_the_time_of_its_sample(board: VirtualBoard, rig: Rig) -> None:
    rig.pulses.begin_stream()
    opened_us = board.now_us + 3_217
    board.advance_to_us(opened_us)
    board.fault_set("estop")
    board.advance_to_us(opened_us + 6_783)
    edges = {edge.line: edge for edge in rig.pulses.poll().edges if not edge.level}
    assert abs(edges["estop_closed"].at_us - opened_us) <= 5
    assert edges["estop_closed"].unsure_us == 5
    assert rig.pulses.poll().edges == ()


def test_a_contact_that_opens_briefly_between_two_reads_is_reported(
    board: VirtualBoard, rig: Rig
) -> None:
    rig.pulses.begin_stream()
    board.advance_to_us(board.now_us + 2_000)
    board.fault_set("hand-switch")
    board.advance_to_us(board.now_us + 300)
    board.fault_clear("hand-switch")
    board.advance_to_us(board.now_us + 5_000)
    edges = rig.pulses.poll().edges
    assert [edge.level for edge in edges if edge.line == "hand_switch_closed"] == [0, 1]


def test_one_report_may_hold_two_of_our_lines_or_none() -> None:
    edges = InputEdges(load_board_file().pins)
    edges.begin(ALL)
    assert edges.take(ALL | 1 << 16, 10, 1) == ()
    assert edges.take(ALL & ~ESTOP & ~LATCH, 20, 1) == (
        InputEdge("estop_closed", 0, Microseconds(20), Microseconds(1)),
        InputEdge("latch_clear", 0, Microseconds(20), Microseconds(1)),
    )
    assert edges.take(ALL & ~LATCH, 30, 1) == (
        InputEdge("estop_closed", 1, Microseconds(30), Microseconds(1)),
    )
