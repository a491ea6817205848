"""The timing proof: at boot and before each session, within 3 s, stored, refused beyond 1 %."""

from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import CheckContact, Start, Unlock
from appliance.messages.replies import Refused
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic

SLOW = ["1.02", "1.05", "1.13", "1.5", "2"]


def proofs(data: Path) -> list[dict[str, Any]]:
    """Return what is stored, with the engine closed: in stepped time records are written late."""
    with open_read_only(data) as db:
        return list(db.query("SELECT passed, ratio_ppm FROM timing_proofs ORDER BY number"))


@pytest.mark.proves("timing-proof")
def test_the_proof_is_done_and_stored_at_boot_and_before_each_session_within_3_s(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.until("Locked")
        asked_us = clinic.now_us
        clinic.do(Unlock(operator="anna"))
        clinic.until("Ready")
        assert clinic.now_us - asked_us <= 3_000_000
        clinic.prescribe()
        for _ in range(2):
            asked_us = clinic.now_us
            clinic.do(CheckContact())
            clinic.until("ContactCheck")
            clinic.until("Armed")
            assert clinic.now_us - asked_us <= 3_000_000
    assert proofs(clinic.data) == [{"passed": 1, "ratio_ppm": 1_000_000}] * 3


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize("ratio", SLOW)
def test_a_slow_clock_is_refused_at_boot_and_stored(tmp_path: Path, ratio: str) -> None:
    """Hazard: phases twice as long are twice the charge."""
    with open_clinic(tmp_path) as clinic:
        clinic.board.fault_set(f"slow-clock={ratio}")
        clinic.until("Locked")
        clinic.do(Unlock(operator="anna"))
        assert clinic.trip() == "T33"
        assert clinic.currents_ua() == [0, 0]
    (stored,) = proofs(clinic.data)
    assert not stored["passed"]
    assert abs(stored["ratio_ppm"] - float(ratio) * 1_000_000) <= 1_000


@pytest.mark.proves("timing-proof")
@pytest.mark.parametrize("ratio", SLOW)
def test_a_clock_that_went_slow_since_boot_is_refused_before_the_session(
    tmp_path: Path, ratio: str
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        clinic.prescribe()
        clinic.board.fault_set(f"slow-clock={ratio}")
        clinic.do(CheckContact())
        assert clinic.trip() == "T34"
        assert isinstance(clinic.ask(Start()), Refused)
        assert clinic.currents_ua() == [0, 0]
    assert [each["passed"] for each in proofs(clinic.data)] == [1, 0]


@pytest.mark.proves("wave-clock", "stream-watched")
@pytest.mark.parametrize("ratio", SLOW)
def test_a_clock_that_goes_slow_in_delivery_trips_within_1_s(clinic: Clinic, ratio: str) -> None:
    clinic.treat(level_ua=6_000)
    clinic.wait(2_000)
    slow_us = clinic.now_us
    clinic.board.fault_set(f"slow-clock={ratio}")
    clinic.until_true(lambda: clinic.state == "Tripped", "trip")
    assert clinic.now_us - slow_us <= 1_000_000
    assert clinic.trip() in {"T20", "T21", "T22", "T23"}
