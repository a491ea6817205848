"""Where a treatment under way may end instead: sooner than it would, never later than prescribed.

The pulses before the new end are those of the same prescription at the same moments; the plan of
the shorter treatment is the beginning of the longer one, with its own ramp at its end.
"""

from typing import NamedTuple

from appliance.core.limits.limits import SESSION_MIN_US
from appliance.core.plan.compiler import Cursor
from appliance.core.plan.on_call import is_on_call
from appliance.core.plan.pulse_timeline import OnTimeKind, PulseTrainPlan
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds, whole_seconds
from appliance.texts.text import text

AHEAD_US = 10_000_000
"""An end is never nearer than this, and with on-times one cycle more (D)."""
OFFERED_US = 10_000_000
"""What a refusal offers is accepted for as long as this, and is a multiple of it (D)."""


class EndRange(NamedTuple):
    """Treatment times at which a treatment may end, in µs from its beginning.

    It may stay as it is: `present_us`. With `least_us` above `most_us` it may not change.
    """

    present_us: int
    least_us: int
    most_us: int

    def refuse(self, asked_us: int) -> Refusal | None:
        """Refuse an end outside the range, and offer one inside it."""
        if asked_us == self.present_us or self.least_us <= asked_us <= self.most_us:
            return None
        if self.least_us > self.most_us:
            allowed = text("minutes.as_it_is")
        else:
            least, most = seconds(whole_seconds(self.least_us)), seconds(self.most_us)
            allowed = text("minutes.between", least=least, most=most)
        nearest = seconds(self._nearest(asked_us))
        return Refusal("refusal.minutes", seconds(asked_us), allowed, nearest)

    def _nearest(self, asked_us: int) -> int:
        if self.least_us > self.most_us:
            return self.present_us
        if asked_us > self.most_us:
            return self.most_us
        later_us = self.least_us + OFFERED_US
        return min(-(-later_us // OFFERED_US) * OFFERED_US, self.most_us)


def end_range(plan: PulseTrainPlan, cursor: Cursor, prescribed_us: int) -> EndRange:
    """Return where a plan may end when its slices have been handed out up to the cursor.

    `prescribed_us` is the duration that the session began with.
    """
    present_us, section = plan.duration_us, plan.section_at(cursor.start_us)
    contracts = section.cycle[0].kind is OnTimeKind.CONTRACTION
    ahead_us = AHEAD_US + (section.cycle_us if contracts else 0)
    least_us = max(cursor.start_us + ahead_us, SESSION_MIN_US)
    most_us = present_us if has_begun_to_end(plan, cursor) else prescribed_us
    return EndRange(present_us, least_us, most_us)


def has_begun_to_end(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether the ramp down of the last on-time has begun to be handed out."""
    last = plan.on_times - 1
    if is_on_call(plan):
        return cursor.start_us >= plan.duration_us
    if last < 0 or cursor.on_time > last:
        return True
    return cursor.start_us - plan.on_start_us(last) > plan.on_time(last).falls_us
