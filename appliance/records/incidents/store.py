"""The folder of the incident files, and the writers that seal them.

A hosted engine writes on a thread of its own, never on the control thread. The folder has a limit:
the oldest incidents stay, one for which there is no room is not written, and the journal says so.
Files left by a power cut are tidied at the next start.
"""

import hashlib
import os
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path
from queue import Empty, Full, Queue
from typing import NamedTuple

from appliance.errors import JournalError
from appliance.records.incidents.format import SUFFIX, IncidentDraft, encode, is_sealed_as, read
from appliance.records.storage.atomic_files import TEMPORARY, erase_file, sync_folder, write_whole
from appliance.records.storage.data_folder import FOLDER_MODE
from appliance.records.storage.signing_key import DeviceKey

FOLDER = "capsules"
LIMIT_BYTES = 256 * 1024 * 1024
"""Some three thousand incidents: a whole minute of two channels takes 88 KiB."""
LEAVE_FREE_BYTES = 64 * 1024 * 1024
"""Incidents never fill the disk: the journal needs room to record how a session ended."""
MAX_WAITING = 4
JOIN_S = 10.0


class SealedIncident(NamedTuple):
    """An incident on the disk."""

    draft: IncidentDraft
    file: str
    sha256: str
    size: int
    public_key: str


class UnsealedIncident(NamedTuple):
    """An incident that could not be written."""

    draft: IncidentDraft
    why: str


class IncidentFolder:
    """The incident files of a data folder; `limit_bytes` for all of them together."""

    def __init__(
        self, data: Path, limit_bytes: int = LIMIT_BYTES, free_bytes: int = LEAVE_FREE_BYTES
    ) -> None:
        self.path = data / FOLDER
        self._data = data
        self._limit_bytes = limit_bytes
        self._free_bytes = free_bytes
        self._key: DeviceKey | None = None

    def seal(self, draft: IncidentDraft) -> SealedIncident | UnsealedIncident:
        """Write one incident, whole or not at all; a failure is returned, never raised."""
        try:
            key = self._own_key()
            draft = draft._replace(name=self._free_name(draft.name))
            packed = encode(draft, key)
            file = draft.name + SUFFIX
            self._make_room(len(packed))
            write_whole(self.path / file, packed)
        except Exception as error:  # noqa: BLE001 - a thread that died of it could tell nobody
            return UnsealedIncident(draft, str(error) or type(error).__name__)
        digest = hashlib.sha256(packed).hexdigest()
        return SealedIncident(draft, file, digest, len(packed), key.public)

    @property
    def public_key(self) -> str:
        """Return the public key that seals are signed with; raises `JournalError`."""
        return self._own_key().public

    def files(self) -> tuple[Path, ...]:
        """Return the paths of all incidents, sorted by name."""
        return tuple(sorted(self.path.glob("*" + SUFFIX)))

    def tidy(self) -> None:
        """Delete files that a power cut left half written; rename those that are whole."""
        for path in self.path.glob("*" + TEMPORARY):
            with suppress(OSError):  # a folder of that name is not ours
                whole = path.with_name(path.name.removesuffix(TEMPORARY))
                if self._is_whole(path, whole) and not os.path.lexists(whole):
                    path.rename(whole)
                    sync_folder(self.path)
                else:
                    path.unlink()

    def erase(self, files: Sequence[str]) -> None:
        """Overwrite and delete these files; missing ones are ignored. Raises `JournalError`."""
        for name in files:
            erase_file(self.path / Path(name).name)

    def _own_key(self) -> DeviceKey:
        if self._key is None:
            self._key = DeviceKey.of(self._data)
        return self._key

    def _is_whole(self, path: Path, whole: Path) -> bool:
        try:
            return is_sealed_as(read(path), whole, {self.public_key})
        except JournalError:
            return False

    def _free_name(self, name: str) -> str:
        """Return the name; if a file has it already (old folder, new records), add a number."""
        names = chain((name,), (f"{name}-{further}" for further in count(2)))
        return next(
            candidate
            for candidate in names
            if not os.path.lexists(self.path / (candidate + SUFFIX))
        )

    def _make_room(self, size: int) -> None:
        self.path.mkdir(mode=FOLDER_MODE, exist_ok=True)
        used = sum(map(_size_of, self.files()))
        if used + size > self._limit_bytes:
            raise JournalError(
                f"{self.path} is full ({used // 1024} of {self._limit_bytes // 1024} KiB): "
                "copy its files elsewhere and keep them, then make room"
            )
        disk = os.statvfs(self.path)
        if disk.f_bavail * disk.f_frsize - size < self._free_bytes:
            raise JournalError(f"the disk of {self.path} has no room left for capsules")


class IncidentWriter:
    """Seals drafts on the caller's thread, for stepped time."""

    def __init__(self, folder: IncidentFolder) -> None:
        self._folder = folder
        self._done: deque[SealedIncident | UnsealedIncident] = deque()

    def submit(self, draft: IncidentDraft) -> None:
        """Take a draft and seal it; `results` has the outcome."""
        self._done.append(self._folder.seal(draft))

    def results(self) -> tuple[SealedIncident | UnsealedIncident, ...]:
        """Return the outcomes since the last call."""
        return tuple(self._done.popleft() for _ in range(len(self._done)))

    def close(self) -> None:
        """Seal the drafts that wait: none do here."""


class IncidentWriterThread(IncidentWriter):
    """Seals drafts on its own thread; a full queue is an outcome at once and costs no time."""

    def __init__(self, folder: IncidentFolder) -> None:
        super().__init__(folder)
        self._waiting: Queue[IncidentDraft | None] = Queue(MAX_WAITING)
        self._writing: IncidentDraft | None = None
        self._thread = threading.Thread(target=self._run, name="incidents", daemon=True)
        self._thread.start()

    def submit(self, draft: IncidentDraft) -> None:
        """Queue a draft; never waits."""
        try:
            self._waiting.put_nowait(draft)
        except Full:
            why = f"{MAX_WAITING} capsules wait for the disk already"
            self._done.append(UnsealedIncident(draft, why))

    def close(self) -> None:
        """Write what waits and end the thread, within `JOIN_S`.

        Drafts that a stalled disk has not taken by then are reported as unsealed. If the disk takes
        one later after all, the next start finds the file.
        """
        with suppress(Full):
            self._waiting.put(None, timeout=JOIN_S)
            self._thread.join(JOIN_S)
        if not self._thread.is_alive():
            return
        unwritten = [self._writing]
        with suppress(Empty):
            while True:
                unwritten.append(self._waiting.get_nowait())
        why = f"the disk had not taken it {JOIN_S:g} s after the engine's end"
        self._done.extend(UnsealedIncident(draft, why) for draft in unwritten if draft is not None)

    def _run(self) -> None:
        while (draft := self._waiting.get()) is not None:
            self._writing = draft
            super().submit(draft)
            self._writing = None


def _size_of(path: Path) -> int:
    """Return the size of a file, 0 if it was just deleted."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0
