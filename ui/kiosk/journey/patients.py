"""The list of patients: searched, paged by keys, and one chosen. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place, Row
from ui.kiosk.journey.repeat import Repeat
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.journey.typed import typed

ON_PAGE, FOUND_ON_PAGE = 5, 2
"""Patients on a page of the list, and above the keyboard."""
SEARCH_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients(Place):
    """`wanted` is what was typed, `typing` says that the keyboard is open.

    `first` is the first row shown.
    """

    wanted: str = ""
    typing: bool = False
    first: int = 0

    @property
    def page(self) -> str:
        """Return the page of those that look like what was typed."""
        return f"patients:{self.wanted}"

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return who is registered, and what of whom is to be completed."""
        return self.page, "to_complete"

    def found(self, kiosk: Kiosk) -> tuple[Row, ...] | None:
        """Return who was found, those seen last first; None while that is not known."""
        rows = kiosk.rows(self.page)
        return None if rows is None else tuple(sorted(rows, key=_seen_us, reverse=True))

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Search, page, choose somebody or register somebody."""
        name, _, what = action.partition(":")
        match name:
            case "back" if not self.typing:
                return Next(effects=(Go("home"),))
            case "new":
                return Next(NewPatient(came_from=replace(self, typing=False)))
            case "patient":
                return self._choose(what, kiosk)
            case "repeat":
                return self._choose(what, kiosk, repeats=True)
            case _:
                moved = self._moved(name, what)
                return STAY if moved is None else Next(moved)

    def _moved(self, name: str, what: str) -> "Patients | None":
        match name:
            case "search":
                return replace(self, typing=True, first=0)
            case "done" | "back":
                return replace(self, typing=False, first=0)
            case "letter":
                return replace(self, wanted=typed(self.wanted, what, SEARCH_MOST), first=0)
            case "up":
                return replace(self, first=max(self.first - ON_PAGE, 0))
            case "down":
                return replace(self, first=self.first + ON_PAGE)
            case _:
                return None

    def _choose(self, patient: str, kiosk: Kiosk, *, repeats: bool = False) -> Next:
        row = next((row for row in self.found(kiosk) or () if row["patient"] == patient), None)
        if row is None:
            return STAY
        came_from = replace(self, typing=False)
        treatment = Treatment(
            patient=patient,
            first_step=step_for,
            alias=str(row["alias"] or ""),
            born=row["born"],
            came_from=came_from,
        )
        if repeats:
            return Next(Repeat(treatment=treatment, came_from=came_from))
        return Next(Choose(treatment=treatment))


def _seen_us(row: Row) -> int:
    newest = row.get("newest") or {}
    return int(newest.get("utc_us", 0)) if newest.get("trusted") else 0
