"""Who calls contractions for the autopilot: one after the other, each held for a while."""

from dataclasses import dataclass

from appliance.messages.actions import Contract
from appliance.messages.snapshot import Snapshot

HELD_US = 3_000_000
"""How long each contraction is held, from its call on."""
AGAIN_US = 500_000
"""A call that was refused is repeated after this time: the engine says when the rest is over."""


@dataclass(slots=True)
class ContractKey:
    """Decides when to press and when to release, once the level is set."""

    calls: int = 0
    """Contractions that were called."""
    _held_from_us: int | None = None
    _pressed_us: int = -AGAIN_US

    def decide(self, snapshot: Snapshot) -> Contract | None:
        """Return a press or a release that is due now."""
        if self._held_from_us is not None:
            return self._release(snapshot.at_us)
        if snapshot.state != "Resting" or snapshot.at_us - self._pressed_us < AGAIN_US:
            return None
        self._pressed_us = snapshot.at_us
        return Contract(pressed=True)

    def answered(self, action: Contract, *, done: bool) -> None:
        """Note whether the engine did it."""
        if action.pressed and done:
            self.calls += 1
            self._held_from_us = self._pressed_us

    def _release(self, at_us: int) -> Contract | None:
        if self._held_from_us is None or at_us - self._held_from_us < HELD_US:
            return None
        self._held_from_us = None
        return Contract(pressed=False)
