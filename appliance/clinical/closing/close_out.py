"""Close-outs of one patient: what is done, left out with a reason, put off, or missing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

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
from appliance.clinical.fact import Fact, FactTime, session_order
from appliance.clinical.finding import Consequence, Finding, refusal_of
from appliance.clinical.outcomes.facts import (
    ActivityScored,
    GlobalChangeScored,
    IndexScored,
    MotionTested,
    PainMoment,
    PainScored,
)
from appliance.clinical.placement.facts import PadsRemoved
from appliance.clinical.skin.facts import SkinCheckedAfter, SkinNotChecked
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least, listed, seconds
from appliance.texts.text import Text, TextValue, text
from drivers.quantities import US_PER_S

RULE = "refusal.close_out"
SEATED_S = 120
"""Seated after motor work, for a vagal reaction [Compex Vitality manual]; 2 min (D)."""
SEATED_MOST_S = 3 * 3_600  # (D) longer is a slip of the fingers
ALWAYS = (
    CloseOutPart.PADS_OFF,
    CloseOutPart.SKIN,
    CloseOutPart.PAIN_BEFORE,
    CloseOutPart.PAIN_AFTER,
    CloseOutPart.STOPPED_BECAUSE,
)
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
    """The close-out of one session."""

    session: str
    motor: bool
    opened: FactTime
    parts: Mapping[CloseOutPart, PartOutcome] = field(default_factory=lambda: MappingProxyType({}))
    because: StoppedBecause | None = None
    completed: FactTime | None = None

    def with_part(self, part: CloseOutPart, outcome: PartOutcome) -> "CloseOut":
        """Return it with what became of a part; what was done stays done."""
        if self.parts.get(part) is PartOutcome.DONE:
            return self
        return replace(self, parts=MappingProxyType({**self.parts, part: outcome}))

    @property
    def wanted(self) -> tuple[CloseOutPart, ...]:
        """Return the parts without which it cannot be completed."""
        return (*ALWAYS, CloseOutPart.SEATED) if self.motor else ALWAYS


class ToComplete(NamedTuple):
    """A part that was put off."""

    session: str
    part: CloseOutPart
    since: FactTime


@dataclass(frozen=True, slots=True)
class CloseOuts:
    """Every close-out of one patient by session; `pain_before` are the sessions with a score."""

    by_session: Mapping[str, CloseOut] = field(default_factory=lambda: MappingProxyType({}))
    pain_before: frozenset[str] = frozenset()

    @property
    def open(self) -> CloseOut | None:
        """Return the close-out under way, the newest if several are; None without one."""
        under_way = [each for each in self.by_session.values() if each.completed is None]
        return under_way[-1] if under_way else None

    def after(self, fact: Fact, at: FactTime) -> "CloseOuts":
        """Return the close-outs after a fact; facts of other rooms change nothing."""
        match fact:
            case CloseOutOpened():
                return self._opened(fact, at)
            case CloseOutCompleted():
                known = self.by_session.get(fact.session)
                return self if known is None else self._with(replace(known, completed=at))
            case SkinCheckedAfter() | SkinNotChecked():
                left_out = isinstance(fact, SkinNotChecked)
                outcome = PartOutcome.LEFT_OUT if left_out else PartOutcome.DONE
                return self._part(fact.session, CloseOutPart.SKIN, outcome)
            case PainScored():
                return self._after_pain(fact)
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
        opened = CloseOut(fact.session, fact.motor, at)
        if fact.session in self.pain_before:
            opened = opened.with_part(CloseOutPart.PAIN_BEFORE, PartOutcome.DONE)
        return self._with(opened)

    def _after_pain(self, fact: PainScored) -> "CloseOuts":
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
            return self
        done = known.with_part(CloseOutPart.STOPPED_BECAUSE, PartOutcome.DONE)
        return self._with(replace(done, because=fact.because))

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
_MISSING: Mapping[CloseOutPart, Text] = {
    CloseOutPart.PADS_OFF: Text("close_out.pads_off"),
    CloseOutPart.SKIN: Text("close_out.skin"),
    CloseOutPart.PAIN_BEFORE: Text("close_out.pain_before"),
    CloseOutPart.PAIN_AFTER: Text("close_out.pain_after"),
    CloseOutPart.STOPPED_BECAUSE: Text("close_out.stopped_because"),
    CloseOutPart.SEATED: Text("close_out.seated"),
}
"""What has to be done for each part."""


def judge_close_out(close_out: CloseOut) -> tuple[Finding, ...]:
    """Return a question for each part that is missing, in the order of doing."""
    return tuple(
        Finding(
            consequence=Consequence.ASK,
            rule=RULE,
            item=part,
            found=text("close_out.missing", part=part.value),
            allowed=_allowed(part),
            nearest=_MISSING[part],
            since=close_out.opened,
        )
        for part in close_out.wanted
        if part not in close_out.parts
    )


_OF_A_CLOSE_OUT = (
    PadsRemoved,
    StopExplained,
    SeatedAfter,
    PartLeftOut,
    PartDeferred,
    CloseOutCompleted,
)


def refuse_close_out(fact: Fact, state: CloseOuts) -> Refusal | None:
    """Refuse a fact of a close-out for a session that is not being closed, or that does not fit."""
    if not isinstance(fact, _OF_A_CLOSE_OUT):
        return None
    known = state.by_session.get(fact.session)
    if known is None:
        asked = text("close_out.session", session=fact.session)
        sessions: list[TextValue] = list(state.by_session)
        return Refusal(RULE, asked, listed(sessions), text("close_out.open_session"))
    match fact:
        case CloseOutCompleted():
            return refusal_of(judge_close_out(known))
        case SeatedAfter():
            return _refuse_seated(fact.seconds)
        case PartDeferred():
            return _refuse_part(fact.part, DEFERRABLE, "close_out.deferrable")
        case PartLeftOut():
            refusal = _refuse_part(fact.part, LEFT_OUT_WITH_REASON, "close_out.may_be_left_out")
            return refusal or refuse_reason(fact.reason)
        case _:
            return None


def _refuse_seated(seated_s: int) -> Refusal | None:
    if SEATED_S <= seated_s <= SEATED_MOST_S:
        return None
    asked, least = seconds(seated_s * US_PER_S), seconds(SEATED_S * US_PER_S)
    return Refusal(RULE, asked, at_least(least), text("close_out.stay_seated"))


def _refuse_part(part: CloseOutPart, fitting: frozenset[CloseOutPart], key: str) -> Refusal | None:
    if part in fitting:
        return None
    names = [each.value for each in CloseOutPart if each in fitting]
    return Refusal(RULE, Text(key, (("part", part.value),)), listed(names), _nearest(part))


def _nearest(part: CloseOutPart) -> Text:
    return _MISSING.get(part, text("close_out.leave_open"))


def _allowed(part: CloseOutPart) -> Text:
    if part in DEFERRABLE:
        return text("close_out.done_or_deferred")
    if part is CloseOutPart.PADS_OFF:
        return text("close_out.done")
    return text("close_out.done_or_reason")
