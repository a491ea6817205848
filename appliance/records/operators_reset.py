"""Clear the PINs of all lead clinicians in records that no engine works on."""

from pathlib import Path

from appliance.errors import ConfigError, JournalError
from appliance.operators.facts import OperatorRole, OperatorsReset
from appliance.records.journal.journal import Journal
from appliance.records.operator_facts import OperatorFacts, plain_operator_fact
from appliance.records.session_events import EventName
from appliance.records.storage.operator_pins import forget_pin
from appliance.records.wall_clock import SystemWallClock
from drivers.clock import SystemClock


def reset_operators(folder: Path, by: str) -> tuple[str, ...]:
    """Record the reset and delete the hashes; return whose PINs are gone, once on the disk.

    Raises `EngineBusy` while an engine works on the folder, `JournalError`, and `ConfigError`
    where there is no lead clinician.
    """
    journal = Journal.open(folder, SystemWallClock(), SystemClock(), threaded=False)
    try:
        loaded = OperatorFacts.load(folder)
        if loaded.fault is not None:
            raise JournalError(loaded.fault)
        leads = tuple(
            account.operator
            for account in loaded.accounts.active()
            if account.role is OperatorRole.LEAD
        )
        if not leads:
            raise ConfigError("there is no lead clinician; `operators enrol` adds the first one")
        facts = plain_operator_fact(OperatorsReset(by=by))
        journal.append(EventName.OPERATORS_RESET, facts, also=tuple(map(forget_pin, leads)))
        journal.flush()
    finally:
        journal.close()
    return leads
