"""A screen that records every event it received: for flows with contractions."""

from typing import Any

from appliance.core.prescription.waveform import Biphasic, ChannelUse, OnOff
from appliance.messages.actions import Action, CheckContact, Start
from appliance.messages.replies import Event, Refused
from appliance.messages.snapshot import ContractionView
from tests.support.clinic import Clinic
from tests.support.complete_file import accepted_for
from tests.support.strategies import prescription
from tests.support.texts import said

ENDURANCE = "nmes-endurance"
"""6 s on with ramps of 1.5 and 0.75 s, 10 s off: the level may rise from 1.5 s to 5.18 s."""


class Screen:
    """A person at a screen of a clinic, and every event the screen received, with its time."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.heard: list[tuple[int, Event]] = []

    def tick(self) -> None:
        self.clinic.tick()
        while (message := self.clinic.link.next_message(0)) is not None:
            if isinstance(message, Event):
                self.heard.append((self.clinic.now_us, message))

    def wait(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 10):
            self.tick()

    def until(self, *states: str) -> None:
        for _ in range(7_000):
            if self.clinic.state in states:
                return
            self.tick()
        raise AssertionError(f"no {states} in 70 s: {self.clinic.view}")

    def do(self, action: Action) -> None:
        self.tick_until_shown()
        self.clinic.do(action)

    def tick_until_shown(self) -> None:
        self.wait(60)

    def start(self, programme: str = ENDURANCE, **asked: Any) -> None:
        self.clinic.arm(programme, **asked)
        self.do(Start())

    def start_of(
        self, on_ms: int, off_ms: int, *, alternating: bool = False, period_us: int = 20_000
    ) -> None:
        """Start contractions that no programme has; purpose sensory: any rest is allowed."""
        self.clinic.unlock()
        times = OnOff(on_ms * 1_000, off_ms * 1_000, 1_000_000, 500_000)
        asked = prescription(
            waveform=Biphasic(200),
            channels=(1, 2),
            on_off=times,
            period_us=period_us,
            tap_ua=1_000,
            use=ChannelUse.ALTERNATING if alternating else ChannelUse.SIMULTANEOUS,
        )
        loop = self.clinic.engine.loop
        loop._state_runner.prescribe(accepted_for(loop, asked))
        self.clinic.squeeze()
        self.do(CheckContact())
        self.clinic.until("Armed")
        self.do(Start())

    def names(self) -> list[str]:
        return [event.name for _, event in self.heard if event.name.startswith("cue")]

    def cues(self) -> list[tuple[int, dict[str, Any]]]:
        return [(at_us, event.facts) for at_us, event in self.heard if event.name == "cue"]

    def contraction(self) -> ContractionView:
        found = self.clinic.view.contraction
        assert found is not None
        return found

    def level_ua(self) -> int:
        return self.clinic.channel(1).level_ua


def refusal(screen: Screen, action: Action) -> str:
    """Send an action that must be refused; return the limit that refused it."""
    answer = screen.clinic.ask(action)
    assert isinstance(answer, Refused), answer
    return said(answer).limit
