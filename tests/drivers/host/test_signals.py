"""Every signal that ends a process by default is handled; the exceptions are listed by name."""

import os
import signal
import subprocess
import sys

import pytest

from drivers.host.signals import ending_signals, on_ending_signal

UNANSWERED = {"SIGKILL", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL"}
NO_END = {"SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"}
NAMED = {named.name for named in signal.Signals}
NONE = """
import signal, time
for number in signal.valid_signals():
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
print("ready", flush=True)
time.sleep(60)
"""


def test_the_table_covers_every_signal_of_this_machine_except_the_listed_ones() -> None:
    handled = {
        signal.Signals(number).name for number in ending_signals() if number in [*signal.Signals]
    }
    assert handled == NAMED - UNANSWERED - NO_END
    assert {34, 50, 64} <= {*ending_signals()}


@pytest.mark.parametrize(
    "number",
    [number for number in signal.valid_signals() if number not in ending_signals()],
    ids=str,
)
def test_a_signal_left_out_ends_no_process_or_cannot_be_handled(number: int) -> None:
    """Checked against the kernel: a signal that is not in the table must not end a process."""
    if signal.Signals(number).name in UNANSWERED:
        return
    with subprocess.Popen([sys.executable, "-c", NONE], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        assert process.poll() is None
        process.kill()
        assert process.wait() == -signal.SIGKILL


def test_each_signal_is_handled_and_the_former_handler_is_restored() -> None:
    before = {number: signal.getsignal(number) for number in ending_signals()}
    arrived: list[int] = []
    with on_ending_signal(arrived.append):
        for number in ending_signals():
            if before[number] is not signal.SIG_IGN:
                os.kill(os.getpid(), number)
                os.kill(os.getpid(), number)
    wanted = [number for number in ending_signals() if before[number] is not signal.SIG_IGN]
    assert arrived == [sent for number in wanted for sent in (number, number)]
    assert {number: signal.getsignal(number) for number in ending_signals()} == before


def test_an_ignored_signal_stays_ignored_except_sigterm() -> None:
    arrived: list[int] = []
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (1, 15)}
    try:
        with on_ending_signal(arrived.append):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert arrived == [signal.SIGTERM]
