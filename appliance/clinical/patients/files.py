"""The files of all patients of a unit; the engine keeps them in step with the journal.

Each file is frozen; this register is the one mutable thing, and whoever writes the journal is its
only writer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from appliance.clinical.closing.close_out import CloseOut
from appliance.clinical.course.review import IsLead, nobody_knows
from appliance.clinical.fact import Fact, FactTime, judged_at, newest_of
from appliance.clinical.finding import Finding
from appliance.clinical.own.shelf import OwnProgrammes
from appliance.clinical.patients.before_start import (
    USUAL_SETTINGS,
    ClinicalSettings,
    WantedTreatment,
    missing_before_start,
    pads_still_lying,
)
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.registration import PatientIdentity
from appliance.core.prescription.sessions_per_patient import GivenSession


def _no_sessions(_patient: str) -> tuple[GivenSession, ...]:
    return ()


class PatientFiles:
    """Every patient's file by pseudonym; `virtual` says that simulated facts count.

    `newest` is the newest trusted time of any fact, of whichever patient: a clock behind it is not
    trusted.
    """

    def __init__(
        self, *, virtual: bool = False, settings: ClinicalSettings = USUAL_SETTINGS
    ) -> None:
        self.virtual = virtual
        self.settings = settings
        self.newest: FactTime | None = None
        self.sessions: Callable[[str], tuple[GivenSession, ...]] = _no_sessions
        """The sessions given to a patient on rigs of this kind, from the records."""
        self.is_lead: IsLead = nobody_knows
        self.own: Callable[[], OwnProgrammes] = OwnProgrammes
        """The own programmes of the unit."""
        self._files: dict[str, PatientFile] = {}
        self._holding_up: dict[str, CloseOut] = {}

    def take(self, fact: Fact, at: FactTime) -> None:
        """Add a fact that has been recorded."""
        before = self.of(fact.patient)
        file = self._files[fact.patient] = before.after(fact, at)
        if file.close_outs is not before.close_outs or file.identity is not before.identity:
            self._follow_close_outs(file)
        self.newest = newest_of(self.newest, at)

    def _follow_close_outs(self, file: PatientFile) -> None:
        close_out = file.close_outs.holding_up
        if close_out is None or file.identity is None:
            self._holding_up.pop(file.patient, None)
        else:
            self._holding_up[file.patient] = close_out

    def of(self, patient: str) -> PatientFile:
        """Return the file of a patient; one without facts where none is known."""
        known, given = self._files.get(patient), self.sessions(patient)
        file = known or PatientFile(patient=patient, virtual=self.virtual)
        if file.given == given:
            return file
        file = replace(file, given=given)
        if known is not None:
            self._files[patient] = file
        return file

    def forget(self, patient: str) -> None:
        """Drop the file of a patient whose records were erased; `newest` stays."""
        self._files.pop(patient, None)
        self._holding_up.pop(patient, None)

    def copy(self) -> "PatientFiles":
        """Return the files as they are now; later facts do not change the copy."""
        copied = PatientFiles(virtual=self.virtual, settings=self.settings)
        copied.newest, copied._files = self.newest, dict(self._files)
        copied._holding_up = dict(self._holding_up)
        copied.sessions, copied.is_lead, copied.own = self.sessions, self.is_lead, self.own
        return copied

    def holding_up(self) -> tuple[str, CloseOut] | None:
        """Return a patient and a close-out without which nobody is treated, None without one."""
        return next(iter(self._holding_up.items()), None)

    def holding_up_but(
        self, patient: str, wanted: WantedTreatment, continued: Sequence[str]
    ) -> tuple[str, CloseOut] | None:
        """Return what holds up a treatment of a patient that continues these sessions."""
        others = (item for item in self._holding_up.items() if item[0] != patient)
        held, file = next(others, None), self.of(patient)
        if held is not None or file.identity is None:
            return held
        own = file.close_outs.holding_up_but(pads_still_lying(file, wanted, continued))
        return None if own is None else (patient, own)

    def all(self) -> tuple[PatientFile, ...]:
        """Return every file, in the order of the first facts."""
        return tuple(self._files.values())

    def identities(self) -> tuple[PatientIdentity, ...]:
        """Return who is registered, in the order of the first facts."""
        known = (file.identity for file in self._files.values())
        return tuple(identity for identity in known if identity is not None)

    def judged_at(self, now: FactTime) -> FactTime:
        """Return the time to judge by."""
        return judged_at(now, self.newest)

    def missing_before_start(
        self,
        patient: str,
        wanted: WantedTreatment,
        now: FactTime,
        continued: Sequence[str] = (),
    ) -> tuple[Finding, ...]:
        """Return every open finding and every note about a treatment of a patient."""
        file, at = self.of(patient), self.judged_at(now)
        return missing_before_start(file, wanted, at, self.settings, continued)
