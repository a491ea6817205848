"""The gate refuses whatever breaks a limit, and plays nothing of it. Limits are restated here."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.dose import DoseAllowance
from appliance.safety.gate import Gate, GateRefused, Permit
from appliance.safety.state_machine.states import Delivering, Paused, Ready, Resting, State, Tripped
from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.quantities import DacCode, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.slices import Segment, Slice
from drivers.virtual.board import VirtualBoard

pytestmark = pytest.mark.proves("gate", "limits")

POSITIVE, NEGATIVE = 0b01, 0b10
SLICE_US = 25_000
PLENTY = DoseAllowance(10**9, 10**9, 10**6, 10**15)


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


class Bench:
    """A gate on a stepped board, and what it let through."""

    def __init__(self) -> None:
        self.board = VirtualBoard(load_board_file())
        self.rig: Rig = open_stepped_rig(self.board)
        self.rig.pulses.prepare()
        self.played: list[int] = []
        self.gate = Gate(replace(self.rig, pulses=self))  # type: ignore[arg-type]

    def begin_stream(self) -> None:
        self.played.clear()

    def play(self, piece: Slice) -> None:
        self.played.append(piece.number)

    def ready(self, allowed: Permit | None = None, state: State | None = None) -> Gate:
        self.gate.open(allowed or permit())
        self.gate.enter(state or Delivering())
        self.gate.begin_stream()
        return self.gate


@pytest.fixture
def bench() -> Bench:
    return Bench()


def refused(bench: Bench, act: Callable[[], None], word: str) -> None:
    before = len(bench.played)
    with pytest.raises(GateRefused, match=word):
        act()
    assert len(bench.played) == before


@pytest.mark.parametrize("state", [Delivering(), Resting()])
def test_a_legal_slice_passes_while_the_state_allows_a_stream(bench: Bench, state: State) -> None:
    bench.ready(state=state).play(planned((300, 300)))
    assert bench.played == [1]


def test_a_closed_gate_passes_nothing(bench: Bench) -> None:
    gate = bench.gate
    gate.enter(Delivering())
    for act in (gate.begin_stream, lambda: gate.play(planned()), lambda: gate.write_codes((1, 0))):  # type: ignore[arg-type]
        refused(bench, act, "no session")
    bench.ready().shut()
    refused(bench, lambda: gate.play(planned()), "no session")
    assert gate.ceilings_ua == (0, 0)


@pytest.mark.parametrize("state", [Ready(), Paused()])
def test_a_state_without_output_passes_nothing(bench: Bench, state: State) -> None:
    gate = bench.ready()
    gate.enter(state)
    refused(bench, lambda: gate.play(planned()), "state")
    refused(bench, lambda: gate.write_codes((DacCode(1), DacCode(0))), "state")
    assert not isinstance(state, Tripped)


@pytest.mark.parametrize(
    ("pulse", "word"),
    [
        ((300, 299), "phases of"),
        ((300, 0), "1 phases"),
        ((501, 501), "phase"),
        ((49, 49), "phase"),
    ],
)
def test_a_pulse_that_is_unbalanced_or_out_of_bounds_is_refused(
    bench: Bench, pulse: tuple[int, int], word: str
) -> None:
    gate = bench.ready()
    refused(bench, lambda: gate.play(planned(pulse)), word)


def test_on_the_neck_a_phase_lasts_at_most_300_us(bench: Bench) -> None:
    gate = bench.ready(permit(region=Region.NECK))
    gate.play(planned((300, 300)))
    refused(bench, lambda: gate.play(planned((301, 301))), "phase")


def test_an_interphase_of_9_us_is_refused(bench: Bench) -> None:
    gate = bench.ready()
    gate.play(planned((300, 300), gap_us=10))
    refused(bench, lambda: gate.play(planned((300, 300), gap_us=9)), "interphase")


def test_charge_is_judged_at_the_ceiling_whatever_the_level(bench: Bench) -> None:
    # 40 µC: 100 mA x 400 µs and no more.
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000))
    gate.play(planned((400, 400)))
    refused(bench, lambda: gate.play(planned((401, 401))), "charge")


def test_a_channel_that_is_not_of_the_session_is_refused(bench: Bench) -> None:
    gate = bench.ready()
    refused(bench, lambda: gate.play(planned((300, 300), first=2)), "channel 2")
    refused(bench, lambda: gate.write_codes((DacCode(0), DacCode(1))), "channel 2")


@pytest.mark.parametrize(
    ("region", "ceiling_ua", "reason", "fits"),
    [
        (Region.LOWER_BACK, 100_000, False, True),
        (Region.LOWER_BACK, 100_001, False, False),
        (Region.NECK, 40_000, False, True),
        (Region.NECK, 40_001, False, False),
        (Region.NECK, 50_000, True, True),
        (Region.NECK, 50_001, True, False),
        (Region.SUBOCCIPITAL, 20_000, True, True),
        (Region.SUBOCCIPITAL, 20_001, True, False),
        (Region.LOWER_BACK, -1, False, False),
    ],
)
def test_a_permit_above_the_regions_peak_is_refused(
    bench: Bench, region: Region, ceiling_ua: int, reason: bool, fits: bool
) -> None:
    asked = permit(ceiling_ua, region=region, reason_given=reason)
    if fits:
        bench.ready(asked)
        return
    refused(bench, lambda: bench.gate.open(asked), "peak current")
    refused(bench, bench.gate.begin_stream, "no session")


def test_a_permit_for_another_board_is_refused(bench: Bench) -> None:
    refused(bench, lambda: bench.gate.open(permit(ceilings_ua=(1_000,))), "1 ceilings")


@pytest.mark.parametrize("codes", [(0,), (0, 0, 0), (-1, 0), (4_096, 0)])
def test_codes_that_no_board_has_are_refused(bench: Bench, codes: tuple[int, ...]) -> None:
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000))
    refused(bench, lambda: gate.write_codes(codes), "codes")  # type: ignore[arg-type]
    assert gate.codes == (0, 0)


def test_a_code_above_the_ceiling_is_refused_and_not_written(bench: Bench) -> None:
    gate = bench.ready(permit(20_000))
    # 120 mA over 4095 codes: 682 is 19.985 mA, 683 is 20.015 mA.
    gate.write_codes((DacCode(682), DacCode(0)))
    gate.write_codes((DacCode(682), DacCode(0)))
    refused(bench, lambda: gate.write_codes((DacCode(683), DacCode(0))), "ceiling")
    assert gate.codes == (682, 0)
    gate.zero()
    assert gate.codes == (0, 0)
    assert gate.code_of(1, 20_000) == 682  # type: ignore[arg-type]


def play_second(gate: Gate, pulses: int, count: int = 40) -> None:
    for _ in range(count):
        gate.play(planned(*[(400, 400)] * pulses))


def test_the_rms_of_the_last_second_stays_within_50_ma(bench: Bench) -> None:
    # 100 mA, 2 x 400 µs, 10 of them in each of 40 slices: 32 % of the time, 57 mA r.m.s.
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000, reason_given=True))
    dense = planned(*[(400, 400)] * 10, every_us=2_000)
    for _ in range(31):
        gate.play(dense)  # 31 slices: 24.8 %, 49.8 mA
    refused(bench, lambda: gate.play(dense), "r.m.s.")


def test_a_second_forgets_what_lies_before_it(bench: Bench) -> None:
    gate = bench.ready(permit(100_000, pad_area_mm2=20_000, reason_given=True))
    dense = planned(*[(400, 400)] * 10, every_us=2_000)
    for _ in range(31):
        gate.play(dense)
    for _ in range(40):
        gate.play(planned())
    for _ in range(31):
        gate.play(dense)
    assert len(bench.played) == 102


def test_density_blocks_at_1_ma_per_cm2_without_and_at_2_with_a_reason(bench: Bench) -> None:
    # 50 mA, 2 x 400 µs, 4 a slice: 160 a second, 17.9 mA r.m.s. on 12.5 cm² are 1.43 mA/cm².
    small = permit(50_000, pad_area_mm2=1_250)
    gate = bench.ready(small)
    with pytest.raises(GateRefused, match="density"):
        play_second(gate, 4)
    play_second(bench.ready(replace(small, reason_given=True)), 4)
    with pytest.raises(GateRefused, match="density"):
        # 17.9 mA on 8.9 cm²
        play_second(bench.ready(replace(small, pad_area_mm2=890, reason_given=True)), 4)


@pytest.mark.parametrize(
    ("allowance", "word"),
    [
        (DoseAllowance(10**9, 10**9, 3, 10**15), "pulses"),
        (DoseAllowance(49_999, 10**9, 10**6, 10**15), "treatment time"),
        (DoseAllowance(10**9, 49_999, 10**6, 10**15), "on-time"),
        (DoseAllowance(10**9, 10**9, 10**6, 4 * 6_000_000 - 1), "charge"),
    ],
)
def test_a_spent_dose_is_refused_before_it_is_played(
    bench: Bench, allowance: DoseAllowance, word: str
) -> None:
    gate = bench.ready(permit(allowances={1: allowance}))
    two = planned((300, 300), (300, 300))  # 2 x 6 µC at the ceiling of 20 mA
    gate.play(two)
    refused(bench, lambda: gate.play(two), word)


def test_the_ledger_counts_what_played_with_the_codes_it_had(bench: Bench) -> None:
    gate = bench.ready()
    two = planned((300, 300), (300, 300))
    gate.play(two)
    gate.played(two, (DacCode(341), DacCode(0)))  # 9.993 mA, rounded up
    assert gate.doses[1].pulses == 2
    assert gate.doses[1].charge_pc == 2 * 300 * 9_993
    gate.note_zero(written=True)
    assert gate.codes == (0, 0)


def test_pulses_at_level_zero_are_not_delivered_but_use_up_the_allowance(bench: Bench) -> None:
    """Hazard: records that claim pulses nobody got; a session that never ends at level zero."""
    gate = bench.ready(permit(allowances={1: DoseAllowance(10**9, 10**9, 3, 10**15)}))
    two = planned((300, 300), (300, 300))
    gate.play(two)
    gate.played(two, (DacCode(0), DacCode(0)))
    assert (gate.doses[1].pulses, gate.doses[1].charge_pc) == (0, 0)
    assert gate.doses[1].elapsed_us == 25_000
    gate.begin_stream()
    refused(bench, lambda: gate.play(two), "pulses")
