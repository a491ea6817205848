"""The session that ended last, for the snapshot: from its closing, or from the records at start."""

from pathlib import Path

import msgspec

from appliance.control.stops.ended_because import ended_because
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import LastSession
from appliance.records.queries import list_sessions, read_facts
from appliance.records.session_events import PAUSED_TOO_LONG, RecordedOutcome, SessionEndFacts
from appliance.records.storage.store import open_read_only
from appliance.texts.text import Text


def last_session(session: str, closed: SessionEndFacts) -> LastSession:
    """Return a session that is over as screens show it."""
    because = _because(closed.cause, closed.outcome)
    return LastSession(
        session=session,
        outcome=closed.outcome.value,
        cause=closed.cause,
        because=None if because is None else view_of(because),
        layer=closed.layer or "",
        time_to_zero_us=closed.time_to_zero_us,
    )


def read_last_session(data: Path) -> LastSession | None:
    """Return the newest session of the records; an interrupted one is closed by now."""
    with open_read_only(data) as db:
        found = list_sessions(db, limit=1)
        facts = read_facts(db, found[0].closing) if found and found[0].closing else None
    if not found:
        return None
    newest = found[0]
    try:
        return last_session(newest.id, msgspec.convert(facts, SessionEndFacts))
    except msgspec.ValidationError:  # erased, or of a version that knew other words
        return LastSession(session=newest.id, outcome=newest.outcome or "erased")


def _because(cause: str, outcome: RecordedOutcome) -> Text | None:
    if outcome is RecordedOutcome.INTERRUPTED and cause != PAUSED_TOO_LONG:
        return Text("ended.interrupted")
    return ended_because(cause)
