"""Opening and closing a rig: in order, one clear line for a missing part, nothing left behind."""

import errno
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.board_file import load_board_file
from drivers.clock import SystemClock
from drivers.errors import (
    BoardBusy,
    BoardFileError,
    DriverError,
    NotConnected,
    UnsupportedMachine,
)
from drivers.rigs.hardware import HardwareParts, open_hardware_rig
from drivers.rigs.virtual import open_virtual_rig
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import board_paths
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.pace import Pace
from drivers.virtual.process import BoardProcess
from tests.contract.conftest import board_process
from tests.drivers.bench import Bench, a_slice
from tests.drivers.rigs.test_pi_model import lay_out

OUTPUTS = (26, 20, 19, 4, 15, 14)


class Chip:
    """An spidev that records the order of its calls."""

    def __init__(self, log: list[str], *, missing: bool = False) -> None:
        self.mode = 0
        self.max_speed_hz = 0
        self._log = log
        self._missing = missing

    def open(self, bus: int, device: int) -> None:
        self._log.append(f"open CE{device}")
        if self._missing:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def xfer2(self, values: Sequence[int], /) -> Sequence[int]:
        return values

    def close(self) -> None:
        self._log.append("close")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def a_pi(prefix: Path, factory: Any, make_spi: Callable[[], Chip]) -> HardwareParts:
    lay_out(prefix, "Raspberry Pi 4 Model B Rev 1.5")
    return HardwareParts(prefix, SystemClock(), lambda: factory, make_spi)


def test_a_machine_that_is_no_pi_is_refused_before_any_pin_is_opened(tmp_path: Path) -> None:
    machine = HardwareParts(
        tmp_path, SystemClock(), lambda: pytest.fail("touched"), lambda: Chip([])
    )
    with pytest.raises(UnsupportedMachine, match="not a Raspberry Pi"):
        open_hardware_rig(machine=machine)


def test_four_channels_are_refused_on_hardware(tmp_path: Path) -> None:
    machine = a_pi(tmp_path, MockFactory(), lambda: Chip([]))
    with pytest.raises(BoardFileError, match="4 channels are for the virtual board only"):
        open_hardware_rig("reference-4", machine=machine)


def test_an_unknown_board_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BoardFileError, match="no board file"):
        open_hardware_rig("refrence", machine=a_pi(tmp_path, MockFactory(), lambda: Chip([])))


def test_without_spi_the_lines_are_released_low(tmp_path: Path) -> None:
    factory, log = MockFactory(), list[str]()
    machine = a_pi(tmp_path, factory, lambda: Chip(log, missing=True))
    with pytest.raises(NotConnected, match=r"/dev/spidev0\.0"):
        open_hardware_rig(machine=machine)
    assert log == ["open CE0"]
    for pin in OUTPUTS:
        assert [bool(state.state) for state in factory.pin(pin).states] == [False]
        assert factory.pin(pin).function == "input"


def test_without_a_daemon_chips_and_lines_are_released(tmp_path: Path) -> None:
    factory, log = MockFactory(), list[str]()
    with pytest.raises(NotConnected, match="no pigpio daemon at 127"):
        open_hardware_rig(port=free_port(), machine=a_pi(tmp_path, factory, lambda: Chip(log)))
    assert log == ["open CE0", "open CE1", "close", "close"]
    assert {factory.pin(pin).function for pin in OUTPUTS} == {"input"}


def test_a_stepped_rig_closes_with_the_supply_first_and_every_line_low_last() -> None:
    bench = Bench().prepare()
    order: list[int] = []
    pins = bench.board.pins
    pins.subscribe(
        sum(1 << pin for pin in OUTPUTS), lambda changed, _: order.append(changed.bit_length() - 1)
    )
    bench.rig.lines.set_supply(on=True)
    bench.rig.lines.set_lamps(active=True, fault=False, buzzer=False)
    order.clear()
    bench.rig.close()
    assert order == [26, 4]
    assert [pins.modes[pin] for pin in OUTPUTS] == [0] * 6
    assert bench.gates_on() == []
    bench.board.close()


def test_closing_in_mid_pulse_switches_off_supply_then_gates_then_codes() -> None:
    bench = Bench().prepare()
    bench.rig.currents.write_codes((2_000, 2_000))  # type: ignore[arg-type]
    bench.rig.lines.set_supply(on=True)
    bench.begin(a_slice(1), a_slice(2), a_slice(3))
    while not bench.gates_on():
        bench.wait(50)
    order: list[int] = []
    bench.board.pins.subscribe(
        1 << 26 | 1 << 17, lambda changed, _: order.append(changed.bit_length() - 1)
    )
    bench.rig.close()
    assert order == [26, 17]
    assert bench.gates_on() == []
    stage = bench.board.stage
    assert stage is not None
    assert stage.converters.dacs[0].output == [0, 0]
    bench.board.close()


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_a_missing_board_gives_an_error_that_says_how_to_start_one(runtime: Path) -> None:
    with pytest.raises(NotConnected, match="stimkiosk board --port 9123"):
        open_virtual_rig(9123)


def test_a_daemon_that_is_no_virtual_board_is_refused(runtime: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        port = foreign.getsockname()[1]
        with pytest.raises(
            NotConnected, match="held by another program, which is no virtual board of ours"
        ):
            open_virtual_rig(port)


def test_sockets_left_by_a_killed_board_do_not_count_as_a_board(runtime: Path) -> None:
    process = BoardProcess(VirtualBoard(load_board_file("reference")), Pace(stepped=True), 0)
    folder = runtime / "stimkiosk"
    names = {path: path.stat().st_ino for path in folder.iterdir()}
    left = [folder / f"kept-{path.name}" for path in names]
    for path, kept in zip(names, left, strict=True):
        os.link(path, kept)
    process.close()
    for path, kept in zip(names, left, strict=True):
        kept.rename(path)
    with pytest.raises(DriverError, match="no virtual board answers"):
        open_virtual_rig(process.port)


def test_a_bare_board_without_output_stage_is_refused(runtime: Path) -> None:
    with (
        board_process(runtime, bare=True) as port,
        pytest.raises(NotConnected, match="start one without --bare"),
    ):
        open_virtual_rig(port)


@pytest.mark.proves("one-engine")
def test_a_second_rig_on_a_board_is_refused_before_it_changes_anything(runtime: Path) -> None:
    with board_process(runtime) as port:
        first = open_virtual_rig(port)
        first.lines.set_supply(on=True)
        with pytest.raises(BoardBusy, match=f"another engine drives the board on port {port}"):
            open_virtual_rig(port)
        with ControlClient(board_paths(port).control) as control:
            assert control.ask("status")["status"]["supply"]["enable_line"] == 1
        first.close()
        open_virtual_rig(port).close()


def test_a_board_started_from_another_board_file_is_refused(runtime: Path) -> None:
    with board_process(runtime, name="reference-4") as port:
        with pytest.raises(BoardFileError, match="is reference-4, not reference"):
            open_virtual_rig(port)
        rig = open_virtual_rig(port, board_file="reference-4")
        rig.pulses.prepare()
        assert rig.board.channels == 4
        rig.close()
