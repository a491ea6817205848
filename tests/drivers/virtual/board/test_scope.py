"""The oscilloscope of the board: what flowed in the last moments, and when the buzzer sounded."""

from pathlib import Path
from typing import Any

import pytest

from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from tests.drivers.virtual.board.conftest import Rig

MA_10 = 341
"""The code of 10 mA, as far as a code can give it."""


def looked_at(rig: Rig, window_us: int) -> dict[str, Any]:
    return rig.board.scope(window_us)


def currents_ma(rig: Rig, window_us: int = 5_000) -> list[list[float]]:
    """Return the different currents of each channel in mA, rounded, in their order."""
    shown = looked_at(rig, window_us)["currents"]
    return [[round(ua / 1_000, 1) for _, ua in steps if abs(ua) > 1_000] for steps in shown]


def armed(**more: Any) -> Rig:
    rig = Rig(VirtualBoard(load_board_file("reference"), **more))
    rig.board.scope(1)
    rig.arm()
    rig.code(1, MA_10)
    return rig


def test_a_pulse_is_seen_as_it_flowed_with_both_its_phases() -> None:
    rig = armed()
    rig.pulse(1, rest_us=1_000)
    assert currents_ma(rig) == [[10.0, -10.0], []]
    edges = [at_us for at_us, ua in looked_at(rig, 5_000)["currents"][0] if abs(ua) > 1_000]
    assert edges[1] - edges[0] == 250
    rig.wait_us(6_000)
    assert currents_ma(rig) == [[], []]


def test_what_flowed_before_the_window_is_its_first_value() -> None:
    rig = armed()
    rig.kernel.write(rig.board.board_file.pins.gates[0][0], 1)
    rig.wait_us(100)
    assert looked_at(rig, 50)["currents"][0][0] == (0.0, pytest.approx(10_000, rel=0.01))


def test_the_buzzer_is_told_for_five_seconds() -> None:
    rig = armed()
    buzzer = rig.board.board_file.pins.buzzer
    rig.kernel.set_mode(buzzer, 1, 0)
    rig.kernel.write(buzzer, 1)
    rig.wait_us(200_000)
    rig.kernel.write(buzzer, 0)
    rig.wait_us(300_000)
    sounds = looked_at(rig, 1)["sounds"]
    assert [(round(at_us), level) for at_us, level in sounds[-2:]] == [(-500_000, 1), (-300_000, 0)]
    rig.wait_us(6_000_000)
    assert [level for _, level in looked_at(rig, 1)["sounds"]] == [0]


def test_a_recording_goes_on_beside_it(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("alone.vcd", "beside.vcd")]
    for record, window_us in zip(files, (0, 5_000), strict=True):
        rig = Rig(VirtualBoard(load_board_file("reference"), record=record))
        rig.arm()
        rig.code(1, MA_10)
        if window_us:
            rig.board.scope(window_us)
        rig.pulse(1)
        rig.board.close()
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("window_us", [0, 1_000_001])
def test_a_window_of_no_or_too_much_time_is_refused(window_us: int) -> None:
    with pytest.raises(ValueError, match="window_us is 1 to 1000000"):
        armed().board.scope(window_us)


def test_a_bare_pi_has_no_currents() -> None:
    with pytest.raises(ValueError, match="no currents"):
        VirtualBoard(load_board_file("reference"), bare=True).scope(1_000)
