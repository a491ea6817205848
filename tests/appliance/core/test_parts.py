"""Prescriptions of several parts: what is refused, when each plays, what they give together."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from appliance.core.limits.limits import Purpose
from appliance.core.plan.compiler import Stage, compile_next, first_cursor
from appliance.core.plan.dose import allowances
from appliance.core.plan.new_end import end_range
from appliance.core.plan.pulse_timeline import OnTimeKind, level_groups, plan_train
from appliance.core.plan.train import PlannedPulse
from appliance.core.prescription.densest import highest_rms_ua, on_us_of
from appliance.core.prescription.prescription import PrescriptionError, recorded_parts
from appliance.core.prescription.waveform import (
    Biphasic,
    ChannelUse,
    OnOff,
    Part,
    PartKind,
)
from tests.support.expected_pulses import Expected, expected_pulses
from tests.support.parts import (
    ACTIVE_REST,
    COOL_DOWN,
    DEVICE,
    ON_CALL,
    PULSE,
    WARM_UP,
    WORK,
    WORK_TIMES,
    S,
    of_parts,
)
from tests.support.strategies import prescription
from tests.support.texts import said

pytestmark = pytest.mark.proves("limits")

MINUTES: dict[str, Any] = {"duration_us": 120 * S}


def limits_of(*parts: Part, **changes: Any) -> set[str]:
    with pytest.raises(PrescriptionError) as caught:
        of_parts(*parts, **{**MINUTES, **changes})
    return {said(refusal).limit for refusal in caught.value.refusals}


def test_the_parts_of_a_published_device_are_accepted() -> None:
    asked = of_parts(*DEVICE, **MINUTES)
    assert len(asked.parts) == 4


STRONG_REST = replace(ACTIVE_REST, waveform=PULSE, period_us=99_999)
SHORT = OnOff(8 * S, 999_000, 500_000, 500_000)


@pytest.mark.parametrize(
    ("parts", "limits"),
    [
        ((), {"parts"}),
        ((WORK, *(WARM_UP,) * 5), {"parts"}),
        ((WARM_UP, replace(WORK, share_percent=9)), {"share of the level"}),
        ((WARM_UP, replace(WORK, share_percent=101)), {"share of the level"}),
        ((WARM_UP, replace(WORK, share_percent=-1)), {"share of the level"}),
        ((replace(WARM_UP, duration_us=None), WORK), {"time of a part"}),
        ((WARM_UP,), {"time of a part"}),
        ((replace(WARM_UP, duration_us=9 * S), WORK), {"time of a part"}),
        ((replace(WARM_UP, duration_us=112 * S), WORK), {"session"}),
        ((replace(WARM_UP, duration_us=200 * S), WORK), {"session"}),
        (
            (replace(WORK, duration_us=17 * S), replace(COOL_DOWN, duration_us=None)),
            {"time of a part"},
        ),
        ((ACTIVE_REST, WORK), {"active rest"}),
        ((replace(WARM_UP, duration_us=None), ACTIVE_REST), {"active rest"}),
        ((WORK, ACTIVE_REST, ACTIVE_REST), {"active rest"}),
        ((WORK, replace(ACTIVE_REST, on_off=None)), {"active rest"}),
        ((WORK, STRONG_REST), {"active rest"}),
        ((WORK, replace(ACTIVE_REST, on_off=SHORT)), {"active rest"}),
        ((WORK, replace(ACTIVE_REST, duration_us=10 * S)), {"time of a part"}),
        ((replace(WORK, share_percent=30), ACTIVE_REST), {"share of the level"}),
        (
            (WORK, replace(ACTIVE_REST, on_off=OnOff(8_300_000, 1 * S, 500_000, 500_000))),
            {"off-time"},
        ),
        ((WARM_UP, replace(WORK, on_off=None)), {"tetanic train"}),
        ((WARM_UP, ON_CALL), {"contraction on call"}),
        ((replace(ON_CALL, on_off=None),), {"contraction on call", "tetanic train"}),
    ],
)
def test_a_bad_list_of_parts_is_refused(parts: tuple[Part, ...], limits: set[str]) -> None:
    assert limits_of(*parts) == limits


def test_a_refusal_says_of_which_part_it_is() -> None:
    with pytest.raises(PrescriptionError) as caught:
        of_parts(WARM_UP, replace(WORK, period_us=2_000), COOL_DOWN, **MINUTES)
    asked = {said(refusal).asked for refusal in caught.value.refusals}
    assert any(each.endswith("in part 2") for each in asked)


def test_an_active_rest_and_turns_of_channels_exclude_each_other() -> None:
    asked: dict[str, Any] = {"channels": (1, 2), "use": ChannelUse.ALTERNATING}
    assert limits_of(*DEVICE, **asked) == {"active rest"}
    of_parts(WARM_UP, WORK, COOL_DOWN, **asked, **MINUTES)


def test_on_call_ends_within_10_s_and_rests_as_long_at_least_5_s() -> None:
    def times(plateau_us: int, silent_us: int) -> Part:
        on_off = OnOff.of_plateau(plateau_us, silent_us, ramp_up_us=2 * S, ramp_down_us=1 * S)
        return replace(ON_CALL, on_off=on_off)

    of_parts(times(8 * S, 11 * S), **MINUTES)
    assert limits_of(times(8_001_000, 12 * S)) == {"contraction on call"}
    of_parts(times(0, 5 * S), **MINUTES)
    assert limits_of(times(0, 4_999_000)) == {"off-time"}
    alternating: dict[str, Any] = {"channels": (1, 2), "use": ChannelUse.ALTERNATING}
    assert limits_of(ON_CALL, **alternating) == {"contraction on call"}


def test_each_part_plays_at_its_time_and_its_share() -> None:
    plan = plan_train(of_parts(*DEVICE, **MINUTES))
    kinds = [plan.on_time(n).kind for n in range(plan.on_times)]
    work = [n for n, kind in enumerate(kinds) if kind is OnTimeKind.CONTRACTION]
    rests = [n for n, kind in enumerate(kinds) if kind is OnTimeKind.ACTIVE_REST]
    assert kinds[0] is kinds[-1] is OnTimeKind.UNBROKEN
    assert [plan.on_start_us(n) for n in work] == [20 * S + k * 17_500_000 for k in range(4)]
    assert [plan.on_start_us(n) for n in rests] == [29_250_000 + k * 17_500_000 for k in range(4)]
    assert plan.on_start_us(plan.on_times - 1) == 105 * S
    for number, share_ppm in ((0, 500_000), (work[0], 1_000_000), (rests[0], 400_000)):
        assert plan.on_time(number).envelope_ppm(2 * S) == share_ppm
    assert plan.contraction(plan.on_times) == 4
    found = [Expected(*pulse) for pulse in plan.pulses()]
    assert found == expected_pulses(of_parts(*DEVICE, **MINUTES))


def test_the_muscle_is_off_for_a_second_before_an_active_rest_and_between_parts() -> None:
    pulses = list(plan_train(of_parts(*DEVICE, **MINUTES)).pulses())
    gaps = [after.start_us - before.start_us for before, after in pairwise(pulses)]
    changed = [b.start_us - a.start_us for a, b in pairwise(pulses) if a.phase_us > b.phase_us]
    assert len(changed) == 4
    assert min(changed) >= 1_000_000
    first = next(n for n, pulse in enumerate(pulses) if pulse.start_us >= 20 * S)
    assert gaps[first - 1] >= 1_000_000


def test_alternating_channels_have_their_whole_rest() -> None:
    asked = of_parts(WORK, channels=(1, 2), use=ChannelUse.ALTERNATING, **MINUTES)
    pulses = list(plan_train(asked).pulses())
    for channel in (1, 2):
        own = [pulse.start_us for pulse in pulses if pulse.channel == channel]
        rests = [b - a for a, b in pairwise(own) if b - a > 100_000]
        assert len(rests) >= 5
        assert min(rests) >= WORK_TIMES.silent_us >= WORK_TIMES.pulsing_us
    turns = [pulse.channel for pulse in pulses]
    changes = sum(a != b for a, b in pairwise(turns))
    assert changes == plan_train(asked).on_times - 1


def test_the_level_begins_at_zero_in_a_stronger_part_alone() -> None:
    assert level_groups(of_parts(*DEVICE, **MINUTES)) == (0, 1, 1, 1)
    steps = [
        Part(waveform=PULSE, period_us=period_us, duration_us=30 * S)
        for period_us in (250_000, 200_000, 166_667)
    ]
    last = Part(waveform=PULSE, period_us=125_000)
    assert level_groups(of_parts(*steps, last, **MINUTES)) == (0, 0, 0, 0)
    wider = replace(last, waveform=Biphasic(301, 100))
    assert level_groups(of_parts(*steps, wider, **MINUTES)) == (0, 0, 0, 1)
    half = [replace(step, share_percent=50) for step in steps[:1]]
    assert level_groups(of_parts(*half, last, **MINUTES)) == (0, 1)


def test_a_felt_train_that_could_fuse_begins_at_zero_behind_twitches() -> None:
    slow = Part(waveform=PULSE, period_us=100_000, duration_us=30 * S)
    fast = Part(waveform=PULSE, period_us=20_000)
    felt: dict[str, Any] = {"purpose": Purpose.SENSORY, "pad_area_mm2": 5_000}
    assert level_groups(of_parts(slow, fast, **felt, **MINUTES)) == (0, 1)
    weak: dict[str, Any] = {**felt, "ceiling_ua": 6_000}
    assert level_groups(of_parts(slow, fast, **weak, **MINUTES)) == (0, 0)


def test_charge_time_and_pulses_of_every_part_are_allowed_and_no_more() -> None:
    asked = of_parts(*DEVICE, **MINUTES)
    given = allowances(asked)[1]
    pulses = list(plan_train(asked).pulses())
    assert given.pulses == len(pulses)
    by_part: dict[int, list[PlannedPulse]] = {part: [] for part in range(4)}
    plan = plan_train(asked)
    for pulse in pulses:
        by_part[plan.on_time(plan.on_time_at(pulse.start_us)).part].append(pulse)
    charge_pc = sum(
        len(own) * asked.parts[part].amplitude_ua(20_000) * own[0].phase_us
        for part, own in by_part.items()
    )
    assert given.charge_pc == charge_pc
    assert given.elapsed_us == 120 * S


def test_a_share_is_judged_at_its_part_of_the_ceiling() -> None:
    """40 mA of 400 µs are 16 µC; half of 100 mA for 500 µs are 25 µC; 100 mA are 50 µC."""
    wide = Part(waveform=Biphasic(500), period_us=500_000, share_percent=50)
    asked: dict[str, Any] = {"ceiling_ua": 80_000, "pad_area_mm2": 20_000}
    of_parts(wide, **asked, **MINUTES)
    assert limits_of(replace(wide, share_percent=100), ceiling_ua=80_001, pad_area_mm2=20_000) == {
        "charge per phase"
    }
    with pytest.raises(PrescriptionError) as caught:
        of_parts(replace(wide, share_percent=90), ceiling_ua=100_000, pad_area_mm2=20_000)
    assert said(*caught.value.refusals).nearest == "88.889 mA"
    of_parts(replace(wide, share_percent=90), ceiling_ua=88_889, pad_area_mm2=20_000)


def test_the_second_between_an_active_rest_and_a_contraction_is_judged_with_both() -> None:
    asked = of_parts(*DEVICE, **MINUTES)
    alone = of_parts(WORK, **MINUTES)
    assert on_us_of(asked, 1) >= on_us_of(alone, 0)
    assert highest_rms_ua(asked) >= highest_rms_ua(alone)


def test_an_end_before_the_last_parts_leaves_them_out() -> None:
    asked = of_parts(*DEVICE, **MINUTES)
    whole, cut = plan_train(asked), plan_train(asked, 62 * S)
    assert len(cut.sections) == 2
    assert cut.duration_us == 62 * S
    early = [pulse for pulse in whole.pulses() if pulse.start_us < 50 * S]
    assert [pulse for pulse in cut.pulses() if pulse.start_us < 50 * S] == early
    found = end_range(whole, first_cursor(whole), 120 * S)
    assert (found.least_us, found.most_us) == (60 * S, 120 * S)
    behind = first_cursor(whole)._replace(start_us=54 * S)
    assert end_range(whole, behind, 120 * S).least_us == (54 + 10) * S + 17_500_000
    ending = first_cursor(whole)._replace(start_us=108 * S, on_time=9)
    assert end_range(whole, ending, 120 * S).least_us == 118 * S


def test_slices_say_which_part_and_stage_they_are_of() -> None:
    plan = plan_train(of_parts(*DEVICE, **MINUTES))
    cursor = first_cursor(plan)
    seen: list[tuple[int, Stage]] = []
    while (found := compile_next(plan, cursor, len(seen) + 1)) is not None:
        planned, cursor = found
        seen.append((planned.part, planned.stage))
    parts = [part for n, (part, _) in enumerate(seen) if n == 0 or seen[n - 1][0] != part]
    assert parts == [0, 1, 2, 1, 2, 1, 2, 1, 2, 3]
    assert {stage for part, stage in seen if part == 2} == {Stage.ACTIVE_REST, Stage.REST}
    assert Stage.ACTIVE_REST not in {stage for part, stage in seen if part != 2}


OLD_DIGEST = "4031129eb37ca43f52c24ff9b6792440138608704e3ac50c90d4327a46f4d5f0"
OLD_BYTES = (
    b'{"burst":null,"ceiling_ua":20000,"channels":[1],"duration_us":60000000,"form":"biphasic",'
    b'"kind":"conventional","layout":"vertical","on_off":{"off_us":6000000,"on_us":4000000,'
    b'"ramp_down_us":500000,"ramp_up_us":1000000},"pad_area_mm2":5000,"patient_ceiling_ua":null,'
    b'"period_us":20000,"programme":"test","purpose":"motor","reason":"","region":"lower_back",'
    b'"sweep":null,"tap_ua":500,"use":"simultaneous","waveform":{"interphase_us":100,'
    b'"leading":"positive","phase_us":100}}'
)


def test_one_train_is_recorded_byte_for_byte_as_before_there_were_parts() -> None:
    times = OnOff(4_000_000, 6_000_000, 1_000_000, 500_000)
    asked = prescription(purpose=Purpose.MOTOR, on_off=times)
    assert asked.canonical() == OLD_BYTES
    assert asked.digest() == OLD_DIGEST
    assert recorded_parts(asked.content())[0]["period_us"] == 20_000


def test_parts_are_recorded_as_a_list_that_names_its_format() -> None:
    asked = of_parts(*DEVICE, **MINUTES)
    content = asked.content()
    assert content["format"] == 2
    assert [part["share_percent"] for part in recorded_parts(content)] == [50, 100, 40, 25]
    assert "waveform" not in content
    assert b'"forms":["biphasic","biphasic","biphasic","biphasic"]' in asked.canonical()
    halved = of_parts(replace(WORK, share_percent=50), **MINUTES)
    assert halved.content()["format"] == 2
    assert of_parts(ON_CALL, **MINUTES).content()["parts"][0]["kind"] == PartKind.ON_CALL


def test_a_record_without_a_waveform_has_no_parts() -> None:
    assert recorded_parts({}) == ()


def offered(*parts: Part) -> float:
    with pytest.raises(PrescriptionError) as caught:
        of_parts(*parts, **MINUTES)
    return float(re.findall(r"[\d.]+", said(caught.value.refusals[0]).nearest)[0])


def test_what_a_refusal_of_parts_offers_is_accepted() -> None:
    long = replace(WARM_UP, duration_us=112 * S)
    of_parts(long, WORK, duration_us=int(offered(long, WORK)) * S)
    short = replace(WARM_UP, duration_us=9 * S)
    of_parts(replace(short, duration_us=int(offered(short, WORK)) * S), WORK, **MINUTES)
    weak = replace(WORK, share_percent=9)
    of_parts(replace(weak, share_percent=int(offered(weak))), **MINUTES)
    two = (replace(WARM_UP, duration_us=None), WORK)
    of_parts(two[0], replace(WORK, duration_us=int(offered(*two)) * S), **MINUTES)
    host = replace(WORK, on_off=OnOff.of_plateau(6 * S, 8_300_000, ramp_up_us=S, ramp_down_us=S))
    silent_us = round(offered(host, ACTIVE_REST) * 1_000)
    times = OnOff.of_plateau(6 * S, silent_us, ramp_up_us=S, ramp_down_us=S)
    of_parts(replace(host, on_off=times), ACTIVE_REST, **MINUTES)
