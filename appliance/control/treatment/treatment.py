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
from appliance.control.treatment.cautions import Derating
from appliance.control.treatment.contractions import Contraction, Contractions
from appliance.control.treatment.permit import permit_of
from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds
from appliance.core.plan.compiler import (
    Cursor,
    PlannedSlice,
    Stage,
    compile_next,
    first_cursor,
    waiting_slice,
)
from appliance.core.plan.new_end import EndRange, end_range
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.densest import period_of
from appliance.core.prescription.prescription import Prescription
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.safety import levels
from appliance.safety.contraction_cue_rules import Cue
from appliance.safety.gate import Permit
from appliance.safety.interlocks.rule import Caution
from appliance.safety.levels import LevelRules, LevelState, Moment
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


class Treatment:
    """The running prescription; a new one for each, owned by `TreatmentSetup`.

    `subject` is what the pads are on, `patient` the pseudonym it was made for, `bounds` what holds
    for that patient alone, `wanted` where the pads lie and which they are; None on test loads.
    `rested_from_us` is since when a contraction with a rise rests, in whatever session it was, and
    `comfortable_ua` what was comfortable on each channel in the session an interruption ended.
    """

    harmed = False  # pain, burning or faintness was told, whatever was kept since

    def __init__(
        self,
        prescription: Prescription,
        channels: int,
        *,
        subject: Subject,
        patient: str | None = None,
        bounds: PatientBounds = NO_BOUNDS,
        wanted: WantedTreatment | None = None,
        rested_from_us: int | None = None,
        comfortable_ua: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        self.prescription = prescription
        self.subject, self.patient = subject, patient
        self.bounds, self.wanted = bounds, wanted
        self.plan, self._board_channels = plan_train(prescription), channels
        self.rules = LevelRules(
            ceiling_ua=Microamps(prescription.ceiling_ua),
            neck=prescription.region.is_neck,
            contractions=prescription.on_off is not None,
            tap_ua=prescription.tap_ua,
            single_taps=bounds.single_taps,
        )
        self._levels: dict[int, LevelState] = {
            n: levels.after_interruption(comfortable_ua.get(n, 0), rested_from_us)
            for n in prescription.channels
        }
        self._felt: dict[int, set[str]] = {}
        self._cursor = self._resume_at = first_cursor(self.plan)
        self._sent: deque[_Sent] = deque()
        self._ends_us = 0  # when the last slice sent ends, as far as can be told before it plays
        self._playing: PlayingSlice | None = None
        self._contractions = Contractions(self.plan) if prescription.on_off else None
        self._derating = Derating()
        self._falling_from_us: int | None = None
        self._falling_ppm: tuple[int, ...] = ()
        """Where the envelope stood when the fall began: from there it only goes down."""
        self._planned_levels: dict[int, dict[int, int]] = {}
        self._causes: dict[int, str] = {}

    @property
    def levels(self) -> Mapping[int, LevelState]:
        """Return the level of each channel, for reading."""
        return MappingProxyType(self._levels)

    @property
    def causes(self) -> Mapping[int, str]:
        """Return what last changed the level of each channel, for the records."""
        return MappingProxyType(self._causes)

    @property
    def ceiling_by(self) -> str:
        """Return what lowered the ceiling for this patient, "" where nothing did."""
        ceiling_ua = self.bounds.ceiling_ua
        return self.bounds.ceiling_by if ceiling_ua == self.prescription.ceiling_ua else ""

    @property
    def permit(self) -> Permit:
        """Return what the gate may pass for this prescription."""
        return permit_of(self.prescription, self._board_channels)

    @property
    def elapsed_us(self) -> Microseconds:
        """Return treatment time up to the end of the last slice that began."""
        return Microseconds(self._resume_at.start_us)

    @property
    def rested_from_us(self) -> int | None:
        """Return when the last contraction with a rise ended on any channel, None for never."""
        known = [each.rested_from_us for each in self._levels.values()]
        return max((each for each in known if each is not None), default=None)

    @property
    def longest_period_us(self) -> int:
        """Return the longest time from pulse to pulse, or burst to burst, within an on-time."""
        asked = self.prescription
        rates = asked.sweep.rate_hz if asked.sweep is not None else None
        return max((asked.period_us, *map(period_of, rates or ())))

    @property
    def playing(self) -> PlayingSlice | None:
        """Return the slice of this stream that began last, None before the first."""
        return self._playing

    @property
    def end_range(self) -> EndRange:
        """Return where the treatment may end, as far as its slices have been handed out."""
        return end_range(self.plan, self._cursor, self.prescription.duration_us)

    def end_at(self, ends_us: int) -> None:
        """Let the plan end at another moment of `end_range`; all pulses before it stay."""
        self.plan = plan_train(self.prescription, ends_us)
        if self._contractions is not None:
            self._contractions.plan = self.plan

    def rewind(self, now_us: int) -> None:
        """Let the next stream, which begins now, go on behind the last slice that began."""
        self._cursor = self._resume_at
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
        if playing is None or playing.planned.stage is Stage.REST:
            return self._queued(contractions, now_us) or following
        next_in_us = following.next_on_in_us if following is not None else None
        since_us = now_us - playing.start_us
        return contractions.playing(playing.planned, since_us, next_in_us)

    def _queued(self, contractions: Contractions, now_us: int) -> Contraction | None:
        """Describe the contraction that has been handed out and does not play yet."""
        at_us = self._ends_us - sum(sent.planned.slice.duration_us for sent in self._sent)
        for sent, _ in self._sent:
            if sent.stage is not Stage.REST:
                number = self.plan.on_time_at(sent.start_us)
                return contractions.coming(number, sent.start_us, at_us, now_us)
            at_us += sent.slice.duration_us
        return None

    def _dated(self, refusal: Refusal, now_us: int) -> Refusal:
        """Return the refusal of a rise with when one counts next, where contractions say so."""
        plays_on = self._playing is not None and self._falling_from_us is None
        found = self.contraction(now_us) if plays_on and refusal.rule in UNTIMELY else None
        if found is None or found.next_rise is None:
            return refusal
        return replace(refusal, nearest=found.next_rise)

    def plays_on_phase(self, number: int) -> bool:
        """Say whether pulses of on-phase `number` play now."""
        plan, playing = self.plan, self._playing
        if playing is None or playing.planned.stage is Stage.REST:
            return False
        start_us = plan.on_start_us(number)
        return start_us <= playing.planned.start_us < start_us + plan.on_us

    def _coming(self) -> tuple[int, int] | None:
        """Return the next on-phase and when plan and rest owed let it begin."""
        if self._contractions is None:
            return None
        number = self._contractions.upcoming(self._cursor)
        if number is None:
            return None
        expected_us = self._contractions.expected_us(number, self._cursor, self._ends_us)
        return number, max(expected_us, self._rests_until_us(number))

    def _rests_until_us(self, number: int) -> int:
        """Return when every channel of an on-phase has had the rest it is owed."""
        owed = (levels.rests_until_us(self._levels[n]) for n in self.plan.train(number).channels)
        return max(each + SLICE_US if each else 0 for each in owed)

    def amplitudes_for(
        self, planned: PlannedSlice, starts_us: Microseconds
    ) -> tuple[Microamps, ...]:
        """Return the amplitudes of a slice that begins at `starts_us`: level, envelope, fall.

        One for each channel of the board, in whole µA rounded down; 0 where it has no pulses.
        """
        self._planned_levels[planned.slice.number] = {
            channel: state.level_ua for channel, state in self._levels.items()
        }
        amplitudes_ua = [Microamps(0)] * self._board_channels
        shares_ppm = planned.envelope_ppm
        if self._falling_from_us is not None:
            shares_ppm = tuple(map(min, shares_ppm, self._falling_ppm))
        for channel, share_ppm, pulses in zip(
            self.plan.channels, shares_ppm, planned.pulses, strict=True
        ):
            amplitude_ua = self._levels[channel].level_ua * share_ppm // PPM if pulses else 0
            if self._falling_from_us is not None:
                elapsed_us = starts_us - self._falling_from_us
                amplitude_ua = levels.ramp_down(amplitude_ua, elapsed_us)
            amplitudes_ua[channel - 1] = Microamps(amplitude_ua)
        return tuple(amplitudes_ua)

    def played(self, planned: PlannedSlice, start_us: int) -> None:
        """Note that the oldest slice sent has begun to play at `start_us`."""
        self._resume_at = self._sent.popleft().behind
        self._playing = PlayingSlice(planned, start_us)
        in_flight_us = sum(sent.planned.slice.duration_us for sent in self._sent)
        self._ends_us = start_us + planned.slice.duration_us + in_flight_us

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

    def interrupt(self, now_us: Microseconds) -> None:
        """Set every level to zero, as the level rules want it after an interruption."""
        for channel, state in self._levels.items():
            self._change(channel, levels.interrupt(state, now_us), "interruption")

    def levels_of(self, number: int) -> dict[int, int]:
        """Return the levels that slice `number` plays at (none: those of the slice before)."""
        found = self._planned_levels.pop(number, {})
        self._planned_levels = {n: kept for n, kept in self._planned_levels.items() if n > number}
        return found

    def raise_level(self, channel: int, moment: Moment, cause: str = "tap") -> Refusal | None:
        """Raise a channel's level by one tap, or say why not."""
        derated = self._derating.refusal(channel, moment.now_us)
        if derated is not None:
            return derated
        state = levels.tap(self._levels[channel], self.rules, moment)
        if isinstance(state, Refusal):
            return self._dated(state, moment.now_us)
        self._change(channel, state, cause)
        return None

    def press(self, channel: int, moment: Moment) -> Refusal | None:
        """Note that the key of a channel is pressed, so that its level climbs; or say why not."""
        derated = self._derating.refusal(channel, moment.now_us)
        if derated is not None:
            return derated
        state = levels.press(self._levels[channel], self.rules, moment)
        if isinstance(state, Refusal):
            return self._dated(state, moment.now_us)
        self._levels[channel] = state
        return None

    def let_go(self, channel: int) -> None:
        """Note that the key of a channel is released."""
        self._levels[channel] = levels.release(self._levels[channel])

    def lower(self, channel: int, step_ua: int) -> None:
        """Lower a channel's level at once by a step."""
        self._change(channel, levels.lower(self._levels[channel], step_ua), "fall")

    def lower_by_tap(self, channel: int, cause: str) -> None:
        """Lower a channel's level by one tap and forget what was tolerated above it."""
        self._change(channel, levels.derate(self._levels[channel], self.rules.tap_ua), cause)

    def withdraw_raising_back(self, channel: int | None = None) -> None:
        """Offer no way back up on a channel, None: on all for harm, until a level is kept again."""
        self.harmed = self.harmed or channel is None
        for number in [n for n in self._levels if channel in (None, n)]:
            self._levels[number] = levels.withdraw(self._levels[number])

    def raise_back_to_ua(self, channel: int) -> Microamps | None:
        """Return where raising back by the pressed key ends, None where it is not offered."""
        return levels.raise_back_to_ua(self._levels[channel], self.rules)

    @property
    def was_felt(self) -> bool:
        """Say whether the patient has said of any channel that it is felt."""
        return bool(self._felt)

    def felt(self, channel: int) -> frozenset[str]:
        """Return what the patient said of a channel."""
        return frozenset(self._felt.get(channel, ()))

    def take_felt(self, channel: int, felt: str) -> None:
        """Keep what the patient said of a channel."""
        self._felt.setdefault(channel, set()).add(felt)

    def plays(self, played: Mapping[int, int], pulses: Mapping[int, int]) -> None:
        """Note the levels a slice plays at; `pulses` counts those of each channel before it."""
        for channel, level_ua in played.items():
            if self._levels[channel].level_ua == level_ua:
                self._levels[channel] = levels.play(self._levels[channel], pulses[channel])

    def begin_pulses(self, channel: int, moment: Moment) -> None:
        """Note that an on-time of a channel begins."""
        self._levels[channel] = levels.begin_pulses(self._levels[channel], moment)

    def end_pulses(self, channel: int, now_us: Microseconds) -> None:
        """Note that an on-time of a channel has ended."""
        self._levels[channel] = levels.end_pulses(self._levels[channel], now_us)

    def settle(self, channel: int, moment: Moment) -> None:
        """Let time pass for the level rules, once a tick."""
        state = levels.settle(self._levels[channel], moment)
        self._change(channel, levels.climb(state, self.rules, moment), "hold")

    def derate_for(self, cautions: tuple[Caution, ...], now_us: int) -> None:
        """Lower the channels that cautions derate; none of them rises again by itself."""
        for caution in cautions:
            lowers = caution.channel if caution.derates else None
            if lowers is not None and lowers in self._levels:
                self._derating.caution(lowers, now_us)
        for channel, state in self._levels.items():
            step_ua = self._derating.step_ua(channel, state.level_ua, now_us)
            if step_ua:
                self._change(channel, levels.derate(state, step_ua), "fade")

    def _change(self, channel: int, state: LevelState, cause: str) -> None:
        """Take over what the level rules made of a channel, and remember what moved its level."""
        if state.level_ua != self._levels[channel].level_ua:
            self._causes[channel] = cause
        self._levels[channel] = state
