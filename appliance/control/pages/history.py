"""The page `history:PATIENT`: the sessions of one patient in the records, the newest first."""

from appliance.clinical.patients.registration import unregistered
from appliance.control.pages.page import PageSources, Row, Rows
from appliance.records.patient_history import RecordedTreatment, pseudonym, read_treatments
from appliance.records.storage.store import open_read_only


def history_rows(named: str, sources: PageSources) -> Rows:
    """Return a row a session, with what each channel reached; raises `ApplianceError`.

    A pseudonym from before patients were registered has sessions too.
    """
    patient = pseudonym(named)
    if patient is None:
        return unregistered("-").refusal()
    with open_read_only(sources.folder) as db:
        found = read_treatments(db, patient)
    file = sources.patients.files.of(patient)
    if not found and file.identity is None:
        return unregistered(patient).refusal()
    return map(_row, found)


def _row(given: RecordedTreatment) -> Row:
    return {
        "session": given.session,
        "programme": given.programme,
        "region": given.region,
        "side": given.side,
        "placement": given.placement,
        "rig": given.rig,
        "opened": {"utc_us": given.opened_utc_us, "trusted": given.clock_trusted},
        "planned_us": given.duration_us,
        "elapsed_us": given.elapsed_us,
        "outcome": given.outcome,
        "cause": given.cause,
        "channels": [
            {
                "channel": channel.channel,
                "highest_ua": channel.highest_ua,
                "comfortable_ua": channel.comfortable_ua,
            }
            for channel in given.channels
        ],
    }
