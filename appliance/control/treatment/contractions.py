"""Contractions one after the other: which plays, which comes, and what was announced of it.

Only programmes with on and off times have any. The plan says when each would begin; an on-phase
that was not announced in time, or that would cut short the rest owed after a contraction with a
rise, waits: slices of rest play in its place and treatment time stands.
"""

from typing import NamedTuple

from appliance.core.limits.level_limits import CONTRACTION_US
from appliance.core.plan.compiler import Cursor, PlannedSlice, Stage, opens_on_time
from appliance.core.plan.pulse_timeline import OnTimeKind, PulseTrainPlan
from appliance.safety.contraction_cue_rules import Cue, announce, may_begin
from appliance.texts.text import Text, microseconds, text


class Contraction(NamedTuple):
    """The contraction that plays or comes next; numbers count from 0, times are from now on.

    `next_on_in_us` is None while the next one is not in sight. A rise counts from `rises_in_us`
    on, for `rises_for_us`; None and 0 while that is not known. `into_us` of it have played.
    """

    number: int
    channels: tuple[int, ...]
    playing: bool
    next_on_in_us: int | None
    rises_in_us: int | None
    rises_for_us: int
    into_us: int = 0
    on_phase: int = 0
    """Its number among all on-times of the plan."""

    @property
    def next_rise(self) -> Text | None:
        """Return when a rise counts next, None while that is not known."""
        number, in_us = self.number, self.rises_in_us
        if in_us is None:
            if self.next_on_in_us is None:
                return None
            number, in_us = number + 1, self.next_on_in_us
        return text("in_contraction", number=number + 1, time=microseconds(in_us))


class Contractions:
    """Follows one stream after the other through the on-phases of a plan."""

    def __init__(self, plan: PulseTrainPlan) -> None:
        self.plan = plan
        self.cue: Cue | None = None
        self.begun: int | None = None
        """The on-phase whose slices are being handed out in this stream."""

    def rewind(self) -> None:
        """Begin a fresh stream: whatever comes next wants to be announced again."""
        self.cue = self.begun = None

    def hands_out(self, cursor: Cursor, starts_us: int, rests_until_us: int) -> bool:
        """Say whether the slice at the cursor may play; note the on-phase it begins."""
        number = cursor.on_time
        if number == self.begun or not opens_on_time(self.plan, cursor):
            return True
        if not self._is_announced(number):
            return True
        off_us = self._off_us(number)
        if not may_begin(self.cue, number, starts_us, rests_until_us, off_us=off_us):
            return False
        self.begun = number
        return True

    def upcoming(self, cursor: Cursor) -> int | None:
        """Return the next on-phase that has not begun in this stream, None after the last."""
        number = cursor.on_time
        if number == self.begun or not opens_on_time(self.plan, cursor):
            number += 1
        while number < self.plan.on_times and not self._is_announced(number):
            number += 1
        return number if number < self.plan.on_times else None

    def contracts(self, planned: PlannedSlice) -> bool:
        """Say whether a slice belongs to a contraction, announced or called; not to its rest."""
        if planned.stage is Stage.REST:
            return False
        on_time = self.plan.on_time(self.plan.on_time_at(planned.start_us))
        return on_time.kind in {OnTimeKind.CONTRACTION, OnTimeKind.CALLED}

    def expected_us(self, number: int, cursor: Cursor, at_us: int) -> int:
        """Return when the plan lets an on-phase begin; the cursor's slice does `at_us`."""
        return at_us + max(self.plan.on_start_us(number) - cursor.start_us, 0)

    def announce(self, number: int, expected_us: int, now_us: int) -> Cue | None:
        """Return the cue for an on-phase if it is due now, and remember it."""
        off_us = self._off_us(number)
        cue = announce(self.cue, number, expected_us, now_us, off_us=off_us)
        if cue is not None:
            self.cue = cue
        return cue

    def coming(self, number: int, plan_us: int, expected_us: int, now_us: int) -> Contraction:
        """Describe a contraction that has not begun to play; it goes on from `plan_us`."""
        begins_us = expected_us
        if self.cue is not None and self.cue.on_phase == number:
            begins_us = max(begins_us, self.cue.begins_us)
        in_us = max(begins_us - now_us, 0)
        begun_us, opens_us, closes_us = self._rises(number)
        # After a pause the rest of a contraction may be all that is left of it.
        from_us = max(opens_us, plan_us - begun_us)
        opens_in_us = in_us + from_us - max(plan_us - begun_us, 0)
        channels, open_for_us = self.plan.train(number).channels, max(closes_us - from_us, 0)
        shown = self.plan.contraction(number)
        times = (in_us, opens_in_us, open_for_us)
        return Contraction(shown, channels, False, *times, on_phase=number)

    def playing(self, planned: PlannedSlice, since_us: int, next_in_us: int | None) -> Contraction:
        """Describe the contraction a slice belongs to; `since_us` ago the slice began."""
        number = self.plan.on_time_at(planned.start_us)
        begun_us, opens_us, closes_us = self._rises(number)
        into_us = planned.start_us - begun_us + since_us
        from_us = max(opens_us, into_us)
        channels = self.plan.train(number).channels
        open_for_us = max(closes_us - from_us, 0)
        opens_in_us = from_us - into_us if open_for_us else None
        shown = self.plan.contraction(number)
        times = (next_in_us, opens_in_us, open_for_us, into_us)
        return Contraction(shown, channels, True, *times, on_phase=number)

    def _is_announced(self, number: int) -> bool:
        return self.plan.on_time(number).kind is OnTimeKind.CONTRACTION

    def _off_us(self, number: int) -> int:
        return self.plan.section_of(number).rest_us

    def _rises(self, number: int) -> tuple[int, int, int]:
        """Return when an on-phase begins in the plan, and from when to when in it a rise counts."""
        on_time, begun_us = self.plan.on_time(number), self.plan.on_start_us(number)
        if on_time.kind is OnTimeKind.CALLED:
            return begun_us, 0, 0  # no level is set while somebody holds a contraction
        return begun_us, on_time.ramp_up_us, min(on_time.falls_us, CONTRACTION_US)
