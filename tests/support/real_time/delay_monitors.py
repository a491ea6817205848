"""How late this machine wakes a process that sleeps for 2 ms, measured on each core."""

import mmap
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PRECEDENCE = 11
"""One above the priority that board and engine ask for: what delays this delays them."""
STEP_S = 0.002
WORST_MS = struct.Struct("d")


class DelayMonitors:
    """One sleeping process per core, and the longest delay that any of them saw."""

    def __init__(self) -> None:
        cores = sorted(os.sched_getaffinity(0))
        number, path = tempfile.mkstemp(prefix="delay-")
        with os.fdopen(number, "r+b") as file:
            file.truncate(WORST_MS.size * len(cores))
            self._shared = mmap.mmap(number, 0)
        self._path = Path(path)
        self._processes = [
            subprocess.Popen([sys.executable, "-I", __file__, path, str(place), str(core)])
            for place, core in enumerate(cores)
        ]

    def reset(self) -> None:
        """Start measuring again from zero."""
        self._shared[:] = bytes(len(self._shared))

    def worst_ms(self) -> float:
        """Return the longest delay since `reset`, in ms."""
        return max(float(each[0]) for each in WORST_MS.iter_unpack(self._shared[:]))

    def suspend(self, seconds: float) -> None:
        """Suspend the processes for this long, like a busy machine."""
        for process in self._processes:
            process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        for process in self._processes:
            process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.kill()
            process.wait()
        self._shared.close()
        self._path.unlink()


def watch(path: Path, place: int, core: int) -> None:
    """Write the longest delay of a core to a shared file until the parent has gone."""
    with path.open("r+b") as file:
        shared = mmap.mmap(file.fileno(), 0)
    os.sched_setaffinity(0, {core})
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRECEDENCE))
    parent = os.getppid()
    at = slice(place * WORST_MS.size, (place + 1) * WORST_MS.size)
    while os.getppid() == parent:
        began_s = time.monotonic()
        time.sleep(STEP_S)
        late_ms = (time.monotonic() - began_s - STEP_S) * 1_000
        if late_ms > WORST_MS.unpack(shared[at])[0]:
            shared[at] = WORST_MS.pack(late_ms)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
