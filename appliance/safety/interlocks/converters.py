"""Rules over ADC and DAC: readings fresh and plausible, the DAC as it was written."""

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
    """For how long the held sign has not changed.

    `first` is the pulse count when it was first seen, `starts` a mask of the starts of the order
    that fit every count since, `due_us` when none fitted any more, −1 before.
    """

    sign: int = 0
    first: int = 0
    starts: int = _ALL
    due_us: int = -1


def _stand(memory: SignStreak, held: HeldValue, now_us: int) -> SignStreak:
    pulses = held.reading.pulses
    if held.sign != memory.sign:
        memory = SignStreak(held.sign, pulses)
    starts = memory.starts & _fitting(held)
    if starts == memory.starts:
        return memory
    return SignStreak(memory.sign, memory.first, starts, -1 if starts else now_us)


def _fitting(held: HeldValue) -> int:
    """Return the starts that fit one hold; of three pulses in a row any sign may be held."""
    reading = held.reading
    fits, pulses = _FITS[held.sign], reading.pulses
    if reading.exact:
        return fits[pulses & 3]
    if reading.pulses_most is None or reading.pulses_most - pulses > 1:
        return _ALL
    return fits[pulses & 3] | fits[reading.pulses_most & 3]


def readings_stale(
    memory: SignStreak, held: HeldValue, readings: Readings
) -> tuple[SignStreak, Trip | None]:
    """Trip when holds are missing, old, or keep one sign for 2 planned pulses and 20 ms.

    After two pulses the order + − − + has changed its sign, so a sign that stays means a hold that
    was not renewed. A sign without current means nothing: behind a missing phase the charge of the
    DC block shows the sign of the other. Blind where every read falls on the same place of the
    order (bursts of a multiple of four pulses): there `phase_unseen` trips.
    """
    reading, now_us = held.reading, readings.now_us
    if readings.energising and readings.stream.playing:
        age_us = now_us - reading.held_at_us
        if reading.held is None or age_us > HELD_OVERDUE_US:
            missing = reading.held is None
            old = text("trip.detail.hold_old", seen=microseconds(age_us))
            detail = text("trip.detail.hold_not_read") if missing else old
            return memory, trip(TripCode.READINGS_STALE, detail, reading.channel)
    if not held.judged or held.sign == 0 or is_weak(held):
        return SignStreak(), None
    memory = _stand(memory, held, now_us)
    if memory.due_us < 0 or now_us - memory.due_us < STALE_US:
        return memory, None
    pulses, stale = reading.pulses - memory.first, microseconds(now_us - memory.due_us)
    detail = text("trip.detail.no_new_hold", pulses=pulses, seen=stale)
    return memory, trip(TripCode.READINGS_STALE, detail, reading.channel)


class FrozenPair(NamedTuple):
    """A held pair and for how long it has stayed the same, bit by bit."""

    held: HeldReading | None = None
    standing: SignStreak = SignStreak()


def adc_frozen(
    memory: FrozenPair, held: HeldValue, readings: Readings
) -> tuple[FrozenPair, Trip | None]:
    """Trip when an overdue hold is the same bit by bit, before the rule on stale ones does."""
    pair, now_us = held.reading.held, readings.now_us
    if not held.judged or held.sign == 0:
        return FrozenPair(), None
    start = memory.standing if pair == memory.held else SignStreak()
    standing = _stand(start, held, now_us)
    memory = FrozenPair(pair, standing)
    if standing.due_us < 0 or now_us - standing.due_us < FROZEN_US:
        return memory, None
    pulses = held.reading.pulses - standing.first
    detail = text("trip.detail.holds_same", pulses=pulses)
    return memory, trip(TripCode.ADC_IMPLAUSIBLE, detail, held.reading.channel)


def adc_at_end(memory: None, held: HeldValue, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a new hold is at an end of the ADC's range: the true value is unknown."""
    board = readings.board
    if not held.new:
        return memory, None
    # 1 % off the end: half-scale steps and calibration move where the end is read.
    if held.measured_ua * 100 >= board.current_full_scale_ua * 99:
        detail = text("trip.detail.current_at_end", seen=microamps(held.measured_ua))
        return memory, trip(TripCode.ADC_IMPLAUSIBLE, detail, held.reading.channel)
    if held.voltage_mv * 100 >= board.voltage_full_scale_mv * 99:
        detail = text("trip.detail.voltage_at_end", seen=millivolts(held.voltage_mv))
        return memory, trip(TripCode.ADC_IMPLAUSIBLE, detail, held.reading.channel)
    return memory, None


def reference(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the reference differs from the board file, or was not read."""
    if not readings.guarded:
        return memory, None
    sample, nominal_mv = readings.reference, readings.board.reference_mv
    if sample is None or readings.now_us - sample.at_us > SAMPLE_OVERDUE_US:
        return memory, trip(TripCode.ADC_IMPLAUSIBLE, text("trip.detail.reference_not_read"))
    if abs(sample.value - nominal_mv) * 100 > nominal_mv * REFERENCE_PERCENT:
        seen, nominal = millivolts(sample.value), millivolts(nominal_mv)
        detail = text("trip.detail.reference", seen=seen, nominal=nominal)
        return memory, trip(TripCode.ADC_IMPLAUSIBLE, detail)
    return memory, None


class UnchangedReads(NamedTuple):
    """The newest rail and reference, and how many reads of both in a row were the same."""

    rail: Sample | None = None
    reference: Sample | None = None
    same: int = 0


def adc_still(memory: UnchangedReads, readings: Readings) -> tuple[UnchangedReads, Trip | None]:
    """Trip when a DAC output reads wrong while the ADC's rail and reference do not change either.

    A working ADC moves by a step now and then; one that repeats itself proves nothing about the
    DAC. An ADC that repeats itself is no fault, so nothing trips before a readback is wrong.
    """
    memory = _still(memory, readings.rail, readings.reference)
    if memory.same < STILL_READS:
        return memory, None
    for reading in readings.channels:
        if reading.readback is not None and not is_as_given(reading.readback):
            detail = text("trip.detail.reads_same", reads=memory.same)
            return memory, trip(TripCode.ADC_IMPLAUSIBLE, detail, reading.channel)
    return memory, None


def _still(memory: UnchangedReads, rail: Sample | None, reference: Sample | None) -> UnchangedReads:
    if rail is None or reference is None or memory.rail is None or memory.reference is None:
        return UnchangedReads(rail, reference)
    if rail.at_us == memory.rail.at_us or reference.at_us == memory.reference.at_us:
        return memory
    same = rail.value == memory.rail.value and reference.value == memory.reference.value
    return UnchangedReads(rail, reference, memory.same + 1 if same else 0)


def is_as_given(readback: Readback) -> bool:
    """Return whether a DAC output read back is, but for noise, a code that it may have had."""
    code, lowest, highest = readback
    return lowest - READBACK_CODES <= code <= highest + READBACK_CODES


def dac_stuck(memory: None, held: HeldValue, _: Readings) -> tuple[None, Trip | None]:
    """Trip when a DAC output read back is not the code it was given."""
    readback = held.reading.readback
    if readback is None or is_as_given(readback):
        return memory, None
    code, lowest, highest = readback
    detail = text("trip.detail.dac_code", lowest=lowest, highest=highest, seen=code)
    return memory, trip(TripCode.DAC_STUCK, detail, held.reading.channel)
