"""Record facts about the unit, and know at any moment what speaks against treating with it.

As with patients there are two files: one folded from what is on the disk, and `_expected`, which
has what is on its way there too. Output is judged by both: taking out of use counts at once, a
release only once it is on the disk.
"""

from collections.abc import Callable

from appliance.clinical.fact import FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.finding import Finding, refusal_of
from appliance.clinical.unit.care import CareStatus, Treated, care_note
from appliance.clinical.unit.events import unit_fact_types
from appliance.clinical.unit.facts import UnitFact, UnitTakenOutOfUse
from appliance.clinical.unit.out_of_use import judge_out_of_use, out_of_use_text
from appliance.clinical.unit.parts import damage_notes
from appliance.clinical.unit.recording import BY_CLINICIANS, BY_SERVICE, refuse_unit_fact
from appliance.clinical.unit.unit_file import UnitFile
from appliance.control.commands.fact_recorder import FactRecorder, refuse_values
from appliance.control.engine_state import EngineState, UnitState
from appliance.control.pages.page import KnownUnit
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.interfaces import Received
from appliance.link.roles import Role
from appliance.messages.actions import Command, RecordFact
from appliance.operators.facts import OperatorRole
from appliance.operators.permission import refuse_token
from appliance.operators.presence import SignedInOperator
from appliance.records.fact_rows import plain_facts
from appliance.records.unit_facts import UnitFacts, unit_fact_name
from appliance.texts.common_phrases import listed
from appliance.texts.text import text
from drivers.quantities import US_PER_S

LOOK_AGAIN_US = 10 * US_PER_S
"""The notes are made again this often: a due date does not pass in a tick."""
LOOKING_AFTER = frozenset({Role.KIOSK, Role.OWNER})
"""Who records looks and care; whoever treats."""
SERVICING = frozenset({Role.MAINTENANCE, Role.OWNER})


def may_service(role: Role, operator: OperatorRole | None) -> bool:
    """Return whether a sender may release, check and calibrate: the one place that says so.

    `operator` is the role of the operator whose token came with it, None without one.
    """
    if operator is not None:
        return operator is OperatorRole.SERVICE
    return role in SERVICING


def role_of_sender(signed_in: SignedInOperator | None, received: Received) -> OperatorRole | None:
    """Return the role of the operator whose good token came with a command, None without one."""
    message = received.message
    token = message.token if isinstance(message, Command) else ""
    if signed_in is None or refuse_token(signed_in, token) is not None:
        return None
    return signed_in.role


def is_about_unit(action: RecordFact) -> bool:
    """Return whether a fact is about the unit, and not about a patient."""
    return action.kind in unit_fact_types()


class UnitRegister:
    """Takes facts about the unit and folds them; used only by the control thread."""

    def __init__(
        self,
        engine: EngineState,
        recorder: FactRecorder,
        loaded: UnitFacts,
        journal: EngineJournal,
    ) -> None:
        self.file = self._expected = loaded.file
        self.treated = loaded.treated
        """The patient treated last, and when."""
        self.fault = loaded.fault
        """Why the file is not known, None if it is."""
        self.channels = tuple(engine.measured.channels)
        self._engine = engine
        self._recorder = recorder
        self._journal = journal
        self._write = engine.claim(UnitState)
        self._treating: str | None = None
        self._noted_at_us: int | None = None

    def attend(self) -> None:
        """Follow whose session ends; renew what screens show. Each tick."""
        if not self._recorder.waits:
            self._expected = self.file
        treatment = self._engine.setup.treatment
        in_session = self._engine.session.id is not None and treatment is not None
        treating = treatment.patient if treatment is not None and in_session else None
        if self._treating is not None and treating != self._treating:
            self.treated = Treated(self._treating, self._journal.fact_time())
        self._treating = treating
        now_us = self._engine.tick.now_us
        if self._noted_at_us is None or now_us - self._noted_at_us >= LOOK_AGAIN_US:
            self._noted_at_us = now_us
            self._show()

    def record(self, action: RecordFact, received: Received) -> Refusal | None:
        """Write a fact, or say why not."""
        refusal = self._recorder.refuse(action, self.fault) or refuse_values(action.values)
        if refusal is not None:
            return refusal
        kind = unit_fact_types()[action.kind]
        operator = role_of_sender(self._engine.people.signed_in, received)
        fact = _refuse_role(kind, received.role, operator) or read_fact(
            kind, {**action.values, **self._recorder.added(action)}
        )
        if isinstance(fact, Refusal):
            return fact
        now = self._journal.fact_time()
        return refuse_unit_fact(fact, self._expected, self.channels, now) or self._write_fact(fact)

    def known(self) -> KnownUnit:
        """Return what pages about the unit are made from; nothing changes it afterwards."""
        self._recorder.attend()
        now = self._journal.fact_time()
        return KnownUnit(self.file.seen(now), now, self.channels, self.treated, self.fault)

    def judge(
        self, judge: Callable[[UnitFile, FactTime], tuple[Finding, ...]]
    ) -> tuple[Finding, ...]:
        """Return the findings on the disk and those of what is on its way there."""
        self._recorder.attend()
        self.attend()
        now = self._journal.fact_time()
        self._seen(now)
        found = judge(self.file, now)
        return found if self._expected is self.file else (*found, *judge(self._expected, now))

    def is_serviced_by(self, received: Received) -> bool:
        """Return whether a sender services the unit."""
        return may_service(received.role, role_of_sender(self._engine.people.signed_in, received))

    def refuse_out_of_use(self) -> Refusal | None:
        """Refuse output from a unit that is out of use."""
        return refusal_of(self.judge(lambda file, _: judge_out_of_use(file.out_of_use)))

    def _write_fact(self, fact: UnitFact) -> Refusal | None:
        facts = plain_facts(fact, self._journal.rig_kind)

        def fold(at: FactTime) -> None:
            self.file = self.file.after(fact, at)
            self._noted_at_us = None

        at = self._recorder.write(unit_fact_name(fact), facts, fold)
        if isinstance(at, Refusal):
            return at
        self._expected = self._expected.after(fact, at)
        self._recorder.attend()
        if isinstance(fact, UnitTakenOutOfUse):
            self._show()
        return None

    def _seen(self, now: FactTime) -> None:
        """Note what the clock shows: where it is set back later, nothing gets younger."""
        same = self._expected is self.file
        self.file = self.file.seen(now)
        self._expected = self.file if same else self._expected.seen(now)

    def _show(self) -> None:
        """Write what snapshots say of the unit."""
        now = self._journal.fact_time()
        self._seen(now)
        standings = self.file.care_standings(now)
        care = [care_note(each) for each in standings if each.status is not CareStatus.IN_ORDER]
        out_of_use = out_of_use_text(self._expected.out_of_use or self.file.out_of_use)
        self._write(UnitState((*damage_notes(self.file.checks), *care), out_of_use))


def _refuse_role(kind: type[UnitFact], role: Role, operator: OperatorRole | None) -> Refusal | None:
    """Refuse what only service records, or only who treats; anybody takes a unit out of use."""
    if kind is UnitTakenOutOfUse:
        return None
    nearest = text("unit_fact.by_service")
    if kind in BY_CLINICIANS:
        allowed = {*LOOKING_AFTER, OperatorRole.CLINICIAN, OperatorRole.LEAD}
        may = role in LOOKING_AFTER and operator is not OperatorRole.SERVICE
        nearest = text("own.by_clinician")
    elif kind in BY_SERVICE:
        allowed, may = {*SERVICING, OperatorRole.SERVICE}, may_service(role, operator)
    else:
        allowed, may = {*LOOKING_AFTER}, role in LOOKING_AFTER
    if may:
        return None
    asked = text("role.asked", action=action_words(RecordFact), role=(operator or role).value)
    names = listed(sorted(each.value for each in allowed))
    return Refusal("refusal.role", asked, names, nearest)
