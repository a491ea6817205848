"""Board time of a waiting board, in shared memory that the engine reads without a request.

The engine reads the time ten times a tick. On a busy machine each request would have to wait until
the board's process gets the processor.
"""

import mmap
import struct
from pathlib import Path

_TIME_US = struct.Struct("q")


class ShownTime:
    """The board's side: a file of eight bytes, newly created, private to its owner."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(_TIME_US.size)
            self._memory = mmap.mmap(file.fileno(), _TIME_US.size)

    def show(self, time_us: int) -> None:
        """Publish the board time in µs; call it before any client learns what happened then."""
        _TIME_US.pack_into(self._memory, 0, time_us)

    def close(self) -> None:
        """Remove the file; a process that has it open keeps reading the last time."""
        self._memory.close()
        self._path.unlink(missing_ok=True)


class SeenTime:
    """The engine's side. Raises `OSError` if no board publishes its time there."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), _TIME_US.size, access=mmap.ACCESS_READ)

    def time_us(self) -> int:
        """Return board time in µs."""
        seen: int = _TIME_US.unpack_from(self._memory)[0]
        return seen

    def close(self) -> None:
        """Release the memory."""
        self._memory.close()
