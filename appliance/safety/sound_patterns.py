"""The table of sounds: on and off times of the buzzer, which can only be switched on and off.

Each sound has its own number of beeps and its own length, so that two are told apart by counting
as well as by duration. Every time is a multiple of the control tick, 10 ms. No sound that repeats
is on for more than a quarter of the time: people stop hearing a buzzer that never pauses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from appliance.messages.wire import SoundName
from drivers.quantities import US_PER_MS, US_PER_S

SILENT_US = 120 * US_PER_S
"""A silenced sound comes again after this, if its cause is still there: 2 min, as is usual for a
pause of alarms (D)."""


LONG_MS, APART_MS = 300, 300
"""A beep from here on is long; a pause from here on parts two groups (ms)."""


class Group(NamedTuple):
    """Beeps that are heard together: all of them long, or all short."""

    beeps: int
    is_long: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A burst of beeps as milliseconds on, off, on ...; `every_ms` is from burst to burst.

    `every_ms` is None for a sound that is heard once.
    """

    ms: tuple[int, ...]
    every_ms: int | None = None
    may_be_silenced: bool = False

    @property
    def beeps(self) -> int:
        """Return how many beeps a burst has."""
        return len(self.ms[::2])

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return a burst in words: how many beeps follow one another alike, group by group."""
        groups: list[Group] = []
        for beep_ms, pause_ms in zip(self.ms[::2], (APART_MS, *self.ms[1::2]), strict=True):
            is_long = beep_ms >= LONG_MS
            if pause_ms < APART_MS and groups[-1].is_long is is_long:
                groups[-1] = Group(groups[-1].beeps + 1, is_long)
            else:
                groups.append(Group(1, is_long))
        return tuple(groups)

    @property
    def length_us(self) -> int:
        """Return the duration of a burst, from its first to its last edge."""
        return sum(self.ms) * US_PER_MS

    @property
    def every_us(self) -> int | None:
        """Return the time from burst to burst."""
        return None if self.every_ms is None else self.every_ms * US_PER_MS

    def is_on(self, since_us: int) -> bool:
        """Return whether the buzzer is on that long after the burst began."""
        for passed, edge_ms in enumerate(accumulate(self.ms)):
            if since_us < edge_ms * US_PER_MS:
                return passed % 2 == 0
        return False


_TWO = (120, 120, 120)
_FIVE = (150, 100, 150, 100, 150, 350, 150, 100, 150)
PATTERNS: Mapping[SoundName, Pattern] = {
    # Three and two, twice: the rhythm of a high priority alarm in ISO 60601-1-8; so is the pause.
    SoundName.TRIP: Pattern((*_FIVE, 700, *_FIVE), every_ms=6_000, may_be_silenced=True),
    # Two groups of three short ones.
    SoundName.HAND_SWITCH: Pattern(
        (100, 80, 100, 80, 100, 700, 100, 80, 100, 80, 100), every_ms=4_000, may_be_silenced=True
    ),
    # One long, four short.
    SoundName.WITH_PATIENT: Pattern((400, 150, 100, 100, 100, 100, 100, 100, 100), every_ms=4_000),
    # Four groups of two.
    SoundName.SKIN: Pattern(
        (*_TWO, 300, *_TWO, 300, *_TWO, 300, *_TWO), every_ms=8_000, may_be_silenced=True
    ),
    # Three even ones: the rhythm of a medium priority alarm.
    SoundName.CONTACT: Pattern((200, 200, 200, 200, 200), every_ms=8_000, may_be_silenced=True),
    SoundName.END: Pattern((500, 150, 150)),
    SoundName.DRILL_STEP: Pattern((60, 60, 60, 60, 60, 60, 60)),
    SoundName.CUE: Pattern((60,)),
}
"""On and off times (D), in the order of priority."""

CLEAR_US = 200 * US_PER_MS
"""Silence between two sounds, and before and after a cue: longer than the pause between two short
beeps (D). It delays a cue by no more than that, of the 3 s that it comes ahead."""
