"""Board time in memory that an engine reads without asking: a waiting board's only.

Time is asked for ten times a tick. On a busy machine each question would cost a wait for the
board's turn on the processor.
"""

import mmap
import struct
from pathlib import Path

_TIME_US = struct.Struct("q")


class ShownTime:
    """The board's end: a file of eight bytes, made anew, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(_TIME_US.size)
            self._memory = mmap.mmap(file.fileno(), _TIME_US.size)

    def show(self, time_us: int) -> None:
        """Show a board time in µs; before anybody is told what happened then."""
        _TIME_US.pack_into(self._memory, 0, time_us)

    def close(self) -> None:
        """Take the file away; who has it open goes on reading the last time."""
        self._memory.close()
        self._path.unlink(missing_ok=True)


class SeenTime:
    """The engine's end. Raises `OSError` where no board shows its time."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), _TIME_US.size, access=mmap.ACCESS_READ)

    def time_us(self) -> int:
        """Return board time in µs."""
        seen: int = _TIME_US.unpack_from(self._memory)[0]
        return seen

    def close(self) -> None:
        """Let the memory go."""
        self._memory.close()
