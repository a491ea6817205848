"""When something was recorded, and what the clock has shown since. Pure.

A clock that stands behind what it has shown since the record is not trusted for it: nothing gets
younger by setting a clock back. A clock that once was ahead by mistake spoils only what was
recorded before: done again, it counts again.
"""

from typing import NamedTuple

from appliance.clinical.fact import FactTime, judged_at, newest_of


class Noted(NamedTuple):
    """The time of a record, and the newest trusted time seen since, None for none."""

    at: FactTime
    newest: FactTime | None = None

    def seen(self, time: FactTime) -> "Noted":
        """Return the record after a time that the clock has shown."""
        newest = newest_of(self.newest, time)
        return self if newest == self.newest else Noted(self.at, newest)

    def judged_at(self, now: FactTime) -> FactTime:
        """Return the time to judge this record by."""
        return judged_at(now, newest_of(self.newest, self.at))


def noted(at: FactTime) -> Noted:
    """Return a record of this moment."""
    return Noted(at).seen(at)
