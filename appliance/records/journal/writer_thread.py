"""The writer with its own thread and a bounded queue: the control thread never waits for the disk.

A disk that neither takes the entries nor reports an error counts as failed after `STALL_S`, long
before the queue is full.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from appliance.errors import JournalError
from appliance.records.journal.writer import BATCH_US, JournalEntry, JournalWriter
from appliance.records.storage.store import Store
from drivers.quantities import US_PER_S

STALL_S = 2.0
"""An entry that waits longer than this for the disk is a failure; a measurement's own second and
a slow commit stay below it."""
RETRY_S = 0.5
JOIN_S = 10.0


class _Flush:
    """A queued request to be told once everything before it is on the disk."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: JournalError | None = None


class JournalThread(JournalWriter):
    """Commits on its own thread: events as they come, measurements at most a second later.

    `now_s` is the machine's monotonic time, whatever clock the treatment runs on: disks stall in
    real time.
    """

    def __init__(
        self, store: Store, acknowledged: int, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(store, acknowledged)
        self._now_s = now_s
        self._inbox: SimpleQueue[JournalEntry | _Flush | None] = SimpleQueue()
        self._submitted_s: deque[float] = deque()
        """When each entry that is not on the disk yet was submitted, the oldest first."""
        self._asked: list[_Flush] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Start the thread; from here on nobody else may touch the store."""
        self._thread.start()

    @property
    def failure(self) -> JournalError | None:
        """Return why writing failed, until cleared.

        A thread that ended is a failure, and so is a disk that keeps an entry waiting.
        """
        failure = self._batch.failure
        if failure is not None:
            return failure
        if not self._thread.is_alive():
            return JournalError("the journal thread has ended")
        if self._is_stalled():
            self._batch.failure = JournalError(
                f"records wait for the disk for more than {STALL_S:g} s: "
                "it stalls or is too slow; check the card and what else writes to it"
            )
        return self._batch.failure

    @property
    def may_write(self) -> bool:
        """Say whether the thread is alive: one stuck in a write may still finish it."""
        return self._thread.is_alive()

    def submit(self, entry: JournalEntry) -> None:
        """Queue an entry; never waits."""
        self._submitted_s.append(self._now_s())
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
        """Clear the failure unless it persists: a write fails, an entry waits, no thread."""
        if not self._thread.is_alive() or self._is_stalled():
            return False
        self._batch.failure = None
        # Read after the line above, so that a write that fails right now is not cleared.
        if (kept_by := self._batch.kept_by) is not None:
            self._batch.failure = kept_by
        return kept_by is None

    def close(self) -> None:
        """Let the thread write what is left, wait for it, close the store.

        Raises `JournalError` after `JOIN_S`; the thread `may_write` then.
        """
        self._inbox.put(None)
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            raise JournalError(f"the journal thread did not end within {JOIN_S:g} s")
        super().close()

    def _waiting(self) -> int:
        return len(self._submitted_s)

    def _is_stalled(self) -> bool:
        try:
            oldest_s = self._submitted_s[0]
        except IndexError:
            return False
        return self._now_s() - oldest_s > STALL_S

    def _run(self) -> None:
        while not self._stopping:
            self._collect()
            count = len(self._batch.entries)
            error = self._batch.write()
            if error is None:
                for _ in range(count):
                    self._submitted_s.popleft()
            for question in self._asked:
                question.error = error
                question.done.set()
            self._asked.clear()

    def _collect(self) -> None:
        """Collect items until an event, a flush or the end arrives, or a second has passed."""
        wait_s = RETRY_S if self._batch.entries or self._batch.kept_by else None
        while True:
            try:
                settled = self._take(self._inbox.get(timeout=wait_s))
            except Empty:
                return
            if settled:
                break
            waited_s = self._now_s() - self._submitted_s[0]
            wait_s = max(BATCH_US / US_PER_S - waited_s, 0.0)
        while self._inbox.qsize():
            self._take(self._inbox.get_nowait())

    def _take(self, item: JournalEntry | _Flush | None) -> bool:
        """Take one item from the queue; return whether it must be written now."""
        if item is None:
            self._stopping = True
            return True
        if isinstance(item, _Flush):
            self._asked.append(item)
            return True
        self._batch.entries.append(item)
        return item.number > 0
