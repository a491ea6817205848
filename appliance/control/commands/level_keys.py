"""Keys that a person presses during a treatment: taps, rise keys, the key that contracts.

A release can be lost with its sender, so every key that is held is released for one who is gone.
"""

from collections.abc import Callable

from appliance.control.commands.screen_liveness import PressedKeys
from appliance.control.engine_state import EngineState
from appliance.control.treatment import calls
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.link.interfaces import EngineLink, Peer
from appliance.messages.actions import (
    Action,
    Contract,
    ContractByCycle,
    Fall,
    HoldRise,
    MarkFelt,
    Rise,
    Silence,
    Touched,
)
from appliance.safety.levels import Moment
from appliance.safety.state_machine.states import is_playing
from appliance.texts.text import text

Key = Rise | HoldRise | Contract | ContractByCycle
CONTRACT = 0
"""The key that contracts, among keys that are numbered by channel."""
WHILE_RISING = (HoldRise, Touched)
"""Actions that leave a rise key pressed; any other one releases it."""
WHILE_CONTRACTING = (Contract, Fall, MarkFelt, Silence, Touched)
"""Actions that leave a contraction on call as it is; any other one releases it."""


class LevelKeys:
    """The keys of each channel and that of all; used by the control thread only.

    `moment_of` says of a treated channel what its level is judged by now.
    """

    def __init__(
        self, engine: EngineState, link: EngineLink, moment_of: Callable[[int], Moment]
    ) -> None:
        self._engine, self._moment_of = engine, moment_of
        self._pressed = PressedKeys(link)

    def act(self, peer: Peer, key: Key) -> Refusal | None:
        """Carry out a key, or say why not."""
        match key:
            case Rise(channel=channel):
                return self._rise(channel)
            case HoldRise(channel=channel, pressed=pressed):
                return self._hold(peer, channel, pressed=pressed)
            case Contract(pressed=pressed):
                return self._contract(peer, pressed=pressed)
            case ContractByCycle():
                treatment = self._playing()
                return _not_playing() if treatment is None else calls.by_cycle(treatment)

    def fall(self, channel: int, step_ua: int) -> Refusal | None:
        """Lower a level."""
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        treatment.lower(channel, step_ua)
        return None

    def release_orphans(self, now_us: int) -> None:
        """Release every key whose holder has gone or shows nothing any more."""
        for key in self._pressed.lost(now_us):
            if key == CONTRACT:
                self._release_contraction()
                continue
            treatment = self._treating(key)
            if treatment is not None:
                treatment.let_go(key)

    def release_for(self, action: Action) -> None:
        """Release what a person who sends this action cannot be looking at any more."""
        if not isinstance(action, WHILE_RISING):
            self._release_rises()
        if not isinstance(action, WHILE_CONTRACTING):
            self._release_contraction()

    def release_all(self) -> None:
        """Release every key: who lost charge looks away."""
        self._release_rises()
        self._release_contraction()

    def _release_rises(self) -> None:
        treatment = self._engine.setup.treatment
        if treatment is None:
            return
        for channel in treatment.levels:
            self._let_go(treatment, channel)

    def _rise(self, channel: int) -> Refusal | None:
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        refused = calls.refuse_rise(treatment)
        return refused or treatment.raise_level(channel, self._moment_of(channel))

    def _hold(self, peer: Peer, channel: int, *, pressed: bool) -> Refusal | None:
        treatment = self._treating(channel)
        if treatment is None:
            return _no_channel(channel)
        if not pressed:
            self._let_go(treatment, channel)
            return None
        refusal = calls.refuse_rise(treatment)
        refusal = refusal or treatment.press(channel, self._moment_of(channel))
        if refusal is None:
            self._pressed.take(channel, peer, self._engine.tick.now_us)
        return refusal

    def _contract(self, peer: Peer, *, pressed: bool) -> Refusal | None:
        if not pressed:
            self._release_contraction()
            return None
        treatment, now_us = self._playing(), self._engine.tick.now_us
        refusal = _not_playing() if treatment is None else calls.call(treatment, now_us)
        if refusal is None:
            self._pressed.take(CONTRACT, peer, now_us)
        return refusal

    def _release_contraction(self) -> None:
        self._pressed.let_go(CONTRACT)
        treatment = self._engine.setup.treatment
        if treatment is not None:
            calls.release(treatment)

    def _let_go(self, treatment: Treatment, channel: int) -> None:
        self._pressed.let_go(channel)
        treatment.let_go(channel)

    def _playing(self) -> Treatment | None:
        """Return the treatment whose plan plays."""
        return self._engine.setup.treatment if is_playing(self._engine.machine.state) else None

    def _treating(self, channel: int) -> Treatment | None:
        """Return the treatment that has this channel."""
        treatment = self._engine.setup.treatment
        return treatment if treatment is not None and channel in treatment.levels else None


def _no_channel(channel: int) -> Refusal:
    return Refusal("refusal.channel", channel, text("channel.allowed"), text("channel.prescribe"))


def _not_playing() -> Refusal:
    asked, allowed = text("on_call.a_contraction"), text("on_call.while_it_plays")
    return Refusal("refusal.on_call", asked, allowed, text("on_call.in_the_rest"))
