"""The processes a command starts for itself: a board, an engine; stopped when it ends.

Each child leads a session of its own, so that Ctrl-C at the terminal reaches the command alone:
it is the command that decides whether to ramp down or to cut.
"""

import select
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Self

from appliance.errors import LinkError

READY_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 5.0


class Child:
    """One `stimkiosk` sub-command run as a child; ready when it has printed its first line."""

    def __init__(self, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "ui.cli.main", name, *arguments]
        self._name = name
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed on exit; a full pipe would block
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    def await_ready(self) -> str:
        """Return the child's first line; raises `LinkError` with its last words if it ended."""
        stdout = self._process.stdout
        deadline = time.monotonic() + READY_TIMEOUT_S
        while stdout is not None and time.monotonic() < deadline:
            if select.select([stdout], [], [], 0.1)[0]:
                line = stdout.readline()
                if line:
                    return line.strip()
                break
        self.stop()
        raise LinkError(f"the {self._name} did not start: {self._last_words()}")

    def stop(self) -> None:
        """Ask the child to end, then make it."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        self._stderr.seek(0)
        words = self._stderr.read().strip()
        return words.splitlines()[-1] if words else "it said nothing"

    def __enter__(self) -> Self:
        """Return the child."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the child and close its pipes."""
        self.stop()
        self._stderr.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
