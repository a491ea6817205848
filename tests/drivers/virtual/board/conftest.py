"""Boards in stepped time in this process, and boards as processes."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from drivers.virtual.host.kernel_client import InProcessTransport, KernelClient
from tests.support.hang import HANG_S

POS1, NEG1, POS2, NEG2 = 17, 18, 22, 23
LDAC, SUPPLY_EN, HEARTBEAT, LATCH_RESET = 16, 26, 20, 19


class Rig:
    """A board in stepped time, used through its kernel side."""

    def __init__(self, board: VirtualBoard) -> None:
        self.board = board
        self.kernel = KernelClient(InProcessTransport(board.kernel.connect()))
        for gpio in (*board.board_file.pins.gate_list(), LDAC, SUPPLY_EN, HEARTBEAT, LATCH_RESET):
            self.kernel.set_mode(gpio, 1, 0)
        self.kernel.write(LDAC, 1)
        self._beat = 0

    def wait_us(self, microseconds: int) -> None:
        self.board.advance_to_us(self.board.now_us + microseconds)

    def beat(self) -> None:
        self._beat ^= 1
        self.kernel.write(HEARTBEAT, self._beat)

    def arm(self) -> None:
        self.beat()
        self.kernel.write(SUPPLY_EN, 1)
        self.kernel.write(LATCH_RESET, 1)
        self.kernel.write(LATCH_RESET, 0)
        self.wait_us(10_000)

    def code(self, channel: int, code: int) -> None:
        word = (channel - 1) % 2 << 15 | 0x3000 | code
        self.kernel.transfer((channel - 1) // 2 * 2, word.to_bytes(2, "big"))
        self.kernel.write(LDAC, 0)
        self.kernel.write(LDAC, 1)

    def pulse(
        self, channel: int = 1, phase_us: int = 200, gap_us: int = 50, rest_us: int = 5_000
    ) -> None:
        positive, negative = self.board.board_file.pins.gates[channel - 1]
        for gpio, wait_us in ((positive, gap_us), (negative, rest_us)):
            self.kernel.write(gpio, 1)
            self.wait_us(phase_us)
            self.kernel.write(gpio, 0)
            self.wait_us(wait_us)
        self.beat()

    def convert(self, number: int) -> int:
        reply = self.kernel.transfer(1, bytes((6 | number >> 2, (number & 3) << 6, 0)))
        return (reply[1] & 15) << 8 | reply[2]

    def channel(self, number: int = 1) -> dict[str, object]:
        channels = self.board.status()["channels"]
        assert isinstance(channels, list)
        channel: dict[str, object] = channels[number - 1]
        return channel

    @property
    def latch_causes(self) -> list[str]:
        latch = self.board.status()["fault_latch"]
        assert isinstance(latch, dict)
        return list(latch["causes"]) if latch["set"] else []


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """A maker of stepped boards that are closed at the end."""
    made: list[VirtualBoard] = []

    def make(name: str = "reference", **options: object) -> Rig:
        board = VirtualBoard(load_board_file(name), **options)  # type: ignore[arg-type]
        made.append(board)
        return Rig(board)

    yield make
    for board in made:
        board.close()


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    """An armed board in stepped time, both codes 0."""
    made = make_rig()
    made.arm()
    return made


class Process:
    """`stimkiosk board` as a process, started and ready."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "ui.cli.main", "board", "--port", "0", *arguments]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout is not None
        self.ready = self.child.stdout.readline()
        shown = re.search(r":(\d+)", self.ready)
        assert shown, f"no ready line: {self.ready!r}"
        self.port = int(shown[1])

    def end(self, signal_number: int) -> int:
        self.child.send_signal(signal_number)
        return self.child.wait(HANG_S)


@pytest.fixture
def start_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Process]]:
    """A starter of board processes whose sockets are in a folder of this test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    started: list[Process] = []

    def start(*arguments: str) -> Process:
        process = Process(*arguments)
        started.append(process)
        return process

    yield start
    for process in started:
        process.child.kill()
        process.child.wait(HANG_S)
        if process.child.stdout is not None:
            process.child.stdout.close()
