"""A gate on a stepped board, and slices and permits to try it with."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, GateRefused, Permit
from appliance.safety.state_machine.states import Delivering, State
from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.quantities import DacCode, Microamps, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.slices import Segment, Slice
from drivers.virtual.board import VirtualBoard

POSITIVE, NEGATIVE = 0b01, 0b10
SLICE_US = 25_000
PLENTY = DoseAllowance(10**9, 10**9, 10**6, 10**15)
STRONG = Permit(
    Region.LOWER_BACK,
    20_000,
    (100_000, 100_000),
    reason_given=True,
    allowances={1: PLENTY, 2: PLENTY},
)
USUAL = Permit(Region.LOWER_BACK, 5_000, (20_000, 10_000), allowances={1: PLENTY, 2: PLENTY})


class Bench:
    """A gate on a stepped board, and what it let through."""

    def __init__(self) -> None:
        self.board = VirtualBoard(load_board_file())
        self.rig: Rig = open_stepped_rig(self.board)
        self.rig.pulses.prepare()
        self.played: list[int] = []
        self.written: list[tuple[int, ...]] = []
        self.gate = Gate(replace(self.rig, pulses=self, currents=self))  # type: ignore[arg-type]

    def begin_stream(self) -> None:
        self.played.clear()

    def play(self, piece: Slice) -> None:
        self.played.append(piece.number)

    def write_codes(self, codes: tuple[DacCode, ...]) -> None:
        self.written.append(codes)
        self.rig.currents.write_codes(codes)

    def ready(self, allowed: Permit | None = None, state: State | None = None) -> Gate:
        self.gate.open(allowed or permit())
        self.gate.enter(state or Delivering())
        self.gate.begin_stream()
        return self.gate


def ua(*amplitudes_ua: int) -> tuple[Microamps, ...]:
    return tuple(Microamps(amplitude_ua) for amplitude_ua in amplitudes_ua)


def planned(
    *pulses: tuple[int, int], gap_us: int = 50, first: int = 1, every_us: int = 4_000
) -> PlannedSlice:
    """Return a slice of pulses (first phase, second phase); `first` is the channel's number."""
    shift = 2 * (first - 1)
    segments = [Segment(0, 400)]
    for one_us, other_us in pulses:
        segments.append(Segment(POSITIVE << shift, one_us))
        if other_us:
            segments += [Segment(0, gap_us), Segment(NEGATIVE << shift, other_us)]
        used_us = one_us + (gap_us + other_us if other_us else 0)
        segments.append(Segment(0, every_us - used_us))
    used_us = sum(each.duration_us for each in segments[:-1])
    segments[-1] = Segment(0, SLICE_US - used_us)
    piece = Slice(1, Microseconds(SLICE_US), tuple(segments))
    return PlannedSlice(piece, 0, Stage.ON, (1_000_000,), (len(pulses),))


def permit(ceiling_ua: int = 20_000, **other: object) -> Permit:
    usual = Permit(Region.LOWER_BACK, 5_000, (ceiling_ua, 0), allowances={1: PLENTY})
    return replace(usual, **other)  # type: ignore[arg-type]


def refused(bench: Bench, act: Callable[[], object], word: str) -> None:
    before = len(bench.played)
    with pytest.raises(GateRefused, match=word):
        act()
    assert len(bench.played) == before


def slice_of(*pulses: tuple[int, int, int], second_us: int = 0, gap_us: int = 50) -> PlannedSlice:
    """Return a slice of pulses (channel, start, phase); `second_us` lengthens a second phase."""
    segments, at_us = [], 0
    for channel, start_us, phase_us in pulses:
        gate = 1 << (2 * (channel - 1))
        segments += [
            Segment(0, start_us - at_us),
            Segment(gate, phase_us),
            Segment(0, gap_us),
            Segment(2 * gate, phase_us + second_us),
        ]
        at_us = start_us + 2 * phase_us + gap_us + second_us
    segments.append(Segment(0, SLICE_US - at_us))
    piece = Slice(1, Microseconds(SLICE_US), tuple(segments))
    return PlannedSlice(piece, 0, Stage.ON, (1_000_000,), (len(pulses),))


def row(channel: int, count: int, first_us: int = 400, every_us: int = 2_000) -> PlannedSlice:
    """Return a slice of pulses of 2 x 400 µs."""
    return slice_of(*((channel, first_us + every_us * i, 400) for i in range(count)))


def ready(gate: Gate, permit: Permit = USUAL) -> Gate:
    gate.open(permit)
    gate.enter(Delivering())
    gate.begin_stream()
    return gate


def refusal(gate: Gate, planned: PlannedSlice) -> str:
    with pytest.raises(GateRefused) as caught:
        gate.play(planned)
    return str(caught.value)
