"""Who is signed in, and what is decided about operators: used by the control thread only.

A PIN is hashed in a thread of its own (`PinWorker`); a tick only hands it over and takes the answer
out. Each decision is an event, written in one transaction with the hash that belongs to it, and its
sender is answered once that is on the disk. A token is random and in memory only: it ends with the
engine, a lock, a sign-out, a takeover, and 2 min without a touch. Nothing here moves a level, the
state of a session or its output.
"""

import secrets
from dataclasses import replace

from appliance.control.commands.sign_in_rules import (
    OPERATOR,
    SIGN_IN,
    Decided,
    Request,
    SignInRules,
    WithPin,
    is_system_user,
    refuse_changed,
    refuse_full,
    system_user,
)
from appliance.control.engine_state import EngineState, PeopleState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.interfaces import Received
from appliance.messages.actions import (
    EnrolOperator,
    RetireOperator,
    SetPin,
    SetUpUnit,
    SignIn,
    TryPin,
)
from appliance.operators.accounts import (
    Account,
    key_of,
    refuse_one_time_pin,
    refuse_retirement,
)
from appliance.operators.facts import (
    FIRST_SET_UP,
    OperatorEnrolled,
    OperatorRetired,
    OperatorRole,
    OperatorsReset,
    PinSet,
    SignedIn,
    SignedOut,
    SignInFailed,
    UnitSetUp,
)
from appliance.operators.permission import is_token, needed, refuse_token
from appliance.operators.pin_worker import PinAnswer, PinWorker
from appliance.operators.pins import refuse_new_pin, refuse_pin
from appliance.operators.presence import SignedInOperator
from appliance.operators.set_up import refuse_steps
from appliance.records.operator_facts import OperatorEvent, OperatorFacts
from appliance.records.storage.operator_pins import forget_pin, keep_pin
from appliance.records.storage.statement import Statement
from appliance.texts.common_phrases import seconds, whole_seconds
from appliance.texts.text import text

TOKEN_BYTES = 32


class SignIns:
    """Decides about operators and keeps who is signed in."""

    def __init__(
        self,
        engine: EngineState,
        loaded: OperatorFacts,
        journal: EngineJournal,
        worker: PinWorker[Request],
    ) -> None:
        self.loaded = loaded
        self._engine, self._journal, self._worker = engine, journal, worker
        self._write = engine.claim(PeopleState)
        self._rules = SignInRules(engine, loaded, journal)
        self._in_work: list[Request] = []
        self._show(None)

    # --- the present sign-in -----------------------------------------------------------------

    @property
    def signed_in(self) -> SignedInOperator | None:
        """Return who is signed in, suspended or not."""
        return self._engine.people.signed_in

    def touch(self, token: str) -> None:
        """Note a touch of the screen that is signed in; any other token is no touch."""
        signed_in = self.signed_in
        if signed_in is not None and is_token(signed_in, token):
            self._show(signed_in.touched(self._engine.tick.now_us))

    def sign_in(self, account: Account) -> str | Refusal:
        """Put an operator in charge and return the token; whoever was before is not any more."""
        before = self._engine.command.operator
        name = account.operator
        took_over_from = "" if before == name else before
        if not self._record(SignedIn(operator=name, took_over_from=took_over_from)):
            return refuse_full()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now_us = self._engine.tick.now_us
        role = account.role
        self._show(SignedInOperator(operator=name, role=role, token=token, touched_us=now_us))
        return token

    def end(self, why: str) -> None:
        """End the sign-in, if there is one."""
        signed_in = self.signed_in
        if signed_in is None:
            return
        if not signed_in.is_suspended:
            self._record(SignedOut(operator=signed_in.operator, why=why))
        self._show(None)

    def leave(self) -> None:
        """Note that the operator leaves the patient; the PIN is needed again from now on."""
        signed_in = self.signed_in
        if signed_in is None:
            return
        self._record(SignedOut(operator=signed_in.operator, why="left the patient"))
        now_us = self._engine.tick.now_us
        self._show(replace(signed_in, left_at_us=now_us, is_suspended=True))

    def account_of(self, token: str) -> Account | None:
        """Return the account behind a good token, None without one."""
        signed_in = self.signed_in
        if signed_in is None or refuse_token(signed_in, token) is not None:
            return None
        return self.loaded.accounts.find(signed_in.operator)

    def attend(self) -> tuple[Decided, ...]:
        """Follow the touches, and return what became of requests. Each tick."""
        self._suspend()
        return tuple(map(self._decide_once, self._worker.answers()))

    def _suspend(self) -> None:
        """Make the token good for nothing after 2 min without a touch; the setup stays."""
        signed_in = self.signed_in
        if signed_in is None or signed_in.is_suspended:
            return
        if not signed_in.is_present(self._engine.tick.now_us):
            why = "locked after 2 min"
            self._record(SignedOut(operator=signed_in.operator, why=why))
            self._show(replace(signed_in, is_suspended=True))

    # --- requests with a PIN -----------------------------------------------------------------

    def ask(self, received: Received, action: WithPin, token: str) -> Refusal | None:
        """Take a request with a PIN, or say why not; `attend` returns what became of it."""
        refusal = self._rules.refuse_fault() or self._rules.refuse_crowd(
            received, action.operator, self._in_work
        )
        if refusal is not None:
            return refusal
        match action:
            case SignIn():
                return self._ask_sign_in(received, action)
            case TryPin():
                account = self._rules.tried(action.operator)
                return self._check(received, action, account)
            case SetPin(one_time=True):
                return self._ask_one_time(received, action, token)
            case SetPin():
                return self._ask_own(received, action)
            case EnrolOperator():
                return self._ask_enrolment(received, action, token)

    def _ask_sign_in(self, received: Received, action: SignIn) -> Refusal | None:
        account = self._rules.tried(action.operator)
        if isinstance(account, Refusal):
            return account
        if account.must_change_pin:
            asked, allowed = text("pin.one_time"), text("pin.own")
            return Refusal(SIGN_IN, asked, allowed, text("pin.replace_it"))
        return self._check(received, action, self._rules.refuse_moment(account) or account)

    def _check(
        self, received: Received, action: SignIn | TryPin, account: Account | Refusal
    ) -> Refusal | None:
        if isinstance(account, Refusal):
            return account
        hashed = self.loaded.pins[key_of(account.operator)]
        request = Request(received, type(action), account.operator, hashed=hashed)
        return self._put(request, self._worker.check(request, hashed, action.pin))

    def _ask_own(self, received: Received, action: SetPin) -> Refusal | None:
        account = self._rules.tried(action.operator)
        if isinstance(account, Refusal):
            return account
        refusal = refuse_pin(action.pin)
        if refusal is not None:
            return refusal
        if action.pin == action.old_pin:
            return Refusal("refusal.pin", text("pin.same"), text("pin.other"), text("pin.another"))
        hashed, name = self.loaded.pins[key_of(account.operator)], account.operator
        request = Request(received, SetPin, name, by=name, hashed=hashed)
        return self._put(request, self._worker.change(request, hashed, action.old_pin, action.pin))

    def _ask_one_time(self, received: Received, action: SetPin, token: str) -> Refusal | None:
        by = self.account_of(token)
        if by is None and token:
            return refuse_token(self.signed_in, token)
        if by is None and not is_system_user(received):
            return needed(action_words(type(action)))
        refusal = (
            refuse_one_time_pin(self.loaded.accounts, action.operator, by)
            or self._rules.refuse_in_charge(action.operator)
            or refuse_new_pin(action.pin, one_time=True)
        )
        if refusal is not None:
            return refusal
        name = by.operator if by is not None else system_user(received)
        request = Request(received, SetPin, action.operator, by=name, one_time=True)
        return self._put(request, self._worker.draw(request))

    def _ask_enrolment(
        self, received: Received, action: EnrolOperator, token: str
    ) -> Refusal | None:
        by = self.account_of(token)
        refusal = self._rules.refuse_enrolment(action.operator, action.role, by)
        refusal = refusal or refuse_new_pin(action.pin, one_time=action.one_time)
        if refusal is not None:
            return refusal
        request = Request(
            received,
            EnrolOperator,
            action.operator.strip(),
            role=action.role,
            by=by.operator if by is not None else "",
            one_time=action.one_time,
        )
        if action.one_time:
            return self._put(request, self._worker.draw(request))
        return self._put(request, self._worker.hash(request, action.pin))

    def _put(self, request: Request, refusal: Refusal | None) -> Refusal | None:
        if refusal is None:
            self._in_work.append(request)
        return refusal

    # --- what became of them -----------------------------------------------------------------

    def _decide_once(self, answer: PinAnswer[Request]) -> Decided:
        with self._journal.acts.under_way(answer.ticket.received.message):
            return self._decide(answer)

    def _decide(self, answer: PinAnswer[Request]) -> Decided:
        request = answer.ticket
        self._in_work.remove(request)
        received = request.received
        if request.action is EnrolOperator:
            return _told(answer, self._enrol(request, answer.hashed))
        if request.action is SetPin and request.one_time:
            refusal = self._rules.refuse_in_charge(request.operator)  # output began meanwhile
            return _told(answer, refusal or self._keep_pin(request, answer.hashed))
        key = key_of(request.operator)
        if self.loaded.pins.get(key) != request.hashed:  # set anew or retired meanwhile
            return Decided(received, refuse_changed())
        if not answer.is_right:
            return Decided(received, self._failed(request.operator))
        if request.action is TryPin:
            return Decided(received)
        if request.action is SetPin:
            return Decided(received, self._keep_pin(request, answer.hashed))
        account = self.loaded.accounts.find(request.operator)
        refusal = refuse_changed() if account is None else self._rules.refuse_moment(account)
        return Decided(received, refusal, account)

    def _failed(self, operator: str) -> Refusal:
        at = self._journal.fact_time()
        fact = SignInFailed(operator=operator)
        if not self._record(fact):
            self.loaded.take(fact, at)  # counted, with room in the records or without
        account = self.loaded.accounts.find(operator)
        wait_us = 0 if account is None else account.attempts.wait_us(at, self._rules.since_start_us)
        nearest = (
            text("sign_in.again_in", time=seconds(whole_seconds(wait_us)))
            if wait_us
            else text("sign_in.try_again")
        )
        return Refusal(SIGN_IN, text("sign_in.wrong"), text("sign_in.right"), nearest)

    def _enrol(self, request: Request, hashed: str) -> Refusal | None:
        by = self.loaded.accounts.find(request.by) if request.by else None
        refusal = self._rules.refuse_enrolment(request.operator, request.role, by)
        if refusal is not None or not hashed:
            return refusal or refuse_changed()
        role = OperatorRole(request.role)
        enrolled = OperatorEnrolled(
            operator=request.operator, role=role, by=request.by or FIRST_SET_UP
        )
        if not self._record(enrolled):
            return refuse_full()
        return self._keep_pin(request, hashed)

    def _keep_pin(self, request: Request, hashed: str) -> Refusal | None:
        account = self.loaded.accounts.find(request.operator)
        if account is None or not hashed:
            return refuse_changed()
        name, by = account.operator, request.by or FIRST_SET_UP
        fact = PinSet(operator=name, by=by, one_time=request.one_time)
        if not self._record(fact, keep_pin(name, hashed)):
            return refuse_full()
        self.loaded.pins[key_of(name)] = hashed
        if by != name and self._rules.is_signed_in(name):
            self.end("PIN set by another")
        return None

    # --- requests without a PIN --------------------------------------------------------------

    def retire(self, action: RetireOperator, token: str) -> Refusal | None:
        """Retire an operator; the hash of the PIN is deleted with it."""
        by = self.account_of(token)
        if by is None:
            return needed(action_words(type(action)))
        refusal = (
            self._rules.refuse_fault()
            or refuse_retirement(self.loaded.accounts, action.operator, by)
            or self._rules.refuse_in_charge(action.operator)
        )
        account = self.loaded.accounts.find(action.operator)
        if refusal is not None or account is None:
            return refusal
        name = account.operator
        if not self._record(OperatorRetired(operator=name, by=by.operator), forget_pin(name)):
            return refuse_full()
        self.loaded.pins.pop(key_of(name), None)
        if self._rules.is_signed_in(name):
            self.end("retired")
        return None

    def reset(self, received: Received) -> Refusal | None:
        """Clear the PINs of all leads; a sign-in that is under way stays as it is."""
        refusal = self._rules.refuse_fault()
        if refusal is not None:
            return refusal
        leads = [
            account.operator
            for account in self.loaded.accounts.active()
            if account.role is OperatorRole.LEAD
        ]
        if not leads:
            return Refusal(OPERATOR, text("operator.reset"), text("operator.a_lead"), "enrol")
        fact = OperatorsReset(by=system_user(received))
        if not self._record(fact, *map(forget_pin, leads)):
            return refuse_full()
        for name in leads:
            self.loaded.pins.pop(key_of(name), None)
        return None

    def set_up(
        self, received: Received, action: SetUpUnit, token: str, digest: str
    ) -> Refusal | None:
        """Record steps of the first set-up; `digest` is that of the board that was checked."""
        others = action.clock_confirmed or action.board_checked
        language, clinic, number = action.language, action.clinic, action.telephone
        refusal = self._rules.refuse_fault() or refuse_steps(
            language, clinic, number, others=others
        )
        if refusal is not None:
            return refusal
        by = self.account_of(token)
        fact = UnitSetUp(
            by=by.operator if by is not None else system_user(received),
            language=language,
            clinic=clinic.strip() if clinic is not None else None,
            telephone=number.strip() if number is not None else None,
            clock_confirmed=action.clock_confirmed,
            board_digest=digest if action.board_checked else None,
        )
        return None if self._record(fact) else refuse_full()

    # --- writing -----------------------------------------------------------------------------

    def _record(self, fact: OperatorEvent, *also: Statement) -> bool:
        """Write a fact and fold it; False where the records have no room."""
        written = self._journal.note_operator(fact, also)
        if written is None:
            return False
        self.loaded.take(fact, written[1])
        self._show(self.signed_in)
        return True

    def _show(self, signed_in: SignedInOperator | None) -> None:
        required = self.loaded.fault is not None or self.loaded.accounts.require_sign_in()
        self._write(PeopleState(signed_in, required))


def _told(answer: PinAnswer[Request], refusal: Refusal | None) -> Decided:
    """Return what became of a new PIN; one that was drawn is told if it is kept."""
    drawn = answer.drawn if refusal is None else ""
    return Decided(answer.ticket.received, refusal, drawn=drawn)
