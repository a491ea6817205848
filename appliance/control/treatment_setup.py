"""What is set up on the unit: the prescribed treatment, its contact, and notes that prevent it."""

from collections.abc import Mapping

from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.control.engine_state import EngineState, SetupState
from appliance.control.procedures.contact_measurement import ContactResult
from appliance.control.reporting.interrupted import left_by
from appliance.control.treatment.raise_back import InterruptedSession
from appliance.control.treatment.treatment import Treatment
from appliance.safety.gate import Gate
from appliance.safety.state_machine.states import State
from appliance.texts.text import Text


class TreatmentSetup:
    """Makes and forgets treatments; used by the control thread only."""

    def __init__(self, engine: EngineState, gate: Gate) -> None:
        self._engine = engine
        self._gate = gate
        self._write = engine.claim(SetupState)

    def prescribe(self, accepted: AcceptedPrescription) -> None:
        """Make a treatment of a prescription; the one before it is forgotten, its rest is owed."""
        self.forget()  # if the next line raises, none is set up
        rested_from_us = self._rested_from_us()
        comfortable_ua = self._comfortable_before(accepted)
        left = self._engine.setup.interrupted
        if left is not None and left.patient != accepted.patient:
            left = None  # others had the leads: nobody knows where the pads lie
        treatment = Treatment(
            accepted.prescription,
            len(self._engine.measured.channels),
            subject=accepted.subject,
            patient=accepted.patient,
            bounds=accepted.bounds,
            wanted=accepted.wanted,
            programme=accepted.programme,
            rested_from_us=rested_from_us,
            comfortable_ua=comfortable_ua,
        )
        self._write(
            SetupState(
                treatment,
                rested_from_us=rested_from_us,
                interrupted=left,
            )
        )
        self._gate.forget_doses()

    def forget(self) -> None:
        """Forget treatment and contact; the rest after its last contraction still holds."""
        setup = self._engine.setup
        self._write(SetupState(None, (), setup.notes, self._rested_from_us(), setup.interrupted))

    def leave(self, before: State, entered_us: int) -> None:
        """Forget the treatment as `before` is left, but for what a harmless trip leaves of it."""
        left = left_by(self._engine, before, entered_us)
        self.forget()
        self._write(self._engine.setup._replace(interrupted=left))

    def owe_rest(self, now_us: int) -> None:
        """Count the start of this engine as the end of a contraction: an earlier boot had some."""
        self._write(self._engine.setup._replace(rested_from_us=now_us))

    def withdraw_raising_back(self) -> None:
        """Offer no way back up, neither in this session nor after the one before."""
        if self._engine.setup.treatment is not None:
            self._engine.setup.treatment.withdraw_raising_back()
        self._write(self._engine.setup._replace(interrupted=None))

    def note(self, notes: tuple[Text, ...]) -> None:
        """Keep the notes that clients are shown; empty if nothing prevents a treatment."""
        self._write(self._engine.setup._replace(notes=notes))

    def take_contact(self, contact: tuple[ContactResult, ...]) -> None:
        """Keep what a contact check found."""
        self._write(self._engine.setup._replace(contact=contact))

    def _comfortable_before(self, accepted: AcceptedPrescription) -> Mapping[int, int]:
        """Return what was comfortable before an interruption that this prescription continues."""
        left: InterruptedSession | None = self._engine.setup.interrupted
        if len(accepted.prescription.parts) > 1:
            return {}  # nobody knows in which part, and at which share, it was comfortable
        now_us = self._engine.tick.now_us
        asked = (accepted.patient, accepted.prescription, accepted.wanted)
        if left is None or not left.holds_for(*asked, now_us):
            return {}
        return left.comfortable_ua

    def _rested_from_us(self) -> int | None:
        setup = self._engine.setup
        new_us = setup.treatment.rested_from_us if setup.treatment is not None else None
        if new_us is None:
            return setup.rested_from_us
        return max(setup.rested_from_us or 0, new_us)
