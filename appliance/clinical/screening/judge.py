"""Judge the screening of a patient for one treatment: every finding, in the order of resolving.

"Unknown" has the consequence of the answer that is flagged: what nobody knows may be so. An answer
counts as long as nobody gave another one, also where the screening has expired.
"""

from collections.abc import Iterator

from appliance.clinical.choice import choice_text
from appliance.clinical.fact import FactTime, same_day, within
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.screening.facts import Answer
from appliance.clinical.screening.questions import (
    Lasts,
    Question,
    ScreeningSettings,
    load_questions,
)
from appliance.clinical.screening.state import Asked, Reason, ScreeningState
from appliance.core.limits.limits import Purpose, Region
from appliance.texts.common_phrases import NONE, listed
from appliance.texts.text import Text, text, utc_microseconds

FULL_SCREENING = "full_screening"
VISIT_LIST = "visit_list"
RULE = "refusal.screening"
SHOWN = 5
"""Names that one finding lists at most."""
SETTINGS = ScreeningSettings()


def judge_screening(
    state: ScreeningState,
    planned: PlannedTreatment,
    now: FactTime,
    settings: ScreeningSettings = SETTINGS,
) -> tuple[Finding, ...]:
    """Return all findings about a planned treatment; `now` as of `judged_at`.

    First what has to be asked, then what stops, what needs a reason, what is to be noted.
    """
    flagged = tuple(_flagged(state, planned, now))
    open_full = full_screening_open(state, now, settings)
    if open_full is not None:
        return (open_full, *_ordered(flagged))
    asks = [
        _ask(asked.question, _name(asked.question), text("screening.ask_again"))
        for asked in open_questions(state, (planned.region,), now, settings)
    ]
    if not is_asked_today(state, now):
        asks.insert(0, _ask(VISIT_LIST, text("screening.not_today"), text("screening.visit_list")))
    return (*asks, *_ordered(flagged))


def full_screening_open(
    state: ScreeningState, now: FactTime, settings: ScreeningSettings = SETTINGS
) -> Finding | None:
    """Return why a full screening is needed, None while one is valid; `now` as of `judged_at`."""
    nearest = text("screening.answer_all", count=len(load_questions()))
    if state.full is None:
        return _ask(FULL_SCREENING, NONE, nearest)
    if not within(state.full, now, settings.valid_days):
        found = text("screening.expired_undated", days=settings.valid_days)
        if state.full.trusted:
            found = text("screening.expired", at=utc_microseconds(state.full.utc_us))
        return _ask(FULL_SCREENING, found, nearest, state.full)
    if state.changed:
        names = [_name(question) for question in sorted(state.changed)]
        found = text("screening.changed", names=listed(names[:SHOWN]))
        return _ask(FULL_SCREENING, found, nearest, state.full)
    return None


def is_asked_today(state: ScreeningState, now: FactTime) -> bool:
    """Return whether the full screening or the visit list is of today."""
    times = (state.full, state.visited)
    return any(time is not None and same_day(time, now) for time in times)


def open_questions(
    state: ScreeningState,
    regions: tuple[Region, ...],
    now: FactTime,
    settings: ScreeningSettings = SETTINGS,
) -> tuple[Asked, ...]:
    """Return the single questions that need an answer beside a valid full screening.

    Those never asked for a region, those whose item changed at this visit, and answers of a part
    that have become too old.
    """
    return tuple(
        asked
        for asked in all_questions(regions)
        if asked in state.again
        or asked not in state.answers
        or not within(state.answers[asked].at, now, settings.valid_days)
    )


def all_questions(regions: tuple[Region, ...]) -> tuple[Asked, ...]:
    """Return every question of a full screening for these regions, in the order of asking."""
    return tuple(
        asked
        for question in load_questions().values()
        for asked in (
            (Asked(question.id, region) for region in regions)
            if question.local
            else (Asked(question.id),)
        )
    )


def _flagged(state: ScreeningState, planned: PlannedTreatment, now: FactTime) -> Iterator[Finding]:
    for question in load_questions().values():
        region = planned.region if question.local else None
        given = state.answers.get(Asked(question.id, region))
        if given is None or given.answer not in (question.flagged, Answer.UNKNOWN):
            continue
        yield _consequence(question, given.answer, given.at, state, planned, now)


def _consequence(
    question: Question,
    answer: Answer,
    since: FactTime,
    state: ScreeningState,
    planned: PlannedTreatment,
    now: FactTime,
) -> Finding:
    consequence = question.consequence(planned.region, planned.purpose, planned.kind)
    found = text("screening.answered", name=_name(question.id), answer=choice_text(answer))
    wanted = Answer.NO if question.flagged == "yes" else Answer.YES
    allowed = text("screening.answered", name=_name(question.id), answer=choice_text(wanted))
    nearest = text("screening.to_note")
    if consequence is Consequence.CONFIRM:
        reason = state.reasons.get(Reason(question.id, planned.region, planned.purpose))
        if reason is not None and (question.lasts is not Lasts.DAY or same_day(reason.at, now)):
            consequence = Consequence.NOTE
            nearest = text("screening.confirmed", reason=reason.words)
        else:
            nearest = text("screening.confirm")
    elif consequence is Consequence.STOP:
        nearest = instead_of(question, planned)
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=question.id,
        found=found,
        allowed=allowed,
        nearest=nearest,
        since=since,
    )


def instead_of(question: Question, planned: PlannedTreatment) -> Text:
    """Return what is possible instead of a treatment that a question stops."""
    if question.refer:
        return text("screening.refer")
    if question.local:
        return text("screening.another_region")
    regions = [
        choice_text(region)
        for region in Region
        if question.consequence(region, planned.purpose, planned.kind) is not Consequence.STOP
    ]
    if regions:
        return text("screening.elsewhere", regions=listed(regions))
    sensory = question.consequence(planned.region, Purpose.SENSORY)
    if planned.purpose is Purpose.MOTOR and sensory is not Consequence.STOP:
        return text("screening.sensory_only")
    if question.lasts is Lasts.DAY:
        return text("screening.once_it_has_changed")
    return text("screening.no_treatment")


_ORDER = (Consequence.STOP, Consequence.CONFIRM, Consequence.NOTE)


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.consequence)))


def _name(question: str) -> Text:
    return Text(f"screening.{question}.name")


def _ask(item: str, found: Text, nearest: Text, since: FactTime | None = None) -> Finding:
    return Finding(
        consequence=Consequence.ASK,
        rule=RULE,
        item=item,
        found=found,
        allowed=text("screening.asked_today"),
        nearest=nearest,
        since=since,
    )
