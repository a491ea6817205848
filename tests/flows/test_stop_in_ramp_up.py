"""After a stop during a ramp up the current does not rise first."""

import pytest

from appliance.messages.actions import Action, Pause, Rise, Stop
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from tests.support.screen import Screen

pytestmark = pytest.mark.proves("soft-fall")


def raised(clinic: Clinic, level_ua: int) -> Screen:
    """Return a screen at rest with both levels raised: 9 s on with a ramp of 1 s, 10 s off."""
    screen = Screen(clinic)
    screen.start_of(9_000, 10_000)
    screen.until("Delivering")
    while clinic.state != "Resting":
        if clinic.channel(1).level_ua < level_ua:
            clinic.link.send(Rise(channel=1))
        screen.wait(60)
    assert clinic.channel(1).level_ua >= level_ua - 2_000
    return screen


def highest_ua(trace: Trace, from_us: int, to_us: int) -> float:
    within = [value for at_us, value in trace.changes("i1_ua") if from_us <= at_us < to_us]
    return max(map(abs, [trace.value("i1_ua", from_us), *within]))


@pytest.mark.parametrize("action", [Stop(), Pause()])
@pytest.mark.parametrize("into_ms", [0, 40, 200, 500])
def test_after_a_stop_in_a_ramp_up_only_the_slice_already_written_may_rise(
    clinic: Clinic, action: Action, into_ms: int
) -> None:
    """Hazard: the envelope continues to rise, and with it the current that a person wants to end.

    A ramp of 1 s to 15 mA rises by 0.4 mA a slice. Two slices (50 ms) may have their codes.
    """
    screen = raised(clinic, 15_000)
    screen.until("RampUp")
    screen.wait(into_ms)
    asked_us = clinic.now_us
    clinic.link.send(action)
    screen.wait(600)
    clinic.board.close()
    trace = Trace(clinic.record)
    before_ua = highest_ua(trace, asked_us - 30_000, asked_us)
    after_ua = highest_ua(trace, asked_us, asked_us + 600_000)
    assert after_ua <= before_ua + 800
    late_ua = highest_ua(trace, asked_us + 75_000, asked_us + 600_000)
    assert late_ua <= max(before_ua, 450)
