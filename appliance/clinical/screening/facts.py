"""Facts of the screening: the answers, and the reasons given for treating in spite of one."""

from enum import StrEnum

import msgspec

from appliance.clinical.fact import Fact
from appliance.core.limits.limits import Purpose, Region


class Answer(StrEnum):
    """An answer to a question; unknown counts like the answer that has a consequence."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class VisitAnswer(StrEnum):
    """An answer to an item of the visit list; unknown counts like changed."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"


class ScreeningKind(StrEnum):
    """A full screening has an answer to every question, a part to some."""

    FULL = "full"
    PART = "part"


class ScreeningAnswered(Fact, frozen=True, kw_only=True):
    """Answers by question: `answers` about the patient, `here` about each region asked for."""

    kind: ScreeningKind
    answers: dict[str, Answer] = msgspec.field(default_factory=dict)
    here: dict[Region, dict[str, Answer]] = msgspec.field(default_factory=dict)


class VisitListAnswered(Fact, frozen=True, kw_only=True):
    """The visit list: "each asked, none changed", or an answer to each of its items."""

    none_changed: bool
    answers: dict[str, VisitAnswer] = msgspec.field(default_factory=dict)


class ScreeningConfirmed(Fact, frozen=True, kw_only=True):
    """A clinician's reason for each question that needs one, for one region and purpose."""

    region: Region
    purpose: Purpose
    reasons: dict[str, str]
