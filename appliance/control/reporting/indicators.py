"""Yellow while output is active, red while tripped; a buzz at a trip, a short one at a cue.

Lines are driven only on a change, so that a tick without one costs nothing.
"""

from typing import NamedTuple

from appliance.safety.state_machine.states import ContactCheck, State, Tripped, is_energising
from drivers.interfaces import ControlLines
from drivers.quantities import US_PER_MS, US_PER_S

BUZZ_US = 500 * US_PER_MS
CUE_US = 60 * US_PER_MS
"""A contraction is announced without a screen too; a trip's buzz is eight times as long (D)."""

ASK_US = 200 * US_PER_MS
"""Each second, while somebody has to say that they are with the patient (D)."""


class _Shown(NamedTuple):
    active: bool
    fault: bool
    buzzer: bool


DARK = _Shown(active=False, fault=False, buzzer=False)


class Indicators:
    """The three lines, and when the buzzer began."""

    def __init__(self, lines: ControlLines) -> None:
        self._lines = lines
        self._shown = DARK
        self._buzz_until_us = 0
        self._cue_until_us = 0

    def cue(self, now_us: int) -> None:
        """Buzz shortly: a contraction is coming."""
        self._cue_until_us = now_us + CUE_US

    def show(self, state: State, now_us: int, *, live: bool, asks: bool = False) -> None:
        """Show a state; `live` says that a level or a code is above zero.

        `asks` buzzes once a second: somebody has to answer.

        Raises `LineFailed`; what was not shown is tried again.
        """
        fault = isinstance(state, Tripped)
        if fault and not self._shown.fault:
            self._buzz_until_us = now_us + BUZZ_US
        wanted = _Shown(
            active=isinstance(state, ContactCheck) or (live and is_energising(state)),
            fault=fault,
            buzzer=now_us < (self._buzz_until_us if fault else self._cue_until_us)
            or (asks and now_us % US_PER_S < ASK_US),
        )
        if wanted != self._shown:
            self._lines.set_lamps(**wanted._asdict())
            self._shown = wanted
