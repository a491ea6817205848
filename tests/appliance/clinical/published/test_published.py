"""Published protocols, prescribed as a client would: given as published, or refused by its limit.

A file says what was published, what had to be chosen because it was not printed, and the verdict.
What is refused names every limit that refuses it, and what would be accepted.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import to_prescription
from appliance.clinical.offers.offers import regions_of
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.placement.placements import plan_named
from appliance.clinical.programme import Programme
from appliance.control.commands import wanted_programme
from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.control.pages.page import KnownPatients
from appliance.core.limits.limits import Region
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister
from tests.support.complete_file import facts_for, wanted
from tests.support.published_protocols import FILES, Protocol, protocol_of
from tests.support.regular_patient import DAY_US, a_session
from tests.support.screening import at
from tests.support.texts import said

pytestmark = pytest.mark.proves("limits", "regions", "first-session")

TEXTS = {"title": "", "summary": "", "evidence": {"supporting": "", "opposing": ""}}
COURSE = {"course": {"sessions": 12, "per_week": 3}, "sources": {}}


def programme_of(name: str, protocol: Protocol) -> Programme:
    """Return an own programme with the numbers of a protocol."""
    fields = {"name": name, **TEXTS, **COURSE, **protocol.programme}
    kind = ProgrammeKind(str(protocol.programme["kind"]))
    regions = regions_of(name, kind)
    return msgspec.convert({**fields, "regions": regions}, Programme)


def patients(region: Region) -> KnownPatients:
    """Return a patient with every fact that a treatment of a region needs."""
    files = PatientFiles()
    for fact in facts_for(wanted("conventional-tens", Side.LEFT, region=region), "P-1"):
        files.take(fact, at(100.5))
    return KnownPatients(files, at(100.5))


def register_of(session: str) -> PatientRegister:
    """Return what is known of a patient: nothing, or four motor sessions of other days."""
    register = PatientRegister(now=lambda: TimeOfDay(100 * DAY_US, 100, trusted=True))
    for days in (31, 24, 17, 10) if session == "later" else ():
        for region in (Region.NECK, Region.LOWER_BACK):
            register.take_session("P-1", a_session(register.now(), days, region=region))
    return register


def prescribed(
    name: str, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> AcceptedPrescription | Refusal:
    programme = programme_of(name, protocol)
    monkeypatch.setattr(wanted_programme, "find_any", lambda asked, _own: {name: programme}[asked])
    request = Prescribe(programme=name, subject=protocol.subject, duration_us=programme.duration_us)
    if protocol.subject is Subject.PATIENT:
        place = {"side": "left", "placement": protocol.placement, "pad_set": "A"}
        request = msgspec.structs.replace(
            request, patient="P-1", region=programme.region.value, **place
        )
    known = patients(programme.region)
    return prescribe(request, register_of(protocol.session), known, (1, 2))


def refusals_of(name: str, protocol: Protocol, first: Refusal) -> Iterator[Refusal]:
    """Yield every refusal: those of the limits together, others as the first one."""
    programme = programme_of(name, protocol)
    planned = plan_named(programme, programme.region.value, Side.LEFT, protocol.placement, "")
    if protocol.subject is Subject.PATIENT and isinstance(planned, Refusal):
        yield planned
        return
    area_mm2 = programme.pad_area_mm2
    if protocol.subject is Subject.PATIENT and not isinstance(planned, Refusal):
        area_mm2 = planned.placement.smaller_area_mm2
    try:
        to_prescription(programme, pad_area_mm2=area_mm2)
    except PrescriptionError as error:
        yield from error.refusals
    else:
        yield first


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_protocol_is_given_as_published_or_refused_by_its_limit(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = protocol_of(file)
    found = prescribed(file.stem, protocol, monkeypatch)
    if not protocol.refused_by:
        assert isinstance(found, AcceptedPrescription), said(found).text()
        programme = programme_of(file.stem, protocol)
        given = found.prescription
        assert (given.parts, given.duration_us) == (programme.parts(), programme.duration_us)
        assert given.region == programme.region
        return
    assert isinstance(found, Refusal)
    assert found.rule in protocol.refused_by
    every = tuple(refusals_of(file.stem, protocol, found))
    assert {refusal.rule for refusal in every} == set(protocol.refused_by)
    nearest = {said(refusal).nearest for refusal in every}
    assert set(protocol.nearest) <= nearest


def test_twenty_protocols_and_more_are_judged_each_with_its_citation() -> None:
    protocols = [protocol_of(file) for file in FILES]
    assert len({protocol.citation for protocol in protocols}) >= 20
    for protocol in protocols:
        assert protocol.published
        assert any(mark in protocol.citation for mark in ("(C", "(Ca", "(Cp", "(S", "(M"))
