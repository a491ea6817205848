"""An output stage on bare pins: no daemon, time advanced by the test."""

from collections.abc import Callable

import pytest

from drivers.board_file import BoardFile, load_board_file
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

LDAC, SUPPLY_EN, HEARTBEAT, LATCH_RESET = 16, 26, 20, 19


def code_of(milliamps: float) -> int:
    """Return the DAC code of a current; code 4095 is 120 mA."""
    return round(milliamps / 120 * 4095)


class Bench:
    """What a person at a test bench does: set a line, wait, send bytes."""

    def __init__(self, board: BoardFile, watchdog_us: int = 160_000) -> None:
        self.board = board
        self.timeline = Timeline()
        self.pins = PinBank()
        self.stage = OutputStage(board, self.timeline, self.pins, watchdog_us=watchdog_us)
        lines = (*board.pins.gate_list(), LDAC, SUPPLY_EN, HEARTBEAT, LATCH_RESET)
        for gpio in lines:
            self.pins.set_mode(gpio, 1)
        self.high(LDAC)

    def high(self, gpio: int) -> None:
        self.pins.write(1 << gpio, 0)

    def low(self, gpio: int) -> None:
        self.pins.write(0, 1 << gpio)

    def wait_us(self, microseconds: float) -> None:
        self.timeline.advance_to(self.timeline.now_ns + round(microseconds * 1_000))

    def beat(self) -> None:
        (self.low if self.pins.level(HEARTBEAT) else self.high)(HEARTBEAT)

    def arm(self) -> None:
        """Switch the supply on, clear the latch, wait for the rail."""
        self.beat()
        self.high(SUPPLY_EN)
        self.high(LATCH_RESET)
        self.low(LATCH_RESET)
        self.wait_us(10_000)

    def code(self, channel: int, code: int) -> None:
        """Write a code and strobe LDAC."""
        word = (channel - 1) % 2 << 15 | 0x3000 | code
        self.stage.transfer((channel - 1) // 2 * 2, word.to_bytes(2, "big"))
        self.low(LDAC)
        self.high(LDAC)

    def phase(self, gpio: int, microseconds: float) -> None:
        self.high(gpio)
        self.wait_us(microseconds)
        self.low(gpio)

    def pulse(self, channel: int = 1, phase_us: float = 200, gap_us: float = 50) -> None:
        positive, negative = self.board.pins.gates[channel - 1]
        self.phase(positive, phase_us)
        self.wait_us(gap_us)
        self.phase(negative, phase_us)

    def current_ua(self, channel: int = 1) -> float:
        circuit = self.stage.channels[channel - 1].circuit
        return circuit.peek(self.timeline.now_ns)[0] * 1e6

    def convert(self, number: int, chip_select: int = 1) -> int:
        """Read an ADC input as a simple driver would."""
        sent = bytes((0x06 | number >> 2, (number & 3) << 6, 0))
        reply = self.stage.transfer(chip_select, sent)
        return (reply[1] & 0x0F) << 8 | reply[2]


@pytest.fixture
def bench() -> Bench:
    """A powered bench: armed, both codes 0."""
    made = Bench(load_board_file())
    made.arm()
    return made


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    """A maker of benches that are not armed."""
    return lambda name="reference", **options: Bench(load_board_file(name), **options)
