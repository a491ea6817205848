"""Each part of the engine's state has one writer, and no other code can write it."""

from typing import Any

import pytest

from appliance.control.engine_state import PARTS, CueState, EngineState, SessionState
from appliance.errors import InternalFault
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("level-rules")


@pytest.mark.proves_none
def test_a_part_of_the_state_can_be_claimed_only_once() -> None:
    """Hazard: two writers undo what each other has written."""
    engine = EngineState.for_channels(2)
    write = engine.claim(CueState)
    with pytest.raises(InternalFault, match="CueState has a writer"):
        engine.claim(CueState)
    write(CueState(announced=3))
    assert engine.cues.announced == 3
    engine.claim(SessionState)


@pytest.mark.proves_none
def test_a_part_of_the_state_cannot_be_written_without_its_claim() -> None:
    engine: Any = EngineState.for_channels(2)
    with pytest.raises(AttributeError):
        engine.cues = CueState(announced=3)
    with pytest.raises(AttributeError):
        engine.cues.announced = 3
    with pytest.raises(TypeError):
        engine.measured.channels[1] = None


@pytest.mark.proves_none
def test_a_running_engine_has_a_writer_for_every_part(clinic: Clinic) -> None:
    assert clinic.engine.loop.state._claimed == PARTS.keys()


def test_only_the_treatment_writes_its_levels(clinic: Clinic) -> None:
    """Hazard: a level that no rule has judged."""
    clinic.arm()
    treatment: Any = clinic.engine.loop.state.setup.treatment
    with pytest.raises(TypeError):
        treatment.levels[1] = None
