"""Who may send what as things are, and what people ask for about themselves.

It stands between the dispatcher and `SignIns`: gathers what the rules of
`appliance.operators.permission` judge by, and steps the state machine where a sign-in unlocks the
unit or a sign-out locks it.
"""

from collections.abc import Callable

import msgspec

from appliance.clinical.patients.events import fact_types
from appliance.control.commands.sheets import Asked, SheetWorker
from appliance.control.commands.sign_in_rules import Decided, Granted, system_user
from appliance.control.commands.sign_ins import SignIns
from appliance.control.engine_state import EngineState
from appliance.control.pages.page import TREATING, KnownPeople, PageKind
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.state_runner import StateRunner
from appliance.core.refusal import Refusal
from appliance.link.interfaces import Received
from appliance.link.roles import Role
from appliance.messages.actions import (
    ABOUT_SHEETS,
    Action,
    BeginDrill,
    ChangeMinutes,
    CheckContact,
    Command,
    Contract,
    ContractByCycle,
    EnrolOperator,
    HoldRise,
    LeavePatient,
    MarkFelt,
    Prescribe,
    Query,
    RecordFact,
    RepeatLast,
    ResetOperators,
    Resume,
    RetireOperator,
    Rise,
    SetCeiling,
    SetPin,
    SetUpUnit,
    SignIn,
    SignOut,
    Start,
    Touched,
    TryPin,
    Unlock,
)
from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.messages.wire import Subject
from appliance.operators.permission import (
    Sender,
    needs_nobody,
    refuse_page_reader,
    refuse_sender,
    refuse_token,
)
from appliance.operators.set_up import SetUpStep, refuse_unfinished
from appliance.records.session_events import EventName
from appliance.safety.arming_policy import ArmingPolicy
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import Locked, Tripped, is_energising
from appliance.texts.text import text

LATER = (SignIn, TryPin, SetPin, EnrolOperator, *ABOUT_SHEETS)
"""Answered in a later tick, once a PIN is hashed or a sheet is written."""
_STEPS = (
    *(CheckContact, Start, Resume, Rise, HoldRise, Contract, ContractByCycle),
    *(MarkFelt, ChangeMinutes, LeavePatient),
)


class Charge:
    """The rules about people at each command; used by the control thread only."""

    def __init__(
        self,
        engine: EngineState,
        people: SignIns,
        state_runner: StateRunner,
        journal: EngineJournal,
        board_digest: str,
        is_drilled: Callable[[], bool],
    ) -> None:
        self._engine, self._people = engine, people
        self._state_runner, self._journal = state_runner, journal
        self._board_digest, self._is_drilled = board_digest, is_drilled
        self._start_us = journal.fact_time().monotonic_us
        self._sheets: SheetWorker | None = None

    def with_sheets(self, sheets: SheetWorker) -> "Charge":
        """Let sheets be made; return itself."""
        self._sheets = sheets
        return self

    # --- who sends a command -----------------------------------------------------------------

    def sender_of(self, received: Received, command: Command, in_charge: str) -> str:
        """Return the name that the records give the sender of a command.

        Once a sign-in is required, a user of the system without one goes by that user's name.
        """
        by_user = self._is_by_system_user(received, command.token)
        return system_user(received) if by_user else in_charge

    def named(self, received: Received, command: Command) -> Action:
        """Return the action; a name given by a user of the system is replaced by that user's."""
        action = command.action
        if not self._is_by_system_user(received, command.token):
            return action
        if not isinstance(action, Unlock | SetCeiling | BeginDrill | RecordFact):
            return action
        return msgspec.structs.replace(action, operator=system_user(received))

    def refuse(self, received: Received, command: Command, policy: ArmingPolicy) -> Refusal | None:
        """Refuse a command whose sender may not send it now; note a touch of one who may."""
        state, action = self._engine.people, command.action
        about_patient = self._is_about_patient(action)
        asking = self._sender(received.role, command.token, policy)
        set_up_needed = about_patient and policy.patients_need_sign_in and not needs_nobody(action)
        refusal = (
            (refuse_unfinished(self.steps()) if set_up_needed else None)
            or refuse_sender(action, asking, about_patient=about_patient)
            or self._refuse_name(action, command.token)
        )
        if refusal is None and refuse_token(state.signed_in, command.token) is None:
            self._people.touch(command.token)
        return refusal

    def refuse_page(
        self, received: Received, query: Query, kind: PageKind | None, policy: ArmingPolicy
    ) -> Refusal | None:
        """Refuse a page about patients to who is not signed in as a clinician or lead."""
        if kind is None or not kind.about_patients:
            return None
        sender = self._sender(received.role, query.token, policy)
        return refuse_page_reader(sender)

    def reads_patients(self, received: Received, query: Query, policy: ArmingPolicy) -> bool:
        """Say whether whoever asks may know who was treated."""
        sender = self._sender(received.role, query.token, policy)
        return received.role in TREATING and refuse_page_reader(sender) is None

    def _sender(self, role: Role, token: str, policy: ArmingPolicy) -> Sender:
        state, needed = self._engine.people, policy.patients_need_sign_in
        return Sender(role, token, state.signed_in, state.sign_in_required, needed)

    def _is_by_system_user(self, received: Received, token: str) -> bool:
        if received.role is Role.KIOSK or not self._engine.people.sign_in_required:
            return False
        return self._people.account_of(token) is None

    def _refuse_name(self, action: Action, token: str) -> Refusal | None:
        """Refuse a name that is not that of the operator whose token comes with it."""
        account = self._people.account_of(token)
        if not isinstance(action, Unlock | SetCeiling | BeginDrill | RecordFact):
            return None
        named = action.operator.strip()
        if account is None or not named or named == account.operator:
            return None
        asked, nearest = text("operator.another"), text("fact.as_who_unlocked")
        return Refusal("refusal.operator", asked, account.operator, nearest)

    def _is_about_patient(self, action: Action) -> bool:
        match action:
            case Prescribe(subject=subject):
                return subject is Subject.PATIENT
            case RepeatLast():
                return True
            case RecordFact(kind=kind):
                return kind in fact_types()
            case MakeSheet() | ExportSheet():
                return True
            case _:
                treatment = self._engine.setup.treatment
                with_patient = treatment is not None and treatment.subject is Subject.PATIENT
                return with_patient and isinstance(action, _STEPS)

    # --- what people ask for -----------------------------------------------------------------

    def ask(self, received: Received, command: Command) -> Refusal | None:
        """Take a request that is answered later, or say why not; see `answers`."""
        action = command.action
        if isinstance(action, MakeSheet | ExportSheet):
            return self._ask_sheet(received, command, action)
        if not isinstance(action, SignIn | TryPin | SetPin | EnrolOperator):
            return None
        return self._people.ask(received, action, command.token)

    def answers(self) -> tuple[Decided, ...]:
        """Return what became of requests that are answered later; each tick."""
        written = () if self._sheets is None else self._sheets.answers()
        for sheet in written:
            if sheet.refusal is None:
                self._journal.note(EventName.SHEET_MADE, **sheet.facts())
        made = (Decided(sheet.asked.received, sheet.refusal) for sheet in written)
        return (*self._people.attend(), *made)

    def _ask_sheet(
        self, received: Received, command: Command, action: MakeSheet | ExportSheet
    ) -> Refusal | None:
        if self._sheets is None:
            return None
        by = self.sender_of(received, command, self._engine.command.operator)
        is_on = is_energising(self._engine.machine.state)
        return self._sheets.ask(Asked(received, action, by), is_on=is_on)

    @property
    def is_suspended(self) -> bool:
        """Return whether who is in charge has to enter the PIN again."""
        signed_in = self._engine.people.signed_in
        return signed_in is not None and signed_in.is_suspended

    def lock(self) -> None:
        """End the sign-in: the unit is locked."""
        self._people.end("locked")

    def take(self, decided: Decided) -> Granted | Refusal:
        """Put who signed in in charge, unlock a locked unit, and return what the sender is told."""
        account = decided.signs_in
        if account is None:
            return Granted(pin=decided.drawn)
        token = self._people.sign_in(account)
        if isinstance(token, Refusal):
            return token
        if isinstance(self._engine.machine.state, Locked):
            refusal = self._state_runner.apply(events.Unlocked(account.operator))
            if refusal is not None:
                self._people.end("locked")
                return refusal
        return Granted(token=token)

    def decide(
        self, received: Received, command: Command, leave: Callable[[], Refusal | None]
    ) -> Refusal | None:
        """Carry out what people ask for without a PIN; `leave` ends a drill before a lock."""
        match command.action:
            case Touched():
                self._people.touch(command.token)
                return None
            case SignOut():
                return self._sign_out(command.token, leave)
            case RetireOperator() as action:
                return self._people.retire(action, command.token)
            case ResetOperators():
                return self._people.reset(received)
            case SetUpUnit() as action:
                return self._people.set_up(received, action, command.token, self._board_digest)
            case _:
                return None

    def _sign_out(self, token: str, leave: Callable[[], Refusal | None]) -> Refusal | None:
        """End the sign-in and lock the unit; a tripped one stays tripped."""
        refusal = refuse_token(self._engine.people.signed_in, token) or leave()
        if refusal is None and not isinstance(self._engine.machine.state, Tripped):
            refusal = self._state_runner.apply(events.LockAsked())
        if refusal is None:
            self._people.end("signed out")
        return refusal

    # --- what is known of them ---------------------------------------------------------------

    def steps(self) -> tuple[SetUpStep, ...]:
        """Return the steps of the first set-up, and whether each is done.

        A reset of the leads' PINs takes none of them back: a session goes on through it.
        """
        loaded = self._people.loaded
        has_lead, digest = loaded.accounts.require_sign_in(), self._board_digest
        return loaded.set_up.steps(has_lead=has_lead, board_digest=digest)

    def known(self) -> KnownPeople:
        """Return what the pages about people are made from."""
        now = self._journal.fact_time()
        since_us = now.monotonic_us - self._start_us
        steps = (*self.steps(), SetUpStep("drill", self._is_drilled()))
        loaded, set_up = self._people.loaded, self._people.loaded.set_up
        return KnownPeople(
            loaded.accounts,
            steps,
            now,
            since_us,
            language=set_up.language or "",
            clinic=set_up.clinic or "",
            telephone=set_up.telephone,
        )
