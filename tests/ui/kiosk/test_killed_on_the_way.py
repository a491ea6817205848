"""One long journey in which screen and engine are killed at each step: nothing touched is lost.

A killed screen goes on where it was. A killed engine closes what was under way as interrupted, and
the screen comes back by itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import RecordFact
from tests.support.kiosk.clinician import Clinician, rows
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import House, a_house

pytestmark = pytest.mark.slow

TRY_IT = "Try it on the virtual board"
LEVEL_UA = 3_000
ONE_GRADED = "3 open"
KILLED_AFTER = 7
"""Questions that were answered when the screen is killed."""
QUESTIONS = "screening:conventional-tens:lower_back"
STEPS = ("complaint", "choose_pads", "checks", "patch_test", "sensation", "place_pads", "ready")


class Ward:
    """A board, an engine and a kiosk; each can be killed and started anew."""

    def __init__(self, folder: Path, house: House, stack: ExitStack) -> None:
        self.house, self.stack, self.home = house, stack, folder
        _, self.port = house.board()
        for channel in (1, 2):
            house.ask(self.port, "clear", fault=f"resistor:{channel}")
        self.engine = house.engine(self.port)
        self.link = link_path(house.data)
        self.other = stack.enter_context(LinkClient.connect(self.link, "test"))
        kiosk = stack.enter_context(a_kiosk(self.link, home=folder))
        self.who = Clinician(kiosk, house, self.port, self.other)

    def kill_screen(self, expected: str) -> None:
        """Kill the screen as a power cut would, start it and wait for what it shows."""
        self.who.kiosk.kill()
        self.who.kiosk = self.stack.enter_context(a_kiosk(self.link, home=self.home))
        self.who.kiosk.wait(expected)

    def kill_engine(self, expected: str) -> None:
        """Kill the engine, start it and wait for what the same screen shows."""
        self.engine.kill()
        self.engine.wait()
        self.who.kiosk.wait("no_engine")
        self.engine = self.house.engine(self.port)
        self.other = self.stack.enter_context(LinkClient.connect(self.link, "test"))
        self.who.other = self.other
        self.who.kiosk.wait(expected)

    def try_it(self, expected: str) -> None:
        """Take the virtual board again after its engine began anew."""
        self.who.kiosk.wait("lock")
        self.who.kiosk.touch(TRY_IT)
        self.who.kiosk.wait(expected)


@contextmanager
def a_ward(folder: Path) -> Iterator[Ward]:
    with a_house(folder) as house, ExitStack() as stack:
        yield Ward(folder / "screen", house, stack)


def test_nothing_is_lost_wherever_the_screen_or_the_engine_is_killed(tmp_path: Path) -> None:
    with a_ward(tmp_path) as ward:
        who = ward.who
        who.kiosk.wait("lock")
        who.kiosk.touch(TRY_IT)
        who.kiosk.wait("home")
        alias_and_place_survive(ward)
        each_step_survives(ward)
        a_treatment_is_closed_as_interrupted(ward)
        what_was_entered_survives_the_engine(ward)


def alias_and_place_survive(ward: Ward) -> None:
    who = ward.who
    who.touch("New patient")
    who.kiosk.wait("new_patient")
    who.type("P7")
    ward.kill_screen("new_patient")
    assert "P7" in who.kiosk.texts()
    who.touch("Next")
    who.kiosk.until(lambda: "Year of birth" in who.kiosk.texts(), "year")
    who.type("1974")
    who.touch("Register")
    who.kiosk.until(lambda: "Registered" in who.kiosk.texts(), "the id")
    who.touch("Treat")
    who.kiosk.wait("choose")
    who.touch("Lower back, left")
    who.touch("Lower back, left and right")
    ward.kill_screen("choose")
    assert len(rows(ward.other, "patients:P7")) == 1
    who.touch("Conventional TENS")
    who.touch("Take")


def each_step_survives(ward: Ward) -> None:
    """Kill the screen at each step, after the first of its touches where it takes several."""
    who = ward.who

    def killed(screen: str) -> None:
        if screen == "complaint":
            who.touch("6 weeks")
        if screen in STEPS:
            ward.kill_screen(screen)

    who.at_each = killed
    who.to_start(until="screening")
    questions_survive(ward)
    who.to_start(until="contact")
    assert set(STEPS) <= set(who.screens)
    who.at_each = lambda _screen: None


def questions_survive(ward: Ward) -> None:
    """Kill the screen between questions, and again once the engine has every answer."""
    who, questions = ward.who, rows(ward.other, QUESTIONS)
    who.answer_some(KILLED_AFTER)
    ward.kill_screen("screening")
    who.kiosk.until(lambda: who.answered() == str(KILLED_AFTER), "the answers of before")
    answers = {row["id"]: "no" if row["flagged"] == "yes" else "yes" for row in questions}
    local = {row["id"] for row in questions if row["local"]}
    values: dict[str, object] = {
        "patient": who.patient(),
        "kind": "full",
        "answers": {name: answer for name, answer in answers.items() if name not in local},
        "here": {"lower_back": {name: answers[name] for name in local}},
    }
    ward.other.ask(RecordFact(kind="screening_answered", values=values))
    ward.kill_screen("choose_pads")


def a_treatment_is_closed_as_interrupted(ward: Ward) -> None:
    """Kill the screen while output is on: the output falls, and the records say why."""
    who = ward.who
    who.touch("START")
    who.kiosk.wait("first_feeling")
    who.feel()
    who.raise_to(1, LEVEL_UA)
    who.kiosk.kill()
    who.wait_for(lambda now: now.state == "Tripped", "the end of the output")
    snapshot = who.snapshot()
    assert snapshot.trip is not None
    assert snapshot.trip.code == "T27"
    assert all(channel.level_ua == 0 for channel in snapshot.channels)
    ward.kill_screen("stopped")
    who.touch("Acknowledge")
    who.kiosk.until(lambda: who.kiosk.screen != "stopped", "what comes after the trip")
    [session] = rows(ward.other, "history:" + who.patient())
    assert session["outcome"] != ""
    who.finish_close_out()


def what_was_entered_survives_the_engine(ward: Ward) -> None:
    """Kill the engine between two touches, in a treatment, and in the close-out."""
    who = ward.who
    who.screens.clear()
    who.touch("New treatment")
    who.touch("Repeat")
    who.to_start(until="place_pads")
    ward.kill_engine("lock")
    ward.try_it("place_pads")
    who.to_start(until="first_feeling")
    who.to_treatment()
    who.raise_to(1, LEVEL_UA)
    ward.kill_engine("interrupted")
    newest = rows(ward.other, "history:" + who.patient())[0]
    assert newest["outcome"] == "interrupted"
    who.touch("I have seen it", "close_out")
    ward.try_it("close_out")
    who.touch("Every pad is off", "close_out")
    who.touch("1", "close_out")
    who.kiosk.until(lambda: ONE_GRADED in who.kiosk.texts(), "a grade")
    ward.kill_screen("close_out")
    who.kiosk.until(lambda: ONE_GRADED in who.kiosk.texts(), "the grade of before")
    ward.kill_engine("lock")
    ward.try_it("close_out")
    who.kiosk.until(lambda: ONE_GRADED in who.kiosk.texts(), "the grade of before")
    who.finish_close_out()
    assert who.snapshot().close_out is None
