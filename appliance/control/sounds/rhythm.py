"""Whether the buzzer is on at a moment: one pattern at a time, and a cue that is heard above it.

Between two sounds there is a short silence, so that beeps of both are not counted as one. A cue
breaks into what sounds: it has that silence before and after it, and a burst that it cut short
begins anew. A trip ends a cue, because the contraction that it announced does not come.
"""

from appliance.messages.wire import SoundName
from appliance.safety.sound_patterns import CLEAR_US, PATTERNS

_LONG_AGO_US = -1_000_000_000
_OVER_CUES = frozenset({SoundName.TRIP, SoundName.HAND_SWITCH})
_CUE_US = PATTERNS[SoundName.CUE].length_us
TICK_US = 10_000


class Rhythm:
    """Follows one sound after another, tick by tick; times are the engine's, in µs."""

    def __init__(self) -> None:
        self._sound: SoundName | None = None
        self._burst_us = 0
        """When the present burst began, or the next one begins."""
        self._cue_us = _LONG_AGO_US
        self._heard_us = _LONG_AGO_US
        """When the buzzer was last on."""

    def cue(self, now_us: int) -> None:
        """Announce a contraction, after a short silence where something sounds now."""
        self._cue_us = max(now_us, self._heard_us + CLEAR_US)

    def play(self, sound: SoundName | None, now_us: int) -> None:
        """Begin a burst of a sound, as soon as it can be told from the last; None ends it."""
        self._sound = sound
        if sound in _OVER_CUES:
            self._cue_us = _LONG_AGO_US
        self._burst_us = max(now_us, self._heard_us + CLEAR_US, self._free_us)

    def is_on(self, now_us: int) -> bool:
        """Return whether the buzzer is on now; called in every tick."""
        on = self._is_on(now_us)
        if on:
            self._heard_us = now_us
        return on

    def is_under_way(self, sound: SoundName, now_us: int) -> bool:
        """Return whether a burst of this sound has not ended."""
        return self._sound is sound and now_us < self._burst_us + PATTERNS[sound].length_us

    @property
    def _free_us(self) -> int:
        """Return when the cue and the silence after it are over."""
        return self._cue_us + _CUE_US + CLEAR_US

    def _is_on(self, now_us: int) -> bool:
        if now_us < self._free_us:
            self._put_off(now_us)
            return self._cue_us <= now_us < self._cue_us + _CUE_US
        if self._sound is None:
            return False
        pattern = PATTERNS[self._sound]
        if pattern.every_us is not None and now_us >= self._burst_us + pattern.every_us:
            due_us = self._burst_us + pattern.every_us
            self._burst_us = due_us if now_us - due_us < TICK_US else now_us
        return now_us >= self._burst_us and pattern.is_on(now_us - self._burst_us)

    def _put_off(self, now_us: int) -> None:
        """Let a burst that a cue breaks into begin anew after it."""
        if self._sound is None:
            return
        pattern = PATTERNS[self._sound]
        is_due = pattern.every_us is not None and now_us >= self._burst_us + pattern.every_us
        if is_due or self.is_under_way(self._sound, now_us):
            self._burst_us = max(self._burst_us, self._free_us)
