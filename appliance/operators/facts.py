"""Facts about operators; each becomes one event of the journal. A PIN is in none of them.

The hash of a PIN has a table of its own that a later PIN replaces: a chain that keeps everything
would keep hashes of four digits for good, and four digits are soon guessed from their hash.
"""

from enum import StrEnum

import msgspec


class OperatorRole(StrEnum):
    """What an operator may do at most; the user of the process may allow less."""

    CLINICIAN = "clinician"
    """Treats patients."""
    LEAD = "lead"
    """Treats patients, enrols clinicians, decides on a third course in a row."""
    SERVICE = "service"
    """Maintains the unit on test loads and releases it; treats nobody."""


LEFT_BECAUSE = ("signed out", "locked", "locked after 2 min", "PIN set by another", "retired")
"""Why a sign-in ended, other than by a restart or by somebody who took over."""
FIRST_SET_UP = "first set-up"
"""Who enrols the first lead clinician."""


class OperatorFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about one operator; `operator` is the short name on the lock screen."""

    operator: str


class OperatorEnrolled(OperatorFact, frozen=True, kw_only=True):
    """A new operator, enrolled by `by`: an operator, or "first set-up"."""

    role: OperatorRole
    by: str


class OperatorRetired(OperatorFact, frozen=True, kw_only=True):
    """An operator who does not sign in any more."""

    by: str


class PinSet(OperatorFact, frozen=True, kw_only=True):
    """A PIN was set; a `one_time` one has to be replaced at the next sign-in."""

    by: str
    one_time: bool


class SignedIn(OperatorFact, frozen=True, kw_only=True):
    """The right PIN was entered; `took_over_from` is who was signed in before, "" for nobody."""

    took_over_from: str = ""


class SignInFailed(OperatorFact, frozen=True, kw_only=True):
    """A wrong PIN was entered."""


class SignedOut(OperatorFact, frozen=True, kw_only=True):
    """An operator left; `why` is one of `LEFT_BECAUSE`."""

    why: str


class OperatorsReset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The PINs of all lead clinicians were cleared over SSH; `by` is the user who did it."""

    by: str


class UnitSetUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Steps of the first set-up that were done together; None and False are not among them.

    `board_digest` is that of the board file whose board was checked.
    """

    by: str
    language: str | None = None
    clinic: str | None = None
    telephone: str | None = None
    """The number of the clinic; empty: the one before counts no longer."""
    clock_confirmed: bool = False
    board_digest: str | None = None


Recorded = (
    OperatorEnrolled
    | OperatorRetired
    | PinSet
    | SignedIn
    | SignInFailed
    | SignedOut
    | OperatorsReset
)
"""Every fact that changes accounts or lock-outs."""
