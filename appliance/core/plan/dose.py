"""The dose of a channel: what it has delivered, and whether its prescription allows more.

The gate judges heating by the second before each pulse: how long current flows within it.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from appliance.core.limits.heating import root_up
from appliance.core.limits.limits import ON_CALL_REST_MIN_US, RMS_WINDOW_US
from appliance.core.plan.decode import DecodedPulse
from appliance.core.plan.pulse_timeline import OnTime, Section, plan_train
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import SETTLE_US
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds
from appliance.texts.text import picocoulombs, text

_Phases = tuple[tuple[int, int], ...]


class Portion(NamedTuple):
    """What one slice gives one channel: `phases_us` is the sum over both polarities.

    `on` is False for a slice in a rest, which is a rest of all channels; `waiting` says that
    treatment time does not advance, which is never so for a slice with pulses.
    """

    duration_us: int
    pulses: int
    phases_us: int
    amplitude_ua: int
    on: bool
    waiting: bool = False

    @property
    def charge_pc(self) -> int:
        """Return the charge moved one way; balanced pulses take as much back."""
        return self.amplitude_ua * self.phases_us // 2


@dataclass(frozen=True, slots=True)
class Dose:
    """What one channel has delivered so far.

    `charge_pc` is the charge moved one way, the sum of one phase of every pulse. `elapsed_us` is
    treatment time with rests, `on_us` without. `recent` are the slices that touch the last second,
    as (duration, amplitude² x time), `recent_us` and `recent_square` their sums; `densest_square`
    is the largest `recent_square` so far.
    """

    pulses: int = 0
    charge_pc: int = 0
    on_us: int = 0
    elapsed_us: int = 0
    densest_square: int = 0
    recent: tuple[tuple[int, int], ...] = ()
    recent_us: int = 0
    recent_square: int = 0

    @property
    def rms_ua(self) -> int:
        """Return the r.m.s. current of the densest second, rounded up.

        A slice that reaches into the second counts whole, so this is never too low and at most a
        slice's share (1.5 %) too high.
        """
        return root_up(-(-self.densest_square // RMS_WINDOW_US))


@dataclass(frozen=True, slots=True)
class DoseAllowance:
    """What a prescription permits one channel in one session; `on_us` is that of all channels."""

    elapsed_us: int
    on_us: int
    pulses: int
    charge_pc: int


def add(dose: Dose, portion: Portion) -> Dose:
    """Return the dose with one more slice."""
    square = portion.amplitude_ua * portion.amplitude_ua * portion.phases_us
    recent = (*dose.recent, (portion.duration_us, square))
    recent_us, recent_square = dose.recent_us + portion.duration_us, dose.recent_square + square
    first = 0
    while recent_us - recent[first][0] >= RMS_WINDOW_US:
        recent_us -= recent[first][0]
        recent_square -= recent[first][1]
        first += 1
    return Dose(
        dose.pulses + portion.pulses,
        dose.charge_pc + portion.charge_pc,
        dose.on_us + (portion.duration_us if portion.on else 0),
        dose.elapsed_us + (0 if portion.waiting else portion.duration_us),
        max(dose.densest_square, recent_square),
        recent[first:],
        recent_us,
        recent_square,
    )


def allowances(prescription: Prescription) -> dict[int, DoseAllowance]:
    """Return what each channel of a prescription may get, all parts together.

    Time and pulses are those of the plan (`Train.most_pulses`), charge that of the longest phase
    at each part's share of the ceiling.
    """
    plan = plan_train(prescription)
    permitted = dict.fromkeys(prescription.channels, DoseAllowance(plan.duration_us, 0, 0, 0))
    for section in plan.sections:
        for place, on_time in enumerate(section.cycle):
            count = len(range(place, section.on_times, len(section.cycle)))
            share = _most_of(prescription, section, on_time, count)
            for channel, has in permitted.items():
                own = channel in on_time.train.channels
                permitted[channel] = DoseAllowance(
                    has.elapsed_us,
                    has.on_us + share.on_us,
                    has.pulses + (share.pulses if own else 0),
                    has.charge_pc + (share.charge_pc if own else 0),
                )
    return permitted


def _most_of(
    prescription: Prescription, section: Section, on_time: OnTime, count: int
) -> DoseAllowance:
    """Return the most that `count` on-times give, or as many as can be called."""
    part = prescription.parts[on_time.part]
    on_us, pulses = count * on_time.on_us, count * on_time.train.most_pulses
    if section.placed is not None:
        on_us, pulses = _most_on_call(section, on_time)
    amplitude_ua = part.amplitude_ua(prescription.ceiling_ua)
    return DoseAllowance(0, on_us, pulses, pulses * amplitude_ua * densest_of(part).phase_us)


def _most_on_call(section: Section, on_time: OnTime) -> tuple[int, int]:
    """Return the longest time and the most pulses of contractions that are called.

    Each rests as long as it took, and at least `ON_CALL_REST_MIN_US`: so half the time is theirs,
    and the last one may have its rest after the end.
    """
    length_us = section.ends_us - section.begins_us
    most = length_us // ON_CALL_REST_MIN_US + 1
    pulsing_us = length_us // 2 + on_time.settled_us
    train = on_time.train
    a_group = train.most_pulses_until(0)
    return pulsing_us + most * SETTLE_US, train.most_pulses_until(pulsing_us) + most * a_group


def allows(dose: Dose, allowance: DoseAllowance, portion: Portion) -> Refusal | None:
    """Refuse a slice that would take a channel beyond its prescription."""
    after = add(dose, portion)
    if after.elapsed_us > allowance.elapsed_us:
        return _spent("refusal.treatment_time", after.elapsed_us, allowance.elapsed_us)
    if after.on_us > allowance.on_us:
        return _spent("refusal.on_time", after.on_us, allowance.on_us)
    if after.pulses > allowance.pulses:
        left = text("pulses", count=allowance.pulses - dose.pulses)
        allowed = text("in_all", most=allowance.pulses)
        return Refusal("refusal.pulses", after.pulses, allowed, left)
    if after.charge_pc > allowance.charge_pc:
        asked, most = picocoulombs(after.charge_pc), picocoulombs(allowance.charge_pc)
        unspent = picocoulombs(allowance.charge_pc - dose.charge_pc)
        return Refusal("refusal.charge", asked, most, unspent)
    return None


class LastSecond:
    """The time with current within the last second, by which the heating limits are judged.

    It holds the phases of one channel of one stream, in the order in which they will play.
    """

    __slots__ = ("_pulses", "_reaching", "_whole_us")

    def __init__(self) -> None:
        self._pulses: deque[_Phases] = deque()
        self._reaching: _Phases = ()
        self._whole_us = 0

    def add(self, slice_start_us: int, pulse: DecodedPulse) -> int:
        """Add a pulse of a slice; return the µs with current in the second that ends with it.

        Exact to the microsecond: of a pulse that reaches into that second only the part inside it
        counts, so that a train exactly at its limit is not refused. `slice_start_us` counts from
        the beginning of the stream.
        """
        phases = tuple(
            (slice_start_us + start_us, slice_start_us + start_us + duration_us)
            for _, start_us, duration_us in pulse.phases
        )
        opens_us = phases[-1][1] - RMS_WINDOW_US
        pulses = self._pulses
        pulses.append(phases)
        self._whole_us += _length_us(phases)
        while pulses[0][0][0] < opens_us:
            self._reaching = pulses.popleft()
            self._whole_us -= _length_us(self._reaching)
        return self._whole_us + sum(
            max(end_us - max(start_us, opens_us), 0) for start_us, end_us in self._reaching
        )


def _length_us(phases: _Phases) -> int:
    return sum(end_us - start_us for start_us, end_us in phases)


def _spent(rule: str, after_us: int, allowed_us: int) -> Refusal:
    allowed = seconds(allowed_us)
    return Refusal(rule, seconds(after_us), allowed, text("in_all", most=allowed))
