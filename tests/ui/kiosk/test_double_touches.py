"""Two touches within a frame, and plus held for long, on the real engine.

A key that raises acts once, one that lowers acts each time, START, Pause and Continue do no more
than one touch does. All is read from the snapshots, the records and the recording.
"""

import time
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import SetCeiling
from appliance.messages.replies import Reply
from appliance.records.queries import SessionRecord, list_sessions, read_session
from appliance.records.storage.store import open_read_only
from tests.support.kiosk.clinician import Clinician
from tests.support.kiosk.hands import a_kiosk
from tests.support.kiosk.prepared import prepare
from tests.ui.cli.conftest import a_house
from ui.trace.measure import measure, signal_names
from ui.trace.vcd.reader import read_vcd

CEILING_UA, STEP_UA = 3_000, 500
KEPT_US, HELD_US, SETTLED_US = 3_500_000, 4_000_000, 500_000
TOLERANCE_UA = 600
APART_PX = (0, 12)
"""At the same place the guard takes what raises for the echo of the first touch."""


class Doubles:
    """Touches keys of the treatment screen twice, and says what the levels did."""

    def __init__(self, who: Clinician) -> None:
        self.who, self.kiosk = who, who.kiosk

    def twice(self, text: str, apart: float = APART_PX[1]) -> None:
        """Tap a key twice within a frame, once it is there and enabled."""
        self.kiosk.until(lambda: self._is_on(text), f"key {text}")
        time.sleep(0.3)  # a tap right after the screen has changed is swallowed
        key = self.kiosk.find(text)
        assert key is not None
        self.kiosk.tap_twice(key.middle, apart)

    def step(self, text: str, apart: float) -> int:
        """Return by how much the level of channel 1 has changed a while after a double touch."""
        before_ua = self.who.level(1)
        self.twice(text, apart)
        self.rest(SETTLED_US)
        return self.who.level(1) - before_ua

    def rest(self, us: int) -> None:
        until_us = self.who.snapshot().at_us + us
        self.who.wait_for(lambda now: now.at_us > until_us, "a while")

    def hold_to_the_ceiling(self) -> None:
        """Come to the ceiling by taps, keep it, lower, and hold plus for long."""
        who, kiosk = self.who, self.kiosk
        who.raise_to(1, CEILING_UA)
        self.rest(KEPT_US)
        for _ in range(2):
            kiosk.touch("fall:1")
        who.wait_for(lambda _: who.level(1) == CEILING_UA - 2 * STEP_UA, "two steps down")
        plus = kiosk.find("rise:1")
        assert plus is not None
        finger = kiosk.press(*plus.middle)
        who.wait_for(lambda _: who.level(1) == CEILING_UA, "the ceiling")
        self.rest(HELD_US)
        assert who.level(1) == CEILING_UA
        assert kiosk.texts().count("max 3") == 2, kiosk.texts()
        kiosk.release(finger)

    def _is_on(self, text: str) -> bool:
        key = self.kiosk.find(text)
        return key is not None and key.enabled


@pytest.mark.slow
def test_double_touches_and_a_long_hold_do_what_was_meant(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board("--record", str(tmp_path / "trace.vcd"))
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            who = Clinician(kiosk, house, port, other)
            kiosk.touch("Try it")
            treat(who)
            who.end(stays_seated=False)
    with open_read_only(house.data) as db:
        [listed] = list_sessions(db)
        session = read_session(db, listed.id)
    assert session is not None
    check_records(session)
    recording = read_vcd(tmp_path / "trace.vcd", signal_names())
    measured = measure(recording)
    assert measured.faults == ()
    used = measured.channels[0]
    assert 0 < used.peak_ua <= CEILING_UA + TOLERANCE_UA
    assert used.pulses >= int(str(session.dose[0]["pulses"]))


def treat(who: Clinician) -> None:
    """Start, raise, lower, pause and continue with two touches each."""
    kiosk, doubles = who.kiosk, Doubles(who)
    kiosk.wait("home")
    who.wait_for(lambda now: now.state == "Ready", "the end of the self-test")
    patient = prepare(who.other, "D1", "conventional-tens", "lower_back", "left")
    low = SetCeiling(
        patient=patient, scope="back", ceiling_ua=CEILING_UA, reason="test", operator="anna"
    )
    answer = who.other.ask(low)
    assert isinstance(answer, Reply), answer
    who.touch("New treatment")
    who.touch("D1")
    who.choose("lower_back", "left", "Conventional TENS")
    who.to_start(until="contact")
    who.say_no_load()
    doubles.twice("START")
    who.to_treatment()
    for apart in APART_PX:
        assert doubles.step("rise:1", apart) == STEP_UA
    for apart in APART_PX:
        who.raise_to(1, 4 * STEP_UA)
        doubles.rest(SETTLED_US)
        assert doubles.step("fall:1", apart) == -2 * STEP_UA, apart
    for apart in APART_PX:
        doubles.twice("Pause", apart)
        kiosk.wait("paused")
        doubles.rest(SETTLED_US)
        assert "Not accepted" not in kiosk.texts()
        doubles.twice("Continue", apart)
        kiosk.wait("treatment")
        doubles.rest(SETTLED_US)
        assert (kiosk.screen, who.level(1)) == ("treatment", 0)
    doubles.hold_to_the_ceiling()


def check_records(session: SessionRecord) -> None:
    """Check that two touches of one key were one start, one pause, one step up and two down."""
    names = [each.name for each in session.events]
    assert names.count("session_opened") == 1
    pauses = [each for each in session.events if each.name == "stop"]
    causes = [str((each.facts or {})["cause"]) for each in pauses]
    assert causes.count("pause") == len(APART_PX) + 1, causes  # the last one is of the end
    levels = [dict(each.facts or {}) for each in session.events if each.name == "level_changed"]
    rises = [each for each in levels if int(each["to_ua"]) > int(each["from_ua"])]
    assert all(int(each["to_ua"]) - int(each["from_ua"]) <= STEP_UA for each in rises)
    assert max(int(each["to_ua"]) for each in levels) == CEILING_UA
