"""How entries reach the store: at once and inline, or from a thread behind a bounded queue.

Whoever appends is the control thread; with `JournalThread` it never waits for the disk. What
cannot be written is kept and tried again, and `failure` says so until somebody clears it.
"""

import threading
import time
from queue import Empty, SimpleQueue
from typing import NamedTuple, Protocol

from appliance.errors import JournalError
from appliance.records.store import Statement, Store
from drivers.quantities import US_PER_S

QUEUE_LIMIT = 4_096
"""Entries that may wait: at the fastest climb of every channel, some 20 s of a stalled card."""
BATCH_US = US_PER_S
"""Longest wait of a measurement (threaded) or of anything ordinary (inline) for its commit."""
INLINE_ENTRIES = 1_024
RETRY_S = 0.5
JOIN_S = 10.0


class Entry(NamedTuple):
    """What is committed together: an event with its body, or a measurement (`number` 0).

    `urgent` asks the inline writer for a commit at once; `truncate` empties the log afterwards,
    so that what was erased is gone from it too.
    """

    number: int
    at_us: int
    urgent: bool
    statements: tuple[Statement, ...]
    truncate: bool = False


class Writer(Protocol):
    """What the journal needs of either writer."""

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk."""
        ...

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared."""
        ...

    def has_room(self) -> bool:
        """Say whether one more entry can be taken."""
        ...

    def submit(self, entry: Entry) -> None:
        """Take an entry; never raises, see `failure`."""
        ...

    def flush(self, timeout_s: float) -> None:
        """Return when all entries taken are on the disk; raises `JournalError`."""
        ...

    def clear_failure(self) -> bool:
        """Forget `failure` if nothing waits because of it; say whether that was so."""
        ...

    def close(self) -> None:
        """Write what is left and close the store; raises `JournalError` if that fails."""
        ...


class _Batch:
    """Entries not yet on the disk, in their order."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self.entries: list[Entry] = []
        self.acknowledged = acknowledged
        self.failure: JournalError | None = None
        self._store = store

    def write(self) -> JournalError | None:
        """Commit all entries; on failure keep them all and return why."""
        entries = self.entries
        if not entries:
            return None
        try:
            self._store.write([statement for entry in entries for statement in entry.statements])
        except JournalError as error:
            self.failure = error
            return error
        self.acknowledged = max(self.acknowledged, *(entry.number for entry in entries))
        if any(entry.truncate for entry in entries):
            self._store.checkpoint("TRUNCATE")
        entries.clear()
        return None


class InlineWriter:
    """Commits on the caller's thread, once per second of its clock; for stepped time."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self._store = store
        self._batch = _Batch(store, acknowledged)

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk."""
        return self._batch.acknowledged

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared."""
        return self._batch.failure

    def has_room(self) -> bool:
        """Say whether one more entry can be taken."""
        return len(self._batch.entries) < QUEUE_LIMIT

    def submit(self, entry: Entry) -> None:
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
        """Forget the failure if everything can be written now."""
        if self._batch.write() is None:
            self._batch.failure = None
        return self._batch.failure is None

    def close(self) -> None:
        """Write what is left and close."""
        error = self._batch.write()
        self._store.close()
        if error:
            raise error


class _Flush:
    """A question put into the queue: is everything before it on the disk?"""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: JournalError | None = None


class JournalThread:
    """Owns the store; events are committed as they come, measurements at most a second later."""

    def __init__(self, store: Store, acknowledged: int) -> None:
        self._store = store
        self._batch = _Batch(store, acknowledged)
        self._inbox: SimpleQueue[Entry | _Flush | None] = SimpleQueue()
        self._asked: list[_Flush] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Start the thread; from here on nobody else may touch the store."""
        self._thread.start()

    @property
    def acknowledged(self) -> int:
        """Return the number of the last event on the disk."""
        return self._batch.acknowledged

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared; a thread that ended is a failure too."""
        if self._batch.failure is None and not self._thread.is_alive():
            return JournalError("the journal thread has ended")
        return self._batch.failure

    def has_room(self) -> bool:
        """Say whether one more entry can be taken."""
        return self._inbox.qsize() + len(self._batch.entries) < QUEUE_LIMIT

    def submit(self, entry: Entry) -> None:
        """Queue an entry; never waits."""
        self._inbox.put(entry)

    def flush(self, timeout_s: float) -> None:
        """Wait until all queued entries are on the disk; raises `JournalError`."""
        question = _Flush()
        self._inbox.put(question)
        if not question.done.wait(timeout_s):
            raise self.failure or JournalError(f"records were not written within {timeout_s:g} s")
        if question.error:
            raise question.error

    def clear_failure(self) -> bool:
        """Forget the failure if nothing waits because of it."""
        if self._batch.entries or not self._thread.is_alive():
            return False
        self._batch.failure = None
        return True

    def close(self) -> None:
        """Let the thread write what is left, wait for it, close the store."""
        self._inbox.put(None)
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            raise JournalError(f"the journal thread did not end within {JOIN_S:g} s")
        left = self._batch.write()
        self._store.close()
        if left:
            raise left

    def _run(self) -> None:
        while not self._stopping:
            self._collect()
            error = self._batch.write()
            for question in self._asked:
                question.error = error
                question.done.set()
            self._asked.clear()

    def _collect(self) -> None:
        """Take what came in: until an event, a question or the end, or a second has passed."""
        wait_s = RETRY_S if self._batch.entries else None
        until_s: float | None = None
        while True:
            try:
                settled = self._take(self._inbox.get(timeout=wait_s))
            except Empty:
                return
            if settled:
                break
            now_s = time.monotonic()
            until_s = now_s + BATCH_US / US_PER_S if until_s is None else until_s
            wait_s = max(until_s - now_s, 0.0)
        while self._inbox.qsize():
            self._take(self._inbox.get_nowait())

    def _take(self, item: Entry | _Flush | None) -> bool:
        """Sort one item in; say whether it wants to be written now."""
        if item is None:
            self._stopping = True
            return True
        if isinstance(item, _Flush):
            self._asked.append(item)
            return True
        self._batch.entries.append(item)
        return item.number > 0
