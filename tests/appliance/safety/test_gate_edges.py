"""The gate at its edges: fresh, shut, opened again, two channels at once, to the last pulse.

What a refusal says is restated too: it goes into the journal and has to name the channel.
"""

from dataclasses import replace

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, GateRefused, Permit
from appliance.safety.state_machine.states import Delivering
from drivers.board_file import load_board_file
from drivers.quantities import DacCode, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.slices import Segment, Slice
from drivers.virtual.board import VirtualBoard

pytestmark = pytest.mark.proves("gate")

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


@pytest.fixture
def gate() -> Gate:
    rig = open_stepped_rig(VirtualBoard(load_board_file()))
    rig.pulses.prepare()
    return Gate(replace(rig, pulses=Played()))  # type: ignore[arg-type]


class Played:
    """Takes every slice, so that what the gate lets through is all that counts."""

    def begin_stream(self) -> None:
        """Do nothing."""

    def play(self, piece: Slice) -> None:
        """Do nothing."""


def ready(gate: Gate, permit: Permit = USUAL) -> Gate:
    gate.open(permit)
    gate.enter(Delivering())
    gate.begin_stream()
    return gate


def refusal(gate: Gate, planned: PlannedSlice) -> str:
    with pytest.raises(GateRefused) as caught:
        gate.play(planned)
    return str(caught.value)


def test_a_fresh_gate_has_given_nothing_and_written_no_code(gate: Gate) -> None:
    assert gate.doses == {}
    assert gate.codes == (0, 0)
    assert gate.ceilings_ua == (0, 0)


def test_a_permit_alone_passes_nothing_before_the_state_allows_it(gate: Gate) -> None:
    gate.open(USUAL)
    assert refusal(gate, row(1, 1)) == "the state allows no output"
    with pytest.raises(GateRefused, match=r"^the state allows no output$"):
        gate.begin_stream()


def test_a_gate_that_was_shut_waits_for_the_state_again(gate: Gate) -> None:
    ready(gate).shut()
    assert refusal(gate, row(1, 1)) == "no session has been permitted"
    gate.open(USUAL)
    assert refusal(gate, row(1, 1)) == "the state allows no output"


def test_a_gate_opened_anew_counts_from_zero_before_its_stream_begins(gate: Gate) -> None:
    three = replace(USUAL, allowances={1: replace(PLENTY, pulses=3)})
    for _ in range(2):
        gate.open(three)
        gate.enter(Delivering())
        gate.play(row(1, 2))
        assert "pulses: asked 4, allowed 3 in all" in refusal(gate, row(1, 2))


def test_a_slice_without_pulses_gives_no_charge(gate: Gate) -> None:
    ready(gate)
    gate.played(slice_of(), (DacCode(600), DacCode(300)))
    assert [dose.charge_pc for dose in gate.doses.values()] == [0, 0]
    gate.played(row(2, 3), (DacCode(600), DacCode(300)))
    assert gate.doses[1].charge_pc == 0
    assert gate.doses[2].pulses == 3


@pytest.mark.parametrize(
    ("ceilings_ua", "said"),
    [
        ((100_001, 0), "channel 1: peak current: asked 100.001 mA, allowed 0 to 100 mA"),
        ((0, 100_001), "channel 2: peak current: asked 100.001 mA, allowed 0 to 100 mA"),
    ],
)
def test_a_permit_that_is_refused_names_its_channel(
    gate: Gate, ceilings_ua: tuple[int, ...], said: str
) -> None:
    with pytest.raises(GateRefused) as caught:
        gate.open(replace(USUAL, ceilings_ua=ceilings_ua))
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("permit", "planned", "said"),
    [
        (USUAL, slice_of((2, 400, 501)), "channel 2: phase: asked 501 µs"),
        (USUAL, slice_of((2, 400, 300), gap_us=9), "channel 2: interphase: asked 9 µs"),
        (STRONG, slice_of((2, 400, 401)), "channel 2: charge per phase: asked 40.1 µC"),
        (USUAL, slice_of((1, 400, 300), second_us=-1), "channel 1: phases of 300 and -299 µs"),
        (
            replace(USUAL, allowances={1: PLENTY, 2: replace(PLENTY, pulses=2)}),
            row(2, 3),
            "channel 2: pulses: asked 3, allowed 2 in all",
        ),
        (
            replace(USUAL, ceilings_ua=(0, 100_000), pad_area_mm2=100, reason_given=True),
            row(2, 8),
            "channel 2: current density: asked",
        ),
    ],
)
def test_what_is_refused_of_a_slice_names_its_channel_and_its_limit(
    gate: Gate, permit: Permit, planned: PlannedSlice, said: str
) -> None:
    assert refusal(ready(gate, permit), planned).startswith(said)


def test_a_code_above_its_own_channels_ceiling_is_refused_with_both_numbers(gate: Gate) -> None:
    # 120 mA over 4 095 codes, rounded up: 342 is 10.022 mA.
    ready(gate)
    gate.write_codes((DacCode(341), DacCode(341)))
    with pytest.raises(GateRefused) as caught:
        gate.write_codes((DacCode(341), DacCode(342)))
    assert str(caught.value) == "channel 2: code 342 is 10022 µA, ceiling 10000 µA"
    with pytest.raises(GateRefused) as caught:
        gate.write_codes((DacCode(683), DacCode(0)))
    assert str(caught.value) == "channel 1: code 683 is 20015 µA, ceiling 20000 µA"
    assert gate.codes == (341, 341)


def test_the_highest_code_of_the_board_is_a_code_and_far_above_any_ceiling(gate: Gate) -> None:
    with pytest.raises(
        GateRefused, match=r"^channel 1: code 4095 is 120000 µA, ceiling 100000 µA$"
    ):
        ready(gate, STRONG).write_codes((DacCode(4_095), DacCode(0)))


def test_each_channel_has_a_last_second_of_its_own(gate: Gate) -> None:
    # 100 mA: 25 % of a second are 50 mA r.m.s. Each has 19 %; together they would have 38 %.
    ready(gate, STRONG)
    interleaved = slice_of(*((1 + i % 2, 400 + 1_750 * i, 400) for i in range(12)))
    for _ in range(80):
        gate.play(interleaved)


def test_the_hottest_pulse_of_a_slice_decides_and_not_its_last(gate: Gate) -> None:
    """312 pulses of 2 x 400 µs at 100 mA are 49.96 mA r.m.s. of one second, 313 are 50.04 mA."""
    ready(gate, STRONG)
    gate.play(row(1, 12, first_us=2_000, every_us=1_800))
    for _ in range(30):
        gate.play(row(1, 10))
    for _ in range(9):
        gate.play(slice_of())
    # One second after the first slice began its pulses still count for the first of these two,
    # and none of them for the second.
    early_and_late = slice_of((1, 400, 400), (1, 23_900, 400))
    assert refusal(gate, early_and_late).startswith("channel 1: r.m.s. current: asked 50.0")


def test_the_312th_pulse_of_a_second_passes_and_a_fresh_stream_forgets_it(gate: Gate) -> None:
    ready(gate, STRONG)
    for _ in range(2):
        gate.begin_stream()
        gate.play(row(1, 12, first_us=2_000, every_us=1_800))
        for _ in range(30):
            gate.play(row(1, 10))
        assert refusal(gate, row(1, 1)).startswith("channel 1: r.m.s. current")
