"""Accounts of operators, folded from their facts; who may do what with them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.clinical.fact import FactTime
from appliance.core.readable_text import refuse_operator
from appliance.core.refusal import Refusal
from appliance.operators.facts import (
    OperatorEnrolled,
    OperatorRetired,
    OperatorRole,
    OperatorsReset,
    PinSet,
    Recorded,
    SignedIn,
    SignInFailed,
)
from appliance.operators.lock_out import Attempts
from appliance.texts.text import text

NAME_MOST = 20
"""Characters of a short name: it has to fit its tile on the lock screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One operator. Without a PIN nobody can sign in under this name."""

    operator: str
    role: OperatorRole
    has_pin: bool = False
    must_change_pin: bool = False
    pins_set: int = 0
    """How many PINs this operator has had: another one makes the one before void."""
    is_retired: bool = False
    attempts: Attempts = field(default_factory=Attempts)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every operator by short name, whatever its case."""

    by_name: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}))
    reset: OperatorsReset | None = None
    """The last reset over SSH, until a lead clinician has a PIN again: the lock screen shows it."""

    def find(self, operator: str) -> Account | None:
        """Return an operator who can still sign in, None if there is none of that name."""
        account = self.by_name.get(key_of(operator))
        return None if account is None or account.is_retired else account

    def active(self) -> tuple[Account, ...]:
        """Return who can still sign in, in the order of enrolment."""
        return tuple(account for account in self.by_name.values() if not account.is_retired)

    def has_lead(self) -> bool:
        """Return whether a lead clinician can sign in; without one the unit is not set up."""
        return any(
            account.role is OperatorRole.LEAD and account.has_pin for account in self.active()
        )

    def is_lead(self, operator: str) -> bool | None:
        """Return whether somebody is a lead clinician; None on a unit that asks nobody to sign in.

        Nobody proves a name there.
        """
        if not self.require_sign_in():
            return None
        account = self.find(operator)
        return account is not None and account.role is OperatorRole.LEAD

    def require_sign_in(self) -> bool:
        """Return whether patients and the kiosk wait for a PIN: a lead has or had one.

        A reset leaves that as it is: it does not open a unit to whoever stands in front of it.
        """
        return self.has_lead() or self.reset is not None

    def after(self, fact: Recorded, at: FactTime) -> "Accounts":
        """Return the accounts after one more fact; a fact about nobody known changes nothing."""
        if isinstance(fact, OperatorsReset):
            return self._after_reset(fact)
        if isinstance(fact, OperatorEnrolled):
            account = Account(operator=fact.operator, role=fact.role)
            return self._with(account)
        known = self.by_name.get(key_of(fact.operator))
        if known is None:
            return self
        changed = self._with(_changed(known, fact, at))
        return replace(changed, reset=None) if changed.has_lead() else changed

    def _with(self, account: Account) -> "Accounts":
        by_name = {**self.by_name, key_of(account.operator): account}
        return replace(self, by_name=MappingProxyType(by_name))

    def _after_reset(self, fact: OperatorsReset) -> "Accounts":
        by_name = {
            name: replace(account, has_pin=False) if account.role is OperatorRole.LEAD else account
            for name, account in self.by_name.items()
        }
        return Accounts(MappingProxyType(by_name), fact)


def key_of(operator: str) -> str:
    """Return what tells operators apart: a short name, whatever its case."""
    return operator.strip().casefold()


def _changed(account: Account, fact: Recorded, at: FactTime) -> Account:
    match fact:
        case OperatorRetired():
            return replace(account, is_retired=True, has_pin=False)
        case PinSet(one_time=one_time):
            fresh = Attempts()
            count = account.pins_set + 1
            return replace(
                account, has_pin=True, must_change_pin=one_time, pins_set=count, attempts=fresh
            )
        case SignedIn():
            return replace(account, attempts=Attempts())
        case SignInFailed():
            return replace(account, attempts=account.attempts.failed(at))
        case _:
            return account


def refuse_enrolment(
    accounts: Accounts, operator: str, role: OperatorRole, by: Account | None
) -> Refusal | None:
    """Refuse a new operator, or None; `by` None is the first set-up, which has one lead."""
    name = operator.strip()
    refusal = refuse_operator(operator)
    if refusal is not None:
        return refusal
    if len(name) > NAME_MOST:
        asked, allowed = text("operator.length", count=len(name)), NAME_MOST
        return Refusal("refusal.operator", asked, text("operator.most", most=allowed), NAME_MOST)
    if key_of(name) in accounts.by_name:
        nearest = text("operator.other_name")
        return Refusal("refusal.operator", name, text("operator.new_name"), nearest)
    return _refuse_role(accounts, role, by)


def _refuse_role(accounts: Accounts, role: OperatorRole, by: Account | None) -> Refusal | None:
    if by is None:
        if accounts.require_sign_in():
            nearest = text("operator.ask_a_lead")
            return Refusal("refusal.operator", role, text("operator.by_lead"), nearest)
        if role is not OperatorRole.LEAD:
            lead = OperatorRole.LEAD
            return Refusal("refusal.operator", role, text("operator.first_is_lead"), lead)
        return None
    if role in may_enrol(by.role):
        return None
    return Refusal("refusal.operator", role, text("operator.by_lead"), text("operator.ask_a_lead"))


def may_enrol(role: OperatorRole) -> frozenset[OperatorRole]:
    """Return whom an operator of this role may enrol and retire."""
    if role is OperatorRole.LEAD:
        return frozenset(OperatorRole)
    if role is OperatorRole.SERVICE:
        return frozenset({OperatorRole.SERVICE})
    return frozenset()


def may_set_pin(role: OperatorRole) -> frozenset[OperatorRole]:
    """Return to whom an operator of this role may give a one-time PIN for a forgotten one."""
    if role is OperatorRole.LEAD:
        return frozenset(OperatorRole)
    if role is OperatorRole.SERVICE:
        return frozenset({OperatorRole.CLINICIAN, OperatorRole.SERVICE})
    return frozenset()


def refuse_one_time_pin(accounts: Accounts, operator: str, by: Account | None) -> Refusal | None:
    """Refuse a one-time PIN; `by` None is the system's user, who gives one to a lead after a reset.

    There it is the way back in, and no more than the reset already allowed.
    """
    account = accounts.find(operator)
    if account is None:
        return refuse_unknown(accounts, operator)
    if by is None:
        allowed = accounts.reset is not None and account.role is OperatorRole.LEAD
    else:
        allowed = account.role in may_set_pin(by.role)
    if allowed:
        return None
    nearest = text("operator.ask_a_lead")
    return Refusal("refusal.operator", account.operator, text("operator.by_lead"), nearest)


def refuse_retirement(accounts: Accounts, operator: str, by: Account) -> Refusal | None:
    """Refuse to retire an operator who does not exist, or the last lead clinician."""
    account = accounts.find(operator)
    if account is None:
        return refuse_unknown(accounts, operator)
    if account.role not in may_enrol(by.role):
        allowed, nearest = text("operator.by_lead"), text("operator.ask_a_lead")
        return Refusal("refusal.operator", account.operator, allowed, nearest)
    others = [one for one in accounts.active() if one != account and one.has_pin]
    if account.role is OperatorRole.LEAD and not any(
        one.role is OperatorRole.LEAD for one in others
    ):
        allowed, nearest = text("operator.keep_a_lead"), text("operator.enrol_a_lead_first")
        return Refusal("refusal.operator", account.operator, allowed, nearest)
    return None


def refuse_unknown(accounts: Accounts, operator: str) -> Refusal:
    """Refuse a name that no operator has; it is not repeated, for it may be anything."""
    asked = text("operator.unknown", count=len(operator))
    names = ", ".join(account.operator for account in accounts.active())
    return Refusal(
        "refusal.operator", asked, text("operator.enrolled"), names or text("operator.set_up_first")
    )
