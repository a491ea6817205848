"""All five drills by touches beside a real engine; a drill ends with nothing energised."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from appliance.link.engine_socket import link_path
from appliance.messages.wire import DrillKind
from appliance.records.storage.store import open_read_only
from tests.support.kiosk.hands import KioskPerson, Shown, a_kiosk
from tests.ui.cli.conftest import House, a_house, wait_until

pytestmark = pytest.mark.slow

KINDS = list(DrillKind)
LOAD_OFF = "Load is off"
"""The key that puts the result of a drill with a test load away."""
SWALLOWED_S = 0.3
"""A tap right after the screen has changed is swallowed."""


class Drilling(NamedTuple):
    """A person at the kiosk who reaches the parts of the virtual board too."""

    kiosk: KioskPerson
    house: House
    port: str

    def hand(self, do: str, fault: str) -> None:
        self.house.ask(self.port, do, fault=fault)

    def is_energised(self) -> bool:
        """Return whether the board itself has its supply on, or a channel that is not shorted."""
        status = self.house.ask(self.port, "status")["status"]
        open_ones = [each for each in status["channels"] if not each["shunt_closed"]]
        return bool(status["enabled"] or status["supply"]["good"] or open_ones)

    def prepare(self, kind: DrillKind) -> None:
        """Open a drill from the list."""
        kiosk = self.kiosk
        kiosk.wait("drills")
        kiosk.until(lambda: len(self._rows()) == len(KINDS), "a row for each drill")
        row = self._rows()[KINDS.index(kind)]
        time.sleep(SWALLOWED_S)
        kiosk.tap(*row.middle)
        kiosk.wait("prepare_drill")

    def begin(self, kind: DrillKind, load: str) -> None:
        """Begin a drill with a test load."""
        self.prepare(kind)
        self.kiosk.touch(load)
        self.kiosk.touch("Begin")
        began = ("drill", "drill_result")  # one with the wrong load is over within a second
        self.kiosk.until(lambda: self.kiosk.screen in began, "a drill")

    def _rows(self) -> list[Shown]:
        keys = (part for part in self.kiosk.parts() if part.role == "key")
        found = [key for key in keys if key.text.startswith("Do")]
        return sorted(found, key=lambda key: key.rect[1])

    def step(self, words: str) -> None:
        self.kiosk.until(lambda: words in self.kiosk.texts(), words)

    def done(self, words: str, key: str = "Done") -> None:
        self.kiosk.wait("drill_result")
        assert words in self.kiosk.texts()
        self.kiosk.touch(key)

    def recorded(self) -> list[tuple[str, int]]:
        with open_read_only(self.house.data) as db:
            rows = db.query("SELECT kind, passed FROM drills ORDER BY number")
            return [(row["kind"], row["passed"]) for row in rows]


@pytest.fixture
def drilling(tmp_path: Path) -> Iterator[Drilling]:
    with a_house(tmp_path) as house:
        _, port = house.board()
        house.engine(port)
        with a_kiosk(link_path(house.data)) as kiosk:
            at_drills(kiosk)
            yield Drilling(kiosk, house, port)


def at_drills(kiosk: KioskPerson) -> None:
    """Go to the drills; a kiosk that began anew finds the virtual board unlocked."""
    kiosk.until(lambda: kiosk.find("Try it") is not None or kiosk.screen == "home", "a way in")
    if kiosk.screen == "lock":
        kiosk.touch("Try it")
    kiosk.touch("Drills")


def test_every_drill_is_done_by_touches_and_kept(drilling: Drilling) -> None:
    kiosk = drilling.kiosk
    drilling.begin(DrillKind.ESTOP, "1000")
    drilling.step("Press the emergency stop")
    drilling.hand("set", "estop")
    drilling.step("Release the emergency stop")
    assert "possible once the cause is gone" in kiosk.texts()
    drilling.hand("clear", "estop")
    kiosk.touch("Acknowledge")
    drilling.done("Drill passed", LOAD_OFF)

    squeeze_and_unplug(drilling)
    unplug_a_lead(drilling)
    known_loads(drilling)
    drilling.prepare(DrillKind.WATCHDOG)
    kiosk.touch("Begin")
    drilling.done("Drill passed")
    kiosk.wait("drills")
    kiosk.until(lambda: kiosk.texts().count("Valid to") == len(KINDS), "all drills are valid")
    assert drilling.recorded() == [
        ("e-stop", 1),
        ("hand-switch", 1),
        ("lead", 1),
        ("known-load", 0),
        ("known-load", 1),
        ("watchdog", 1),
    ]
    assert not drilling.is_energised()


def squeeze_and_unplug(drilling: Drilling) -> None:
    kiosk = drilling.kiosk
    drilling.prepare(DrillKind.HAND_SWITCH)
    kiosk.touch("Begin")
    kiosk.wait("drill")
    for act, back in (("Squeeze", "Let go"), ("Unplug", "Plug the hand switch in again")):
        drilling.step(act)
        drilling.hand("set", "hand-switch")
        drilling.step(back)
        drilling.hand("clear", "hand-switch")
        kiosk.touch("Acknowledge")
    drilling.done("Drill passed")


def unplug_a_lead(drilling: Drilling) -> None:
    kiosk = drilling.kiosk
    drilling.prepare(DrillKind.LEAD)
    kiosk.touch("Channel 2")
    kiosk.touch("Begin")
    kiosk.wait("drill")  # the screen before names the steps too
    drilling.step("Unplug one lead")
    drilling.hand("set", "lead-off:2")
    drilling.step("Plug the lead in again")
    drilling.hand("clear", "lead-off:2")
    drilling.done("Drill passed")


def known_loads(drilling: Drilling) -> None:
    drilling.begin(DrillKind.KNOWN_LOAD, "500")
    drilling.done("Drill not passed", LOAD_OFF)  # the load is 1 kΩ
    drilling.begin(DrillKind.KNOWN_LOAD, "1000")
    drilling.step("3 of 5")
    drilling.done("Drill passed", LOAD_OFF)


def test_a_drill_ends_with_nothing_energised_whatever_happens(drilling: Drilling) -> None:
    """STOP, a killed screen, a killed engine: each while current flows into the test load."""
    kiosk, house = drilling.kiosk, drilling.house
    drilling.begin(DrillKind.ESTOP, "1000")
    drilling.step("Press the emergency stop")
    assert drilling.is_energised()
    kiosk.touch("STOP")
    wait_until(lambda: not drilling.is_energised(), "output off after STOP")
    drilling.done("Drill not passed", LOAD_OFF)

    drilling.begin(DrillKind.ESTOP, "1000")
    drilling.step("Press the emergency stop")
    assert drilling.is_energised()
    kiosk.kill()
    wait_until(lambda: not drilling.is_energised(), "output off without a screen")
    wait_until(lambda: len(drilling.recorded()) == 2, "the drill that lost its screen")
    assert drilling.recorded() == [("e-stop", 0), ("e-stop", 0)]

    with a_kiosk(link_path(house.data)) as again:
        again.wait("stopped")  # the trip of the silent screen comes first
        again.touch("Acknowledge")
        again.wait("drill_result")
        again.touch(LOAD_OFF)
        begun = Drilling(again, house, drilling.port)
        at_drills(again)
        begun.begin(DrillKind.ESTOP, "1000")
        begun.step("Press the emergency stop")
        assert begun.is_energised()
        house.running[1].kill()
        again.wait("no_engine")
        wait_until(lambda: not begun.is_energised(), "output off without an engine")
