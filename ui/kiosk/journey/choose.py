"""Where to treat, with which programme and for how long; the evidence for and against. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row
from ui.kiosk.journey.treatment import Step, Treat

PROGRAMMES = "programmes"
EMS, TENS = "ems", "tens"
TENS_KINDS = frozenset({"conventional", "low_rate", "burst", "brief_intense", "modulated"})
"""Kinds of programme that are called TENS; the others are called EMS."""
MINUTES = (5, 10, 15, 20, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """Region and side, then the programme, then its minutes.

    `group` is the list that is shown. `cannot` is the engine's refusal of the programme there.
    """

    group: str = EMS
    cannot: Refused | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue, and what stands against the programme chosen."""
        treatment = self.treatment
        if not (treatment.programme and treatment.side) or self.cannot is not None:
            return (PROGRAMMES,)
        return PROGRAMMES, treatment.page

    def listed(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return the programmes of the list shown; those for this region come first."""
        rows = (row for row in kiosk.rows(PROGRAMMES) or () if group_of(row) == self.group)
        return tuple(sorted(rows, key=lambda row: not self.is_here(row)))

    def is_here(self, row: Row) -> bool:
        """Return whether the engine names this region for a programme."""
        return self.treatment.region in row["regions"]

    def row(self, kiosk: Kiosk) -> Row | None:
        """Return the programme chosen."""
        rows = kiosk.rows(PROGRAMMES) or ()
        return next((row for row in rows if row["name"] == self.treatment.programme), None)

    def minutes(self, kiosk: Kiosk) -> tuple[int, ...]:
        """Return the durations to choose from: those up to the programme's own."""
        row = self.row(kiosk)
        if row is None:
            return ()
        own = round(row["minutes"])
        return tuple(sorted({own, *(minutes for minutes in MINUTES if minutes <= own)}))

    def against(self, kiosk: Kiosk) -> Row | None:
        """Return the first finding that stops this treatment."""
        rows = kiosk.rows(self.treatment.page) or ()
        return next((row for row in rows if row["consequence"] == "stop"), None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose; Take asks what is missing."""
        name, _, what = action.partition(":")
        treatment = self.treatment
        match name:
            case "region" | "minutes" | "programme":
                return Next(self._chosen(name, what))
            case "side" if treatment.region:
                return Next(replace(self, treatment=replace(treatment, side=what)))
            case "group":
                return Next(replace(self, group=what))
            case "evidence" if treatment.programme:
                return Next(Evidence(treatment=treatment, behind=self))
            case "take" if self.cannot is None and treatment.programme:
                return Next(Treat(treatment=replace(treatment, came_from=self), behind=self))
            case "back":
                return self._back()
            case _:
                return STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Keep why the engine does not offer the programme there."""
        if tag == self.treatment.page and isinstance(answer, Refused):
            return Next(replace(self, cannot=answer))
        return STAY

    def _chosen(self, name: str, what: str) -> "Choose":
        treatment = self.treatment
        if name == "region":
            return replace(self, treatment=replace(treatment, region=what))
        if name == "minutes":
            return replace(self, treatment=replace(treatment, minutes=int(what)))
        chosen = replace(treatment, programme=what, minutes=0)
        return replace(self, treatment=chosen, cannot=None)

    def _back(self) -> Next:
        treatment = self.treatment
        if treatment.programme:
            chosen = replace(treatment, programme="", minutes=0)
            return Next(replace(self, treatment=chosen, cannot=None))
        if treatment.region:
            return Next(replace(self, treatment=replace(treatment, region="", side="")))
        return Next(treatment.came_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Step):
    """What is reported for and against a programme."""

    behind: Place

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue."""
        return (PROGRAMMES,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back to the programme."""
        return Next(self.behind) if action in {"back", "programme"} else STAY


def group_of(row: Row) -> str:
    """Return the list that a programme belongs to."""
    return TENS if row["kind"] in TENS_KINDS else EMS
