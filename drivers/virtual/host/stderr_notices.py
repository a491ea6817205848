"""Messages of the board about itself on stderr: each one once, however often its cause occurs."""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

MAX_DIFFERENT = 16
MAX_TEXT = 2_000
"""All messages together fit into a pipe: a reader that does not read stderr cannot block the
board."""


def _to_stderr(text: str) -> None:
    with suppress(OSError, ValueError):  # a closed stderr must not stop the board
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


class BoardNotices:
    """Writes each message the first time; `failures` counts every command that failed inside.

    `say` receives complete texts without their last newline. Only the first `MAX_DIFFERENT`
    different ones are written.
    """

    def __init__(self, say: Callable[[str], None] = _to_stderr) -> None:
        self.failures = 0
        self._say = say
        self._said: set[str] = set()

    def once(self, text: str, key: str | None = None) -> None:
        """Write `text` unless a message with this key (by default the text) was written before."""
        key = text if key is None else key
        if key not in self._said and len(self._said) < MAX_DIFFERENT:
            self._said.add(key)
            self._say(text)

    def failed(self, what: str, error: Exception) -> None:
        """Report that `what` failed because of a bug in the board, with the place in the code."""
        self.failures += 1
        place = traceback.extract_tb(error.__traceback__)[-1:]
        where = f"{place[0].filename}:{place[0].lineno}" if place else "?"
        trace = "".join(traceback.format_exception(error)).rstrip()[-MAX_TEXT:]
        text = f"board: {what} failed, the board continues; please report this\n{trace}"
        self.once(text, key=f"{type(error).__name__} {where}")
