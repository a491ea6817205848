"""The timeline: when on-times begin, how a sweep moves, how strong it is."""

from itertools import pairwise

import pytest

from appliance.core.limits.limits import Purpose
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.plan.train import PlannedPulse
from appliance.core.prescription.waveform import Biphasic, Burst, Carrier, ChannelUse, OnOff, Sweep
from tests.support.strategies import prescription, shortened

CONTRACTION = OnOff(4_000_000, 6_000_000, 1_000_000, 500_000)


def test_pulse_k_starts_at_k_periods_and_does_not_drift() -> None:
    plan = plan_train(prescription(period_us=16_667, duration_us=600_000_000))
    starts = [pulse.start_us for pulse in plan.pulses()]
    assert starts == [200 + 16_667 * k for k in range(len(starts))]
    assert len(starts) == (600_000_000 - 70_000 - 200 - 300) // 16_667 + 1


def test_channels_are_staggered_evenly() -> None:
    plan = plan_train(prescription(channels=(3, 1, 2), period_us=12_000))
    found = [(pulse.channel, pulse.start_us) for pulse in plan.pulses()][:6]
    assert found == [
        (3, 200),
        (1, 4_200),
        (2, 8_200),
        (3, 12_200),
        (1, 16_200),
        (2, 20_200),
    ]


def test_a_pulse_has_all_it_needs() -> None:
    first = next(plan_train(prescription(waveform=Biphasic(150, 60))).pulses())
    assert first == PlannedPulse(1, 200, 150, 60, positive_first=True)


def test_a_carrier_counts_its_cycles() -> None:
    asked = prescription(waveform=Carrier(190, 3), period_us=20_000)
    found = [pulse.start_us for pulse in plan_train(asked).pulses()][:4]
    assert found == [200, 600, 1_000, 20_200]


@pytest.mark.parametrize(
    ("at_us", "period_us", "phase_us"),
    [
        (0, 20_000, 100),
        (1, 20_000, 100),
        (3_000_000, 13_334, 150),
        (6_000_000, 10_000, 200),
        (9_000_000, 13_334, 150),
        (12_000_000, 20_000, 100),
    ],
)
def test_a_sweep_goes_there_and_back(at_us: int, period_us: int, phase_us: int) -> None:
    sweep = Sweep(12_000_000, rate_hz=(50, 100), phase_us=(100, 200))
    train = plan_train(prescription(sweep=sweep)).train(0)
    assert train.after_us(7, at_us) - at_us == period_us
    assert train.phase_us(at_us) == phase_us


def test_a_sweep_of_an_odd_cycle_stays_within_its_ends() -> None:
    sweep = Sweep(1_000_001, rate_hz=(50, 100), phase_us=(100, 200))
    train = plan_train(prescription(sweep=sweep)).train(0)
    found = {train.phase_us(at_us) for at_us in (0, 500_000, 500_001, 1_000_000, 1_000_001)}
    assert found == {100, 200}


def test_a_sweep_of_phase_alone_keeps_its_rate() -> None:
    sweep = Sweep(2_000_000, phase_us=(100, 300))
    plan = plan_train(shortened(prescription(sweep=sweep), 5_000_000))
    pulses = list(plan.pulses())
    assert {b.start_us - a.start_us for a, b in pairwise(pulses)} == {20_000}
    assert (pulses[0].phase_us, pulses[25].phase_us, pulses[50].phase_us) == (100, 200, 300)


def test_a_sweep_of_rate_alone_keeps_its_phase() -> None:
    sweep = Sweep(2_000_000, rate_hz=(50, 100))
    plan = plan_train(shortened(prescription(sweep=sweep), 5_000_000))
    assert {pulse.phase_us for pulse in plan.pulses()} == {100}


def test_on_times_follow_their_cycle_and_the_last_is_whole() -> None:
    asked = prescription(purpose=Purpose.MOTOR, on_off=CONTRACTION)
    plan = plan_train(asked)
    assert [plan.on_start_us(n) for n in range(7)] == [n * 10_000_000 for n in range(7)]
    assert plan.on_start_us(plan.on_times) == plan.duration_us


def test_alternating_on_times_are_spread_over_the_cycle() -> None:
    asked = prescription(
        purpose=Purpose.MOTOR, on_off=CONTRACTION, channels=(2, 1), use=ChannelUse.ALTERNATING
    )
    plan = plan_train(asked)
    assert [plan.on_start_us(n) for n in range(4)] == [0, 5_000_000, 10_000_000, 15_000_000]
    assert [plan.train(n).channels for n in range(3)] == [(2,), (1,), (2,)]


@pytest.mark.parametrize(
    ("since_us", "share_ppm"),
    [
        (0, 0),
        (500_000, 500_000),
        (999_999, 999_999),
        (1_000_000, 1_000_000),
        (3_430_000, 1_000_000),
        (3_680_000, 500_000),
        (3_930_000, 0),
        (3_999_999, 0),
    ],
)
def test_the_envelope_rises_stays_and_falls(since_us: int, share_ppm: int) -> None:
    plan = plan_train(prescription(purpose=Purpose.MOTOR, on_off=CONTRACTION))
    assert plan.on_time(0).envelope_ppm(since_us) == share_ppm


@pytest.mark.parametrize(
    "changes",
    [
        {"period_us": 16_667},
        {"period_us": 1_000_000},
        {"burst": Burst(10, 10_000), "period_us": 500_000},
        {"burst": Burst(7, 9_001), "period_us": 333_333},
        {"waveform": Carrier(190, 8), "period_us": 20_001},
        {"on_off": CONTRACTION, "purpose": Purpose.MOTOR},
    ],
)
def test_the_count_of_pulses_is_the_count_of_the_plan(changes: dict[str, object]) -> None:
    plan = plan_train(prescription(**changes))
    assert plan.train(0).most_pulses * plan.on_times == len(list(plan.pulses()))


def test_a_continuous_treatment_is_one_on_time_that_ends_in_a_second_of_fall() -> None:
    plan = plan_train(prescription())
    only = plan.on_time(0)
    assert (plan.on_times, plan.sections[0].cycle_us, only.on_us) == (1, 60_000_000, 60_000_000)
    assert (only.ramp_up_us, only.ramp_down_us) == (0, 1_000_000)


@pytest.mark.parametrize(("duration_us", "pulses"), [(60_070_500, 3_001), (60_070_499, 3_000)])
def test_the_last_pulse_may_end_just_as_the_last_silence_begins(
    duration_us: int, pulses: int
) -> None:
    # pulse 3000 lasts from 60 000 200 to 60 000 500 µs, 70 ms before the end
    plan = plan_train(prescription(duration_us=duration_us))
    assert len(list(plan.pulses())) == plan.train(0).most_pulses == pulses
