"""The course of one session in a few hundred points, added up by the database."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

MOST_POINTS = 300
"""Of a channel; a screen has fewer columns of pixels (D)."""
LEAST_STEP_US = 1_000_000
"""Each channel is measured once a second."""
_LENGTH = "SELECT max(elapsed_us) FROM measurements WHERE session = ?"
# Added up by SQLite, outside of the interpreter that the control loop shares.
_POINTS = """
    SELECT channel, elapsed_us / ? AS step, max(level_ua) AS set_ua,
        max(measured_ua) AS measured_ua, CAST(round(avg(contact_ohm)) AS INTEGER) AS contact_ohm
    FROM measurements WHERE session = ? GROUP BY channel, step ORDER BY channel, step
"""
_STOPS = """
    SELECT sum(name = 'trip') AS trips,
        sum(name = 'state_changed' AND facts ->> 'now' = 'Paused') AS pauses
    FROM facts WHERE session = ? AND name IN ('trip', 'state_changed')
"""

_HARM = """
    SELECT number, facts, utc_us, clock_trusted FROM facts
    WHERE session = ? AND name = 'felt' AND facts IS NOT NULL ORDER BY number
"""
# A mark in the trip that ended a session comes after its end, and names no session.
_HARM_IN_TRIP = """
    SELECT mark.number, mark.facts, mark.utc_us, mark.clock_trusted
    FROM sessions AS given JOIN facts AS mark ON mark.number > given.closing
    WHERE given.id = ? AND given.outcome = 'tripped' AND mark.name = 'felt'
        AND mark.session IS NULL AND mark.facts IS NOT NULL
        AND mark.boot = (SELECT boot FROM events WHERE number = given.closing)
        AND NOT EXISTS (SELECT 1 FROM events AS later
            WHERE later.number > given.closing AND later.number < mark.number
            AND later.name IN ('acknowledged', 'session_opened'))
    ORDER BY mark.number
"""
# What was set and measured just before the output ended the last time before a mark.
_BEFORE = """
    SELECT ending.facts AS facts FROM facts AS ending
    WHERE ending.name = 'stop' AND ending.facts IS NOT NULL AND ending.number < :mark
        AND ending.number > (SELECT opening FROM sessions WHERE id = :session)
    ORDER BY ending.number DESC LIMIT 1
"""
HARM = ("pain", "burning", "faintness")
"""Marks that say that something hurt or went wrong."""


class ChannelSeries(msgspec.Struct, frozen=True):
    """One channel over treatment time: point n is about `step_us` from n x `step_us` on.

    In µA the highest set and measured current, in Ω the mean contact; None where nothing was
    measured.
    """

    channel: int
    step_us: int
    set_ua: tuple[int | None, ...]
    measured_ua: tuple[int | None, ...]
    contact_ohm: tuple[int | None, ...]


class Stops(msgspec.Struct, frozen=True):
    """How often a session stood still."""

    pauses: int
    trips: int


class LevelBefore(msgspec.Struct, frozen=True):
    """What was set on a channel just before the output ended, and measured last; None: nothing."""

    level_ua: int
    measured_ua: int | None


class Harm(msgspec.Struct, frozen=True):
    """Pain, burning or faintness that a patient told.

    `level_ua` and `measured_ua` are of that moment, 0 and None once the output was off; `before` is
    what was there until then, None where the output was on or had not been.
    """

    channel: int
    felt: str
    level_ua: int
    measured_ua: int | None
    before: LevelBefore | None
    utc_us: int
    trusted: bool


def read_series(db: Database, session: str) -> tuple[ChannelSeries, ...]:
    """Return what was measured of each channel of a session; () where nothing was."""
    length_us = db.execute(_LENGTH, [session]).fetchone()[0]
    if length_us is None:
        return ()
    step_us = max(LEAST_STEP_US, length_us // MOST_POINTS + 1)
    count = length_us // step_us + 1
    found: dict[int, list[tuple[int | None, int | None, int | None]]] = {}
    for row in db.query(_POINTS, [step_us, session]):
        points = found.setdefault(row["channel"], [(None, None, None)] * count)
        points[row["step"]] = (row["set_ua"], row["measured_ua"], row["contact_ohm"])
    return tuple(
        ChannelSeries(channel, step_us, *map(tuple, zip(*points, strict=True)))
        for channel, points in found.items()
    )


def read_stops(db: Database, session: str) -> Stops:
    """Return how often a session was paused and how often it tripped."""
    trips, pauses = db.execute(_STOPS, [session]).fetchone()
    return Stops(pauses=pauses or 0, trips=trips or 0)


def read_harm(db: Database, session: str) -> tuple[Harm, ...]:
    """Return what a patient told in a session, and in the trip that ended it, in order."""
    rows = (row for query in (_HARM, _HARM_IN_TRIP) for row in db.query(query, [session]))
    return tuple(each for row in rows for each in _harm(db, session, row))


def _harm(db: Database, session: str, row: dict[str, Any]) -> Iterator[Harm]:
    mark = msgspec.json.decode(row["facts"])
    if mark["felt"] in HARM:
        channel, level_ua = mark["channel"], mark["level_ua"]
        yield Harm(
            channel=channel,
            felt=mark["felt"],
            level_ua=level_ua,
            measured_ua=mark.get("measured_ua") if level_ua else None,
            before=None if level_ua else _before(db, session, row["number"], channel),
            utc_us=row["utc_us"],
            trusted=bool(row["clock_trusted"]),
        )


def _before(db: Database, session: str, mark: int, channel: int) -> LevelBefore | None:
    for row in db.query(_BEFORE, {"mark": mark, "session": session}):
        for last in msgspec.json.decode(row["facts"])["channels"]:
            if last["channel"] == channel:
                return LevelBefore(last["level_ua"], last["measured_ua"])
    return None
