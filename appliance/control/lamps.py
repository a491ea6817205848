"""Yellow while output is active, red while tripped, a short buzz when a trip begins.

Lines are driven on a change alone, so that a tick without one costs nothing.
"""

from typing import NamedTuple

from appliance.safety.states import ContactCheck, State, Tripped, is_energising
from drivers.interfaces import ControlLines
from drivers.quantities import US_PER_MS

BUZZ_US = 500 * US_PER_MS


class _Shown(NamedTuple):
    active: bool
    fault: bool
    buzzer: bool


DARK = _Shown(active=False, fault=False, buzzer=False)


class Lamps:
    """The three lines, and when the buzzer began."""

    def __init__(self, lines: ControlLines) -> None:
        self._lines = lines
        self._shown = DARK
        self._buzz_until_us = 0

    def show(self, state: State, now_us: int, *, live: bool) -> None:
        """Show a state; `live` says that a level or a code is above zero.

        Raises `LineFailed`; what was not shown is tried again.
        """
        fault = isinstance(state, Tripped)
        if fault and not self._shown.fault:
            self._buzz_until_us = now_us + BUZZ_US
        wanted = _Shown(
            active=isinstance(state, ContactCheck) or (live and is_energising(state)),
            fault=fault,
            buzzer=fault and now_us < self._buzz_until_us,
        )
        if wanted != self._shown:
            self._lines.set_lamps(**wanted._asdict())
            self._shown = wanted
