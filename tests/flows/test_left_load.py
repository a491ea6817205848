"""No session of a patient begins on a test load that was left on: somebody looks first."""

import pytest

from appliance.messages.actions import CheckContact, Start, Stop
from appliance.messages.wire import Subject
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, refusal

pytestmark = pytest.mark.proves("contact-check")

LIKE_A_LOAD = "note.like_test_load"


def asked_about(clinic: Clinic) -> list[object]:
    """Return the channels that are said to measure like a test load."""
    clinic.wait(120)
    return [note.values["channel"] for note in clinic.view.notes if note.key == LIKE_A_LOAD]


def check_again(clinic: Clinic) -> None:
    clinic.do(CheckContact())
    clinic.until("ContactCheck")
    clinic.until("Armed")


def looked(clinic: Clinic, *channels: int) -> None:
    clinic.do(fact("load_ruled_out", str(clinic.view.patient), channels=list(channels)))


@pytest.mark.parametrize("ohm", [500, 1_000])
def test_a_test_load_that_was_left_on_is_no_pair_of_pads(clinic: Clinic, ohm: int) -> None:
    """Hazard: a drill's resistor passes for good contact, and the patient's pads get nothing."""
    clinic.board.fault_set(f"resistor:1={ohm}")
    clinic.arm()
    assert asked_about(clinic) == [1]
    refused = refusal(clinic, Start())
    assert refused.limit == "test load left on"
    assert refused.asked.startswith("channel 1 measures ")
    assert refused.asked.endswith(", like a test load")
    assert clinic.state == "Armed"
    clinic.board.fault_clear("resistor:1")
    check_again(clinic)
    assert asked_about(clinic) == []
    clinic.do(Start())
    clinic.until("Delivering")


def test_skin_that_measures_like_a_load_is_treated_once_somebody_looked(clinic: Clinic) -> None:
    """Hazard: a person whose skin measures like a resistor can never be treated."""
    for channel in (1, 2):
        clinic.board.fault_set(f"resistor:{channel}=1000")
    clinic.arm()
    assert asked_about(clinic) == [1, 2]
    looked(clinic, 1, 2)
    assert asked_about(clinic) == []
    clinic.do(Start())
    clinic.until("Delivering")
    with open_read_only(clinic.data) as db:
        query = "SELECT facts ->> 'channels' FROM facts WHERE name = 'load_ruled_out'"
        assert [channels for (channels,) in db.execute(query)] == ["[1,2]"]


def test_a_look_counts_for_one_contact_check(clinic: Clinic) -> None:
    """Hazard: a look before the test load was connected lets it pass."""
    clinic.board.fault_set("resistor:1=1000")
    clinic.arm()
    looked(clinic, 1)
    check_again(clinic)
    assert asked_about(clinic) == [1]
    assert refusal(clinic, Start()).limit == "test load left on"
    clinic.do(Stop())
    clinic.until("Ready")
    assert asked_about(clinic) == []


@pytest.mark.parametrize("channels", [[], [2], [1, 2], [1, 9]])
def test_only_the_channels_that_are_asked_about_are_answered(
    clinic: Clinic, channels: list[int]
) -> None:
    clinic.board.fault_set("resistor:1=1000")
    clinic.arm()
    patient = str(clinic.view.patient)
    refused = refusal(clinic, fact("load_ruled_out", patient, channels=channels))
    assert refused.limit == "test load left on"
    assert refused.allowed == "1, which measured like a test load"
    assert asked_about(clinic) == [1]


def test_nobody_looks_before_anything_was_measured(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.prescribe()
    patient = str(clinic.view.patient)
    refused = refusal(clinic, fact("load_ruled_out", patient, channels=[1]))
    assert refused.allowed == "only after a contact check that measured like a test load"


def test_a_run_on_a_test_load_is_asked_nothing(clinic: Clinic) -> None:
    for channel in (1, 2):
        clinic.board.fault_set(f"resistor:{channel}=1000")
    clinic.arm(subject=Subject.TEST_LOAD)
    assert asked_about(clinic) == []
    clinic.do(Start())


@pytest.mark.parametrize("later_ms", [0, 10, 20, 30, 40])
def test_the_first_view_of_an_armed_unit_asks_about_what_measures_like_a_load(
    clinic: Clinic, later_ms: int
) -> None:
    """Hazard: a screen shows START for a moment although a test load is on the leads."""
    clinic.board.fault_set("resistor:1=1000")
    clinic.arm()
    clinic.wait(later_ms)  # snapshots are sent each 50 ms: the check ends at any time between two
    clinic.do(CheckContact())
    clinic.until("ContactCheck")
    view = clinic.until("Armed")
    assert [note.values["channel"] for note in view.notes if note.key == LIKE_A_LOAD] == [1]
