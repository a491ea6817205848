"""A session of a registered patient in tests, and what the engine records of its end by itself."""

from pathlib import Path
from typing import Any

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.fact import Fact
from appliance.clinical.placement.facts import PadSetUsed
from appliance.messages.actions import (
    CloseSession,
    RecordFact,
    Stop,
)
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, register

PADS = {"pad_set": "A", "material": "hydrogel A", "width_mm": 50, "height_mm": 90, "pads": 4}


def enter(clinic: Clinic) -> str:
    """Register a patient and label pads."""
    if clinic.state != "Ready":
        clinic.unlock()
    patient = register(clinic)
    clinic.do(fact("pad_set_labelled", patient, **PADS))
    return patient


def treated(clinic: Clinic, **asked: Any) -> str:
    """Treat a registered patient whose pads are planned; return the pseudonym."""
    patient = enter(clinic)
    where = {"side": "both", "pad_set": "A", "region": "lower_back", "channels": ()}
    clinic.treat(level_ua=3_000, patient=patient, **{**where, **asked})
    return patient


def own(data: Path) -> list[Fact]:
    """Return the facts that the engine recorded by itself."""
    with open_read_only(data) as db:
        found = [each.fact for each in read_facts(db)]
    return [fact for fact in found if isinstance(fact, CloseOutOpened | PadSetUsed)]


def opened_once(data: Path) -> CloseOutOpened:
    """Return the only close-out there is; its pads are counted once."""
    facts = own(data)
    assert sorted(type(each).__name__ for each in facts) == ["CloseOutOpened", "PadSetUsed"]
    assert {each.operator for each in facts} == {"anna"}
    (close_out,) = [each for each in facts if isinstance(each, CloseOutOpened)]
    return close_out


def finished(clinic: Clinic) -> str:
    patient = treated(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    return patient


def answers(patient: str, session: str = "0001-001") -> tuple[RecordFact, RecordFact]:
    gone = fact("skin_not_checked", patient, session=session, reason="left at once")
    return fact("pads_removed", patient, session=session), gone
