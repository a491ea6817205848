"""A board in stepped time with its rig, and a record of the edges and requests it saw."""

import struct
from typing import cast

from drivers.board_file import load_board_file
from drivers.interfaces import Marker, Rig
from drivers.pigpio.output import PigpioOutput
from drivers.quantities import Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.slices import Segment, Slice
from drivers.virtual.board import VirtualBoard

LDAC = 16
GATES = (17, 18, 22, 23)
WVCLR, WVDEL, WVTXM, WVHLT = 27, 50, 100, 33
BC1 = 12


def a_slice(number: int = 1, pulses: int = 2, duration_us: int = 20_000, gate: int = 1) -> Slice:
    """Return a slice with biphasic pulses of 200 µs a phase, one each 5 ms."""
    segments = [Segment(0, 500)]
    for _ in range(pulses):
        segments += [Segment(gate, 200), Segment(0, 50), Segment(gate << 1, 200)]
        segments.append(Segment(0, 4_550))
    used = sum(segment.duration_us for segment in segments[:-1])
    segments[-1] = Segment(0, duration_us - used)
    return Slice(number, Microseconds(duration_us), tuple(segments))


class Bench:
    """One board; `edges` are (µs, GPIO, level) of gates and LDAC, `requests` (command, p1)."""

    def __init__(self, name: str = "reference") -> None:
        self.board = VirtualBoard(load_board_file(name))
        self.rig: Rig = open_stepped_rig(self.board)
        self.pulses = cast("PigpioOutput", self.rig.pulses)
        self.edges: list[tuple[int, int, int]] = []
        self.requests: list[tuple[int, int]] = []
        pins = (*self.board.board_file.pins.gate_list(), LDAC)
        self._watched = [(1 << pin, pin) for pin in pins]
        self.board.pins.subscribe(sum(1 << pin for pin in pins), self._see)
        self._spy()

    def prepare(self) -> "Bench":
        """Prepare the output, then clear the records."""
        self.pulses.prepare()
        self.edges.clear()
        self.requests.clear()
        return self

    @property
    def now_us(self) -> int:
        return self.board.now_us

    def wait(self, duration_us: int) -> None:
        self.rig.clock.sleep_until(Microseconds(self.now_us + duration_us))

    def gates_on(self) -> list[int]:
        return [pin for pin in GATES if self.board.pins.level(pin)]

    def gate_edges(self) -> list[tuple[int, int, int]]:
        return [edge for edge in self.edges if edge[1] != LDAC]

    def begin(self, *slices: Slice) -> None:
        self.pulses.begin_stream()
        for slice_ in slices:
            self.pulses.play(slice_)

    def stream(self, slices: int, tick_us: int = 10_000) -> list[Marker]:
        """Feed a stream as the engine does, to its end; return every marker."""
        markers: list[Marker] = []
        sent = 3
        self.begin(*[a_slice(number) for number in range(1, 4)])
        for _ in range(slices * 4):
            self.wait(tick_us)
            status = self.pulses.poll()
            markers += status.markers
            if status.idle:
                break
            if sent < slices and status.queued == 1:
                sent += 1
                self.pulses.play(a_slice(sent))
        return markers

    def close(self) -> None:
        self.rig.close()
        self.board.close()

    def _see(self, changed: int, levels: int) -> None:
        for mask, pin in self._watched:
            if changed & mask:
                self.edges.append((self.now_us, pin, int(bool(levels & mask))))

    def _spy(self) -> None:
        wire = self.pulses._client.wire
        passed = wire.sendall

        def sendall(data: bytes | bytearray) -> None:
            self.requests.append(struct.unpack_from("<II", data))
            passed(data)

        wire.sendall = wire.send = sendall  # type: ignore[method-assign]


def guard_number(bench: Bench) -> int:
    """Return the number of the guard's script in the daemon."""
    number = bench.pulses._guard._id
    assert number is not None
    return number
