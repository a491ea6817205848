"""The tetanic runs of one channel: how long pulses went on, and the rest before they went on again.

It sees pulses and no plan, so the gate can judge with it what plan and callers made.
"""

from appliance.core.limits import limits
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_most
from appliance.texts.text import microseconds, text


class TetanicRun:
    """The run that plays on a channel, and the one before; times count from the stream's start.

    Pulses less than `OFF_MIN_US` apart are one run. The rest before a run is counted from the last
    pulse of the run before, whatever twitches came in between.
    """

    __slots__ = ("_begun_us", "_ended_us")

    def __init__(self) -> None:
        self._begun_us: int | None = None
        self._ended_us = 0

    def add(self, begins_us: int, ends_us: int) -> Refusal | None:
        """Add a pulse; refuse one that makes the run too long, or begins one without rest."""
        if self._begun_us is None:
            self._begun_us, self._ended_us = begins_us, ends_us
            return None
        rest_us = begins_us - self._ended_us
        if rest_us < limits.OFF_MIN_US:
            self._ended_us = ends_us
            return self._refuse_length(ends_us - self._begun_us)
        least_us = self._ended_us - self._begun_us
        self._begun_us, self._ended_us = begins_us, ends_us
        if rest_us >= least_us:
            return None
        rest, least = microseconds(rest_us), microseconds(least_us)
        allowed = text("rest_of_a_tetanic_train.allowed", least=least)
        return Refusal("refusal.rest_of_a_tetanic_train", rest, allowed, least)

    @staticmethod
    def _refuse_length(run_us: int) -> Refusal | None:
        if run_us <= limits.ON_MAX_US:
            return None
        most = microseconds(limits.ON_MAX_US)
        return Refusal("refusal.on_time", microseconds(run_us), at_most(most), most)
