"""The gate refuses whatever breaks a limit, and plays nothing of it. Limits are restated here.

What a refusal says is restated too: it goes into the journal and has to name the channel.
"""

from dataclasses import replace

import pytest

from appliance.core.limits.limits import Region
from appliance.core.plan.compiler import PlannedSlice
from appliance.safety.gate import Gate, GateRefused, Permit
from appliance.safety.state_machine.states import Delivering, Paused, Ready, Resting, State, Tripped
from tests.appliance.safety.gate_bench import (
    PLENTY,
    STRONG,
    USUAL,
    Bench,
    permit,
    planned,
    ready,
    refusal,
    refused,
    row,
    slice_of,
    ua,
)

pytestmark = pytest.mark.proves("gate")


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def gate() -> Gate:
    return Bench().gate


@pytest.mark.parametrize("state", [Delivering(), Resting()])
def test_a_legal_slice_passes_while_the_state_allows_a_stream(bench: Bench, state: State) -> None:
    bench.ready(state=state).play(planned((300, 300)))
    assert bench.played == [1]


def test_a_closed_gate_passes_nothing(bench: Bench) -> None:
    gate = bench.gate
    gate.enter(Delivering())
    for act in (
        gate.begin_stream,
        lambda: gate.play(planned()),
        lambda: gate.set_amplitudes(ua(30, 0)),
    ):
        refused(bench, act, "no session")
    bench.ready().shut()
    refused(bench, lambda: gate.play(planned()), "no session")
    assert gate.ceilings_ua == (0, 0)


@pytest.mark.parametrize("state", [Ready(), Paused()])
def test_a_state_without_output_passes_nothing(bench: Bench, state: State) -> None:
    gate = bench.ready()
    gate.enter(state)
    refused(bench, lambda: gate.play(planned()), "state")
    refused(bench, lambda: gate.set_amplitudes(ua(30, 0)), "state")
    assert not isinstance(state, Tripped)


def test_a_fresh_gate_has_given_nothing_and_set_no_amplitude(gate: Gate) -> None:
    assert gate.doses == {}
    assert gate.highest_ua == gate.lowest_ua == (0, 0)
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
    refused(bench, lambda: gate.set_amplitudes(ua(0, 30)), "channel 2")


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
