"""How long an answer has been waited for, and what follows where none comes. Pure.

An engine that speaks and does not answer must hold nobody up: after a stated time the screen says
that no answer came. Whether the action was carried out is not known then, so nothing counts as kept
or as refused, and every page is read anew. Until that was seen the place still waits: an answer
that comes meanwhile does what it always does.

A page that does not come is asked for again, each time after twice as long: it changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.messages.snapshot import Snapshot
from ui.kiosk.journey.place import Awaited, Effect, Kiosk

AGAIN_S, AGAIN_MOST_S = 5.0, 60.0
"""After how long a page is asked for again, and how long it takes at most (D)."""
LONGEST_STEP_S = 0.5
"""So much counts between two snapshots at most: the engine sends one each 50 ms (D)."""
S_US = 1_000_000

Answer = Callable[[Kiosk, str, int], tuple[Kiosk, tuple[Effect, ...]]]


class Waited(NamedTuple):
    """For how long the oldest action has waited, and the numbers of those past their limit.

    `lost` are the pages to be asked for again.
    """

    longest_s: float
    overdue: frozenset[int]
    lost: frozenset[str] = frozenset()


class Waits:
    """Follows what was sent, look by look; times are s of a monotonic clock.

    Time counts only while both the engine and this screen run: a machine that is busy, a board that
    waits for it and an engine that is silent make no answer late.
    """

    def __init__(self) -> None:
        self._since: dict[int, float] = {}
        self._pages: dict[str, tuple[float, float]] = {}
        """From when on a page is waited for, and for how long until it is asked for again."""
        self._ran_s = 0.0
        self._last: tuple[int, float] | None = None

    def look(self, kiosk: Kiosk, now_s: float) -> Waited:
        """Look; return how long is waited for what."""
        if kiosk.snapshot is not None:
            self._run(kiosk.snapshot, now_s)
        self._since = {number: self._since.get(number, self._ran_s) for number in kiosk.awaited}
        waited = {number: self._ran_s - since for number, since in self._since.items()}
        overdue = {number for number, s in waited.items() if s >= kiosk.awaited[number].limit_s}
        return Waited(max(waited.values(), default=0.0), frozenset(overdue), self._lost(kiosk))

    def _lost(self, kiosk: Kiosk) -> frozenset[str]:
        first = (self._ran_s, AGAIN_S)
        self._pages = {name: self._pages.get(name, first) for name in kiosk.asked}
        lost = {name for name, (since, s) in self._pages.items() if self._ran_s - since >= s}
        for name in lost:
            again_s = min(2 * self._pages[name][1], AGAIN_MOST_S)
            self._pages[name] = self._ran_s, again_s
        return frozenset(lost)

    def _run(self, snapshot: Snapshot, now_s: float) -> None:
        before, self._last = self._last, (snapshot.at_us, now_s)
        if before is not None and before[0] == snapshot.at_us:
            self._last = before
        elif before is not None:
            engine_s = (snapshot.at_us - before[0]) / S_US
            self._ran_s += max(min(engine_s, now_s - before[1], LONGEST_STEP_S), 0.0)


def given_up(kiosk: Kiosk, answer: Answer) -> tuple[Kiosk, tuple[Effect, ...]]:
    """Return the kiosk that waits no more for what is overdue; `answer` gives a place no answer."""
    effects: tuple[Effect, ...] = ()
    for number in sorted(kiosk.overdue):
        awaited = kiosk.awaited.get(number)
        if awaited is not None:
            kiosk, more = answer(kiosk, awaited.tag, number)
            kiosk, effects = _with(kiosk, number, awaited), (*effects, *more)
    return replace(kiosk, overdue=frozenset()), effects


def came_late(kiosk: Kiosk, number: int) -> tuple[Kiosk, Awaited | None]:
    """Return what an answer is to that came after all, None where it came before."""
    left = {key: each for key, each in kiosk.given_up.items() if key != number}
    awaited = kiosk.given_up.get(number)
    if awaited is None:
        return kiosk, None
    return replace(kiosk, given_up=MappingProxyType(left)), awaited


def _with(kiosk: Kiosk, number: int, awaited: Awaited) -> Kiosk:
    late = {**kiosk.given_up, number: awaited}
    return replace(kiosk, given_up=MappingProxyType(late))
