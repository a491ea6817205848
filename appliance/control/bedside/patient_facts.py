"""No current for a patient while a fact is missing that the treatment needs.

At the contact check and at Start every blocking finding of `missing_before_start` counts. Limits
that skin and sensation set are computed anew: what was recorded after the prescription may have
lowered them, and a treatment above them has to be prescribed again.

A session that has begun is not stopped because time passes, at midnight say. Resume and Rise are
refused for what was recorded since its Start: broken skin, a changed answer, damaged or removed
pads. Such a finding is one that the file as it is now has, and the file as it was at Start has not.
"""

from typing import NamedTuple

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Finding, refusal_of
from appliance.clinical.patients.before_start import (
    WantedTreatment,
    bounds_before_start,
    missing_before_start,
)
from appliance.clinical.patients.file import PatientFile
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.treatment.raise_back import continued
from appliance.control.treatment.treatment import Treatment
from appliance.core.limits.patient_limits import PatientBounds
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.texts.common_phrases import NONE, up_to
from appliance.texts.text import microamps, text

_IN_SESSION = frozenset({OutputStep.RESUME, OutputStep.RISE})


class _Begun(NamedTuple):
    """A treatment whose Start was allowed, and the patient's file at that moment."""

    treatment: Treatment
    file: PatientFile


class _Judged(NamedTuple):
    """What was found in a file since the Start of a treatment."""

    begun: _Begun
    file: PatientFile
    refusal: Refusal | None


class FactsOfThePatient:
    """Refuses steps towards output by the patient's file; used by the control thread only."""

    def __init__(self, engine: EngineState, facts: ClinicalFacts, journal: EngineJournal) -> None:
        self._engine = engine
        self._facts = facts
        self._journal = journal
        self._begun: _Begun | None = None
        self._judged: _Judged | None = None

    def attend(self) -> None:
        """Do nothing: files are folded by `ClinicalFacts`."""

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Return the first thing that is missing for the treatment set up, None on test loads."""
        treatment = self._engine.setup.treatment
        if treatment is None or treatment.subject is not Subject.PATIENT:
            return None
        if treatment.patient is None or treatment.wanted is None:
            return _refuse_unplanned()
        if self._facts.fault is not None:
            return _refuse_unknown(self._facts.fault)
        begun = self._begun if asked.step in _IN_SESSION else None
        if begun is not None and begun.treatment is not treatment:
            begun = None
        files = self._facts.to_judge(treatment.patient)
        for file in files:
            refusal = self._judge(treatment, treatment.wanted, file, begun)
            if refusal is not None:
                return refusal
        if asked.step is OutputStep.START:
            self._begun = _Begun(treatment, files[0])
        return None

    def _judge(
        self,
        treatment: Treatment,
        wanted: WantedTreatment,
        file: PatientFile,
        begun: _Begun | None,
    ) -> Refusal | None:
        if begun is None:
            now = self._now()
            continues = self._continued(treatment)
            findings = self._missing(file, wanted, now, continues)
            return refusal_of(findings) or _refuse_limits(
                treatment, bounds_before_start(file, wanted, now)
            )
        judged = self._judged
        if judged is None or judged.begun is not begun or judged.file is not file:
            judged = self._judged = _Judged(begun, file, self._judge_new(wanted, file, begun))
        return judged.refusal

    def _judge_new(
        self, wanted: WantedTreatment, file: PatientFile, begun: _Begun
    ) -> Refusal | None:
        """Judge what was recorded since Start; the same file needs no look at its facts."""
        now = self._now()
        new: tuple[Finding, ...] = ()
        if file is not begun.file:
            before = [_what(finding) for finding in self._missing(begun.file, wanted, now)]
            found = self._missing(file, wanted, now)
            new = tuple(finding for finding in found if _what(finding) not in before)
        return refusal_of(new) or _refuse_limits(
            begun.treatment, bounds_before_start(file, wanted, now)
        )

    def _missing(
        self,
        file: PatientFile,
        wanted: WantedTreatment,
        now: FactTime,
        continues: tuple[str, ...] = (),
    ) -> tuple[Finding, ...]:
        return missing_before_start(file, wanted, now, self._facts.files.settings, continues)

    def _continued(self, treatment: Treatment) -> tuple[str, ...]:
        left, now_us = self._engine.setup.interrupted, self._engine.tick.now_us
        return continued(left, treatment, now_us)

    def _now(self) -> FactTime:
        return self._facts.files.judged_at(self._journal.fact_time())


def _what(finding: Finding) -> tuple[object, ...]:
    return finding.consequence, finding.rule, finding.item, finding.found


def _refuse_limits(treatment: Treatment, bounds: PatientBounds) -> Refusal | None:
    """Refuse a treatment above the limits that skin and sensation set now."""
    ceiling_ua = treatment.prescription.ceiling_ua
    again = text("before_start.prescribe_again")
    if bounds.ceiling_ua is not None and ceiling_ua > bounds.ceiling_ua:
        allowed = up_to(microamps(bounds.ceiling_ua))
        return Refusal(bounds.ceiling_by, microamps(ceiling_ua), allowed, again)
    if bounds.single_taps and not treatment.bounds.single_taps:
        asked, allowed = text("press_and_hold"), text("single_taps")
        return Refusal(bounds.ceiling_by, asked, allowed, again)
    return None


def _refuse_unplanned() -> Refusal:
    allowed, nearest = text("before_start.chosen"), text("before_start.prescribe_again")
    return Refusal("refusal.before_start", NONE, allowed, nearest)


def _refuse_unknown(fault: str) -> Refusal:
    allowed, nearest = text("patient.readable", fault=fault), text("patient.records_first")
    return Refusal("refusal.patient", text("before_start.file"), allowed, nearest)
