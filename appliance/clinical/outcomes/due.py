"""Which outcomes are offered at a session, and which of them have an answer already. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.outcomes.facts import DisabilityIndex
from appliance.clinical.outcomes.history import OutcomeHistory, are_offered
from appliance.core.limits.limits import Region

_INDEX = {
    Region.NECK: DisabilityIndex.NECK_DISABILITY_INDEX,
    Region.SUBOCCIPITAL: DisabilityIndex.NECK_DISABILITY_INDEX,
    Region.LOWER_BACK: DisabilityIndex.OSWESTRY,
}
"""No index of the two is about the upper back."""


class Measure(StrEnum):
    """What is measured of a course."""

    INDEX = "index"
    ACTIVITY = "activity"
    MOTION = "motion"
    GLOBAL_CHANGE = "global_change"


class DueOutcome(NamedTuple):
    """One measure that is offered; `last` is when it was given last, `today` whether today."""

    measure: Measure
    questionnaire: DisabilityIndex | None
    last: FactTime | None
    today: bool


def due_outcomes(
    history: OutcomeHistory, region: Region, session: int, now: FactTime, *, review: bool
) -> tuple[DueOutcome, ...]:
    """Return what is offered at a session of a course, counted from 1; none is ever required.

    A global change compares with the beginning, so the first session has none. `now` as of
    `judged_at`.
    """
    if not are_offered(session, review=review):
        return ()
    index = _INDEX.get(region)
    scores = () if index is None else history.indices.get(index, ())
    activities = (scored.at for each in history.activities.values() for scored in each)
    motions = (at for motion, at in history.motions if motion.region is region)
    changes = (scored.at for scored in history.global_changes)
    due = [
        _due(Measure.ACTIVITY, activities, now),
        _due(Measure.MOTION, motions, now),
    ]
    if index is not None:
        due.insert(0, _due(Measure.INDEX, (scored.at for scored in scores), now, index))
    if session > 1:
        due.append(_due(Measure.GLOBAL_CHANGE, changes, now))
    return tuple(due)


def _due(
    measure: Measure,
    times: Iterable[FactTime],
    now: FactTime,
    index: DisabilityIndex | None = None,
) -> DueOutcome:
    last = max(times, key=lambda at: at.moment, default=None)
    return DueOutcome(measure, index, last, last is not None and same_day(last, now))
