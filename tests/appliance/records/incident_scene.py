"""What tests of incidents share."""

from pathlib import Path

from appliance.records.incidents.format import Incident, read
from appliance.records.incidents.store import IncidentFolder
from appliance.records.storage.store import open_read_only
from appliance.records.verify import verify
from tests.support.clinic import Clinic


def incidents_of(data: Path) -> list[Incident]:
    return [read(path) for path in IncidentFolder(data).files()]


def findings(data: Path) -> list[tuple[str, str]]:
    with open_read_only(data) as db:
        return [(each.where, each.text) for each in verify(db).findings]


def estop(clinic: Clinic) -> None:
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
