"""An unexpected error outside the control loop cuts the output at once and is recorded."""

from typing import Any

import pytest

from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("parts-answer", "cut")


class Broken:
    """A part of the engine that fails during a treatment."""

    def tick(self, *_: object) -> None:
        raise ZeroDivisionError("nobody thought of this")

    def close(self) -> None:
        pass


def test_a_failure_while_an_incident_is_recorded_cuts_before_the_engine_exits(
    clinic: Clinic,
) -> None:
    """Hazard: an error outside the loop ends the process while pulses are queued."""
    clinic.treat(level_ua=8_000)
    broken: Any = Broken()
    kept, clinic.engine.incidents = clinic.engine.incidents, broken
    with pytest.raises(ZeroDivisionError):
        clinic.tick()
    clinic.engine.incidents = kept
    assert clinic.state == "Tripped"
    assert not clinic.engine.loop._output.supply_on
    assert all(abs(current) < 100 for current in clinic.currents_ua())
    with open_read_only(clinic.data) as db:
        told = db.execute("SELECT facts ->> 'code' FROM facts WHERE name = 'trip'").fetchall()
    assert told == [("T35",)]
