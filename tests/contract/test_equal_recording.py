"""The same treatment on another clock and transport gives the same recording, byte for byte."""

from pathlib import Path

import pytest

from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.quantities import Channel, DacCode, Microseconds
from drivers.rigs.virtual import open_stepped_rig, open_virtual_rig
from drivers.slices import Segment, Slice
from drivers.virtual.board import VirtualBoard
from tests.contract.conftest import board_process

TICK_US = 10_000


def a_slice(number: int) -> Slice:
    segments = [(0, 1_000)]
    for gate in (1, 4):
        segments += [(gate, 200), (0, 50), (gate << 1, 200), (0, 3_000)]
    segments[-1] = (0, 25_000 - sum(duration for _, duration in segments[:-1]))
    return Slice(number, Microseconds(25_000), tuple(Segment(*segment) for segment in segments))


def treat(rig: Rig) -> list[tuple[int, ...]]:
    """Drive the rig like an engine for 1.5 s; return the measured values."""
    measured: list[tuple[int, ...]] = []
    rig.pulses.prepare()
    rig.currents.write_codes((DacCode(0), DacCode(0)))
    rig.pulses.start_guard()
    rig.lines.toggle_heartbeat()
    rig.lines.reset_latch()
    rig.lines.set_supply(on=True)
    sent = 0
    for tick in range(150):
        rig.pulses.refresh_guard()
        rig.lines.toggle_heartbeat()
        inputs = rig.lines.read_inputs()
        if tick == 30:
            rig.pulses.begin_stream()
        status = rig.pulses.poll()
        wanted = 0 if not 30 <= tick < 130 else 3 if sent == 0 else int(status.queued == 1)
        for number in range(sent + 1, sent + wanted + 1):
            rig.pulses.play(a_slice(number))
        sent += wanted
        rig.currents.write_codes((DacCode(5 * tick), DacCode(3 * tick)))
        held = rig.sense.read_held(Channel(1 + tick % 2))
        measured.append((*held, *inputs, *(marker.tick_us for marker in status.markers)))
        if tick == 140:
            rig.pulses.cut()
        rig.clock.sleep_until(Microseconds(TICK_US * (tick + 2)))
    return measured


def test_a_board_in_process_and_one_over_sockets_leave_the_same_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    near, far = tmp_path / "near.vcd", tmp_path / "far.vcd"
    board = VirtualBoard(load_board_file("reference"), record=near)
    rig = open_stepped_rig(board)
    measured = treat(rig)
    rig.close()
    board.close()
    with board_process(tmp_path, far) as port:
        rig = open_virtual_rig(port)
        assert treat(rig) == measured
        rig.close()
    assert len(near.read_bytes()) > 20_000
    assert max(abs(current) for current, *_ in measured) > 5_000
    assert near.read_bytes() == far.read_bytes()
