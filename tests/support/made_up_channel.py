"""A made-up channel with errors of its own, and the ten points that a person measures of it."""

import random
from dataclasses import dataclass

from appliance.core.calibration.measured import Held, Point, Scales

SCALES = Scales(120_000, 120_000, 150_000)
LOADS = (500, 1_000)
LEVELS = (10_000, 25_000, 50_000, 75_000, 100_000)


@dataclass(frozen=True)
class MadeUpChannel:
    """Errors of source and readings, as gains and offsets; `noise` is a part of full scale."""

    source: tuple[float, float] = (1.0, 0.0)
    current: tuple[float, float] = (1.0, 0.0)
    voltage: tuple[float, float] = (1.0, 0.0)
    noise: float = 0.0
    load_error: float = 0.0
    """How far the resistor that is connected is from the one that was measured, as a part of it."""
    seed: int = 1

    def points(self) -> tuple[Point, ...]:
        """Return the points in the order of loads and levels."""
        draw = random.Random(self.seed)
        return tuple(self._point(load, level, draw) for load in LOADS for level in LEVELS)

    def true_ua(self, code: int) -> float:
        """Return what really flows at a code."""
        gain, offset_ua = self.source
        return code * 120_000 / 4_095 * gain + offset_ua

    def _point(self, load: int, level: int, draw: random.Random) -> Point:
        code = level * 4_095 // 120_000
        true_ua = self.true_ua(code)
        true_mv = true_ua * load * (1 + self.load_error) / 1_000

        def held(sign: int) -> Held:
            current = self._read(sign * true_ua, self.current, 120_000, draw)
            return Held(current, self._read(sign * true_mv, self.voltage, 150_000, draw))

        shown_ua = round(true_ua + self._off(120_000, draw))
        return Point(load, load, level, code, held(1), held(-1), shown_ua)

    def _read(
        self, true: float, scale: tuple[float, float], full_scale: int, draw: random.Random
    ) -> int:
        """Return the nominal reading of a true value: the inverse of the scale that is sought."""
        gain, offset = scale
        return round((true - offset) / gain + self._off(full_scale, draw))

    def _off(self, full_scale: int, draw: random.Random) -> float:
        return draw.uniform(-1, 1) * self.noise * full_scale
