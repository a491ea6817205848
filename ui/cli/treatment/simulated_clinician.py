"""The clinician of a simulated patient: reads the engine's pages, says which fact comes next.

Every fact is entered as simulated: nobody was asked, and no hardware rig takes it.
"""

from dataclasses import dataclass, field, replace

import msgspec

from appliance.clinical.patients.before_start import WantedTreatment
from appliance.core.refusal import Refusal
from appliance.link.client import LinkClient
from appliance.link.text_conversion import value_of
from appliance.messages.actions import Prescribe, RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.texts.english import english
from ui.cli.terminal.refusal_text import in_words
from ui.cli.treatment.simulated_close_out import EndOfSession, close_out_fact
from ui.cli.treatment.simulated_facts import (
    FindingRow,
    Row,
    SimulatedFact,
    Situation,
    fact_for,
    find_patient,
    pad_set_for,
    registration,
)

QUERY_S = 10.0
"""Longest wait for a page."""


class _NotRead(Exception):
    """A page that the engine refused; the message says why."""


@dataclass(slots=True)
class SimulatedClinician:
    """Enters what a treatment of a simulated patient needs.

    `named` is how the patient was asked for: an id, an alias, a pseudonym of earlier records, or ""
    for the simulated patient of these records, who is registered if there is none. `entered` are
    the facts that the engine has taken. `failure` says why there is no treatment, `left_open` why
    its close-out is not complete.
    """

    named: str
    wanted: WantedTreatment
    patient: str = ""
    entered: list[SimulatedFact] = field(default_factory=list)
    failure: str | None = None
    left_open: str | None = None
    link: LinkClient | None = None
    """Set once there is an engine to read from."""
    _has_prescribed: bool = False
    _asked: SimulatedFact | None = None

    def before_start(self) -> RecordFact | None:
        """Return the next fact that is needed, None when nothing is missing or on a failure."""
        try:
            if not self.patient:
                patients = self._rows("patients")
                self.patient = find_patient(self.named, patients) or ""
                if not self.patient:
                    return self._record(registration(self.named, patients))
            return self._missing()
        except _NotRead as refusal:
            self._fail(str(refusal))
            return None

    def after_end(self, end: EndOfSession) -> RecordFact | None:
        """Return the next fact of the close-out, None when it is complete or on a failure."""
        try:
            fact = close_out_fact(self._rows(f"patient:{self.patient}"), end)
        except _NotRead as refusal:
            self._fail(str(refusal))
            return None
        return None if fact is None else self._record(fact)

    def prescribed(self, asked: Prescribe) -> Prescribe:
        """Return a prescription for this patient and the pads that are labelled."""
        self._has_prescribed = True
        return msgspec.structs.replace(asked, patient=self.patient, pad_set=self.wanted.pad_set)

    def answered(self, answer: Reply | Refused) -> None:
        """Note what became of the fact that was sent."""
        if isinstance(answer, Refused):
            self._fail(in_words(answer))
            return
        self.patient = answer.patient or self.patient
        if self._asked is not None:
            self.entered.append(self._asked)

    def _missing(self) -> RecordFact | None:
        file = self._rows(f"patient:{self.patient}")
        placement = self.wanted.placement
        if placement is None:
            raise ValueError("a simulated treatment has a placement")
        self.wanted = replace(self.wanted, pad_set=pad_set_for(placement, file))
        key = placement.key
        where = f"{key.region}:{key.side}:{key.placement}:{key.depth}:{self.wanted.pad_set}"
        rows = self._rows(f"missing:{self.patient}:{key.programme}:{where}")
        findings = [msgspec.convert(row, FindingRow) for row in rows]
        fact = fact_for(Situation(findings, file, self.wanted))
        if isinstance(fact, SimulatedFact) and fact != self._asked:
            return self._record(fact)
        unanswered = next((finding for finding in findings if finding.blocks), None)
        if unanswered is not None:
            self._fail(_only_a_person(unanswered))
        return None

    def _fail(self, why: str) -> None:
        if self._has_prescribed:
            self.left_open = why
        else:
            self.failure = why

    def _record(self, fact: SimulatedFact) -> RecordFact:
        self._asked = fact
        values = dict(fact.values)
        if self.patient:
            values["patient"] = self.patient
        return RecordFact(kind=fact.kind, values=values, simulated=True)

    def _rows(self, what: str) -> list[Row]:
        """Return every row of a page; raises `_NotRead` with the engine's refusal."""
        if self.link is None:
            raise ValueError("there is no engine to read from yet")
        rows: list[Row] = []
        after: int | None = 0
        while after is not None:
            page = self.link.query(what, after=after, timeout_s=QUERY_S)
            if isinstance(page, Refused):
                raise _NotRead(in_words(page))
            rows += page.rows
            after = page.next_after
        return rows


def _only_a_person(finding: FindingRow) -> str:
    """Return a finding that no simulated fact answers, in the form of an engine's refusal."""
    found, allowed, nearest = map(value_of, (finding.found, finding.allowed, finding.nearest))
    return english(Refusal(finding.rule, found, allowed, nearest).text())
