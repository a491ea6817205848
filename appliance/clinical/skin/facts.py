"""Facts about skin, sensation and patch tests, for each site of a pad or each material."""

from enum import IntEnum, StrEnum
from typing import Annotated

import msgspec

from appliance.clinical.body import PadSite
from appliance.clinical.fact import Fact
from appliance.core.limits.limits import PEAK_UA

Level = Annotated[int, msgspec.Meta(ge=0, le=PEAK_UA)]
"""A level in µA, up to what the unit gives at all."""


class SkinGrade(IntEnum):
    """What the skin under a pad looks like."""

    CLEAR = 0
    """Normal, or even pink that fades."""
    MARKED = 1
    """Marked, patchy, itching, or found still there later."""
    BROKEN = 2
    """Blister, burn or broken skin."""


class _Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    site: PadSite


class SiteGrade(_Site, frozen=True, kw_only=True):
    """The grade of one site."""

    grade: SkinGrade


class SiteLevel(_Site, frozen=True, kw_only=True):
    """The last level of a session at one site, in µA; 0 where none was set."""

    level_ua: Level


class SkinCheckedBefore(Fact, frozen=True, kw_only=True):
    """The skin before a session, graded at each site where a pad will lie."""

    grades: tuple[SiteGrade, ...]


class SkinCheckedAfter(Fact, frozen=True, kw_only=True):
    """The skin at close-out, graded at each treated site, with the last level there.

    `material` is what the pads were made of, as their label says.
    """

    session: str
    grades: tuple[SiteGrade, ...]
    levels: tuple[SiteLevel, ...]
    material: str


class SkinNotChecked(Fact, frozen=True, kw_only=True):
    """Nobody looked at the skin at close-out; `reason` says why."""

    session: str
    reason: str
    levels: tuple[SiteLevel, ...]
    material: str


class Gone(StrEnum):
    """An answer to "gone by this visit?"; unknown counts like still there."""

    GONE = "gone"
    STILL_THERE = "still_there"
    UNKNOWN = "unknown"


class SiteFollowUp(_Site, frozen=True, kw_only=True):
    """Whether the redness of the last session at one site was gone by this visit."""

    answer: Gone


class SkinFollowedUp(Fact, frozen=True, kw_only=True):
    """Asked first thing at a visit: was the redness gone? One answer for each site."""

    answers: tuple[SiteFollowUp, ...]


class SkinReinspected(Fact, frozen=True, kw_only=True):
    """A clinician looked at a blocked site again; a grade below 2 opens it, with a reason."""

    site: PadSite
    grade: SkinGrade
    reason: str


class SensationMethod(StrEnum):
    """How sensation was tested."""

    SHARP_BLUNT = "sharp_blunt"
    WARM_COLD = "warm_cold"


class Feeling(StrEnum):
    """What a patient feels at a site."""

    NORMAL = "normal"
    ALTERED = "altered"
    ABSENT = "absent"


class SiteSensation(_Site, frozen=True, kw_only=True):
    """The sensation at one site."""

    feeling: Feeling


class SensationTested(Fact, frozen=True, kw_only=True):
    """The sensation at each site where a pad will lie."""

    method: SensationMethod
    sites: tuple[SiteSensation, ...]


class AlteredSensationAccepted(Fact, frozen=True, kw_only=True):
    """A clinician's reason to treat where sensation is altered today."""

    sites: tuple[PadSite, ...]
    reason: str


class PatchTestPlace(StrEnum):
    """Where a cut of a pad is stuck on for the test."""

    UPPER_BACK = "upper_back"
    INNER_FOREARM = "inner_forearm"


class PatchTestApplied(Fact, frozen=True, kw_only=True):
    """A cut of the same pad is on the skin, without current."""

    material: str
    place: PatchTestPlace


class PatchTestRead(Fact, frozen=True, kw_only=True):
    """The skin once the cut is off, read at once, graded as skin.

    `timed_by_hand` says that somebody measured the 30 minutes, where no clock of the unit can tell.
    """

    material: str
    grade: SkinGrade
    timed_by_hand: bool = False


class NextDay(StrEnum):
    """An answer to "anything by the next day?"."""

    NOTHING = "nothing"
    SOMETHING = "something"
    UNKNOWN = "unknown"


class PatchTestFollowedUp(Fact, frozen=True, kw_only=True):
    """Asked at the next visit: was there anything by the next day?"""

    material: str
    answer: NextDay


class PatchTestDeclined(Fact, frozen=True, kw_only=True):
    """The patient does not want the test that was offered."""

    material: str
    reason: str
