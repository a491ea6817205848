"""Limits for one patient beyond those for all: the own ceiling, and the first motor sessions.

No source gives a number for a first session. What there is: a maker has patients sit or lie for the
first 5 minutes, for a vagal reaction [Compex Vitality manual]; a clinic manual reaches full energy
only after three sessions [Chattanooga Wireless Professional manual p. 46]; 10 to 20 mA give a first
visible contraction, 20 to 30 mA one without joint movement, more than 30 mA a strong one [Globus
Elite manual p. 23]; see docs/clinical-sources.md section 3.2.
So all numbers here are (D), on the careful side, and nothing at the bedside raises them. A sensory
current with the charge to contract starts at the same current on the first three days; there a
clinician's reason lifts the limit (brief-intense is for clinicians only).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from appliance.core.limits.limits import (
    NECK_MOTOR_WITH_REASON_UA,
    PEAK_UA,
    SESSION_MIN_US,
    Purpose,
    Region,
)
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds, up_to
from appliance.texts.text import microamps, text
from drivers.quantities import US_PER_S

FIRST_BACK_UA = 30_000  # (D) visible without joint movement, at most
FIRST_NECK_UA = 20_000  # (D) first visible contraction, at most; half of the neck's own cap
FIRST_SESSION_US = 15 * 60 * US_PER_S  # (D) 10 contractions of 10 s on and 50 s off fit
CAREFUL_SESSIONS = 3  # days; from the fourth on only the general limits apply
COUNTS_FROM_US = 5 * 60 * US_PER_S  # (D) the minutes in which a vagal reaction is looked for
PATIENT_CEILING = "refusal.patient_ceiling"
FIRST_MOTOR = "refusal.first_motor_session"
GROWTH_PERCENT = 125  # (D) over the highest level ever comfortable, in the second and third


class CeilingScope(StrEnum):
    """The parts of the body a ceiling is set for."""

    NECK = "neck"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class PatientHistory:
    """What the records say about a patient in one scope, before today, on rigs of one kind.

    `motor_sessions` counts the days with a session meant to contract that opens something
    (`course.GivenSession.opens`), `comfortable_ua` is the highest level kept in any of them;
    `felt_sessions` and `felt_comfortable_ua` are the same of all that was able to contract.
    `motor_today_us` is what motor sessions took today, `called_today_us` those of them on call, in
    which `called_today` contractions began.
    """

    ceiling_ua: int | None = None
    motor_sessions: int = 0
    comfortable_ua: int = 0
    felt_sessions: int = 0
    felt_comfortable_ua: int = 0
    motor_today_us: int = 0
    called_today_us: int = 0
    called_today: int = 0


@dataclass(frozen=True, slots=True)
class PatientBounds:
    """The limits for this patient in this session; None adds nothing to the general limits.

    `ceiling_by` is the key of the rule that set the ceiling. `first_given_us` is what motor
    sessions took today where this is a first one, whose contractions are fewer; None where not.
    Those on call are not in it: `called` contractions began in them.
    `contractions_left` is how many contractions may begin in one on call; None where the
    prescription alone says so.
    """

    ceiling_ua: int | None = None
    ceiling_by: str = ""
    duration_us: int | None = None
    single_taps: bool = False
    first_given_us: int | None = None
    called: int = 0
    contractions_left: int | None = None


NO_BOUNDS = PatientBounds()


def scope_of(region: Region) -> CeilingScope:
    """Return the part of the body a region belongs to."""
    return CeilingScope.NECK if region.is_neck else CeilingScope.BACK


def highest_ua(scope: CeilingScope) -> int:
    """Return the highest ceiling that can be set for a scope."""
    return NECK_MOTOR_WITH_REASON_UA if scope is CeilingScope.NECK else PEAK_UA


def bounds_of(
    history: PatientHistory,
    scope: CeilingScope,
    purpose: Purpose,
    *,
    able: bool = False,
    reason_given: bool = False,
    finds: bool = False,
) -> PatientBounds:
    """Return the limits for a patient with this history; `ceiling_by` names the lowest ceiling.

    `able` says that the current can contract whatever its purpose: then a sensory programme
    starts low as well, unless a clinician gives a reason. A search for a motor point (`finds`)
    takes nothing of the minutes of a day; how high it may go is as for every session.
    """
    early = _early_motor(history, scope) if purpose is Purpose.MOTOR else None
    if purpose is Purpose.SENSORY and able and not reason_given:
        early = _early_felt(history, scope)
    if early is not None and finds:
        early = replace(early, duration_us=None, first_given_us=None)
    own_ua = history.ceiling_ua
    if early is None or early.ceiling_ua is None:
        return NO_BOUNDS if own_ua is None else PatientBounds(own_ua, PATIENT_CEILING)
    if own_ua is not None and own_ua < early.ceiling_ua:
        return replace(early, ceiling_ua=own_ua, ceiling_by=PATIENT_CEILING)
    return early


def _early_motor(history: PatientHistory, scope: CeilingScope) -> PatientBounds | None:
    """Return the bounds of one of the first three motor sessions."""
    count = history.motor_sessions
    if count >= CAREFUL_SESSIONS:
        return None
    ceiling_ua = _early_ua(scope, history.comfortable_ua if count else 0)
    if count:
        return PatientBounds(ceiling_ua, f"refusal.motor_session_{count + 1}")
    left_us = max(FIRST_SESSION_US - history.motor_today_us, 0) // US_PER_S * US_PER_S
    return PatientBounds(
        ceiling_ua,
        FIRST_MOTOR,
        left_us,
        single_taps=True,
        first_given_us=history.motor_today_us - history.called_today_us,
        called=history.called_today,
    )


def _early_felt(history: PatientHistory, scope: CeilingScope) -> PatientBounds | None:
    """Return the bounds of the first three sessions whose current can contract."""
    count = history.felt_sessions
    if count >= CAREFUL_SESSIONS:
        return None
    ceiling_ua = _early_ua(scope, history.felt_comfortable_ua if count else 0)
    if count:
        return PatientBounds(ceiling_ua, f"refusal.session_{count + 1}")
    return PatientBounds(ceiling_ua, "refusal.first_session", single_taps=True)


def _early_ua(scope: CeilingScope, kept_ua: int) -> int:
    first_ua = FIRST_NECK_UA if scope is CeilingScope.NECK else FIRST_BACK_UA
    return max(first_ua, kept_ua * GROWTH_PERCENT // 100)


def check_ceiling(asked_ua: int | None, bounds: PatientBounds) -> Refusal | None:
    """Refuse a requested ceiling above the patient's; None requests none."""
    if asked_ua is None or bounds.ceiling_ua is None or asked_ua <= bounds.ceiling_ua:
        return None
    allowed = microamps(bounds.ceiling_ua)
    return Refusal(bounds.ceiling_by, microamps(asked_ua), up_to(allowed), allowed)


def check_duration(asked_us: int | None, bounds: PatientBounds) -> Refusal | None:
    """Refuse a duration longer than what the sessions of the first motor day have left."""
    if bounds.duration_us is None:
        return None
    if bounds.duration_us < SESSION_MIN_US:
        allowed = text("first_motor_session.allowed", most=seconds(FIRST_SESSION_US))
        left = text("first_motor_session.left", left=seconds(bounds.duration_us))
        return Refusal(FIRST_MOTOR, left, allowed, text("from_tomorrow"))
    if asked_us is None or asked_us <= bounds.duration_us:
        return None
    allowed = seconds(bounds.duration_us)
    return Refusal(FIRST_MOTOR, seconds(asked_us), up_to(allowed), allowed)
