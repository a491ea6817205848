"""The personal range: where a patient first felt a channel, was comfortable, found it too strong.

A fold over what patients said (`MarkFelt`), for each patient, placement and channel; of each kind
of mark the newest counts. It is shown and limits nothing. Pure.
"""

from typing import NamedTuple

from appliance.clinical.placement.placement import PlacementKey


class RangeOf(NamedTuple):
    """Whose range it is, of which pads."""

    patient: str
    key: PlacementKey
    channel: int


class PersonalRange(NamedTuple):
    """The level of the newest mark of each kind, in µA; None where none was made."""

    first_felt_ua: int | None = None
    comfortable_ua: int | None = None
    too_strong_ua: int | None = None

    def after(self, felt: str, level_ua: int) -> "PersonalRange":
        """Return the range after a mark; other marks, as of pain, change nothing."""
        match felt:
            case "first_felt":
                return self._replace(first_felt_ua=level_ua)
            case "comfortable":
                return self._replace(comfortable_ua=level_ua)
            case "too_strong":
                return self._replace(too_strong_ua=level_ua)
            case _:
                return self


class PersonalRanges:
    """The ranges of all patients of a unit; whoever writes the journal is its only writer."""

    def __init__(self) -> None:
        self._ranges: dict[RangeOf, PersonalRange] = {}

    def take(self, whose: RangeOf, felt: str, level_ua: int) -> None:
        """Add a mark that has been recorded."""
        self._ranges[whose] = self.of(whose).after(felt, level_ua)

    def of(self, whose: RangeOf) -> PersonalRange:
        """Return a range; an empty one where nothing was marked."""
        return self._ranges.get(whose, PersonalRange())

    def items(self) -> tuple[tuple[RangeOf, PersonalRange], ...]:
        """Return every range with a mark, in the order of their first marks."""
        return tuple(self._ranges.items())
