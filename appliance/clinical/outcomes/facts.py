"""Facts about a complaint and about outcomes: scores and answers, never the text of their items."""

from enum import StrEnum

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact
from appliance.core.limits.limits import Region


class Diagnosis(StrEnum):
    """What a clinician calls the complaint; `none_yet` has to be confirmed with a reason."""

    NONE_YET = "none_yet"
    NON_SPECIFIC_PAIN = "non_specific_pain"
    MUSCLE_TENSION = "muscle_tension"
    NERVE_ROOT = "nerve_root"
    DEGENERATIVE = "degenerative"
    AFTER_INJURY = "after_injury"
    AFTER_SURGERY = "after_surgery"
    WEAKNESS = "weakness"
    OTHER = "other"


class ComplaintOpened(Fact, frozen=True, kw_only=True):
    """A complaint as a patient is opened: where, since how many weeks, its diagnosis."""

    region: Region
    side: Side
    weeks: int
    diagnosis: Diagnosis
    reason: str = ""


class PainMoment(StrEnum):
    """When pain was asked for."""

    BEFORE = "before"
    AFTER = "after"


COMING = ""
"""The session of a score that is asked before its session has begun and has an id."""


class PainScored(Fact, frozen=True, kw_only=True):
    """Pain now, 0 (none) to 10 (worst), before or after a session; before, "" is the coming one."""

    session: str
    region: Region
    moment: PainMoment
    score: int


class DisabilityIndex(StrEnum):
    """A questionnaire of which only the score is kept: its items are under copyright."""

    NECK_DISABILITY_INDEX = "ndi"
    """0 to 50 points."""
    OSWESTRY = "oswestry"
    """0 to 100 percent."""


class IndexScored(Fact, frozen=True, kw_only=True):
    """The score of a questionnaire that was filled in on paper."""

    index: DisabilityIndex
    score: int


class ActivityScored(Fact, frozen=True, kw_only=True):
    """How well one activity that the patient named goes: 0 (unable) to 10 (as before)."""

    activity: str
    score: int


class Movement(StrEnum):
    """A direction in which neck or back is moved; sides are the patient's."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SIDE_LEFT = "side_left"
    SIDE_RIGHT = "side_right"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"


class Motion(StrEnum):
    """What a look at one direction found."""

    FULL = "full"
    LIMITED = "limited"
    PAINFUL = "painful"


class MotionTested(Fact, frozen=True, kw_only=True):
    """The range of motion of a region, by direction."""

    region: Region
    motions: dict[Movement, Motion]


class GlobalChangeScored(Fact, frozen=True, kw_only=True):
    """The patient's own view of the change: 1 (very much better) to 7 (very much worse)."""

    score: int


class ContractionGrade(StrEnum):
    """What a set level does to the muscle."""

    NONE = "none"
    FLICKER = "flicker"
    VISIBLE = "visible"
    JOINT_MOVES = "joint_moves"


class ContractionGraded(Fact, frozen=True, kw_only=True):
    """Grade and discomfort, 0 (none) to 10 (unbearable), at a level on a channel."""

    session: str
    channel: int
    level_ua: int
    grade: ContractionGrade
    discomfort: int


class FatigueCounted(Fact, frozen=True, kw_only=True):
    """Contractions of a session until the visible grade fell."""

    session: str
    channel: int
    contractions: int
