"""The page `history:PATIENT`: the sessions of one patient in the records, the newest first.

Pain and skin are as in the facts: None where nobody asked or looked.
"""

from collections.abc import Sequence

import msgspec

from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.registration import unregistered
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.control.pages.programmes import programme_title
from appliance.control.stops.ended_because import ended_because
from appliance.records.patient_history import RecordedTreatment, pseudonym, read_treatments
from appliance.records.session_series import Harm, read_harm
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
        harm = {given.session: read_harm(db, given.session) for given in found}
    file = sources.patients.files.of(patient)
    if not found and file.identity is None:
        return unregistered(patient).refusal()
    return (_row(file, given, harm[given.session]) for given in found)


def _row(file: PatientFile, given: RecordedTreatment, harm: Sequence[Harm]) -> Row:
    because = ended_because(given.cause)
    return {
        "session": given.session,
        "programme": given.programme,
        "title": programme_title(given.programme, given.title),
        "region": given.region,
        "side": given.side,
        "placement": given.placement,
        "depth": given.depth,
        "pad_set": given.pad_set,
        "rig": given.rig,
        "opened": {"utc_us": given.opened_utc_us, "trusted": given.clock_trusted},
        "planned_us": given.duration_us,
        "elapsed_us": given.elapsed_us,
        "outcome": given.outcome,
        "cause": given.cause,
        "cause_text": None if because is None else plain_text(because),
        "channels": [
            {
                "channel": channel.channel,
                "highest_ua": channel.highest_ua,
                "comfortable_ua": channel.comfortable_ua,
            }
            for channel in given.channels
        ],
        "harm": [
            {
                "felt": each.felt,
                "channel": each.channel,
                "level_ua": each.level_ua,
                "measured_ua": each.measured_ua,
                "before": msgspec.to_builtins(each.before),
                "at": {"utc_us": each.utc_us, "trusted": each.trusted},
            }
            for each in harm
        ],
        **_asked(file, given.session),
    }


def _asked(file: PatientFile, session: str) -> Row:
    """Return pain before and after a session, the worst grade of its skin, and its close-out."""
    by_region = (
        sessions[session] for sessions in file.outcomes.pain.values() if session in sessions
    )
    pain, close_out = next(by_region, None), file.close_outs.by_session.get(session)
    grades = () if close_out is None else close_out.grades.values()
    graded = [fact for fact, _ in file.outcomes.contractions if fact.session == session]
    return {
        "contraction": graded[-1].grade if graded else None,
        "discomfort": graded[-1].discomfort if graded else None,
        "pain_before": None if pain is None else pain.before,
        "pain_after": None if pain is None else pain.after,
        "skin": max(grades, default=None),
        "close_out_open": close_out is not None and close_out.completed is None,
    }
