"""A treatment on stepped time: engine, board and client in this thread, tick by tick."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.core.limits.patient_limits import NO_BOUNDS
from appliance.core.prescription.prescription import Prescription
from appliance.engine import Engine, stepped_engine
from appliance.link.client import LinkClient
from appliance.messages.actions import CheckContact, Prescribe, Rise, Start, Unlock
from appliance.messages.replies import Reply
from appliance.messages.wire import Subject
from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from tests.support.complete_file import accepted_for

SCREEN_TICKS = 50
"""Control ticks between two screen confirmations; the engine trips after 2 s without one."""
SNAPSHOT_TICKS = 6
PATIENCE_TICKS = 1_000
TAP_TICKS = 35


class TreatmentFailed(AssertionError):
    """The treatment did not reach the expected state; the text names the current one."""


@dataclass(slots=True)
class Treatment:
    """One engine on one board, with a client."""

    board: VirtualBoard
    engine: Engine
    link: LinkClient
    started_us: int = 0
    """Board time of the start command."""

    @property
    def state(self) -> str:
        return type(self.engine.loop.state.machine.state).__name__

    def step(self, ticks: int) -> None:
        """Run control ticks, confirming the screen every half second."""
        step, link = self.engine.step, self.link
        for tick in range(ticks):
            step()
            if tick % SCREEN_TICKS == 0:
                link.snapshot()
                link.shown()

    def until(self, *states: str, ticks: int = PATIENCE_TICKS) -> None:
        """Step until the engine is in one of the states."""
        for _ in range(0, ticks, 5):
            if self.state in states:
                self.link.snapshot()
                self.link.shown()
                return
            self.step(5)
        self._fail(f"not {' or '.join(states)} within {ticks} ticks")

    def begin(self, prescription: Prescription, subject: Subject = Subject.TEST_LOAD) -> None:
        """Unlock, prescribe, check the contact, start; pulses then play at level zero.

        The pads are on test loads, or for a patient on simulated skin.
        The prescription is passed to the engine directly; the catalogue does not have every
        waveform.
        """
        self.until("Locked")
        self._ask(Unlock(operator="bench"))
        self.until("Ready")
        loop = self.engine.loop
        if subject is Subject.PATIENT:
            accepted = accepted_for(loop, prescription)
        else:
            for channel in prescription.channels:
                self.board.fault_set(f"resistor:{channel}=1000")
            accepted = AcceptedPrescription(prescription, subject, None, NO_BOUNDS)
        if loop._state_runner.prescribe(accepted) is not None:
            self._fail("a prescription was refused")
        self.step(10)
        if subject is Subject.PATIENT:
            self._squeeze()
        self._ask(CheckContact())
        self.until("Armed")
        self.started_us = self.board.now_us
        self._ask(Start())
        self.until("RampUp", "Delivering")

    def _squeeze(self) -> None:
        """Let the patient squeeze the hand switch for a moment, and let go."""
        self.board.fault_set("hand-switch")
        self.step(SNAPSHOT_TICKS)
        self.board.fault_clear("hand-switch")
        self.step(SNAPSHOT_TICKS)

    def rise(self, level_ua: int) -> None:
        """Tap every channel up to a level; refused taps are repeated."""
        treatment = self.engine.loop.state.setup.treatment
        channels = list(treatment.levels) if treatment is not None else []
        for _ in range(PATIENCE_TICKS):
            below = [n for n in channels if treatment and treatment.levels[n].level_ua < level_ua]
            if not below:
                return
            self.link.snapshot()
            for channel in below:
                self.link.send(Rise(channel=channel))
            self.step(TAP_TICKS)
        self._fail(f"no level of {level_ua} µA")

    def finish(self) -> None:
        """Step to the end of the plan."""
        treatment = self.engine.loop.state.setup.treatment
        left_us = treatment.plan.duration_us if treatment is not None else 0
        self.until("Finished", "Tripped", ticks=left_us // 10_000 + PATIENCE_TICKS)
        if self.state != "Finished":
            self._fail("did not reach the end of the plan")

    def _ask(self, action: Unlock | Prescribe | CheckContact | Start) -> None:
        self.step(SNAPSHOT_TICKS)
        self.link.snapshot()  # the decision is based on the current one
        answer = self.link.ask(action)
        if not isinstance(answer, Reply):
            self._fail(f"refused: {answer}")
        self.step(1)

    def _fail(self, text: str) -> None:
        present = self.engine.loop.state
        where = f"{present.machine.state} at {self.board.now_us} µs, {present.setup.notes}"
        raise TreatmentFailed(f"{text}: {where}")


@contextmanager
def a_treatment(board_name: str = "reference", record: Path | None = None) -> Iterator[Treatment]:
    """Open a board and an engine on it in this thread; on exit the recording is complete."""
    board = VirtualBoard(load_board_file(board_name), record=record)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as data,
            stepped_engine(board, Path(data), 0) as (engine, link),
        ):
            yield Treatment(board, engine, link)
    finally:
        board.close()
