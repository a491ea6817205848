"""The clinician of a simulated patient: reads the engine's pages, says which fact comes next.

Every fact is entered as simulated: nobody was asked, and no hardware rig takes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import msgspec

from appliance.clinical.closing.facts import StoppedBecause
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.placement.facts import FeltAt
from appliance.clinical.unit.events import unit_fact_types
from appliance.core.refusal import Refusal
from appliance.link.client import LinkClient
from appliance.link.text_conversion import value_of
from appliance.messages.actions import Prescribe, RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.texts.english import english
from ui.cli.terminal.refusal_text import in_words
from ui.cli.treatment.simulated_close_out import close_out_fact
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

FIRST_FEELING = "first_feeling_marked"
QUERY_S = 10.0
"""Longest wait for a page."""


OPENED_US = 2_000_000
"""Longest wait for the engine to open a close-out."""


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
    is_closed: bool = False
    """Whether the close-out is complete, or will not be."""
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

    def after_end(self, session: str, because: StoppedBecause, waited_us: int) -> RecordFact | None:
        """Return the next fact of a close-out, None while there is none to enter.

        The engine opens the close-out of a session with current within a moment of its end;
        `waited_us` is the time since then. `is_closed` says when there is nothing more to do.
        """
        try:
            file = self._rows(f"patient:{self.patient}")
        except _NotRead as refusal:
            self._fail(str(refusal))
            return None
        row = next((row for row in _close_outs(file) if row["session"] == session), None)
        fact = None if row is None else close_out_fact(row, because)
        self.is_closed = fact is None and (row is not None or waited_us > OPENED_US)
        return None if fact is None else self._record(fact)

    def felt(self, channel: int) -> RecordFact:
        """Return the mark that a channel is felt first at its own pads."""
        values = {"channel": channel, "felt": FeltAt.THIS_PAIR.value}
        return self._record(SimulatedFact(FIRST_FEELING, values))

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
        for row in _close_outs(file):  # a run that was killed has left one open
            closing = close_out_fact(row)
            if closing is not None and closing != self._asked:
                return self._record(closing)
        placement = self.wanted.placement
        if placement is None:
            raise ValueError("a simulated treatment has a placement")
        self.wanted = replace(self.wanted, pad_set=pad_set_for(placement, file))
        key = placement.key
        where = f"{key.region}:{key.side}:{key.placement}:{key.depth}:{self.wanted.pad_set}"
        rows = self._rows(f"missing:{self.patient}:{key.programme}:{where}")
        findings = [msgspec.convert(row, FindingRow) for row in rows]
        fact = fact_for(Situation(findings, file, self.wanted, self._rows("unit")))
        if isinstance(fact, SimulatedFact) and fact != self._asked:
            return self._record(fact)
        blocking = (finding for finding in findings if finding.blocks)
        unanswered = fact if isinstance(fact, FindingRow) else next(blocking, None)
        if unanswered is not None:
            self._fail(_only_a_person(unanswered))
        return None

    def _fail(self, why: str) -> None:
        if self._has_prescribed:
            self.left_open, self.is_closed = why, True
        else:
            self.failure = why

    def _record(self, fact: SimulatedFact) -> RecordFact:
        self._asked = fact
        values = dict(fact.values)
        if self.patient and fact.kind not in unit_fact_types():
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


def _close_outs(file: Iterable[Row]) -> Iterator[Row]:
    return (row for row in file if row["kind"] == "close_out")


def _only_a_person(finding: FindingRow) -> str:
    """Return a finding that no simulated fact answers, in the form of an engine's refusal."""
    found, allowed, nearest = map(value_of, (finding.found, finding.allowed, finding.nearest))
    return english(Refusal(finding.rule, found, allowed, nearest).text())
