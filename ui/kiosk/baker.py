"""Has the pictures of the figure drawn while nobody is treated, in a process of its own.

Drawing them in this process would keep Python from anything else for up to a second, and a touch
would wait. What is drawn is kept at once, so that it may be ended at any time.
"""

import subprocess
import threading
from contextlib import suppress


class Baker:
    """Runs the command once; `attend` is called now and then."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.is_done = not command

    def attend(self, *, may_flow: bool) -> None:
        """Begin or wait; while current may flow end it, to begin again later."""
        if self.is_done:
            return
        if may_flow:
            self.close()
        elif self._process is None:
            self._begin()
        elif self._process.poll() is not None:
            self.is_done = True
            self.close()

    def close(self) -> None:
        """End it; what it has drawn stays."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        threading.Thread(target=process.wait, name="baker", daemon=True).start()

    def _begin(self) -> None:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:  # each is drawn at its first show then
            self.is_done = True
