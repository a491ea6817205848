"""Read a change between two scores: measurement error and importance, kept apart. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import read_data
from appliance.clinical.outcomes.facts import DisabilityIndex
from appliance.core.limits.limits import Region
from appliance.texts.text import Text, text


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The important and the detectable change of a measure, None where none was found."""

    source: str
    important: float | None = None
    detectable: float | None = None


class Thresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The thresholds of every measure."""

    pain: dict[Region, Threshold]
    index: dict[DisabilityIndex, Threshold]
    activity: Threshold


@lru_cache(maxsize=1)
def load_thresholds() -> Thresholds:
    """Return the thresholds; raises `ConfigError`."""
    return read_data("appliance.clinical.outcomes", "thresholds.toml", Thresholds)


class Direction(StrEnum):
    """Which way a measure went; less pain and less disability are better."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


class Reading(StrEnum):
    """How a change compares with a threshold."""

    BELOW = "below"
    REACHED = "reached"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Change:
    """A change from the first to the last score, never negative, with what can be said of it."""

    direction: Direction
    points: int
    detectable: Reading
    important: Reading

    def texts(self) -> tuple[Text, ...]:
        """Return what is said of the change: what it is, its error, its importance."""
        if self.direction is Direction.SAME:
            return (Text("change.same"),)
        is_better = self.direction is Direction.BETTER
        if self.points == 1:
            size = Text("change.one_better" if is_better else "change.one_worse")
        elif is_better:
            size = text("change.better", points=self.points)
        else:
            size = text("change.worse", points=self.points)
        return (size, Text(_DETECTABLE[self.detectable]), Text(_IMPORTANT[self.important]))


_DETECTABLE = {
    Reading.BELOW: "change.within_error",
    Reading.REACHED: "change.beyond_error",
    Reading.NOT_KNOWN: "change.error_not_known",
}
_IMPORTANT = {
    Reading.BELOW: "change.smaller_than_noticed",
    Reading.REACHED: "change.as_large_as_noticed",
    Reading.NOT_KNOWN: "change.importance_not_known",
}


def pain_change(region: Region, first: int, last: int) -> Change:
    """Return the change of pain, 0 to 10, in a region; less is better."""
    return read_change(first, last, load_thresholds().pain[region])


def index_change(index: DisabilityIndex, first: int, last: int) -> Change:
    """Return the change of a disability score; less is better."""
    return read_change(first, last, load_thresholds().index[index])


def activity_change(first: int, last: int) -> Change:
    """Return the change of an activity, 0 to 10; more is better."""
    return read_change(-first, -last, load_thresholds().activity)


def read_change(first: int, last: int, threshold: Threshold) -> Change:
    """Return a change of a measure whose lower scores are better."""
    points = abs(last - first)
    direction = Direction.SAME
    if points:
        direction = Direction.BETTER if last < first else Direction.WORSE
    return Change(
        direction,
        points,
        _compared(points, threshold.detectable),
        _compared(points, threshold.important),
    )


def _compared(points: int, threshold: float | None) -> Reading:
    if threshold is None:
        return Reading.NOT_KNOWN
    return Reading.BELOW if points < threshold else Reading.REACHED
