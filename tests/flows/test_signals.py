"""Every signal that ends the engine ramps the output down and closes session and records."""

import os
import signal
from contextlib import ExitStack

import pytest

from appliance.engine import until_signalled
from drivers.host.signals import ending_signals
from tests.support.clinic import Clinic
from ui.cli.engine.ctrl_c import interrupt_on_end_signal, on_end_signal

pytestmark = pytest.mark.proves("soft-fall")

HEEDED = [each for each in ending_signals() if signal.getsignal(each) is not signal.SIG_IGN]
NAMED = [each for each in HEEDED if each < 32]
FALL_US = (200_000, 500_000)


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", NAMED, ids=lambda number: signal.Signals(number).name)
def test_a_signal_ramps_the_output_down_and_closes_the_session(clinic: Clinic, number: int) -> None:
    clinic.treat(level_ua=8_000)
    began_us = clinic.now_us
    with until_signalled() as wanted:
        send(number)
        clinic.engine.run(wanted)
    assert FALL_US[0] < clinic.now_us - began_us < FALL_US[1]
    assert clinic.state == "Finished"
    assert all(abs(current) < 100 for current in clinic.currents_ua())
    assert clinic.last().summary.outcome == "stopped"


@pytest.mark.parametrize("later", [0, 1, 5, 20, 30])
def test_a_second_signal_during_the_ramp_down_changes_nothing(
    clinic: Clinic, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.treat(level_ua=8_000)
    began_us, steps = clinic.now_us, 0
    tick = clinic.engine.loop.tick

    def ticked() -> None:
        nonlocal steps
        if steps == later:
            send(signal.SIGHUP)
            send(signal.SIGTERM)
        steps += 1
        tick()

    monkeypatch.setattr(clinic.engine.loop, "tick", ticked)
    with until_signalled() as wanted:
        send(signal.SIGTERM)
        clinic.engine.run(wanted)
    assert FALL_US[0] < clinic.now_us - began_us < FALL_US[1]
    assert clinic.last().summary.outcome == "stopped"


@pytest.mark.proves_none
def test_a_closed_terminal_requests_the_end_once_and_each_ctrl_c_again() -> None:
    asked: list[int] = []
    with on_end_signal(lambda: asked.append(1)):
        send(signal.SIGHUP)
        send(signal.SIGHUP)
        send(signal.SIGTERM)
        assert len(asked) == 1
        send(signal.SIGINT)
        send(signal.SIGINT)
        assert len(asked) == 3


@pytest.mark.proves_none
@pytest.mark.parametrize("number", NAMED, ids=lambda number: signal.Signals(number).name)
def test_further_signals_do_not_interrupt_the_cleanup_of_a_command(number: int) -> None:
    unwound = []

    def clean_up() -> None:
        send(number)
        send(signal.SIGINT)
        unwound.append("whole")

    def command() -> None:
        with interrupt_on_end_signal(), ExitStack() as stack:
            stack.callback(clean_up)
            send(number)

    with pytest.raises(KeyboardInterrupt):
        command()
    assert unwound == ["whole"]
