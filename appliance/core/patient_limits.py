"""What holds for one patient beyond what holds for all: an own ceiling, and first motor sessions.

No source gives a number for a first session. What there is: a maker has patients sit or lie for the
first 5 minutes, for a vagal reaction [CefarCompex manual, clinical.md 45]; a clinic manual reaches
full energy only after three sessions [clinical.md 46]; 10 to 20 mA give a first visible
contraction, 20 to 30 mA one without joint movement, more than 30 mA a strong one [clinical.md 47].
So all numbers here are (D), on the careful side, and nothing at the bedside raises them.
"""

from dataclasses import dataclass
from enum import StrEnum

from appliance.core.limits import NECK_MOTOR_WITH_REASON_UA, PEAK_UA, Purpose, Region
from appliance.core.refusal import Refusal, in_ma, in_seconds
from drivers.quantities import US_PER_S

FIRST_BACK_UA = 30_000  # (D) visible without joint movement, at most
FIRST_NECK_UA = 20_000  # (D) first visible contraction, at most; half of the neck's own cap
FIRST_SESSION_US = 15 * 60 * US_PER_S  # (D) 10 contractions of 10 s on and 50 s off fit
CAREFUL_SESSIONS = 3  # from the fourth on everybody's limits hold alone
COUNTS_FROM_US = 5 * 60 * US_PER_S  # (D) the minutes in which a vagal reaction is looked for
GROWTH_PERCENT = 125  # (D) over the highest level ever comfortable, in the second and third


class Scope(StrEnum):
    """The parts of the body a ceiling is set for."""

    NECK = "neck"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the records say of a patient in one scope.

    `motor_sessions` counts those of which `counts_as_motor_session` is true, `comfortable_ua` is
    the highest level kept in any of them.
    """

    ceiling_ua: int | None = None
    motor_sessions: int = 0
    comfortable_ua: int = 0


UNKNOWN = Standing()
"""Nobody said who is treated: then it may be anybody's first time."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds for this patient in this session; None leaves everybody's limits as they are.

    `ceiling_by` names what set the ceiling.
    """

    ceiling_ua: int | None = None
    ceiling_by: str = ""
    duration_us: int | None = None
    single_taps: bool = False


NO_BOUNDS = Bounds()


def counts_as_motor_session(elapsed_us: int, comfortable_ua: int) -> bool:
    """Say whether a motor session that ran to its end tells anything of later ones.

    One of a few seconds, or in which no level was ever kept, does not: three of those would
    otherwise open everybody's limits to a patient who never felt a contraction.
    """
    return elapsed_us >= COUNTS_FROM_US and comfortable_ua > 0


def scope_of(region: Region) -> Scope:
    """Return the part of the body a region belongs to."""
    return Scope.NECK if region.is_neck else Scope.BACK


def highest_ua(scope: Scope) -> int:
    """Return the highest ceiling that means anything in a scope."""
    return NECK_MOTOR_WITH_REASON_UA if scope is Scope.NECK else PEAK_UA


def bounds_of(standing: Standing, scope: Scope, purpose: Purpose) -> Bounds:
    """Return what holds for a patient of that standing; the lowest ceiling is the one named."""
    own_ua = standing.ceiling_ua
    if purpose is Purpose.SENSORY or standing.motor_sessions >= CAREFUL_SESSIONS:
        return NO_BOUNDS if own_ua is None else Bounds(own_ua, "patient ceiling")
    ceiling_ua, by = _early(standing, scope)
    if own_ua is not None and own_ua < ceiling_ua:
        ceiling_ua, by = own_ua, "patient ceiling"
    first = standing.motor_sessions == 0
    return Bounds(ceiling_ua, by, FIRST_SESSION_US if first else None, single_taps=first)


def _early(standing: Standing, scope: Scope) -> tuple[int, str]:
    """Return the ceiling of one of the first three motor sessions, and what to call it."""
    first_ua = FIRST_NECK_UA if scope is Scope.NECK else FIRST_BACK_UA
    if standing.motor_sessions == 0:
        return first_ua, "first motor session"
    grown_ua = standing.comfortable_ua * GROWTH_PERCENT // 100
    return max(first_ua, grown_ua), f"motor session {standing.motor_sessions + 1}"


def check_ceiling(asked_ua: int | None, bounds: Bounds) -> Refusal | None:
    """Refuse a ceiling that was asked for beyond the patient's; None takes what there is."""
    if asked_ua is None or bounds.ceiling_ua is None or asked_ua <= bounds.ceiling_ua:
        return None
    allowed = in_ma(bounds.ceiling_ua)
    return Refusal(bounds.ceiling_by, in_ma(asked_ua), f"up to {allowed}", allowed)


def check_duration(asked_us: int | None, bounds: Bounds) -> Refusal | None:
    """Refuse a length that was asked for beyond that of a first motor session."""
    if asked_us is None or bounds.duration_us is None or asked_us <= bounds.duration_us:
        return None
    allowed = in_seconds(bounds.duration_us)
    return Refusal("first motor session", in_seconds(asked_us), f"up to {allowed}", allowed)
