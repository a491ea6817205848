"""Refuse answers that cannot be recorded as they are; one refusal says what would be. Pure."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningConfirmed,
    ScreeningKind,
    VisitListAnswered,
)
from appliance.clinical.screening.judge import (
    SETTINGS,
    SHOWN,
    all_questions,
    full_screening_open,
)
from appliance.clinical.screening.questions import (
    Question,
    ScreeningSettings,
    load_questions,
    load_visit_list,
)
from appliance.clinical.screening.state import Asked, ScreeningState
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE, listed
from appliance.texts.text import Text, TextValue, text

_RULE = "refusal.screening_answers"


def refuse_answers(fact: ScreeningAnswered) -> Refusal | None:
    """Refuse answers to unknown questions, in the wrong place, or a screening with a gap."""
    here = [name for answers in fact.here.values() for name in answers]
    refusal = _refuse_unknown([*fact.answers, *here], load_questions())
    if refusal is not None:
        return refusal
    given = _asked_in(fact)
    misplaced = [asked for asked in given if not _is_in_place(asked)]
    if misplaced:
        asked = text("screening.misplaced", names=_listed(misplaced))
        return Refusal(
            _RULE, asked, text("screening.in_place"), text("screening.answer_per_region")
        )
    if fact.kind is ScreeningKind.PART:
        return None if given else _refuse_gap((), text("screening.one_answer"))
    if not fact.here:
        return _refuse_gap((), text("screening.one_region"))
    missing = [asked for asked in all_questions(tuple(fact.here)) if asked not in given]
    return _refuse_gap(missing, text("screening.answer_each")) if missing else None


def refuse_visit_list(
    fact: VisitListAnswered,
    state: ScreeningState,
    now: FactTime,
    settings: ScreeningSettings = SETTINGS,
) -> Refusal | None:
    """Refuse a visit list without a valid full screening, or one with a gap."""
    open_full = full_screening_open(state, now, settings)
    if open_full is not None:
        allowed = text("screening.valid_full")
        return Refusal("refusal.visit_list", open_full.found, allowed, open_full.nearest)
    items = load_visit_list()
    refusal = _refuse_unknown(fact.answers, items)
    if refusal is not None:
        return refusal
    if fact.none_changed:
        if not fact.answers:
            return None
        return _refuse_visit(text("visit_list.both"), text("visit_list.one_way"))
    missing = [Text(f"visit.{item}.name") for item in items if item not in fact.answers]
    if not missing:
        return None
    asked = text("screening.without", names=listed(missing[:SHOWN]), count=len(missing))
    return _refuse_visit(asked, text("visit_list.answer_each"))


def refuse_confirmation(fact: ScreeningConfirmed, state: ScreeningState) -> Refusal | None:
    """Refuse a reason that says nothing, or for what no reason changes or nobody asked for."""
    if not fact.reasons:
        return Refusal(
            "refusal.confirmation", NONE, text("confirmation.each"), text("confirmation.give")
        )
    refusal = _refuse_unknown(fact.reasons, load_questions())
    if refusal is not None:
        return refusal
    for name, words in fact.reasons.items():
        refusal = _refuse_confirmed(load_questions()[name], fact, state) or refuse_reason(words)
        if refusal is not None:
            return refusal
    return None


def _refuse_confirmed(
    question: Question, fact: ScreeningConfirmed, state: ScreeningState
) -> Refusal | None:
    name, allowed = Text(f"screening.{question.id}.name"), text("confirmation.each")
    consequence = question.consequence(fact.region, fact.purpose)
    if consequence is Consequence.STOP:
        nearest = text("confirmation.nothing_changes_it")
        return Refusal("refusal.confirmation", name, allowed, nearest)
    given = state.answers.get(Asked(question.id, fact.region if question.local else None))
    flagged = given is not None and given.answer in (question.flagged, Answer.UNKNOWN)
    if flagged and consequence is Consequence.CONFIRM:
        return None
    return Refusal("refusal.confirmation", name, allowed, text("confirmation.leave_out"))


def _asked_in(fact: ScreeningAnswered) -> list[Asked]:
    here = [Asked(name, region) for region, answers in fact.here.items() for name in answers]
    return [*map(Asked, fact.answers), *here]


def _is_in_place(asked: Asked) -> bool:
    return load_questions()[asked.question].local is (asked.region is not None)


def _refuse_unknown(names: Iterable[str], known: Iterable[str]) -> Refusal | None:
    """Refuse a name that is no question or item, without repeating it: it may be anything."""
    known = tuple(known)
    unknown = [name for name in names if name not in known]
    if not unknown:
        return None
    near = get_close_matches(unknown[0], known, n=1, cutoff=0.6)
    nearest: TextValue = near[0] if near else text("screening.leave_out")
    asked = text("screening.unknown_name", count=len(unknown))
    return Refusal(_RULE, asked, text("screening.known_names"), nearest)


def _refuse_gap(missing: Sequence[Asked], nearest: Text) -> Refusal:
    asked: TextValue = NONE
    if missing:
        asked = text("screening.without", names=_listed(missing), count=len(missing))
    return Refusal(_RULE, asked, text("screening.every_answer"), nearest)


def _refuse_visit(asked: Text, nearest: Text) -> Refusal:
    return Refusal("refusal.visit_list", asked, text("visit_list.allowed"), nearest)


def _listed(questions: Sequence[Asked]) -> TextValue:
    return listed([Text(f"screening.{asked.question}.name") for asked in questions[:SHOWN]])
