"""What leads a drill from the terminal, without a terminal: whom it works for and when it stops."""

from collections.abc import Iterator

import pytest

from appliance.messages.actions import Acknowledge, BeginDrill, Unlock
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import DrillKind
from tests.support.clinic import Clinic, open_clinic
from ui.cli.drills.autopilot import DrillAutopilot
from ui.cli.drills.person import TerminalPerson, VirtualHands
from ui.cli.terminal.exit_codes import ExitCode

WATCHDOG = BeginDrill(kind=DrillKind.WATCHDOG)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with open_clinic(tmp_path_factory.mktemp("clinic")) as clinic:
        yield look(clinic)


def look(clinic: Clinic) -> Snapshot:
    clinic.until("Locked")
    return clinic.view


def shows(snapshot: Snapshot, **changed: object) -> Snapshot:
    import msgspec

    return msgspec.structs.replace(snapshot, **changed)


def autopilot(rig: str | None = None, *, virtual: bool = False) -> DrillAutopilot:
    person = VirtualHands(lambda *_: None) if virtual else TerminalPerson()
    return DrillAutopilot((WATCHDOG,), person, "anna", rig)


def test_it_unlocks_begins_and_takes_whatever_rig_runs_unless_told(snapshot: Snapshot) -> None:
    found = autopilot()
    assert found.decide(snapshot) == Unlock(operator="anna")
    assert found.decide(shows(snapshot, state="Ready", rig="virtual")) == WATCHDOG
    told = autopilot("hardware")
    assert told.decide(snapshot) is None
    assert told.failure is not None
    assert "give --rig virtual" in told.failure.text


def test_virtual_hands_never_begin_a_drill_on_hardware(snapshot: Snapshot) -> None:
    """Hazard: a drill that nobody can do counts as not passed and locks the unit."""
    found = autopilot(virtual=True)
    assert found.decide(shows(snapshot, state="Ready", rig="hardware")) is None
    assert found.failure is not None
    assert found.failure.code is ExitCode.REFUSED
    assert autopilot().decide(shows(snapshot, state="Ready", rig="hardware")) == WATCHDOG


@pytest.mark.parametrize(
    "state", ["Armed", "RampUp", "Delivering", "Resting", "Paused", "Finished"]
)
def test_it_leaves_somebody_elses_session_alone(snapshot: Snapshot, state: str) -> None:
    found = autopilot()
    assert found.decide(shows(snapshot, state=state)) is None
    assert found.failure is not None
    assert found.failure.code is ExitCode.BUSY


def test_it_does_not_acknowledge_a_trip_that_was_there_before(snapshot: Snapshot) -> None:
    found = autopilot(virtual=True)
    assert not isinstance(found.decide(shows(snapshot, state="Tripped")), Acknowledge)
    assert found.failure is not None
    assert found.is_done(snapshot)


def test_ctrl_c_before_a_drill_began_sends_nothing(snapshot: Snapshot) -> None:
    found = autopilot()
    found.interrupt()
    assert found.decide(snapshot) is None
    assert found.is_done(snapshot)
