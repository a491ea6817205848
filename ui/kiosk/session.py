"""One run of the kiosk: takes what the link and the fingers say, moves the journey, draws."""

import gc
import logging
import secrets
import time
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from kivy.app import App
from kivy.clock import Clock

from appliance.messages.actions import Touched
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from appliance.texts.languages import language_of
from ui.kiosk.baker import Baker
from ui.kiosk.describe import DescribeServer
from ui.kiosk.engine_link import Asked, EngineLink
from ui.kiosk.journey.acts import to_keep
from ui.kiosk.journey.languages import screen_language
from ui.kiosk.journey.place import Effect, Kiosk, Look, Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.silence import LOOK_S, Silence
from ui.kiosk.journey.waits import Waits
from ui.kiosk.locale.words import language, use, words_of
from ui.kiosk.options import KioskOptions
from ui.kiosk.places import ENTRIES, engine_place, first_place, place_after, view_of
from ui.kiosk.touch.guard import Heard, KeyKind, kind_of
from ui.kiosk.touch_provider import use_one_provider
from ui.kiosk.view_models.shell import may_flow
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.window import ScreenWindow
from ui.kiosk.work_file import WorkFile

LOG = logging.getLogger("stimkiosk")
NUMBERS_S = 0.2
"""How often numbers that change by themselves are drawn anew."""
TOUCHED = "quiet:touched"
SETTLED_S = 5.0
"""From here on what was imported is never looked at again for garbage: that takes a frame (D)."""
BAKE_S = 5.0
"""How often it is looked whether pictures may be drawn ahead."""
RUN_BYTES = 8
"""Of the name of a run: no two screens ever have the same."""
FRESH_S = 0.1
"""So long after a snapshot another look at it changes nothing; the engine speaks more often."""


class KioskSession(App):
    """Owns the kiosk's state; everything here runs in the thread of the window."""

    title = "stimkiosk"

    def __init__(self, options: KioskOptions) -> None:
        super().__init__()
        use_one_provider()
        self._options = options
        self._reducer = Reducer(engine_place, first_place, ENTRIES, place_after)
        asked, run = options.language, secrets.token_hex(RUN_BYTES)
        self.kiosk = Kiosk(place=first_place(), clock=wall_clock(), language=asked, run=run)
        use(words_of(language_of(screen_language(self.kiosk))))
        self._wake = Clock.create_trigger(lambda _: self._attend())
        self._link = EngineLink(options.link, self._wake)
        self._moves = Clock.create_trigger(self._moving, 0)
        self._work = WorkFile(options.home / "work.json")
        self.kiosk = replace(self.kiosk, kept=self._work.load())
        self._drawn_at = 0.0
        self._silence, self._waits = Silence(), Waits()
        self.drawn = 0
        """How many screens were built."""
        self.screen: ScreenWindow | None = None
        self._tells = options.describe
        self._describing: DescribeServer | None = None
        self._baker = Baker(options.bake)

    def build(self) -> ScreenWindow:
        """Make the window."""
        self.screen = ScreenWindow(self._stage(), self._heard)
        self._present()
        return self.screen

    def _stage(self) -> Stage:
        turned = language().right_to_left
        kept = self._options.pictures or self._options.home
        return Stage(self._options.theme, right_to_left=turned, kept=kept)

    def _speak(self, code: str) -> None:
        """Change the language: every view and every picture is made anew."""
        wanted = language_of(code)
        if self.screen is not None and language() != wanted:
            use(words_of(wanted))
            self.screen.use(self._stage())

    def on_start(self) -> None:
        """Begin to talk with the engine."""
        self._link.start()
        Clock.schedule_interval(lambda _: self._attend(), LOOK_S)
        Clock.schedule_once(lambda _: gc.freeze(), SETTLED_S)
        Clock.schedule_interval(lambda _: self._bake(), BAKE_S)

    def on_stop(self) -> None:
        """Leave the engine; Kivy may call this twice."""
        if self.screen is not None:
            self.screen.forget_touches()
        self._link.close()
        self._baker.close()
        if self._describing is not None:
            self._describing.close()

    def _bake(self) -> bool:
        """Have pictures drawn while no current may flow; return whether to ask again."""
        self._baker.attend(may_flow=may_flow(self.kiosk))
        return not self._baker.is_done

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
        if self.screen is not None:
            self.screen.fall_on()
        newest, answers, now = self._link.newest(), self._link.answers(), time.monotonic()
        silent_s = self._silence.since(newest, now)
        if not answers and self._is_known(silent_s):
            return
        for answered in answers:
            if isinstance(answered, Event):
                continue
            self._take(self._reducer.answered(self.kiosk, *answered))
        before = self.kiosk
        told = wall_clock(), self._link.problem
        if told != (before.clock, before.problem):
            self.kiosk = replace(before, clock=told[0], problem=told[1])
        if newest is not None:
            snapshot, _ = newest
            self._take(self._reducer.snapshot(self.kiosk, snapshot, silent_s))
            self._describe_virtual(snapshot)
        self._take(self._reducer.waited(self.kiosk, self._waits.look(self.kiosk, now)))
        urgent = _urgent(before) != _urgent(self.kiosk)
        if urgent or now - self._drawn_at >= NUMBERS_S:
            self._present()
        self._link.shown(newest)

    def _is_known(self, silent_s: float) -> bool:
        """Return whether this snapshot was taken in, a moment ago, and the link is as it was."""
        return 0 < silent_s < FRESH_S and self._link.problem == self.kiosk.problem

    def _describe_virtual(self, snapshot: Snapshot) -> None:
        """Begin to tell what is shown, and end where the board is not virtual."""
        path = self._tells
        if path is None:
            return
        if snapshot.rig == "hardware":
            self._tells = None
            LOG.warning("--describe is for a virtual board only: nothing is told")
            if self._describing is not None:
                self._describing.close()
        elif self._describing is None:
            in_screen = lambda look: Clock.schedule_once(lambda _: look())  # noqa: E731 - one use
            try:
                self._describing = DescribeServer(path, in_screen, self._described)
            except OSError as error:
                self._tells = None
                LOG.warning("what is shown cannot be told on %s: %s", path, error.strerror or error)
                return
            self._describing.start()

    def _described(self) -> dict[str, Any]:
        if self.screen is None:
            return {}
        name, parts = self.screen.describe()
        return {"screen": name, "widgets": [part._asdict() for part in parts]}

    def _take(self, moved: Moved) -> None:
        was_here = self.kiosk.me is not None
        self.kiosk = moved.kiosk
        self._keep_work(was_here=was_here)
        for effect in moved.effects:
            self._send(effect)

    def _keep_work(self, *, was_here: bool) -> None:
        """Keep what was entered before it is shown; offer it again once the unit was locked."""
        kiosk = self.kiosk
        if kiosk.me is not None:
            self._work.keep(kiosk.me.operator, kiosk.place, to_keep(kiosk))
        elif was_here:
            self.kiosk = replace(kiosk, kept=self._work.load())
        elif kiosk.kept is not None and self._work.is_over():
            self.kiosk = replace(kiosk, kept=None)

    def _send(self, effect: Effect) -> None:
        token = self.kiosk.me.token if self.kiosk.me is not None else ""
        match effect:
            case Send(action=action, tag=tag, number=number, act=act):
                self._link.send(Asked(tag, number, action=action, token=token, act=act))
            case Look(page=page):
                self._link.send(Asked(page, query=page, token=token))
            case _:
                return

    def _present(self) -> None:
        if self.screen is None:
            return
        self._drawn_at = time.monotonic()
        self._speak(screen_language(self.kiosk))
        place = self._reducer.shown(self.kiosk)
        self.drawn += self.screen.present(view_of(place, self.kiosk))
        if self.screen.move():
            self._moves()  # Kivy keeps one entry for each trigger

    def _moving(self, _: float) -> None:
        """Draw the next frame of what moves; without movement no frame is drawn."""
        if self.screen is not None and self.screen.move():
            self._moves()


def _urgent(kiosk: Kiosk) -> object:
    snapshot = kiosk.snapshot
    number = snapshot.state_number if snapshot is not None else -1
    asked = kiosk.is_slow, kiosk.no_answer
    return number, kiosk.has_engine, kiosk.place, kiosk.pages, kiosk.refused, asked


def wall_clock() -> str:
    """Return the time of day as the clock of the screen shows it."""
    return _clock_at(int(time.time()))


@lru_cache(maxsize=1)
def _clock_at(at_s: int) -> str:
    """Return the time of a second: asking for the time zone each frame costs more than the rest."""
    return datetime.fromtimestamp(at_s).astimezone().strftime("%H:%M")
