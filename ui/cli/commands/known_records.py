"""What the records say of patients and of the unit, read without an engine."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

if TYPE_CHECKING:
    from appliance.clinical.fact import FactTime
    from appliance.clinical.unit.unit_file import UnitFile
    from appliance.control.pages.page import KnownPatients, KnownUnit

USUAL_CHANNELS = (1, 2)
"""Channels of a unit that nobody has looked at yet."""


class RecordsFolder(NamedTuple):
    """A data folder, and the kind of rig that its engine ran on last; None without records."""

    path: Path
    rig: str | None


def records_folder(data: Path | None) -> RecordsFolder:
    """Return the folder of --data."""
    from appliance.records.drills import rig_of_records
    from appliance.records.storage.data_folder import has_records, locate_data_folder
    from appliance.records.storage.store import open_read_only

    folder = locate_data_folder(data)
    if not has_records(folder):
        return RecordsFolder(folder, None)
    with open_read_only(folder) as db:
        return RecordsFolder(folder, rig_of_records(db) or "hardware")


def known_patients(data: Path | None) -> "KnownPatients":
    """Read the files of patients from the records; end the command where they are unknown."""
    from appliance.control.pages.page import KnownPatients
    from appliance.records.patient_facts import PatientFacts

    folder, rig = records_folder(data)
    facts = PatientFacts() if rig is None else PatientFacts.load(folder, rig)
    if facts.fault is not None:
        fail(f"the facts about patients cannot be read: {facts.fault}", ExitCode.DATA_INTEGRITY)
    return KnownPatients(facts.files, _now())


def known_unit(data: Path | None) -> "KnownUnit":
    """Read the file of the unit from the records; end the command where it is unknown."""
    from appliance.control.pages.page import KnownUnit
    from appliance.records.unit_facts import UnitFacts

    folder, rig = records_folder(data)
    facts = UnitFacts() if rig is None else UnitFacts.load(folder, rig)
    if facts.fault is not None:
        fail(f"the facts about the unit cannot be read: {facts.fault}", ExitCode.DATA_INTEGRITY)
    return KnownUnit(facts.file, _now(), _channels(facts.file), facts.treated)


def _now() -> "FactTime":
    """Return the time now, outside of every boot of an engine."""
    from appliance.clinical.fact import FactTime
    from appliance.records.wall_clock import SystemWallClock, now_of

    now = now_of(SystemWallClock())
    return FactTime(now.utc_us, now.day, now.trusted, 0)


def _channels(file: "UnitFile") -> tuple[int, ...]:
    """Return the channels whose leads were looked at."""
    from appliance.clinical.unit.parts import parts_of

    every = range(1, 5)
    known = (channel for channel in every if parts_of((channel,))[-1] in file.checks.parts)
    return tuple(known) or USUAL_CHANNELS
