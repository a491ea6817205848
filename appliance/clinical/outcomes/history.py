"""The complaints and outcomes of one patient: a fold over their facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from appliance.clinical.fact import Fact, FactTime, same_day, session_order
from appliance.clinical.outcomes.change import (
    Change,
    activity_change,
    index_change,
    pain_change,
)
from appliance.clinical.outcomes.facts import (
    COMING,
    ActivityScored,
    ComplaintOpened,
    ContractionGraded,
    DisabilityIndex,
    FatigueCounted,
    GlobalChangeScored,
    IndexScored,
    MotionTested,
    PainMoment,
    PainScored,
)
from appliance.core.limits.limits import Region

EVERY = 6
"""Outcomes are offered at the first session, at every sixth and at each review."""


class Scored(NamedTuple):
    """A score and when it was given."""

    score: int
    at: FactTime


class SessionPain(NamedTuple):
    """Pain before and after one session, None where it was not asked."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class OutcomeHistory:
    """Every outcome of one patient, in the order of the facts.

    Pain is kept by region and session, a corrected score in place of the one before; `coming` is
    that of a session that has not begun.
    """

    complaints: tuple[tuple[ComplaintOpened, FactTime], ...] = ()
    pain: Mapping[Region, Mapping[str, SessionPain]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    indices: Mapping[DisabilityIndex, tuple[Scored, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    activities: Mapping[str, tuple[Scored, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    coming: tuple[PainScored, FactTime] | None = None
    motions: tuple[tuple[MotionTested, FactTime], ...] = ()
    global_changes: tuple[Scored, ...] = ()
    contractions: tuple[tuple[ContractionGraded, FactTime], ...] = ()
    fatigue: tuple[tuple[FatigueCounted, FactTime], ...] = ()

    def after(self, fact: Fact, at: FactTime) -> "OutcomeHistory":
        """Return the history after a fact; facts of other rooms change nothing."""
        match fact:
            case ComplaintOpened():
                return replace(self, complaints=(*self.complaints, (fact, at)))
            case PainScored():
                return self._after_pain(fact, at)
            case IndexScored() | ActivityScored() | GlobalChangeScored():
                return self._after_score(fact, at)
            case MotionTested():
                return replace(self, motions=(*self.motions, (fact, at)))
            case ContractionGraded():
                return replace(self, contractions=(*self.contractions, (fact, at)))
            case FatigueCounted():
                return replace(self, fatigue=(*self.fatigue, (fact, at)))
            case _:
                return self

    def after_session(self, session: str, at: FactTime) -> "OutcomeHistory":
        """Return the history after a session has ended; pain asked before it that day is its."""
        if self.coming is None:
            return self
        (pain, asked), rest = self.coming, replace(self, coming=None)
        if not same_day(asked, at):
            return rest
        return rest.after(msgspec.structs.replace(pain, session=session), asked)

    def _after_pain(self, fact: PainScored, at: FactTime) -> "OutcomeHistory":
        if fact.session == COMING:
            return replace(self, coming=(fact, at))
        here = self.pain.get(fact.region, MappingProxyType({}))
        session = here.get(fact.session, SessionPain(None, None))
        if fact.moment is PainMoment.BEFORE:
            session = session._replace(before=fact.score)
        else:
            session = session._replace(after=fact.score)
        sessions = MappingProxyType({**here, fact.session: session})
        return replace(self, pain=MappingProxyType({**self.pain, fact.region: sessions}))

    def _after_score(
        self, fact: IndexScored | ActivityScored | GlobalChangeScored, at: FactTime
    ) -> "OutcomeHistory":
        scored = Scored(fact.score, at)
        match fact:
            case IndexScored(index=index):
                scores = (*self.indices.get(index, ()), scored)
                return replace(self, indices=MappingProxyType({**self.indices, index: scores}))
            case ActivityScored(activity=activity):
                scores = (*self.activities.get(activity, ()), scored)
                activities = MappingProxyType({**self.activities, activity: scores})
                return replace(self, activities=activities)
            case GlobalChangeScored():
                return replace(self, global_changes=(*self.global_changes, scored))

    def pain_over_course(self, region: Region) -> Change | None:
        """Return the change from the first to the last pain before a session, None with one."""
        sessions = self.pain.get(region, MappingProxyType({}))
        ordered = (sessions[session] for session in sorted(sessions, key=session_order))
        before = [pain.before for pain in ordered if pain.before is not None]
        return pain_change(region, before[0], before[-1]) if len(before) > 1 else None

    def index_over_course(self, index: DisabilityIndex) -> Change | None:
        """Return the change from the first to the last score, None with fewer than two."""
        scores = self.indices.get(index, ())
        return index_change(index, scores[0].score, scores[-1].score) if len(scores) > 1 else None

    def activity_over_course(self, activity: str) -> Change | None:
        """Return the change from the first to the last score, None with fewer than two."""
        scores = self.activities.get(activity, ())
        return activity_change(scores[0].score, scores[-1].score) if len(scores) > 1 else None


def are_offered(session_of_course: int, *, review: bool) -> bool:
    """Return whether outcomes are offered at a session, counted from 1."""
    return review or session_of_course == 1 or session_of_course % EVERY == 0
