"""How many contractions a session may have: numbers written out again, none imported."""

from typing import Any

import pytest

from appliance.core.limits.limits import Purpose
from appliance.core.prescription.contraction_counts import (
    check_contractions,
    contractions_in,
    longest_session_us,
    most_contractions,
)
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import Biphasic, OnOff, Part, PartKind, ProgrammeKind
from tests.support.strategies import prescription
from tests.support.texts import said

pytestmark = pytest.mark.proves("limits", "first-session")

S = 1_000_000
STRONG, VISIBLE = ProgrammeKind.ENDURANCE, ProgrammeKind.CIRCULATION
TEN_EACH = OnOff(10 * S, 10 * S, 2 * S, 1 * S)
FIVE_EACH = OnOff(5 * S, 5 * S, 1 * S, 1 * S)
"""30 min of each hold 90 and 180 contractions."""


def motor(kind: ProgrammeKind, times: OnOff, seconds: int, **changes: Any) -> Prescription:
    asked = {"kind": kind, "purpose": Purpose.MOTOR, "on_off": times, "duration_us": seconds * S}
    return prescription(**(asked | changes))


@pytest.mark.parametrize(
    ("kind", "later", "first"),
    [
        ("strengthening", 60, 30),
        ("burst_ac", 60, 30),
        ("endurance", 60, 30),
        ("contract_relax", 90, 60),
        ("circulation", 90, 60),
        ("stabilisation", 60, 30),
        ("rehabilitation", 60, 30),
        ("low_rate", 60, 30),  # with on and off times of contractions it counts as strong
    ],
)
def test_a_kind_has_so_many_contractions(kind: str, later: int, first: int) -> None:
    assert most_contractions(ProgrammeKind(kind), first=False) == later
    assert most_contractions(ProgrammeKind(kind), first=True) == first


@pytest.mark.parametrize(
    ("kind", "times", "most", "seconds"),
    [(STRONG, TEN_EACH, 60, 1_200), (VISIBLE, FIVE_EACH, 90, 900)],
)
def test_one_contraction_more_is_refused_and_the_offer_is_accepted(
    kind: ProgrammeKind, times: OnOff, most: int, seconds: int
) -> None:
    on_s = times.on_us // S
    fits = motor(kind, times, seconds + on_s - 1)
    assert contractions_in(fits, fits.duration_us) == most
    with pytest.raises(PrescriptionError) as caught:
        motor(kind, times, seconds + on_s)
    (refusal,) = map(said, caught.value.refusals)
    assert refusal.text() == (
        f"contractions in a session: asked {most + 1} contractions, "
        f"allowed at most {most} a session; nearest {seconds} s"
    )
    assert motor(kind, times, seconds).duration_us == seconds * S


def test_a_session_too_long_is_offered_one_that_has_not_too_many_contractions() -> None:
    with pytest.raises(PrescriptionError) as caught:
        motor(VISIBLE, FIVE_EACH, 1_801)
    found = [said(refusal) for refusal in caught.value.refusals]
    assert [refusal.limit for refusal in found] == ["session", "contractions in a session"]
    assert {refusal.nearest for refusal in found} == {"900 s"}


@pytest.mark.parametrize(
    ("kind", "times", "first", "seconds"),
    [(STRONG, TEN_EACH, 30, 600), (VISIBLE, FIVE_EACH, 60, 600)],
)
def test_a_first_session_has_fewer(
    kind: ProgrammeKind, times: OnOff, first: int, seconds: int
) -> None:
    assert check_contractions(motor(kind, times, seconds), first=True) is None
    refusal = check_contractions(motor(kind, times, seconds + 60), first=True)
    assert refusal is not None
    assert said(refusal).allowed == f"at most {first} in a first session"
    assert said(refusal).nearest == f"{seconds} s"


def test_what_was_given_before_counts() -> None:
    asked = motor(STRONG, TEN_EACH, 600)
    assert check_contractions(asked, given_us=600 * S) is None
    refusal = check_contractions(asked, given_us=640 * S)
    assert refusal is not None
    assert said(refusal).asked == "62 contractions"
    assert said(refusal).nearest == "560 s"
    assert longest_session_us(asked, first=True, given_us=590 * S) == 10 * S
    early = check_contractions(asked, first=True, given_us=590 * S)
    assert early is not None
    assert said(early).nearest == "from tomorrow on"


def test_twitches_and_what_is_only_felt_are_not_counted() -> None:
    felt = prescription(on_off=OnOff(3 * S, 3 * S, 1 * S, 500_000), duration_us=3_600 * S)
    twitches = motor(STRONG, OnOff(3 * S, 3 * S, 1 * S, 500_000), 1_800, period_us=100_000)
    unbroken = motor(ProgrammeKind.TWITCH, FIVE_EACH, 1_800, on_off=None, period_us=500_000)
    for each in (felt, twitches, unbroken):
        assert contractions_in(each, each.duration_us) == 0
        assert longest_session_us(each, first=True) is None
        assert check_contractions(each, first=True, given_us=each.duration_us) is None


def of_parts(*parts: Part, seconds: int, kind: ProgrammeKind = STRONG) -> Prescription:
    return prescription(
        kind=kind, purpose=Purpose.MOTOR, parts=parts, duration_us=seconds * S, ceiling_ua=20_000
    )


def part(
    times: OnOff | None = TEN_EACH, seconds: int | None = None, period_us: int = 20_000
) -> Part:
    form, long_us = Biphasic(200), None if seconds is None else seconds * S
    return Part(waveform=form, period_us=period_us, on_off=times, duration_us=long_us)


TWITCHES = part(None, 120, 250_000)
RESTS = OnOff(4 * S, 1 * S, 500_000, 500_000)


def test_contractions_of_every_part_count_together() -> None:
    both = of_parts(part(seconds=600), TWITCHES, part(), seconds=1_320)
    assert contractions_in(both, both.duration_us) == 60
    assert longest_session_us(both, first=False) == 1_320 * S
    with pytest.raises(PrescriptionError) as caught:
        of_parts(part(seconds=600), TWITCHES, part(), seconds=1_330)
    (refusal,) = map(said, caught.value.refusals)
    assert refusal.asked == "61 contractions"
    assert refusal.nearest == "1320 s"


def test_twitches_before_after_and_in_the_rests_do_not_count() -> None:
    rests = Part(waveform=Biphasic(200), period_us=250_000, on_off=RESTS, kind=PartKind.ACTIVE_REST)
    parts = (TWITCHES, part(), rests, TWITCHES)
    whole = of_parts(*parts, seconds=1_440)
    assert contractions_in(whole, whole.duration_us) == 60
    with pytest.raises(PrescriptionError) as caught:
        of_parts(*parts, seconds=1_460)
    (refusal,) = map(said, caught.value.refusals)
    assert refusal.nearest == "1440 s"


def test_each_part_counts_by_its_own_cycle_and_kinds_keep_their_own_number() -> None:
    parts = (part(FIVE_EACH, 600), part())
    seen = of_parts(*parts, seconds=1_200, kind=VISIBLE)
    assert contractions_in(seen, seen.duration_us) == 90
    with pytest.raises(PrescriptionError) as caught:
        of_parts(*parts, seconds=1_200)
    assert said(caught.value.refusals[0]).asked == "90 contractions"
    early = check_contractions(seen, first=True)
    assert early is not None
    assert said(early).allowed == "at most 60 in a first session"


def test_parts_of_their_own_time_with_too_many_are_offered_no_minutes() -> None:
    with pytest.raises(PrescriptionError) as caught:
        of_parts(part(seconds=1_300), part(None, period_us=250_000), seconds=1_600)
    (refusal,) = map(said, caught.value.refusals)
    assert refusal.asked == "65 contractions"
    assert refusal.nearest == "60 contractions"


def test_what_was_given_before_counts_by_the_shortest_cycle_of_the_parts() -> None:
    asked = of_parts(part(FIVE_EACH, 200), part(), seconds=600)
    assert contractions_in(asked, asked.duration_us) == 40
    assert check_contractions(asked, given_us=200 * S) is None
    refusal = check_contractions(asked, given_us=210 * S)
    assert refusal is not None
    assert said(refusal).asked == "61 contractions"
    assert said(refusal).nearest == "580 s"


def test_no_minutes_are_offered_that_leave_a_part_without_a_contraction() -> None:
    with pytest.raises(PrescriptionError) as caught:
        of_parts(part(seconds=1_200), part(), seconds=1_229)
    (refusal,) = map(said, caught.value.refusals)
    assert (refusal.asked, refusal.nearest) == ("61 contractions", "60 contractions")
