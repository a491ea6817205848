"""What is left on by a dead engine is switched off and read back, or said not to be."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pigpio
import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from drivers.clock import SystemClock
from drivers.errors import BoardFileError, NotConnected
from drivers.rigs.hardware import HardwareParts
from drivers.rigs.safe_levels import hardware_board, make_safe, virtual_board
from drivers.virtual.board_sockets import board_paths
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.host.kernel_client import KernelClient, SocketTransport
from tests.contract.conftest import board_process
from tests.drivers.rigs.test_opening import Chip, free_port
from tests.drivers.rigs.test_pi_model import lay_out

GATES = (17, 18, 22, 23)
SUPPLY_EN, LDAC, LATCH_RESET = 26, 16, 19


class Left:
    """A board that an engine has left in mid-delivery: everything on, a wave that repeats."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.control = ControlClient(board_paths(port).control)
        self.kernel = KernelClient(SocketTransport(board_paths(port).kernel, 5.0))
        for pin in (SUPPLY_EN, LATCH_RESET):
            self.kernel.set_mode(pin, 1, 0)
            self.kernel.write(pin, 1)
        self.kernel.transfer(0, bytes((0x3F, 0xFF)))
        daemon = pigpio.pi("127.0.0.1", port)
        try:
            for pin in (*GATES, LDAC):
                daemon.set_mode(pin, pigpio.OUTPUT)
            daemon.write(LDAC, 1)
            daemon.wave_add_generic([pigpio.pulse(1 << 17, 0, 500), pigpio.pulse(0, 0, 500)])
            daemon.wave_send_repeat(daemon.wave_create())
        finally:
            daemon.stop()
        self.advance(10_000)

    def advance(self, duration_us: int) -> None:
        self.control.ask("advance", to_us=self.control.ask("time")["time_us"] + duration_us)

    def high(self) -> list[int]:
        levels = self.kernel.read_levels()
        return [pin for pin in (*GATES, LDAC, SUPPLY_EN, LATCH_RESET) if levels >> pin & 1]

    def close(self) -> None:
        self.control.close()
        self.kernel.close()


@contextmanager
def left_on(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    with board_process(runtime) as port, closing(Left(port)) as left:
        yield left


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    with left_on(tmp_path, monkeypatch) as board:
        yield board


def calm(port: int, **options: float) -> tuple[str, ...]:
    with virtual_board("reference", port) as board:
        return make_safe(board, **options)  # type: ignore[arg-type]


def code_of_channel_1(left: Left) -> int:
    """Return what the ADC reads back of the DAC: input 6, 12 bits."""
    reply = left.kernel.transfer(1, bytes((0x07, 0x80, 0x00)))
    return (reply[1] & 0x0F) << 8 | reply[2]


def test_a_wave_that_repeats_and_every_line_are_off_and_stay_off(left: Left) -> None:
    assert {17, LDAC, SUPPLY_EN, LATCH_RESET} <= set(left.high())
    assert calm(left.port) == ()
    for _ in range(20):
        assert left.high() == []
        left.advance(700)


def test_the_code_of_the_dac_is_zero_afterwards(left: Left) -> None:
    left.kernel.write(LATCH_RESET, 0)
    assert code_of_channel_1(left) > 4_000
    calm(left.port)
    left.advance(1_000)
    assert code_of_channel_1(left) <= 2  # noise of the converter


def test_lines_that_an_engine_holds_are_left_alone_on_request(left: Left) -> None:
    assert calm(left.port, only_gates=True) == ()
    assert left.high() == [SUPPLY_EN, LATCH_RESET]


@pytest.mark.parametrize("fault", ["lost-daemon", "stalled-daemon"])
def test_without_an_answer_of_the_daemon_the_kernel_clears_the_gates(
    left: Left, fault: str
) -> None:
    left.control.ask("set", fault=fault)
    assert calm(left.port) == ()
    assert left.high() == []


def test_a_daemon_that_was_started_and_does_not_answer_is_told(left: Left) -> None:
    left.control.ask("set", fault="lost-daemon")
    (problem,) = calm(left.port, wait_s=0.1, only_gates=True)
    assert problem.startswith("through the daemon: ")


def test_a_gate_that_is_stuck_is_never_called_off(left: Left) -> None:
    left.control.ask("set", fault="stuck-gate:gate1_pos")
    left.advance(1_000)
    told = calm(left.port)
    assert any("still high: BCM 17" in problem for problem in told)
    assert SUPPLY_EN not in left.high()


def test_twice_is_as_good_as_once(left: Left) -> None:
    assert calm(left.port) == ()
    assert calm(left.port) == ()
    assert left.high() == []


def test_without_a_board_the_caller_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NotConnected, match="no virtual board"):
        calm(free_port())
    with pytest.raises(BoardFileError), virtual_board("refrence", 8888):
        pass


def a_pi(prefix: Path, factory: MockFactory, log: list[str]) -> HardwareParts:
    lay_out(prefix, "Raspberry Pi 4 Model B Rev 1.5")
    return HardwareParts(prefix, SystemClock(), lambda: factory, lambda: Chip(log))


def test_on_hardware_without_a_daemon_gates_lines_and_codes_go_low_by_the_kernel(
    tmp_path: Path,
) -> None:
    factory, log = MockFactory(), list[str]()
    with hardware_board("reference", free_port(), a_pi(tmp_path, factory, log)) as board:
        assert make_safe(board) == ()
    assert log == ["open CE0", "open CE1", "close", "close"]
    for pin in (*GATES, LDAC, SUPPLY_EN):
        assert not any(state.state for state in factory.pin(pin).states)


class StuckPin(MockPin):  # type: ignore[misc]
    """A pin that a short holds high, if it is gate 22."""

    def _get_state(self) -> bool:
        return bool(self.info.name == "GPIO22")


def test_on_hardware_a_gate_that_reads_high_is_told(tmp_path: Path) -> None:
    factory = MockFactory(pin_class=StuckPin)
    with hardware_board("reference", free_port(), a_pi(tmp_path, factory, [])) as board:
        told = make_safe(board, only_gates=True)
    assert told[-1] == "through the kernel: still high: BCM 22"


def test_without_a_kernel_side_the_daemon_is_still_made_safe(left: Left, tmp_path: Path) -> None:
    def no_lines() -> MockFactory:
        raise NotConnected("no GPIO through lgpio")

    parts = HardwareParts(tmp_path, SystemClock(), no_lines, lambda: Chip([]))
    with hardware_board("reference", left.port, parts) as board:
        assert make_safe(board) == ("through the kernel: no GPIO through lgpio",)
        assert make_safe(board, only_gates=True) == ()  # the daemon has proven them low
    assert set(left.high()) == {SUPPLY_EN, LATCH_RESET}
