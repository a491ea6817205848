"""The side panel beside a real virtual board: what is pressed there happens to the board."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import House, a_house, wait_until
from ui.panel.board_talk import BoardTalk
from ui.panel.pads import PadState
from ui.panel.state import Panel

OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen"}


class Person:
    """Presses keys of a panel that has no window."""

    def __init__(self, control: Path) -> None:
        self.ended = False
        self.talk = BoardTalk(control, lambda: None, self._end)
        self.talk.start()
        self._panel, self._sent = Panel(), 0
        self.until(lambda: bool(self.panel.channels), "channels")

    @property
    def panel(self) -> Panel:
        """Return what the panel shows."""
        news = self.talk.newest()
        if news is not None and news.done >= self._sent:
            self._panel = self._panel.looked(news.seen)
        return self._panel

    def press(self, action: str) -> None:
        self._panel, commands = self.panel.pressed(action)
        self._sent += len(commands)
        self.talk.send(commands)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(condition, what)

    def _end(self) -> None:
        self.ended = True


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as opened:
        yield opened


def control_of(house: House, port: str) -> Path:
    return house.runtime / "stimkiosk" / f"board-{port}.control"


def test_a_squeeze_a_lifted_pad_and_a_cut_lead_happen_to_the_board(house: House) -> None:
    board, port = house.board()
    person = Person(control_of(house, port))
    for channel in (1, 2):
        person.press(f"load:{channel}:1000")  # takes the test load of the house away
    person.press("squeeze")
    person.press("pad:1B:off")
    person.press("pad:2A:dry")
    wanted = {"hand-switch", "lead-off:1", "dry-pad:2"}
    person.until(lambda: set(person.panel.seen.faults) == wanted, "three faults")
    assert house.ask(port, "status")["status"]["hand_switch_closed"] is False
    person.press("let_go")
    person.press("pad:1B:good")
    person.until(lambda: set(person.panel.seen.faults) == {"dry-pad:2"}, "one fault left")
    assert house.ask(port, "status")["status"]["hand_switch_closed"] is True
    house.ask(port, "set", fault="half-lifted:1")
    person.until(lambda: person.panel.channels[0].first is PadState.HALF, "what another one did")
    person.press("good")
    person.until(lambda: not person.panel.seen.faults, "everything good")
    board.terminate()
    person.until(lambda: person.ended, "the end of the board")
    person.talk.close()


def test_the_window_of_the_panel_ends_with_its_board(house: House) -> None:
    board, port = house.board()
    panel = house.start("panel", "--port", port, **OFFSCREEN)
    assert house.first_line(panel).startswith(f"panel of the virtual board on port {port}")
    # It has looked at the board once its oscilloscope is on.
    wait_until(lambda: house.ask(port, "scope")["scope"]["time_us"] > 0, "scope")
    board.terminate()
    assert panel.wait(HANG_S) == 0
    assert house.processes() == []


def test_without_a_display_the_panel_says_so(house: House) -> None:
    _, port = house.board()
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""}
    done = house.run("panel", "--port", port, **gone)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == (
        "stimkiosk: no display: neither DISPLAY nor WAYLAND_DISPLAY is set; "
        "run it where there is a screen\n"
    )
