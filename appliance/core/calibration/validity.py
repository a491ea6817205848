"""Whether a unit's certificate counts today. Pure.

    the day of the certificate        valid
    30 days before 12 months          ending: a note
    12 months later                   expired: a note, which says from when it locks
    30 days after that                locked: no patient is treated
    of another unit, rig, board file  not calibrated, whatever the day

A clock that is not set, or stands before the day of the certificate, tells no day.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from appliance.core.calibration.certificate import Certificate

WARN_DAYS = 30
"""Before the end. (D)"""
LOCK_DAYS = 30
"""After the end. (D)"""
_EPOCH = date(1970, 1, 1)


class CalibrationStatus(StrEnum):
    """Where the calibration of a unit stands."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"
    LOCKED = "locked"
    UNKNOWN = "unknown"
    """No clock tells."""
    NONE = "none"
    """No certificate, or a damaged one."""
    FOREIGN = "foreign"
    """The certificate is of another unit, or of another kind of rig."""
    BOARD_CHANGED = "board_changed"
    """The board file, or the number of its channels, is not that of the certificate."""


_USED = frozenset({CalibrationStatus.VALID, CalibrationStatus.ENDING, CalibrationStatus.EXPIRED})


class ThisUnit(NamedTuple):
    """The unit as it is now: its name, its kind of rig, its board file and channels."""

    device: str
    rig: str
    board_digest: str
    channels: int


class CalibrationStanding(NamedTuple):
    """Where the calibration stands; the days, counted from 1970, are None without a certificate.

    `ends` is the first day on which it is expired, `locks` the first on which it is locked.
    """

    status: CalibrationStatus
    ends: int | None = None
    locks: int | None = None

    @property
    def counts(self) -> bool:
        """Return whether patients may be treated with these scales, where that is required."""
        return self.status in _USED


def ends_on(day: int) -> int:
    """Return the day 12 months later; of 29 February the 28th."""
    since = _EPOCH + timedelta(days=day)
    last = (since.month, since.day) == (2, 29)
    return (since.replace(year=since.year + 1, day=28 if last else since.day) - _EPOCH).days


def calibration_standing(
    certificate: Certificate | None, unit: ThisUnit, today: int | None
) -> CalibrationStanding:
    """Return where the calibration stands; `today` counts from 1970, None while no clock tells."""
    if certificate is None:
        return CalibrationStanding(CalibrationStatus.NONE)
    ends = ends_on(certificate.day)
    return CalibrationStanding(_status(certificate, unit, today, ends), ends, ends + LOCK_DAYS)


def _status(
    certificate: Certificate, unit: ThisUnit, today: int | None, ends: int
) -> CalibrationStatus:
    if (certificate.device, certificate.rig) != (unit.device, unit.rig):
        return CalibrationStatus.FOREIGN
    board = (certificate.board_digest, len(certificate.channels))
    if board != (unit.board_digest, unit.channels):
        return CalibrationStatus.BOARD_CHANGED
    if today is None or today < certificate.day:
        return CalibrationStatus.UNKNOWN
    if today >= ends + LOCK_DAYS:
        return CalibrationStatus.LOCKED
    if today >= ends:
        return CalibrationStatus.EXPIRED
    return CalibrationStatus.ENDING if today >= ends - WARN_DAYS else CalibrationStatus.VALID
