"""What must hold of every slice of every prescription, whatever it asks for."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.core.plan.compiler import PlannedSlice, Stage, compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.dose import Dose, Portion, add, allowances, allows
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import Biphasic, Carrier
from drivers.slices import check_slice
from tests.support.expected_pulses import Expected, expected_pulses
from tests.support.strategies import MINUTE_US, prescription, prescriptions, shortened

BOARD_CHANNELS = 4
few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def compile_all(asked: Prescription) -> list[PlannedSlice]:
    plan = plan_train(asked)
    found: list[PlannedSlice] = []
    cursor = first_cursor(plan)
    while (compiled := compile_next(plan, cursor, len(found) + 1)) is not None:
        planned, cursor = compiled
        found.append(planned)
    return found


def end_of(pulse: Expected) -> int:
    return pulse.start_us + 2 * pulse.phase_us + pulse.interphase_us


def decode_all(slices: list[PlannedSlice]) -> list[Expected]:
    found = []
    for planned in slices:
        for pulse in decode_slice(planned.slice, BOARD_CHANNELS):
            start_us = planned.start_us + pulse.start_us
            sign, _, phase_us = pulse.phases[0]
            found.append(Expected(pulse.channel, start_us, phase_us, pulse.interphase_us, sign > 0))
    return found


@pytest.mark.proves("balanced-pulses", "whole-slices")
@few
@given(prescriptions())
def test_what_the_hardware_will_do_is_what_was_prescribed_to_the_microsecond(
    asked: Prescription,
) -> None:
    decoded = decode_all(compile_all(asked))
    assert decoded == [Expected(*pulse) for pulse in plan_train(asked).pulses()]
    assert decoded == expected_pulses(asked)


@pytest.mark.proves("balanced-pulses", "whole-slices")
@few
@given(prescriptions())
def test_slices_are_playable_balanced_and_fill_the_treatment(asked: Prescription) -> None:
    at_us = 0
    for number, planned in enumerate(compile_all(asked), start=1):
        check_slice(planned.slice, BOARD_CHANNELS)
        assert (planned.slice.number, planned.start_us) == (number, at_us)
        assert planned.slice.segments[0].gates == planned.slice.segments[-1].gates == 0
        for pulse in decode_slice(planned.slice, BOARD_CHANNELS):
            (sign, _, phase_us), (other_sign, _, other_us) = pulse.phases
            charge_pc = asked.ceiling_ua * (sign * phase_us + other_sign * other_us)
            assert (charge_pc, pulse.balance_us) == (0, 0)
        at_us += planned.slice.duration_us
    assert at_us == asked.duration_us


@pytest.mark.proves("limits")
@few
@given(prescriptions())
def test_no_pulse_is_beyond_the_limits_or_too_near_another(asked: Prescription) -> None:
    decoded = decode_all(compile_all(asked))
    for pulse in decoded:
        assert 50 <= pulse.phase_us <= 500
        assert 10 <= pulse.interphase_us <= 250
        assert asked.ceiling_ua * pulse.phase_us <= 40_000_000
    for before, after in pairwise(decoded):
        free_us = after.start_us - end_of(before)
        assert free_us >= (300 if before.channel != after.channel else 10)
    if isinstance(asked.parts[0].waveform, Biphasic):
        for channel in asked.channels:
            starts = [pulse.start_us for pulse in decoded if pulse.channel == channel]
            assert min((b - a for a, b in pairwise(starts)), default=4_000) >= 4_000


@pytest.mark.proves("limits")
@few
@given(prescriptions())
def test_slices_say_truly_what_they_hold_and_ramp_no_faster_than_asked(
    asked: Prescription,
) -> None:
    before: tuple[int, ...] = (0,) * len(asked.channels)
    times = asked.parts[0].on_off
    for planned in compile_all(asked):
        pulses = decode_slice(planned.slice, BOARD_CHANNELS)
        counts = [sum(pulse.channel == channel for pulse in pulses) for channel in asked.channels]
        assert list(planned.pulses) == counts
        assert len(pulses) == sum(counts)
        assert max(planned.envelope_ppm) <= 1_000_000
        if planned.stage is Stage.REST:
            assert (sum(counts), max(planned.envelope_ppm)) == (0, 0)
        if asked.use == "alternating":
            assert sum(map(bool, planned.envelope_ppm)) <= 1
        if times is not None:
            rise = 30_000 * 1_000_000 // times.ramp_up_us + 1
            fall = 30_000 * 1_000_000 // times.ramp_down_us + 1
            for was, now in zip(before, planned.envelope_ppm, strict=True):
                assert -fall <= now - was <= rise
        before = planned.envelope_ppm


@pytest.mark.proves("limits")
@few
@given(prescriptions())
def test_no_second_is_hotter_than_the_one_that_was_judged(asked: Prescription) -> None:
    judged_us = densest_of(asked.parts[0]).on_us()
    decoded = decode_all(compile_all(asked))
    for channel in asked.channels:
        own = [pulse for pulse in decoded if pulse.channel == channel]
        first = total_us = 0
        for pulse in own:
            total_us += 2 * pulse.phase_us
            while own[first].start_us < end_of(pulse) - 1_000_000:
                total_us -= 2 * own[first].phase_us
                first += 1
            assert total_us <= judged_us


@pytest.mark.proves("gate")
@few
@given(prescriptions())
def test_a_whole_treatment_never_passes_its_allowance(asked: Prescription) -> None:
    permitted = allowances(asked)
    doses = dict.fromkeys(asked.channels, Dose())
    for planned in compile_all(asked):
        pulses = decode_slice(planned.slice, BOARD_CHANNELS)
        for channel in asked.channels:
            own = [pulse for pulse in pulses if pulse.channel == channel]
            phases_us = sum(phase[2] for pulse in own for phase in pulse.phases)
            on = planned.stage is not Stage.REST
            length_us = planned.slice.duration_us
            portion = Portion(length_us, len(own), phases_us, asked.ceiling_ua, on)
            assert allows(doses[channel], permitted[channel], portion) is None
            doses[channel] = add(doses[channel], portion)
    for channel, dose in doses.items():
        assert dose.elapsed_us == permitted[channel].elapsed_us == asked.duration_us
        if asked.parts[0].sweep is None:
            assert dose.pulses == permitted[channel].pulses


@pytest.mark.proves("balanced-pulses", "whole-slices")
@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_a_whole_minute_of_every_programme_is_what_was_prescribed(name: str) -> None:
    programme = load_catalogue()[name]
    beside_us = sum(part.duration_us or 0 for part in programme.parts())
    asked = to_prescription(programme, (1, 2), duration_us=beside_us + MINUTE_US)
    assert decode_all(compile_all(asked)) == expected_pulses(asked)


@pytest.mark.proves("whole-slices")
@pytest.mark.parametrize("period_us", [60_000, 60_001, 60_100, 61_300, 70_000, 80_199])
@pytest.mark.parametrize("channels", [(1,), (1, 2), (4, 3, 2), (1, 2, 3, 4)])
def test_carrier_bursts_of_10_ms_leave_every_slice_a_cut(
    period_us: int, channels: tuple[int, ...]
) -> None:
    asked = prescription(
        channels=channels,
        waveform=Carrier(phase_us=130, cycles=24, gap_us=80),
        period_us=period_us,
    )
    short = shortened(asked, 5_000_000)
    assert decode_all(compile_all(short)) == expected_pulses(short)
