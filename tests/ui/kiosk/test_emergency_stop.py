"""The emergency stop pressed on screens of treatment, drill, service and history, by real touches.

One board with a recording, one engine and one kiosk: it is pressed on each screen, released and
acknowledged, and the way goes on from there. `test_trip_journey.py` has the screens before Start.
"""

import time
from collections import Counter
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import Action, CheckContact, Prescribe
from appliance.messages.replies import Reply
from appliance.messages.wire import DrillKind, Subject
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.campaigns.bench.independent_vcd import read_changes, tick_ns
from tests.support.kiosk.clinician import Clinician
from tests.support.kiosk.hands import a_kiosk
from tests.support.kiosk.prepared import prepare
from tests.ui.cli.conftest import a_house, wait_until
from tests.ui.kiosk.test_drill_journey import LOAD_OFF, Drilling

ALIAS, FELT_UA, LEVEL_UA, KEPT_US, HELD_US = "E1", 500, 2_000, 3_500_000, 3_000_000
ZERO_NS = 1_000_000
"""docs/design.md section 5: the fault latch, which the button opens, takes less than 1 ms."""
TYPED = "JO"
RESTS, GOES_ON = "nmes-strengthening", "conventional-tens"
SHORT = " 0:0"
"""In the line of a session of a few seconds."""
GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")
CURRENTS = ("i1_ua", "i2_ua")


class EmergencyStop:
    """Presses the emergency stop on a screen and sees to it that the person comes back."""

    def __init__(self, who: Clinician) -> None:
        self.who, self.kiosk = who, who.kiosk
        self.pressed_on: list[str] = []

    def on(self, screen: str, back: str = "", *, records: tuple[str, ...] = ()) -> None:
        """Press it on a screen, release, acknowledge; another screen or the same comes then.

        Nothing is recorded about anybody but `records`, once each.
        """
        kiosk = self.kiosk
        kiosk.wait(screen)
        facts, shown = self._facts() + Counter(records), kiosk.texts()
        self.press(screen)
        self.release()
        kiosk.until(lambda: kiosk.screen == (back or screen), f"{back or screen} afterwards")
        if not back:
            kiosk.until(lambda: _words(kiosk.texts()) == _words(shown), f"{screen} as it was")
        assert self._facts() == facts

    def press(self, screen: str) -> None:
        """Press it: the screen says so, nothing is energised, nothing can be acknowledged."""
        who, kiosk = self.who, self.kiosk
        self.pressed_on.append(screen)
        who.house.ask(who.port, "set", fault="estop")
        kiosk.wait("stopped")
        texts = kiosk.texts()
        assert "EMERGENCY STOP" in texts
        assert "Twist to release" in texts
        acknowledge = kiosk.find("Acknowledge")
        assert acknowledge is not None
        assert not acknowledge.enabled
        assert not is_energised(who)

    def release(self) -> None:
        """Release and acknowledge it; nothing is energised by that."""
        self.who.house.ask(self.who.port, "clear", fault="estop")
        self.kiosk.touch("Acknowledge")
        self.kiosk.until(lambda: self.kiosk.screen != "stopped", "what comes after the stop")
        assert not is_energised(self.who)

    def _facts(self) -> Counter[str]:
        with open_read_only(self.who.house.data) as db:
            return Counter(type(each.fact).__name__ for each in read_facts(db))


def _words(texts: str) -> list[str]:
    """Return the words of a screen without those that tell the time or a sound."""
    return sorted(text for text in texts.split("\n") if ":" not in text and "ound" not in text)


def is_energised(who: Clinician) -> bool:
    """Return whether the board itself has its supply on, or current."""
    status = who.house.ask(who.port, "status")["status"]
    return bool(status["enabled"] or any(each["current_ua"] for each in status["channels"]))


@pytest.mark.slow
@pytest.mark.proves("estop-latch", "estop-engine")
def test_the_emergency_stop_is_shown_and_leads_back_from_each_screen(tmp_path: Path) -> None:
    record = tmp_path / "board.vcd"
    with a_house(tmp_path) as house:
        _, port = house.board("--record", str(record))
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            stop = EmergencyStop(Clinician(kiosk, house, port, other))
            in_the_self_test(stop)
            over_the_keyboard(stop)
            in_service(stop)
            in_drills(stop)
            in_a_treatment(stop)
            in_history(stop)
            on_a_test_load(stop)
    assert len(stop.pressed_on) == len(presses(record))
    check(record)


def in_the_self_test(stop: EmergencyStop) -> None:
    """Press it while the unit tests itself: it does so again, and nobody is signed out."""
    kiosk, who = stop.kiosk, stop.who
    kiosk.wait("lock")
    kiosk.touch("Try it")
    who.wait_for(lambda now: now.state == "SelfTest", "the self-test")
    stop.press("home")
    stop.release()
    kiosk.wait("home")
    who.wait_for(lambda now: now.state == "Ready", "the self-test that passes")
    kiosk.wait("home")


def over_the_keyboard(stop: EmergencyStop) -> None:
    """Press it while an alias is typed, and touch STOP too: what was typed is there again."""
    kiosk = stop.kiosk
    kiosk.touch("New patient")
    kiosk.wait("new_patient")
    for letter in TYPED:
        kiosk.touch(letter)
    kiosk.until(lambda: TYPED in kiosk.texts(), "the alias typed")
    stop.press("new_patient")
    kiosk.touch("STOP")
    stop.release()
    kiosk.wait("new_patient")
    assert TYPED in kiosk.texts()
    kiosk.touch("Back")
    kiosk.wait("home")


def in_service(stop: EmergencyStop) -> None:
    kiosk = stop.kiosk
    kiosk.touch("Service")
    kiosk.wait("service")
    stop.on("service")
    kiosk.touch("Back")
    kiosk.wait("home")


def in_drills(stop: EmergencyStop) -> None:
    """Press it in a drill of something else, while current flows into the test load."""
    kiosk, who = stop.kiosk, stop.who
    drilling = Drilling(kiosk, who.house, who.port)
    kiosk.touch("Drills")
    drilling.begin(DrillKind.KNOWN_LOAD, "1000")
    who.wait_for(lambda now: now.state == "Delivering", "current")
    stop.on("drill", "drill_result")
    drilling.done("Drill not passed", LOAD_OFF)
    assert drilling.recorded() == [("known-load", 0)]
    kiosk.touch("Back")
    kiosk.wait("home")


def in_a_treatment(stop: EmergencyStop) -> None:
    """Press it at the first feeling: the session is over, and is closed out once."""
    kiosk, who = stop.kiosk, stop.who
    who.house.ask(who.port, "clear", fault="resistor:1")  # skin: a test load is asked about
    prepare(who.other, ALIAS, "conventional-tens", "lower_back", "left")
    kiosk.touch("New treatment")
    kiosk.touch(ALIAS)
    who.choose("lower_back", "left", "Conventional TENS")
    who.to_start()
    who.raise_to(1, FELT_UA)
    stop.on("first_feeling", "after_trip", records=("CloseOutOpened", "PadSetUsed"))
    assert "It cannot continue" in kiosk.texts()
    kiosk.touch("Close out")
    kiosk.wait("close_out")
    who.touch("Every pad is off")
    kiosk.until(lambda: kiosk.find("All sites 0") is not None, "the skin")
    stop.on("close_out")
    who.finish_close_out()


def in_history(stop: EmergencyStop) -> None:
    """Press it on the list of sessions and on the charts of one."""
    kiosk = stop.kiosk
    kiosk.touch("New treatment")
    kiosk.touch(ALIAS)
    kiosk.wait("choose")
    kiosk.touch("History")
    kiosk.wait("history")
    kiosk.until(lambda: kiosk.find(SHORT) is not None, "the session")
    stop.on("history")
    kiosk.touch(SHORT)
    kiosk.wait("summary")
    kiosk.until(lambda: "Dose against limits" in kiosk.texts(), "the charts")
    stop.on("summary")


def on_a_test_load(stop: EmergencyStop) -> None:
    """Press it in a rest, in a pause, and while it is raised back."""
    kiosk, who = stop.kiosk, stop.who
    who.house.ask(who.port, "set", fault="resistor:1=1000")
    start_on_a_load(stop, RESTS, FELT_UA)
    who.wait_for(lambda now: now.state == "Resting", "a rest")
    stop.on("treatment", "summary")
    start_on_a_load(stop, RESTS, FELT_UA)
    kiosk.touch("Pause")
    stop.on("paused", "summary")
    start_on_a_load(stop, GOES_ON, LEVEL_UA)
    kept_us = who.snapshot().at_us + KEPT_US
    who.wait_for(lambda now: now.at_us > kept_us, "a level that was kept")
    kiosk.touch("Pause")
    kiosk.wait("paused")
    kiosk.touch("Continue")
    kiosk.wait("treatment")
    held(stop)


def held(stop: EmergencyStop) -> None:
    """Press it while plus is held and raises back.

    On a busy machine the engine takes the finger off a screen that is late: it is put on again.
    """
    kiosk, who = stop.kiosk, stop.who
    plus = kiosk.find("rise:1")
    assert plus is not None
    finger, until_us = 0, 0
    while who.level(1) < FELT_UA:
        if who.snapshot().at_us > until_us:
            kiosk.release(finger) if finger else None
            time.sleep(0.3)  # a touch right after the screen has changed is swallowed
            finger, until_us = kiosk.press(*plus.middle), who.snapshot().at_us + HELD_US
        time.sleep(0.05)
    stop.press("treatment")
    kiosk.release(finger)
    stop.release()
    kiosk.wait("summary")


def start_on_a_load(stop: EmergencyStop, programme: str, level_ua: int) -> None:
    """Bring pulses of a level into the test load on channel 1."""
    who = stop.who

    def done(action: Action) -> bool:
        who.snapshot()
        who.other.shown()
        return isinstance(who.other.ask(action), Reply)

    who.wait_for(lambda now: now.state == "Ready", "a unit at rest")
    load = Prescribe(programme=programme, subject=Subject.TEST_LOAD, channels=(1,))
    wait_until(lambda: done(load), "a treatment that is set up")
    wait_until(lambda: done(CheckContact()), "the contact check")
    who.wait_for(lambda now: now.state == "Armed", "a contact that was checked")
    stop.kiosk.touch("START")
    stop.kiosk.wait("treatment")
    who.raise_to(1, level_ua)


def presses(record: Path) -> list[int]:
    """Return when the emergency stop was pressed, in ns of the board."""
    tick = tick_ns(record)
    loop = read_changes(record, ("estop_loop",))["estop_loop"][1:]
    return [at * tick for at, closed in loop if not closed]


def check(record: Path) -> None:
    """Check that nothing flowed from 1 ms after each press until it was released."""
    tick = tick_ns(record)
    read = read_changes(record, ("estop_loop", *GATES, *CURRENTS))
    loop = read["estop_loop"][1:]
    for (pressed, closed), (released, _) in zip(loop[::2], loop[1::2], strict=True):
        assert not closed
        for name in (*GATES, *CURRENTS):
            during = [
                (at, value)
                for at, value in read[name]
                if pressed * tick + ZERO_NS < at * tick < released * tick
            ]
            assert not [value for _, value in during if value], (name, pressed)
            before = [value for at, value in read[name] if at * tick <= pressed * tick + ZERO_NS]
            assert not before[-1], (name, pressed)
