"""One prescription being given: where its plan stands, its levels, the fall when it stops.

It hands out slices and their amplitudes to the stream and remembers, for each slice sent, where
the plan goes on behind it: after an interruption it continues behind the last slice that began.
An on-phase that may not begin yet waits in slices of rest.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.programme import Programme
from appliance.control.treatment.channel_levels import ChannelLevels
from appliance.control.treatment.contractions import Contraction, Contractions
from appliance.control.treatment.permit import permit_of
from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds
from appliance.core.plan import on_call
from appliance.core.plan.compiler import (
    Cursor,
    PlannedSlice,
    Stage,
    compile_next,
    first_cursor,
    waiting_slice,
)
from appliance.core.plan.new_end import EndRange, end_range
from appliance.core.plan.pulse_timeline import OnTime, OnTimeKind, PulseTrainPlan, plan_train
from appliance.core.prescription.contraction_counts import contractions_left
from appliance.core.prescription.densest import period_of
from appliance.core.prescription.prescription import Prescription
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.safety import levels
from appliance.safety.contraction_cue_rules import Cue
from appliance.safety.gate import Permit
from drivers.quantities import PPM, Microamps, Microseconds

UNTIMELY = ("refusal.rise", "refusal.envelope", "refusal.set_level")
"""Refusals of the level rules that another time would not bring."""
SLICE_US = 30_000
"""How far a slice's start may be from where it was expected: rests are kept so much longer."""


class _Sent(NamedTuple):
    """A slice in flight, and the cursor behind it."""

    planned: PlannedSlice
    behind: Cursor


class PlayingSlice(NamedTuple):
    """A slice, and when it began to play."""

    planned: PlannedSlice
    start_us: int


class Treatment(ChannelLevels):
    """The running prescription; a new one for each, owned by `TreatmentSetup`.

    `subject` is what the pads are on, `patient` the pseudonym it was made for, `bounds` what holds
    for that patient alone, `wanted` where the pads lie and which they are; None on test loads.
    `programme` is what it was made of.
    `rested_from_us` is since when a contraction with a rise rests, in whatever session it was, and
    `comfortable_ua` what was comfortable on each channel in the session an interruption ended.
    """

    over_for = ""  # harm that ended it

    def __init__(
        self,
        prescription: Prescription,
        channels: int,
        *,
        subject: Subject,
        patient: str | None = None,
        bounds: PatientBounds = NO_BOUNDS,
        wanted: WantedTreatment | None = None,
        programme: Programme | None = None,
        rested_from_us: int | None = None,
        comfortable_ua: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        super().__init__(prescription, bounds, comfortable_ua, rested_from_us)
        self.prescription = prescription
        self.subject, self.patient = subject, patient
        self.bounds, self.wanted, self.programme = bounds, wanted, programme
        self.plan, self._board_channels = _planned(prescription, bounds), channels
        self._cursor = self._resume_at = first_cursor(self.plan)
        self._sent: deque[_Sent] = deque()
        self._ends_us = 0  # when the last slice sent ends, as far as can be told before it plays
        self._playing: PlayingSlice | None = None
        self._part = self.plan.on_time(0).part  # of the slice that began last
        self._contractions = Contractions(self.plan) if prescription.contracts else None
        self._falling_from_us: int | None = None
        self._falling_ppm: tuple[int, ...] = ()
        """Where the envelope stood when the fall began: from there it only goes down."""
        self._planned_levels: dict[int, dict[int, int]] = {}

    @property
    def ceiling_by(self) -> str:
        """Return what lowered the ceiling for this patient, "" where nothing did."""
        ceiling_ua = self.bounds.ceiling_ua
        return self.bounds.ceiling_by if ceiling_ua == self.prescription.ceiling_ua else ""

    @property
    def permit(self) -> Permit:
        """Return what the gate may pass for this prescription."""
        return permit_of(self.prescription, self._board_channels)

    def level_ua(self, channel: int) -> int:
        """Return the set level of a channel, 0 for one that is not treated."""
        state = self._levels.get(channel)
        return 0 if state is None else state.level_ua

    def felt_ua(self, level_ua: int) -> int:
        """Return what is felt at a level in the part that plays: its share."""
        return self.prescription.parts[self._part].amplitude_ua(level_ua)

    def announced_ua(self, number: int, channel: int) -> int:
        """Return the level with which on-phase `number` begins: zero in a stronger part."""
        part = self.plan.on_time(number).part
        return 0 if self._begins_part(part) else self._levels[channel].level_ua

    @property
    def elapsed_us(self) -> Microseconds:
        """Return treatment time up to the end of the last slice that began."""
        return Microseconds(self._resume_at.start_us)

    @property
    def on_time_now(self) -> OnTime:
        """Return the on-time that plays or rests; before the first slice, the first one."""
        playing, plan = self._playing, self.plan
        at_us = self._resume_at.start_us if playing is None else playing.planned.start_us
        return plan.on_time(plan.on_time_at(at_us))

    @property
    def longest_period_us(self) -> int:
        """Return the longest time from pulse to pulse, or burst, in the part that plays."""
        asked = self.prescription.parts[self._part]
        rates = asked.sweep.rate_hz if asked.sweep is not None else None
        return max((asked.period_us, *map(period_of, rates or ())))

    @property
    def playing(self) -> PlayingSlice | None:
        """Return the slice of this stream that began last, None before the first."""
        return self._playing

    @property
    def cursor(self) -> Cursor:
        """Return where the next slice begins."""
        return self._cursor

    @property
    def has_begun_on_time(self) -> bool:
        """Say whether slices of the cursor's on-time were handed out in this stream."""
        begun = self._contractions.begun if self._contractions is not None else None
        return begun == self._cursor.on_time

    @property
    def end_range(self) -> EndRange:
        """Return where the treatment may end, as far as its slices have been handed out."""
        return end_range(self.plan, self._cursor, self.prescription.duration_us)

    def end_at(self, ends_us: int) -> None:
        """Let the plan end at another moment of `end_range`; all pulses before it stay."""
        plan = self.plan
        if on_call.is_on_call(plan):
            plan = on_call.ends_at(plan, self._cursor, ends_us)
        else:
            plan = plan_train(self.prescription, ends_us)
        self.go_on(plan, self._cursor)

    def go_on(self, plan: PulseTrainPlan, cursor: Cursor) -> None:
        """Hand out slices of this plan from now on; what was handed out is the same in it."""
        self.plan, self._cursor = plan, cursor
        if self._contractions is not None:
            self._contractions.plan = plan

    def rewind(self, now_us: int) -> None:
        """Let the next stream, which begins now, go on behind the last slice that began.

        A contraction that was called is over; the next ones come by cycle, so that a level is set.
        """
        plan, cursor = self.plan, self._resume_at
        if on_call.is_on_call(plan):
            plan = on_call.by_cycle(on_call.end(plan, cursor), cursor)
        self.go_on(plan, cursor)
        self._sent.clear()
        self._playing, self._ends_us = None, now_us
        self._planned_levels.clear()
        self._falling_from_us = None
        if self._contractions is not None:
            self._contractions.rewind()

    def next_slice(self, number: int) -> PlannedSlice | None:
        """Return the next slice of the plan, None at its end; rest where pulses have to wait."""
        found = compile_next(self.plan, self._cursor, number)
        if found is None:
            return None
        planned, behind = found
        if self._contractions is not None:
            rests_until_us = self._rests_until_us(self._cursor.on_time)
            if not self._contractions.hands_out(self._cursor, self._ends_us, rests_until_us):
                planned, behind = waiting_slice(self.plan, self._cursor, number), self._cursor
        self._cursor = behind
        self._sent.append(_Sent(planned, behind))
        self._ends_us += planned.slice.duration_us
        return planned

    def announce(self, now_us: int) -> Cue | None:
        """Return the cue for the next on-phase if it is due now."""
        coming = self._coming()
        if coming is None or self._contractions is None:
            return None
        if any(self._levels[n].raised for n in self.plan.train(coming[0]).channels):
            return None  # the rest owed for the rise is known once the pulses have ended
        return self._contractions.announce(*coming, now_us)

    def contraction(self, now_us: int) -> Contraction | None:
        """Describe the contraction that plays or comes next; None without on and off times."""
        contractions, coming, playing = self._contractions, self._coming(), self._playing
        if contractions is None:
            return None
        following = None
        if coming is not None:
            following = contractions.coming(coming[0], self._cursor.start_us, coming[1], now_us)
        if playing is None or not contractions.contracts(playing.planned):
            return self._queued(contractions, now_us) or following
        next_in_us = following.next_on_in_us if following is not None else None
        since_us = now_us - playing.start_us
        return contractions.playing(playing.planned, since_us, next_in_us)

    def _queued(self, contractions: Contractions, now_us: int) -> Contraction | None:
        """Describe the contraction that has been handed out and does not play yet."""
        at_us = self._ends_us - sum(sent.planned.slice.duration_us for sent in self._sent)
        for sent, _ in self._sent:
            if contractions.contracts(sent):
                number = self.plan.on_time_at(sent.start_us)
                return contractions.coming(number, sent.start_us, at_us, now_us)
            at_us += sent.slice.duration_us
        return None

    def dated(self, refusal: Refusal, now_us: int) -> Refusal:
        """Return the refusal of a rise with when one counts next, where contractions say so."""
        plays_on = self._playing is not None and self._falling_from_us is None
        found = self.contraction(now_us) if plays_on and refusal.rule in UNTIMELY else None
        if found is None or found.next_rise is None:
            return refusal
        return replace(refusal, nearest=found.next_rise)

    def plays_on_phase(self, number: int) -> bool:
        """Say whether pulses of on-phase `number` play now."""
        plan, playing = self.plan, self._playing
        if playing is None or playing.planned.stage is Stage.REST or number >= plan.on_times:
            return False
        start_us = plan.on_start_us(number)
        return start_us <= playing.planned.start_us < start_us + plan.on_time(number).on_us

    def sets_level(self, channel: int) -> bool:
        """Say whether a channel plays with the envelope at the level, so that it may rise.

        Not so in an active rest, nor in a contraction that is called.
        """
        playing = self._playing
        if playing is None or playing.planned.stage is not Stage.ON:
            return False
        shares_ppm = playing.planned.envelope_ppm
        held = self.on_time_now.kind is OnTimeKind.CALLED
        return bool(shares_ppm[self.plan.channels.index(channel)]) and not held

    def _coming(self) -> tuple[int, int] | None:
        """Return the next on-phase and when plan and rest owed let it begin."""
        if self._contractions is None:
            return None
        number = self._contractions.upcoming(self._cursor)
        if number is None:
            return None
        expected_us = self._contractions.expected_us(number, self._cursor, self._ends_us)
        return number, max(expected_us, self._rests_until_us(number))

    def rest_owed_until_us(self) -> int:
        """Return when every channel has had the rest that a contraction with a rise owes it."""
        owed = (levels.rests_until_us(state) for state in self._levels.values())
        return max(each + SLICE_US if each else 0 for each in owed)

    def _rests_until_us(self, number: int) -> int:
        """Return when every channel of an on-phase has had the rest it is owed."""
        if number >= self.plan.on_times:
            return 0
        owed = (levels.rests_until_us(self._levels[n]) for n in self.plan.train(number).channels)
        return max(each + SLICE_US if each else 0 for each in owed)

    def amplitudes_for(
        self, planned: PlannedSlice, starts_us: Microseconds
    ) -> tuple[Microamps, ...]:
        """Return the amplitudes of a slice that begins at `starts_us`: level, envelope, fall.

        One for each channel of the board, in whole µA rounded down; 0 where it has no pulses. A
        slice of a part that begins at level zero has zero, whatever the level still is.
        """
        level_ua = {
            channel: 0 if self._begins_part(planned.part) else state.level_ua
            for channel, state in self._levels.items()
        }
        self._planned_levels[planned.slice.number] = level_ua
        amplitudes_ua = [Microamps(0)] * self._board_channels
        shares_ppm = planned.envelope_ppm
        if self._falling_from_us is not None:
            shares_ppm = tuple(map(min, shares_ppm, self._falling_ppm))
        for channel, share_ppm, pulses in zip(
            self.plan.channels, shares_ppm, planned.pulses, strict=True
        ):
            amplitude_ua = level_ua[channel] * share_ppm // PPM if pulses else 0
            if self._falling_from_us is not None:
                elapsed_us = starts_us - self._falling_from_us
                amplitude_ua = levels.ramp_down(amplitude_ua, elapsed_us)
            amplitudes_ua[channel - 1] = Microamps(amplitude_ua)
        return tuple(amplitudes_ua)

    def _begins_part(self, part: int) -> bool:
        """Say whether a part is one that nobody has set a level for yet."""
        groups = self.plan.groups
        return groups[part] != groups[self._part]

    def played(self, planned: PlannedSlice, start_us: int) -> None:
        """Note that the oldest slice sent has begun to play at `start_us`."""
        self._resume_at = self._sent.popleft().behind
        self._playing = PlayingSlice(planned, start_us)
        in_flight_us = sum(sent.planned.slice.duration_us for sent in self._sent)
        self._ends_us = start_us + planned.slice.duration_us + in_flight_us
        if planned.part == self._part:
            return
        if self._begins_part(planned.part):
            self.begin_part()
        self._part = planned.part
        self.follow(contractions=self.prescription.parts[planned.part].on_off is not None)

    def fall(self, now_us: Microseconds) -> None:
        """Begin the fall of a stop; one that has begun goes on."""
        if self._falling_from_us is None:
            self._falling_from_us = now_us
            playing = self._playing
            at_rest = (0,) * len(self.plan.channels)
            self._falling_ppm = at_rest if playing is None else playing.planned.envelope_ppm

    def falling_for_us(self, now_us: Microseconds) -> int:
        """Return how long the fall of a stop has been going on, 0 while none is."""
        return 0 if self._falling_from_us is None else now_us - self._falling_from_us

    def levels_of(self, number: int) -> dict[int, int]:
        """Return the levels that slice `number` plays at (none: those of the slice before)."""
        found = self._planned_levels.pop(number, {})
        self._planned_levels = {n: kept for n, kept in self._planned_levels.items() if n > number}
        return found


def _planned(prescription: Prescription, bounds: PatientBounds) -> PulseTrainPlan:
    """Return the plan, on call with as many contractions as a session may have."""
    most, given_us = bounds.contractions_left, bounds.first_given_us
    if most is None:
        first, called = given_us is not None, bounds.called
        most = contractions_left(prescription, first=first, given_us=given_us or 0, called=called)
    return on_call.at_most(plan_train(prescription), most)
