"""Output off comes first: it has ended before any recording, display or message that can fail."""

import inspect
from collections.abc import Callable
from contextlib import suppress

import pytest

from appliance.control.commands.recorded_replies import AnswerBook
from appliance.control.dispatcher import CommandDispatcher
from appliance.control.drills.ledger import DrillLedger
from appliance.control.drills.runner import DrillRunner
from appliance.control.effects import EffectRunner, RunningProcedure
from appliance.control.loop import ControlLoop
from appliance.control.reporting.incidents import FlightRecorder, IncidentSealer
from appliance.control.reporting.indicators import Indicators
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.state_runner import StateRunner
from appliance.control.stops.onset import OnsetTracker
from appliance.control.stops.recorder import StopRecorder
from appliance.control.tick.contraction_cues import CueAnnouncer
from appliance.control.tick.feeder import Feeder
from appliance.control.tick.last_measurements import ChannelMeasurements
from appliance.control.treatment.cautions import ActiveCautions
from appliance.control.treatment.treatment import Treatment
from appliance.control.treatment_setup import TreatmentSetup
from appliance.errors import InternalFault
from appliance.link.local import LocalLink
from appliance.messages.actions import Stop
from appliance.records.journal.journal import Journal
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace

pytestmark = pytest.mark.proves("cut")

CUT_US = 20_000
"""docs/design.md section 6: the engine's cut, from its cause to zero current."""

NOTES: tuple[type, ...] = (
    AnswerBook,
    StopRecorder,
    TreatmentSetup,
    CueAnnouncer,
    IncidentSealer,
    CommandDispatcher,
    DrillLedger,
    DrillRunner,
    Feeder,
    Journal,
    Indicators,
    EngineJournal,
    ChannelMeasurements,
    FlightRecorder,
    ActiveCautions,
    Treatment,
    OnsetTracker,
)
"""Everything that records, displays or sends messages; each of its methods fails in turn."""
RECORDING: tuple[type, ...] = (EngineJournal, OnsetTracker, StopRecorder, AnswerBook)
"""What records a stop; each of its methods fails at every end of output."""
ENGINE: dict[type, tuple[str, ...]] = {
    ControlLoop: ("_begin_ending", "_note_cautions", "_publish", "_report"),
    EffectRunner: (
        "_finish_cut",
        "_zero_levels",
        "settle_cut",
    ),
    Feeder: ("last_values",),
    LocalLink: ("event", "publish", "reply"),
    RunningProcedure: ("end",),
    StateRunner: ("_announce_trip", "_enter", "_note_ending", "begin_ending"),
}
"""The same within the parts that act on the output, without their methods that switch it off."""


def methods(*owners: type) -> list[tuple[type, str]]:
    every = [
        (owner, name)
        for owner in owners
        for name, value in vars(owner).items()
        if inspect.isfunction(value) and name != "__init__"
    ]
    return every + [(owner, name) for owner, names in ENGINE.items() for name in names]


def squeeze(clinic: Clinic) -> None:
    clinic.board.fault_set("hand-switch")
    clinic.tick()


def cut_by_a_person(clinic: Clinic) -> None:
    clinic.link.send(Stop(cut=True))
    clinic.tick()


def leave(clinic: Clinic) -> None:
    clinic.engine.loop.cut_and_close()


def crash(clinic: Clinic) -> None:
    clinic.engine.loop.crash("Traceback\nZeroDivisionError: nobody thought of this")


ENDS: dict[str, Callable[[Clinic], None]] = {
    "hand switch": squeeze,
    "cut": cut_by_a_person,
    "engine leaves": leave,
    "engine crashes": crash,
}
UNEXPECTED, EXPECTED = ZeroDivisionError("a note failed"), InternalFault("a note failed")


def named(note: tuple[type, str]) -> str:
    return f"{note[0].__name__}.{note[1]}"


def failing(failure: Exception) -> Callable[..., None]:
    def raises(*_: object, **__: object) -> None:
        raise failure

    return raises


def current_ended_us(clinic: Clinic, since_us: int) -> int:
    """Return how long after a moment current last flowed, without further ticks of the engine."""
    clinic.board.advance_to_us(since_us + 400_000)
    clinic.board.close()
    return Trace(clinic.record).last_current_us(since_us) - since_us


def fail_and_end(
    clinic: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    note: tuple[type, str],
    failure: Exception,
    end: str,
) -> None:
    """Treat, let a recording step fail from now on, end the output, and check the current."""
    clinic.treat(level_ua=3_000)
    began_us = clinic.now_us
    monkeypatch.setattr(*note, failing(failure))
    with suppress(ZeroDivisionError, InternalFault):  # the engine's process would end here
        ENDS[end](clinic)
    monkeypatch.undo()
    assert current_ended_us(clinic, began_us) <= CUT_US


@pytest.mark.parametrize("note", methods(*NOTES), ids=named)
def test_no_failing_recording_step_keeps_the_current_on(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, note: tuple[type, str]
) -> None:
    """Hazard: a bookkeeping step raises before the cut, and current flows on meanwhile."""
    fail_and_end(clinic, monkeypatch, note, UNEXPECTED, "hand switch")


@pytest.mark.parametrize("note", methods(*RECORDING), ids=named)
def test_no_recording_step_with_an_expected_error_keeps_the_current_on(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, note: tuple[type, str]
) -> None:
    """Hazard: the loop handles the failure as a new trip and loses the first one."""
    fail_and_end(clinic, monkeypatch, note, EXPECTED, "hand switch")


@pytest.mark.parametrize("end", sorted(ENDS.keys() - {"hand switch"}))
@pytest.mark.parametrize("note", methods(*RECORDING), ids=named)
def test_no_failing_recording_step_keeps_the_current_on_at_any_other_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, note: tuple[type, str], end: str
) -> None:
    fail_and_end(clinic, monkeypatch, note, UNEXPECTED, end)
