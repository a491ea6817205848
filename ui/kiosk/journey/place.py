"""A place in the journey, what may happen there, and what it wants of the engine. Pure.

A place is one screen with what was entered on it. It decides nothing about patients or output: it
sends what a person touched and shows what the engine says. What was typed stays until the engine
has taken it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from appliance.messages.actions import Action
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot

Row = Mapping[str, Any]
Peaks = Mapping[int, tuple[int, int]]
"""Highest measured and set current of a half second by channel, in µA."""
SILENT_S = 0.3
"""Without a snapshot for this long, six that are missing, the screen says that there is no engine:
it is looked for and drawn within 0.1 s more. A link that is closed is lost at once (D)."""
MARK_S = 0.3
"""An answer that takes longer is waited for in words; most come within 0.1 s (D)."""
ANSWER_S = 5.0
"""After this the screen says that no answer came: a PIN takes half a second, a record less (D)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in at this screen."""

    operator: str
    role: str
    token: str


class Sheet(NamedTuple):
    """What covers the lower row of the treatment screen, "" for nothing.

    `typed` is of a PIN, `opened_us` is when it was opened by the engine's clock.
    """

    name: str = ""
    typed: str = ""
    opened_us: int = 0


NO_SHEET = Sheet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """All that the screen knows between two events.

    `age_s` is for how long nothing newer has been heard, `problem` why there is no link, "" while
    there is one. `pages` are the rows of the pages asked for, by the name of the page; one that is
    being asked for is in `asked`. `refused` is the last refusal.
    """

    place: "Place"
    snapshot: Snapshot | None = None
    age_s: float = 0.0
    problem: str = ""
    clock: str = ""
    me: SignedIn | None = None
    language: str = ""
    """The language that was chosen here, "" for that of the unit."""
    pages: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: MappingProxyType({}))
    stale: frozenset[str] = frozenset()
    """Pages that may be out of date: shown until the new one has come."""
    turned_away: frozenset[str] = frozenset()
    """Pages that the engine refused: asked for again once something has changed."""
    asked: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()
    """Pages on their way that were asked for before they became out of date."""
    visit: int = 1
    """Counts the places of a person: an answer is for the visit that sent the action."""
    sent: int = 0
    """Counts the actions that are answered to a place."""
    awaited: Mapping[int, "Awaited"] = field(default_factory=lambda: MappingProxyType({}))
    """Actions that the engine has not answered yet, by their number."""
    run: str = ""
    """What no other run of a screen has: begins the ids of acts."""
    acts: tuple["Act", ...] = ()
    """Recorded actions of this visit that the engine has not confirmed."""
    waited_s: float = 0.0
    """For how long the oldest action has waited for its answer."""
    overdue: frozenset[int] = frozenset()
    """Numbers of those that have waited longer than their limit."""
    given_up: Mapping[int, "Awaited"] = field(default_factory=lambda: MappingProxyType({}))
    """Actions that nobody waits for any more: an answer may still come."""
    unconfirmed: bool = False
    """No answer came, and that could not be said on a screen of its own yet."""
    refused: Refused | None = None
    unheard: tuple["Unheard", ...] = ()
    """Refusals whose screen had gone when they came, until whoever acted has seen them."""
    kept: "KeptWork | None" = None
    """What was not finished when the screen or the engine went, until somebody has signed in."""
    sheet: Sheet = NO_SHEET
    peaks: tuple[Peaks, ...] = ()
    """Of each half second the highest measured and set current by channel, the newest last."""

    @property
    def told_late(self) -> Refused | None:
        """Return what whoever is here has not been told yet; it is nobody else's."""
        me = "" if self.me is None else self.me.operator
        return next((each.refused for each in self.unheard if me and each.by in {"", me}), None)

    @property
    def has_engine(self) -> bool:
        """Return whether the engine speaks."""
        return self.snapshot is not None and self.age_s < SILENT_S and not self.problem

    @property
    def is_slow(self) -> bool:
        """Return whether the engine speaks and an answer takes so long that a person notices."""
        return self.has_engine and bool(self.awaited) and self.waited_s >= MARK_S

    @property
    def no_answer(self) -> bool:
        """Return whether an action has no answer, and nobody has seen that yet."""
        return self.unconfirmed or not self.overdue.isdisjoint(self.awaited)

    @property
    def waiting(self) -> frozenset[str]:
        """Return the tags of the actions that the engine has not answered yet."""
        return frozenset(awaited.tag for awaited in self.awaited.values())

    def rows(self, page: str) -> tuple[Row, ...] | None:
        """Return the rows of a page, None while they have not come."""
        return self.pages.get(page)

    def fresh(self, page: str) -> tuple[Row, ...] | None:
        """Return the rows of a page, None while they have not come or may be out of date."""
        return None if page in self.stale else self.pages.get(page)


class KeptWork(NamedTuple):
    """Who was signed in, the place with what was entered there, and what was on its way."""

    operator: str
    place: "Place"
    acts: tuple["Act", ...] = ()


class Act(NamedTuple):
    """What a person did on a place, to be recorded once however often it is sent.

    `number` is that of the action sent last, `visit` that of the place, 0 for one of the engine.
    """

    id: str
    number: int
    visit: int
    action: Action


class Send(NamedTuple):
    """An action for the engine; its answer goes to the place that sent it, under `tag`.

    The reducer gives the `number`, 0 for an action whose answer nobody waits for, and to what is
    recorded the id of its `act`.
    """

    action: Action
    tag: str = ""
    number: int = 0
    act: str = ""


class Awaited(NamedTuple):
    """An action on its way: who sent it, in which visit, 0 for a place of the engine.

    `recorded` says that a person believes it to be kept, `by` who that is, "" for nobody; after
    `limit_s` no answer is expected.
    """

    tag: str
    sender: "Place"
    visit: int
    recorded: bool
    limit_s: float = ANSWER_S
    by: str = ""


class Unheard(NamedTuple):
    """A refusal that came late, and whose action it was: it is told to nobody else.

    What was done before anybody signed in is told to whoever comes first.
    """

    by: str
    refused: Refused


class Look(NamedTuple):
    """A page to ask for anew."""

    page: str


class Forget(NamedTuple):
    """Pages that may be out of date: asked for again when wanted, shown until the new one came."""

    prefix: str


class Go(NamedTuple):
    """A place to begin at, by its name in the table of entries: "home", "patients".

    `session` is the one that is closed out, "" for the one that holds up the next.
    """

    entry: str
    session: str = ""


class Speak(NamedTuple):
    """The language of the screen from now on, by its code."""

    language: str


Effect = Speak | Send | Look | Forget | Go


class Next(NamedTuple):
    """What follows: the place to be at, what to send, and who is signed in from now on.

    None for `place` or `sheet` leaves it as it is. `refused` is what a touch is refused for before
    it is sent.
    """

    place: "Place | None" = None
    effects: tuple[Effect, ...] = ()
    me: SignedIn | None = None
    sheet: Sheet | None = None
    refused: Refused | None = None


STAY = Next()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A screen; see each kind."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the pages that it shows."""
        return ()

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Return what a key means here."""
        return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Return what follows from an answer; None: the engine went before it came."""
        return STAY

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Return what follows without a touch from what is known now; it is asked at any news."""
        return STAY

    def with_fields(self, **changed: Any) -> "Place":
        """Return it with other entries."""
        return replace(self, **changed)
