"""The close-out of a simulated session: each part that is open gets an answer."""

import pytest

from appliance.control.pages.patient_file import patient_rows
from tests.support.simulated_unit import WANTED, Unit, one_patient
from ui.cli.treatment.simulated_facts import SimulatedFact


@pytest.fixture
def unit() -> Unit:
    return one_patient()


@pytest.mark.parametrize("motor", [False, True])
def test_a_close_out_is_completed_part_by_part(unit: Unit, motor: bool) -> None:
    unit.enter(WANTED)
    unit.ended("0001-001", motor=motor)
    seated = ["part_left_out"] if motor else []
    assert unit.close("0001-001") == [
        "pads_removed",
        "skin_checked_after",
        "pain_scored",
        "pain_scored",
        "stop_explained",
        *seated,
        "close_out_completed",
    ]
    assert unit.files.of("P-0013").close_outs.open is None


def test_pain_does_not_change_by_a_simulated_treatment(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.ended("0001-001")
    unit.close("0001-001")
    (pain,) = [row for row in unit.page(patient_rows, "P-0013") if row["kind"] == "pain"]
    assert pain["before"] == pain["after"]


def test_a_part_that_somebody_answered_is_left_as_it_is(unit: Unit) -> None:
    unit.enter(WANTED)
    unit.ended("0001-001")
    sites = [level["site"] for level in unit.close_out("0001-001")["levels"]]
    grades = [{"site": site, "grade": 1} for site in sites]
    unit.record(SimulatedFact("skin_checked_after", {"session": "0001-001", "grades": grades}))
    assert "skin_checked_after" not in unit.close("0001-001")
