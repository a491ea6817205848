"""Sensation at each site of a pad: valid for the day, and what it means. Pure.

Who cannot feel a site cannot say that it burns. Altered sensation allows a sensory programme other
than brief-intense, with a clinician's reason, single taps and half the region's ceiling (D).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.body import PadSite
from appliance.clinical.fact import Fact, FactTime, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.skin.facts import AlteredSensationAccepted, Feeling, SensationTested
from appliance.clinical.skin.sites import refuse_sites, site_name, site_text
from appliance.core.limits.limits import Purpose, ceiling_ua
from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_most
from appliance.texts.text import Text, TextValue, microamps, text

RULE = "refusal.sensation"
ALTERED = "refusal.altered_sensation"


class Felt(NamedTuple):
    """What was felt at a site, when it was tested, and a reason given since; None without one."""

    feeling: Feeling
    at: FactTime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SensationState:
    """The newest test of each site of one patient."""

    sites: Mapping[PadSite, Felt] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: Fact, at: FactTime) -> "SensationState":
        """Return the state after a fact; a fact of another room changes nothing."""
        match fact:
            case SensationTested():
                tested = {each.site: Felt(each.feeling, at) for each in fact.sites}
                return replace(self, sites=MappingProxyType({**self.sites, **tested}))
            case AlteredSensationAccepted():
                accepted = {
                    site: self.sites[site]._replace(reason=fact.reason)
                    for site in fact.sites
                    if site in self.sites
                }
                return replace(self, sites=MappingProxyType({**self.sites, **accepted}))
            case _:
                return self

    def today(self, site: PadSite, now: FactTime) -> Felt | None:
        """Return the test of a site that is valid now, None if there is none."""
        felt = self.sites.get(site)
        return felt if felt is not None and same_day(felt.at, now) else None


def judge_sensation(
    state: SensationState, planned: PlannedTreatment, now: FactTime
) -> tuple[Finding, ...]:
    """Return the findings at the planned sites, in their order; `now` as of `judged_at`."""
    return tuple(_findings(state, planned, now))


def sensation_bounds(
    state: SensationState, planned: PlannedTreatment, now: FactTime
) -> PatientBounds:
    """Return the limits where sensation is altered: single taps, half the region's ceiling."""
    tests = [state.today(site, now) for site in planned.sites]
    if not any(felt is not None and felt.feeling is Feeling.ALTERED for felt in tests):
        return NO_BOUNDS
    return PatientBounds(half_ceiling_ua(planned), ALTERED, single_taps=True)


def half_ceiling_ua(planned: PlannedTreatment) -> int:
    """Return half the region's ceiling in µA."""
    finds = planned.kind.finds
    return ceiling_ua(planned.region, planned.purpose, finds=finds) // 2


def refuse_test(fact: SensationTested) -> Refusal | None:
    """Refuse a test that names no site or one twice."""
    return refuse_sites([tested.site for tested in fact.sites])


def refuse_acceptance(
    fact: AlteredSensationAccepted, state: SensationState, now: FactTime
) -> Refusal | None:
    """Refuse a reason that says nothing, or for a site that was not found altered today."""
    refusal = refuse_sites(fact.sites)
    if refusal is not None:
        return refusal
    for site in fact.sites:
        felt = state.today(site, now)
        if felt is None or felt.feeling is not Feeling.ALTERED:
            allowed = text("sensation.altered_today")
            nearest = text("sensation.leave_out") if felt else text("sensation.test")
            return Refusal(RULE, site_text(site), allowed, nearest)
    return refuse_reason(fact.reason)


def _findings(state: SensationState, planned: PlannedTreatment, now: FactTime) -> Iterator[Finding]:
    for site in planned.sites:
        felt = state.today(site, now)
        if felt is None:
            found = text("sensation.not_tested", site=site_text(site))
            allowed, nearest = text("sensation.tested_today"), text("sensation.test")
            yield _finding(Consequence.ASK, site, found, allowed, nearest)
        elif felt.feeling is Feeling.ABSENT:
            found = text("sensation.absent", site=site_text(site))
            allowed, nearest = text("sensation.normal"), text("sensation.other_site")
            yield _finding(Consequence.STOP, site, found, allowed, nearest, felt.at)
        elif felt.feeling is Feeling.ALTERED:
            yield _altered(site, felt, planned)


def _altered(site: PadSite, felt: Felt, planned: PlannedTreatment) -> Finding:
    found = text("sensation.altered", site=site_text(site))
    allowed: TextValue = text("sensation.normal")
    strong = planned.kind is ProgrammeKind.BRIEF_INTENSE
    if planned.purpose is Purpose.MOTOR or strong:
        nearest = text("sensation.gentle_programme")
        return _finding(Consequence.STOP, site, found, allowed, nearest, felt.at)
    allowed = at_most(microamps(half_ceiling_ua(planned)))
    if felt.reason is None:
        nearest = text("sensation.give_reason")
        return _finding(Consequence.CONFIRM, site, found, allowed, nearest, felt.at)
    nearest = text("sensation.single_taps", reason=felt.reason)
    return _finding(Consequence.NOTE, site, found, allowed, nearest, felt.at)


def _finding(
    consequence: Consequence,
    site: PadSite,
    found: Text,
    allowed: TextValue,
    nearest: Text,
    since: FactTime | None = None,
) -> Finding:
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=f"sensation:{site_name(site)}",
        found=found,
        allowed=allowed,
        nearest=nearest,
        since=since,
    )
