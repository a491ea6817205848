"""The load between two pads: a series resistance and a parallel R-C, for both pads and the tissue.

The numbers are engineering values, not measurements (reference clinical.md 4.2, marked D there). A
load is linear within a pulse; its values depend on the pulse's amplitude, because the resistance of
skin falls with current (clinical.md 4.1).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from drivers.virtual.output_stage.decay import Decay, decay_behind


class Load:
    """Series resistance, then resistance and capacitance in parallel (ohm, farad)."""

    __slots__ = ("_decays", "parallel_f", "parallel_ohm", "series_ohm", "tau_s")

    def __init__(self, series_ohm: float, parallel_ohm: float, parallel_nf: float) -> None:
        self.series_ohm = series_ohm
        self.parallel_ohm = parallel_ohm
        self.parallel_f = parallel_nf * 1e-9
        self.tau_s = self.parallel_ohm * self.parallel_f
        self._decays: dict[float, Decay] = {}

    def behind(self, source_ohm: float) -> Decay:
        """Return how load and DC block settle behind a source resistance."""
        decay = self._decays.get(source_ohm)
        if decay is None:
            decay = decay_behind(source_ohm + self.series_ohm, self.parallel_ohm, self.parallel_f)
            self._decays[source_ohm] = decay
        return decay


class Rc(NamedTuple):
    """One row of clinical.md 4.2: ohm, ohm, nanofarad."""

    series_ohm: float
    parallel_ohm: float
    parallel_nf: float


GOOD_MOTOR = Rc(200.0, 1_000.0, 200.0)
GOOD_LOW = Rc(200.0, 3_000.0, 150.0)
DRY = Rc(400.0, 5_000.0, 80.0)
HALF_LIFTED = Rc(350.0, 2_000.0, 100.0)
# "> 50 kΩ, ~1 nF": only leads and cable; the parallel resistance is their insulation.
LEAD_OFF = Rc(60_000.0, 10_000_000.0, 1.0)
# "< 50 Ω". The parallel pair is too small to matter: 1 mΩ with 1 nF settles in a picosecond.
NEARLY_NOTHING_OHM = 1e-3
SHORT = Rc(20.0, NEARLY_NOTHING_OHM, 1.0)

LOW_UA = 2_000.0
"""Up to this current: the row for test currents (a contact check uses up to 2 mA)."""
MOTOR_UA = 20_000.0
"""From this current: the row for motor currents. In between, interpolate by the logarithm of the
current."""


@dataclass(frozen=True, slots=True)
class SkinContact:
    """The state of a pair of pads.

    `kind` is good, half-lifted, lead-off, short or resistor; `dryness` is 0 (fresh) to 1 (dry) and
    is ignored by the last three; `resistor_ohm` is that of a resistor used as load.
    """

    kind: str = "good"
    dryness: float = 0.0
    resistor_ohm: float = 0.0


def load_of(contact: SkinContact, amplitude_ua: float) -> Load:
    """Return the load for a pulse of this amplitude."""
    if contact.kind == "resistor":
        return Load(contact.resistor_ohm, NEARLY_NOTHING_OHM, 1.0)
    fixed = {"lead-off": LEAD_OFF, "short": SHORT}.get(contact.kind)
    if fixed is not None:
        return Load(*fixed)
    base = HALF_LIFTED if contact.kind == "half-lifted" else _good(amplitude_ua)
    return Load(*_between(base, DRY, min(max(contact.dryness, 0.0), 1.0)))


def _good(amplitude_ua: float) -> Rc:
    if amplitude_ua <= LOW_UA:
        return GOOD_LOW
    if amplitude_ua >= MOTOR_UA:
        return GOOD_MOTOR
    share = math.log(amplitude_ua / LOW_UA) / math.log(MOTOR_UA / LOW_UA)
    return _between(GOOD_LOW, GOOD_MOTOR, share)


def _between(first: Rc, second: Rc, share: float) -> Rc:
    if share <= 0.0:
        return first
    if share >= 1.0:
        return second
    return Rc(*(a * (b / a) ** share for a, b in zip(first, second, strict=True)))
