"""Yellow while output is active, red while tripped, and the buzzer as its patterns ask.

Lines are driven only on a change, so that a tick without one costs nothing.
"""

from typing import NamedTuple

from appliance.safety.state_machine.states import ContactCheck, State, Tripped, is_energising
from drivers.interfaces import ControlLines


class _Shown(NamedTuple):
    active: bool
    fault: bool
    buzzer: bool


DARK = _Shown(active=False, fault=False, buzzer=False)


class Indicators:
    """The three lines as they were driven last."""

    def __init__(self, lines: ControlLines) -> None:
        self._lines = lines
        self._shown = DARK

    def show(self, state: State, *, live: bool, sounds: bool) -> None:
        """Show a state; `live` says that a level or a code is above zero, `sounds` the buzzer.

        Raises `LineFailed`; what was not shown is tried again.
        """
        wanted = _Shown(
            active=isinstance(state, ContactCheck) or (live and is_energising(state)),
            fault=isinstance(state, Tripped),
            buzzer=sounds,
        )
        if wanted != self._shown:
            self._lines.set_lamps(**wanted._asdict())
            self._shown = wanted
