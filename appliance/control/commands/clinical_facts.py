"""Record facts about patients: checked, written, and part of a patient's file once on the disk.

There are two sets of files. `files` are folded from what is on the disk: whoever asks what is known
of a patient gets these. What is asked for next is checked against `_expected`, which has what is on
its way to the disk too: two screens cannot register the same person at the same moment.

A fact that the disk does not take is no part of a file, and its sender is told that it was not
recorded. The journal keeps it and tries again; if that succeeds, the fact counts from then on. A
fact changes neither the state of the unit nor its output, in no state.
"""

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.finding import Finding
from appliance.clinical.patients.events import fact_types
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.ids import next_id
from appliance.clinical.patients.recording import refuse_fact
from appliance.control.commands.prescribe import refuse_pseudonym
from appliance.control.engine_state import EngineState
from appliance.control.pages.page import KnownPatients
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.link.server.rate_limit import RateLimit
from appliance.messages.actions import RecordFact
from appliance.records.patient_facts import PatientFacts, event_name, plain_facts
from appliance.records.patient_history import PatientRegister, pseudonym
from appliance.safety.state_machine.states import Locked, SelfTest, Tripped
from appliance.texts.common_phrases import at_most, listed
from appliance.texts.text import text

RATE = (5, 100)
"""Facts a second, and at once: faster than a hand, slower than a flood (D)."""
MOST_WAITING = 16
"""Facts on their way to the disk; more are refused, so that urgent events always find room (D)."""
MOST_BYTES = 16 * 1024
"""A fact in JSON; a full screening has some 3 KiB."""
MOST_CHARS = 500
"""Characters of one text in a fact, as a sentence of the link."""
MOST_NUMBER = 2**53
_BY_ENGINE = ("operator", "simulated")
_RULE = "refusal.fact"


class _Waiting(NamedTuple):
    """A fact that is not known to be on the disk yet."""

    number: int
    fact: Fact
    at: FactTime


class ClinicalFacts:
    """Takes facts from clients and folds them; used only by the control thread."""

    def __init__(
        self,
        engine: EngineState,
        loaded: PatientFacts,
        register: PatientRegister,
        journal: EngineJournal,
    ) -> None:
        self.files = loaded.files
        """What is on the disk; other threads get copies (`now_on_disk`)."""
        self.patient = ""
        """Whom the newest fact is about."""
        self._engine = engine
        self._loaded = loaded
        self._register = register
        self._journal = journal
        self._expected = loaded.files.copy()
        self._waiting: deque[_Waiting] = deque()
        self._rate: RateLimit | None = None
        self._unlocked = False

    def attend(self) -> None:
        """Fold what has reached the disk; follow whether somebody has unlocked. Each tick."""
        state = self._engine.machine.state
        if not isinstance(state, Tripped):  # a trip of a locked unit unlocks nothing
            self._unlocked = not isinstance(state, Locked | SelfTest)
        while self._waiting and self._journal.kept(self._waiting[0].number):
            waiting = self._waiting.popleft()
            self.files.take(waiting.fact, waiting.at)

    def now_on_disk(self) -> PatientFiles:
        """Return the files as they are on the disk; nothing changes them afterwards."""
        self.attend()
        return self.files.copy()

    def known(self) -> KnownPatients:
        """Return what queries about patients are answered from."""
        return KnownPatients(self.now_on_disk(), self._journal.fact_time(), self._loaded.fault)

    def record(self, action: RecordFact) -> Refusal | None:
        """Write a fact, or say why not; a question is a refusal that its answer lifts."""
        self.attend()
        fact = self._refuse_now(action) or self._refuse_flood() or self._read(action)
        if isinstance(fact, Refusal):
            return fact
        now = self._journal.fact_time()
        objection = refuse_fact(fact, self._expected, now, self._pseudonyms())
        if isinstance(objection, Finding):
            return objection.refusal()
        return objection or self._write(fact)

    def _refuse_now(self, action: RecordFact) -> Refusal | None:
        if not self._unlocked:
            asked = type(self._engine.machine.state).__name__
            return Refusal(
                _RULE, text("fact.while", state=asked), text("fact.unlocked"), text("fact.unlock")
            )
        operator = self._engine.command.operator
        if action.operator and action.operator.strip() != operator:
            return Refusal(
                _RULE, text("fact.another_operator"), operator, text("fact.as_who_unlocked")
            )
        fault = self._loaded.fault or self._register.fault or self._journal.fault
        if fault is not None:
            return Refusal(
                _RULE,
                text("fact.recorded"),
                text("patient_ceiling.records", fault=fault),
                text("patient_ceiling.records_first"),
            )
        return None

    def _refuse_flood(self) -> Refusal | None:
        now_us = self._engine.tick.now_us
        if self._rate is None:
            self._rate = RateLimit(*RATE, now_us)
        if len(self._waiting) < MOST_WAITING and self._rate.spend(now_us):
            return None
        return _no_room()

    def _read(self, action: RecordFact) -> Fact | Refusal:
        """Return the fact of a message, with what the engine adds."""
        kind = fact_types().get(action.kind)
        if kind is None:
            asked, names = text("fact.unknown_kind"), listed(sorted(fact_types())[:3])
            return Refusal(_RULE, asked, text("fact.kinds", names=names), text("fact.see_records"))
        refusal = _refuse_values(action.values)
        patient = refusal or self._whom(kind, action.values.get("patient"))
        if isinstance(patient, Refusal):
            return patient
        for name in _BY_ENGINE:
            if name in action.values:
                asked = text("fact.given", field=name)
                return Refusal(_RULE, asked, text("fact.by_engine"), text("fact.leave_out"))
        added = {
            "patient": patient,
            "operator": self._engine.command.operator,
            "simulated": action.simulated,
        }
        return read_fact(kind, {**action.values, **added})

    def _whom(self, kind: type[Fact], named: object) -> str | Refusal:
        """Return the patient of a fact; a new one gets an id.

        A registration may name a pseudonym that the records have from before, nothing else.
        """
        if named is None and kind is PatientRegistered:
            return next_id(self._pseudonyms(), above=self._loaded.ids_given)
        if not isinstance(named, str):
            return Refusal(
                _RULE,
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
        recorded = self._journal.note_fact(
            event_name(fact), plain_facts(fact, self._journal.rig_kind)
        )
        if recorded is None:
            return _no_room()
        number, at = recorded
        self._expected.take(fact, at)
        self._waiting.append(_Waiting(number, fact, at))
        self.patient = fact.patient
        self.attend()
        return None


def _no_room() -> Refusal:
    asked, allowed = text("fact.recorded"), text("fact.room")
    return Refusal(_RULE, asked, allowed, text("ask_again_in_a_moment"))


def _refuse_values(values: Mapping[str, object]) -> Refusal | None:
    """Refuse what is too large to keep or cannot be read; none of it is repeated."""
    size = len(msgspec.json.encode(values))
    if size > MOST_BYTES:
        asked, most = text("fact.bytes", count=size), at_most(text("fact.bytes", count=MOST_BYTES))
        return Refusal(_RULE, asked, most, text("fact.shorter"))
    if _is_plain(values):
        return None
    allowed = text("fact.readable", most=MOST_CHARS)
    return Refusal(_RULE, text("fact.unreadable"), allowed, text("fact.nearest"))


def _is_plain(value: object) -> bool:
    """Return whether texts can be read and numbers be computed with; "" is a text."""
    match value:
        case str():
            return not value or (len(value) <= MOST_CHARS and says_something(value))
        case bool() | None:
            return True
        case int():
            return abs(value) <= MOST_NUMBER
        case dict():
            return all(_is_plain(name) and _is_plain(item) for name, item in value.items())
        case list() | tuple():
            return all(map(_is_plain, value))
        case _:
            return False
