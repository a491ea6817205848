"""When a request with a PIN, or about an operator, is refused before any PIN is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.link.interfaces import Received
from appliance.link.server.rate_limit import RateLimit
from appliance.messages.actions import EnrolOperator, SetPin, SignIn, TryPin
from appliance.messages.wire import Subject
from appliance.operators.accounts import Account, key_of, refuse_enrolment, refuse_unknown
from appliance.operators.facts import OperatorRole
from appliance.operators.lock_out import refuse_try
from appliance.records.operator_facts import OperatorFacts
from appliance.safety.state_machine.states import Tripped, is_energising
from appliance.texts.common_phrases import listed
from appliance.texts.text import text

RATE = (1, 10)
"""Requests with a PIN a second, and at once, of one client: faster than hands (D)."""
RATE_OF_ALL = (10, 40)
"""The same of all: a flood of some clients leaves room for another one (D)."""
MAX_PEERS = 64
"""Clients whose allowance is known at a time: twice the places there are."""
SIGN_IN, OPERATOR = "refusal.sign_in", "refusal.operator"

WithPin: TypeAlias = SignIn | TryPin | SetPin | EnrolOperator


class Request(NamedTuple):
    """A request whose PIN is being hashed.

    `hashed` is what the PIN is compared with, `by` who asked, "" for a sign-in.
    """

    received: Received
    action: type[WithPin]
    operator: str
    role: str = ""
    by: str = ""
    one_time: bool = False
    hashed: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a request: refused, done, or that `signs_in` may take charge now.

    `drawn` is a one-time PIN that was drawn and is kept: its sender is told, and nobody else.
    """

    received: Received
    refusal: Refusal | None = None
    signs_in: Account | None = None
    drawn: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """What only the sender of a request is told: the token of a sign-in, or a PIN drawn."""

    token: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


class SignInRules:
    """The rules as things are now; used by the control thread only."""

    def __init__(self, engine: EngineState, loaded: OperatorFacts, journal: EngineJournal) -> None:
        self._engine, self._loaded, self._journal = engine, loaded, journal
        self._start_us = journal.fact_time().monotonic_us
        self._rates: dict[int, RateLimit] = {}
        self._of_all: RateLimit | None = None

    def tried(self, operator: str) -> Account | Refusal:
        """Return the account whose PIN may be tried now."""
        accounts = self._loaded.accounts
        account = accounts.find(operator)
        if account is None:
            return refuse_unknown(accounts, operator)
        if not account.has_pin or key_of(account.operator) not in self._loaded.pins:
            nearest = text("operator.ask_a_lead")
            return Refusal(SIGN_IN, text("pin.none"), text("pin.has_one"), nearest)
        now = self._journal.fact_time()
        return refuse_try(account.attempts, now, self.since_start_us) or account

    def refuse_moment(self, account: Account) -> Refusal | None:
        """Refuse who may not take charge as things are now.

        A locked unit that tripped is acknowledged first, or the PIN would be typed twice. Service
        does not take a patient over.
        """
        engine, state = self._engine, self._engine.machine.state
        if isinstance(state, Tripped) and not state.unlocked:
            asked, nearest = text("sign_in.while_tripped"), text("sign_in.acknowledge")
            return Refusal(SIGN_IN, asked, text("sign_in.trip_cleared"), nearest)
        treatment = engine.setup.treatment
        with_patient = treatment is not None and treatment.subject is Subject.PATIENT
        if with_patient and engine.session.id and account.role is OperatorRole.SERVICE:
            asked, nearest = text("sign_in.service_in_session"), text("sign_in.stop_first")
            return Refusal(SIGN_IN, asked, text("sign_in.clinician"), nearest)
        return None

    def refuse_in_charge(self, operator: str) -> Refusal | None:
        """Refuse to end the sign-in of who is in charge while there is output."""
        if not self.is_signed_in(operator) or not is_energising(self._engine.machine.state):
            return None
        asked, allowed = text("operator.in_charge"), text("operator.not_in_charge")
        return Refusal(OPERATOR, asked, allowed, text("sign_in.stop_first"))

    def refuse_enrolment(self, operator: str, role: str, by: Account | None) -> Refusal | None:
        """Refuse a new operator with a role that is unknown, or that `by` may not give."""
        if role not in set(OperatorRole):
            allowed = listed(list(OperatorRole))
            return Refusal(OPERATOR, text("operator.unknown_role"), allowed, OperatorRole.CLINICIAN)
        return refuse_enrolment(self._loaded.accounts, operator, OperatorRole(role), by)

    def refuse_fault(self) -> Refusal | None:
        """Refuse any change of operators while records cannot be read or written."""
        fault = self._loaded.fault or self._journal.fault
        if fault is None:
            return None
        allowed, nearest = text("records.allowed", fault=fault), text("records.look")
        return Refusal("refusal.records", text("operator.recorded"), allowed, nearest)

    def refuse_crowd(
        self, received: Received, operator: str, in_work: Sequence[Request]
    ) -> Refusal | None:
        """Refuse a second request of one client or for one operator, and a flood of all."""
        twice = any(
            request.received.peer.number == received.peer.number
            or key_of(request.operator) == key_of(operator)
            for request in in_work
        )
        if not twice and self._spend(received.peer.number):
            return None
        asked, allowed = text("sign_in.one_more"), text("sign_in.one_each")
        return Refusal("refusal.busy", asked, allowed, text("ask_again_in_a_moment"))

    @property
    def since_start_us(self) -> int:
        """Return how long the engine has run: lock-outs of before count from its start."""
        return self._journal.fact_time().monotonic_us - self._start_us

    def is_signed_in(self, operator: str) -> bool:
        """Return whether it is this operator who is signed in."""
        signed_in = self._engine.people.signed_in
        return signed_in is not None and key_of(signed_in.operator) == key_of(operator)

    def _spend(self, peer: int) -> bool:
        now_us = self._engine.tick.now_us
        if self._of_all is None:
            self._of_all = RateLimit(*RATE_OF_ALL, now_us)
        if peer not in self._rates and len(self._rates) >= MAX_PEERS:
            del self._rates[next(iter(self._rates))]
        rate = self._rates.setdefault(peer, RateLimit(*RATE, now_us))
        return rate.spend(now_us) and self._of_all.spend(now_us)


def refuse_changed() -> Refusal:
    """Return the refusal of what was asked about an account that has changed meanwhile."""
    asked, nearest = text("sign_in.changed"), text("ask_again")
    return Refusal(SIGN_IN, asked, text("sign_in.present_account"), nearest)


def refuse_full() -> Refusal:
    """Return the refusal of a change that the records have no room for."""
    asked, allowed = text("operator.recorded"), text("journal_has_room")
    return Refusal("refusal.records", asked, allowed, text("ask_again_in_a_moment"))


def system_user(received: Received) -> str:
    """Return how the records name a user of the system who acts without a PIN."""
    peer = received.peer
    return f"user {peer.user or peer.name}"


def is_system_user(received: Received) -> bool:
    """Return whether a user of the system asks, who may reset and give the first PIN again."""
    return received.role.value in {"owner", "maintenance"}
