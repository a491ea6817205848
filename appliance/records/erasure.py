"""Erases what the records say about a person and keeps the chain whole.

Body and salt of an event are erased; number, name, times and digest stay, and a new event keeps the
reason with a digest of each remaining header. It also keeps the highest number of a patient's id,
so that no id is given twice. Measurements stay: they are numbers of a session that
no longer names a person. An incident repeats the events of its session, so its event and its file
are erased with the first erased event of that session. With what says that an operator was enrolled
or got a PIN, the hash of that PIN is deleted. Sheets for patients are erased first, all of them:
one can be made again. Copies elsewhere (backups, exports) are not changed.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from appliance.clinical.patients.ids import highest_number
from appliance.core.readable_text import refuse_reason
from appliance.errors import ConfigError
from appliance.records.incidents.audit import list_incidents
from appliance.records.incidents.store import IncidentFolder
from appliance.records.journal import chain
from appliance.records.journal.journal import Journal
from appliance.records.journal.verified_at_start import ALL_EVENTS, read_rows
from appliance.records.patient_facts import IDS_GIVEN, read_ids_given, read_pseudonyms
from appliance.records.session_events import EventName
from appliance.records.sheets import erase_sheets
from appliance.records.storage.operator_pins import forget_pin
from appliance.records.storage.store import open_read_only
from appliance.records.unit_facts import UNIT
from appliance.texts.english import english

KEPT_FOREVER = frozenset(
    {
        EventName.GENESIS,
        EventName.BOOT,
        EventName.SHUTDOWN,
        EventName.MEASUREMENTS_SEALED,
        EventName.RECORDS_LOST,
        EventName.ERASED,
        *UNIT,
    }
)
"""Events about the device: the proof of all other events depends on them, or its use."""


def erase(journal: Journal, numbers: Iterable[int], reason: str) -> int:
    """Erase the bodies of these events; return the number of the event that says so.

    Complete when this returns, in the database's write-ahead log too. Raises `ConfigError` for an
    unknown number, one erased already, an event that must stay, or an empty reason; nothing is
    erased then. Raises `JournalError` if an incident's file cannot be deleted.
    """
    refusal = refuse_reason(reason)
    if refusal is not None:
        raise ConfigError(english(refusal.text()))
    journal.flush()
    with open_read_only(journal.folder) as db:
        ids_given = max(highest_number(read_pseudonyms(db)), read_ids_given(db))
        rows = {row.number: row for row in read_rows(db.execute(ALL_EVENTS))}
        incidents = list_incidents(db)
    wanted = set(numbers)
    sessions = {rows[number].header.session for number in wanted if number in rows} - {None}
    erased_incidents = [
        incident
        for incident in incidents
        if incident.number in wanted or incident.session in sessions
    ]
    wanted |= {incident.number for incident in erased_incidents}
    header_digests = {str(number): _check(number, rows.get(number)) for number in sorted(wanted)}
    facts: dict[str, object] = {"reason": reason, "kept": header_digests}
    if ids_given:
        facts[IDS_GIVEN] = ids_given
    if erased_incidents:
        facts["capsules"] = [incident.file for incident in erased_incidents]
    operators = {name for number in wanted if (name := _operator(rows[number])) is not None}
    forgotten = tuple(map(forget_pin, sorted(operators)))
    erase_sheets(journal.folder)
    erasure = journal.append_erasure(facts, sorted(wanted), forgotten)
    journal.flush()
    # The journal first: if the power fails now, the next start deletes the files.
    IncidentFolder(journal.folder).erase([incident.file for incident in erased_incidents])
    return erasure


def _operator(row: chain.ChainRow) -> str | None:
    """Return whose PIN goes with an event, None for other events."""
    if row.header.name not in (EventName.OPERATOR_ENROLLED, EventName.PIN_SET):
        return None
    body: dict[str, Any] = msgspec.json.decode(row.body or b"{}")
    operator = body.get("facts", {}).get("operator")
    return operator if isinstance(operator, str) else None


def _check(number: int, row: chain.ChainRow | None) -> str:
    """Return the digest of the remaining header; raises `ConfigError`."""
    if row is None:
        raise ConfigError(f"event {number} does not exist; `stimkiosk sessions show` lists them")
    if row.body is None:
        raise ConfigError(f"event {number} was erased already; leave it out")
    if row.header.name in KEPT_FOREVER:
        raise ConfigError(f"event {number} ({row.header.name}) must stay; leave it out")
    return chain.header_digest(number, row.header)
