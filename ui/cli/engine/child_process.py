"""Child processes of a command: a board, an engine. The command stops them when it ends.

Each child has a session of its own, so that Ctrl-C at the terminal reaches only the command: the
command decides whether to ramp down or to cut.

A killed command cannot stop its children. Therefore the standard input of a child is a pipe, and
the processes that need the child hold the other end (`lifeline`): the board ends when both command
and engine are gone; the engine (`--alone-for`) ramps down and ends when no client comes back.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from appliance.errors import LinkError
from drivers.host.signals import on_ending_signal
from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

READY_TIMEOUT_S = 60.0
"""Only for one that hangs: on a busy machine an engine takes 20 s to start."""
STOP_TIMEOUT_S = 45.0
"""On a slow disk an engine may need 10 s for record queries, 10 s for the journal and 20 s for
incidents; if it is killed before, the end of a session is not recorded."""
END_WAIT_S = 0.5
"""A child that is about to end gets this long to do so."""
LINE_PREFIX = "stimkiosk: "


class Child:
    """A `stimkiosk` sub-command run as a child; it is ready when it has printed its first line.

    `holds` are the lifelines of other children that must not end before this one.
    """

    def __init__(self, name: str, *arguments: str, holds: Iterable[int] = ()) -> None:
        command = [sys.executable, "-m", "ui.cli.main", name, *arguments]
        self._name = name
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed on exit; a full pipe would block
        stdin, self.lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                text=True,
                start_new_session=True,
                pass_fds=tuple(holds),
            )
        except BaseException:
            os.close(self.lifeline)
            self._stderr.close()
            raise
        finally:
            os.close(stdin)

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    def await_ready(self) -> str:
        """Return the child's first line; if the child ends, end with its message and exit code.

        Raises `LinkError` after 60 s without a line.
        """
        stdout = self._process.stdout
        deadline = time.monotonic() + READY_TIMEOUT_S
        while stdout is not None and time.monotonic() < deadline:
            if select.select([stdout], [], [], 0.1)[0]:
                line = stdout.readline()
                if line:
                    return line.strip()
                self._end_as_it_did()
        self.stop()
        raise LinkError(f"the {self._name} did not start within {READY_TIMEOUT_S:g} s")

    def child_end(self) -> str:
        """Return the child's last error line, or its exit code or signal if it printed none."""
        self._stderr.seek(0)
        errors = self._stderr.read().strip()
        if errors:
            return errors.splitlines()[-1].removeprefix(LINE_PREFIX)
        code = self._process.returncode
        how = f"was ended by signal {-code}" if code and code < 0 else f"ended with code {code}"
        return f"the {self._name} {how}"

    def end_code(self) -> ExitCode:
        """Return the exit code of a child that has ended; UNREACHABLE if it was killed."""
        code = self._process.returncode
        return ExitCode(code) if code in tuple(ExitCode) and code else ExitCode.UNREACHABLE

    @property
    def is_good_end(self) -> bool:
        """Tell whether the child has ended with code 0."""
        return self._process.returncode == 0

    def has_ended(self) -> bool:
        """Tell whether the child has ended, or ends within 0.5 s."""
        try:
            self._process.wait(END_WAIT_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Send SIGTERM; after 45 s send SIGKILL."""
        if self._process.poll() is None:
            self._process.terminate()
        # A second Ctrl-C must not end the board before the engine.
        with on_ending_signal(lambda _: None):
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _end_as_it_did(self) -> None:
        self.stop()
        fail(self.child_end(), self.end_code())

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
        os.close(self.lifeline)
        self._stderr.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
