"""Every signal that ends a process by default can be answered, and a few cannot: by name."""

import os
import signal
import subprocess
import sys

import pytest

from drivers.host.signals import ending_signals, on_ending_signal

UNANSWERED = {"SIGKILL", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL"}
NO_END = {"SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"}
NAMED = {each.name for each in signal.Signals}
NONE = """
import signal, time
for number in signal.valid_signals():
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
print("ready", flush=True)
time.sleep(60)
"""


def test_the_table_names_every_signal_of_this_machine_but_those_told() -> None:
    heeded = {signal.Signals(each).name for each in ending_signals() if each in [*signal.Signals]}
    assert heeded == NAMED - UNANSWERED - NO_END
    assert {34, 50, 64} <= {*ending_signals()}


@pytest.mark.parametrize(
    "number", [each for each in signal.valid_signals() if each not in ending_signals()], ids=str
)
def test_what_is_left_out_ends_no_process_or_cannot_be_answered(number: int) -> None:
    """The kernel says which signals end a process: one of the others must not."""
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


def test_each_is_answered_and_what_was_there_before_comes_back() -> None:
    before = {number: signal.getsignal(number) for number in ending_signals()}
    arrived: list[int] = []
    with on_ending_signal(arrived.append):
        for number in ending_signals():
            if before[number] is not signal.SIG_IGN:
                os.kill(os.getpid(), number)
                os.kill(os.getpid(), number)
    wanted = [each for each in ending_signals() if before[each] is not signal.SIG_IGN]
    assert arrived == [each for number in wanted for each in (number, number)]
    assert {number: signal.getsignal(number) for number in ending_signals()} == before


def test_what_is_ignored_stays_ignored_but_for_the_usual_end() -> None:
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
