"""The lines of the doctor: a name, whether it is in order, what was found, and how to mend it."""

from enum import StrEnum

import msgspec


class Status(StrEnum):
    """Whether what was looked at is in order."""

    OK = "ok"
    WARNING = "warning"
    """To be seen to; a unit may be used meanwhile."""
    WRONG = "wrong"
    """A unit cannot be relied on, or does not work, until it is mended."""
    NOT_HERE = "does not apply"
    """This machine has no such thing: no unit, no Raspberry Pi, no records."""


class Line(msgspec.Struct, frozen=True):
    """One line; `fix` says what to do about a warning or a fault, "" elsewhere."""

    name: str
    status: Status
    found: str
    fix: str = ""


def ok(name: str, found: str) -> Line:
    """Return a line about something that is in order."""
    return Line(name, Status.OK, found)


def warning(name: str, found: str, fix: str) -> Line:
    """Return a line about something to be seen to."""
    return Line(name, Status.WARNING, found, fix)


def wrong(name: str, found: str, fix: str) -> Line:
    """Return a line about a fault."""
    return Line(name, Status.WRONG, found, fix)


def not_here(name: str, why: str) -> Line:
    """Return a line about something that this machine does not have."""
    return Line(name, Status.NOT_HERE, why)
