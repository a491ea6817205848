"""The kiosk beside a real engine and a virtual board: touches at pixels, results in the engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import CheckContact, Prescribe, Rise, Start
from appliance.messages.replies import Reply
from appliance.messages.wire import Subject
from tests.support.kiosk.hands import KioskPerson, a_kiosk
from tests.ui.cli.conftest import House, a_house, wait_until


class Bedside(NamedTuple):
    """A kiosk, its engine, and another client that prepares what the kiosk is to show."""

    kiosk: KioskPerson
    other: LinkClient
    house: House
    port: str

    def state(self) -> str:
        snapshot = self.other.snapshot()
        self.other.shown()
        return "" if snapshot is None else snapshot.state

    def level_ua(self) -> int:
        """Return the level of channel 1 a moment later."""
        self.state()
        newest = self.other.snapshot()
        return 0 if newest is None else newest.channels[0].level_ua

    def until(self, *states: str) -> None:
        wait_until(lambda: self.state() in states, " or ".join(states))

    def do(self, action: Prescribe | CheckContact | Start | Rise) -> None:
        def done() -> bool:
            self.other.snapshot()
            self.other.shown()
            return isinstance(self.other.ask(action), Reply)

        wait_until(done, str(action))

    def arm(self) -> None:
        """Arm the unit; the screen is in use by then, or it would ask for a sign-in first."""
        self.kiosk.touch("Try it")
        self.prescribe()

    def prescribe(self) -> None:
        """Set a treatment of the test loads up, and check the contact."""
        self.until("Ready")
        self.do(
            Prescribe(programme="conventional-tens", subject=Subject.TEST_LOAD, channels=(1, 2))
        )
        self.do(CheckContact())
        self.until("Armed")


@pytest.fixture
def bedside(tmp_path: Path) -> Iterator[Bedside]:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            yield Bedside(kiosk, other, house, port)


@pytest.mark.slow
def test_start_plus_minus_pause_and_stop_at_their_pixels(bedside: Bedside) -> None:
    kiosk = bedside.kiosk
    bedside.arm()
    kiosk.wait("contact")
    kiosk.touch("START")
    kiosk.wait("treatment")
    while bedside.level_ua() == 0:  # the engine refuses a tap before the first pulse
        kiosk.touch("rise:1")
    while bedside.level_ua() > 0:
        kiosk.touch("fall:1")
    kiosk.touch("Pause")
    kiosk.wait("paused")
    kiosk.touch("Continue")
    kiosk.wait("treatment")
    kiosk.touch("STOP")
    bedside.until("Finished")


@pytest.mark.slow
def test_stop_cuts_on_touch_down_while_another_finger_holds_plus(bedside: Bedside) -> None:
    kiosk = bedside.kiosk
    bedside.arm()
    kiosk.touch("START")
    kiosk.wait("treatment")
    plus, stop = kiosk.find("rise:1"), kiosk.find("STOP")
    assert plus is not None
    assert stop is not None
    kiosk.press(*plus.middle)
    kiosk.press(*stop.middle)
    bedside.until("Finished")


@pytest.mark.slow
def test_a_lost_engine_leaves_no_number_and_its_end_is_told_once_it_is_back(
    bedside: Bedside,
) -> None:
    kiosk = bedside.kiosk
    bedside.arm()
    kiosk.touch("START")
    kiosk.wait("treatment")
    bedside.house.running[1].kill()
    kiosk.wait("no_engine")
    texts = kiosk.texts()
    assert "0.0" not in texts
    assert "red button" in texts
    for key in ("fall:1", "fall:2", "Both", "Pause", "STOP"):
        found = kiosk.find(key)
        assert found is not None
        assert found.enabled, key
    plus = kiosk.find("rise:1")
    assert plus is None or not plus.enabled
    bedside.house.engine(bedside.port)
    kiosk.wait("interrupted")
    kiosk.touch("I have seen it")
    kiosk.wait("lock")
