"""What is measured to calibrate a channel: ten points, and the checks of what a person types.

Two loads at five levels each. At each point the unit keeps what it wrote and read, and a person
types what the instrument in series with the load shows, twice.
"""

from enum import StrEnum
from typing import NamedTuple

import msgspec

LOADS_OHM = (500, 1_000)
"""(D)"""
LEVELS_UA = (10_000, 25_000, 50_000, 75_000, 100_000)
"""Five, up to the peak phase current (docs/design.md section 7); 100 V at 1 kΩ. (D)"""
LOAD_PERCENT = 5
"""How far a resistor may be from its nominal value, as its meter shows it. (D)"""
MEETS_PERCENT = 25
"""How far voltage over current may be from the load: both scales may be 10 % off. (D)"""
TYPED_PERCENT = 11
"""Of full scale: the largest correction and the largest residual together. (D)"""
AGREES_PER_MILLE = 5
"""Of full scale: how far two readings of the same current may be apart. (D)"""


class Scales(NamedTuple):
    """Full scales of a board file: current of the highest DAC code (µA), of the ADC (µA, mV)."""

    source_ua: int
    sense_ua: int
    sense_mv: int


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Current (µA) and voltage (mV) held at the end of a phase, on the nominal scale, signed."""

    current_ua: int
    voltage_mv: int


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One level through one load.

    `load_ohm` is its nominal value and `meter_ohm` the one measured, in Ω; `level_ua` what was set
    and `code` what was written; `shown_ua` what the instrument showed. A level is as large in both
    phases.
    """

    load_ohm: int
    meter_ohm: int
    level_ua: int
    code: int
    positive: Held
    negative: Held
    shown_ua: int


class TypedWrong(StrEnum):
    """What is wrong with a typed value."""

    OUT_OF_RANGE = "out_of_range"
    """Beyond what a correction could bring in line: a slip, or another unit (mA for µA)."""
    DIFFERS = "differs"
    """The two readings are too far apart."""


def shown_range(level_ua: int, scales: Scales) -> tuple[int, int]:
    """Return the lowest and the highest current in µA that may be typed at a level."""
    apart_ua = scales.source_ua * TYPED_PERCENT // 100
    return max(level_ua - apart_ua, 1), level_ua + apart_ua


def load_range(load_ohm: int) -> tuple[int, int]:
    """Return the lowest and the highest resistance in Ω that may be typed for a load."""
    apart_ohm = load_ohm * LOAD_PERCENT // 100
    return load_ohm - apart_ohm, load_ohm + apart_ohm


def shown(first_ua: int, again_ua: int, level_ua: int, scales: Scales) -> int | TypedWrong:
    """Return the current in µA that two readings of an instrument give, their mean rounded up."""
    lowest_ua, highest_ua = shown_range(level_ua, scales)
    if not all(lowest_ua <= each <= highest_ua for each in (first_ua, again_ua)):
        return TypedWrong.OUT_OF_RANGE
    if abs(first_ua - again_ua) * 1_000 > scales.source_ua * AGREES_PER_MILLE:
        return TypedWrong.DIFFERS
    return -(-(first_ua + again_ua) // 2)
