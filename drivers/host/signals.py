"""The signals that end a process by default, as far as a program can answer them.

SIGKILL, SIGSTOP and a fault of the processor's own (SIGSEGV and its like) cannot be answered; what
then ends the output are the layers below the engine. The stops of a terminal (SIGTSTP, SIGTTIN,
SIGTTOU) freeze a process and do not end it: a frozen engine is theirs, too.
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
"""Heeded even where whoever started the process had it ignored."""


def ending_signals() -> tuple[int, ...]:
    """Return the numbers of all signals whose default is to end the process, in order."""
    left_out = _NO_END | _FREEZING | _UNANSWERABLE
    return tuple(sorted(int(each) for each in signal.valid_signals() if each not in left_out))


@contextmanager
def heeding(answer: Callable[[int], None]) -> Iterator[None]:
    """Call `answer` with the number of each signal that would end the process, until left.

    One that is ignored stays ignored (nohup; a broken pipe, which Python makes an error). For the
    main thread.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        answer(number)

    heeded = [
        number
        for number in ending_signals()
        if number in ALWAYS or signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, on_signal) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
