"""Which role may send which action. The peer's user id sets the highest role.

The operator who signed in may only lower it. Any peer may stop: that needs no role, no session and
no state number. A role says which actions may be *sent*; gate and state machine decide whether they
are carried out.
"""

import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from appliance.link.action_words import action_words
from appliance.link.text_conversion import refused
from appliance.messages.actions import (
    Acknowledge,
    BeginDrill,
    ChangeMinutes,
    CheckContact,
    CloseSession,
    Command,
    Contract,
    ContractByCycle,
    EndDrill,
    EnrolOperator,
    Fall,
    HoldRise,
    LeavePatient,
    Lock,
    MarkFelt,
    Pause,
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
    Silence,
    Start,
    Stop,
    Touched,
    TryPin,
    Unlock,
)
from appliance.messages.replies import Refused
from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.texts.text import text

ROOT_UID = 0


class Role(StrEnum):
    """The highest role of a peer; the last three are those that a sign-in chooses below it."""

    OBSERVER = "observer"
    """Sees the state and may stop; cannot read records."""
    KIOSK = "kiosk"
    """The clinician's screen."""
    MAINTENANCE = "maintenance"
    """An engineer over SSH; on hardware the engine takes output orders for a dummy load alone."""
    OWNER = "owner"
    """The engine's own user: tests, a laptop, a child process of one command."""
    CLINICIAN = "clinician"
    """Signed in: treats patients."""
    LEAD = "lead"
    """Signed in: treats patients and decides who works here."""
    SERVICE = "service"
    """Signed in: test loads, drills, release of the unit; no patients."""


_STOPPING: frozenset[type] = frozenset({Stop})
_LOWERING: frozenset[type] = frozenset({Stop, Pause, Fall, Acknowledge, Silence, Lock, MarkFelt})
_TREATING: frozenset[type] = frozenset(
    {
        Unlock,
        Prescribe,
        RepeatLast,
        CheckContact,
        Start,
        Rise,
        HoldRise,
        Contract,
        ContractByCycle,
        ChangeMinutes,
        LeavePatient,
        Resume,
        CloseSession,
        SetCeiling,
    }
)
_DRILLING: frozenset[type] = frozenset({BeginDrill, EndDrill})
_FACTS: frozenset[type] = frozenset({RecordFact})
"""About the unit only for maintenance: the engine refuses it facts about patients."""
_SIGNING: frozenset[type] = frozenset({SignIn, SignOut, TryPin, SetPin, Touched})
_MANAGING: frozenset[type] = frozenset({EnrolOperator, RetireOperator, SetUpUnit})
_SHEETS: frozenset[type] = frozenset({MakeSheet, ExportSheet})
"""For who treats: a sheet is about a patient."""
_ANYBODY: frozenset[type] = _LOWERING | _TREATING | _DRILLING | _SIGNING | _FACTS | {Query}
ALLOWED: Mapping[Role, frozenset[type]] = {
    Role.OBSERVER: _STOPPING,
    Role.KIOSK: _ANYBODY | _MANAGING | _SHEETS,
    Role.MAINTENANCE: _ANYBODY | _MANAGING | {ResetOperators},
    Role.OWNER: _ANYBODY | _MANAGING | _SHEETS | {ResetOperators},
    Role.CLINICIAN: _ANYBODY | _SHEETS,
    Role.LEAD: _ANYBODY | _MANAGING | _SHEETS,
    Role.SERVICE: (_ANYBODY - {SetCeiling}) | _MANAGING,
}
"""Actions, and `Query` for reading records, by role."""


def may(ceiling: Role, wanted: type, chosen: Role | None = None) -> bool:
    """Say whether a peer with role `ceiling`, acting as `chosen` if signed in, may send it."""
    return wanted in ALLOWED[ceiling] and (chosen is None or wanted in ALLOWED[chosen])


def refuse_beyond(
    ceiling: Role, message: Command | Query, chosen: Role | None = None
) -> Refused | None:
    """Return the refusal of a message beyond the role, or None."""
    wanted = type(message.action) if isinstance(message, Command) else Query
    if may(ceiling, wanted, chosen):
        return None
    role = ceiling if chosen is None or not may(ceiling, wanted) else chosen
    asked = text("role.asked", action=action_words(wanted), role=role)
    return refused(message.request, "refusal.role", asked, text("role.allowed"), text("role.stop"))


@dataclass(frozen=True, slots=True)
class RoleTable:
    """Roles by user id; `others` is for all other users, None refuses them.

    `names` are the names of users, looked up once: later nobody waits for a directory of users.
    """

    by_uid: Mapping[int, Role] = field(default_factory=dict)
    others: Role | None = Role.OBSERVER
    names: Mapping[int, str] = field(default_factory=dict)

    def role_of(self, uid: int) -> Role | None:
        """Return the highest role of a user, None if it may not connect."""
        return self.by_uid.get(uid, self.others)

    def name_of(self, uid: int) -> str:
        """Return the name of a user, or the number where it is not known."""
        return self.names.get(uid, f"uid {uid}")


def role_table(own_uid: int, kiosk_users: tuple[str, ...] = ()) -> RoleTable:
    """Return the usual table: own user owner, root maintenance, `kiosk_users` kiosk.

    A kiosk user that this machine does not know is skipped: a laptop has none.
    """
    by_uid = {uid: Role.KIOSK for uid in map(_uid_of, kiosk_users) if uid is not None}
    roles = {**by_uid, ROOT_UID: Role.MAINTENANCE, own_uid: Role.OWNER}
    names = {uid: name for uid in roles if (name := _name_of(uid)) is not None}
    return RoleTable(roles, names=names)


def _name_of(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _uid_of(user: str) -> int | None:
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        return None
