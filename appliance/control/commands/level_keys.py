"""Taps and rise keys of channels: what they do to levels, and who holds which key."""

from collections.abc import Callable

from appliance.control.commands.screen_liveness import PressedKeys
from appliance.control.engine_state import EngineState
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.link.interfaces import EngineLink, Peer
from appliance.safety.levels import Moment
from appliance.texts.text import text


class LevelKeys:
    """The keys of each channel; used by the control thread only.

    `moment_of` says of a treated channel what its level is judged by now.
    """

    def __init__(
        self, engine: EngineState, link: EngineLink, moment_of: Callable[[int], Moment]
    ) -> None:
        self._engine, self._moment_of = engine, moment_of
        self._pressed = PressedKeys(link)

    def rise(self, channel: int) -> Refusal | None:
        """Raise a level by one tap."""
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        return treatment.raise_level(channel, self._moment_of(channel))

    def hold(self, peer: Peer, channel: int, *, pressed: bool) -> Refusal | None:
        """Press or release the rise key of a channel."""
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        if not pressed:
            self._let_go(treatment, channel)
            return None
        refusal = treatment.press(channel, self._moment_of(channel))
        if refusal is None:
            self._pressed.take(channel, peer, self._engine.tick.now_us)
        return refusal

    def fall(self, channel: int, step_ua: int) -> Refusal | None:
        """Lower a level."""
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        treatment.lower(channel, step_ua)
        return None

    def release_orphans(self, now_us: int) -> None:
        """Release every rise key whose holder has gone or shows nothing any more."""
        for channel in self._pressed.lost(now_us):
            treatment = self._treating(channel)
            if treatment is not None:
                treatment.let_go(channel)

    def release_all(self) -> None:
        """Release every rise key: who decides something else, or lost charge, looks away."""
        treatment = self._engine.setup.treatment
        if treatment is None:
            return
        for channel in treatment.levels:
            self._let_go(treatment, channel)

    def _let_go(self, treatment: Treatment, channel: int) -> None:
        self._pressed.let_go(channel)
        treatment.let_go(channel)

    def _treating(self, channel: int) -> Treatment | None:
        """Return the treatment that has this channel."""
        treatment = self._engine.setup.treatment
        return treatment if treatment is not None and channel in treatment.levels else None


def _no_channel(channel: int) -> Refusal:
    return Refusal("refusal.channel", channel, text("channel.allowed"), text("channel.prescribe"))
