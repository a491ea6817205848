"""Rules over the sensing itself: is it alive, is it possible, does the DAC follow?"""

from typing import NamedTuple

from appliance.safety.interlock_limits import (
    HELD_OVERDUE_US,
    READBACK_CODES,
    REFERENCE_PERCENT,
    SAMPLE_OVERDUE_US,
    STALE_US,
)
from appliance.safety.interlocks.hold import Hold
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips import Trip, TripCode, trip
from drivers.interfaces import HeldReading

_ADJACENT = frozenset((0b0001, 0b0011, 0b1001))
"""Places in the order + − − +, counted from the first of a sign, that may share that sign."""
_ALL_PLACES = 0b1111


class Standing(NamedTuple):
    """How long one sign has been standing.

    `first` is the pulse count when it was first seen, `places` a mask of (count − first) mod 4
    over the exact counts since, `due_us` when another sign was first owed, −1 before.
    """

    sign: int = 0
    first: int = 0
    places: int = 0
    due_us: int = -1


def _stand(part: Standing, hold: Hold, now_us: int) -> Standing:
    reading = hold.reading
    if hold.sign != part.sign:
        return Standing(hold.sign, reading.pulses, 0b0001)
    if not reading.exact:
        return part
    places = part.places | 1 << ((reading.pulses - part.first) & 3)
    if places == part.places:
        return part
    owed = part.due_us < 0 and places not in _ADJACENT
    return part._replace(places=places, due_us=now_us if owed else part.due_us)


def readings_stale(part: Standing, hold: Hold, readings: Readings) -> tuple[Standing, Trip | None]:
    """Trip when holds are missing, old, or keep one sign for 2 planned pulses and 20 ms.

    Of two pulses the order + − − + changes the sign within two more at the latest, so a sign that
    stands is a hold that stands. Blind where every read falls on the same place of the order
    (bursts of a multiple of four pulses): there `phase_unseen` trips.
    """
    reading, now_us = hold.reading, readings.now_us
    if readings.energising and readings.stream.playing:
        age_us = now_us - reading.held_at_us
        if reading.held is None or age_us > HELD_OVERDUE_US:
            detail = "not read" if reading.held is None else f"{age_us} µs old"
            return part, trip(TripCode.READINGS_STALE, detail, reading.channel)
    if not hold.judged or hold.sign == 0:
        return Standing(), None
    part = _stand(part, hold, now_us)
    if part.due_us < 0 or now_us - part.due_us < STALE_US:
        return part, None
    pulses = reading.pulses - part.first
    detail = f"no new hold for {pulses} pulses and {(now_us - part.due_us) // 1_000} ms"
    return part, trip(TripCode.READINGS_STALE, detail, reading.channel)


class Frozen(NamedTuple):
    """A held pair and how long it has been standing, bit by bit the same."""

    held: HeldReading | None = None
    standing: Standing = Standing()


def adc_frozen(part: Frozen, hold: Hold, readings: Readings) -> tuple[Frozen, Trip | None]:
    """Trip when a held pair stays the same over all four places of the order + − − +."""
    held = hold.reading.held
    if not hold.judged or hold.sign == 0:
        return Frozen(), None
    start = part.standing if held == part.held else Standing()
    part = Frozen(held, _stand(start, hold, readings.now_us))
    if part.standing.places != _ALL_PLACES:
        return part, None
    pulses = hold.reading.pulses - part.standing.first
    detail = f"held values the same over {pulses} pulses"
    return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)


def adc_at_end(part: None, hold: Hold, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a new hold stands at an end of the ADC's range: the true value is unknown."""
    board = readings.board
    if not hold.new:
        return part, None
    # 1 % off the end: half-scale steps and calibration move where the end is read.
    if hold.measured_ua * 100 >= board.current_full_scale_ua * 99:
        detail = f"current {hold.measured_ua} µA is the end of the range"
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)
    if hold.voltage_mv * 100 >= board.voltage_full_scale_mv * 99:
        detail = f"voltage {hold.voltage_mv} mV is the end of the range"
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail, hold.reading.channel)
    return part, None


def reference(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the reference input is not where the board file says, or was not read."""
    if not readings.guarded:
        return part, None
    sample, nominal_mv = readings.reference, readings.board.reference_mv
    if sample is None or readings.now_us - sample.at_us > SAMPLE_OVERDUE_US:
        return part, trip(TripCode.ADC_IMPLAUSIBLE, "reference not read")
    if abs(sample.value - nominal_mv) * 100 > nominal_mv * REFERENCE_PERCENT:
        detail = f"reference {sample.value} mV, nominal {nominal_mv} mV"
        return part, trip(TripCode.ADC_IMPLAUSIBLE, detail)
    return part, None


def dac_stuck(part: None, hold: Hold, _: Readings) -> tuple[None, Trip | None]:
    """Trip when a DAC output read back is not the code it was given."""
    readback = hold.reading.readback
    if readback is None:
        return part, None
    code, lowest, highest = readback
    if lowest - READBACK_CODES <= code <= highest + READBACK_CODES:
        return part, None
    detail = f"code {lowest} to {highest} given, {code} read back"
    return part, trip(TripCode.DAC_STUCK, detail, hold.reading.channel)
