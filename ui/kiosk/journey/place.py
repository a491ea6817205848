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
SILENT_S = 0.5
"""Without a snapshot for this long the screen says that there is no engine."""


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

    `age_s` is how old the snapshot is. `pages` are the rows of the pages asked for, by the name of
    the page; one that is being asked for is in `asked`. `refused` is the last refusal.
    """

    place: "Place"
    snapshot: Snapshot | None = None
    age_s: float = 0.0
    problem: str = ""
    clock: str = ""
    me: SignedIn | None = None
    pages: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: MappingProxyType({}))
    stale: frozenset[str] = frozenset()
    """Pages that may be out of date: shown until the new one has come."""
    turned_away: frozenset[str] = frozenset()
    """Pages that the engine refused: asked for again once something has changed."""
    asked: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()
    """Pages on their way that were asked for before they became out of date."""
    waiting: frozenset[str] = frozenset()
    refused: Refused | None = None
    sheet: Sheet = NO_SHEET
    peaks: tuple[Peaks, ...] = ()
    """Of each half second the highest measured and set current by channel, the newest last."""

    @property
    def has_engine(self) -> bool:
        """Return whether the engine speaks."""
        return self.snapshot is not None and self.age_s < SILENT_S

    def rows(self, page: str) -> tuple[Row, ...] | None:
        """Return the rows of a page, None while they have not come."""
        return self.pages.get(page)

    def fresh(self, page: str) -> tuple[Row, ...] | None:
        """Return the rows of a page, None while they have not come or may be out of date."""
        return None if page in self.stale else self.pages.get(page)


class Send(NamedTuple):
    """An action for the engine; its answer goes to the place under `tag`."""

    action: Action
    tag: str = ""


class Look(NamedTuple):
    """A page to ask for anew."""

    page: str


class Forget(NamedTuple):
    """Pages that may be out of date: asked for again when wanted, shown until the new one came."""

    prefix: str


class Go(NamedTuple):
    """A place to begin at, by its name in the table of entries: "home", "patients"."""

    entry: str


Effect = Send | Look | Forget | Go


class Next(NamedTuple):
    """What follows: the place to be at, what to send, and who is signed in from now on.

    None for `place` or `sheet` leaves it as it is.
    """

    place: "Place | None" = None
    effects: tuple[Effect, ...] = ()
    me: SignedIn | None = None
    sheet: Sheet | None = None


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

    def released(self, action: str, kiosk: Kiosk) -> Next:
        """Return what letting go of a held key means here."""
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
