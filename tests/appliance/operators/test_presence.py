"""Who is with the patient: two minutes after the last touch somebody is asked for."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.operators.facts import OperatorRole
from appliance.operators.presence import (
    Attendance,
    SignedInOperator,
    Situation,
    asks_in_us,
    attendance,
    is_leaving_forbidden,
    refuse_leaving,
)
from appliance.texts.english import english

S = 1_000_000
SIGN_IN = "any text"
KIM = SignedInOperator(
    operator="kim", role=OperatorRole.CLINICIAN, token=SIGN_IN, touched_us=1_000 * S
)
AFTER_S = {
    0: Attendance.WITH_PATIENT,
    119: Attendance.WITH_PATIENT,
    120: Attendance.ARE_YOU_THERE,
    179: Attendance.ARE_YOU_THERE,
    180: Attendance.PAUSE,
    9_999: Attendance.PAUSE,
}
LEFT_AFTER_S = {
    0: Attendance.LEFT,
    899: Attendance.LEFT,
    900: Attendance.LOOK_IN,
    959: Attendance.LOOK_IN,
    960: Attendance.PAUSE,
}
SAFE = Situation(
    region=Region.LOWER_BACK,
    purpose=Purpose.MOTOR,
    kind=ProgrammeKind.STRENGTHENING,
    first_session=False,
    hand_switch_proven=True,
    felt=True,
    contact_good=True,
    open_cautions=0,
    steady_us=60 * S,
    steady_contractions=3,
)


@pytest.mark.parametrize(("seconds", "asked"), AFTER_S.items())
def test_two_minutes_without_a_touch_ask_and_one_more_pauses(
    seconds: int, asked: Attendance
) -> None:
    assert attendance(KIM, (1_000 + seconds) * S) is asked


@pytest.mark.parametrize(("seconds", "asked"), LEFT_AFTER_S.items())
def test_a_patient_who_was_left_is_looked_at_after_fifteen_minutes(
    seconds: int, asked: Attendance
) -> None:
    assert attendance(replace(KIM, left_at_us=2_000 * S), (2_000 + seconds) * S) is asked


def test_the_countdown_ends_where_the_question_begins() -> None:
    left = replace(KIM, left_at_us=2_000 * S)
    for signed_in, asks_at_s in ((KIM, 1_120), (left, 2_900)):
        asked = {Attendance.ARE_YOU_THERE, Attendance.LOOK_IN}
        for seconds in (asks_at_s - 1, asks_at_s, asks_at_s + 1):
            due_us = asks_in_us(signed_in, seconds * S)
            assert due_us == (asks_at_s - seconds) * S
            assert (attendance(signed_in, seconds * S) in asked) is (due_us <= 0)


def test_plus_and_settings_need_the_pin_two_minutes_after_the_last_touch() -> None:
    assert KIM.is_present(1_119 * S)
    assert not KIM.is_present(1_120 * S)
    assert KIM.locks_in_us(1_090 * S) == 30 * S
    assert KIM.locks_in_us(1_500 * S) == 0


def test_a_touch_that_arrives_late_does_not_take_presence_back() -> None:
    assert KIM.touched(1_050 * S).touched_us == 1_050 * S
    assert KIM.touched(900 * S).touched_us == 1_000 * S


def test_a_settled_patient_may_be_left() -> None:
    assert refuse_leaving(SAFE) is None
    assert not is_leaving_forbidden(SAFE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"region": Region.NECK}, "contractions of the neck"),
        ({"first_session": True}, "the first session of its kind for this patient"),
        ({"kind": ProgrammeKind.BRIEF_INTENSE}, "a brief-intense programme"),
        ({"kind": ProgrammeKind.MOTOR_POINT_FIND}, "a search with a pad held by hand"),
        ({"hand_switch_proven": False}, "a hand switch that was not squeezed in this session"),
    ],
)
def test_a_patient_is_never_left_where_waiting_changes_nothing(
    changed: dict[str, Any], said: str
) -> None:
    now = replace(SAFE, **changed)
    refusal = refuse_leaving(now)
    assert refusal is not None
    assert english(refusal.asked) == said
    assert is_leaving_forbidden(now)


@pytest.mark.parametrize(
    ("changed", "nearest"),
    [
        ({"felt": False}, "feel each channel first"),
        ({"contact_good": False}, "stay with the patient"),
        ({"open_cautions": 2}, "acknowledge them first"),
        ({"steady_us": 60 * S - 1}, "ask again in 1 s"),
        ({"steady_us": 12 * S}, "ask again in 48 s"),
        ({"steady_contractions": 1}, "ask again after 2 more"),
    ],
)
def test_a_patient_is_left_only_once_all_is_steady(changed: dict[str, Any], nearest: str) -> None:
    now = replace(SAFE, **changed)
    refusal = refuse_leaving(now)
    assert refusal is not None
    assert english(refusal.nearest) == nearest
    assert not is_leaving_forbidden(now)


def test_contractions_are_counted_for_motor_programmes_only() -> None:
    tens = replace(
        SAFE, purpose=Purpose.SENSORY, kind=ProgrammeKind.CONVENTIONAL, steady_contractions=0
    )
    assert refuse_leaving(tens) is None
    assert refuse_leaving(replace(tens, region=Region.NECK)) is None
