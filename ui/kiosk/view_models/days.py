"""Days and times of the calendar as screens write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ui.kiosk.locale.words import date

US_PER_S = 1_000_000


def day_of(stamp: Mapping[str, Any] | None) -> str:
    """Return the day of a time of a row, "" where there is none or its clock was not trusted."""
    if not stamp or not stamp["trusted"]:
        return ""
    return day_of_us(stamp["utc_us"])


def time_of(stamp: Mapping[str, Any]) -> str:
    """Return the time of the day of a time of a row at this place, "" without a trusted clock."""
    if not stamp["trusted"]:
        return ""
    return time_of_us(stamp["utc_us"])


def time_of_us(utc_us: int) -> str:
    """Return hours and minutes of a time in µs since 1970 at this place."""
    return f"{datetime.fromtimestamp(utc_us / US_PER_S, UTC).astimezone():%H:%M}"


def day_of_us(utc_us: int | None) -> str:
    """Return the day of a time in µs since 1970, "" for None."""
    if utc_us is None:
        return ""
    day = datetime.fromtimestamp(utc_us / US_PER_S, UTC).astimezone()
    return date(f"{day:%Y-%m-%d}")
