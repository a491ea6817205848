"""Where to treat, with which programme and for how long; the evidence for and against. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.history import History
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.own_list import OwnProgrammes, own_of
from ui.kiosk.journey.place import STAY, Kiosk, Next, Place, Row
from ui.kiosk.journey.treatment import Step, Treat

PROGRAMMES, OFFERS, EVIDENCE = "programmes", "offers", "evidence"
EMS, TENS = "ems", "tens"
TENS_KINDS = frozenset({"conventional", "low_rate", "burst", "brief_intense", "modulated"})
"""Goals that are called TENS; the others are called EMS."""
ON_PAGE = 3
"""Programmes for one goal beside keys that turn pages; one more fits where no page is turned."""
MAY, USUAL = "may", "usual"
"""Of a programme: contractions may be called; they are, unless somebody chooses otherwise."""
NOTED = frozenset({"refusal.order_of_programmes", "refusal.first_motor_session"})
"""Rules of notes that are read before a programme is taken."""
LEFT, RIGHT, BOTH = SIDES = ("left", "right", "both")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is treated for, with the programmes for it on the region; none: not offered there."""

    row: Row
    offer: Row
    programmes: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Return its name to the engine."""
        return str(self.row["goal"])

    @property
    def group(self) -> str:
        """Return the list that it belongs to."""
        return group_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """Region and side, then the goal, the programme for it, and its minutes.

    `area_side` are the sides touched on the figure in the region of the treatment; they are those
    of the treatment once the areas are taken. `goal` is one that several programmes are for, the
    first of which shown is `first`. With `why_not` the goals are shown that are not offered there.
    `cannot` is the engine's refusal of the programme.
    """

    area_side: str = ""
    goal: str = ""
    first: int = 0
    why_not: bool = False
    cannot: Refused | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue, what is offered, and what stands against the programme chosen."""
        treatment = self.treatment
        if not (treatment.programme and treatment.side) or self.cannot is not None:
            return PROGRAMMES, OFFERS, treatment.file
        return PROGRAMMES, OFFERS, treatment.page

    def goals(self, kiosk: Kiosk) -> tuple[Goal, ...]:
        """Return every goal in the engine's order, with its programmes on this region."""
        region = self.treatment.region
        known = {str(row["name"]): row for row in kiosk.rows(PROGRAMMES) or ()}
        rows = kiosk.rows(OFFERS) or () if region else ()
        return tuple(
            Goal(row, offer, tuple(known[name] for name in _names(offer) if name in known))
            for row in rows
            for offer in (row["regions"][region],)
        )

    def goal_of(self, kiosk: Kiosk) -> Goal | None:
        """Return the goal of the programme chosen, else the goal whose programmes are listed."""
        chosen = self.row(kiosk)
        return next(
            (
                goal
                for goal in self.goals(kiosk)
                if (goal.name == self.goal if chosen is None else chosen in goal.programmes)
            ),
            None,
        )

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

    def on_call(self, kiosk: Kiosk) -> bool | None:
        """Return whether contractions are to be called, None where they cannot be."""
        row = self.row(kiosk)
        return None if row is None else called(row, self.treatment.on_call)

    def against(self, kiosk: Kiosk) -> Row | None:
        """Return the first finding that stops this treatment."""
        rows = kiosk.rows(self.treatment.page) or ()
        return next((row for row in rows if row["consequence"] == "stop"), None)

    def noted(self, kiosk: Kiosk) -> tuple[Row, ...]:
        """Return what the engine notes of the programme in this course, and of a first session."""
        rows = kiosk.rows(self.treatment.page) or ()
        return tuple(row for row in rows if not row["blocks"] and row["rule"] in NOTED)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose; Take asks what is missing."""
        name, _, what = action.partition(":")
        treatment = self.treatment
        match name:
            case "evidence" if treatment.programme:
                return Next(Evidence(treatment=treatment, behind=self))
            case "history" | "own":
                return self._beside(name)
            case "take" if self.cannot is None and (what or treatment.programme):
                return self._taken(what, kiosk)
            case "back":
                return self._back()
            case _:
                return Next(self._changed(name, what, kiosk))

    def _beside(self, name: str) -> Next:
        """Look at the history, or at own programmes: a copy of the one chosen, or all of them."""
        treatment = self.treatment
        if name == "own" and treatment.programme:
            return own_of(treatment.programme, self)
        if name == "own":
            return Next(OwnProgrammes(came_from=self))
        whose = Whose(patient=treatment.patient, alias=treatment.alias, born=treatment.born)
        return Next(History(whose=whose, came_from=self))

    def _changed(self, name: str, what: str, kiosk: Kiosk) -> "Choose | None":
        """Return it with what was chosen, None where nothing was."""
        chosen = bool(self.treatment.side)
        match name:
            case "minutes" | "programme" | "call":
                return self._chosen(name, what)
            case "zone" | "again" | "areas":
                return self._placed(name, what, kiosk)
            case "goal" if chosen:
                return replace(self, goal=what, first=0)
            case "why_not" if chosen:
                return replace(self, why_not=True)
            case "up" | "down" if self.goal and not self.treatment.programme:
                return replace(self, first=self._turned(name, kiosk))
            case _:
                return None

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Keep why the engine does not offer the programme there."""
        if tag == self.treatment.page and isinstance(answer, Refused):
            return Next(replace(self, cannot=answer))
        return STAY

    def _taken(self, programme: str, kiosk: Kiosk) -> Next:
        """Take the programme of the card, or one of a list as it usually is."""
        card = self if not programme else self._chosen("programme", programme)
        on_call = bool(card.on_call(kiosk))
        treatment = replace(card.treatment, on_call=on_call, came_from=card)
        return Next(Treat(treatment=treatment, behind=self))

    def _chosen(self, name: str, what: str) -> "Choose":
        treatment = self.treatment
        if name == "minutes":
            return replace(self, treatment=replace(treatment, minutes=int(what)))
        if name == "call":
            return replace(self, treatment=replace(treatment, on_call=what == "yes"))
        chosen = replace(treatment, programme=what, minutes=0, on_call=None)
        return replace(self, treatment=chosen, cannot=None)

    def _turned(self, name: str, kiosk: Kiosk) -> int:
        """Return the first line of the page before or of the next one, as far as there is one."""
        goal = self.goal_of(kiosk)
        count = 0 if goal is None else len(goal.programmes)
        first = self.first + (ON_PAGE if name == "down" else -ON_PAGE)
        return first if 0 <= first < count and count > ON_PAGE + 1 else self.first

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
        return replace(self, treatment=treatment, area_side=side, goal="", first=0)

    def _back(self) -> Next:
        treatment = self.treatment
        if treatment.programme:
            chosen = replace(treatment, programme="", minutes=0, on_call=None)
            return Next(replace(self, treatment=chosen, cannot=None))
        if self.goal or self.why_not:
            return Next(replace(self, goal="", first=0, why_not=False))
        if treatment.side:
            return Next(replace(self, treatment=replace(treatment, side="")))
        return Next(treatment.came_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Step):
    """What is reported for and against a programme, and what guidelines list; page by page."""

    behind: Place
    page: int = 0

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return the catalogue, and what holds for every programme."""
        return PROGRAMMES, EVIDENCE

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Turn a page, or go back to the programme."""
        name, _, what = action.partition(":")
        if name == "page":
            return Next(replace(self, page=int(what)))
        return Next(self.behind) if action in {"back", "programme"} else STAY


def group_of(goal: str) -> str:
    """Return the list that a goal belongs to."""
    return TENS if goal in TENS_KINDS else EMS


def called(row: Row, chosen: bool | None) -> bool | None:
    """Return whether contractions of a programme are called, None where they cannot be."""
    use = row.get("on_call", "")
    if use not in (MAY, USUAL):
        return None
    return use == USUAL if chosen is None else chosen


def _names(offer: Row) -> tuple[str, ...]:
    """Return the programmes that are offered, those of the catalogue first."""
    return (*map(str, offer["programmes"]), *map(str, offer.get("own_programmes", ())))
