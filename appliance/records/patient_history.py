"""Patients in the records: their ceilings and the sessions they were given.

A patient is a pseudonym. The engine reads everything once at its start and updates it as it writes
records: nothing is read from the disk while a person waits for an answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from appliance.core.limits.limits import Purpose, Region
from appliance.core.limits.patient_limits import CeilingScope, PatientHistory, scope_of
from appliance.core.prescription.sessions_per_patient import (
    GivenSession,
    Goal,
    TimeOfDay,
    goal_of,
    history_of,
)
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.errors import ApplianceError
from appliance.records.queries import read_facts
from appliance.records.session_events import ChannelDose, RecordedOutcome, SessionStartFacts
from appliance.records.storage.store import open_read_only
from appliance.records.wall_clock import day_of

_SESSIONS = """
    SELECT given.*, opening.boot AS boot, opening.monotonic_us AS begun_us,
        coalesce(CAST(asked.body AS TEXT) ->> '$.facts.continues', '') AS continues,
        CAST(ended.body AS TEXT) ->> '$.facts.contractions' AS contractions
    FROM patient_sessions AS given
    JOIN sessions ON sessions.id = given.session
    JOIN payloads AS asked ON asked.number = sessions.opening
    JOIN payloads AS ended ON ended.number = sessions.closing
    JOIN events AS opening ON opening.number = sessions.opening
    WHERE given.highest_ua > 0 ORDER BY sessions.opening
"""
_STARTS = """
    SELECT facts FROM facts WHERE name = 'session_opened' AND facts IS NOT NULL
    AND facts ->> 'patient' IS NOT NULL AND facts ->> 'rig' = ? ORDER BY number
"""
LONGEST = 32
_PSEUDONYM = re.compile(rf"[A-Z0-9-]{{1,{LONGEST}}}")


class CeilingSet(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of `patient_ceiling`; `was_ua` is the ceiling before, None if there was none."""

    patient: str
    scope: CeilingScope
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
    """The current ceiling of a patient and scope; `utc_us` is when it was set."""

    patient: str
    scope: str
    ceiling_ua: int
    reason: str
    operator: str
    utc_us: int


class PatientSession(NamedTuple):
    """A closed session of a patient in which current flowed, a row of the view.

    `ended_by_utc_us` is no earlier than its end, None if that is unknown.
    """

    session: str
    patient: str
    rig: str
    scope: str
    region: str
    goal: str
    motor: bool
    able: bool
    felt: bool
    outcome: str
    elapsed_us: int
    comfortable_ua: int
    opened_utc_us: int
    clock_trusted: bool
    ended_by_utc_us: int | None
    boot: int = 0
    begun_us: int = 0
    continues: str = ""
    contractions: int | None = None
    kind: str = ""

    @property
    def counts(self) -> bool:
        """Return whether it counts towards later sessions: a search for a motor point does not."""
        return self.kind != ProgrammeKind.MOTOR_POINT_FIND

    def given(self) -> GivenSession:
        """Return the session in the form that the day rules of the prescription use."""
        bound_us = self.opened_utc_us if self.clock_trusted else self.ended_by_utc_us
        ended_us = self.ended_by_utc_us
        if ended_us is not None and self.clock_trusted:  # the clock may have been set back in it
            ended_us = max(ended_us, self.opened_utc_us + self.elapsed_us)
        return GivenSession(
            region=Region(self.region),
            goal=Goal(self.goal),
            motor=self.motor,
            able=self.able,
            finished=self.outcome == RecordedOutcome.FINISHED,
            felt=self.felt,
            elapsed_us=self.elapsed_us,
            comfortable_ua=self.comfortable_ua,
            ended_us=ended_us,
            day=None if bound_us is None else day_of(bound_us),
            dated=self.clock_trusted,
            session=self.session,
            boot=self.boot,
            begun_us=self.begun_us,
            continues=self.continues,
            contractions=self.contractions,
        )


def pseudonym(text: str) -> str | None:
    """Return a pseudonym as recorded, in capitals; None if the text cannot be one.

    Spellings that differ only in case are one patient: the shift key must not lose a ceiling.
    """
    spelled = text.strip().upper()
    return spelled if _PSEUDONYM.fullmatch(spelled) else None


def _no_clock() -> TimeOfDay:
    return TimeOfDay(0, 0, trusted=False)


class PatientRegister:
    """Ceilings and sessions of every patient; the engine updates it with the journal.

    Ceilings are decisions of persons and apply on every rig; sessions are those on rigs of one
    kind. `fault` says why the records could not be read: then the ceilings are unknown, which is
    not the same as no ceiling. `now` returns the time of day.
    """

    def __init__(
        self,
        fault: str | None = None,
        *,
        now: Callable[[], TimeOfDay] = _no_clock,
    ) -> None:
        self.fault = fault
        self.now = now
        self._ceilings: dict[tuple[str, CeilingScope], int] = {}
        self._given: dict[str, tuple[GivenSession, ...]] = {}
        self._unbound: set[str] = set()
        """Patients with a session whose end is unknown."""
        self._starts: dict[str, SessionStartFacts] = {}

    @staticmethod
    def load(folder: Path, rig: str, now: Callable[[], TimeOfDay]) -> "PatientRegister":
        """Read the records of a data folder, of sessions those on rigs of the kind `rig`.

        An error becomes the register's `fault`.
        """
        register = PatientRegister(now=now)
        try:
            with open_read_only(folder) as db:
                for ceiling in read_ceilings(db):
                    scope = CeilingScope(ceiling.scope)
                    register.take_ceiling(ceiling.patient, scope, ceiling.ceiling_ua)
                for session in read_patient_sessions(db):
                    if session.rig == rig and session.counts:
                        register.take_session(session.patient, session.given())
                for start in read_starts(db, rig):
                    register.take_start(start)
        except ApplianceError as error:
            return PatientRegister(str(error), now=now)
        return register

    def standing(self, patient: str, scope: CeilingScope) -> PatientHistory:
        """Return the history of a patient as of today; an empty one without records."""
        ceiling_ua = self._ceilings.get((patient, scope))
        return history_of(ceiling_ua, self.given(patient), scope, self.now())

    def given(self, patient: str) -> tuple[GivenSession, ...]:
        """Return the sessions of a patient, oldest first."""
        self._bound(patient)
        return self._given.get(patient, ())

    def last_start(self, patient: str) -> SessionStartFacts | None:
        """Return how the last session of a patient was opened, None without one."""
        return self._starts.get(patient)

    def take_start(self, start: SessionStartFacts) -> None:
        """Note a session that was opened; a search for a motor point is none to repeat."""
        searched = start.prescription.get("kind") == ProgrammeKind.MOTOR_POINT_FIND
        if start.patient is not None and not searched:
            self._starts[start.patient] = start

    def sessions(self) -> Mapping[str, tuple[GivenSession, ...]]:
        """Return the sessions of every patient as they are now, in microseconds: a tick asks."""
        if self._unbound and self.now().trusted:
            for patient in tuple(self._unbound):
                self._bound(patient)
        return dict(self._given)

    def knows(self, patient: str) -> bool:
        """Say whether the records name this patient."""
        return patient in self._given or any(known == patient for known, _ in self._ceilings)

    def names(self) -> set[str]:
        """Return every patient with a ceiling or a session on rigs of this kind."""
        return {*self._given, *(patient for patient, _ in self._ceilings)}

    def ceiling_ua(self, patient: str, scope: CeilingScope) -> int | None:
        """Return a patient's own ceiling in µA, None if there is none."""
        return self._ceilings.get((patient, scope))

    def take_ceiling(self, patient: str, scope: CeilingScope, ceiling_ua: int) -> None:
        """Note a ceiling that has been recorded."""
        self._ceilings[patient, scope] = ceiling_ua

    def take_session(self, patient: str, given: GivenSession) -> None:
        """Note a session that has been recorded, in which current flowed."""
        self._given[patient] = (*self._given.get(patient, ()), given)
        if given.ended_us is None:
            self._unbound.add(patient)

    def _bound(self, patient: str) -> None:
        """Give sessions whose end is unknown the first known time after it, and keep that."""
        if patient not in self._unbound:
            return
        now = self.now()
        if not now.trusted:
            return
        self._given[patient] = tuple(_bounded(session, now) for session in self._given[patient])
        self._unbound.discard(patient)


class RecordedTreatment(NamedTuple):
    """A session of a patient as the records have it, open or closed, on whatever rig.

    What is not recorded is "" or None: an open session has no outcome, one of before no side.
    """

    session: str
    programme: str
    region: str
    side: str
    placement: str
    depth: str
    pad_set: str
    rig: str
    opened_utc_us: int
    clock_trusted: bool
    duration_us: int
    elapsed_us: int | None
    outcome: str
    cause: str
    channels: tuple[ChannelDose, ...]
    title: str = ""


def read_treatments(db: Database, patient: str) -> tuple[RecordedTreatment, ...]:
    """Return every session of a patient, the newest first."""
    rows = db.query("SELECT * FROM sessions WHERE patient = ? ORDER BY opening DESC", [patient])
    return tuple(_treatment(db, row) for row in rows)


def _treatment(db: Database, row: Mapping[str, Any]) -> RecordedTreatment:
    opened = read_facts(db, row["opening"]) or {}
    closed = read_facts(db, row["closing"]) if row["closing"] else None
    channels = (closed or {}).get("channels", [])
    return RecordedTreatment(
        session=row["id"],
        programme=row["programme"] or "",
        region=row["region"] or "",
        side=opened.get("side", ""),
        placement=opened.get("placement", ""),
        depth=opened.get("depth", ""),
        pad_set=opened.get("pad_set", ""),
        rig=row["rig"] or "",
        opened_utc_us=row["opened_utc_us"],
        clock_trusted=bool(row["clock_trusted"]),
        duration_us=opened.get("duration_us", 0),
        elapsed_us=row["elapsed_us"],
        outcome=row["outcome"] or "",
        cause=row["cause"] or "",
        channels=msgspec.convert(channels, tuple[ChannelDose, ...]),
        title=opened.get("title", ""),
    )


def _bounded(given: GivenSession, now: TimeOfDay) -> GivenSession:
    if given.ended_us is not None:
        return given
    day = now.day if given.day is None else given.day
    return replace(given, ended_us=now.utc_us, day=day)


def read_ceilings(db: Database) -> tuple[CeilingRow, ...]:
    """Return the current ceilings of every patient."""
    rows = db.query("SELECT * FROM patient_ceilings ORDER BY patient, scope")
    return tuple(CeilingRow(*(row[name] for name in CeilingRow._fields)) for row in rows)


def read_patient_sessions(db: Database) -> tuple[PatientSession, ...]:
    """Return every closed session of a patient with current, oldest first, whatever the rig.

    Records that no engine of this version has opened yet have no such view: () then.
    """
    if "patient_sessions" not in db.view_names():
        return ()
    return tuple(_session(row) for row in db.query(_SESSIONS))


def read_starts(db: Database, rig: str) -> Iterator[SessionStartFacts]:
    """Yield how sessions of patients were opened on rigs of a kind, oldest first."""
    for row in db.query(_STARTS, [rig]):
        with suppress(msgspec.ValidationError):  # of a version that wrote other facts
            yield msgspec.convert(msgspec.json.decode(row["facts"]), SessionStartFacts)


def _session(row: Mapping[str, Any]) -> PatientSession:
    region = Region(row["region"])
    kind = (
        ProgrammeKind(row["kind"])
        if row["kind"] in set(ProgrammeKind)
        else ProgrammeKind.CONVENTIONAL
    )
    return PatientSession(
        session=row["session"],
        patient=row["patient"],
        rig=row["rig"] or "",
        scope=scope_of(region).value,
        region=region.value,
        goal=goal_of(kind).value,
        motor=row["purpose"] == Purpose.MOTOR,
        able=bool(row["contracts"]),
        felt=bool(row["felt"]),
        outcome=row["outcome"] or "",
        elapsed_us=row["elapsed_us"] or 0,
        comfortable_ua=row["comfortable_ua"] or 0,
        opened_utc_us=row["opened_utc_us"],
        clock_trusted=bool(row["clock_trusted"]),
        ended_by_utc_us=row["ended_by_utc_us"],
        boot=row["boot"],
        begun_us=row["begun_us"],
        continues=row["continues"],
        contractions=row["contractions"],
        kind=row["kind"] or "",
    )
