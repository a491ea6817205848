"""Facts about operators in the records, and the accounts that the engine folds at its start.

Operators are the same on every kind of rig. Erased facts are gone, and with them the hash of the
PIN. Where a fact cannot be read nobody can sign in (`fault`): an account is never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from appliance.clinical.fact import FactTime
from appliance.errors import ApplianceError, JournalError
from appliance.operators.accounts import Accounts
from appliance.operators.facts import (
    OperatorEnrolled,
    OperatorRetired,
    OperatorsReset,
    PinSet,
    Recorded,
    SignedIn,
    SignedOut,
    SignInFailed,
    UnitSetUp,
)
from appliance.operators.set_up import SetUp
from appliance.records.fact_rows import ACT, time_of
from appliance.records.session_events import EventName
from appliance.records.storage.operator_pins import read_pins
from appliance.records.storage.store import open_read_only

OperatorEvent = Recorded | UnitSetUp
KINDS: Mapping[EventName, type[OperatorEvent]] = {
    EventName.OPERATOR_ENROLLED: OperatorEnrolled,
    EventName.OPERATOR_RETIRED: OperatorRetired,
    EventName.PIN_SET: PinSet,
    EventName.SIGNED_IN: SignedIn,
    EventName.SIGN_IN_FAILED: SignInFailed,
    EventName.SIGNED_OUT: SignedOut,
    EventName.OPERATORS_RESET: OperatorsReset,
    EventName.UNIT_SET_UP: UnitSetUp,
}
_NAMES = {kind: name for name, kind in KINDS.items()}
_FACTS = (
    "SELECT number, name, boot, utc_us, monotonic_us, clock_trusted, facts FROM facts "  # noqa: S608 - names of events
    f"WHERE name IN ({', '.join(repr(str(name)) for name in KINDS)}) AND facts IS NOT NULL "
    "ORDER BY number"
)


@dataclass(slots=True)
class OperatorFacts:
    """What the records say about operators and the first set-up.

    `pins` has the hash of each PIN. `fault` says why the records could not be read.
    """

    accounts: Accounts = field(default_factory=Accounts)
    set_up: SetUp = field(default_factory=SetUp)
    pins: dict[str, str] = field(default_factory=dict)
    fault: str | None = None

    @staticmethod
    def load(folder: Path) -> "OperatorFacts":
        """Fold the records of a data folder; an error becomes the `fault`."""
        loaded = OperatorFacts()
        try:
            with open_read_only(folder) as db:
                loaded.pins = read_pins(db)
                for fact, at in read_operator_facts(db):
                    loaded.take(fact, at)
        except ApplianceError as error:
            loaded.fault = str(error)
        return loaded

    def is_lead(self, operator: str) -> bool | None:
        """Return whether somebody is a lead clinician; of operators that are unknown nobody is."""
        return self.accounts.is_lead(operator) if self.fault is None else False

    def take(self, fact: OperatorEvent, at: FactTime) -> None:
        """Fold one more fact."""
        if isinstance(fact, UnitSetUp):
            self.set_up = self.set_up.after(fact)
        else:
            self.accounts = self.accounts.after(fact, at)


def read_operator_facts(db: Database) -> Iterator[tuple[OperatorEvent, FactTime]]:
    """Yield every fact that was not erased, in its order; raises `JournalError`."""
    for row in db.query(_FACTS):
        values: dict[str, Any] = msgspec.json.decode(row["facts"])
        values.pop(ACT, None)
        try:
            fact = msgspec.convert(values, KINDS[EventName(row["name"])])
        except msgspec.ValidationError as error:
            raise JournalError(
                f"event {row['number']} ({row['name']}) cannot be read by this version"
            ) from error
        yield fact, time_of(row)


def event_of_operator(fact: OperatorEvent) -> EventName:
    """Return the name of a fact's event."""
    return _NAMES[type(fact)]


def plain_operator_fact(fact: OperatorEvent) -> dict[str, object]:
    """Return a fact as `Journal.append` takes it."""
    plain: dict[str, object] = msgspec.to_builtins(fact)
    return plain
