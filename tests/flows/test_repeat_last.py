"""The last treatment of a patient again: one command, every check anew, no level restored."""

from pathlib import Path

import msgspec
import pytest

from appliance.messages.actions import CloseSession, RepeatLast, Stop
from tests.flows.test_patients import refusal
from tests.support.clinic import Clinic, open_clinic
from tests.support.regular_patient import regular_patient

pytestmark = pytest.mark.proves("courses")


def treated(clinic: Clinic) -> str:
    """Treat a patient for some seconds with other minutes and another tap than usual."""
    patient = regular_patient(clinic.engine.loop._dispatcher.register)
    clinic.treat(
        level_ua=3_000, patient=patient, channels=(), tap_ua=1_000, duration_us=600_000_000
    )
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.close_out()
    return patient


def test_the_last_treatment_is_prescribed_again_from_level_zero(clinic: Clinic) -> None:
    patient = treated(clinic)
    first = clinic.engine.loop._dispatcher.register.last_start(patient)
    assert first is not None
    clinic.do(RepeatLast(patient=patient.lower()))
    again = clinic.engine.loop.state.setup.treatment
    assert again is not None
    assert again.wanted is not None
    assert again.wanted.placement is not None
    asked, key = again.prescription, again.wanted.placement.key
    assert (asked.programme, asked.duration_us, asked.tap_ua) == (
        "conventional-tens",
        600_000_000,
        1_000,
    )
    assert (asked.digest(), again.patient) == (first.plan_digest, patient)
    assert (key.side, key.placement, again.wanted.pad_set) == (
        first.side,
        first.placement,
        first.pad_set,
    )
    assert {state.level_ua for state in again.levels.values()} == {0}


def test_what_no_longer_holds_is_refused_as_if_it_had_been_prescribed(clinic: Clinic) -> None:
    patient = treated(clinic)
    gone = refusal(clinic, RepeatLast(patient=patient, pad_set="Z"))
    assert gone.limit == "pads"
    assert refusal(clinic, RepeatLast(patient="P-NEW")).limit == "repeat"


def test_the_last_treatment_is_known_after_a_restart(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "first", data=tmp_path / "data") as clinic:
        patient = treated(clinic)
        before = clinic.engine.loop._dispatcher.register.last_start(patient)
        assert before is not None
    with open_clinic(tmp_path / "second", data=tmp_path / "data", after_us=60_000_000) as clinic:
        known = clinic.engine.loop._dispatcher.register.last_start(patient)
        assert known is not None
        assert msgspec.json.encode(known.facts(), order="sorted") == msgspec.json.encode(
            before.facts(), order="sorted"
        )
