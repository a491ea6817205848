"""Where a treatment under way may end instead, and that every pulse before that end stays."""

from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.core.limits.limits import Purpose
from appliance.core.plan import new_end
from appliance.core.plan.compiler import Cursor, PlannedSlice, compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.new_end import EndRange, end_range
from appliance.core.plan.pulse_timeline import PulseTrainPlan, plan_train
from appliance.core.plan.slice_boundaries import TrainPosition
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import ChannelUse, OnOff
from appliance.core.refusal import Refusal
from appliance.texts.text import Quantity, Text
from drivers.slices import check_slice
from tests.support.expected_pulses import expected_pulses
from tests.support.strategies import prescription, prescriptions, shortened
from tests.support.texts import said

pytestmark = pytest.mark.proves("limits", "level-rules")

S = 1_000_000
CONTINUOUS = prescription(duration_us=600 * S)
CONTRACTIONS = prescription(
    duration_us=600 * S,
    purpose=Purpose.MOTOR,
    on_off=OnOff(4 * S, 16 * S, 1 * S, 500_000),
)


def cursor_at(plan: PulseTrainPlan, at_us: int) -> Cursor:
    """Return a cursor at a moment of the plan; what is next to play there is not asked."""
    on_time = plan.on_time_at(at_us)
    if at_us < plan.duration_us:
        on_time = min(on_time, plan.on_times - 1)
    return Cursor(at_us, on_time, TrainPosition(0, 0, 0))


def range_at(asked: Prescription, at_us: int, ends_us: int | None = None) -> EndRange:
    plan = plan_train(asked, ends_us)
    return end_range(plan, cursor_at(plan, at_us), asked.duration_us)


def offered_us(refusal: Refusal) -> int:
    """Return the duration that a refusal offers."""
    assert said(refusal).limit == "minutes"
    ((_, value),) = cast("Text", refusal.nearest).values
    return cast("Quantity", value).value


def slices_between(
    plan: PulseTrainPlan, cursor: Cursor, until_us: int, number: int
) -> tuple[list[PlannedSlice], Cursor]:
    found: list[PlannedSlice] = []
    while cursor.start_us < until_us:
        compiled = compile_next(plan, cursor, number + len(found) + 1)
        if compiled is None:
            break
        found.append(compiled[0])
        cursor = compiled[1]
    return found, cursor


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ends be 2 s ahead in treatments of seconds, only to make the test faster."""
    monkeypatch.setattr(new_end, "SESSION_MIN_US", 0)
    monkeypatch.setattr(new_end, "AHEAD_US", 2 * S)
    monkeypatch.setattr(new_end, "OFFERED_US", S)


@pytest.mark.usefixtures("brief")
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    prescriptions(),
    st.integers(5 * S, 25 * S),
    st.lists(st.tuples(st.integers(0, 25 * S), st.integers(-S, 30 * S)), max_size=4),
)
def test_what_is_played_is_the_prescription_of_the_last_end_whatever_was_asked_and_offered(
    drawn: Prescription, prescribed_us: int, asked: list[tuple[int, int]]
) -> None:
    whole = shortened(drawn, prescribed_us)
    plan = plan_train(whole)
    cursor, slices = first_cursor(plan), list[PlannedSlice]()
    for at_us, ends_us in sorted(asked):
        more, cursor = slices_between(plan, cursor, at_us, len(slices))
        slices += more
        possible = end_range(plan, cursor, prescribed_us)
        refusal = possible.refuse(ends_us)
        taken_us = ends_us if refusal is None else offered_us(refusal)
        assert possible.refuse(taken_us) is None
        assert taken_us <= prescribed_us
        plan = plan_train(whole, taken_us)
    more, cursor = slices_between(plan, cursor, 10**12, len(slices))
    slices += more
    assert cursor.start_us == plan.duration_us
    for planned in slices:
        check_slice(planned.slice, 4)
    played = [
        (pulse.channel, planned.start_us + pulse.start_us)
        for planned in slices
        for pulse in decode_slice(planned.slice, 4)
    ]
    wanted = expected_pulses(shortened(drawn, plan.duration_us))
    assert played == [(pulse.channel, pulse.start_us) for pulse in wanted]
    for planned in slices:
        # A moment after the last whole on-time belongs to its rest.
        on_time = min(plan.on_time_at(planned.start_us), plan.on_times - 1)
        since_us = planned.start_us - plan.on_start_us(on_time)
        assert max(planned.envelope_ppm) == plan.on_time(on_time).envelope_ppm(since_us)


@pytest.mark.parametrize(
    ("asked", "ahead_us"), [(CONTINUOUS, 10 * S), (CONTRACTIONS, 30 * S)], ids=["tens", "nmes"]
)
def test_the_end_stays_10_s_ahead_and_with_contractions_one_cycle_more(
    asked: Prescription, ahead_us: int
) -> None:
    possible = range_at(asked, 200 * S)
    assert possible == (600 * S, 200 * S + ahead_us, 600 * S)
    assert possible.refuse(200 * S + ahead_us) is None
    refusal = possible.refuse(200 * S + ahead_us - 1)
    assert refusal is not None
    assert offered_us(refusal) == 200 * S + ahead_us + 10 * S
    assert said(refusal).allowed == (
        f"{200 + ahead_us // S} s to 600 s from its beginning; for longer a new session"
    )


def test_channels_in_turn_have_a_whole_cycle_of_both_ahead() -> None:
    asked = prescription(
        duration_us=600 * S,
        channels=(1, 2),
        purpose=Purpose.MOTOR,
        on_off=OnOff(4 * S, 16 * S, 1 * S, 500_000),
        use=ChannelUse.ALTERNATING,
    )
    assert range_at(asked, 200 * S).least_us == 230 * S


def test_what_is_offered_is_still_accepted_10_s_later() -> None:
    refusal = range_at(CONTINUOUS, 203 * S).refuse(0)
    assert refusal is not None
    assert range_at(CONTINUOUS, 213 * S).refuse(offered_us(refusal)) is None


def test_no_session_gets_shorter_than_a_minute() -> None:
    possible = range_at(CONTINUOUS, 0)
    assert possible.refuse(60 * S) is None
    assert possible.refuse(60 * S - 1) is not None


@pytest.mark.parametrize("ends_us", [None, 400 * S])
def test_more_than_was_prescribed_at_the_start_is_a_new_session(ends_us: int | None) -> None:
    """Hazard: minutes that no screening, course or allowance of this session covers."""
    possible = range_at(CONTINUOUS, 200 * S, ends_us)
    assert possible.refuse(600 * S) is None
    refusal = possible.refuse(600 * S + 1)
    assert refusal is not None
    assert said(refusal).allowed.endswith("for longer a new session")
    assert offered_us(refusal) == 600 * S


@pytest.mark.parametrize(
    ("asked", "full_until_us"),
    [
        # The ramp of 1 s ends with the last 70 ms of silence.
        (CONTINUOUS, 400 * S - 1_070_000),
        # The last contraction begins at 380 s; its ramp of 0.5 s ends 70 ms before its end.
        (CONTRACTIONS, 384 * S - 570_000),
    ],
    ids=["tens", "nmes"],
)
def test_once_the_last_ramp_down_has_begun_the_end_stays(
    asked: Prescription, full_until_us: int
) -> None:
    """Hazard: an amplitude that falls at the end and jumps back up."""
    assert range_at(asked, full_until_us, 400 * S).refuse(600 * S) is None
    for at_us in (full_until_us + 1, 400 * S - 1, 400 * S):
        possible = range_at(asked, at_us, 400 * S)
        for other_us in (600 * S, 400 * S + 1, 400 * S - 1):
            refusal = possible.refuse(other_us)
            assert refusal is not None
            assert offered_us(refusal) == 400 * S
            assert said(refusal).allowed == "no change so near the end; for longer a new session"
        assert possible.refuse(400 * S) is None


def test_a_rest_that_a_contraction_no_longer_fits_into_is_not_lengthened() -> None:
    """Hazard: a contraction that begins in its middle."""
    for at_us in (384 * S, 398 * S, 401 * S):
        assert range_at(CONTRACTIONS, at_us, 402 * S).refuse(600 * S) is not None
    plan = plan_train(CONTRACTIONS, 402 * S)
    assert plan.on_times == 20
    assert plan_train(CONTRACTIONS).on_times == 30


def test_so_near_the_prescribed_end_that_nothing_fits_the_minutes_stay() -> None:
    possible = range_at(CONTINUOUS, 595 * S)
    assert possible.refuse(600 * S) is None
    for other_us in (0, 599 * S, 601 * S):
        refusal = possible.refuse(other_us)
        assert refusal is not None
        assert offered_us(refusal) == 600 * S


def test_it_is_not_lengthened_by_less_than_10_s_ahead_either() -> None:
    possible = range_at(CONTINUOUS, 592 * S, 595 * S)
    for other_us in (0, 596 * S, 600 * S, 601 * S):
        refusal = possible.refuse(other_us)
        assert refusal is not None
        assert offered_us(refusal) == 595 * S
    assert possible.refuse(595 * S) is None


def test_what_is_offered_is_never_more_than_was_prescribed() -> None:
    refusal = range_at(CONTINUOUS, 583 * S).refuse(0)
    assert refusal is not None
    assert offered_us(refusal) == 600 * S
