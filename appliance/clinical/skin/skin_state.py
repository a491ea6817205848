"""What is known of a patient's skin at each site: a fold over its facts. Pure.

- Grade 1 caps a site at half its last level until one session there ends with a clear check.
- Grade 2 blocks a site until a clinician looks again and gives a reason; then it is capped.
- A clear check at close-out is asked about at the next visit: redness that was not gone by then, or
  of which nobody knows, makes it grade 1 of that session. A session whose skin nobody looked at is
  asked about as well, and lifts no cap.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.clinical.body import PadSite
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.skin.facts import (
    Gone,
    SiteGrade,
    SkinCheckedAfter,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinGrade,
    SkinNotChecked,
    SkinReinspected,
)
from appliance.core.limits.patient_limits import (
    FIRST_BACK_UA,
    FIRST_NECK_UA,
    CeilingScope,
    scope_of,
)


@dataclass(frozen=True, slots=True)
class SiteSkin:
    """The skin of one site; None where there is no such check, level, cap or block.

    `grade` is the newest one, `before` the check for the coming session, `session` the last one
    there, `level_ua` the last level above zero. `blocked` and `to_follow_up` say since when.
    """

    grade: SkinGrade | None = None
    at: FactTime | None = None
    before: FactTime | None = None
    session: str | None = None
    level_ua: int | None = None
    cap_ua: int | None = None
    blocked: FactTime | None = None
    to_follow_up: FactTime | None = None

    def graded(self, site: PadSite, grade: SkinGrade, at: FactTime) -> "SiteSkin":
        """Return the skin after a grade; a clear one leaves cap and block as they are."""
        skin = replace(self, grade=grade, at=at)
        if grade is SkinGrade.CLEAR:
            return skin
        skin = replace(skin, cap_ua=_half_ua(site, self.level_ua))
        return replace(skin, blocked=at) if grade is SkinGrade.BROKEN else skin


NO_SKIN = SiteSkin()


@dataclass(frozen=True, slots=True)
class SkinState:
    """The skin of one patient.

    `materials` are those of the pads of earlier sessions, `reacted` is when a grade of 1 or more
    was last seen.
    """

    sites: Mapping[PadSite, SiteSkin] = field(default_factory=lambda: MappingProxyType({}))
    materials: frozenset[str] = frozenset()
    reacted: FactTime | None = None

    def after(self, fact: Fact, at: FactTime) -> "SkinState":
        """Return the state after a fact; a fact of another room changes nothing."""
        match fact:
            case SkinCheckedBefore():
                sites = [grade.site for grade in fact.grades]
                graded = _graded(self, _pairs(fact.grades), at)
                return _changed(graded, sites, lambda skin: replace(skin, before=at))
            case SkinCheckedAfter():
                return _closed_out(_after_session(self, fact), fact, at)
            case SkinNotChecked():
                session = _after_session(self, fact)
                sites = [level.site for level in fact.levels]
                return _changed(session, sites, lambda skin: replace(skin, to_follow_up=at))
            case SkinFollowedUp():
                return _followed_up(self, fact, at)
            case SkinReinspected():
                state = _graded(self, [(fact.site, fact.grade)], at)
                if fact.grade is SkinGrade.BROKEN:
                    return state
                return _changed(state, [fact.site], lambda skin: replace(skin, blocked=None))
            case _:
                return self

    def of(self, site: PadSite) -> SiteSkin:
        """Return the skin of a site."""
        return self.sites.get(site, NO_SKIN)

    @property
    def treated(self) -> tuple[PadSite, ...]:
        """Return the sites that had a level in an earlier session."""
        return tuple(site for site, skin in self.sites.items() if skin.level_ua is not None)


def _after_session(state: SkinState, fact: SkinCheckedAfter | SkinNotChecked) -> SkinState:
    """Return the state after a session, before its skin was looked at."""
    sites = dict(state.sites)
    for level in fact.levels:
        skin = state.of(level.site)
        last_ua = level.level_ua or skin.level_ua
        sites[level.site] = replace(skin, level_ua=last_ua, session=fact.session, before=None)
    used = frozenset({fact.material} if fact.material else ())
    return replace(state, sites=MappingProxyType(sites), materials=state.materials | used)


def _closed_out(state: SkinState, fact: SkinCheckedAfter, at: FactTime) -> SkinState:
    had_level = {level.site for level in fact.levels if level.level_ua}
    clear = [grade.site for grade in fact.grades if grade.grade is SkinGrade.CLEAR]
    state = _graded(state, _pairs(fact.grades), at)
    state = _changed(state, clear, lambda skin: replace(skin, to_follow_up=at))
    return _changed(state, had_level.intersection(clear), lambda skin: replace(skin, cap_ua=None))


def _followed_up(state: SkinState, fact: SkinFollowedUp, at: FactTime) -> SkinState:
    there = [each.site for each in fact.answers if each.answer is not Gone.GONE]
    state = _graded(state, [(site, SkinGrade.MARKED) for site in there], at)
    asked = [each.site for each in fact.answers]
    return _changed(state, asked, lambda skin: replace(skin, to_follow_up=None))


def _graded(
    state: SkinState, grades: Iterable[tuple[PadSite, SkinGrade]], at: FactTime
) -> SkinState:
    grades = tuple(grades)
    sites = {site: state.of(site).graded(site, grade, at) for site, grade in grades}
    reacted = any(grade is not SkinGrade.CLEAR for _, grade in grades)
    return replace(
        state,
        sites=MappingProxyType({**state.sites, **sites}),
        reacted=at if reacted else state.reacted,
    )


def _changed(
    state: SkinState, sites: Iterable[PadSite], change: Callable[[SiteSkin], SiteSkin]
) -> SkinState:
    changed = {site: change(state.of(site)) for site in sites}
    return replace(state, sites=MappingProxyType({**state.sites, **changed}))


def _pairs(grades: Iterable[SiteGrade]) -> list[tuple[PadSite, SkinGrade]]:
    return [(each.site, each.grade) for each in grades]


def _half_ua(site: PadSite, level_ua: int | None) -> int:
    """Return half the last level; half of a first session's where there was none (D)."""
    neck = scope_of(site.region) is CeilingScope.NECK
    return (level_ua or (FIRST_NECK_UA if neck else FIRST_BACK_UA)) // 2
