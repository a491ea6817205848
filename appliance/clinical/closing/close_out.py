"""Close-outs of one patient: what is done, left out with a reason, put off, or missing. Pure."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.body import PadSite
from appliance.clinical.choice import choice_text
from appliance.clinical.closing.facts import (
    CloseOutCompleted,
    CloseOutOpened,
    CloseOutPart,
    PartDeferred,
    PartLeftOut,
    SeatedAfter,
    StopExplained,
    StoppedBecause,
)
from appliance.clinical.exercises.facts import AdviceGiven, ExercisesGiven
from appliance.clinical.fact import Fact, FactTime, same_day, session_order
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.outcomes.facts import (
    COMING,
    ActivityScored,
    GlobalChangeScored,
    IndexScored,
    MotionTested,
    PainMoment,
    PainScored,
)
from appliance.clinical.placement.facts import PadsRemoved
from appliance.clinical.skin.facts import (
    SiteLevel,
    SkinCheckedAfter,
    SkinGrade,
    SkinNotChecked,
)
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, TextValue, text

RULE = "refusal.close_out"
SEATED_S = 120
"""Seated after motor work, for a vagal reaction [Compex Vitality manual]; 2 min (D)."""
ALWAYS = (
    CloseOutPart.PADS_OFF,
    CloseOutPart.SKIN,
    CloseOutPart.PAIN_BEFORE,
    CloseOutPart.PAIN_AFTER,
    CloseOutPart.STOPPED_BECAUSE,
)
HOLD_UP = (CloseOutPart.PADS_OFF, CloseOutPart.SKIN)
"""Nobody knows later whether a pad stayed on, or what the skin looked like."""
DEFERRABLE = frozenset(
    {
        CloseOutPart.PAIN_BEFORE,
        CloseOutPart.PAIN_AFTER,
        CloseOutPart.STOPPED_BECAUSE,
        CloseOutPart.EXERCISES,
        CloseOutPart.ADVICE,
        CloseOutPart.OUTCOMES,
    }
)
"""Pads, skin and the rest on the chair cannot wait until the patient has gone."""
LEFT_OUT_WITH_REASON = frozenset(
    {CloseOutPart.SEATED, CloseOutPart.PAIN_BEFORE, CloseOutPart.PAIN_AFTER}
)
"""Skin has a fact of its own for it (`SkinNotChecked`); pads never stay on."""


class PartOutcome(StrEnum):
    """What became of a part."""

    DONE = "done"
    LEFT_OUT = "left_out"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class CloseOut:
    """The close-out of one session; `grades` are those of its skin, what was recorded last."""

    session: str
    motor: bool
    opened: FactTime
    region: Region = Region.LOWER_BACK
    levels: tuple[SiteLevel, ...] = ()
    material: str = ""
    cause: str = ""
    grades: Mapping[PadSite, SkinGrade] = field(default_factory=lambda: MappingProxyType({}))
    parts: Mapping[CloseOutPart, PartOutcome] = field(default_factory=lambda: MappingProxyType({}))
    because: StoppedBecause | None = None
    completed: FactTime | None = None

    def with_part(self, part: CloseOutPart, outcome: PartOutcome) -> "CloseOut":
        """Return it with what became of a part; what was done stays done."""
        if self.parts.get(part) is PartOutcome.DONE:
            return self
        return replace(self, parts=MappingProxyType({**self.parts, part: outcome}))

    def explained(self, because: StoppedBecause) -> "CloseOut":
        """Return it with why output ended, as the operator says it."""
        done = self.with_part(CloseOutPart.STOPPED_BECAUSE, PartOutcome.DONE)
        return replace(done, because=because)

    @property
    def wanted(self) -> tuple[CloseOutPart, ...]:
        """Return the parts without which it cannot be completed."""
        return (*ALWAYS, CloseOutPart.SEATED) if self.motor else ALWAYS

    def waits(self, lying: Container[str]) -> bool:
        """Say whether the pads of this session lie on for the next of these sessions."""
        return self.session in lying and CloseOutPart.PADS_OFF not in self.parts

    @property
    def holds_up(self) -> tuple[CloseOutPart, ...]:
        """Return the parts without which nobody is treated on this unit."""
        return tuple(part for part in HOLD_UP if part not in self.parts)


class ToComplete(NamedTuple):
    """A part that was put off."""

    session: str
    part: CloseOutPart
    since: FactTime


@dataclass(frozen=True, slots=True)
class CloseOuts:
    """Every close-out of one patient by session.

    `pain_before` are the sessions with a score, `coming` is when the coming one got its own. `said`
    is why a session that may still run was interrupted.
    """

    by_session: Mapping[str, CloseOut] = field(default_factory=lambda: MappingProxyType({}))
    pain_before: frozenset[str] = frozenset()
    coming: FactTime | None = None
    said: Mapping[str, StoppedBecause] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def open(self) -> CloseOut | None:
        """Return the close-out under way, the newest if several are; None without one."""
        under_way = [each for each in self.by_session.values() if each.completed is None]
        return under_way[-1] if under_way else None

    @property
    def newest(self) -> CloseOut | None:
        """Return the close-out of the last session, None without one."""
        last = max(self.by_session, key=session_order, default=None)
        return None if last is None else self.by_session[last]

    @property
    def holding_up(self) -> CloseOut | None:
        """Return the newest close-out without which nobody is treated, None if there is none."""
        return self.holding_up_but(frozenset())

    def holding_up_but(self, lying: Container[str]) -> CloseOut | None:
        """Return the newest close-out that holds up a treatment that continues these sessions.

        Theirs wait until it has ended as well, unless the pads came off. Of a session that was
        continued, the part that ended last is asked about first: it has the complaint.
        """
        in_order = sorted(self.by_session, key=session_order, reverse=True)
        each = (self.by_session[session] for session in in_order)
        return next((found for found in each if found.holds_up and not found.waits(lying)), None)

    def after(self, fact: Fact, at: FactTime) -> "CloseOuts":
        """Return the close-outs after a fact; facts of other rooms change nothing."""
        match fact:
            case CloseOutOpened():
                return self._opened(fact, at)
            case CloseOutCompleted():
                known = self.by_session.get(fact.session)
                return self if known is None else self._with(replace(known, completed=at))
            case SkinCheckedAfter() | SkinNotChecked():
                return self._after_skin(fact)
            case PainScored():
                return self._after_pain(fact, at)
            case PadsRemoved() | SeatedAfter() | ExercisesGiven() | AdviceGiven():
                return self._part(fact.session, _DONE[type(fact)], PartOutcome.DONE)
            case StopExplained() | PartLeftOut() | PartDeferred():
                return self._after_part(fact)
            case IndexScored() | ActivityScored() | MotionTested() | GlobalChangeScored():
                return self._after_outcomes()
            case _:
                return self

    def _opened(self, fact: CloseOutOpened, at: FactTime) -> "CloseOuts":
        if fact.session in self.by_session:
            return self
        opened = CloseOut(
            fact.session, fact.motor, at, fact.region, fact.levels, fact.material, fact.cause
        )
        asked_today = self.coming is not None and same_day(self.coming, at)
        if asked_today or fact.session in self.pain_before:
            opened = opened.with_part(CloseOutPart.PAIN_BEFORE, PartOutcome.DONE)
        if fact.session in self.said:
            opened = opened.explained(self.said[fact.session])
        return replace(self._with(opened), coming=None)

    def _after_skin(self, fact: SkinCheckedAfter | SkinNotChecked) -> "CloseOuts":
        known = self.by_session.get(fact.session)
        if known is None:
            return self
        if isinstance(fact, SkinNotChecked):
            return self._part(fact.session, CloseOutPart.SKIN, PartOutcome.LEFT_OUT)
        grades = MappingProxyType({grade.site: grade.grade for grade in fact.grades})
        looked = replace(known, grades=grades)
        return self._with(looked.with_part(CloseOutPart.SKIN, PartOutcome.DONE))

    def _after_pain(self, fact: PainScored, at: FactTime) -> "CloseOuts":
        if fact.session == COMING:
            return replace(self, coming=at)
        if fact.moment is PainMoment.AFTER:
            return self._part(fact.session, CloseOutPart.PAIN_AFTER, PartOutcome.DONE)
        scored = self._part(fact.session, CloseOutPart.PAIN_BEFORE, PartOutcome.DONE)
        return replace(scored, pain_before=self.pain_before | {fact.session})

    def _after_outcomes(self) -> "CloseOuts":
        """Count an outcome, which names no session, wherever outcomes are still open."""
        by_session = {
            session: close_out.with_part(CloseOutPart.OUTCOMES, PartOutcome.DONE)
            if close_out is self.open
            or close_out.parts.get(CloseOutPart.OUTCOMES) is PartOutcome.DEFERRED
            else close_out
            for session, close_out in self.by_session.items()
        }
        return replace(self, by_session=MappingProxyType(by_session))

    def _after_part(self, fact: StopExplained | PartLeftOut | PartDeferred) -> "CloseOuts":
        match fact:
            case StopExplained():
                return self._explained(fact)
            case PartLeftOut():
                return self._part(fact.session, fact.part, PartOutcome.LEFT_OUT)
            case PartDeferred():
                return self._part(fact.session, fact.part, PartOutcome.DEFERRED)

    def _explained(self, fact: StopExplained) -> "CloseOuts":
        known = self.by_session.get(fact.session)
        if known is None:
            return replace(self, said=MappingProxyType({**self.said, fact.session: fact.because}))
        return self._with(known.explained(fact.because))

    def _part(self, session: str, part: CloseOutPart, outcome: PartOutcome) -> "CloseOuts":
        known = self.by_session.get(session)
        return self if known is None else self._with(known.with_part(part, outcome))

    def _with(self, close_out: CloseOut) -> "CloseOuts":
        by_session = {**self.by_session, close_out.session: close_out}
        return replace(self, by_session=MappingProxyType(by_session))

    def to_complete(self) -> tuple[ToComplete, ...]:
        """Return every part that was put off and not done since, the oldest session first."""
        return tuple(
            ToComplete(close_out.session, part, close_out.opened)
            for session in sorted(self.by_session, key=session_order)
            for close_out in (self.by_session[session],)
            for part, outcome in close_out.parts.items()
            if outcome is PartOutcome.DEFERRED
        )


_DONE: Mapping[type[Fact], CloseOutPart] = {
    PadsRemoved: CloseOutPart.PADS_OFF,
    SeatedAfter: CloseOutPart.SEATED,
    ExercisesGiven: CloseOutPart.EXERCISES,
    AdviceGiven: CloseOutPart.ADVICE,
}
WHAT_TO_DO: Mapping[CloseOutPart, Text] = {
    CloseOutPart.PADS_OFF: Text("close_out.pads_off"),
    CloseOutPart.SKIN: Text("close_out.skin"),
    CloseOutPart.PAIN_BEFORE: Text("close_out.pain_before"),
    CloseOutPart.PAIN_AFTER: Text("close_out.pain_after"),
    CloseOutPart.STOPPED_BECAUSE: Text("close_out.stopped_because"),
    CloseOutPart.SEATED: Text("close_out.seated"),
    CloseOutPart.EXERCISES: Text("close_out.exercises"),
    CloseOutPart.ADVICE: Text("close_out.advice"),
    CloseOutPart.OUTCOMES: Text("close_out.outcomes"),
}
"""What has to be done for each part."""
_ANSWERS = {CloseOutPart.PADS_OFF: "pads_removed", CloseOutPart.SKIN: "skin_checked_after"}


def judge_close_out(close_out: CloseOut) -> tuple[Finding, ...]:
    """Return a question for each part that is missing, in the order of doing."""
    return tuple(
        Finding(
            consequence=Consequence.ASK,
            rule=RULE,
            item=part,
            found=text("close_out.missing", part=choice_text(part)),
            allowed=_allowed(part),
            nearest=WHAT_TO_DO[part],
            since=close_out.opened,
        )
        for part in close_out.wanted
        if part not in close_out.parts
    )


def judge_holding_up(
    close_outs: CloseOuts, lying: Container[str] = frozenset()
) -> tuple[Finding, ...]:
    """Return what an earlier session of this patient holds up: pads or skin without an answer.

    `lying` are the sessions whose pads lie on for the treatment that continues them.
    """
    close_out = close_outs.holding_up_but(lying)
    if close_out is None:
        return ()
    missing: list[TextValue] = [WHAT_TO_DO[part] for part in close_out.holds_up]
    finding = Finding(
        consequence=Consequence.ASK,
        rule=RULE,
        item=f"close_out:{close_out.session}",
        found=text("close_out.open", session=close_out.session),
        allowed=text("close_out.answered"),
        nearest=listed(missing, "semicolon"),
        since=close_out.opened,
        answered_by=_ANSWERS[close_out.holds_up[0]],
    )
    return (finding,)


def refuse_next_session(patient: str, close_out: CloseOut) -> Refusal:
    """Refuse the next session on this unit; `close_out` of `patient` holds it up."""
    missing: list[TextValue] = [WHAT_TO_DO[part] for part in close_out.holds_up]
    found = text("close_out.open_of", session=close_out.session, patient=patient)
    return Refusal(RULE, found, text("close_out.answered"), listed(missing, "semicolon"))


def _allowed(part: CloseOutPart) -> Text:
    if part in DEFERRABLE:
        return text("close_out.done_or_deferred")
    if part is CloseOutPart.PADS_OFF:
        return text("close_out.done")
    return text("close_out.done_or_reason")
