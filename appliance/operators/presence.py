"""Whether the operator is with the patient, and whether the patient may be left. Pure.

Present means: signed in, and a touch within the last 2 min. Afterwards plus and settings need the
PIN again; stop, pause and minus never do.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.core.refusal import Refusal
from appliance.operators.facts import OperatorRole
from appliance.texts.common_phrases import seconds, whole_seconds
from appliance.texts.text import Text, TextValue, text
from drivers.quantities import US_PER_S

PRESENT_US = 120 * US_PER_S
"""Without a touch for this long nobody is taken to be at the screen (D)."""
ANSWER_US = 60 * US_PER_S
"""How long "Are you with the patient?" waits before the session pauses (D)."""
LOOK_IN_US = 900 * US_PER_S
"""A patient who was left is looked at again after this time at most (D)."""
STEADY_US = 60 * US_PER_S
"""How long the level has been left alone before the patient may be left (D)."""
STEADY_CONTRACTIONS = 3
"""Contractions at that level before the patient of a motor programme may be left (D)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInOperator:
    """Who is signed in: the token of the sign-in, the role chosen, and the last touch."""

    operator: str
    role: OperatorRole
    token: str
    touched_us: int
    left_at_us: int | None = None
    """When the patient was left with permission; None while somebody has to be there."""
    is_suspended: bool = False
    """Nobody touched for 2 min: the token is good for nothing any more, a touch included."""

    def touched(self, now_us: int) -> "SignedInOperator":
        """Return the operator after a touch; one from before the last touch changes nothing."""
        return replace(self, touched_us=max(self.touched_us, now_us))

    def is_present(self, now_us: int) -> bool:
        """Return whether there was a touch within the last 2 min."""
        return now_us - self.touched_us < PRESENT_US

    def locks_in_us(self, now_us: int) -> int:
        """Return the time until plus and settings need the PIN, in µs; 0 if they do."""
        if self.is_suspended:
            return 0
        return max(self.touched_us + PRESENT_US - now_us, 0)


class Attendance(StrEnum):
    """What the unit asks of a patient's supervision."""

    WITH_PATIENT = "with_patient"
    ARE_YOU_THERE = "are_you_there"
    """Ask with sound."""
    LEFT = "left"
    LOOK_IN = "look_in"
    """The patient was left for 15 min: ask with sound."""
    PAUSE = "pause"
    """Nobody answered for 60 s."""


ASKED_WITH_SOUND = frozenset({Attendance.ARE_YOU_THERE, Attendance.LOOK_IN})


def attendance(signed_in: SignedInOperator, now_us: int) -> Attendance:
    """Return what is asked now, while output is on."""
    if signed_in.left_at_us is not None:
        since_us, free_us = signed_in.left_at_us, LOOK_IN_US
        quiet, asked = Attendance.LEFT, Attendance.LOOK_IN
    else:
        since_us, free_us = signed_in.touched_us, PRESENT_US
        quiet, asked = Attendance.WITH_PATIENT, Attendance.ARE_YOU_THERE
    alone_us = now_us - since_us
    if alone_us < free_us:
        return quiet
    return asked if alone_us < free_us + ANSWER_US else Attendance.PAUSE


def asks_in_us(signed_in: SignedInOperator, now_us: int) -> int:
    """Return the time until the question comes, in µs; 0 or less since it came."""
    if signed_in.left_at_us is not None:
        return signed_in.left_at_us + LOOK_IN_US - now_us
    return signed_in.touched_us + PRESENT_US - now_us


def attendance_text(asked: Attendance) -> Text:
    """Return what is asked, in words."""
    return Text(f"attendance.{asked}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What leaving a patient is judged by; times count back from now, in µs."""

    region: Region
    purpose: Purpose
    kind: ProgrammeKind
    first_session: bool
    """The first motor session of this patient, or the first one on the neck."""
    hand_switch_proven: bool
    felt: bool
    """Each channel was felt at its own pads."""
    contact_good: bool
    open_cautions: int
    steady_us: int
    steady_contractions: int


def refuse_leaving(now: Situation) -> Refusal | None:
    """Refuse to leave the patient, with the first reason; None allows it for 15 min."""
    broken = next((rule for rule in _rules(now) if rule.broken), None)
    if broken is None:
        return None
    return Refusal("refusal.leave_patient", broken.asked, broken.allowed, broken.nearest)


def is_leaving_forbidden(now: Situation) -> bool:
    """Return whether no waiting changes it: the unit then asks after 2 min without a touch."""
    return any(rule.broken for rule in _lasting(now))


class _Rule(NamedTuple):
    """A rule for leaving a patient: whether it is broken, and the texts of its refusal."""

    broken: bool
    asked: TextValue
    allowed: TextValue
    nearest: TextValue


def _lasting(now: Situation) -> tuple[_Rule, ...]:
    """Return the rules that no waiting changes."""
    motor, stay = now.purpose is Purpose.MOTOR, text("leave.stay")
    brief = now.kind is ProgrammeKind.BRIEF_INTENSE
    return (
        _Rule(
            motor and now.region.is_neck,
            text("leave.neck_motor"),
            text("leave.not_neck_motor"),
            stay,
        ),
        _Rule(now.first_session, text("leave.first"), text("leave.not_first"), stay),
        _Rule(brief, text("leave.brief_intense"), text("leave.not_brief_intense"), stay),
        _Rule(now.kind.finds, text("leave.search"), text("leave.not_search"), stay),
        _Rule(
            not now.hand_switch_proven,
            text("leave.hand_switch"),
            text("leave.hand_switch_proven"),
            stay,
        ),
    )


def _rules(now: Situation) -> tuple[_Rule, ...]:
    """Return the rules; first those that no waiting changes."""
    motor, stay = now.purpose is Purpose.MOTOR, text("leave.stay")
    missing = STEADY_CONTRACTIONS - now.steady_contractions
    return (
        *_lasting(now),
        _Rule(not now.felt, text("leave.not_felt"), text("leave.felt"), text("leave.feel")),
        _Rule(not now.contact_good, text("leave.contact"), text("leave.contact_good"), stay),
        _Rule(
            now.open_cautions > 0,
            text("leave.cautions", count=now.open_cautions),
            text("leave.no_caution"),
            text("leave.acknowledge"),
        ),
        _Rule(
            now.steady_us < STEADY_US,
            text("leave.steady", time=seconds(now.steady_us // US_PER_S * US_PER_S)),
            text("leave.steady_for", time=seconds(STEADY_US)),
            text("leave.again_in", time=seconds(whole_seconds(STEADY_US - now.steady_us))),
        ),
        _Rule(
            motor and missing > 0,
            text("leave.contractions", count=now.steady_contractions),
            text("leave.contractions_at_level", least=STEADY_CONTRACTIONS),
            text("leave.after_contractions", count=missing),
        ),
    )


def refuse_nothing_plays() -> Refusal:
    """Return the refusal to leave a patient who gets no current."""
    asked, allowed = text("leave.nothing_plays"), text("leave.while_playing")
    return Refusal("refusal.leave_patient", asked, allowed, text("when_pulses_play"))
