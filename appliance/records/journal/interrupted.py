"""Closes the sessions that earlier boots left open, with the last values known of each."""

from collections.abc import Mapping

from sqlite_utils import Database

from appliance.records.journal.journal import Journal
from appliance.records.session_events import (
    ChannelDose,
    EventName,
    RecordedOutcome,
    SessionEndFacts,
)
from appliance.records.storage.store import open_read_only


def close_interrupted(journal: Journal) -> tuple[str, ...]:
    """Close sessions that earlier boots left open, and return their ids; once at engine start.

    Raises `JournalError` if the records cannot be read or written.
    """
    journal.flush()
    with open_read_only(journal.folder) as db:
        open_sessions = list(
            db.query(
                "SELECT id, boot FROM sessions WHERE closing IS NULL AND boot < ? ORDER BY opening",
                [journal.boot],
            )
        )
        closings = [(row["id"], _last_known(db, row["id"], row["boot"])) for row in open_sessions]
    for session, closing in closings:
        journal.append(EventName.SESSION_CLOSED, closing.facts(), session)
    if closings:
        facts = {"sessions": [session for session, _ in closings]}
        journal.append(EventName.RECOVERED, facts)
        journal.flush()
    return tuple(session for session, _ in closings)


def _last_known(db: Database, session: str, boot: int) -> SessionEndFacts:
    """Return the closing facts of an interrupted session, from its last recorded values."""
    rows = db.query(
        "SELECT * FROM measurements WHERE number IN (SELECT max(number) FROM measurements "
        "WHERE session = ? GROUP BY channel) ORDER BY channel",
        [session],
    )
    measured = {row["channel"]: row for row in rows}
    levels: dict[int, list[int]] = {}
    changes = db.query(
        "SELECT channel, to_ua FROM level_changes WHERE session = ? ORDER BY number", [session]
    )
    for change in changes:
        levels.setdefault(change["channel"], []).append(change["to_ua"])
    channels = sorted({*measured, *levels})
    return SessionEndFacts(
        outcome=RecordedOutcome.INTERRUPTED,
        cause="its engine, power or disk went away",
        elapsed_us=max((row["elapsed_us"] for row in measured.values()), default=0),
        slices=max((row["slice_number"] for row in measured.values()), default=0),
        channels=tuple(_last_dose(n, measured.get(n, {}), levels.get(n, [])) for n in channels),
        cut_in_boot=boot,
    )


def _last_dose(channel: int, measured: Mapping[str, int], levels: list[int]) -> ChannelDose:
    """Return the dose of a channel at its last measurement; the level may be more recent."""
    all_levels = [*levels, measured.get("level_ua", 0)]
    return ChannelDose(
        channel=channel,
        level_ua=levels[-1] if levels else all_levels[-1],
        highest_ua=max(all_levels),
        pulses=measured.get("pulses", 0),
        charge_pc=measured.get("charge_pc", 0),
        rms_ua=measured.get("rms_ua", 0),
        measured_ua=measured.get("measured_ua"),
        contact_ohm=measured.get("contact_ohm"),
    )
