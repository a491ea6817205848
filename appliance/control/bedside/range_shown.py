"""The personal range of whoever is treated, for screens: kept up to date mark by mark."""

from appliance.clinical.placement.personal_range import PersonalRange, PersonalRanges, RangeOf
from appliance.clinical.placement.placement import PlacementKey
from appliance.control.bedside.rules import AskedStep
from appliance.control.engine_state import EngineState, RangeState
from appliance.core.refusal import Refusal


class RangeShown:
    """Shows the range of each channel of the treatment; the only writer of its part."""

    def __init__(self, engine: EngineState, ranges: PersonalRanges) -> None:
        self._engine = engine
        self._write = engine.claim(RangeState)
        self._ranges = ranges

    def attend(self) -> None:
        """Follow the treatment and what was marked in it."""
        treatment = self._engine.setup.treatment
        shown: dict[int, PersonalRange] = {}
        for channel in () if treatment is None else treatment.levels:
            whose = self._whose(channel)
            known = PersonalRange() if whose is None else self._ranges.of(whose)
            if known != PersonalRange():
                shown[channel] = known
        if shown != self._engine.ranges.by_channel:
            self._write(RangeState(shown))

    def refuse(self, asked: AskedStep) -> Refusal | None:  # noqa: ARG002 - it is shown only
        """Refuse nothing."""
        return None

    def take(self, channel: int, felt: str, level_ua: int) -> None:
        """Add a mark of the treatment that was recorded."""
        whose = self._whose(channel)
        if whose is not None:
            self._ranges.take(whose, felt, level_ua)

    def _whose(self, channel: int) -> RangeOf | None:
        key, treatment = self._key(), self._engine.setup.treatment
        if key is None or treatment is None or treatment.patient is None:
            return None
        return RangeOf(treatment.patient, key, channel)

    def _key(self) -> PlacementKey | None:
        treatment = self._engine.setup.treatment
        wanted = None if treatment is None else treatment.wanted
        return None if wanted is None or wanted.placement is None else wanted.placement.key
