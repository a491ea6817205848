"""Record facts about patients: checked, written, and part of a patient's file once on the disk.

There are two sets of files. `files` are folded from what is on the disk: whoever asks what is known
of a patient gets these. What is asked for next is checked against `_expected`, which has what is on
its way to the disk too: two screens cannot register the same person at the same moment.

A fact changes neither the state of the unit nor its output, in no state.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from appliance.clinical.closing.close_out import CloseOut
from appliance.clinical.closing.facts import CloseOutOpened, HarmTold
from appliance.clinical.closing.recording import known_levels
from appliance.clinical.course.review import IsLead, nobody_knows
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.finding import Finding
from appliance.clinical.own.shelf import OwnProgrammes
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.events import fact_types
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.ids import next_id
from appliance.clinical.patients.recording import refuse_fact
from appliance.clinical.placement.facts import PadSetUsed
from appliance.control.commands.fact_recorder import RULE, FactRecorder, refuse_values
from appliance.control.commands.prescribe import refuse_pseudonym
from appliance.control.pages.page import TREATING, KnownPatients
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.roles import Role
from appliance.messages.actions import RecordFact
from appliance.records.fact_rows import plain_facts
from appliance.records.patient_facts import PatientFacts, event_name
from appliance.records.patient_history import PatientRegister, pseudonym
from appliance.texts.common_phrases import listed
from appliance.texts.text import text

RefuseFact: TypeAlias = Callable[[Fact, PatientFile, FactTime], Refusal | None]
OWN = frozenset({CloseOutOpened, HarmTold, PadSetUsed})
"""What the engine knows by itself and takes from nobody."""


class ClinicalFacts:
    """Takes facts from clients and folds them; used only by the control thread."""

    def __init__(
        self,
        recorder: FactRecorder,
        loaded: PatientFacts,
        register: PatientRegister,
        journal: EngineJournal,
        is_lead: IsLead = nobody_knows,
    ) -> None:
        self.files = loaded.files
        """What is on the disk; other threads get copies (`now_on_disk`)."""
        self.patient = ""
        """Whom the newest fact is about."""
        self.latest: Fact | None = None
        """The newest fact that was taken."""
        self._recorder = recorder
        self._loaded = loaded
        self._register = register
        self._journal = journal
        loaded.files.sessions, loaded.files.is_lead = register.given, is_lead
        self._expected = loaded.files.copy()

    def know(self, own: Callable[[], OwnProgrammes]) -> None:
        """Know the own programmes of the unit, on which pads may be placed too."""
        self.files.own = self._expected.own = own

    def now_on_disk(self) -> PatientFiles:
        """Return the files as they are on the disk; nothing changes them afterwards."""
        self._recorder.attend()
        copied, sessions = self.files.copy(), self._register.sessions()
        copied.sessions = lambda patient: sessions.get(patient, ())
        return copied

    @property
    def fault(self) -> str | None:
        """Return why the files are unknown, None if they are known."""
        return self._loaded.fault

    def to_judge(self, patient: str) -> tuple[PatientFile, ...]:
        """Return the file on the disk, then the one with what is on its way there, if anything is.

        Whoever lets a patient be treated asks both: a new fact may forbid it before it is on the
        disk, and allows it only afterwards.
        """
        self._recorder.attend()
        on_disk = self.files.of(patient)
        return (on_disk, self._expected.of(patient)) if self._recorder.waits else (on_disk,)

    def known(self) -> KnownPatients:
        """Return what queries about patients are answered from."""
        return KnownPatients(self.now_on_disk(), self._journal.fact_time(), self._loaded.fault)

    def is_waived(self, patient: str) -> bool:
        """Return whether a patient cannot squeeze the hand switch today."""
        waiver = self.files.of(patient).squeeze_waiver
        if waiver.at is None:
            return False
        return waiver.holds(self.files.judged_at(self._journal.fact_time()))

    def record(self, action: RecordFact, refuse: RefuseFact | None = None) -> Refusal | None:
        """Write a fact, or say why not; a question is a refusal that its answer lifts.

        `refuse` is asked last, with the patient's file and the time to judge by.
        """
        fault = self._loaded.fault or self._register.fault
        fact = self._recorder.refuse(action, fault) or self._read(action)
        if isinstance(fact, Refusal):
            return fact
        now = self._journal.fact_time()
        current = self._recorder.session_of(fact.patient)
        objection = refuse_fact(fact, self._expected, now, self._pseudonyms(), current=current)
        if isinstance(objection, Finding):
            return objection.refusal()
        if objection is None and refuse is not None:
            file = self._expected.of(fact.patient)
            objection = refuse(fact, file, self._expected.judged_at(now))
        return objection or self._write(fact)

    def record_own(self, fact: Fact) -> bool:
        """Write a fact that the engine knows by itself; return whether the journal had room."""
        return self._note(fact) is None

    def expected(self, patient: str) -> PatientFile:
        """Return the file of a patient, with what is on its way to the disk."""
        return self._expected.of(patient)

    def holding_up(self) -> tuple[str, CloseOut] | None:
        """Return a patient and a close-out without which nobody is treated, None without one.

        One that is on its way to the disk counts, its answers only once they are there.
        """
        return self._expected.holding_up() or self.files.holding_up()

    def holding_up_but(
        self, patient: str, wanted: WantedTreatment, continued: Sequence[str]
    ) -> tuple[str, CloseOut] | None:
        """Return what holds up a treatment that continues these sessions, None if nothing does."""
        asked = (patient, wanted, continued)
        return self._expected.holding_up_but(*asked) or self.files.holding_up_but(*asked)

    def _read(self, action: RecordFact) -> Fact | Refusal:
        """Return the fact of a message, with what the engine adds."""
        kind = fact_types().get(action.kind)
        if kind is None:
            asked, names = text("fact.unknown_kind"), listed(sorted(fact_types())[:3])
            return Refusal(RULE, asked, text("fact.kinds", names=names), text("fact.see_records"))
        if kind in OWN:
            asked, allowed = text("fact.own", kind=action.kind), text("fact.not_own")
            return Refusal(RULE, asked, allowed, text("fact.recorded_by_itself"))
        refusal = refuse_values(action.values)
        patient = refusal or self._whom(kind, action.values.get("patient"))
        if isinstance(patient, Refusal):
            return patient
        added = {"patient": patient, **self._recorder.added(action)}
        known = known_levels(kind, action.values, self._expected.of(patient).close_outs)
        return read_fact(kind, {**known, **action.values, **added})

    def _whom(self, kind: type[Fact], named: object) -> str | Refusal:
        """Return the patient of a fact; a new one gets an id.

        A registration may name a pseudonym that the records have from before, nothing else.
        """
        if named is None and kind is PatientRegistered:
            return next_id(self._pseudonyms(), above=self._loaded.ids_given)
        if not isinstance(named, str):
            return Refusal(
                RULE,
                text("fact.missing", field="patient"),
                text("fact.a_text"),
                text("fact.nearest"),
            )
        patient = pseudonym(named)
        if patient is None:
            return refuse_pseudonym(named)
        if kind is PatientRegistered and patient not in self._pseudonyms():
            asked, allowed = text("patient_id.unknown"), text("patient_id.of_records")
            return Refusal("refusal.patient", asked, allowed, text("patient_id.without"))
        return patient

    def _pseudonyms(self) -> set[str]:
        """Return every pseudonym that the records have, those on their way included."""
        registered = {identity.patient for identity in self._expected.identities()}
        return self._loaded.pseudonyms | self._register.names() | registered

    def _write(self, fact: Fact) -> Refusal | None:
        refusal = self._note(fact)
        if refusal is None:
            self.patient, self.latest = fact.patient, fact
            self._recorder.attend()
        return refusal

    def _note(self, fact: Fact) -> Refusal | None:
        facts = plain_facts(fact, self._journal.rig_kind)
        at = self._recorder.write(event_name(fact), facts, partial(self.files.take, fact))
        if isinstance(at, Refusal):
            return at
        self._expected.take(fact, at)
        return None


def refuse_patient_fact(role: Role) -> Refusal | None:
    """Refuse facts about patients to maintenance, which treats nobody and needs nobody's file."""
    if role in TREATING:
        return None
    asked = text("role.asked", action=action_words(RecordFact), role=role.value)
    allowed = listed(sorted(each.value for each in TREATING))
    return Refusal("refusal.role", asked, allowed, text("role.stop"))
