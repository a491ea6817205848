"""A screen about one patient, out of a session. Pure."""

from dataclasses import dataclass

from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """A patient as screens name them; `patient` "" for a session of nobody known."""

    patient: str = ""
    alias: str = ""
    born: int | None = None

    @property
    def name(self) -> str:
        """Return the alias, else the id."""
        return self.alias or self.patient

    @property
    def history(self) -> str:
        """Return the page of the sessions."""
        return f"history:{self.patient}"

    @property
    def file(self) -> str:
        """Return the page of the file."""
        return f"patient:{self.patient}"

    @property
    def course(self) -> str:
        """Return the page of the courses."""
        return f"course:{self.patient}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPatient(Place):
    """A screen about a patient; Back leads to `came_from`, Home without one."""

    whose: Whose
    came_from: Place | None = None

    def back(self) -> Next:
        """Return to where it was opened."""
        return Next(effects=(Go("home"),)) if self.came_from is None else Next(self.came_from)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back or home; a screen handles its own keys first."""
        match action:
            case "back":
                return self.back()
            case "home":
                return Next(effects=(Go("home"),))
            case _:
                return STAY
