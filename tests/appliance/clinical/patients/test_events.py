"""The names under which facts are recorded: each once, and never changed."""

import importlib
from pathlib import Path

import pytest

from appliance.clinical.fact import Fact
from appliance.clinical.patients.events import event_of, fact_types
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.skin.facts import PatchTestRead
from appliance.clinical.unit.events import unit_fact_types
from appliance.records.session_events import EventName

CLINICAL = Path(__file__).parents[4] / "appliance" / "clinical"
RECORDED = {
    "patient_registered": "alias born eighteen operator other_than patient simulated",
    "alias_changed": "alias operator other_than patient simulated",
    "patient_noted": "impersonal note operator patient simulated",
    "screening_answered": "answers here kind operator patient simulated",
    "visit_list_answered": "answers none_changed operator patient simulated",
    "screening_confirmed": "operator patient purpose reasons region simulated",
    "skin_checked_before": "grades operator patient simulated",
    "skin_checked_after": "grades levels material operator patient session simulated",
    "skin_not_checked": "levels material operator patient reason session simulated",
    "skin_followed_up": "answers operator patient simulated",
    "skin_reinspected": "grade operator patient reason simulated site",
    "sensation_tested": "method operator patient simulated sites",
    "altered_sensation_accepted": "operator patient reason simulated sites",
    "patch_test_applied": "material operator patient place simulated",
    "patch_test_read": "grade material operator patient simulated timed_by_hand",
    "patch_test_followed_up": "answer material operator patient simulated",
    "patch_test_declined": "material operator patient reason simulated",
}
"""Event -> the fields of its fact: recorded in every journal there is."""


@pytest.mark.parametrize("event", RECORDED)
def test_an_event_keeps_its_name_and_its_fields(event: str) -> None:
    assert " ".join(sorted(fact_types()[event].__struct_fields__)) == RECORDED[event]


def test_every_kind_of_fact_has_an_event_of_its_own() -> None:
    kinds = fact_types()
    assert len(set(kinds.values())) == len(kinds)
    assert all(issubclass(kind, Fact) for kind in kinds.values())
    assert event_of(PatientRegistered) == "patient_registered"
    assert event_of(PatchTestRead) == "patch_test_read"


def test_every_room_of_the_clinical_core_with_facts_is_known() -> None:
    for path in sorted(CLINICAL.glob("*/facts.py")):
        module = importlib.import_module(f"appliance.clinical.{path.parent.name}.facts")
        own = {
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Fact) and value is not Fact
        }
        assert own <= set(fact_types().values()), path


OWN = {
    "genesis",
    "boot",
    "recovered",
    "shutdown",
    "session_opened",
    "session_closed",
    "sound_silenced",
    "state_changed",
    "level_changed",
    "command",
    "refusal",
    "trip",
    "stop",
    "acknowledged",
    "caution",
    "contact_check",
    "timing_proof",
    "self_test",
    "drill",
    "patient_ceiling",
    "felt",
    "minutes_changed",
    "hand_switch_proven",
    "attendance",
    "operator_enrolled",
    "operator_retired",
    "pin_set",
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "operators_reset",
    "unit_set_up",
    "sheet_made",
    "measurements_sealed",
    "records_lost",
    "erased",
    "capsule",
    "capsule_lost",
    "fault",
}
"""What the engine records by itself."""


def test_the_journal_knows_every_event_of_a_fact_and_none_is_one_of_its_own() -> None:
    about = fact_types().keys() | unit_fact_types().keys()
    assert len(about) == len(fact_types()) + len(unit_fact_types())
    assert about & OWN == set()
    assert {name.value for name in EventName} - OWN == about
