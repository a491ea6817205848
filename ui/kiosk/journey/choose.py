"""Where to treat, with which programme and for how long; the evidence for and against. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.history import History
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row
from ui.kiosk.journey.treatment import Step, Treat

PROGRAMMES = "programmes"
EMS, TENS = "ems", "tens"
TENS_KINDS = frozenset({"conventional", "low_rate", "burst", "brief_intense", "modulated"})
"""Kinds of programme that are called TENS; the others are called EMS."""
LINES = 5
"""Programmes in each list that fit where no page is turned."""
ON_PAGE = LINES - 1
"""Programmes in each list beside keys that turn pages."""
LEFT, RIGHT, BOTH = SIDES = ("left", "right", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """Region and side, then the programme, then its minutes.

    `area_side` are the sides touched on the figure in the region of the treatment; they are those
    of the treatment once the areas are taken. `first` is the first line shown of each list of
    programmes. `cannot` is the engine's refusal of the programme.
    """

    area_side: str = ""
    first: int = 0
    cannot: Refused | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue, and what stands against the programme chosen."""
        treatment = self.treatment
        if not (treatment.programme and treatment.side) or self.cannot is not None:
            return PROGRAMMES, treatment.file
        return PROGRAMMES, treatment.page

    def listed(self, kiosk: Kiosk, group: str) -> tuple[Row, ...]:
        """Return the programmes of a list; those for this region come first."""
        rows = (row for row in kiosk.rows(PROGRAMMES) or () if group_of(row) == group)
        return tuple(sorted(rows, key=lambda row: not self.is_here(row)))

    def is_here(self, row: Row) -> bool:
        """Return whether the engine names this region for a programme."""
        return self.treatment.region in row["regions"]

    def last_place(self, kiosk: Kiosk) -> tuple[str, str] | None:
        """Return a region that was treated before and its sides, None before the first time."""
        file = kiosk.rows(self.treatment.file) or ()
        identity = next((row for row in file if row["kind"] == "identity"), {})
        treated = identity.get("treated") or ()
        if not treated:
            return None
        region = str(treated[-1][0])
        sides = {str(side) for where, side in treated if where == region}
        return region, sides.pop() if len(sides) == 1 else BOTH

    def row(self, kiosk: Kiosk) -> Row | None:
        """Return the programme chosen."""
        rows = kiosk.rows(PROGRAMMES) or ()
        return next((row for row in rows if row["name"] == self.treatment.programme), None)

    def minutes(self, kiosk: Kiosk) -> tuple[int, ...]:
        """Return the durations that the engine offers for the programme."""
        row = self.row(kiosk)
        return () if row is None else tuple(each["minutes"] for each in row["minutes_offered"])

    def chosen_minutes(self, kiosk: Kiosk) -> Row | None:
        """Return the duration chosen, the programme's own before one is, with the engine's note."""
        row = self.row(kiosk)
        if row is None:
            return None
        chosen = self.treatment.minutes or round(row["minutes"])
        return next((each for each in row["minutes_offered"] if each["minutes"] == chosen), None)

    def against(self, kiosk: Kiosk) -> Row | None:
        """Return the first finding that stops this treatment."""
        rows = kiosk.rows(self.treatment.page) or ()
        return next((row for row in rows if row["consequence"] == "stop"), None)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose; Take asks what is missing."""
        name, _, what = action.partition(":")
        treatment = self.treatment
        match name:
            case "minutes" | "programme":
                return Next(self._chosen(name, what))
            case "zone" | "again" | "areas":
                return Next(self._placed(name, what, kiosk))
            case "up" | "down" if treatment.side and not treatment.programme:
                return Next(replace(self, first=self._turned(name, kiosk)))
            case "evidence" if treatment.programme:
                return Next(Evidence(treatment=treatment, behind=self))
            case "history":
                whose = Whose(patient=treatment.patient, alias=treatment.alias, born=treatment.born)
                return Next(History(whose=whose, came_from=self))
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
        if name == "minutes":
            return replace(self, treatment=replace(treatment, minutes=int(what)))
        chosen = replace(treatment, programme=what, minutes=0)
        return replace(self, treatment=chosen, cannot=None)

    def _turned(self, name: str, kiosk: Kiosk) -> int:
        """Return the first line of the page before or of the next one, as far as there is one."""
        longest = max(len(self.listed(kiosk, group)) for group in (EMS, TENS))
        first = self.first + (ON_PAGE if name == "down" else -ON_PAGE)
        return first if 0 <= first < longest and longest > LINES else self.first

    def _placed(self, name: str, what: str, kiosk: Kiosk) -> "Choose":
        """Touch a zone, take what was touched, or the place of last time."""
        region, last = self.treatment.region, self.last_place(kiosk)
        if name == "zone":
            return self._touched_zone(*what.split(":"))
        if name == "again" and last is not None:
            return self._at(*last)
        return self._at(region, what) if name == "areas" and region and what in SIDES else self

    def _touched_zone(self, region: str, side: str) -> "Choose":
        """Take a zone, or take it back; those of another region are given up."""
        before = self.area_side if region == self.treatment.region else ""
        if before == side:
            after = ""
        elif before == BOTH:
            after = RIGHT if side == LEFT else LEFT
        else:
            after = BOTH if before else side
        treatment = replace(self.treatment, region=region if after else "")
        return replace(self, treatment=treatment, area_side=after)

    def _at(self, region: str, side: str) -> "Choose":
        treatment = replace(self.treatment, region=region, side=side)
        return replace(self, treatment=treatment, area_side=side, first=0)

    def _back(self) -> Next:
        treatment = self.treatment
        if treatment.programme:
            chosen = replace(treatment, programme="", minutes=0)
            return Next(replace(self, treatment=chosen, cannot=None))
        if treatment.side:
            return Next(replace(self, treatment=replace(treatment, side="")))
        return Next(treatment.came_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Step):
    """What is reported for and against a programme."""

    behind: Place
    first: bool = False
    """Whether what guidelines recommend first is shown."""

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue."""
        return (PROGRAMMES,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look at the other page, or go back to the programme."""
        if action == "first":
            return Next(replace(self, first=not self.first))
        return Next(self.behind) if action in {"back", "programme"} else STAY


def group_of(row: Row) -> str:
    """Return the list that a programme belongs to."""
    return TENS if row["kind"] in TENS_KINDS else EMS
