"""Judge the skin at the sites of a planned treatment, and what may be recorded of it. Pure."""

from collections.abc import Container, Iterable, Iterator

from appliance.clinical.body import PadSite
from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.skin.facts import (
    SkinCheckedAfter,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinGrade,
    SkinNotChecked,
    SkinReinspected,
)
from appliance.clinical.skin.sites import refuse_sites, site_name, site_text
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE, at_most, listed
from appliance.texts.text import Text, TextValue, microamps, text

RULE = "refusal.skin"
CAP = "refusal.skin_grade"


def judge_follow_up(
    state: SkinState, continued: Container[str] = frozenset()
) -> tuple[Finding, ...]:
    """Return what has to be asked first thing at a visit: was the redness gone? At each site.

    It is no new visit for the sessions that are `continued`.
    """
    return tuple(
        _finding(
            Consequence.ASK,
            f"skin_follow_up:{site_name(site)}",
            text("skin.redness", site=site_text(site)),
            text("skin.asked_first"),
            text("skin.ask_gone"),
            skin.to_follow_up,
        )
        for site, skin in state.sites.items()
        if skin.to_follow_up is not None and skin.session not in continued
    )


def judge_skin(state: SkinState, planned: PlannedTreatment, now: FactTime) -> tuple[Finding, ...]:
    """Return the findings at the planned sites, blocked ones first; `now` as of `judged_at`."""
    return (
        *_blocked(state, planned),
        *_unchecked(state, planned, now),
        *_capped(state, planned),
        *_near(state, planned),
    )


def skin_bounds(state: SkinState, planned: PlannedTreatment) -> PatientBounds:
    """Return the lowest cap of the planned sites, as limits take it."""
    caps_ua = [cap_ua for site in planned.sites if (cap_ua := state.of(site).cap_ua) is not None]
    return PatientBounds(min(caps_ua), CAP) if caps_ua else NO_BOUNDS


def refuse_before(fact: SkinCheckedBefore) -> Refusal | None:
    """Refuse a check before a session that names no site or one twice."""
    return refuse_sites([grade.site for grade in fact.grades])


def refuse_after(fact: SkinCheckedAfter | SkinNotChecked) -> Refusal | None:
    """Refuse a close-out that leaves out a treated site, or "not done" without a reason."""
    sites = [level.site for level in fact.levels]
    refusal = refuse_sites(sites)
    if refusal is not None:
        return refusal
    if isinstance(fact, SkinNotChecked):
        return refuse_reason(fact.reason)
    graded = [grade.site for grade in fact.grades]
    return refuse_sites(graded) or _refuse_left_out(sites, graded)


def refuse_follow_up(fact: SkinFollowedUp, state: SkinState) -> Refusal | None:
    """Refuse answers that leave out a site that has to be asked for, or name another."""
    asked = [answer.site for answer in fact.answers]
    refusal = refuse_sites(asked)
    if refusal is not None:
        return refusal
    wanted = [site for site, skin in state.sites.items() if skin.to_follow_up is not None]
    other = [site for site in asked if site not in wanted]
    if other:
        nearest = text("skin.leave_out", sites=_listed(other))
        return Refusal(RULE, _listed(other), text("skin.sites_to_ask"), nearest)
    return _refuse_left_out(wanted, asked)


def refuse_reinspection(fact: SkinReinspected, state: SkinState) -> Refusal | None:
    """Refuse to open a site that is not blocked, is still broken, or without a reason."""
    if state.of(fact.site).blocked is None:
        allowed, nearest = text("skin.a_blocked_site"), text("skin.check_instead")
        return Refusal(RULE, site_text(fact.site), allowed, nearest)
    if fact.grade is SkinGrade.BROKEN:
        asked = text("skin.graded", site=site_text(fact.site), grade=int(fact.grade))
        return Refusal(RULE, asked, text("skin.grade_below_2"), text("skin.look_again_later"))
    return refuse_reason(fact.reason)


def _blocked(state: SkinState, planned: PlannedTreatment) -> Iterator[Finding]:
    for site in planned.sites:
        blocked = state.of(site).blocked
        if blocked is not None:
            yield _finding(
                Consequence.STOP,
                f"skin:{site_name(site)}",
                text("skin.broken", site=site_text(site)),
                text("skin.whole"),
                text("skin.other_site"),
                blocked,
            )


def _unchecked(state: SkinState, planned: PlannedTreatment, now: FactTime) -> Iterator[Finding]:
    for site in planned.sites:
        before = state.of(site).before
        if before is None or not same_day(before, now):
            yield _finding(
                Consequence.ASK,
                f"skin_before:{site_name(site)}",
                text("skin.not_checked", site=site_text(site)),
                text("skin.checked_today"),
                text("skin.check"),
                before,
            )


def _capped(state: SkinState, planned: PlannedTreatment) -> Iterator[Finding]:
    for site in planned.sites:
        skin = state.of(site)
        if skin.cap_ua is not None and skin.blocked is None:
            yield _finding(
                Consequence.NOTE,
                f"skin_cap:{site_name(site)}",
                text("skin.marked", site=site_text(site)),
                at_most(microamps(skin.cap_ua)),
                text("skin.until_clear"),
                skin.at,
            )


def _near(state: SkinState, planned: PlannedTreatment) -> Iterator[Finding]:
    """Note broken skin at another site of the same region and side."""
    for site, skin in state.sites.items():
        here = site.region is planned.region and planned.side.includes(site.side)
        if here and skin.blocked is not None and site not in planned.sites:
            yield _finding(
                Consequence.NOTE,
                f"skin_near:{site_name(site)}",
                text("skin.broken", site=site_text(site)),
                text("skin.whole"),
                text("skin.keep_clear"),
                skin.blocked,
            )


def _refuse_left_out(wanted: Iterable[PadSite], given: Iterable[PadSite]) -> Refusal | None:
    given = tuple(given)
    missing = [site for site in wanted if site not in given]
    if not missing:
        return None
    asked = text("skin.without", sites=_listed(missing))
    return Refusal(RULE, asked, text("skin.each_site"), text("skin.answer_each"))


def _listed(sites: list[PadSite]) -> TextValue:
    return listed([site_text(site) for site in sites]) if sites else NONE


def _finding(
    consequence: Consequence,
    item: str,
    found: Text,
    allowed: TextValue,
    nearest: Text,
    since: FactTime | None,
) -> Finding:
    return Finding(
        consequence=consequence,
        rule=CAP if item.startswith("skin_cap") else RULE,
        item=item,
        found=found,
        allowed=allowed,
        nearest=nearest,
        since=since,
    )
