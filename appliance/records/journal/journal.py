"""The journal: events and measurements, numbered, stamped, chained, then written to the disk.

Only the control thread calls `append` and `measure`. They stamp, encode and hash (some ten
microseconds) and hand finished rows to a writer; they never wait for the disk and never raise for a
disk error. Disk errors are in `fault`, which the control loop reads every tick. An event is kept
once `acknowledged` has reached its number; from then on it survives a power cut.
"""

import hashlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from appliance.clinical.fact import FactTime
from appliance.errors import InternalFault, JournalError
from appliance.records.journal import chain
from appliance.records.journal.verified_at_start import read_tail
from appliance.records.journal.writer import JournalEntry, JournalWriter
from appliance.records.journal.writer_thread import JournalThread
from appliance.records.operator_facts import KINDS
from appliance.records.patient_facts import CLINICAL
from appliance.records.session_events import EventName
from appliance.records.storage.folder_lock import FolderLock
from appliance.records.storage.migrations import applied_steps, schema_digest
from appliance.records.storage.statement import Statement
from appliance.records.storage.store import Store
from appliance.records.unit_facts import UNIT
from appliance.records.versions import PACKAGE
from appliance.records.wall_clock import WallClock, day_of
from drivers.clock import Clock

OnAppend = Callable[[str, Mapping[str, object], str | None], None]

CHAIN = "sha256/1"
"""Name of the method in `chain`, for readers in later years."""
SALT_BYTES = 16
SEAL_ROWS = 60
"""Number of measurements under one hash in the chain; the end of a session seals the rest."""
FLUSH_S = 5.0
URGENT = frozenset(
    {
        EventName.SESSION_OPENED,
        EventName.SESSION_CLOSED,
        EventName.TRIP,
        EventName.STOP,
        EventName.ACKNOWLEDGED,
        EventName.FAULT,
        EventName.CAPSULE,
        EventName.CAPSULE_LOST,
        EventName.ERASED,
        EventName.PATIENT_CEILING,
        EventName.FELT,
        EventName.MINUTES_CHANGED,
        EventName.ATTENDANCE,
        EventName.HAND_SWITCH_PROVEN,
        EventName.DRILL,
        EventName.SHEET_MADE,
        EventName.RECORDS_LOST,
        EventName.SHUTDOWN,
        *CLINICAL,
        *UNIT,
        *KINDS,
    }
)
"""Events that are committed at once in stepped time too, and that may use the reserved places of
the queue."""

_EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PAYLOAD = "INSERT INTO payloads VALUES (?, ?, ?)"
_BOOT = "INSERT INTO boots VALUES (?, ?, ?, ?, ?)"
_MEASUREMENT = "INSERT INTO measurements VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_ERASE = "UPDATE payloads SET salt = NULL, body = NULL WHERE number = ?"


class Stamp(NamedTuple):
    """The stamps of an event: boot, time of day, monotonic time, whether the clock is trusted."""

    boot: int
    utc_us: int
    monotonic_us: int
    trusted: bool

    @property
    def fact_time(self) -> FactTime:
        """Return them as a fact has them."""
        day = day_of(self.utc_us)
        return FactTime(self.utc_us, day, self.trusted, self.boot, self.monotonic_us)


class Measurement(NamedTuple):
    """One channel over one second of treatment; None where nothing was measured.

    `amplitude_ua` is the envelope's present current, at most `level_ua`; pulses, charge and
    r.m.s. count from the beginning of the session.
    """

    session: str
    channel: int
    elapsed_us: int
    state: str
    slice_number: int
    level_ua: int
    amplitude_ua: int
    measured_ua: int | None = None
    voltage_mv: int | None = None
    contact_ohm: int | None = None
    residual_ua: int | None = None
    pulses: int = 0
    charge_pc: int = 0
    rms_ua: int = 0


class Journal:
    """The records of one data folder, open for this boot; see `open` and `close`."""

    def __init__(
        self, folder: Path, wall_clock: WallClock, clock: Clock, store: Store, lock: FolderLock
    ) -> None:
        tail = read_tail(store.connection, folder)
        self.folder = folder
        self.device = tail.device or str(uuid.uuid4())
        """Random id of this appliance, from its first event."""
        self.boot = tail.boot + 1
        self._clock, self._wall_clock, self._lock = clock, wall_clock, lock
        self._number, self._hash = tail.number, tail.hash
        self._sealed = tail.sealed
        self._measured = tail.sealed + len(tail.unsealed)
        self._seal = hashlib.sha256(b"".join(map(chain.seal_bytes, tail.unsealed)))
        self._sessions = 0
        self._lost = 0
        self._full = False
        self._closed = False
        self._writer = JournalWriter(store, tail.number)
        self.newest = self.stamp()
        """The stamps of the event that was appended last."""
        self.on_append: OnAppend | None = None
        """Called with each event that `append` took: name, facts and session."""

    @classmethod
    def open(
        cls,
        folder: Path,
        wall_clock: WallClock,
        clock: Clock,
        *,
        threaded: bool,
        facts: Mapping[str, object] | None = None,
    ) -> Self:
        """Lock the folder, check the end of the chain, and record this boot with its `facts`.

        `threaded` writes on a separate thread; otherwise `append` itself commits, for stepped
        time. Raises `EngineBusy`, `JournalError`, `JournalFull` or `JournalDamaged`.
        """
        lock = FolderLock.acquire(folder)
        try:
            store = Store.open(folder)
        except JournalError:
            lock.release()
            raise
        try:
            journal = cls(folder, wall_clock, clock, store, lock)
            journal._record_boot(store.connection, facts or {})
        except JournalError:
            store.close()
            lock.release()
            raise
        if threaded:
            thread = JournalThread(store, journal.acknowledged)
            journal._writer = thread
            thread.start()
        return journal

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk; up to it no event can be lost."""
        return self._writer.acknowledged

    @property
    def unwritten(self) -> int:
        """Return how many events are not on the disk."""
        return self._number - self.acknowledged

    @property
    def fault(self) -> str | None:
        """Return why records are not written, or None; stays until `clear_fault`."""
        if self._full:
            return "records come faster than they can be written"
        failure = self._writer.failure
        return None if failure is None else str(failure)

    @property
    def head(self) -> str:
        """Return the hash of the last event, in hex: noted elsewhere it proves all before."""
        return self._hash.hex()

    def clear_fault(self) -> bool:
        """Clear the fault if its cause is gone; return whether records are being written."""
        if not self._writer.clear_failure() or not self._writer.has_room(urgent=False):
            return False
        self._full = False
        return True

    def stamp(self) -> Stamp:
        """Return the stamps that an event would get now."""
        wall = self._wall_clock
        return Stamp(self.boot, wall.utc_us(), self._clock.now_us(), wall.trusted)

    def new_session_id(self) -> str:
        """Return the next session id, `BOOT-COUNT`, unique in this data folder."""
        self._sessions += 1
        return f"{self.boot:04d}-{self._sessions:03d}"

    def append(
        self,
        name: str,
        facts: Mapping[str, object],
        session: str | None = None,
        *,
        also: tuple[Statement, ...] = (),
    ) -> int:
        """Record an event; return its number, or 0 if the queue was full (see `fault`).

        `facts` are plain values with text keys; they are encoded before this returns, then handed
        to `on_append`, with room or without. `also` is committed in the transaction of the event;
        what it overwrites is gone from the write-ahead log as well. Raises `InternalFault` for
        facts that cannot be encoded.
        """
        number = self._append(name, facts, session, also)
        if self.on_append is not None:
            self.on_append(name, facts, session)
        return number

    def _append(
        self,
        name: str,
        facts: Mapping[str, object],
        session: str | None = None,
        also: tuple[Statement, ...] = (),
    ) -> int:
        if not self._writer.has_room(urgent=name in URGENT):
            self._full = True
            self._lost += 1
            return 0
        self._count_lost()
        if name == EventName.SESSION_CLOSED:
            self._seal_measurements(session)
        return self._add(name, facts, session, also=also, truncate=bool(also))

    def measure(self, row: Measurement) -> None:
        """Record one second of a channel; every 60th measurement seals them into the chain."""
        if not self._writer.has_room(urgent=False):
            self._full = True
            self._lost += 1
            return
        at_us = self._clock.now_us()
        wall = self._wall_clock
        stamp = (self.boot, wall.utc_us(), at_us, int(wall.trusted))
        self._measured += 1
        values = (self._measured, *stamp, *row)
        self._seal.update(chain.seal_bytes(values))
        self._writer.submit(JournalEntry(0, at_us, False, ((_MEASUREMENT, values),)))
        if self._measured - self._sealed >= SEAL_ROWS:
            self._seal_measurements(row.session)

    def flush(self, timeout_s: float = FLUSH_S) -> None:
        """Wait until everything appended is on the disk; raises `JournalError` at the timeout."""
        self._writer.flush(timeout_s)

    def close(self) -> None:
        """Record the shutdown, write what is left, unlock the folder; raises `JournalError`.

        A second call does nothing. If the writer is stuck, the folder stays locked until the
        process ends: another engine must not write at the same time.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._seal_measurements(None)
            if self._writer.has_room(urgent=True):
                self._count_lost()
            self._append(EventName.SHUTDOWN, {"lost": self._lost})
            self._writer.close()
        finally:
            if not self._writer.may_write:
                self._lock.release()

    def append_erasure(
        self,
        facts: Mapping[str, object],
        numbers: Sequence[int],
        also: tuple[Statement, ...] = (),
    ) -> int:
        """Erase the bodies of events and record the event `erased`, in one transaction."""
        erase = tuple((_ERASE, (number,)) for number in numbers)
        return self._add(EventName.ERASED, facts, None, also=(*erase, *also), truncate=True)

    def _record_boot(self, connection: sqlite3.Connection, facts: Mapping[str, object]) -> None:
        """Record this boot, and in a new folder `genesis` before it, and wait for the disk."""
        build, wall = version(PACKAGE), self._wall_clock
        stamp = (self.boot, build, wall.utc_us(), self._clock.now_us(), int(wall.trusted))
        boot: tuple[Statement, ...] = ((_BOOT, stamp),)
        if self._number == 0:
            self._add(EventName.GENESIS, {"device": self.device, "chain": CHAIN}, None, also=boot)
            boot = ()
        boot_facts = {
            "build": build,
            "utc_us": stamp[2],
            "monotonic_us": stamp[3],
            "clock_trusted": stamp[4],
            "schema": schema_digest(connection),
            "steps": applied_steps(connection),
            "sqlite": sqlite3.sqlite_version,
        }
        self._add(EventName.BOOT, {**facts, **boot_facts}, None, also=boot)
        self._seal_measurements(None)
        self.flush()

    def _add(
        self,
        name: str,
        facts: Mapping[str, object],
        session: str | None,
        *,
        also: tuple[Statement, ...] = (),
        truncate: bool = False,
    ) -> int:
        stamp = self.stamp()
        boot, utc_us, at_us, trusted = stamp
        try:
            content = chain.ChainBody(boot, trusted, facts, at_us, name, session, utc_us)
            body = chain.canonical(content)
        except (TypeError, ValueError, msgspec.MsgspecError) as error:
            raise InternalFault(f"facts of {name} cannot be recorded: {error}") from error
        salt = os.urandom(SALT_BYTES)
        digest = chain.body_digest(salt, body)
        self.newest = stamp
        number = self._number = self._number + 1
        link = self._hash = chain.link(self._hash, number, digest)
        row = (number, boot, session, name, utc_us, at_us, trusted, digest, link)
        statements = (*also, (_EVENT, row), (_PAYLOAD, (number, salt, body)))
        self._writer.submit(JournalEntry(number, at_us, name in URGENT, statements, truncate))
        return number

    def _count_lost(self) -> None:
        if self._lost:
            lost, self._lost = self._lost, 0
            self._add(EventName.RECORDS_LOST, {"count": lost}, None)

    def _seal_measurements(self, session: str | None) -> None:
        """Record one hash over the measurements since the last seal."""
        if self._sealed == self._measured:
            return
        facts = {
            "first": self._sealed + 1,
            "last": self._measured,
            "sha256": self._seal.hexdigest(),
        }
        self._sealed, self._seal = self._measured, hashlib.sha256()
        self._add(EventName.MEASUREMENTS_SEALED, facts, session)
