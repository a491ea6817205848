"""Facts, when they were recorded, and how long one stays valid. Pure.

A fact is one clinical decision or observation. It becomes one event of the journal and is never
changed. A patient's file is a fold over the facts in their order.

A calendar counts only where its clock is trusted, at the fact and now. Without that a fact is
valid only within the same boot, where the monotonic clock tells its age. A clock behind the newest
trusted fact is not trusted (`judged_at`): no fact becomes valid again by setting a clock back.
"""

from typing import NamedTuple

import msgspec

from drivers.quantities import US_PER_S

DAY_US = 86_400 * US_PER_S


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about one patient.

    `patient` is a pseudonym of the records, `operator` who says so. `simulated` marks a fact that a
    demonstration entered; nobody was asked. A `session` of a fact is the id that records and
    snapshots have, BOOT-COUNT, unique in a data folder.
    """

    patient: str
    operator: str
    simulated: bool


class FactTime(NamedTuple):
    """When a fact was recorded, or the time now: the stamps of an event.

    `utc_us` and the unit's local calendar `day` (counted from 1970) mean something only where
    `trusted`; `monotonic_us` orders and measures within one `boot`.
    """

    utc_us: int
    day: int
    trusted: bool
    boot: int
    monotonic_us: int = 0

    @property
    def moment(self) -> tuple[int, int]:
        """Return boot and time in it: what was later, whatever the calendar says."""
        return self.boot, self.monotonic_us


def session_order(session: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts session ids by boot and count, however many digits they have."""
    return tuple((len(part), part) for part in session.split("-"))


def newest_of(first: FactTime | None, second: FactTime) -> FactTime | None:
    """Return the later of two times whose clocks are trusted, None if neither is."""
    trusted = [time for time in (first, second) if time is not None and time.trusted]
    return max(trusted, key=lambda time: time.utc_us, default=None)


def judged_at(now: FactTime, newest: FactTime | None) -> FactTime:
    """Return the time to judge by, where `newest` is the newest trusted time of any fact.

    A clock behind it is not trusted. A clock that is not trusted gets the time of `newest`, as the
    earliest time it can be.
    """
    if now.trusted and (newest is None or now.utc_us >= newest.utc_us):
        return now
    if newest is None:
        return now._replace(trusted=False, utc_us=0, day=0)
    return now._replace(trusted=False, utc_us=newest.utc_us, day=newest.day)


def within(then: FactTime, now: FactTime, days: int) -> bool:
    """Return whether less than `days` x 24 h have passed; `now` as of `judged_at`."""
    if not _is_age_below(then, now, days * DAY_US):
        return False
    return _is_dated(then, now) or then.boot == now.boot


def same_day(then: FactTime, now: FactTime) -> bool:
    """Return whether a fact is of today, or of this boot where no calendar counts.

    `now` as of `judged_at`. Without a calendar it may be at most 24 h old.
    """
    if not _is_age_below(then, now, DAY_US) or (then.trusted and then.day < now.day):
        return False
    return then.day == now.day if _is_dated(then, now) else then.boot == now.boot


def elapsed_us(then: FactTime, now: FactTime) -> int | None:
    """Return the time since a fact in µs, None if no clock can tell; `now` as of `judged_at`."""
    if then.boot == now.boot:
        return max(now.monotonic_us - then.monotonic_us, 0)
    if _is_dated(then, now):
        return max(now.utc_us - then.utc_us, 0)
    return None


def _is_dated(then: FactTime, now: FactTime) -> bool:
    return then.trusted and now.trusted and then.utc_us <= now.utc_us


def _is_age_below(then: FactTime, now: FactTime, limit_us: int) -> bool:
    """Return whether no clock shows that a fact is as old as `limit_us`."""
    if then.trusted and now.utc_us - then.utc_us >= limit_us:
        return False
    return then.boot != now.boot or 0 <= now.monotonic_us - then.monotonic_us < limit_us
