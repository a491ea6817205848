"""The signals that end a process by default and that a program can handle.

SIGKILL, SIGSTOP and a fault of the processor (SIGSEGV and the like) cannot be handled; the layers
below the engine then end the output. The stop signals of a terminal (SIGTSTP, SIGTTIN, SIGTTOU)
freeze a process but do not end it: the layers below also stop a frozen engine.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_NO_END = frozenset({signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH})
_FREEZING = frozenset({signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU})
_UNANSWERABLE = frozenset(
    {signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
)
ALWAYS = frozenset({signal.SIGTERM})
"""Handled even if the parent process had it ignored."""


def ending_signals() -> tuple[int, ...]:
    """Return the numbers of all signals whose default action ends the process, in order."""
    left_out = _NO_END | _FREEZING | _UNANSWERABLE
    return tuple(sorted(int(number) for number in signal.valid_signals() if number not in left_out))


@contextmanager
def on_ending_signal(answer: Callable[[int], None]) -> Iterator[None]:
    """Within the context, call `answer` with the number of each signal that would end the process.

    An ignored signal stays ignored (nohup; a broken pipe, which Python makes an error). Only for
    the main thread.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        answer(number)

    handled = [
        number
        for number in ending_signals()
        if number in ALWAYS or signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, on_signal) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
