"""Signals that end a command: Ctrl-C, SIGTERM, a closed terminal.

Every signal that would end the process is handled (see `drivers.host.signals`), so that the output
ramps down and the records are closed.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drivers.host.signals import on_ending_signal


@contextmanager
def on_end_signal(callback: Callable[[], None]) -> Iterator[None]:
    """Call `callback` for the first ending signal, and for each further Ctrl-C.

    A closed terminal sends its signal more than once and a shell repeats it; these repeats do not
    count. Only Ctrl-C comes from a person, and a second one cuts.
    """
    received: list[int] = []

    def on_signal(number: int) -> None:
        received.append(number)
        if number == signal.SIGINT or len(received) == 1:
            callback()

    with on_ending_signal(on_signal):
        yield


@contextmanager
def interrupt_on_end_signal() -> Iterator[None]:
    """Raise KeyboardInterrupt for any signal that ends a process, so that the program cleans up.

    Only for the first signal: a second one would interrupt the clean-up.
    """
    received: list[int] = []

    def on_signal(number: int) -> None:
        received.append(number)
        if len(received) == 1:
            raise KeyboardInterrupt

    with on_ending_signal(on_signal):
        yield
