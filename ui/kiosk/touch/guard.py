"""Decides which touches count; pure, with a monotonic clock from outside.

- A key acts on touch down where it lowers (STOP, pause, minus, both down); every other key acts
  when the finger leaves it on the key, so that sliding off cancels.
- Plus acts on touch down too, because it is held; the engine limits its rate. So does the key that
  contracts: leaving it, losing the touch or the screen lets go of it.
- While a finger is down, other fingers are only heard on keys that lower. STOP hears any finger.
- Two events of the same finger at the same place within 60 ms are one touch (twin events of two
  input drivers); on a key that lowers only while the first is still down, as twins are.
- A change of the screen ends what a finger holds and cancels what it was about to do: the key under
  it is another one now. For 250 ms after it, or after the display woke, only keys that lower are
  heard. The window says that it has the input again or is seen again; a display that was switched
  off, a machine that slept and a screen that hung are known by the time in which nothing ran.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TWIN_S = 0.06
TWIN_PX = 6
AFTER_CHANGE_S = 0.25
STOOD_S = 1.0
"""A screen that did not run for this long was not seen, or showed what was over (D)."""
AGAIN_AFTER_S, AGAIN_S = 0.5, 0.1
"""A key that lowers goes on falling while it is held: first after, then every (s)."""
FALLS = ("fall", "both_down")


class KeyKind(StrEnum):
    """How a key takes touches."""

    STOP = "stop"
    LOWERS = "lowers"
    HELD = "held"
    ORDINARY = "ordinary"


class Target(NamedTuple):
    """A key under a finger."""

    action: str
    kind: KeyKind


class Heard(NamedTuple):
    """What a touch means: press or release of a key, `acts` where its action happens now."""

    action: str
    pressed: bool
    acts: bool


@dataclass
class _Finger:
    target: Target | None
    on_key: bool = True
    again_at: float = 0.0


class TouchGuard:
    """Fingers by their number; used by the screen's thread."""

    def __init__(self) -> None:
        self._fingers: dict[object, _Finger] = {}
        self._last_down: tuple[float, float, float] = (-1.0, -1e6, -1e6)
        self._quiet_until = 0.0
        self._ran: float | None = None

    def ran(self, now: float) -> tuple[str, ...]:
        """Note that the screen runs, before touches are taken; return the held keys that ended.

        Touches that waited while it stood still were meant for what was seen then.
        """
        stood = self._ran is not None and now - self._ran > STOOD_S
        self._ran = now
        return self.changed(now) if stood else ()

    def changed(self, now: float) -> tuple[str, ...]:
        """Note that another screen is shown or the display woke; return the held keys it ended.

        A finger that stays down is still one that keeps others from raising.
        """
        self._quiet_until = now + AFTER_CHANGE_S
        held = self._held()
        for finger in self._fingers.values():
            finger.on_key = False
        return held

    def down(
        self, finger: object, target: Target | None, at: tuple[float, float], now: float
    ) -> Heard | None:
        """Take a touch down; return what it means, None for nothing."""
        twin = self._is_twin(at, now)
        self._last_down = (now, *at)
        lowers = target is not None and target.kind in (KeyKind.STOP, KeyKind.LOWERS)
        if lowers:
            twin = twin and any(other.target == target for other in self._fingers.values())
        if twin or finger in self._fingers:
            return None
        busy = any(other.target is not None for other in self._fingers.values())
        if not lowers and (busy or self._fingers or now < self._quiet_until):
            self._fingers[finger] = _Finger(None)
            return None
        self._fingers[finger] = _Finger(target, again_at=now + AGAIN_AFTER_S)
        if target is None:
            return None
        return Heard(target.action, pressed=True, acts=target.kind is not KeyKind.ORDINARY)

    def moved(self, finger: object, action: str | None) -> Heard | None:
        """Take a movement; leaving the key releases it for good."""
        held = self._fingers.get(finger)
        if held is None or held.target is None or not held.on_key:
            return None
        if action == held.target.action:
            return None
        held.on_key = False
        acts = held.target.kind is KeyKind.HELD
        return Heard(held.target.action, pressed=False, acts=acts)

    def up(self, finger: object) -> Heard | None:
        """Take a touch up; an ordinary key acts now if the finger is still on it."""
        held = self._fingers.pop(finger, None)
        if held is None or held.target is None or not held.on_key:
            return None
        acts = held.target.kind in (KeyKind.ORDINARY, KeyKind.HELD)
        return Heard(held.target.action, pressed=False, acts=acts)

    def falling(self, now: float) -> tuple[str, ...]:
        """Return the falls that are due again because their key is still held."""
        due = []
        for finger in self._fingers.values():
            target = finger.target
            if target is None or not finger.on_key or now < finger.again_at:
                continue
            if target.action.partition(":")[0] in FALLS:
                finger.again_at = now + AGAIN_S
                due.append(target.action)
        return tuple(due)

    def forget(self) -> tuple[str, ...]:
        """Release every finger, as when the window loses its input; return the actions held."""
        held = self._held()
        self._fingers.clear()
        return held

    def _held(self) -> tuple[str, ...]:
        return tuple(
            finger.target.action
            for finger in self._fingers.values()
            if finger.on_key and finger.target is not None and finger.target.kind is KeyKind.HELD
        )

    def _is_twin(self, at: tuple[float, float], now: float) -> bool:
        then, x, y = self._last_down
        near = abs(at[0] - x) <= TWIN_PX and abs(at[1] - y) <= TWIN_PX
        return near and now - then <= TWIN_S


def kind_of(action: str) -> KeyKind:
    """Return how the key of an action takes touches."""
    name = action.partition(":")[0]
    if name == "stop":
        return KeyKind.STOP
    if name in {"pause", "fall", "both_down"}:
        return KeyKind.LOWERS
    if name in {"rise", "raise_back", "contract"}:
        return KeyKind.HELD
    return KeyKind.ORDINARY
