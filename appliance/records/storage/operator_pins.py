"""Step of the schema: hashes of PINs, in a table of their own that a new PIN overwrites.

They are no part of the chain: it keeps everything for good, and four digits are soon found from
their hash. Each change is committed together with the event that says so.
"""

from sqlite_utils import Database

from appliance.operators.accounts import key_of
from appliance.records.storage.statement import Statement

_TABLE = """
    CREATE TABLE operator_pins (
        operator TEXT PRIMARY KEY CHECK (operator <> ''),
        hash TEXT NOT NULL CHECK (hash <> '')
    ) STRICT
"""
_KEEP = "INSERT OR REPLACE INTO operator_pins VALUES (?, ?)"
_FORGET = "DELETE FROM operator_pins WHERE operator = ?"


def make_pin_table(db: Database) -> None:
    """Make the table `operator_pins`."""
    db.execute(_TABLE)


def keep_pin(operator: str, hashed: str) -> Statement:
    """Return the statement that keeps the hash of an operator's PIN in place of the one before."""
    return (_KEEP, (key_of(operator), hashed))


def forget_pin(operator: str) -> Statement:
    """Return the statement that deletes the hash of an operator's PIN."""
    return (_FORGET, (key_of(operator),))


def read_pins(db: Database) -> dict[str, str]:
    """Return the hash of each operator's PIN, by `key_of` the operator.

    Records that no engine of this version has opened yet have no such table.
    """
    if "operator_pins" not in db.table_names():
        return {}
    return dict(db.execute("SELECT operator, hash FROM operator_pins").fetchall())
