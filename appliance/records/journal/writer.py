"""How entries reach the store: on the caller's thread here, on its own thread in `writer_thread`.

The caller is the control thread. Entries that cannot be written are kept and tried again, and
`failure` says so until it is cleared. The last places in the queue are reserved for urgent entries:
the end of a session must find room when there is none left for ordinary entries.
"""

from collections.abc import Callable
from typing import NamedTuple

from appliance.errors import JournalError
from appliance.records.storage.statement import Statement
from appliance.records.storage.store import Store
from drivers.quantities import US_PER_S

QUEUE_LIMIT = 4_096
"""Entries that may wait: at the fastest climb of every channel, some 20 s of a stalled card."""
RESERVED = 256
"""The last of these places, only for urgent entries."""
BATCH_US = US_PER_S
"""Longest wait of a measurement (threaded) or of anything ordinary (inline) for its commit."""
INLINE_ENTRIES = 1_024


class JournalEntry(NamedTuple):
    """Statements of one commit: an event with its body, or a measurement (`number` 0).

    An `urgent` entry is committed at once and may take a reserved place; `truncate` empties the
    write-ahead log afterwards, so that erased data is gone from it too.
    """

    number: int
    at_us: int
    urgent: bool
    statements: tuple[Statement, ...]
    truncate: bool = False


class EntryBatch:
    """Entries not yet on the disk, in their order."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self.entries: list[JournalEntry] = []
        self.acknowledged = acknowledged
        self.failure: JournalError | None = None
        self.kept_by: JournalError | None = None
        """Why the last write failed, or left no reserve; None once a later write succeeded."""
        self._store = store

    def write(self) -> JournalError | None:
        """Commit all entries; on failure keep them all and return why.

        A reserve that cannot be kept is a `failure` too, although all entries are on the disk.
        """
        if not self.entries and self.kept_by is None:
            return None
        if (error := self._attempt(self._commit)) is None:
            self._attempt(self._store.keep_reserve)
        return error

    def _attempt(self, act: Callable[[], None]) -> JournalError | None:
        self.kept_by = None
        try:
            act()
        except JournalError as error:
            self.kept_by = self.failure = error
        return self.kept_by

    def _commit(self) -> None:
        entries = self.entries
        if not entries:
            return
        self._store.write([statement for entry in entries for statement in entry.statements])
        self.acknowledged = max(self.acknowledged, *(entry.number for entry in entries))
        if any(entry.truncate for entry in entries):
            self._store.checkpoint("TRUNCATE")
        entries.clear()


class JournalWriter:
    """Commits on the caller's thread, once per second of its clock; for stepped time."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self._store = store
        self._batch = EntryBatch(store, acknowledged)

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk."""
        return self._batch.acknowledged

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared."""
        return self._batch.failure

    @property
    def may_write(self) -> bool:
        """Say whether it may still write to the store by itself, even after `close`."""
        return False

    def has_room(self, *, urgent: bool) -> bool:
        """Say whether one more entry can be taken."""
        return self._waiting() < (QUEUE_LIMIT if urgent else QUEUE_LIMIT - RESERVED)

    def submit(self, entry: JournalEntry) -> None:
        """Take an entry; commit if it is urgent, many wait, or the first has for a second.

        Never raises, see `failure`.
        """
        entries = self._batch.entries
        entries.append(entry)
        waited_us = entry.at_us - entries[0].at_us
        if entry.urgent or waited_us >= BATCH_US or len(entries) % INLINE_ENTRIES == 0:
            self._batch.write()

    def flush(self, timeout_s: float) -> None:
        """Return when all entries taken are on the disk; raises `JournalError`."""
        del timeout_s
        if error := self._batch.write():
            raise error

    def clear_failure(self) -> bool:
        """Forget the failure if everything can be written now, and the reserve is there.

        Return whether it is forgotten.
        """
        if self._batch.write() is None and self._batch.kept_by is None:
            self._batch.failure = None
        return self._batch.failure is None

    def close(self) -> None:
        """Write what is left and close the store; raises `JournalError` if that fails."""
        error = self._batch.write()
        self._store.close()
        if error:
            raise error

    def _waiting(self) -> int:
        """Return how many entries are not on the disk yet."""
        return len(self._batch.entries)
