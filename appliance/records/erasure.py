"""Taking what is said about a person out of the records, leaving the chain whole.

The body and salt of an event go; number, name, times and digest stay, and a new event keeps the
reason with a digest of each header left behind. Measurements stay: they are numbers of a session
nobody can name any more. An incident repeats what its session said, so it goes with the first event
erased of that session: its event, and its file. Copies elsewhere (backups, exports) are not reached
from here.
"""

from collections.abc import Iterable

from appliance.core.readable_text import refuse_reason
from appliance.errors import ConfigError
from appliance.records.incidents.audit import list_incidents
from appliance.records.incidents.store import IncidentFolder
from appliance.records.journal import chain
from appliance.records.journal.chain_tail import ALL_EVENTS, read_rows
from appliance.records.journal.journal import Journal
from appliance.records.sessions import EventName
from appliance.records.storage.store import open_read_only
from appliance.texts.english import english

KEPT_FOREVER = frozenset(
    {
        EventName.GENESIS,
        EventName.BOOT,
        EventName.SHUTDOWN,
        EventName.MEASUREMENTS_SEALED,
        EventName.RECORDS_LOST,
        EventName.ERASED,
    }
)
"""They speak of the device, and the proof of everything else stands on them."""


def erase(journal: Journal, numbers: Iterable[int], reason: str) -> int:
    """Erase the bodies of these events; return the number of the event that says so.

    Done once this returns, in the log of the database too. Raises `ConfigError` for a number
    nobody knows, one erased already, an event that must stay, or a reason that says nothing;
    nothing is erased then. Raises `JournalError` where an incident's file cannot be taken away.
    """
    refusal = refuse_reason(reason)
    if refusal is not None:
        raise ConfigError(english(refusal.text()))
    journal.flush()
    with open_read_only(journal.folder) as db:
        rows = {row.number: row for row in read_rows(db.execute(ALL_EVENTS))}
        incidents = list_incidents(db)
    wanted = set(numbers)
    sessions = {rows[number].header.session for number in wanted if number in rows} - {None}
    going = [each for each in incidents if each.number in wanted or each.session in sessions]
    wanted |= {each.number for each in going}
    kept = {str(number): _check(number, rows.get(number)) for number in sorted(wanted)}
    facts: dict[str, object] = {"reason": reason, "kept": kept}
    if going:
        facts["capsules"] = [each.file for each in going]
    erasure = journal.append_erasure(facts, sorted(wanted))
    journal.flush()
    # The journal first: should the power go now, the next start takes the files away.
    IncidentFolder(journal.folder).erase([each.file for each in going])
    return erasure


def _check(number: int, row: chain.ChainRow | None) -> str:
    """Return the digest of the header that stays; raises `ConfigError`."""
    if row is None:
        raise ConfigError(f"event {number} does not exist; `stimkiosk sessions show` lists them")
    if row.body is None:
        raise ConfigError(f"event {number} was erased already; leave it out")
    if row.header.name in KEPT_FOREVER:
        raise ConfigError(f"event {number} ({row.header.name}) must stay; leave it out")
    return chain.header_digest(number, row.header)
