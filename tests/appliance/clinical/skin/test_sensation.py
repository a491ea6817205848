"""Sensation at the pads: who cannot feel a site cannot say that it burns."""

import pytest

from appliance.clinical.body import PadSite
from appliance.clinical.finding import Consequence
from appliance.clinical.skin.facts import AlteredSensationAccepted, Feeling
from appliance.clinical.skin.sensation import (
    SensationState,
    judge_sensation,
    refuse_acceptance,
    refuse_test,
    sensation_bounds,
)
from appliance.core.limits.limits import Purpose, Region
from appliance.core.limits.patient_limits import NO_BOUNDS
from appliance.core.prescription.waveform import ProgrammeKind
from tests.support.screening import WHO, at
from tests.support.skin import L1, L5, planned_at, sensation, site
from tests.support.texts import said

NOW = at(100.5)
ALTERED = SensationState().after(sensation(Feeling.ALTERED, L1), NOW)


def accepted(*sites: PadSite, reason: str = "scar, known for years") -> AlteredSensationAccepted:
    return AlteredSensationAccepted(sites=sites or (L1,), reason=reason, **WHO)


def expected(feeling: Feeling | None, purpose: Purpose, kind: ProgrammeKind) -> Consequence | None:
    if feeling is None:
        return Consequence.ASK
    if feeling is Feeling.NORMAL:
        return None
    strong = purpose is Purpose.MOTOR or kind is ProgrammeKind.BRIEF_INTENSE
    return Consequence.STOP if feeling is Feeling.ABSENT or strong else Consequence.CONFIRM


@pytest.mark.parametrize("feeling", [None, *Feeling])
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("kind", list(ProgrammeKind))
@pytest.mark.parametrize("region", list(Region))
def test_what_each_sensation_means_for_each_programme(
    feeling: Feeling | None, purpose: Purpose, kind: ProgrammeKind, region: Region
) -> None:
    where = site("l1", region=region)
    state = SensationState()
    if feeling is not None:
        state = state.after(sensation(feeling, where), NOW)
    found = judge_sensation(state, planned_at(where, purpose=purpose, kind=kind), NOW)
    wanted = expected(feeling, purpose, kind)
    assert [each.consequence for each in found] == ([] if wanted is None else [wanted])
    assert all(each.item == f"sensation:{region}/left/l1" for each in found)


def test_a_test_is_valid_for_the_day() -> None:
    state = SensationState().after(sensation(Feeling.NORMAL), NOW)
    assert judge_sensation(state, planned_at(L1, L5), at(100.9)) == ()
    tomorrow = judge_sensation(state, planned_at(L1, L5), at(101.1))
    assert [finding.consequence for finding in tomorrow] == [Consequence.ASK] * 2


def test_the_newest_test_counts() -> None:
    retested = ALTERED.after(sensation(Feeling.NORMAL, L1), at(100.6))
    assert judge_sensation(retested, planned_at(L1), at(100.7)) == ()
    worse = ALTERED.after(sensation(Feeling.ABSENT, L1), at(100.6))
    (finding,) = judge_sensation(worse, planned_at(L1), at(100.7))
    assert finding.consequence is Consequence.STOP


@pytest.mark.parametrize(
    ("region", "half_ua"),
    [
        (Region.NECK, 20_000),
        (Region.SUBOCCIPITAL, 10_000),
        (Region.UPPER_BACK, 50_000),
        (Region.LOWER_BACK, 50_000),
    ],
)
def test_altered_sensation_allows_single_taps_up_to_half_the_ceiling(
    region: Region, half_ua: int
) -> None:
    where = site("l1", region=region)
    state = SensationState().after(sensation(Feeling.ALTERED, where), NOW)
    bounds = sensation_bounds(state, planned_at(where), NOW)
    assert (bounds.ceiling_ua, bounds.ceiling_by) == (half_ua, "refusal.altered_sensation")
    assert bounds.single_taps
    (finding,) = judge_sensation(state, planned_at(where), NOW)
    assert said(finding.refusal()).allowed == f"at most {half_ua // 1_000} mA"


def test_normal_sensation_and_other_sites_bound_nothing() -> None:
    normal = SensationState().after(sensation(Feeling.NORMAL), NOW)
    assert sensation_bounds(normal, planned_at(L1, L5), NOW) == NO_BOUNDS
    assert sensation_bounds(ALTERED, planned_at(L5), NOW) == NO_BOUNDS
    assert sensation_bounds(ALTERED, planned_at(L1), at(101.5)) == NO_BOUNDS


def test_a_reason_for_altered_sensation_holds_until_the_next_test_of_the_site() -> None:
    state = ALTERED.after(accepted(), NOW)
    (finding,) = judge_sensation(state, planned_at(L1), NOW)
    assert finding.consequence is Consequence.NOTE
    assert said(finding.refusal()).nearest == "single taps, because: scar, known for years"
    tomorrow = state.after(sensation(Feeling.ALTERED, L1), at(101.5))
    (again,) = judge_sensation(tomorrow, planned_at(L1), at(101.5))
    assert again.consequence is Consequence.CONFIRM
    (motor,) = judge_sensation(state, planned_at(L1, purpose=Purpose.MOTOR), NOW)
    assert motor.consequence is Consequence.STOP
    assert state.after(accepted(L5), NOW).sites.keys() == {L1}


def test_a_reason_is_given_for_what_was_found_altered_today() -> None:
    assert refuse_acceptance(accepted(), ALTERED, NOW) is None
    normal = SensationState().after(sensation(Feeling.NORMAL), NOW)
    for fact, state, now, nearest in (
        (accepted(), normal, NOW, "leave it out"),
        (accepted(), ALTERED, at(101.5), "test sharp against blunt, or warm against cold"),
        (accepted(L5), ALTERED, NOW, "test sharp against blunt, or warm against cold"),
        (accepted(L1, L1), ALTERED, NOW, "take the sites of the placement"),
        (accepted(reason=" "), ALTERED, NOW, "say why"),
    ):
        refusal = refuse_acceptance(fact, state, now)
        assert refusal is not None
        assert said(refusal).nearest == nearest


def test_a_test_names_each_site_once() -> None:
    assert refuse_test(sensation(Feeling.NORMAL)) is None
    assert refuse_test(sensation(Feeling.NORMAL, L1, L1)) is not None
