"""Sessions of patients that ended, as their close-out is opened: now, or at the next start.

A session whose close-out the records do not have was cut off before it could be opened: by a crash,
a power cut, a full disk. The next start opens it, before anybody can be treated.
"""

from collections.abc import Container, Iterator
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from appliance.clinical.body import Side
from appliance.clinical.catalogue import find
from appliance.clinical.closing.ended_session import EndedSession, close_out_facts
from appliance.clinical.placement.placement import Depth, PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.core.limits.limits import Purpose, Region
from appliance.core.refusal import Refusal
from appliance.records.fact_rows import plain_facts
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import PatientFacts, event_name
from appliance.records.session_events import (
    ChannelDose,
    EventName,
    SessionEndFacts,
    SessionStartFacts,
)
from appliance.records.storage.store import open_read_only

_OWN = """
    SELECT name, facts ->> 'session' AS session FROM facts
    WHERE name IN ('close_out_opened', 'pad_set_used') AND facts IS NOT NULL
"""
_OF_PATIENTS = """
    SELECT session, boot, monotonic_us, facts FROM facts
    WHERE name = 'session_opened' AND facts ->> 'placement' <> '' ORDER BY number
"""
_CLOSED = "SELECT facts FROM facts WHERE name = 'session_closed' AND session = ? ORDER BY number"


class _Missing(NamedTuple):
    """A session without close-out, its kind of rig, and when it was opened: boot and time in it."""

    ended: EndedSession
    rig: str
    opened: tuple[int, int]


def ended_session(
    session: str, opened: SessionStartFacts, closed: SessionEndFacts, operator: str
) -> EndedSession | None:
    """Return a session as its close-out needs it, None on test loads and without any current.

    The last second of a session that was cut off may be missing in the records: current may have
    flowed in it, so it is closed out as well.
    """
    if opened.patient is None or not opened.placement:
        return None
    flowed = any(channel.highest_ua for channel in closed.channels)
    if not flowed and closed.cut_in_boot is None:
        return None
    return EndedSession(
        session=session,
        patient=opened.patient,
        operator=operator,
        motor=opened.prescription.get("purpose") == Purpose.MOTOR,
        region=Region(opened.region),
        cause=closed.cause,
        levels_ua={channel.channel: _last_ua(channel) for channel in closed.channels},
        placement=_placement(opened),
        pad_set=opened.pad_set,
    )


def open_missing_close_outs(journal: Journal, facts: PatientFacts, rig: str) -> None:
    """Open each close-out that an earlier boot could not, and count its pads; at engine start.

    `facts` are those on rigs of the kind `rig`, and get what is recorded here. Raises
    `JournalError`.
    """
    with open_read_only(journal.folder) as db:
        have = {(row["name"], row["session"]) for row in db.query(_OWN)}
        missing = tuple(_without_close_out(db, have))
    for ended, its_rig, opened in missing:
        here = its_rig == rig
        known = facts if here else PatientFacts.load(journal.folder, its_rig)
        file = known.files.of(ended.patient)
        if file.identity is None or opened < file.identity.registered.moment:
            continue  # erased, also where somebody was registered under this name again
        for fact in close_out_facts(ended, file.pads):
            name = event_name(fact)
            if (name, ended.session) in have:
                continue
            journal.append(name, plain_facts(fact, its_rig))
            if here:
                facts.files.take(fact, journal.newest.fact_time)
    journal.flush()


def _without_close_out(db: Database, have: Container[tuple[str, str]]) -> Iterator[_Missing]:
    """Yield the sessions of patients with current whose close-out is not open."""
    rows = db.query(_OF_PATIENTS)
    for row in [row for row in rows if (EventName.CLOSE_OUT_OPENED, row["session"]) not in have]:
        opened = msgspec.json.decode(row["facts"], type=SessionStartFacts)
        closed = next(db.query(_CLOSED, [row["session"]]), {"facts": None})["facts"]
        if closed is None:
            continue
        end = msgspec.json.decode(closed, type=SessionEndFacts)
        ended = ended_session(row["session"], opened, end, opened.operator)
        if ended is not None:
            yield _Missing(ended, opened.rig, (row["boot"], row["monotonic_us"]))


def _last_ua(channel: ChannelDose) -> int:
    """Return the last level, where it was lowered to zero the one that was kept before."""
    return channel.level_ua or channel.comfortable_ua or channel.highest_ua


def _placement(opened: SessionStartFacts) -> PlannedPlacement | None:
    """Return where the pads lay; None where this version does not know the placement any more."""
    programme = find(opened.base or opened.programme)
    if isinstance(programme, tuple) or opened.side not in set(Side):
        return None
    if opened.depth not in set(Depth):
        return None
    if opened.base:  # an own programme lies where its base would, if that is offered there or not
        own = {"name": opened.programme, "regions": (Region(opened.region),)}
        programme = msgspec.structs.replace(programme, **own)
    planned = plan_placement(
        programme,
        opened.region,
        Side(opened.side),
        placement=opened.placement,
        depth=Depth(opened.depth),
    )
    return None if isinstance(planned, Refusal) else planned
