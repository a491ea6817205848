"""The hand switch is proven by a squeeze that was seen to open and to close again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.pre_use.facts import PatientTold, SqueezeWaived
from appliance.clinical.pre_use.hand_switch import (
    HandSwitchProof,
    SqueezeWaiver,
    SwitchStep,
    refuse_unproven,
    step_now,
)
from appliance.texts.english import english
from tests.support.facts import WHO, day

pytestmark = pytest.mark.proves("hand-switch-proven")

TICK_US = 10_000
MINUTE_US = 60_000_000


def followed(
    *readings: tuple[str, int], proof: HandSwitchProof | None = None
) -> tuple[HandSwitchProof, int]:
    """Follow readings given as (what, ms), one a tick; return the proof and the time."""
    proof, now_us = proof or HandSwitchProof(), 0
    for what, ms in readings:
        for _ in range(ms // 10):
            now_us += TICK_US
            closed = {"closed": True, "open": False, "unread": None}[what]
            proof = proof.seen(now_us, closed=closed)
    return proof, now_us


@pytest.mark.parametrize(
    ("readings", "step"),
    [
        ((), "close"),
        ((("closed", 40),), "close"),
        ((("closed", 100),), "squeeze"),
        ((("open", 5_000),), "close"),
        ((("open", 5_000), ("closed", 5_000)), "squeeze"),
        ((("closed", 100), ("open", 40)), "squeeze"),
        ((("closed", 100), ("open", 100)), "release"),
        ((("closed", 100), ("open", 100), ("closed", 40)), "release"),
        ((("closed", 100), ("open", 100), ("closed", 100)), "proven"),
        ((("closed", 100), ("open", 9_900), ("closed", 100)), "proven"),
        ((("closed", 100), ("open", 11_000)), "close"),
        ((("closed", 100), ("open", 11_000), ("closed", 100)), "squeeze"),
        ((("closed", 100), ("open", 200), ("closed", 100), ("open", 100)), "release"),
        ((("closed", 100), ("open", 100), ("closed", 100)) * 2, "proven"),
        ((("closed", 100), ("open", 100), ("unread", 10), ("closed", 100)), "squeeze"),
        ((("closed", 100), ("open", 100), ("closed", 100), ("unread", 10)), "close"),
    ],
    ids=str,
)
def test_each_course_of_readings_ends_where_it_should(
    readings: tuple[tuple[str, int], ...], step: str
) -> None:
    proof, now_us = followed(*readings)
    assert proof.step == step
    assert (refuse_unproven(proof, now_us, waived=False, armed=False) is None) is (step == "proven")


def test_a_contact_that_bounces_proves_nothing_and_does_not_spoil_a_squeeze() -> None:
    bounces = (("open", 20), ("closed", 20)) * 20
    assert followed(("closed", 100), *bounces, ("closed", 100))[0].step == "squeeze"
    squeezed = (("closed", 100), *bounces, ("open", 200), *bounces, ("closed", 100))
    assert followed(*squeezed)[0].step == "proven"


def test_a_plug_that_is_loose_for_10_s_is_no_squeeze() -> None:
    loose = (("open", 60), ("closed", 30)) * 120
    assert followed(("closed", 100), *loose, ("closed", 100))[0].step == "squeeze"


def test_a_proof_is_kept_for_10_min_and_asks_for_a_squeeze_afterwards() -> None:
    proof, now_us = followed(("closed", 100), ("open", 100), ("closed", 100))
    closed_us = now_us - 90_000
    last_us = closed_us + 10 * MINUTE_US - 1
    assert refuse_unproven(proof, last_us, waived=False, armed=True) is None
    assert proof.valid_for_us(last_us) == 1
    refusal = refuse_unproven(proof, last_us + 1, waived=False, armed=True)
    assert refusal is not None
    assert refusal.rule == "refusal.hand_switch"
    assert english(refusal.nearest).startswith("end arming with stop")
    assert proof.valid_for_us(last_us + 1) is None
    assert step_now(proof, last_us + 1, waived=False) is SwitchStep.SQUEEZE
    assert proof.seen(last_us + 1, closed=True).step is SwitchStep.SQUEEZE


def test_a_proof_does_not_hold_while_the_switch_reads_open() -> None:
    proof, now_us = followed(("closed", 100), ("open", 100), ("closed", 100))
    opened = proof.seen(now_us + TICK_US, closed=False)
    assert refuse_unproven(opened, now_us + TICK_US, waived=False, armed=False) is not None


@given(st.lists(st.sampled_from([True, False, None]), max_size=60))
def test_no_readings_prove_without_100_ms_of_closed_and_50_ms_of_open(
    readings: list[bool | None],
) -> None:
    proof = HandSwitchProof()
    for tick, closed in enumerate(readings):
        proof = proof.seen(tick * TICK_US, closed=closed)
    if proof.step is SwitchStep.PROVEN:
        assert readings.count(True) >= 12
        assert readings.count(False) >= 6


def test_who_cannot_squeeze_is_treated_for_a_reason_on_that_day_only() -> None:
    waiver = SqueezeWaiver().after(SqueezeWaived(reason="tetraplegia", **WHO), day(1))
    assert waiver.after(PatientTold(programme="conventional-tens", **WHO), day(1.2)) == waiver
    assert waiver.holds(day(1.4))
    assert not waiver.holds(day(2))
    assert not waiver.holds(day(1.1, trusted=False, boot=2))
    assert not SqueezeWaiver().holds(day(1))
    assert refuse_unproven(HandSwitchProof(), 0, waived=True, armed=True) is None
