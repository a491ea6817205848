"""Patients whose every question is answered already, entered over the link beside a kiosk.

A journey that begins with them has only the choice, the squeeze, the contact and the treatment.
"""

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.core.limits.limits import Region
from appliance.link.client import LinkClient
from appliance.messages.actions import RecordFact
from appliance.messages.replies import Reply
from tests.support.kiosk.clinician import rows
from tests.support.simulated_unit import wanted_of
from ui.cli.treatment.simulated_clinician import SimulatedClinician


def prepare(other: LinkClient, alias: str, programme: str, region: str, side: str) -> str:
    """Register a patient, answer all that is missing before a treatment; return the id."""
    known = [str(row["patient"]) for row in rows(other, "patients:")]
    values: dict[str, object] = {"born": 1974, "alias": alias, "other_than": known}
    registered = other.ask(RecordFact(kind="patient_registered", values=values, simulated=True))
    assert isinstance(registered, Reply), registered
    assert registered.patient is not None
    wanted = wanted_of(load_catalogue()[programme], Region(region), Side(side))
    clinician = SimulatedClinician(named=alias, wanted=wanted, link=other)
    clinician.patient = registered.patient
    while (fact := clinician.before_start()) is not None:
        answer = other.ask(fact)
        assert isinstance(answer, Reply), answer
        clinician.answered(answer)
    assert clinician.failure is None, clinician.failure
    return registered.patient
