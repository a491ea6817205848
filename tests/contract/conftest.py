"""All rigs: the virtual board in this process and as a process, simulated and real hardware."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.pigpio import client as pigpio_client
from drivers.rigs.hardware import HardwareParts, open_hardware_rig
from drivers.rigs.virtual import SteppedSocketClock, open_stepped_rig, open_virtual_rig
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import board_paths
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.host.kernel_client import KernelClient, SocketTransport
from drivers.virtual.host.pin_factory import BoardPinFactory
from drivers.virtual.host.spidev_double import VirtualSpiDev
from tests.support.hang import HANG_S

BOARD_PROCESS = """
import sys
from pathlib import Path
from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pace import Pace
from drivers.virtual.process import BoardProcess
name, record, bare = sys.argv[1:]
file = load_board_file(name)
board = VirtualBoard(file, record=Path(record) if record else None, bare=bool(bare))
BoardProcess(board, Pace(stepped=True), 0).run(lambda port: print(port, flush=True))
"""


@contextlib.contextmanager
def board_process(
    runtime: Path, record: Path | None = None, *, name: str = "reference", bare: bool = False
) -> Iterator[int]:
    """Run a board in stepped time in its own process; yield its port."""
    arguments = [name, str(record or ""), "bare" if bare else ""]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
    command = [sys.executable, "-c", BOARD_PROCESS, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(HANG_S)
            finally:
                process.kill()  # else leaving the block would wait for it for ever


@pytest.fixture
def in_process() -> Iterator[Rig]:
    board = VirtualBoard(load_board_file("reference"))
    yield open_stepped_rig(board)
    board.close()


@pytest.fixture
def over_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with board_process(tmp_path) as port:
        yield open_virtual_rig(port)


@pytest.fixture
def hardware_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """The hardware rig on a machine that looks like a Pi and has the board's lines and chips."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    tree = tmp_path / "proc" / "device-tree"
    tree.mkdir(parents=True)
    (tree / "model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.5\0")
    with board_process(tmp_path) as port:
        paths = board_paths(port)
        # Board time does not pass while the processor is busy, so limits of real time mean nothing.
        monkeypatch.setattr(pigpio_client, "ANSWER_TIMEOUT_S", 5.0)
        kernel = KernelClient(SocketTransport(paths.kernel, 5.0))
        control = ControlClient(paths.control)
        machine = HardwareParts(
            tmp_path,
            SteppedSocketClock(control),
            lambda: BoardPinFactory(kernel),
            lambda: VirtualSpiDev(kernel),
        )
        yield open_hardware_rig(port=port, machine=machine)
        control.close()
        kernel.close()


@pytest.fixture
def hardware() -> Rig:
    return open_hardware_rig()


@pytest.fixture(
    params=[
        "in_process",
        "over_sockets",
        "hardware_files",
        pytest.param("hardware", marks=pytest.mark.hil),
    ]
)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A prepared rig with its output off, closed afterwards."""
    rig: Rig = request.getfixturevalue(request.param)
    rig.pulses.prepare()
    rig.currents.write_codes((0,) * rig.board.channels)  # type: ignore[arg-type]
    yield rig
    rig.close()


@pytest.fixture
def wait(rig: Rig) -> Callable[[int], None]:
    """A function that lets time pass on the rig's own clock."""
    return lambda duration_us: rig.clock.sleep_until(rig.clock.now_us() + duration_us)  # type: ignore[arg-type]
