"""What the records say of patients: ceilings set for them, and the motor sessions they had.

A patient is a pseudonym. The engine reads all of it once, at its start, and keeps it as it writes:
nothing is read from a disk while a person waits for an answer.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from appliance.core.patient_limits import UNKNOWN, Scope, Standing, counts_as_motor_session
from appliance.errors import ApplianceError
from appliance.records.store import open_read_only

LONGEST = 32
_PSEUDONYM = re.compile(rf"[A-Z0-9-]{{1,{LONGEST}}}")


class CeilingSet(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of `patient_ceiling`; `was_ua` is the one before, None for none."""

    patient: str
    scope: Scope
    ceiling_ua: int
    was_ua: int | None
    raised: bool
    reason: str
    operator: str

    def facts(self) -> dict[str, object]:
        """Return the facts as `Journal.append` takes them."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain


class CeilingRow(NamedTuple):
    """A ceiling as it stands; `utc_us` is when it was set."""

    patient: str
    scope: str
    ceiling_ua: int
    reason: str
    operator: str
    utc_us: int


class MotorSession(NamedTuple):
    """A motor session that counts; `comfortable_ua` is the highest level kept in it."""

    session: str
    patient: str
    scope: str
    comfortable_ua: int
    opened_utc_us: int


def pseudonym(text: str) -> str | None:
    """Return a pseudonym as it is kept, in capitals; None for what cannot be one.

    Two spellings that differ in case are one patient: a ceiling must not be lost by a shift key.
    """
    found = text.strip().upper()
    return found if _PSEUDONYM.fullmatch(found) else None


class PatientRegister:
    """The standing of every patient, kept in step with the journal by the engine.

    `fault` says why it could not be read: then nothing is known, which is not the same as no
    ceiling.
    """

    def __init__(
        self, standings: Mapping[tuple[str, Scope], Standing], fault: str | None = None
    ) -> None:
        self._standings = dict(standings)
        self.fault = fault

    @staticmethod
    def load(folder: Path) -> "PatientRegister":
        """Read the records of a data folder; what goes wrong is the register's `fault`."""
        try:
            with open_read_only(folder) as db:
                return _register(db)
        except ApplianceError as error:
            return PatientRegister({}, str(error))

    def standing(self, patient: str, scope: Scope) -> Standing:
        """Return what is known of a patient; nothing is known of one without records."""
        return self._standings.get((patient, scope), UNKNOWN)

    def knows(self, patient: str) -> bool:
        """Say whether anything was ever recorded of a patient."""
        return any(known == patient for known, _ in self._standings)

    def take_ceiling(self, patient: str, scope: Scope, ceiling_ua: int) -> None:
        """Note a ceiling that has been recorded."""
        before = self.standing(patient, scope)
        self._standings[patient, scope] = Standing(
            ceiling_ua, before.motor_sessions, before.comfortable_ua
        )

    def take_motor_session(self, patient: str, scope: Scope, comfortable_ua: int) -> None:
        """Note a motor session that counts."""
        before = self.standing(patient, scope)
        self._standings[patient, scope] = Standing(
            before.ceiling_ua,
            before.motor_sessions + 1,
            max(before.comfortable_ua, comfortable_ua),
        )


def read_ceilings(db: Database) -> tuple[CeilingRow, ...]:
    """Return every patient's ceilings as they stand."""
    rows = db.query("SELECT * FROM patient_ceilings ORDER BY patient, scope")
    return tuple(CeilingRow(*(row[name] for name in CeilingRow._fields)) for row in rows)


def read_motor_sessions(db: Database) -> tuple[MotorSession, ...]:
    """Return every motor session of a patient that counts, oldest first."""
    rows = db.query(
        "SELECT had.*, whole.elapsed_us AS elapsed_us FROM motor_sessions AS had "
        "JOIN sessions AS whole ON whole.id = had.session ORDER BY had.opened_utc_us, had.session"
    )
    return tuple(
        MotorSession(*(row[name] for name in MotorSession._fields))
        for row in rows
        if counts_as_motor_session(row["elapsed_us"] or 0, row["comfortable_ua"] or 0)
    )


def _register(db: Database) -> PatientRegister:
    register = PatientRegister({})
    for ceiling in read_ceilings(db):
        register.take_ceiling(ceiling.patient, Scope(ceiling.scope), ceiling.ceiling_ua)
    for session in read_motor_sessions(db):
        register.take_motor_session(session.patient, Scope(session.scope), session.comfortable_ua)
    return register
