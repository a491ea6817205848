"""The key that contracts at its pixels, with a real engine: what it gives, and all that ends it.

On the test loads of a virtual board; the level is set by touches in the first contraction.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import CheckContact, Prescribe
from appliance.messages.snapshot import OnCallView, Snapshot
from appliance.messages.wire import CallWaits, Subject
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import a_house, wait_until
from tests.ui.kiosk.test_with_engine import Bedside

pytestmark = pytest.mark.slow

ENDED_US = 1_600_000
"""A ramp down of 1 s, what was handed out, and 0.3 s until a screen counts as gone."""


@pytest.fixture
def bedside(tmp_path: Path) -> Iterator[Bedside]:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            yield Bedside(kiosk, other, house, port)


def now(bedside: Bedside) -> Snapshot:
    bedside.state()
    snapshot = bedside.other.snapshot()
    assert snapshot is not None
    return snapshot


def on_call(bedside: Bedside) -> OnCallView:
    shown = now(bedside).on_call
    assert shown is not None
    return shown


def until(bedside: Bedside, waits: CallWaits) -> None:
    wait_until(lambda: not on_call(bedside).called, "no contraction is called")
    wait_until(lambda: on_call(bedside).waits_for is waits, f"waits for {waits.value}")


def begin(bedside: Bedside) -> None:
    """Start a treatment on call at its touches and set a level in its first contraction."""
    kiosk = bedside.kiosk
    kiosk.touch("Try it")
    bedside.until("Ready")
    asked = Prescribe(
        programme="nmes-endurance", subject=Subject.TEST_LOAD, channels=(1,), on_call=True
    )
    bedside.do(asked)
    bedside.do(CheckContact())
    bedside.until("Armed")
    kiosk.wait("contact")
    kiosk.touch("START")
    kiosk.wait("treatment")
    key = kiosk.find("Contract")
    assert key is not None
    assert not key.enabled
    while bedside.level_ua() == 0:
        kiosk.touch("rise:1")
    until(bedside, CallWaits.NOTHING)


def press(bedside: Bedside) -> int:
    """Put a finger on the key once it counts, and wait until the muscle contracts."""
    kiosk = bedside.kiosk
    kiosk.until(lambda: (key := kiosk.find("Contract")) is not None and key.enabled, "Contract")
    key = kiosk.find("Contract")
    assert key is not None
    finger = kiosk.press(*key.middle)
    wait_until(lambda: on_call(bedside).called, "a called contraction")
    bedside.until("Delivering", "RampUp")
    wait_until(lambda: now(bedside).channels[0].amplitude_ua > 0, "current")
    kiosk.until(lambda: "let go to end it" in kiosk.texts(), "the held key")
    return finger


def ends(bedside: Bedside, since_us: int) -> None:
    """Check that pulses play no longer after a moment than a ramp takes; a late look sees less."""
    last_us = since_us

    def at_zero() -> bool:
        nonlocal last_us
        shown = now(bedside)
        if shown.channels[0].amplitude_ua:
            last_us = shown.at_us
        return not shown.channels[0].amplitude_ua

    wait_until(at_zero, "zero")
    assert last_us - since_us <= ENDED_US


def test_held_it_contracts_and_letting_go_sliding_off_and_a_covered_window_end_it(
    bedside: Bedside,
) -> None:
    kiosk = bedside.kiosk
    begin(bedside)
    finger = press(bedside)
    kiosk.until(lambda: "Plus is off" in kiosk.texts(), "why plus is off")
    released_us = now(bedside).at_us
    kiosk.release(finger)
    ends(bedside, released_us)
    key = kiosk.find("Contract")
    assert key is not None
    assert not key.enabled
    kiosk.until(lambda: "rest:" in kiosk.texts(), "the countdown")

    until(bedside, CallWaits.NOTHING)
    finger = press(bedside)
    slid_us = now(bedside).at_us
    kiosk.move(finger, 400, 200)
    ends(bedside, slid_us)
    kiosk.release(finger)

    until(bedside, CallWaits.NOTHING)
    finger = press(bedside)
    hidden_us = now(bedside).at_us
    kiosk.ask(do="hide")
    ends(bedside, hidden_us)
    kiosk.release(finger)
    assert on_call(bedside).given >= 3


@pytest.mark.proves("screen-watched")
def test_a_killed_screen_ends_it_with_the_ramp(bedside: Bedside) -> None:
    begin(bedside)
    press(bedside)
    killed_us = now(bedside).at_us
    bedside.kiosk.process.kill()  # its end is not waited for
    ends(bedside, killed_us)
    wait_until(lambda: not on_call(bedside).called, "no called contraction")


def test_stop_and_pause_end_it_under_another_finger(bedside: Bedside) -> None:
    kiosk = bedside.kiosk
    begin(bedside)
    finger = press(bedside)
    pause = kiosk.find("Pause")
    assert pause is not None
    kiosk.tap(*pause.middle)
    bedside.until("Paused")
    kiosk.release(finger)
    kiosk.touch("Continue")
    kiosk.wait("treatment")
    assert on_call(bedside).by_cycle, "after a pause the level is set anew"


def test_plus_counts_in_a_warm_up_and_the_screen_names_the_part(bedside: Bedside) -> None:
    kiosk = bedside.kiosk
    kiosk.touch("Try it")
    bedside.until("Ready")
    bedside.do(
        Prescribe(programme="rehabilitation-active", subject=Subject.TEST_LOAD, channels=(1,))
    )
    bedside.do(CheckContact())
    bedside.until("Armed")
    kiosk.wait("contact")
    kiosk.touch("START")
    kiosk.wait("treatment")
    while bedside.level_ua() == 0:
        kiosk.touch("rise:1")
    assert "Warm-up 1/3" in kiosk.texts()
    assert "then: Work, from 0" in kiosk.texts()
    shown = now(bedside)
    assert shown.contraction is None or not shown.contraction.playing


def test_set_level_brings_the_cycle_back_and_a_touch_without_a_hold_is_short(
    bedside: Bedside,
) -> None:
    kiosk = bedside.kiosk
    begin(bedside)
    finger = press(bedside)
    kiosk.release(finger)
    wait_until(lambda: not on_call(bedside).called, "the release")
    assert not on_call(bedside).by_cycle
    kiosk.touch("Set\nlevel")
    wait_until(lambda: on_call(bedside).by_cycle, "the cycle")
    kiosk.until(lambda: "Next in" in kiosk.texts(), "the next contraction is announced")
