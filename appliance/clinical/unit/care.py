"""Care of the unit: when each item is due, and from when it locks. Pure.

    never recorded          due from the first use of the unit on
    recorded                due again after its days (`care.toml`)
    from the day due on     a note, which says from when it locks
    14 days later           no patient is treated until it is done
    no clock can tell       locked where a clock that was set is required, else a note

The cleaning has no days: it is due when another patient comes than the one treated last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, NamedTuple

import msgspec

from appliance.clinical.data_file import read_data
from appliance.clinical.fact import DAY_US, FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.unit.facts import (
    CalibrationRecorded,
    LeadsInspected,
    SafetyCheckRecorded,
    UnitCleaned,
    UnitFact,
)
from appliance.clinical.unit.noted import Noted, noted
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from appliance.texts.text import Text, TextValue, text, utc_microseconds

FILE = "care.toml"
RULE = "refusal.care"
CLEANING = "cleaning"
"""The item of the cleaning, beside those of `CareItem`."""
OF_NO_BOOT = -1
"""The boot of a date that a person wrote: no monotonic clock counts from it."""
_EPOCH = date(1970, 1, 1)
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]


class CareItem(StrEnum):
    """Care that is due again after some days."""

    LEADS = "leads"
    SAFETY_CHECK = "safety_check"
    CALIBRATION = "calibration"


_ANSWERS = {
    CareItem.LEADS: "leads_inspected",
    CareItem.SAFETY_CHECK: "safety_check_recorded",
    CareItem.CALIBRATION: "calibration_recorded",
}


class CareBy(StrEnum):
    """Who may record an item."""

    ANYBODY = "anybody"
    SERVICE = "service"


class CareInterval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often an item is due, and who records it; `source` has its mark."""

    every_days: Days
    by: CareBy
    source: str


class CareIntervals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file of intervals; `lock_days` after the day due an item locks."""

    lock_days: Days
    source: str
    items: dict[CareItem, CareInterval]


@lru_cache(maxsize=1)
def load_intervals() -> CareIntervals:
    """Return the intervals of every item; raises `ConfigError`."""
    intervals = read_data("appliance.clinical.unit", FILE, CareIntervals)
    missing = set(CareItem) - intervals.items.keys()
    if missing:
        raise ConfigError(f"data file {FILE}: no interval for {min(missing)}")
    return intervals


@dataclass(frozen=True, slots=True)
class CareRecords:
    """When each item was done last, when the unit was cleaned last; None for never."""

    done: Mapping[CareItem, Noted] = field(default_factory=lambda: MappingProxyType({}))
    cleaned: FactTime | None = None

    def after(self, fact: UnitFact, at: FactTime) -> "CareRecords":
        """Return the records after a fact; one that is no care changes nothing."""
        match fact:
            case UnitCleaned():
                return CareRecords(self.done, at)
            case LeadsInspected():
                return self._with(CareItem.LEADS, noted(at))
            case SafetyCheckRecorded():
                return self._dated(CareItem.SAFETY_CHECK, fact.date, at)
            case CalibrationRecorded():
                return self._dated(CareItem.CALIBRATION, fact.date, at)
            case _:
                return self

    def seen(self, time: FactTime) -> "CareRecords":
        """Return the records after a time that the clock has shown."""
        done = {item: record.seen(time) for item, record in self.done.items()}
        return CareRecords(MappingProxyType(done), self.cleaned)

    def _with(self, item: CareItem, record: Noted) -> "CareRecords":
        return CareRecords(MappingProxyType({**self.done, item: record}), self.cleaned)

    def _dated(self, item: CareItem, written: str, at: FactTime) -> "CareRecords":
        """Take the date on a report; an older one than is known changes nothing."""
        day, known = _day_of(written), self.done.get(item)
        if day is None or (known is not None and known.at.day > day):
            return self
        dated = FactTime(day * DAY_US, day, True, OF_NO_BOOT)
        return self._with(item, Noted(dated).seen(at))


class CareStatus(StrEnum):
    """Where an item stands."""

    IN_ORDER = "in_order"
    OVERDUE = "overdue"
    LOCKED = "locked"


class CareStanding(NamedTuple):
    """Where an item stands; times are None where no calendar tells them.

    `done` is None for never. `left_us` is the time until it locks, at most; None where no clock can
    tell.
    """

    item: CareItem
    status: CareStatus
    done: FactTime | None
    due_utc_us: int | None
    locks_utc_us: int | None
    left_us: int | None

    @property
    def is_unknown(self) -> bool:
        """Return whether no clock tells where it stands."""
        return self.left_us is None and self.status is not CareStatus.IN_ORDER

    @property
    def locks(self) -> Text:
        """Return from when it locks: a date, or in how many days, where it is known."""
        if self.locks_utc_us is not None:
            return text("care.on", date=utc_microseconds(self.locks_utc_us))
        return text("care.in_days", days=max(self.left_us or 0, 0) // DAY_US)


def care_standings(
    records: CareRecords, first_use: Noted | None, now: FactTime, *, clock_required: bool
) -> tuple[CareStanding, ...]:
    """Return where every item stands; `now` as the clock shows it.

    `first_use` is the first start of the unit whose time is known, None before any.
    """
    return tuple(
        _standing(item, records.done.get(item), first_use, now, clock_required=clock_required)
        for item in CareItem
    )


def _standing(
    item: CareItem,
    done: Noted | None,
    first_use: Noted | None,
    now: FactTime,
    *,
    clock_required: bool,
) -> CareStanding:
    intervals, record = load_intervals(), done or first_use
    since = None if record is None else record.at
    due_us = intervals.items[item].every_days * DAY_US if done is not None else 0
    locks_us = due_us + intervals.lock_days * DAY_US
    age_us, known = (0, True) if record is None else _age(record.at, record.judged_at(now))
    if age_us >= locks_us or (not known and clock_required):
        status = CareStatus.LOCKED
    elif age_us >= due_us or not known:
        status = CareStatus.OVERDUE
    else:
        status = CareStatus.IN_ORDER
    from_utc_us = since.utc_us if since is not None and since.trusted else None
    return CareStanding(
        item,
        status,
        None if done is None else done.at,
        None if from_utc_us is None else from_utc_us + due_us,
        None if from_utc_us is None else from_utc_us + locks_us,
        locks_us - age_us if known or age_us >= locks_us else None,
    )


def _age(since: FactTime, now: FactTime) -> tuple[int, bool]:
    """Return the least time since then in µs, and whether a clock tells that it is not more."""
    ages = [0]
    if since.boot == now.boot:
        ages.append(now.monotonic_us - since.monotonic_us)
    if since.trusted:
        ages.append(now.utc_us - since.utc_us)
    is_dated = since.trusted and now.trusted and since.utc_us <= now.utc_us
    return max(ages), is_dated or since.boot == now.boot


def care_text(item: CareItem) -> Text:
    """Return what is to be done for an item."""
    return Text(f"care_item.{item}")


def care_note(standing: CareStanding) -> Text:
    """Return where an item stands, in one line."""
    item = care_text(standing.item)
    if standing.is_unknown:
        return text("care.unknown", item=item)
    if standing.status is CareStatus.LOCKED:
        return text("care.locked", item=item)
    if standing.done is None:
        return text("care.never", item=item, locks=standing.locks)
    if standing.status is CareStatus.OVERDUE:
        return text("care.overdue", item=item, locks=standing.locks)
    return text("care.in_order", item=item)


def judge_care(standings: tuple[CareStanding, ...]) -> tuple[Finding, ...]:
    """Return what locks, then a note for each item that is overdue."""
    locked = [each for each in standings if each.status is CareStatus.LOCKED]
    overdue = [each for each in standings if each.status is CareStatus.OVERDUE]
    return (
        *(_finding(Consequence.STOP, standing) for standing in locked),
        *(_finding(Consequence.NOTE, standing) for standing in overdue),
    )


def _finding(consequence: Consequence, standing: CareStanding) -> Finding:
    days = load_intervals().items[standing.item].every_days
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=standing.item,
        found=care_note(standing),
        allowed=text("care.every", days=days),
        nearest=text("set_the_clock") if standing.is_unknown else Text(f"care_do.{standing.item}"),
        since=standing.done,
        answered_by=_ANSWERS[standing.item],
    )


class Treated(NamedTuple):
    """The patient treated last, and when that session ended."""

    patient: str
    ended: FactTime


def judge_cleaning(
    records: CareRecords, treated: Treated | None, patient: str
) -> tuple[Finding, ...]:
    """Return what is missing before a patient: the unit is cleaned after another one.

    Boot and monotonic clock put both in order, whatever the time of day says.
    """
    if treated is None or treated.patient == patient:
        return ()
    cleaned, ended = records.cleaned, treated.ended
    if cleaned is not None and _order(cleaned) >= _order(ended):
        return ()
    finding = Finding(
        consequence=Consequence.ASK,
        rule=RULE,
        item=CLEANING,
        found=text("care.not_cleaned"),
        allowed=text("care.between_patients"),
        nearest=text("care_do.cleaning"),
        since=cleaned,
        answered_by="unit_cleaned",
    )
    return (finding,)


def _order(at: FactTime) -> tuple[int, int]:
    return at.boot, at.monotonic_us


def refuse_dated(written: str, number: str, now: FactTime) -> Refusal | None:
    """Refuse a date that is none or still to come, and a report or certificate without a number.

    `now` as the clock shows it. Without one that is set nobody knows whether a day is past.
    """
    day = _day_of(written)
    nearest: TextValue = text("set_the_clock")
    if day is None:
        return Refusal(RULE, text("care.no_date"), text("care.date"), text("care.date_nearest"))
    if not now.trusted or day > now.day:
        asked, allowed = text("care.later"), text("care.past")
        return Refusal(RULE, asked, allowed, text("care.date_nearest") if now.trusted else nearest)
    if not says_something(number):
        return Refusal(RULE, text("care.no_number"), text("care.number"), text("care.number_do"))
    return None


def _day_of(written: str) -> int | None:
    """Return the day of a date counted from 1970, None for what is no date as YYYY-MM-DD."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return (day - _EPOCH).days if day.isoformat() == written and day >= _EPOCH else None


def day_text(day: int) -> str:
    """Return a day counted from 1970 as YYYY-MM-DD, "" for one that no calendar has."""
    try:
        return (_EPOCH + timedelta(days=day)).isoformat()
    except OverflowError:
        return ""
