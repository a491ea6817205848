"""Facts about courses. A first session opens a course by itself, without a fact."""

from enum import StrEnum

from appliance.clinical.fact import Fact
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import Goal


class CourseDecision(StrEnum):
    """What a review of a course decides."""

    CONTINUE = "continue"
    """With the same, in a new course."""
    CHANGE = "change"
    """With something else: another programme, placement or dose, in a new course."""
    STOP = "stop"


class CourseReviewed(Fact, frozen=True, kw_only=True):
    """A course was looked at as a whole.

    Pain (0 to 10, before sessions) and function (the neck disability index or Oswestry, by region)
    of the first and the last time in the course; None where nobody asked. `skin_looked_at` says
    that the skin under the pads was.
    """

    region: Region
    goal: Goal
    decision: CourseDecision
    skin_looked_at: bool
    pain_first: int | None = None
    pain_last: int | None = None
    function_first: int | None = None
    function_last: int | None = None


class CourseOpened(Fact, frozen=True, kw_only=True):
    """A new course after a reviewed one, and why.

    `lead` is the lead clinician who agreed, where one has to and no operator is known as lead.
    """

    region: Region
    goal: Goal
    reason: str
    lead: str = ""
