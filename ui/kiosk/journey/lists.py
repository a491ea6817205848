"""Lists to look at: programmes with their evidence, sessions, the shape of a pulse. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.own_list import OwnProgrammes, own_of
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place, Row

PROGRAMMES, SESSIONS = "programmes", "sessions"
ON_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged(Place):
    """A list in pages; `first` is the first row shown."""

    first: int = 0

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn a page, or go home."""
        match action:
            case "up":
                return Next(replace(self, first=max(self.first - ON_PAGE, 0)))
            case "down":
                return Next(replace(self, first=self.first + ON_PAGE))
            case "back":
                return Next(effects=(Go("home"),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeList(Paged):
    """Every programme; nothing is chosen here."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue."""
        return (PROGRAMMES,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at one, turn a page, go to the own ones, or go home."""
        name, _, what = action.partition(":")
        if name == "programme":
            return Next(ProgrammeCard(programme=what, came_from=self))
        if name == "own":
            return Next(OwnProgrammes(came_from=self))
        return Paged.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCard(Place):
    """One programme: its numbers, and what is reported for and against it."""

    programme: str
    came_from: ProgrammeList

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue."""
        return (PROGRAMMES,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Copy it, look at its versions, or go back to the list."""
        if action == "own":
            return own_of(self.programme, self)
        return Next(self.came_from) if action == "back" else STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList(Paged):
    """The sessions of the unit, the newest first; whose they were only where that may be read."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sessions, and the titles of their programmes."""
        return SESSIONS, PROGRAMMES

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at one, turn a page, or go home."""
        name, _, session = action.partition(":")
        if name == "session":
            rows = kiosk.rows(SESSIONS) or ()
            row = next((row for row in rows if row["id"] == session), None)
            patient = "" if row is None else str(row["patient"] or "")
            return Next(Summary(session=session, whose=Whose(patient=patient), came_from=self))
        return Paged.touched(self, action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseShape(Place):
    """The shape of a pulse of the newest session: from what was set and the peaks measured."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the sessions, and the newest one once it is known."""
        session = self.session(kiosk)
        return (SESSIONS, f"session:{session}") if session else (SESSIONS,)

    def session(self, kiosk: Kiosk) -> str:
        """Return the newest session that is over, "" while there is none."""
        rows = kiosk.rows(SESSIONS) or ()
        return next((str(row["id"]) for row in rows if row["closing"]), "")

    def facts(self, kiosk: Kiosk, event: str) -> Row:
        """Return the facts of an event of that session, empty ones while they are not known."""
        rows = kiosk.rows(f"session:{self.session(kiosk)}") or ()
        found = next((row for row in rows if row["name"] == event), {})
        return found.get("facts") or {}

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back to the service."""
        return Next(effects=(Go("service"),)) if action == "back" else STAY
