"""What a person or a service manager does to end a command: Ctrl-C, SIGTERM, a closed terminal."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def asking(ask: Callable[[], None]) -> Iterator[None]:
    """Call `ask` for each signal that wants an end; a signal ignored so far (nohup) stays so."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        ask()

    heeded = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_signal) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the program as Ctrl-C does, so that it cleans up."""
    with asking(_raise):
        yield


def _raise() -> None:
    raise KeyboardInterrupt
