"""Moves the kiosk on: one event, the next kiosk, and what to send. Pure.

What the engine does comes first: while output may flow, or a trip stands, its screen is shown and
the person's own place waits behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.messages.actions import Stop
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from ui.kiosk.journey.place import (
    NO_SHEET,
    STAY,
    Effect,
    Forget,
    Go,
    Kiosk,
    Look,
    Next,
    Peaks,
    Place,
    Send,
)

STOP = "stop"
MOST_MOVES = 10
"""Places that may follow one another without a touch."""
BUSY = "refusal.busy"
"""The rule of a refusal that another moment may lift by itself."""
QUIET = "quiet:"
"""Begins the tag of an action whose refusal is not shown."""


class Moved(NamedTuple):
    """The kiosk after an event, and what to send to the engine."""

    kiosk: Kiosk
    effects: tuple[Effect, ...] = ()


class Reducer:
    """`engine_place` returns the place that the engine's state demands, None for the person's.

    `first` returns where a person begins, and is again once the unit was locked. `entries` are
    the places that `Go` names.
    """

    def __init__(
        self,
        engine_place: Callable[[Kiosk], Place | None],
        first: Callable[[], Place],
        entries: Mapping[str, Callable[[], Place]] = MappingProxyType({}),
    ) -> None:
        self._engine_place, self._first, self._entries = engine_place, first, entries

    def shown(self, kiosk: Kiosk) -> Place:
        """Return the place to show."""
        return self._engine_place(kiosk) or kiosk.place

    def touched(self, kiosk: Kiosk, action: str) -> Moved:
        """A key acted. STOP is the same everywhere and waits for nothing."""
        if action == STOP:
            return Moved(kiosk, (Send(Stop(cut=True), STOP),))
        place = self.shown(kiosk)
        return self._follow(replace(kiosk, refused=None), place.touched(action, kiosk))

    def released(self, kiosk: Kiosk, action: str) -> Moved:
        """A held key was let go."""
        place = self.shown(kiosk)
        return self._follow(kiosk, place.released(action, kiosk))

    def snapshot(self, kiosk: Kiosk, snapshot: Snapshot | None, age_s: float) -> Moved:
        """A snapshot came, or none came for a while."""
        before = kiosk.snapshot
        peaks = (
            kiosk.peaks
            if snapshot is None or snapshot is before
            else peaks_after(kiosk.peaks, before, snapshot)
        )
        kiosk = replace(kiosk, snapshot=snapshot, age_s=age_s, peaks=peaks)
        if before is not None and snapshot is not None and before.state != snapshot.state:
            kiosk = _out_of_date(kiosk, "")  # what is due or missing may have changed with it
        if _sheet_ends(kiosk):
            kiosk = replace(kiosk, sheet=NO_SHEET)
        if _was_locked(before, snapshot):
            kiosk = replace(kiosk, me=None, place=self._first())
        return self._settled(self.wanted(kiosk))

    def answered(self, kiosk: Kiosk, tag: str, answer: Reply | Refused | Page | None) -> Moved:
        """An answer came, or the engine went before it did."""
        late = tag in kiosk.outdated
        asked = kiosk.asked if late else kiosk.asked - {tag}
        if _stays_refused(answer) and tag in kiosk.asked and not late:
            kiosk = replace(kiosk, turned_away=kiosk.turned_away | {tag})
        outdated = kiosk.outdated - {tag}
        kiosk = replace(kiosk, waiting=kiosk.waiting - {tag}, asked=asked, outdated=outdated)
        if tag in kiosk.pages or isinstance(answer, Page):
            if isinstance(answer, Page):
                pages = {**kiosk.pages, tag: tuple(answer.rows)}
                stale = kiosk.stale if late else kiosk.stale - {tag}
                kiosk = replace(kiosk, pages=MappingProxyType(pages), stale=stale)
            return self._settled(self.wanted(kiosk))
        if isinstance(answer, Refused) and not tag.startswith(QUIET):
            kiosk = replace(kiosk, refused=answer)
        place = self.shown(kiosk)
        return self._follow(kiosk, place.answered(tag, answer, kiosk))

    def wanted(self, kiosk: Kiosk) -> Moved:
        """Ask for the pages that the shown place wants and does not have."""
        if not kiosk.has_engine:
            return Moved(kiosk)
        names = self.shown(kiosk).wants(kiosk)
        known = (kiosk.pages.keys() - kiosk.stale) | kiosk.turned_away
        missing = [name for name in names if name not in known and name not in kiosk.asked]
        kiosk = replace(kiosk, asked=kiosk.asked | set(missing))
        return Moved(kiosk, tuple(Look(name) for name in missing))

    def _follow(self, kiosk: Kiosk, following: Next) -> Moved:
        return self._settled(self._followed(kiosk, following))

    def _settled(self, moved: Moved) -> Moved:
        """Follow the person's own place where it moves without a touch."""
        for _ in range(MOST_MOVES):
            kiosk = moved.kiosk
            if not kiosk.has_engine or self.shown(kiosk) is not kiosk.place:
                return moved
            following = kiosk.place.by_itself(kiosk)
            if following == STAY:
                return moved
            then = self._followed(kiosk, following)
            moved = Moved(then.kiosk, (*moved.effects, *then.effects))
        return moved

    def _followed(self, kiosk: Kiosk, following: Next) -> Moved:
        if following.place is not None:
            kiosk = replace(kiosk, place=following.place)
        if following.sheet is not None:
            kiosk = replace(kiosk, sheet=following.sheet)
        if following.me is not None:
            kiosk = _out_of_date(replace(kiosk, me=following.me), "")  # may read more now
        sent: list[Effect] = []
        for effect in following.effects:
            match effect:
                case Go(entry=entry) if entry in self._entries:
                    kiosk = replace(kiosk, place=self._entries[entry]())
                case Forget(prefix=prefix):
                    kiosk = _out_of_date(kiosk, prefix)
                case Look(page=page):
                    kiosk = replace(_out_of_date(kiosk, page), asked=kiosk.asked | {page})
                    sent.append(effect)
                case Send(tag=tag):
                    kiosk = replace(kiosk, waiting=kiosk.waiting | {tag} if tag else kiosk.waiting)
                    sent.append(effect)
                case Go():
                    pass
        moved = self.wanted(kiosk)
        return Moved(moved.kiosk, (*sent, *moved.effects))


def _stays_refused(answer: Reply | Refused | Page | None) -> bool:
    """Return whether asking for this page again would change nothing until something else does."""
    return isinstance(answer, Refused) and answer.rule != BUSY


def _was_locked(before: Snapshot | None, snapshot: Snapshot | None) -> bool:
    """Return whether the unit was locked between two snapshots."""
    if before is None or snapshot is None:
        return False
    return snapshot.state == StateName.LOCKED != before.state


def _sheet_ends(kiosk: Kiosk) -> bool:
    """Return whether an open sheet closes by itself: after a while, or as no current may flow."""
    snapshot, sheet = kiosk.snapshot, kiosk.sheet
    if not sheet.name or snapshot is None:
        return False
    return snapshot.state not in _FLOWING or snapshot.at_us - sheet.opened_us > SHEET_US


SHEET_US = 30_000_000
HALF_S_US = 500_000
MOST_PEAKS = 60
_FLOWING = ("RampUp", "Delivering", "Resting", "RampDown")


def peaks_after(
    peaks: tuple[Peaks, ...], before: Snapshot | None, snapshot: Snapshot
) -> tuple[Peaks, ...]:
    """Return the strip after one more snapshot: a new bar each half second of engine time."""
    if snapshot.state not in _FLOWING:
        return peaks if snapshot.session is not None else ()
    now = {each.channel: (each.measured_ua or 0, each.level_ua) for each in snapshot.channels}
    same = before is not None and before.at_us // HALF_S_US == snapshot.at_us // HALF_S_US
    if not same or not peaks:
        return (*peaks, now)[-MOST_PEAKS:]
    last = peaks[-1]
    joined = {
        channel: (max(value[0], last.get(channel, (0, 0))[0]), value[1])
        for channel, value in now.items()
    }
    return (*peaks[:-1], joined)


def _out_of_date(kiosk: Kiosk, prefix: str) -> Kiosk:
    names = {name for name in kiosk.pages if name.startswith(prefix)}
    # One that is on its way was made before: it has to be asked for again.
    on_way = {name for name in kiosk.asked if name.startswith(prefix)}
    return replace(
        kiosk,
        stale=kiosk.stale | names | on_way,
        asked=kiosk.asked - on_way,
        outdated=kiosk.outdated | on_way,
        turned_away=frozenset(name for name in kiosk.turned_away if not name.startswith(prefix)),
    )
