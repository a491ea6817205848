"""How long the engine has been silent while this screen could have heard it. Pure.

A screen that did not run for a moment heard nothing either, and what the engine said meanwhile lies
in its link: of a time in which it did not look, only a short one counts. So load on the machine
makes the loss of an engine show a little later, and never shows a loss that is none.
"""

LOOK_S = 0.05
"""How often the screen looks whether the engine still speaks."""
LONGEST_LOOK_S = 2 * LOOK_S
"""So much counts between two looks at most: the screen draws a frame in less (D)."""


class Silence:
    """Follows what came last, look by look; times are s of a monotonic clock."""

    def __init__(self) -> None:
        self._newest: object = None
        self._looked_s: float | None = None
        self._silent_s = 0.0

    def since(self, newest: object, now_s: float) -> float:
        """Look; return how long nothing newer than this has come, in s."""
        passed_s = 0.0 if self._looked_s is None else now_s - self._looked_s
        self._looked_s = now_s
        if newest is not self._newest:
            self._newest, self._silent_s = newest, 0.0
        else:
            self._silent_s += min(passed_s, LONGEST_LOOK_S)
        return self._silent_s
