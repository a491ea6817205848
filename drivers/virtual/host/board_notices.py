"""What the board says on stderr about itself: each thing once, however often it happens."""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

MAX_DIFFERENT = 16
MAX_TEXT = 2_000
"""Together less than a pipe holds: somebody who does not read stderr holds nothing up."""


def _to_stderr(text: str) -> None:
    with suppress(OSError, ValueError):  # nobody to tell is no reason to stop
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


class BoardNotices:
    """Says each notice the first time; `failures` counts every command that failed inside.

    `say` gets whole texts without their last newline. Only the first `MAX_DIFFERENT` are said.
    """

    def __init__(self, say: Callable[[str], None] = _to_stderr) -> None:
        self.failures = 0
        self._say = say
        self._said: set[str] = set()

    def once(self, text: str, key: str | None = None) -> None:
        """Say `text` unless something with this key (the text, if there is none) was said."""
        key = text if key is None else key
        if key not in self._said and len(self._said) < MAX_DIFFERENT:
            self._said.add(key)
            self._say(text)

    def failed(self, what: str, error: Exception) -> None:
        """Say that `what` failed by a mistake in the board, with where that was."""
        self.failures += 1
        place = traceback.extract_tb(error.__traceback__)[-1:]
        where = f"{place[0].filename}:{place[0].lineno}" if place else "?"
        trace = "".join(traceback.format_exception(error)).rstrip()[-MAX_TEXT:]
        text = f"board: {what} failed, the board goes on; please report this\n{trace}"
        self.once(text, key=f"{type(error).__name__} {where}")
