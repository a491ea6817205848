"""A scale of a channel, fitted by least squares, and how far it is from the board file's. Pure.

    true value = nominal value x gain + offset

as `appliance/core/plan/dac_codes.py` and `drivers/spi/sense_input.py` convert. The nominal value is
what the full scales of the board file alone give. All arithmetic is exact.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import msgspec

from drivers.quantities import PPM

RESIDUAL_PPM = 10_000
"""1 % of full scale: a value further from its line is no noise. (D)"""
CORRECTION_PPM = 100_000
"""10 %: a board that far off is broken, not uncalibrated. (D)"""

_HALF = Fraction(1, 2)
_NONE = Fraction()


class Pair(NamedTuple):
    """A nominal value and the true one, both in µA or both in mV, with their sign."""

    nominal: Fraction
    true: Fraction


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Gain in parts per million, and offset in the unit of the values (µA or mV)."""

    gain_ppm: int
    offset: int

    def of(self, nominal: Fraction) -> Fraction:
        """Return the true value of a nominal one."""
        return nominal * self.gain_ppm / PPM + self.offset

    def correction_ppm(self, full_scale: int) -> Fraction:
        """Return the largest correction from minus to plus full scale, in ppm of full scale."""
        return abs(self.gain_ppm - PPM) + Fraction(abs(self.offset) * PPM, full_scale)


class Fitted(NamedTuple):
    """A scale with the residual of each pair: true minus what the scale makes of it, exact."""

    scale: Scale
    residuals: tuple[Fraction, ...]

    def worst_ppm(self, full_scale: int) -> Fraction:
        """Return the largest residual in ppm of full scale."""
        return max(abs(each) for each in self.residuals) * PPM / full_scale


def fit_scale(pairs: Sequence[Pair], *, up: bool = False) -> Fitted | None:
    """Return the scale with the least squares; None where the nominal values are all the same.

    `up` rounds gain and offset up, for a source: its codes are then never higher for rounding.
    """
    count = len(pairs)
    nominal = sum((pair.nominal for pair in pairs), _NONE) / max(count, 1)
    true = sum((pair.true for pair in pairs), _NONE) / max(count, 1)
    spread = sum(((pair.nominal - nominal) ** 2 for pair in pairs), _NONE)
    if not spread:
        return None
    both = sum(((pair.nominal - nominal) * (pair.true - true) for pair in pairs), _NONE)
    gain = both / spread
    whole = ceil if up else _nearest
    scale = Scale(whole(gain * PPM), whole(true - gain * nominal))
    return Fitted(scale, tuple(pair.true - scale.of(pair.nominal) for pair in pairs))


def _nearest(value: Fraction) -> int:
    return floor(value + _HALF)
