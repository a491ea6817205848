"""What every page is made from, and how rows say times and texts."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from appliance.clinical.fact import FactTime
from appliance.clinical.own.shelf import NONE as NO_OWN
from appliance.clinical.own.shelf import OwnProgrammes
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.unit.care import Treated
from appliance.clinical.unit.unit_file import UnitFile
from appliance.control.treatment.raise_back import InterruptedSession
from appliance.core.refusal import Refusal
from appliance.drills.schedule import DrillStanding
from appliance.link.roles import Role
from appliance.link.text_conversion import view_value
from appliance.operators.accounts import Accounts
from appliance.operators.set_up import SetUpStep
from appliance.texts.text import TextValue
from drivers.board_file import BoardFile

Row = dict[str, Any]
Rows: TypeAlias = Iterable[Row] | Refusal
"""The rows of a page, or why there is none."""
EVERY_ROLE = frozenset(Role)
"""Whoever may query at all."""
PRESENT = frozenset({Role.KIOSK, Role.MAINTENANCE, Role.OWNER})
"""Who may read about the unit."""
TREATING = frozenset({Role.KIOSK, Role.OWNER})
"""Who may read about patients: not maintenance, which treats nobody."""


class KnownPatients(NamedTuple):
    """The files of patients at one moment, that moment, and why they are unknown, if they are.

    `interrupted` is the session that a harmless trip ended last and that may be continued, `own`
    are the own programmes of the unit.
    """

    files: PatientFiles
    now: FactTime
    fault: str | None = None
    interrupted: InterruptedSession | None = None
    own: OwnProgrammes = NO_OWN


class KnownPeople(NamedTuple):
    """Operators and the first set-up at one moment.

    `since_start_us` is engine time since the engine started; lock-outs of before count from there.
    """

    accounts: Accounts
    set_up: tuple[SetUpStep, ...]
    now: FactTime
    since_start_us: int
    language: str = ""
    """The language of the screens, "" before it was chosen."""
    clinic: str = ""
    telephone: str = ""
    """The name of the clinic and its number, "" before they were entered."""


NOBODY = KnownPeople(Accounts(), (), FactTime(0, 0, trusted=False, boot=0), 0)
"""A unit before its first set-up."""


class KnownUnit(NamedTuple):
    """The file of the unit at one moment, that moment, and why it is unknown, if it is.

    `channels` are all those of the unit, `treated` the patient treated last.
    """

    file: UnitFile
    now: FactTime
    channels: tuple[int, ...]
    treated: Treated | None = None
    fault: str | None = None


class PageSources(NamedTuple):
    """What pages are made from, as it was when somebody asked: nobody changes it afterwards.

    `folder` has the records; they are read in the thread of the queries.
    """

    patients: KnownPatients
    unit: KnownUnit
    drills: tuple[DrillStanding, ...]
    folder: Path
    board: BoardFile
    people: KnownPeople = NOBODY


class PageKind(NamedTuple):
    """How a page is made from the words behind its kind, and who may read it.

    One `about_patients` or `about_unit` is refused while their files are unknown.
    """

    rows: Callable[[str, PageSources], Rows]
    may_read: frozenset[Role] = EVERY_ROLE
    about_patients: bool = False
    about_unit: bool = False


def plain_time(at: FactTime | None) -> Mapping[str, object] | None:
    """Return when something was, as a row has it."""
    return None if at is None else {"utc_us": at.utc_us, "trusted": at.trusted}


def plain_text(value: TextValue) -> object:
    """Return a text as a row has it: a key with values."""
    return msgspec.to_builtins(view_value(value))
