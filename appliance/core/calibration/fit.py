"""The three scales of a channel from its ten points, or what speaks against them. Pure.

source    what a DAC code gives          fitted to the instrument's current
current   what the unit reads of it      fitted to the same, both phases with their sign
voltage   the same                       fitted to that current through the measured load
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from appliance.core.calibration.measured import (
    LEVELS_UA,
    LOADS_OHM,
    MEETS_PERCENT,
    Point,
    Scales,
    load_range,
    shown_range,
)
from appliance.core.calibration.scale import (
    CORRECTION_PPM,
    RESIDUAL_PPM,
    Fitted,
    Pair,
    fit_scale,
)

MAX_CODE = 4_095


class Quantity(StrEnum):
    """What a scale is of."""

    SOURCE = "source"
    CURRENT = "current"
    VOLTAGE = "voltage"


class Problem(StrEnum):
    """Why a channel is not calibrated by its points."""

    INCOMPLETE = "incomplete"
    """Not each load at each level once."""
    OUT_OF_RANGE = "out_of_range"
    """A code, a typed current or a typed resistance that cannot be."""
    ANOTHER_LOAD = "another_load"
    """Voltage over current does not fit the load."""
    PHASES = "phases"
    """The positive phase was not read as more than the negative one."""
    NO_SPREAD = "no_spread"
    """The unit read or wrote the same at every level."""
    RESIDUAL = "residual"
    """A point is more than 1 % of full scale off the scale."""
    CORRECTION = "correction"
    """The scale corrects more than 10 % of full scale."""


class Unfit(NamedTuple):
    """Why a channel is not calibrated: of which scale, at which load and level, as far as it is.

    `found_ppm` is the residual or the correction in ppm of full scale, rounded up.
    """

    problem: Problem
    quantity: Quantity | None = None
    load_ohm: int | None = None
    level_ua: int | None = None
    found_ppm: int | None = None


class ChannelFit(NamedTuple):
    """The scales of a channel, with their residuals.

    Those of `source` are in the order of the points; the others have two for each: of the positive
    phase, then of the negative one.
    """

    source: Fitted
    current: Fitted
    voltage: Fitted


def fit_channel(points: Sequence[Point], scales: Scales) -> ChannelFit | Unfit:
    """Return the scales that the points of a channel give, or the first thing against them."""
    wrong = _incomplete(points) or next(filter(None, (_wrong(p, scales) for p in points)), None)
    if wrong is not None:
        return wrong
    pairs = {
        Quantity.SOURCE: [_source_pair(point, scales) for point in points],
        Quantity.CURRENT: [pair for point in points for pair in _current_pairs(point)],
        Quantity.VOLTAGE: [pair for point in points for pair in _voltage_pairs(point)],
    }
    fitted = {}
    for quantity, full_scale in zip(Quantity, scales, strict=True):
        fit = fit_scale(pairs[quantity], up=quantity is Quantity.SOURCE)
        if fit is None:
            return Unfit(Problem.NO_SPREAD, quantity)
        unfit = _judge(fit, quantity, full_scale, points)
        if unfit is not None:
            return unfit
        fitted[quantity] = fit
    return ChannelFit(*(fitted[quantity] for quantity in Quantity))


def _judge(
    fit: Fitted, quantity: Quantity, full_scale: int, points: Sequence[Point]
) -> Unfit | None:
    """Return why a fitted scale is refused, None where it is not."""
    worst_ppm = fit.worst_ppm(full_scale)
    if worst_ppm > RESIDUAL_PPM:
        sizes = [abs(each) for each in fit.residuals]
        each = len(sizes) // len(points)
        at = points[sizes.index(max(sizes)) // each]
        found_ppm = _up(worst_ppm)
        return Unfit(Problem.RESIDUAL, quantity, at.load_ohm, at.level_ua, found_ppm)
    correction_ppm = fit.scale.correction_ppm(full_scale)
    if correction_ppm > CORRECTION_PPM:
        return Unfit(Problem.CORRECTION, quantity, found_ppm=_up(correction_ppm))
    return None


def _incomplete(points: Iterable[Point]) -> Unfit | None:
    wanted = {(load, level) for load in LOADS_OHM for level in LEVELS_UA}
    found = [(point.load_ohm, point.level_ua) for point in points]
    if len(found) == len(wanted) and set(found) == wanted:
        return None
    missing = min(wanted - set(found), default=(None, None))
    return Unfit(Problem.INCOMPLETE, None, *missing)


def _wrong(point: Point, scales: Scales) -> Unfit | None:
    """Return what is wrong with a point by itself."""
    at = (None, point.load_ohm, point.level_ua)
    lowest_ua, highest_ua = shown_range(point.level_ua, scales)
    lowest_ohm, highest_ohm = load_range(point.load_ohm)
    if not (
        0 < point.code <= MAX_CODE
        and lowest_ua <= point.shown_ua <= highest_ua
        and lowest_ohm <= point.meter_ohm <= highest_ohm
    ):
        return Unfit(Problem.OUT_OF_RANGE, *at)
    current_ua, voltage_mv = _between_phases(point)
    if current_ua <= 0 or voltage_mv <= 0:
        return Unfit(Problem.PHASES, *at)
    wanted = current_ua * point.meter_ohm
    if abs(voltage_mv * 1_000 - wanted) * 100 > wanted * MEETS_PERCENT:
        return Unfit(Problem.ANOTHER_LOAD, *at)
    return None


def _between_phases(point: Point) -> tuple[int, int]:
    """Return current and voltage from the negative to the positive phase: no offset is in them."""
    up, down = point.positive, point.negative
    return up.current_ua - down.current_ua, up.voltage_mv - down.voltage_mv


def _source_pair(point: Point, scales: Scales) -> Pair:
    return Pair(Fraction(point.code * scales.source_ua, MAX_CODE), Fraction(point.shown_ua))


def _current_pairs(point: Point) -> tuple[Pair, Pair]:
    true = Fraction(point.shown_ua)
    positive, negative = point.positive.current_ua, point.negative.current_ua
    return Pair(Fraction(positive), true), Pair(Fraction(negative), -true)


def _voltage_pairs(point: Point) -> tuple[Pair, Pair]:
    true = Fraction(point.shown_ua * point.meter_ohm, 1_000)
    positive, negative = point.positive.voltage_mv, point.negative.voltage_mv
    return Pair(Fraction(positive), true), Pair(Fraction(negative), -true)


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
