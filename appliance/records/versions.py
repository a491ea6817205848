"""The versions of software, schema and board, for the header of an incident."""

import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from appliance.records.storage.migrations import applied_steps, schema_digest
from appliance.records.storage.store import open_read_only
from drivers.interfaces import Rig

PACKAGE = "stimkiosk"


def versions(rig: Rig, data: Path) -> dict[str, object]:
    """Return build, libraries, daemon, board, schema and machine; no path or host name.

    Raises `JournalError` where the records cannot be read.
    """
    with open_read_only(data) as db:
        schema, steps = schema_digest(db.conn), sorted(applied_steps(db.conn))
    return {
        "build": version(PACKAGE),
        "python": platform.python_version(),
        "pigpio": version("pigpio"),
        "daemon": rig.daemon_version,
        "gpiozero": version("gpiozero"),
        "sqlite": sqlite3.sqlite_version,
        "schema": schema,
        "steps": steps,
        "rig": rig.kind,
        "board": rig.board.name,
        "board_digest": rig.board.digest,
        "calibration": rig.board.calibration.reference,
        "machine": platform.machine(),
        "kernel": platform.release(),
    }
