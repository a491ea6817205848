"""Skin in tests: sites, grades, levels, and the facts made of them."""

from dataclasses import replace

from appliance.clinical.body import PadSite, Side
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.skin.facts import (
    Feeling,
    Gone,
    SensationMethod,
    SensationTested,
    SiteFollowUp,
    SiteGrade,
    SiteLevel,
    SiteSensation,
    SkinCheckedAfter,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinGrade,
    SkinNotChecked,
    SkinReinspected,
)
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from tests.support.screening import WHO, planned


def site(spot: str = "l1", side: Side = Side.LEFT, region: Region = Region.LOWER_BACK) -> PadSite:
    return PadSite(region=region, side=side, spot=spot)


L1, L5 = site("l1"), site("l5")
RIGHT_L1 = site("l1", Side.RIGHT)
NECK_C4 = site("c4", region=Region.NECK)


def planned_at(
    *sites: PadSite,
    purpose: Purpose = Purpose.SENSORY,
    kind: ProgrammeKind = ProgrammeKind.CONVENTIONAL,
    material: str = "hydrogel A",
) -> PlannedTreatment:
    region = sites[0].region if sites else Region.LOWER_BACK
    return replace(planned(region, purpose, kind), sites=sites, material=material)


def before(grade: SkinGrade = SkinGrade.CLEAR, *sites: PadSite) -> SkinCheckedBefore:
    grades = tuple(SiteGrade(site=each, grade=grade) for each in sites or (L1, L5))
    return SkinCheckedBefore(grades=grades, **WHO)


def after(
    grade: SkinGrade = SkinGrade.CLEAR,
    *sites: PadSite,
    level_ua: int = 20_000,
    material: str = "hydrogel A",
    session: str = "0001-001",
) -> SkinCheckedAfter:
    treated = sites or (L1, L5)
    return SkinCheckedAfter(
        session=session,
        grades=tuple(SiteGrade(site=each, grade=grade) for each in treated),
        levels=tuple(SiteLevel(site=each, level_ua=level_ua) for each in treated),
        material=material,
        **WHO,
    )


def not_checked(
    *sites: PadSite, level_ua: int = 20_000, reason: str = "had to leave"
) -> SkinNotChecked:
    levels = tuple(SiteLevel(site=each, level_ua=level_ua) for each in sites or (L1, L5))
    return SkinNotChecked(
        session="0001-001", reason=reason, levels=levels, material="hydrogel A", **WHO
    )


def followed_up(answer: Gone, *sites: PadSite) -> SkinFollowedUp:
    answers = tuple(SiteFollowUp(site=each, answer=answer) for each in sites or (L1, L5))
    return SkinFollowedUp(answers=answers, **WHO)


def reinspected(grade: SkinGrade, reason: str = "healed", where: PadSite = L1) -> SkinReinspected:
    return SkinReinspected(site=where, grade=grade, reason=reason, **WHO)


def sensation(feeling: Feeling, *sites: PadSite) -> SensationTested:
    tested = tuple(SiteSensation(site=each, feeling=feeling) for each in sites or (L1, L5))
    return SensationTested(method=SensationMethod.SHARP_BLUNT, sites=tested, **WHO)
