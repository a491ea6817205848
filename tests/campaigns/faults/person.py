"""A person who wants output: takes the next sensible action and gives up when refused."""

from dataclasses import dataclass, field

from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    CloseSession,
    RecordFact,
    Resume,
    Rise,
    Start,
    Unlock,
)
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.texts import said

LEVEL_UA = 8_000
TAP_UA = 1_000
TAP_EVERY_US = 310_000
LOOK_EVERY_TICKS = 6
REACTION_TICKS = 12
"""A snapshot every 50 ms, and time to read it."""
MOST_TRIES = 2
"""How often a person acknowledges or checks the contact again before giving up."""
LIKE_A_LOAD = "note.like_test_load"
OUTPUT = (CheckContact, Start, Resume, Rise)
"""Actions that request output."""


@dataclass
class Person:
    """Leads a clinic towards a level on both channels."""

    clinic: Clinic
    programme: str = "conventional-tens"
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    tapped_us: int = 0

    @property
    def attempted(self) -> bool:
        """Tell whether output was requested, whatever the answer."""
        return any(kind.__name__ in self.asked for kind in OUTPUT)

    @property
    def started(self) -> bool:
        """Tell whether a start or a resume was accepted."""
        return any(f"{kind.__name__} accepted" in self.asked for kind in (Start, Resume))

    def try_for(self, seconds: float, hold_ms: int = 1_000) -> bool:
        """Lead towards the level; say whether both channels stayed at it for `hold_ms`."""
        clinic = self.clinic
        end_us, since_us = clinic.now_us + round(seconds * 1e6), None
        while clinic.now_us < end_us and not self._has_given_up():
            if self.at_level():
                since_us = since_us or clinic.now_us
                if clinic.now_us - since_us >= hold_ms * 1_000:
                    return True
                clinic.ticks(LOOK_EVERY_TICKS)
                continue
            since_us = None
            self._act()
        self._insist()
        return False

    def at_level(self) -> bool:
        """Tell whether pulses play at the level on both channels."""
        view = self.clinic.view
        return view.state == "Delivering" and all(c.level_ua >= LEVEL_UA for c in view.channels)

    def _act(self) -> None:
        action = self._next()
        if action is None:
            self.clinic.ticks(LOOK_EVERY_TICKS)
            return
        self.ask(action)
        self.clinic.ticks(3 if isinstance(action, Rise) else REACTION_TICKS)

    def ask(self, action: Action) -> bool:
        """Send an action; say whether it was accepted."""
        name = type(action).__name__
        self.asked.append(name)
        answer = self.clinic.link.ask(action)
        if isinstance(answer, Refused):
            self.refused.append(f"{name}: {said(answer).limit}, {said(answer).asked}")
            return False
        self.asked.append(f"{name} accepted")
        return True

    def _next(self) -> Action | None:
        view = self.clinic.view
        match view.state:
            case "Locked":
                return self._once(Unlock(operator="anna"))
            case "Ready":
                return self._in_ready()
            case "Armed":
                return self._in_armed()
            case "Paused":
                return self._once(Resume())
            case "Finished":
                return CloseSession()
            case "Tripped":
                return self._once(Acknowledge())
            case "RampUp" | "Delivering":
                return self._tap()
            case _:
                return None

    def _in_ready(self) -> Action | None:
        if self.clinic.view.programme is None:
            return self.clinic.for_somebody(self.programme, channels=(1, 2), tap_ua=TAP_UA)
        switch = self.clinic.view.hand_switch
        if switch is not None and switch.step == "squeeze":
            self.clinic.squeeze()
        return self._once(CheckContact())

    def _in_armed(self) -> Action | None:
        """Start; where a channel measures like a test load, say first that none is connected."""
        view = self.clinic.view
        asked = [note.values["channel"] for note in view.notes if note.key == LIKE_A_LOAD]
        if not asked:
            return self._once(Start())
        values: dict[str, object] = {"patient": view.patient, "channels": asked}
        return self._once(RecordFact(kind="load_ruled_out", values=values))

    def _once(self, action: Action) -> Action | None:
        """Count a try; return None after the last one allowed."""
        name = type(action).__name__
        self.tries[name] = self.tries.get(name, 0) + 1
        return action if self.tries[name] <= MOST_TRIES else None

    def _has_given_up(self) -> bool:
        if self.started and self.clinic.view.state == "Tripped":
            return True
        return max(self.tries.values(), default=0) > MOST_TRIES

    def _tap(self) -> Action | None:
        if self.clinic.now_us - self.tapped_us < TAP_EVERY_US // 2:
            return None
        low = [c for c in self.clinic.view.channels if c.level_ua < LEVEL_UA]
        if not low:
            return None
        self.tapped_us = self.clinic.now_us
        return Rise(channel=min(low, key=lambda view: view.level_ua).channel)

    def _insist(self) -> None:
        """Request output at the end in any case: it must be refused, or it is judged."""
        if not self.attempted:
            for action in (CheckContact(), Start(), Resume(), Rise(channel=1)):
                self.ask(action)
            self.clinic.ticks(LOOK_EVERY_TICKS)
