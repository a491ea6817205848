"""Taking what is said about a person out of the records, leaving the chain whole.

The body and salt of an event go; number, name, times and digest stay, and a new event keeps the
reason with a digest of each header left behind. Measurements stay: they are numbers of a session
nobody can name any more. Copies elsewhere (backups, exports) are not reached from here.
"""

from collections.abc import Iterable

from appliance.errors import ConfigError
from appliance.records import chain
from appliance.records.journal import Journal
from appliance.records.sessions import EventName
from appliance.records.store import open_read_only
from appliance.records.tail import ALL_EVENTS, read_rows

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
    nobody knows, one erased already, or an event that must stay; nothing is erased then.
    """
    wanted = sorted(set(numbers))
    journal.flush()
    with open_read_only(journal.folder) as db:
        rows = {row.number: row for row in read_rows(db.execute(ALL_EVENTS))}
    kept = {str(number): _check(number, rows.get(number)) for number in wanted}
    erasure = journal.append_erasure({"reason": reason, "kept": kept}, wanted)
    journal.flush()
    return erasure


def _check(number: int, row: chain.Row | None) -> str:
    """Return the digest of the header that stays; raises `ConfigError`."""
    if row is None:
        raise ConfigError(f"event {number} does not exist; `stimkiosk sessions show` lists them")
    if row.body is None:
        raise ConfigError(f"event {number} was erased already; leave it out")
    if row.header.name in KEPT_FOREVER:
        raise ConfigError(f"event {number} ({row.header.name}) must stay; leave it out")
    return chain.header_digest(number, row.header)
