"""How entries reach the store; this one writes inline, `writer_thread` has one with a thread.

Whoever appends is the control thread. What cannot be written is kept and tried again, and
`failure` says so until somebody clears it. The last places among those that wait are for urgent
entries: how a session ended has to find room after the ordinary ones have none.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from appliance.errors import JournalError
from appliance.records.storage.store import Statement, Store
from drivers.quantities import US_PER_S

QUEUE_LIMIT = 4_096
"""Entries that may wait: at the fastest climb of every channel, some 20 s of a stalled card."""
RESERVED = 256
"""The last of them, for urgent entries alone."""
BATCH_US = US_PER_S
"""Longest wait of a measurement (threaded) or of anything ordinary (inline) for its commit."""
INLINE_ENTRIES = 1_024


class JournalEntry(NamedTuple):
    """What is committed together: an event with its body, or a measurement (`number` 0).

    `urgent` asks the inline writer for a commit at once and may take a reserved place; `truncate`
    empties the log afterwards, so that what was erased is gone from it too.
    """

    number: int
    at_us: int
    urgent: bool
    statements: tuple[Statement, ...]
    truncate: bool = False


class JournalWriter(Protocol):
    """What the journal needs of either writer."""

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk."""
        ...

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared."""
        ...

    @property
    def may_write(self) -> bool:
        """Say whether it may still write to the store by itself, even after `close`."""
        ...

    def has_room(self, *, urgent: bool) -> bool:
        """Say whether one more entry can be taken."""
        ...

    def submit(self, entry: JournalEntry) -> None:
        """Take an entry; never raises, see `failure`."""
        ...

    def flush(self, timeout_s: float) -> None:
        """Return when all entries taken are on the disk; raises `JournalError`."""
        ...

    def clear_failure(self) -> bool:
        """Forget `failure` if what it kept from the disk is there now; say whether it is."""
        ...

    def close(self) -> None:
        """Write what is left and close the store; raises `JournalError` if that fails."""
        ...


def places(*, urgent: bool) -> int:
    """Return how many entries may wait before another of this kind is refused."""
    return QUEUE_LIMIT if urgent else QUEUE_LIMIT - RESERVED


class EntryBatch:
    """Entries not yet on the disk, in their order."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self.entries: list[JournalEntry] = []
        self.acknowledged = acknowledged
        self.failure: JournalError | None = None
        self.kept_by: JournalError | None = None
        """Why the last write failed, or left no reserve; None since it has been made good."""
        self._store = store

    def write(self) -> JournalError | None:
        """Commit all entries; on failure keep them all and return why.

        A reserve that cannot be held is a `failure`, too, though nothing is kept from the disk.
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


class InlineWriter:
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
        """Return False: it writes on the caller's thread alone."""
        return False

    def has_room(self, *, urgent: bool) -> bool:
        """Say whether one more entry can be taken."""
        return len(self._batch.entries) < places(urgent=urgent)

    def submit(self, entry: JournalEntry) -> None:
        """Take an entry; commit if it is urgent, many wait, or the first has for a second."""
        entries = self._batch.entries
        entries.append(entry)
        waited_us = entry.at_us - entries[0].at_us
        if entry.urgent or waited_us >= BATCH_US or len(entries) % INLINE_ENTRIES == 0:
            self._batch.write()

    def flush(self, timeout_s: float) -> None:
        """Commit now; raises `JournalError`."""
        del timeout_s
        if error := self._batch.write():
            raise error

    def clear_failure(self) -> bool:
        """Forget the failure if everything can be written now, and the reserve is there."""
        if self._batch.write() is None and self._batch.kept_by is None:
            self._batch.failure = None
        return self._batch.failure is None

    def close(self) -> None:
        """Write what is left and close."""
        error = self._batch.write()
        self._store.close()
        if error:
            raise error
