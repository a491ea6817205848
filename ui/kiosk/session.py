"""One run of the kiosk: takes what the link and the fingers say, moves the journey, draws."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from kivy.app import App
from kivy.clock import Clock

from appliance.messages.actions import Touched
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from ui.kiosk.describe import DescribeServer
from ui.kiosk.engine_link import Asked, EngineLink
from ui.kiosk.journey.place import Effect, Kiosk, Look, Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.options import KioskOptions
from ui.kiosk.places import ENTRIES, engine_place, first_place, view_of
from ui.kiosk.touch.guard import Heard, KeyKind, kind_of
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.window import ScreenWindow

NUMBERS_S = 0.2
"""How often numbers that change by themselves are drawn anew."""
TOUCHED = "quiet:touched"
LOOK_S = 0.1
"""How often the screen looks whether the engine still speaks."""


class KioskSession(App):
    """Owns the kiosk's state; everything here runs in the thread of the window."""

    def __init__(self, options: KioskOptions) -> None:
        super().__init__()
        self._options = options
        self._reducer = Reducer(engine_place, first_place, ENTRIES)
        self.kiosk = Kiosk(place=first_place(), clock=wall_clock())
        self._wake = Clock.create_trigger(lambda _: self._attend())
        self._link = EngineLink(options.link, self._wake)
        self._drawn_at = 0.0
        self.drawn = 0
        """How many screens were built."""
        self.screen: ScreenWindow | None = None
        self._describing: DescribeServer | None = None

    def build(self) -> ScreenWindow:
        """Make the window."""
        self.screen = ScreenWindow(Stage(self._options.theme, kept=self._options.home), self._heard)
        self._present()
        return self.screen

    def on_start(self) -> None:
        """Begin to talk with the engine."""
        self._link.start()
        Clock.schedule_interval(lambda _: self._attend(), LOOK_S)

    def on_stop(self) -> None:
        """Leave the engine; Kivy may call this twice."""
        if self.screen is not None:
            self.screen.forget_touches()
        self._link.close()
        if self._describing is not None:
            self._describing.close()

    # --- what happens ----------------------------------------------------------------------------

    def _heard(self, heard: Heard) -> None:
        if heard.acts:
            ends_hold = not heard.pressed and kind_of(heard.action) is KeyKind.HELD
            move = self._reducer.released if ends_hold else self._reducer.touched
            self._take(move(self.kiosk, heard.action))
        if heard.pressed and self.kiosk.me is not None and self.kiosk.me.token:
            # Plus stays unlocked while whoever signed in is here; the key goes first.
            self._send(Send(Touched(), TOUCHED))
        self._present()

    def _attend(self) -> None:
        """Take what the link brought, and notice when it brings nothing."""
        newest, now = self._link.newest(), time.monotonic()
        for answered in self._link.answers():
            if isinstance(answered, Event):
                continue
            self._take(self._reducer.answered(self.kiosk, answered.tag, answered.answer))
        before = self.kiosk
        self.kiosk = replace(before, clock=wall_clock(), problem=self._link.problem)
        if newest is not None:
            snapshot, came = newest
            self._take(self._reducer.snapshot(self.kiosk, snapshot, now - came))
            self._describe_virtual(snapshot)
        urgent = _urgent(before) != _urgent(self.kiosk)
        if urgent or now - self._drawn_at >= NUMBERS_S:
            self._present()
        self._link.shown()

    def _describe_virtual(self, snapshot: Snapshot) -> None:
        """Begin to tell what is shown, on a virtual board only."""
        path = self._options.describe
        if path is None or self._describing is not None or snapshot.rig == "hardware":
            return
        in_screen = lambda look: Clock.schedule_once(lambda _: look())  # noqa: E731 - one use
        self._describing = DescribeServer(path, in_screen, self._described)
        self._describing.start()

    def _described(self) -> dict[str, Any]:
        if self.screen is None:
            return {}
        name, parts = self.screen.describe()
        return {"screen": name, "widgets": [part._asdict() for part in parts]}

    def _take(self, moved: Moved) -> None:
        self.kiosk = moved.kiosk
        for effect in moved.effects:
            self._send(effect)

    def _send(self, effect: Effect) -> None:
        token = self.kiosk.me.token if self.kiosk.me is not None else ""
        match effect:
            case Send(action=action, tag=tag):
                self._link.send(Asked(tag, action=action, token=token))
            case Look(page=page):
                self._link.send(Asked(page, query=page, token=token))
            case _:
                return

    def _present(self) -> None:
        if self.screen is None:
            return
        self._drawn_at = time.monotonic()
        place = self._reducer.shown(self.kiosk)
        self.drawn += self.screen.present(view_of(place, self.kiosk))


def _urgent(kiosk: Kiosk) -> object:
    snapshot = kiosk.snapshot
    number = snapshot.state_number if snapshot is not None else -1
    return number, kiosk.has_engine, kiosk.place, kiosk.pages, kiosk.refused


def wall_clock() -> str:
    """Return the time of day as the clock of the screen shows it."""
    return datetime.now().astimezone().strftime("%H:%M")
