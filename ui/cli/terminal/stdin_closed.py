"""A child process ends with its parent: its standard input is a pipe that the parent holds."""

import os
import signal
import sys
import threading


def end_with_stdin() -> None:
    """From now on end as on SIGTERM when standard input closes."""
    threading.Thread(target=_wait, name="stdin", daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
