"""Facts of a close-out. Skin, pain, exercises and advice are facts of their own rooms."""

from enum import StrEnum

from appliance.clinical.fact import Fact
from appliance.clinical.skin.facts import SiteLevel
from appliance.core.limits.limits import Region


class CloseOutOpened(Fact, frozen=True, kw_only=True):
    """The output of a session with current is off for good; recorded by the engine alone.

    `motor` says that muscles were meant to contract, `levels` are the last ones above zero at each
    site of its pads, 0 where none was set, `material` is what the pads are of ("" if unknown),
    `cause` why output ended, in the words of `session_closed`.
    """

    session: str
    motor: bool
    region: Region
    levels: tuple[SiteLevel, ...]
    material: str
    cause: str


class StoppedBecause(StrEnum):
    """Why the output of a session ended, as the operator says it."""

    TIME_OVER = "time_over"
    PATIENT_WISH = "patient_wish"
    PAIN = "pain"
    BURNING = "burning"
    FAINTNESS = "faintness"
    SKIN = "skin"
    CONTACT = "contact"
    UNIT = "unit"
    CLINICIAN = "clinician"
    OTHER = "other"

    @property
    def harms(self) -> bool:
        """Return whether something happened to the patient."""
        return self in {
            StoppedBecause.PAIN,
            StoppedBecause.BURNING,
            StoppedBecause.FAINTNESS,
            StoppedBecause.SKIN,
        }

    @property
    def ends_session(self) -> bool:
        """Return whether nobody goes on after it in the same session; pain leaves the way on."""
        return self.harms and self is not StoppedBecause.PAIN


class HarmTold(Fact, frozen=True, kw_only=True):
    """The patient told harm that ends a session; recorded by the engine alone, with the mark."""

    session: str
    because: StoppedBecause


class HarmReviewed(Fact, frozen=True, kw_only=True):
    """After such harm a clinician has looked at the patient, and says why treatment goes on."""

    reason: str


class StopExplained(Fact, frozen=True, kw_only=True):
    """Why the output of the session ended."""

    session: str
    because: StoppedBecause


class SeatedAfter(Fact, frozen=True, kw_only=True):
    """The patient stayed seated after motor work, so many seconds."""

    session: str
    seconds: int


class CloseOutPart(StrEnum):
    """A part of a close-out."""

    PADS_OFF = "pads_off"
    SKIN = "skin"
    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    STOPPED_BECAUSE = "stopped_because"
    SEATED = "seated"
    EXERCISES = "exercises"
    ADVICE = "advice"
    OUTCOMES = "outcomes"


class PartLeftOut(Fact, frozen=True, kw_only=True):
    """A part was not done and will not be; `reason` says why."""

    session: str
    part: CloseOutPart
    reason: str


class PartDeferred(Fact, frozen=True, kw_only=True):
    """A part will be completed later; it is listed until then."""

    session: str
    part: CloseOutPart


class CloseOutCompleted(Fact, frozen=True, kw_only=True):
    """The session is closed for the patient."""

    session: str
