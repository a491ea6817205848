"""The register of files knows the close-outs that hold up the next session, and no others."""

import msgspec
import pytest

from appliance.clinical.fact import Fact
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from tests.support.close_outs import STEPS, opened
from tests.support.facts import WHO, day

pytestmark = pytest.mark.proves("close-out")

ME, OTHER = WHO["patient"], "P-0027"


def files(*facts: Fact) -> PatientFiles:
    found = PatientFiles()
    for fact in facts:
        found.take(fact, day(0))
    return found


def of(fact: Fact, patient: str) -> Fact:
    changed: Fact = msgspec.structs.replace(fact, patient=patient)
    return changed


BOTH = (
    PatientRegistered(**WHO, born=1980),
    of(PatientRegistered(**WHO, born=1985), OTHER),
)


def held(found: PatientFiles) -> str | None:
    named = found.holding_up()
    return None if named is None else named[0]


def test_it_is_the_patient_whose_pads_or_skin_have_no_answer() -> None:
    found = files(*BOTH, opened())
    assert held(found) == ME
    for fact in (STEPS["pads_off"], of(STEPS["skin"], OTHER)):
        found.take(fact, day(0))
        assert held(found) == ME
    found.take(STEPS["skin"], day(0))
    assert held(found) is None


def test_one_patient_answered_leaves_the_other() -> None:
    found = files(*BOTH, opened(), of(opened(), OTHER), STEPS["pads_off"], STEPS["skin"])
    assert held(found) == OTHER


def test_who_is_not_registered_holds_nobody_up_until_registered() -> None:
    found = files(opened())
    assert held(found) is None
    found.take(BOTH[0], day(0))
    assert held(found) == ME


def test_a_copy_stays_as_it_was_and_a_forgotten_patient_is_forgotten() -> None:
    found = files(*BOTH, opened())
    copied = found.copy()
    found.forget(ME)
    assert (held(found), held(copied)) == (None, ME)


def test_a_simulated_close_out_holds_nobody_up_on_hardware() -> None:
    simulated = msgspec.structs.replace(opened(), simulated=True)
    assert held(files(*BOTH, simulated)) is None
