"""One action at a time: the next waits for the answer and for a snapshot that shows its effect."""

from dataclasses import dataclass, field

from appliance.messages.actions import Action
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import Snapshot


@dataclass(slots=True)
class SendsOneAtATime:
    """What the autopilots share: the action that is not answered yet, and what to wait for."""

    pending: Action | None = field(default=None, init=False)
    _request: int = field(default=-1, init=False)
    _effect_tick: int = field(default=-1, init=False)

    def sent(self, number: int, action: Action) -> None:
        """Remember the request number of an action that was sent."""
        self._request, self.pending = number, action

    def is_settled(self, snapshot: Snapshot) -> bool:
        """Tell whether the last action is answered and the snapshot shows its effect."""
        return self.pending is None and snapshot.tick > self._effect_tick

    def _answered_action(self, answer: Reply | Refused) -> Action | None:
        """Return the action that this answers, None if a later one has overtaken it."""
        if answer.request != self._request:
            return None
        action, self.pending = self.pending, None
        if action is not None and isinstance(answer, Reply):
            self._effect_tick = answer.tick
        return action
