"""The hand of a simulated patient at the hand switch of a virtual board."""

from collections.abc import Callable

from appliance.clinical.pre_use.hand_switch import SwitchStep
from appliance.messages.snapshot import Snapshot
from drivers.errors import NotConnected

SWITCH = "hand-switch"
"""The fault of the board that opens it."""


class SimulatedHand:
    """Squeezes the switch when the engine waits for it, and lets go.

    `fault` sets and clears faults of the board; None for a board without them, where nobody
    squeezes and the engine says what is missing. `why_not` says why the board does not answer.
    """

    def __init__(self, fault: Callable[[str, str], object] | None) -> None:
        self.why_not: str | None = None
        self._fault = fault
        self._squeezes = False

    def see(self, snapshot: Snapshot) -> None:
        """Squeeze and let go as the snapshot asks."""
        view = snapshot.hand_switch
        wanted = view is not None and view.step == SwitchStep.SQUEEZE
        if snapshot.state == "Ready" and wanted is not self._squeezes:
            self._move("set" if wanted else "clear")
            self._squeezes = wanted

    def let_go(self) -> None:
        """Let go of the switch at the end of a run."""
        if self._squeezes:
            self._move("clear")
            self._squeezes = False

    def _move(self, do: str) -> None:
        if self._fault is None:
            return
        try:
            self._fault(do, SWITCH)
        except ValueError:  # somebody else has cleared it
            return
        except NotConnected as error:
            self.why_not = f"nobody can squeeze the hand switch: {error}"
