"""The rule over contact drift: a pad against its own baseline.

A load falls with the current and grows with the phase (docs/clinical-sources.md section 4.2), so a
baseline is kept per narrow band of both. The second phase of a pulse starts from the first one's
charge and reads lower, by half and more; so of eight holds the second largest counts, which is one
of a first phase at any rate and order of phases, and not a single outlier.

A band learnt later cannot hide a pad that changed meanwhile: skin at a larger current is never the
larger load, so the new baseline is at most that of the nearest band below, and it is not smaller
by more than the current explains.

A contact that falls far below its baseline is judged as well: gel, sweat or a pad that slid lets
the current pass beside the tissue, and all of it comes back when that path breaks.
"""

from typing import NamedTuple

from appliance.safety.interlocks.contact import shows_lifted
from appliance.safety.interlocks.held_value import (
    HeldValue,
    contact_ohm,
    is_weak,
    second_largest,
)
from appliance.safety.interlocks.limits import (
    CONTACT_FROM_UA,
    DRIFT_PERCENT,
    FELL_CAUTION_PERCENT,
    FELL_TRIP_PERCENT,
    FIRST_PHASE_HOLDS,
    FORECAST_PERCENT,
    FORECAST_US,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.rule import Caution, CautionCode, Finding
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.text import percent, text

LEARNT_HOLDS = 12
"""More than a window, since a level in motion may split them over several visits to a band. (D)"""
OVER_HOLDS = 16
"""Two windows: a movement that shakes a few pulses passes, a pad that lifts does not. (D)"""
FALL_OF_BAND_PERCENT = 30
LEAST_OF_LOWER_PERCENT = 45
"""How much smaller a load may be one band of current up, and any number of bands up: the rows of
docs/clinical-sources.md section 4.2 fall by 15 % in half an octave, by half from 2 to 20 mA. (D)"""
PHASE_BAND_US = 10
TREND_STEP_US = 1_000_000
TREND_STEPS = 11
"""Ten seconds of trend: longer than a breath or a shift of posture. (D)"""

Band = tuple[int, int]


class ContactPoint(NamedTuple):
    """The contact at a time, in percent of its baseline times ten."""

    at_us: int
    permille: int


class PadBaseline(NamedTuple):
    """What is known of one pair of pads.

    `learning` holds the ohms of bands not yet known, `baselines` the ohms of those that are,
    `recent` the last ratios in permille. `over`, `fell` and `low` are for how many holds in a row
    they were too large, far too small, and small enough for a caution. `trend` holds one point a
    second, the latest last.
    """

    learning: dict[Band, tuple[int, ...]]
    baselines: dict[Band, int]
    recent: tuple[int, ...] = ()
    over: int = 0
    fell: int = 0
    low: int = 0
    trend: tuple[ContactPoint, ...] = ()


NEW_PAD = PadBaseline({}, {})


def contact_drift(
    memory: PadBaseline, held: HeldValue, readings: Readings
) -> tuple[PadBaseline, Finding | None]:
    """Trip at +30 % over the baseline or at half of it; caution when it gets near either.

    Where the trend leads over the limit, the caution asks to derate. A held pad that was lifted
    lies elsewhere afterwards, so it begins anew.
    """
    if shows_lifted(held, readings):
        return NEW_PAD, None
    large = held.new and held.reading.set_low_ua >= CONTACT_FROM_UA
    if not large or readings.checking or is_weak(held):
        return memory, None
    ohm = contact_ohm(held)
    band = band_of(held)
    baseline = memory.baselines.get(band)
    if baseline is None:
        return _learn(memory, band, ohm), None
    recent = (*memory.recent[1 - FIRST_PHASE_HOLDS :], ohm * 1_000 // baseline)
    if len(recent) < FIRST_PHASE_HOLDS:
        return memory._replace(recent=recent), None
    permille = second_largest(recent)
    memory = memory._replace(
        recent=recent,
        over=memory.over + 1 if permille > DRIFT_PERCENT * 10 else 0,
        fell=memory.fell + 1 if permille < FELL_TRIP_PERCENT * 10 else 0,
        low=memory.low + 1 if permille < FELL_CAUTION_PERCENT * 10 else 0,
    )
    far = _far(memory, permille, held)
    if far is not None:
        return memory, far
    trend = _extend(memory.trend, ContactPoint(readings.now_us, permille))
    return memory._replace(trend=trend), _forecast(trend, held)


def _far(memory: PadBaseline, permille: int, held: HeldValue) -> Finding | None:
    """Return the finding for a contact that has been far from its baseline for long enough."""
    channel, seen = held.reading.channel, percent(permille // 10)
    if memory.over >= OVER_HOLDS:
        detail = text("trip.detail.contact", seen=seen, allowed=percent(DRIFT_PERCENT))
        return trip(TripCode.CONTACT_DRIFT, detail, channel)
    if memory.fell >= OVER_HOLDS:
        detail = text("trip.detail.contact", seen=seen, allowed=percent(FELL_TRIP_PERCENT))
        return trip(TripCode.CONTACT_FELL, detail, channel)
    if memory.low >= OVER_HOLDS:
        detail = text("caution.contact_fell", seen=seen)
        return Caution(CautionCode.CONTACT_FELL, channel, detail)
    return None


def band_of(held: HeldValue) -> Band:
    """Return the band of phase (10 µs wide) and set current (half an octave wide) of a hold."""
    return held.reading.phase_us // PHASE_BAND_US, _half_octave(held.reading.set_high_ua)


def _half_octave(value: int) -> int:
    bits = value.bit_length()
    return 2 * bits + (value >> max(bits - 2, 0) & 1)


def _learn(memory: PadBaseline, band: Band, ohm: int) -> PadBaseline:
    holds = (*memory.learning.get(band, ()), ohm)
    if len(holds) < LEARNT_HOLDS:
        return memory._replace(learning={**memory.learning, band: holds})
    learning = {known: value for known, value in memory.learning.items() if known != band}
    lower = [known for known in memory.baselines if known[0] == band[0] and known[1] < band[1]]
    baseline = max(second_largest(holds), 1)
    if lower:
        nearest = max(lower)
        most, bands = memory.baselines[nearest], band[1] - nearest[1]
        least_percent = max(100 - FALL_OF_BAND_PERCENT * bands, LEAST_OF_LOWER_PERCENT)
        baseline = min(max(baseline, most * least_percent // 100), most)
    return memory._replace(learning=learning, baselines={**memory.baselines, band: baseline})


def _extend(trend: tuple[ContactPoint, ...], point: ContactPoint) -> tuple[ContactPoint, ...]:
    if trend and point.at_us - trend[-1].at_us < TREND_STEP_US:
        return trend
    return (*trend[1 - TREND_STEPS :], point)


def _forecast(trend: tuple[ContactPoint, ...], held: HeldValue) -> Caution | None:
    first, last = trend[0], trend[-1]
    risen = last.permille - first.permille
    if len(trend) < TREND_STEPS or last.permille < FORECAST_PERCENT * 10 or risen <= 0:
        return None
    left_us = (DRIFT_PERCENT * 10 - last.permille) * (last.at_us - first.at_us) // risen
    if left_us > FORECAST_US:
        return None
    detail = text("caution.contact_rising", seen=percent(last.permille // 10))
    return Caution(CautionCode.CONTACT_FORECAST, held.reading.channel, detail, derates=True)
