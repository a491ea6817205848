"""Refuse complaints and outcomes that are out of range, unreadable or unfinished. Pure."""

from collections.abc import Collection
from typing import NamedTuple

from appliance.clinical.fact import Fact
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.outcomes.facts import (
    ActivityScored,
    ComplaintOpened,
    ContractionGraded,
    Diagnosis,
    DisabilityIndex,
    FatigueCounted,
    GlobalChangeScored,
    IndexScored,
    MotionTested,
    Movement,
    PainScored,
)
from appliance.core.limits.limits import PEAK_UA
from appliance.core.readable_text import refuse_reason, says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import between, listed
from appliance.texts.text import microamps, text

ACTIVITY_MOST = 60  # characters (D)
WEEKS_MOST = 80 * 52  # (D) longer is a slip of the fingers
CONTRACTIONS_MOST = 300  # (D) more than any session holds
ZERO_TO_TEN = (0, 10)
GLOBAL_CHANGE = (1, 7)
INDEX_RANGES = {
    DisabilityIndex.NECK_DISABILITY_INDEX: (0, 50),
    DisabilityIndex.OSWESTRY: (0, 100),
}


def refuse_outcome(fact: Fact) -> Refusal | None:
    """Refuse an outcome that is out of its range; other facts are not judged here."""
    number = _number_of(fact)
    if number is not None and not _within(number.value, number.allowed):
        return _out_of_range(number)
    match fact:
        case ActivityScored(activity=activity):
            return _refuse_activity(activity)
        case MotionTested(motions=motions):
            return _refuse_motions(motions)
        case ContractionGraded(level_ua=level_ua):
            return _refuse_level(level_ua)
        case _:
            return None


def judge_opening(complaints: Collection[ComplaintOpened]) -> tuple[Finding, ...]:
    """Return what is missing as a patient is opened: a complaint, or a reason to treat it.

    `complaints` in the order of the facts; the last one counts.
    """
    if complaints:
        return judge_complaint(tuple(complaints)[-1])
    finding = Finding(
        consequence=Consequence.ASK,
        rule="refusal.complaint",
        item="complaint",
        found=text("complaint.none"),
        allowed=text("complaint.allowed"),
        nearest=text("complaint.ask"),
    )
    return (finding,)


class _Number(NamedTuple):
    """A number of a fact, the rule that bounds it, and its bounds."""

    rule: str
    value: int
    allowed: tuple[int, int]


def _number_of(fact: Fact) -> _Number | None:
    match fact:
        case PainScored() | ActivityScored():
            return _Number("refusal.score", fact.score, ZERO_TO_TEN)
        case ContractionGraded():
            return _Number("refusal.score", fact.discomfort, ZERO_TO_TEN)
        case IndexScored():
            return _Number("refusal.score", fact.score, INDEX_RANGES[fact.index])
        case GlobalChangeScored():
            return _Number("refusal.score", fact.score, GLOBAL_CHANGE)
        case FatigueCounted():
            return _Number("refusal.contractions", fact.contractions, (1, CONTRACTIONS_MOST))
        case ComplaintOpened():
            return _Number("refusal.weeks", fact.weeks, (0, WEEKS_MOST))
        case _:
            return None


def judge_complaint(fact: ComplaintOpened) -> tuple[Finding, ...]:
    """Return whether a complaint without a diagnosis has to be confirmed with a reason.

    Undiagnosed pain is a contraindication of TENS in some lists [Cefar Easy manual p. 14; Richmar
    ComboCare manual p. 7]; here a clinician confirms it (D).
    """
    if fact.diagnosis is not Diagnosis.NONE_YET or refuse_reason(fact.reason) is None:
        return ()
    finding = Finding(
        consequence=Consequence.CONFIRM,
        rule="refusal.diagnosis",
        item="diagnosis",
        found=text("diagnosis.none_yet"),
        allowed=text("diagnosis.allowed"),
        nearest=text("reason.nearest"),
    )
    return (finding,)


def _refuse_level(level_ua: int) -> Refusal | None:
    """Refuse a level at which nothing can have contracted, or that no channel gives."""
    if _within(level_ua, (1, PEAK_UA)):
        return None
    asked, allowed = microamps(level_ua), between(microamps(1), microamps(PEAK_UA))
    nearest = microamps(min(max(level_ua, 1), PEAK_UA))
    return Refusal("refusal.level_graded", asked, allowed, nearest)


def _refuse_activity(activity: str) -> Refusal | None:
    if says_something(activity) and len(activity) <= ACTIVITY_MOST:
        return None
    return Refusal(
        "refusal.activity",
        text("activity.asked", count=len(activity)),
        text("activity.allowed", most=ACTIVITY_MOST),
        text("activity.nearest"),
    )


def _refuse_motions(motions: Collection[Movement]) -> Refusal | None:
    missing = [movement.value for movement in Movement if movement not in motions]
    if not missing:
        return None
    asked = text("motion.without", movements=listed(missing))
    allowed = listed([movement.value for movement in Movement])
    return Refusal("refusal.motion", asked, allowed, text("motion.answer_each"))


def _out_of_range(number: _Number) -> Refusal:
    least, most = number.allowed
    nearest = min(max(number.value, least), most)
    return Refusal(number.rule, number.value, between(least, most), nearest)


def _within(value: int, allowed: tuple[int, int]) -> bool:
    return allowed[0] <= value <= allowed[1]
