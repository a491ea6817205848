"""What a machine tells of itself, for reading only: files, nodes, links, free room, commands.

`LinuxMachine` reads under a root folder, so that a system in a folder can be looked at as well; it
runs no command there, because that would tell of the machine which looks. Nothing here writes.
"""

import os
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

ROOT = Path("/")
LONGEST = 16 * 1024 * 1024
"""Most that is read of a file, in bytes; the largest that is looked at is a program of 400 KiB."""
LONGEST_RUN_S = 3.0
"""How long a command may take (D); `systemctl show` takes some 20 ms."""
_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "folder"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


class Node(NamedTuple):
    """An entry of a folder, links followed: kind, ids of owner and group, permission bits."""

    kind: str
    owner: int
    group: int
    mode: int


class Room(NamedTuple):
    """The room of a file system in bytes; `free` is what a program without privileges may take."""

    free: int
    total: int


class Machine(Protocol):
    """What a machine tells; paths are absolute. What is not there is None or empty.

    What may not be looked at raises `PermissionError`.
    """

    def read(self, path: str) -> bytes | None:
        """Return the content of a regular file."""
        ...

    def names(self, path: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted."""
        ...

    def link(self, path: str) -> str | None:
        """Return where a symbolic link leads, as it is written."""
        ...

    def node(self, path: str) -> Node | None:
        """Return what is at a path."""
        ...

    def room(self, path: str) -> Room | None:
        """Return the room of the file system that holds a path."""
        ...

    def run(self, command: Sequence[str]) -> str | None:
        """Return what a command prints; None where it cannot run here or fails."""
        ...

    def utc_s(self) -> int:
        """Return the machine's time in seconds since 1970 in UTC."""
        ...


class LinuxMachine:
    """This machine, or the system in a folder."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root

    def read(self, path: str) -> bytes | None:
        """Return the content of a regular file; of a pipe or device None, so nothing waits."""
        try:
            descriptor = os.open(self._at(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
            return None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        with os.fdopen(descriptor, "rb") as file:
            try:
                return file.read(LONGEST)
            except PermissionError:
                raise
            except OSError:
                # Some files of the kernel fail only when they are read: the process has gone, the
                # clock chip has no time.
                return None

    def names(self, path: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted."""
        try:
            return tuple(sorted(os.listdir(self._at(path))))  # noqa: PTH208 - names are wanted
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
            return ()

    def link(self, path: str) -> str | None:
        """Return where a symbolic link leads, as it is written."""
        try:
            return str(self._at(path).readlink())
        except PermissionError:
            raise
        except OSError:
            return None

    def node(self, path: str) -> Node | None:
        """Return what is at a path."""
        try:
            found = self._at(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "other")
        return Node(kind, found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode))

    def room(self, path: str) -> Room | None:
        """Return the room of the file system that holds a path."""
        try:
            found = os.statvfs(self._at(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)

    def run(self, command: Sequence[str]) -> str | None:
        """Return what a command prints; raises `TimeoutError` after `LONGEST_RUN_S`."""
        if self._root != ROOT:
            return None
        try:
            done = subprocess.run(
                command,
                check=False,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=LONGEST_RUN_S,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            )
        except FileNotFoundError:
            return None
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{command[0]} took more than {LONGEST_RUN_S:g} s") from error
        return done.stdout.decode(errors="replace") if done.returncode == 0 else None

    def utc_s(self) -> int:
        """Return the machine's time in seconds since 1970 in UTC."""
        return int(time.time())

    def _at(self, path: str) -> Path:
        return self._root / path.lstrip("/")


def text_at(machine: Machine, path: str) -> str:
    """Return a small text file without white space and zero bytes at its ends; "" if missing."""
    raw = machine.read(path)
    return "" if raw is None else raw.decode(errors="replace").strip("\0 \t\r\n")
