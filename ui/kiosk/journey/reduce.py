"""Moves the kiosk on: one event, the next kiosk, and what to send. Pure.

What the engine does comes first: while output may flow, or a trip stands, its screen is shown and
the person's own place waits behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.messages.actions import Silence, Stop
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from ui.kiosk.journey.acts import confirmed, taken_up
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.harm import TOLD
from ui.kiosk.journey.lowering import let_go
from ui.kiosk.journey.motor_point import PAIR, POINT
from ui.kiosk.journey.over import CLEAN, HEARD, HELP, SAYING, UNANSWERED, opened, over_ends
from ui.kiosk.journey.own_draft import without_older
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
    Row,
    Send,
    Sheet,
    Speak,
)
from ui.kiosk.journey.sent import after_all, heard, is_held, moved_to, numbered, sender_of, taken
from ui.kiosk.journey.typed import ACCENTS
from ui.kiosk.journey.waits import Waited, came_late, given_up

STOP, SILENCE = "stop", "silence"
MOST_MOVES = 10
"""Places that may follow one another without a touch."""
BUSY = "refusal.busy"
"""The rule of a refusal that another moment may lift by itself."""
NAMING = frozenset(
    {
        *("patients", "patient", "history", "close_out", "to_complete", "due_outcomes", "course"),
        *("outcomes", "visit", "missing", "sessions", "session", "motor_points"),
    }
)
"""Kinds of pages that name patients: not kept for whoever signs in after the unit was locked."""
QUIET = "quiet:"
"""Begins the tag of an action whose refusal is not shown."""


class Moved(NamedTuple):
    """The kiosk after an event, and what to send to the engine."""

    kiosk: Kiosk
    effects: tuple[Effect, ...] = ()


class Reducer:
    """`engine_place` returns the place that the engine's state demands, None for the person's.

    `first` returns where a person begins, and is again once the unit was locked. `entries` are
    the places that `Go` names. `after` returns where the person is after a change of the engine's
    state, None for where they were.
    """

    def __init__(
        self,
        engine_place: Callable[[Kiosk], Place | None],
        first: Callable[[], Place],
        entries: Mapping[str, Callable[[], Place]] = MappingProxyType({}),
        after: Callable[[Snapshot, Kiosk], Place | None] = lambda before, kiosk: None,
    ) -> None:
        self._engine_place, self._first, self._entries = engine_place, first, entries
        self._after = after

    def shown(self, kiosk: Kiosk) -> Place:
        """Return the place to show."""
        return self._engine_place(kiosk) or kiosk.place

    def touched(self, kiosk: Kiosk, action: str) -> Moved:
        """A key acted. STOP is the same everywhere and waits for nothing."""
        if action == STOP:
            return Moved(kiosk, (Send(Stop(cut=True), STOP),))
        if action == SILENCE:
            return Moved(kiosk, silenced(kiosk))
        if action == HEARD:
            return self._settled(self.wanted(heard(kiosk)))
        if action == UNANSWERED:
            return self._give_up(replace(kiosk, unconfirmed=False))
        has_accents = kiosk.sheet.name == ACCENTS
        if action == ACCENTS:
            return Moved(replace(kiosk, sheet=NO_SHEET if has_accents else Sheet(ACCENTS)))
        if has_accents:
            kiosk = replace(kiosk, sheet=NO_SHEET)
        place = self.shown(kiosk)
        over = opened(action, place, kiosk)
        if over is not None:
            return self._follow(kiosk, over, place)
        following = place.touched(action, kiosk)
        if is_held(place, following, kiosk):
            return Moved(kiosk)
        return self._follow(replace(kiosk, refused=following.refused), following, place)

    def released(self, kiosk: Kiosk, action: str) -> Moved:
        """A held key was let go, or ended with its screen."""
        return self._follow(kiosk, let_go(action), self.shown(kiosk))

    def waited(self, kiosk: Kiosk, waited: Waited) -> Moved:
        """Time went by without an answer; where no screen can say so now, waiting ends at once."""
        kiosk = replace(kiosk, waited_s=waited.longest_s, overdue=waited.overdue)
        again: tuple[Effect, ...] = ()
        if waited.lost:
            kiosk, again = self.wanted(replace(kiosk, asked=kiosk.asked - waited.lost))
        snapshot = kiosk.snapshot
        if not waited.overdue or (snapshot is not None and snapshot.state in SAYING):
            return Moved(kiosk, again)
        moved = self._give_up(replace(kiosk, unconfirmed=True))
        return Moved(moved.kiosk, (*again, *moved.effects))

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
            if snapshot.state == StateName.PAUSED:  # a second touch of Pause is no news by now
                kiosk = replace(kiosk, refused=None)
        if _sheet_ends(kiosk, before):
            kiosk = replace(kiosk, sheet=NO_SHEET)
        if _was_locked(before, snapshot) or _needs_pin_again(before, snapshot):
            kiosk = replace(kiosk, pages=_of_nobody(kiosk.pages))
            if kiosk.me is not None:
                kiosk = moved_to(replace(kiosk, me=None, refused=None), self._first())
        if before is not None and snapshot is not None and before.state != snapshot.state:
            kiosk = moved_to(kiosk, self._after(before, kiosk) or kiosk.place)
        return self._settled(self.wanted(kiosk))

    def answered(
        self, kiosk: Kiosk, tag: str, answer: Reply | Refused | Page | None, number: int = 0
    ) -> Moved:
        """An answer came, or the engine went before it did; `number` is that of its action."""
        if tag.startswith(QUIET):
            return Moved(kiosk)
        late = tag in kiosk.outdated
        asked = kiosk.asked if late else kiosk.asked - {tag}
        if _stays_refused(answer) and tag in kiosk.asked and not late:
            kiosk = replace(kiosk, turned_away=kiosk.turned_away | {tag})
        kiosk, awaited = taken(confirmed(kiosk, number, answer), tag, number)
        kiosk = replace(kiosk, asked=asked, outdated=kiosk.outdated - {tag})
        if tag in kiosk.pages or isinstance(answer, Page):
            if isinstance(answer, Page) and not (late and kiosk.me is None):
                pages = {**without_older(kiosk.pages, tag), tag: tuple(answer.rows)}
                stale = kiosk.stale if late else kiosk.stale - {tag}
                kiosk = replace(kiosk, pages=MappingProxyType(pages), stale=stale)
            return self._settled(self.wanted(kiosk))
        shown = self.shown(kiosk)
        if awaited is None and number:
            return self._came_late(kiosk, answer, number)
        if awaited is None:
            return self._answered_to_nobody(kiosk, tag, answer, shown)
        if answer is None:
            kiosk = _out_of_date(kiosk, "")  # it may have been kept all the same
        place = sender_of(awaited, shown, kiosk)
        if place is None:
            kiosk, following = after_all(awaited, answer, kiosk)
            return self._follow(kiosk, following, shown)
        if isinstance(answer, Refused):
            kiosk = replace(kiosk, refused=answer)
        return self._follow(kiosk, place.answered(tag, answer, kiosk), place)

    def _give_up(self, kiosk: Kiosk) -> Moved:
        """Wait no more for what is overdue: its places get no answer, as where the engine went."""
        return Moved(*given_up(kiosk, lambda at, tag, number: self.answered(at, tag, None, number)))

    def _came_late(self, kiosk: Kiosk, answer: Reply | Refused | Page | None, number: int) -> Moved:
        """Take an answer that nobody waits for any more: nothing moves on by it."""
        kiosk, awaited = came_late(kiosk, number)
        if awaited is None or answer is None:
            return Moved(kiosk)
        kiosk, following = after_all(awaited, answer, _out_of_date(kiosk, ""))
        return self._follow(kiosk, following, self.shown(kiosk))

    def _answered_to_nobody(
        self, kiosk: Kiosk, tag: str, answer: Reply | Refused | Page | None, shown: Place
    ) -> Moved:
        """Take a page that was refused, or the answer to what never waits."""
        if isinstance(answer, Refused):
            kiosk = replace(kiosk, refused=answer)
        following = shown.answered(tag, answer, kiosk)
        if following == STAY and shown is not kiosk.place:
            # It was asked before something came over the person's own place.
            following, shown = kiosk.place.answered(tag, answer, kiosk), kiosk.place
        return self._follow(kiosk, following, shown)

    def wanted(self, kiosk: Kiosk) -> Moved:
        """Ask for the pages that the shown place wants and does not have."""
        if not kiosk.has_engine:
            return Moved(kiosk)
        names = self.shown(kiosk).wants(kiosk)
        known = (kiosk.pages.keys() - kiosk.stale) | kiosk.turned_away
        missing = [name for name in names if name not in known and name not in kiosk.asked]
        if not missing:
            return Moved(kiosk)
        kiosk = replace(kiosk, asked=kiosk.asked | set(missing))
        return Moved(kiosk, tuple(Look(name) for name in missing))

    def _follow(self, kiosk: Kiosk, following: Next, sender: Place) -> Moved:
        return self._settled(self._followed(kiosk, following, sender))

    def _settled(self, moved: Moved) -> Moved:
        """Follow the person's own place where it moves without a touch."""
        for _ in range(MOST_MOVES):
            kiosk = moved.kiosk
            if not kiosk.has_engine or self.shown(kiosk) is not kiosk.place:
                return moved
            following = kiosk.place.by_itself(kiosk)
            if following == STAY or is_held(kiosk.place, following, kiosk):
                return moved
            then = self._followed(kiosk, following, kiosk.place)
            moved = Moved(then.kiosk, (*moved.effects, *then.effects))
        return moved

    def _followed(self, kiosk: Kiosk, following: Next, sender: Place) -> Moved:
        sent: list[Effect] = []
        for effect in following.effects:
            if isinstance(effect, Send):
                kiosk, send = numbered(kiosk, sender, effect)
                sent.append(send)
            elif isinstance(effect, Look):
                sent.append(effect)
        if following.place is not None:
            kiosk = moved_to(kiosk, following.place)
        if following.sheet is not None:
            kiosk = replace(kiosk, sheet=following.sheet)
        if following.me is not None:
            acts = taken_up(kiosk, following.place)
            here = replace(kiosk, me=following.me, kept=None, acts=acts, refused=None)
            kiosk = _out_of_date(here, "")  # may read more now
        for effect in following.effects:
            kiosk = self._effected(kiosk, effect)
        moved = self.wanted(kiosk)
        return Moved(moved.kiosk, (*sent, *moved.effects))

    def _effected(self, kiosk: Kiosk, effect: Effect) -> Kiosk:
        """Return what an effect changes of the kiosk itself."""
        match effect:
            case Go(entry="close_out", session=session) if session:
                return moved_to(kiosk, CloseOut(session=session))
            case Go(entry=entry) if entry in self._entries:
                return moved_to(kiosk, self._entries[entry]())
            case Go():
                return kiosk
            case Speak(language=language):
                return replace(kiosk, language=language)
            case Forget(prefix=prefix):
                return _out_of_date(kiosk, prefix)
            case Look(page=page):
                return replace(_out_of_date(kiosk, page), asked=kiosk.asked | {page})
            case Send():
                return kiosk


def _stays_refused(answer: Reply | Refused | Page | None) -> bool:
    """Return whether asking for this page again would change nothing until something else does."""
    return isinstance(answer, Refused) and answer.rule != BUSY


def _was_locked(before: Snapshot | None, snapshot: Snapshot | None) -> bool:
    """Return whether the unit was locked between two snapshots."""
    if before is None or snapshot is None:
        return False
    return snapshot.state == StateName.LOCKED != before.state


def _needs_pin_again(before: Snapshot | None, snapshot: Snapshot | None) -> bool:
    """Return whether the sign-in has just ended at a screen that has no key for the PIN.

    A snapshot from before the PIN was entered again is no news.
    """
    if before is None or snapshot is None or snapshot.state not in _WITHOUT_PIN_KEY:
        return False
    is_news = not before.pin_needed or before.state not in _WITHOUT_PIN_KEY
    return snapshot.pin_needed and is_news


def _of_nobody(pages: Mapping[str, tuple[Row, ...]]) -> Mapping[str, tuple[Row, ...]]:
    """Return the pages without those that name a patient: whoever comes next may not read them."""
    kept = {name: rows for name, rows in pages.items() if name.partition(":")[0] not in NAMING}
    return MappingProxyType(kept)


def _sheet_ends(kiosk: Kiosk, before: Snapshot | None) -> bool:
    """Return whether an open sheet closes by itself: after a while, or as no current may flow."""
    snapshot, sheet = kiosk.snapshot, kiosk.sheet
    if not sheet.name or snapshot is None:
        return False
    if sheet.name in (HELP, CLEAN, ACCENTS):
        return over_ends(kiosk, before)
    if sheet.name == TOLD:
        return snapshot.state not in (StateName.TRIPPED, StateName.PAUSED)
    if sheet.name in (PAIR, POINT):  # they cover nothing, and what was entered stays
        return snapshot.state not in _FLOWING
    return snapshot.state not in _FLOWING or snapshot.at_us - sheet.opened_us > SHEET_US


SHEET_US = 30_000_000
HALF_S_US = 500_000
MOST_PEAKS = 60
_WITHOUT_PIN_KEY = (StateName.READY, StateName.ARMED, StateName.PAUSED, StateName.FINISHED)
"""States whose screens refuse everything once nobody has touched for 2 min, and have no PIN."""
_FLOWING = ("RampUp", "Delivering", "Resting", "RampDown")


def silenced(kiosk: Kiosk) -> tuple[Send, ...]:
    """Return what silences the sound that is heard, nothing without one."""
    sound = None if kiosk.snapshot is None else kiosk.snapshot.sound
    return () if sound is None else (Send(Silence(sound=sound.name), SILENCE),)


def peaks_after(
    peaks: tuple[Peaks, ...], before: Snapshot | None, snapshot: Snapshot
) -> tuple[Peaks, ...]:
    """Return the strip after one more snapshot: a new bar each half second of engine time."""
    if snapshot.state not in _FLOWING:
        return peaks if snapshot.session is not None else ()
    share = 100 if snapshot.plan is None else snapshot.plan.share_percent
    now = {
        each.channel: (each.measured_ua or 0, each.level_ua * share // 100)
        for each in snapshot.channels
    }
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
