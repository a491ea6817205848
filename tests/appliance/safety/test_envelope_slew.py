"""The envelope by itself: how fast it lets an amplitude rise and fall, at the highest level."""

import pytest
from hypothesis import assume, given, settings

from appliance.core.plan.compiler import compile_next, first_cursor
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.prescription import Prescription
from tests.support.strategies import prescriptions

pytestmark = pytest.mark.proves("limits")

SLICE_US = 30_000


@settings(max_examples=60, deadline=None)
@given(prescriptions())
def test_no_envelope_rises_faster_than_60_ma_per_s_or_falls_to_zero_within_half_a_second(
    asked: Prescription,
) -> None:
    """Numbers written out again; a step lasts until the next slice begins."""
    assume(asked.parts[0].on_off is not None)
    plan = plan_train(asked)
    cursor, number = first_cursor(plan), 0
    before = [0] * len(asked.channels)
    full_us = [0] * len(asked.channels)
    while (found := compile_next(plan, cursor, number)) is not None:
        planned, cursor = found
        number += 1
        for turn, share_ppm in enumerate(planned.envelope_ppm):
            now_ua = asked.ceiling_ua * share_ppm // 1_000_000
            assert now_ua - before[turn] <= 60_000 * SLICE_US // 1_000_000 + 1
            before[turn] = now_ua
            if share_ppm == 1_000_000:
                full_us[turn] = planned.start_us + planned.slice.duration_us
            if share_ppm == 0 and full_us[turn]:
                assert planned.start_us - full_us[turn] >= 500_000 - 2 * SLICE_US
                full_us[turn] = 0
