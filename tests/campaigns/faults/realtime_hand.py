"""A person at the link of an engine process: raises to a level, watches, acknowledges, stops.

    python -m tests.campaigns.faults.realtime_hand lead DATA PROGRAMME

does the same as a separate process, which prints "ready" at the level and watches until the end.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    CloseSession,
    Prescribe,
    Resume,
    Rise,
    Start,
    Unlock,
)
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import Subject

LEVEL_UA = 6_000
LEAST_UA = 5_000
TAP_S = 0.31
WITHIN_S = 25.0
LOOK_S = 0.05


ANSWERS: dict[str, Action] = {
    "Locked": Unlock(operator="bench"),
    "Ready": CheckContact(),
    "Armed": Start(),
    "Tripped": Acknowledge(),
    "Finished": CloseSession(),
    "Paused": Resume(),
}
"""The next action in each state in which nothing plays."""


class NotLed(RuntimeError):
    """The level was not reached in time; the text names the last state."""


@dataclass
class Hand:
    """One client; it confirms the screen whenever time passes here."""

    link: LinkClient
    programme: str = "conventional-tens"
    _prescribed: bool = False
    _tapped_s: float = 0.0
    trips: int = 0

    def watch(self, seconds: float) -> Snapshot | None:
        """Confirm the screen for a while; return the last snapshot."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self.link.next_message(min(left_s, LOOK_S))
            self.link.shown()
        return self.link.snapshot()

    def lead(self) -> None:
        """Raise both channels to at least 5 mA; a trip on the way is acknowledged and counted."""
        self._prescribed = False
        until_s = time.monotonic() + WITHIN_S
        while time.monotonic() < until_s:
            seen = self.watch(LOOK_S)
            if seen is None:
                continue
            if self._is_there(seen):
                return
            action = self._next(seen)
            if action is not None:
                self.link.ask(action)
                self._prescribed = self._prescribed or isinstance(action, Prescribe)
                self.watch(2 * LOOK_S)
        seen = self.link.snapshot()
        raise NotLed(f"{seen and (seen.state, seen.trip, seen.notes)}")

    def tripped(self, within_s: float = 2.0) -> str:
        """Wait for a trip and return its code, "" if none came."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            seen = self.watch(LOOK_S)
            if seen is not None and seen.trip is not None:
                return seen.trip.code
        return ""

    def _is_there(self, seen: Snapshot) -> bool:
        playing = seen.state in {"RampUp", "Delivering"} and bool(seen.channels)
        return playing and all(view.amplitude_ua >= LEAST_UA for view in seen.channels)

    def _next(self, seen: Snapshot) -> Action | None:
        if seen.state in {"RampUp", "Delivering"}:
            return self._tap(seen)
        if seen.state == "Ready" and not self._prescribed:
            return Prescribe(
                subject=Subject.TEST_LOAD, programme=self.programme, channels=(1, 2), tap_ua=1_000
            )
        if seen.state == "Tripped":
            self.trips += 1
            self._prescribed = False
        return ANSWERS.get(seen.state)

    def _tap(self, seen: Snapshot) -> Action | None:
        """Tap both channels in turn, each at most once in 300 ms."""
        low = [view for view in seen.channels if view.level_ua < LEVEL_UA]
        if not low or time.monotonic() - self._tapped_s < TAP_S / len(seen.channels):
            return None
        self._tapped_s = time.monotonic()
        return Rise(channel=min(low, key=lambda view: view.level_ua).channel)


def main() -> None:
    """Raise to the level, print "ready", and confirm the screen until the engine ends."""
    _, command, data, programme = sys.argv
    if command != "lead":
        raise SystemExit(f"{command!r}: only lead is known")
    with LinkClient.connect(link_path(Path(data)), "screen") as link:
        hand = Hand(link, programme)
        hand.lead()
        print("ready", flush=True)
        try:
            while True:
                hand.watch(1.0)
        except LinkError:
            return


if __name__ == "__main__":
    main()
