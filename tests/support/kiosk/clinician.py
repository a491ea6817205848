"""A clinician who treats at the kiosk of a test: one touch after the other, each counted by kind.

Kinds: "screening" (a question answered), "typed" (characters), "level" (taps of plus), "squeeze",
"close_out", and "other" for everything else.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from appliance.link.client import LinkClient
from appliance.messages.replies import Page
from appliance.messages.snapshot import Snapshot
from drivers.errors import BoardRefused
from tests.support.hang import HANG_S
from tests.support.kiosk.hands import KioskPerson, Shown
from tests.ui.cli.conftest import House
from ui.kiosk.locale.words import choice, listed, say_row, sentence

WAIT_S = min(HANG_S, 40.0)
"""How long anything may take at most, on a busy machine."""
SETTLED_US = 200_000
"""Four snapshots."""
HARMLESS: Mapping[str, str] = {}
ONE_TOUCH: Mapping[str, tuple[str, str]] = {
    "choose_pads": ("Axelgaard PALS", "other"),
    "checks": ("All of these are good", "other"),
    "sensation": ("All sites tell, skin clear", "other"),
    "skin_before": ("All sites 0", "other"),
    "place_pads": ("The pads lie like this", "other"),
    "tell_patient": ("The patient has understood", "other"),
    "visit_list": ("Each asked, none changed", "screening"),
}
"""Screens that one key answers: its words, and the kind of touch."""
TOUCHES: Mapping[str, tuple[str, ...]] = {
    "complaint": ("6 weeks", "Muscle tension"),
    "patch_test": ("Declined", "No sensitive skin known"),
}
"""Screens that take more than one touch."""
CLOSE_OUT = ("Every pad is off", "All sites 0", "Clinician", "Close, the rest later", "Close")
NO_LOAD = "No test load"
PATIENT_LEFT = "The patient has left"
FOLLOW_UPS = ("Gone", "Nothing", "Done")


def rows(other: LinkClient, what: str) -> list[dict[str, Any]]:
    """Return every row, page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = other.query(what, after=after, limit=200)
        assert isinstance(page, Page), page
        found += [dict(row) for row in page.rows]
        after = page.next_after
    return found


class Clinician:
    """Treats patients at one kiosk; `other` is a client beside it that only looks."""

    def __init__(self, kiosk: KioskPerson, house: House, port: str, other: LinkClient) -> None:
        self.kiosk, self.house, self.port, self.other = kiosk, house, port, other
        self.counts: Counter[str] = Counter()
        self.screens: list[str] = []
        """Every screen met, in order."""
        self.at_each: Callable[[str], None] = lambda _screen: None
        """Called with each screen before it is answered."""
        self._known: dict[str, dict[str, Any]] = {}

    # --- touches ---------------------------------------------------------------------------------

    def touch(self, text: str, kind: str = "other") -> None:
        """Touch a key and count it."""
        self.kiosk.touch(text)
        self.counts[kind] += 1

    def type(self, characters: str) -> None:
        """Touch a key for each character."""
        for character in characters:
            self.touch(character, "typed")

    def snapshot(self) -> Snapshot:
        """Return the newest snapshot."""
        snapshot = self.other.snapshot()
        assert snapshot is not None
        return snapshot

    def wait_for(self, condition: Callable[[Snapshot], object], what: str) -> None:
        """Wait until the engine says so."""
        until_s = time.monotonic() + WAIT_S
        while not condition(self.snapshot()):
            assert time.monotonic() < until_s, f"never: {what}; {self.kiosk.texts()}"
            time.sleep(0.02)

    # --- the way to Start ------------------------------------------------------------------------

    def register(self, alias: str, year: str) -> None:
        """Register a new patient from Home."""
        self.touch("New patient")
        self.kiosk.wait("new_patient")
        self.type(alias)
        self.touch("Next")
        self.kiosk.until(lambda: "Year of birth" in self.kiosk.texts(), "year")
        self.type(year)
        self.touch("Register")
        self.kiosk.until(lambda: "Registered" in self.kiosk.texts(), "the id")
        self.touch("Treat")
        self.kiosk.wait("choose")

    def choose(self, region: str, side: str, programme: str) -> None:
        """Choose region and side on the figure and a programme by their names, and take it."""
        area = _area(region, side)
        first = _area(region, "left" if side == "both" else side)
        forward = area if side == "both" else "Choose a programme"
        for key in (first, forward):
            self.touch(key)
        goal, alone = self._goal_of(region, programme)
        self.touch(goal)
        if not alone:
            self.turn_to(programme)
            self.touch(programme)
        self.touch("Take")

    def _goal_of(self, region: str, programme: str) -> tuple[str, bool]:
        """Return the words of the goal of a programme, and whether no other is for it there."""
        titles = {row["name"]: say_row(row["title"]) for row in rows(self.other, "programmes")}
        for row in rows(self.other, "offers"):
            offer = row["regions"][region]
            offered = [*offer["programmes"], *offer["own_programmes"]]
            if any(titles[name].startswith(programme) for name in offered):
                return sentence(say_row(row["title"])), len(offered) == 1
        raise AssertionError(f"{programme} is not offered on {region}")

    def turn_to(self, programme: str) -> None:
        """Turn the pages of the programmes for a goal until one is on the page shown."""
        self.kiosk.until(lambda: self._enabled(programme) or self._enabled("Down"), programme)
        while not self._enabled(programme):
            before = self.kiosk.texts()
            self.touch("Down")
            self.kiosk.until(lambda: self.kiosk.texts() != before, "the next page")  # noqa: B023

    def to_start(self, answers: Mapping[str, str] = HARMLESS, until: str = "first_feeling") -> None:
        """Answer every screen until one is shown: `until`, "treatment", or one not known here."""
        until_s = time.monotonic() + 6 * WAIT_S
        while (screen := self.kiosk.screen) not in {until, "first_feeling", "treatment"}:
            assert time.monotonic() < until_s, f"stays at {screen}: {self.kiosk.texts()}"
            if not self.screens or self.screens[-1] != screen:
                self.screens.append(screen)
                self.at_each(screen)
                continue  # another screen may be shown now
            if not self._answer(screen, answers):
                return
        self.screens.append(screen)

    def _answer(self, screen: str, answers: Mapping[str, str]) -> bool:
        """Answer a screen and wait until another is shown; return whether it is known here."""
        if screen in ONE_TOUCH:
            self.touch(*ONE_TOUCH[screen])
        elif screen in TOUCHES:
            for key in TOUCHES[screen]:
                self.touch(key)
        elif screen == "screening":
            self._screening(answers)
        elif screen == "follow_ups":
            self._follow_ups()
        elif screen == "ready":
            self.squeeze()
            self.touch("Check contact")
        elif screen == "contact":
            self.say_no_load()
            self.touch("START")
        elif screen in {"choose", "patients", "choose_placement"}:  # goes on by itself
            time.sleep(0.05)
            return True
        else:
            return False
        self.kiosk.until(lambda: self.kiosk.screen != screen, f"what comes after {screen}")
        return True

    def _screening(self, answers: Mapping[str, str]) -> None:
        """Answer every question; turn pages that stay to be read."""
        before: frozenset[str] = frozenset()
        while self.kiosk.screen == "screening":
            keys = self._questions(answers)
            if not keys or frozenset(keys) == before:
                self._turn()
                continue
            self._touch_answers(list(keys.values()))
            before = frozenset(keys)

    def answer_some(self, count: int) -> None:
        """Answer so many questions harmlessly, a touch each."""
        while (done := int(self.answered() or 0)) < count:
            keys = list(self._questions({}).values())
            self._touch_answers(keys[: count - done])
            self.kiosk.until(lambda: int(self.answered() or 0) > done, "the answers")

    def _questions(self, answers: Mapping[str, str]) -> dict[str, Shown]:
        """Return the key of the answer of each question that is shown."""
        if not self._known:
            known = rows(self.other, "screening")
            self._known = {say_row(row["question"]): row for row in known}
        parts = self.kiosk.parts()
        shown = {part.text: part for part in parts if part.text in self._known}
        return {
            text: _key_of(part, self._known[text], answers, parts) for text, part in shown.items()
        }

    def _touch_answers(self, keys: list[Shown]) -> None:
        """Touch answers of one page, and wait until the screen has taken them."""
        done = int(self.answered() or 0)
        time.sleep(0.3)  # a touch right after a page has turned is swallowed
        for key in keys:
            self.kiosk.tap(*key.middle)
            self.counts["screening"] += 1
        self.kiosk.until(
            lambda: (
                self.kiosk.screen != "screening" or int(self.answered() or 0) >= done + len(keys)
            ),
            "the answers",
        )

    def _turn(self) -> None:
        parts = self.kiosk.parts()
        turns = [part for part in parts if part.role == "key" and part.enabled]
        turns = [part for part in turns if _leads(part.text)]
        if turns:
            self.touch(max(turns, key=lambda part: part.rect[0]).text)
        time.sleep(0.05)

    def answered(self) -> str:
        """Return how many questions the screen says are answered."""
        found = re.search(r"(\d+) of \d+ answered", self.kiosk.texts())
        return found[1] if found else ""

    def _follow_ups(self) -> None:
        while self.kiosk.screen == "follow_ups":
            chosen = {part.middle for part in self.kiosk.parts() if part.text in FOLLOW_UPS}
            for middle in sorted(chosen, key=lambda at: at[1]):
                time.sleep(0.27)
                self.kiosk.tap(*middle)
                self.counts["screening"] += 1
            time.sleep(0.1)

    def squeeze(self) -> None:
        """Let the patient squeeze the hand switch, where that is asked for."""
        self.wait_for(lambda now: now.hand_switch is not None, "a treatment that is set up")
        switch = self.snapshot().hand_switch
        if switch is None or switch.step in {"proven", "waived"}:
            return
        self.counts["squeeze"] += 1
        until_s = time.monotonic() + 2 * WAIT_S
        while (step := self._squeeze_step()) != "proven":
            assert time.monotonic() < until_s, f"never proven: {step}; {self.kiosk.texts()}"
            if step == "squeeze":
                self.house.ask(self.port, "set", fault="hand-switch")
            elif step:  # let go: also where a treatment was set up anew meanwhile
                with suppress(BoardRefused):  # it was let go, and that is on its way to here
                    self.house.ask(self.port, "clear", fault="hand-switch")
            time.sleep(0.1)

    def say_no_load(self) -> None:
        """Say that no test load is connected, where the pads of a patient measure like one."""
        self.wait_for(lambda now: now.state == "Armed", "a passed contact check")
        # The question may come with the second snapshot of the new state.
        armed_us = self.snapshot().at_us
        self.wait_for(lambda now: now.at_us > armed_us + SETTLED_US, "another snapshot")
        self.kiosk.until(lambda: self._enabled("START") or self._enabled(NO_LOAD), "contact")
        if not self._enabled("START"):
            self.touch(NO_LOAD)

    def _squeeze_step(self) -> str:
        """Return what the engine waits for, "" while no treatment is set up."""
        switch = self.snapshot().hand_switch
        return "" if switch is None else str(switch.step)

    # --- while current may flow ------------------------------------------------------------------

    def feel(self) -> None:
        """Raise each channel until it is felt at its own pads."""
        while (feeling := self.snapshot().first_feeling) is not None:
            channel = feeling.channel
            here = f"At pair {channel} {channel}A"
            self._raise_until(f"rise:{channel}", lambda: self._enabled(here))  # noqa: B023
            self.touch(here, "level")
            self.wait_for(
                lambda now: now.first_feeling is None or now.first_feeling.channel != channel,  # noqa: B023
                "the next channel",
            )
        self.kiosk.wait("treatment")

    def raise_to(self, channel: int, level_ua: int) -> None:
        """Tap plus until a channel has a level."""
        self._raise_until(f"rise:{channel}", lambda: self.level(channel) >= level_ua)

    def level(self, channel: int) -> int:
        """Return what is set on a channel, in µA."""
        found = (each.level_ua for each in self.snapshot().channels if each.channel == channel)
        return next(found, 0)

    def _raise_until(self, plus: str, condition: Callable[[], object]) -> None:
        until_s = time.monotonic() + 2 * WAIT_S
        while not condition():
            assert time.monotonic() < until_s, f"never raised: {self.kiosk.texts()}"
            key = self.kiosk.find(plus)
            if key is None or not key.enabled:
                time.sleep(0.05)
                continue
            self.kiosk.tap(*key.middle)
            self.counts["level"] += 1
            time.sleep(0.12)

    # --- after the end ---------------------------------------------------------------------------

    def end(self, *, stays_seated: bool = True) -> None:
        """Pause, end the session and close it out."""
        self.kiosk.touch("Pause")
        self.kiosk.wait("paused")
        self.touch("End session")
        self.kiosk.wait("ended")
        self.touch("Every pad is off", "close_out")
        # Home is there too until the engine has kept the answer, and would leave before it.
        self.kiosk.until(lambda: self.kiosk.screen != "ended", "the close-out")
        self.finish_close_out(stays_seated=stays_seated)

    def finish_close_out(self, *, stays_seated: bool = True) -> None:
        """Answer the close-out with the fewest touches until Home.

        A patient who does not stay seated after motor work leaves at once; nobody waits for that.
        """
        until_s = time.monotonic() + 4 * WAIT_S
        leaves = () if stays_seated else (PATIENT_LEFT, "Not done")
        wanted = (*CLOSE_OUT, *leaves)
        while (screen := self.kiosk.screen) != "home":
            assert time.monotonic() < until_s, self.kiosk.texts()
            texts = self.kiosk.texts()
            keys = wanted if screen == "close_out" else ("Back", "Home")
            key = next((text for text in keys if self._enabled(text)), None)
            if key is None or not self.kiosk.touch_if_there(key):
                time.sleep(0.05)
                continue  # the screen went on by itself
            self.counts["close_out" if screen == "close_out" else "other"] += 1
            self.kiosk.until(
                lambda: self.kiosk.screen != screen or self.kiosk.texts() != texts,  # noqa: B023
                "the next part",
            )

    def patient(self) -> str:
        """Return the id of the only patient."""
        [patient] = rows(self.other, "patients:")
        return str(patient["patient"])

    def to_treatment(self) -> None:
        """Answer the first feeling where it is asked for."""
        self.kiosk.until(lambda: self.kiosk.screen in {"first_feeling", "treatment"}, "pulses")
        self.feel()

    def _enabled(self, text: str) -> bool:
        key = self.kiosk.find(text)
        return key is not None and key.enabled


def _key_of(
    question: Shown, row: Mapping[str, Any], answers: Mapping[str, str], parts: list[Shown]
) -> Shown:
    """Return the key of the answer to a question: the wanted one, else the harmless one."""
    harmless = "No" if row["flagged"] == "yes" else "Yes"
    wanted = answers.get(str(row["id"]), harmless)
    keys = (part for part in parts if part.role == "key" and part.text == wanted)
    return min(keys, key=lambda part: abs(part.middle[1] - question.middle[1]))


def _area(region: str, side: str) -> str:
    return listed(sentence(choice("region", region)), choice("side", side))


def _leads(text: str) -> bool:
    return text == "Record" or text.startswith("Page ")
