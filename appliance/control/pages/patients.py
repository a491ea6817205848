"""The page `patients`: who is registered. The text behind it is part of an id, alias or year."""

from collections.abc import Iterator

from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.registration import unregistered
from appliance.control.pages.page import KnownPatients, PageSources, Row, plain_time
from appliance.core.refusal import Refusal
from appliance.records.patient_history import pseudonym


def registered_rows(wanted: str, sources: PageSources) -> Iterator[Row]:
    """Yield the registered patients that look like `wanted`, all for ""."""
    wanted = wanted.strip().casefold()
    for file in sources.patients.files.all():
        identity = file.identity
        if identity is None:
            continue
        named = (identity.patient, identity.alias or "", str(identity.born))
        if any(wanted in name.casefold() for name in named):
            yield {
                "patient": identity.patient,
                "alias": identity.alias,
                "born": identity.born,
                "newest": plain_time(file.newest),
                "simulated": file.has_simulated,
                "treated": [[region, side] for region, side in file.treated],
            }


def find_file(named: str, known: KnownPatients) -> PatientFile | Refusal:
    """Return the file of a registered patient, or that nobody has this id."""
    patient = pseudonym(named)
    file = None if patient is None else known.files.of(patient)
    if file is None or file.identity is None:
        return unregistered(patient or "-").refusal()
    return file
