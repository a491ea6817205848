"""No prescription of several parts that is accepted breaks a limit in any window, at the gate."""

from copy import copy
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings

from appliance.control.treatment.permit import permit_of
from appliance.core.plan.compiler import PlannedSlice, Stage, compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.prescription import Prescription
from appliance.safety.gate import GateRefused
from tests.appliance.safety.gate_bench import Bench, ua
from tests.support.expected_pulses import expected_pulses
from tests.support.parts import DEVICE, S, of_parts, several
from tests.support.strategies import prescriptions

BOARD_CHANNELS = 4
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def compile_all(asked: Prescription) -> list[PlannedSlice]:
    plan = plan_train(asked)
    found: list[PlannedSlice] = []
    cursor = first_cursor(plan)
    while (compiled := compile_next(plan, cursor, len(found) + 1)) is not None:
        planned, cursor = compiled
        found.append(planned)
    return found


@pytest.mark.proves("balanced-pulses", "whole-slices", "limits")
@few
@given(several())
def test_every_part_plays_to_the_microsecond_and_within_its_limits(asked: Prescription) -> None:
    """Numbers are written out again: charge, r.m.s., density, tetanic runs and rests, by share."""
    found = []
    heat: dict[int, list[tuple[int, int]]] = {channel: [] for channel in asked.channels}
    runs: dict[int, list[list[int]]] = {channel: [] for channel in asked.channels}
    at_us = 0
    for planned in compile_all(asked):
        assert planned.start_us == at_us
        at_us += planned.slice.duration_us
        part = asked.parts[planned.part]
        amplitude_ua = asked.ceiling_ua * part.share_percent // 100
        assert max(planned.envelope_ppm) <= part.share_percent * 10_000
        for pulse in decode_slice(planned.slice, BOARD_CHANNELS):
            begins_us, ends_us = planned.start_us + pulse.start_us, planned.start_us + pulse.end_us
            phase_us = pulse.phases[0].duration_us
            assert pulse.balance_us == 0
            assert amplitude_ua * phase_us <= 40_000_000
            heat[pulse.channel].append((ends_us, amplitude_ua**2 * 2 * phase_us))
            found.append((pulse.channel, begins_us, phase_us))
            own = runs[pulse.channel]
            if part.period_us < 100_000 and part.burst is None:
                if not own or begins_us - own[-1][1] > 1_000_000:
                    own.append([begins_us, ends_us])
                own[-1][1] = ends_us
    assert at_us == asked.duration_us
    assert found == [(p.channel, p.start_us, p.phase_us) for p in expected_pulses(asked)]
    area_cm2 = asked.pad_area_mm2 / 100
    for pulses in heat.values():
        first, square = 0, 0
        for ends_us, more in pulses:
            square += more
            while pulses[first][0] <= ends_us - 1_000_000:
                square -= pulses[first][1]
                first += 1
            rms_ua = (square / 1_000_000) ** 0.5
            assert rms_ua <= 50_000
            assert rms_ua / area_cm2 < 1_000
    for own in runs.values():
        assert all(ends_us - begins_us <= 13 * S for begins_us, ends_us in own)
        for before, after in pairwise(own):
            assert after[0] - before[1] >= before[1] - before[0]


@pytest.mark.proves("gate", "limits")
@few
@given(several() | prescriptions())
def test_the_gate_passes_every_slice_of_what_the_limits_accept(asked: Prescription) -> None:
    bench = Bench()
    assume(asked.ceiling_ua)  # with none, no channel takes part
    short = copy(asked)  # the bench has two channels
    own = tuple(n for n in asked.channels if n < 3) or (1,)
    object.__setattr__(short, "channels", own)
    bench.ready(permit_of(short, 2))
    for planned in compile_all(short):
        bench.gate.play(planned)


def device() -> tuple[Bench, list[PlannedSlice]]:
    asked = of_parts(*DEVICE, duration_us=120 * S)
    bench = Bench()
    bench.ready(permit_of(asked, 2))
    return bench, compile_all(asked)


def play_all(bench: Bench, slices: list[PlannedSlice]) -> None:
    for planned in slices:
        bench.gate.play(planned)


def of_part(slices: list[PlannedSlice], part: int, stage: Stage) -> PlannedSlice:
    found = (each for each in slices if each.part == part and each.stage is stage)
    return next(each for each in found if any(each.pulses))


@pytest.mark.proves("gate", "limits")
@pytest.mark.parametrize(("part", "most_ua"), [(0, 5_000), (1, 10_000), (2, 4_000), (3, 2_500)])
def test_the_gate_works_out_share_times_level_itself(part: int, most_ua: int) -> None:
    """Hazard: a plan or treatment that is wrong plays a weak part at the whole level."""
    bench, slices = device()
    stage = Stage.ACTIVE_REST if part == 2 else Stage.ON
    planned = of_part(slices, part, stage)
    gate = bench.gate
    gate.open(permit_of(of_parts(*DEVICE, duration_us=120 * S), 2), lambda _: 10_000)
    gate.set_amplitudes(ua(most_ua, 0), planned)
    with pytest.raises(GateRefused, match=f"part {part + 1} has {most_ua} µA"):
        gate.set_amplitudes(ua(most_ua + 1, 0), planned)
    with pytest.raises(GateRefused, match="not named"):
        gate.set_amplitudes(ua(1, 0))
    with pytest.raises(GateRefused, match="no part 5"):
        gate.set_amplitudes(ua(0, 0), planned._replace(part=4))


@pytest.mark.proves("gate")
def test_no_amplitude_passes_for_a_channel_without_a_level() -> None:
    bench, slices = device()
    gate, planned = bench.gate, of_part(slices, 1, Stage.ON)
    gate.open(permit_of(of_parts(*DEVICE, duration_us=120 * S), 2), lambda _: 0)
    gate.set_amplitudes(ua(0, 0), planned)
    with pytest.raises(GateRefused, match="part 2 has 0 µA"):
        gate.set_amplitudes(ua(1, 0), planned)


@pytest.mark.proves("gate")
def test_a_slice_that_names_another_part_than_its_own_is_refused() -> None:
    bench, slices = device()
    rest, work = of_part(slices, 2, Stage.ACTIVE_REST), of_part(slices, 1, Stage.ON)
    with pytest.raises(GateRefused, match="a phase of 250 µs is not of this part"):
        bench.gate.play(rest._replace(part=1))
    assert len(work.pulses) == 1
    slow = next(each for each in slices if each.part == 1 and each.pulses[0] > 0)
    for _ in range(2):
        bench.gate.play(slow)
    with pytest.raises(GateRefused, match="not of this part"):
        bench.gate.play(slow._replace(part=2))
    with pytest.raises(GateRefused, match="there is no part"):
        bench.gate.play(slow._replace(part=-1))


@pytest.mark.proves("gate")
def test_pulses_nearer_than_those_of_the_part_are_refused() -> None:
    bench, slices = device()
    dense = next(each for each in slices if each.part == 1 and each.pulses[0] > 0)
    bench.gate.play(dense)
    with pytest.raises(GateRefused, match="apart"):
        play_all(bench, [dense._replace(part=3)] * 8)


@pytest.mark.proves("gate")
def test_a_tetanic_run_without_end_is_refused_whoever_planned_it() -> None:
    bench, slices = device()
    steady = [each for each in slices if each.part == 1 and each.stage is Stage.ON][:3]
    with pytest.raises(GateRefused, match="on-time: asked"):
        play_all(bench, steady * 200)


@pytest.mark.proves("gate")
def test_a_contraction_before_its_rest_is_refused_whoever_planned_it() -> None:
    bench, slices = device()
    work = [each for each in slices if each.part == 1 and each.start_us < 30 * S]
    contraction = [each for each in work if any(each.pulses)]
    silence = next(each for each in work if not any(each.pulses))
    for planned in contraction:
        bench.gate.play(planned)
    for _ in range(7 * 40):
        bench.gate.play(silence)
    with pytest.raises(GateRefused, match="rest of a tetanic train"):
        bench.gate.play(contraction[0])
