"""Whether a fact of a session or of its close-out may be recorded. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from appliance.clinical.choice import choice_text
from appliance.clinical.closing.close_out import (
    DEFERRABLE,
    LEFT_OUT_WITH_REASON,
    RULE,
    SEATED_S,
    WHAT_TO_DO,
    CloseOut,
    CloseOuts,
    PartOutcome,
    judge_close_out,
)
from appliance.clinical.closing.facts import (
    CloseOutCompleted,
    CloseOutPart,
    PartDeferred,
    PartLeftOut,
    SeatedAfter,
    StopExplained,
)
from appliance.clinical.fact import Fact, FactTime, elapsed_us
from appliance.clinical.finding import refusal_of
from appliance.clinical.outcomes.facts import (
    COMING,
    ContractionGraded,
    FatigueCounted,
    PainMoment,
    PainScored,
)
from appliance.clinical.placement.facts import MotorPointFound
from appliance.clinical.skin.facts import SiteLevel, SkinCheckedAfter, SkinNotChecked
from appliance.clinical.skin.sites import refuse_sites
from appliance.clinical.skin.skin import refuse_after
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least, at_most, listed, seconds
from appliance.texts.text import Text, TextValue, text
from drivers.quantities import US_PER_S

_SESSION = re.compile(r"[0-9]{4,8}-[0-9]{3,6}")
_IN_SESSION = (PainScored, ContractionGraded, FatigueCounted, StopExplained, MotorPointFound)
_OF_SKIN = (SkinCheckedAfter, SkinNotChecked)


def known_levels(
    kind: type[Fact], values: Mapping[str, object], state: CloseOuts
) -> dict[str, Any]:
    """Return the values of a fact about skin that only the unit knows: levels and material."""
    session = values.get("session")
    if kind not in _OF_SKIN or not isinstance(session, str):
        return {}
    known = state.by_session.get(session)
    levels: tuple[SiteLevel, ...] = () if known is None else known.levels
    return {
        "levels": [msgspec.to_builtins(level) for level in levels],
        "material": "" if known is None else known.material,
    }


def refuse_session(fact: Fact, state: CloseOuts, current: str | None) -> Refusal | None:
    """Refuse a fact of a session that this patient did not have, or that has not ended yet.

    `current` is the session of this patient that runs now, None if none does.
    """
    session = getattr(fact, "session", None)
    if session is None or session in state.by_session:
        return None
    if isinstance(fact, PainScored) and fact.moment is PainMoment.BEFORE and session == COMING:
        return None
    if isinstance(fact, _IN_SESSION) and session == current:
        return None
    known = _SESSION.fullmatch(session)
    asked = text("close_out.session", session=session) if known else text("close_out.no_session")
    newest: Sequence[TextValue] = tuple(state.by_session)[-3:]
    return Refusal(RULE, asked, listed(newest), text("close_out.open_session"))


def refuse_close_out(fact: Fact, state: CloseOuts, now: FactTime) -> Refusal | None:
    """Refuse a fact of a close-out that does not fit; its session is known (`refuse_session`)."""
    known = state.by_session.get(getattr(fact, "session", COMING))
    if known is None:
        return None
    match fact:
        case CloseOutCompleted():
            return _refuse_completion(known)
        case SkinCheckedAfter() | SkinNotChecked():
            return _refuse_levels(fact, known) or _refuse_again(fact, known) or _refuse_skin(fact)
        case SeatedAfter():
            return _refuse_seated(fact.seconds, known.opened, now)
        case PartDeferred():
            return _refuse_part(fact.part, DEFERRABLE, "close_out.deferrable")
        case PartLeftOut():
            refusal = _refuse_part(fact.part, LEFT_OUT_WITH_REASON, "close_out.may_be_left_out")
            return refusal or refuse_reason(fact.reason)
        case _:
            return None


def _refuse_completion(known: CloseOut) -> Refusal | None:
    if known.completed is None:
        return refusal_of(judge_close_out(known))
    asked, nearest = text("close_out.completed"), text("close_out.leave_open")
    return Refusal(RULE, asked, text("close_out.once"), nearest)


def _refuse_levels(fact: SkinCheckedAfter | SkinNotChecked, known: CloseOut) -> Refusal | None:
    """Refuse other levels or another material than the unit knows: a cap depends on them."""
    levels = {level.site: level.level_ua for level in fact.levels}
    own = {level.site: level.level_ua for level in known.levels}
    if levels == own and fact.material == known.material:
        return None
    asked, allowed = text("close_out.other_levels"), text("close_out.own_levels")
    return Refusal(RULE, asked, allowed, text("fact.leave_out"))


def _refuse_again(fact: SkinCheckedAfter | SkinNotChecked, known: CloseOut) -> Refusal | None:
    """Refuse a second answer about the same skin, unless somebody saw more: the graver one counts.

    Two screens may close one session; a clear look at the second must not lift what the first saw.
    """
    outcome = known.parts.get(CloseOutPart.SKIN)
    if outcome is None or (outcome is PartOutcome.LEFT_OUT and isinstance(fact, SkinCheckedAfter)):
        return None
    if isinstance(fact, SkinCheckedAfter):
        grades = {grade.site: grade.grade for grade in fact.grades}
        milder = any(grades.get(site, grade) < grade for site, grade in known.grades.items())
        if not milder and grades != dict(known.grades):
            return None
    asked, allowed = text("close_out.skin_again"), text("close_out.graver")
    return Refusal(RULE, asked, allowed, text("close_out.leave_open"))


def _refuse_skin(fact: SkinCheckedAfter | SkinNotChecked) -> Refusal | None:
    if fact.levels:
        return refuse_after(fact)
    if isinstance(fact, SkinNotChecked):
        return refuse_reason(fact.reason)
    return refuse_sites([grade.site for grade in fact.grades])


def _refuse_seated(seated_s: int, opened: FactTime, now: FactTime) -> Refusal | None:
    """Refuse less than two minutes, and more than have passed since output ended."""
    passed_us = elapsed_us(opened, now)
    asked = _seconds(seated_s)
    if passed_us is None:
        allowed = text("close_out.time_unknown")
        return Refusal(RULE, asked, allowed, text("close_out.stands_up"))
    if seated_s < SEATED_S:
        return Refusal(RULE, asked, at_least(_seconds(SEATED_S)), text("close_out.stay_seated"))
    passed_s = passed_us // US_PER_S
    if seated_s <= passed_s:
        return None
    nearest = _seconds(passed_s) if passed_s >= SEATED_S else text("close_out.stay_seated")
    return Refusal(RULE, asked, at_most(_seconds(passed_s)), nearest)


def _seconds(count: int) -> Text:
    return seconds(count * US_PER_S)


def _refuse_part(part: CloseOutPart, fitting: frozenset[CloseOutPart], key: str) -> Refusal | None:
    if part in fitting:
        return None
    names: list[TextValue] = [choice_text(each) for each in CloseOutPart if each in fitting]
    return Refusal(RULE, Text(key, (("part", choice_text(part)),)), listed(names), WHAT_TO_DO[part])
