"""Rules over the sensing itself: is it alive, is it possible, does the DAC follow?"""

from typing import NamedTuple

from appliance.safety.interlocks.held_value import HeldValue, is_weak
from appliance.safety.interlocks.limits import (
    FROZEN_US,
    HELD_OVERDUE_US,
    READBACK_CODES,
    REFERENCE_PERCENT,
    SAMPLE_OVERDUE_US,
    STALE_US,
    STILL_READS,
)
from appliance.safety.interlocks.readings import Readback, Readings, Sample
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microamps, microseconds, millivolts, text
from drivers.interfaces import HeldReading

_ALL = 0b1111
_FITS = {1: (0b1001, 0b1100, 0b0110, 0b0011), -1: (0b0110, 0b0011, 0b1001, 0b1100)}
"""Which starts of the order + − − + (a mask of four) put a sign at pulse n, by n mod 4."""


class SignStreak(NamedTuple):
    """How long one sign has been standing.

    `first` is the pulse count when it was first seen, `starts` a mask of the starts of the order
    that fit every count since, `due_us` when none fitted any more, −1 before.
    """

    sign: int = 0
    first: int = 0
    starts: int = _ALL
    due_us: int = -1


def _stand(part: SignStreak, hold: HeldValue, now_us: int) -> SignStreak:
    pulses = hold.reading.pulses
    if hold.sign != part.sign:
        part = SignStreak(hold.sign, pulses)
    starts = part.starts & _fitting(hold)
    if starts == part.starts:
        return part
    return part._replace(starts=starts, due_us=-1 if starts else now_us)


def _fitting(hold: HeldValue) -> int:
    """Return the starts that fit one hold; of three pulses in a row any sign may be held."""
    reading = hold.reading
    fits, pulses = _FITS[hold.sign], reading.pulses
    if reading.exact:
        return fits[pulses & 3]
    if reading.pulses_most is None or reading.pulses_most - pulses > 1:
        return _ALL
    return fits[pulses & 3] | fits[reading.pulses_most & 3]


def readings_stale(
    part: SignStreak, hold: HeldValue, readings: Readings
) -> tuple[SignStreak, Trip | None]:
    """Trip when holds are missing, old, or keep one sign for 2 planned pulses and 20 ms.

    After two pulses the order + − − + has changed its sign, so a sign that stands is a hold that
    stands. One without current stands for nothing: behind a missing phase the DC block's own
    charge shows the sign of the other. Blind where every read falls on the same place of the order
    (bursts of a multiple of four pulses): there `phase_unseen` trips.
    """
    reading, now_us = hold.reading, readings.now_us
    if readings.energising and readings.stream.playing:
        age_us = now_us - reading.held_at_us
        if reading.held is None or age_us > HELD_OVERDUE_US:
            missing = reading.held is None
            old = text("trip.detail.hold_old", seen=microseconds(age_us))
            detail = text("trip.detail.hold_not_read") if missing else old
            return part, trip(TripCode.READINGS_STALE, detail, reading.channel)
    if not hold.judged or hold.sign == 0 or is_weak(hold):
        return SignStreak(), None
    part = _stand(part, hold, now_us)
    if part.due_us < 0 or now_us - part.due_us < STALE_US:
        return part, None
    pulses, stale = reading.pulses - part.first, microseconds(now_us - part.due_us)
    detail = text("trip.detail.no_new_hold", pulses=pulses, seen=stale)
    return part, trip(TripCode.READINGS_STALE, detail, reading.channel)


class FrozenPair(NamedTuple):
    """A held pair and how long it has been standing, bit by bit the same."""

    held: HeldReading | None = None
    standing: SignStreak = SignStreak()


def adc_frozen(
    part: FrozenPair, hold: HeldValue, readings: Readings
) -> tuple[FrozenPair, Trip | None]:
    """Trip when what stands is bit by bit the same: before it is merely called stale."""
    held, now_us = hold.reading.held, readings.now_us
    if not hold.judged or hold.sign == 0:
        return FrozenPair(), None
    start = part.standing if held == part.held else SignStreak()
    standing = _stand(start, hold, now_us)
    part = FrozenPair(held, standing)
    if standing.due_us < 0 or now_us - standing.due_us < FROZEN_US:
        return part, None
    pulses = hold.reading.pulses - standing.first
    detail = text("trip.detail.holds_same", pulses=pulses)
    return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)


def adc_at_end(part: None, hold: HeldValue, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a new hold stands at an end of the ADC's range: the true value is unknown."""
    board = readings.board
    if not hold.new:
        return part, None
    # 1 % off the end: half-scale steps and calibration move where the end is read.
    if hold.measured_ua * 100 >= board.current_full_scale_ua * 99:
        detail = text("trip.detail.current_at_end", seen=microamps(hold.measured_ua))
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)
    if hold.voltage_mv * 100 >= board.voltage_full_scale_mv * 99:
        detail = text("trip.detail.voltage_at_end", seen=millivolts(hold.voltage_mv))
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)
    return part, None


def reference(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the reference input is not where the board file says, or was not read."""
    if not readings.guarded:
        return part, None
    sample, nominal_mv = readings.reference, readings.board.reference_mv
    if sample is None or readings.now_us - sample.at_us > SAMPLE_OVERDUE_US:
        return part, trip(TripCode.ADC_IMPLAUSIBLE, text("trip.detail.reference_not_read"))
    if abs(sample.value - nominal_mv) * 100 > nominal_mv * REFERENCE_PERCENT:
        seen, nominal = millivolts(sample.value), millivolts(nominal_mv)
        detail = text("trip.detail.reference", seen=seen, nominal=nominal)
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail)
    return part, None


class UnchangedReads(NamedTuple):
    """The newest rail and reference, and how many reads of both in a row were the same."""

    rail: Sample | None = None
    reference: Sample | None = None
    same: int = 0


def adc_still(part: UnchangedReads, readings: Readings) -> tuple[UnchangedReads, Trip | None]:
    """Trip when a DAC output reads wrong by an ADC whose rail and reference stand still too.

    A living ADC moves by a step now and then; one that repeats itself says nothing of the DAC.
    A quiet ADC alone is no fault, so nothing trips before a readback is wrong.
    """
    part = _still(part, readings.rail, readings.reference)
    if part.same < STILL_READS:
        return part, None
    for reading in readings.channels:
        if reading.readback is not None and _is_off(reading.readback):
            detail = text("trip.detail.reads_same", reads=part.same)
            return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, reading.channel)
    return part, None


def _still(part: UnchangedReads, rail: Sample | None, reference: Sample | None) -> UnchangedReads:
    if rail is None or reference is None or part.rail is None or part.reference is None:
        return UnchangedReads(rail, reference)
    if rail.at_us == part.rail.at_us or reference.at_us == part.reference.at_us:
        return part
    same = rail.value == part.rail.value and reference.value == part.reference.value
    return UnchangedReads(rail, reference, part.same + 1 if same else 0)


def _is_off(readback: Readback) -> bool:
    code, lowest, highest = readback
    return not lowest - READBACK_CODES <= code <= highest + READBACK_CODES


def dac_stuck(part: None, hold: HeldValue, _: Readings) -> tuple[None, Trip | None]:
    """Trip when a DAC output read back is not the code it was given."""
    readback = hold.reading.readback
    if readback is None:
        return part, None
    if not _is_off(readback):
        return part, None
    code, lowest, highest = readback
    detail = text("trip.detail.dac_code", lowest=lowest, highest=highest, seen=code)
    return part, trip(TripCode.DAC_STUCK, detail, hold.reading.channel)
