"""Programme, region and side for a patient, one after the other. Pure."""

from dataclasses import dataclass, replace

from ui.kiosk.journey.place import STAY, Kiosk, Next, Row
from ui.kiosk.journey.treatment import Step, Treat, Treatment

PROGRAMMES = "programmes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """What is not chosen yet is asked: programme, then region, then side."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue."""
        return (PROGRAMMES,)

    def row(self, kiosk: Kiosk) -> Row | None:
        """Return the programme chosen."""
        rows = kiosk.rows(PROGRAMMES) or ()
        return next((row for row in rows if row["name"] == self.treatment.programme), None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose; with the side chosen it is asked what is missing."""
        name, _, what = action.partition(":")
        treatment = self.treatment
        match name:
            case "programme":
                return Next(replace(self, treatment=self._with_programme(what, kiosk)))
            case "region":
                return Next(replace(self, treatment=replace(treatment, region=what)))
            case "side":
                again = replace(self, treatment=replace(treatment, side=""))
                return Next(Treat(treatment=replace(treatment, side=what, came_from=again)))
            case "back" if treatment.programme:
                return Next(replace(self, treatment=replace(treatment, programme="", region="")))
            case "back":
                return Next(treatment.came_from)
            case _:
                return STAY

    def _with_programme(self, name: str, kiosk: Kiosk) -> Treatment:
        rows = kiosk.rows(PROGRAMMES) or ()
        named = (row["regions"] for row in rows if row["name"] == name)
        regions: list[str] = next(named, [])
        region = regions[0] if len(regions) == 1 else ""
        return replace(self.treatment, programme=name, region=region)
