"""Whom to treat with what, and the steps before it. Pure.

A step is a screen that answers one finding of the page `missing`. Once its fact is recorded,
`Treat` looks again what is missing and goes to the next step (`steps.py` says which screen).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import STAY, Effect, Forget, Kiosk, Next, Place, Row, Send

FACT = "fact"
"""The tag of a fact that answers a step."""
BY_HAND = "placement:by_hand"
OTHER_PLACEMENT: Row = MappingProxyType(
    {"rule": "refusal.before_start", "item": BY_HAND, "consequence": "ask", "blocks": True}
)
"""What a person asks for who wants another placement, in the shape of a finding."""
ABOUT_PATIENT = (
    "missing:",
    "patient:",
    "visit:",
    "to_complete",
    "patients:",
    "unit",
    "due",
    "course:",
    "outcomes:",
)
"""Pages that a recorded fact may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Patient and programme; what is "" is not chosen yet.

    `placement`, `depth` and `pad_set` are those chosen; without them the pads that lie on the
    patient count. `minutes` 0 are the programme's own; `on_call` says whether contractions are
    called, None as is usual for the programme. `repeats` says that it is the last treatment
    once more. `language` is that of the patient, "" as on the screen. `came_from` is where Back
    leads. `passed` are notes that were seen.
    """

    patient: str
    first_step: Callable[["Treatment", tuple[Row, ...]], Place]
    alias: str = ""
    born: int | None = None
    programme: str = ""
    region: str = ""
    side: str = ""
    placement: str = ""
    depth: str = ""
    pad_set: str = ""
    minutes: int = 0
    on_call: bool | None = None
    repeats: bool = False
    language: str = ""
    came_from: Place = field(default_factory=Home)
    passed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the patient as screens name them."""
        return self.alias or self.patient

    @property
    def page(self) -> str:
        """Return the page of what is missing."""
        wanted = f"missing:{self.patient}:{self.programme}:{self.region}:{self.side}"
        if not (self.placement or self.pad_set):
            return wanted
        return f"{wanted}:{self.placement}:{self.depth}:{self.pad_set}"

    @property
    def file(self) -> str:
        """Return the page of the patient's file."""
        return f"patient:{self.patient}"

    @property
    def visit(self) -> str:
        """Return the page of what is asked first at a visit."""
        return f"visit:{self.patient}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Place):
    """A screen before the treatment; `finding` is the row of `missing` that led here."""

    treatment: Treatment
    finding: Row = field(default_factory=lambda: MappingProxyType({}))

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing; a step adds what it shows beside it."""
        return (self.treatment.page,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back, or to the placements; a step handles its own keys first."""
        if action == "placement":
            return Next(self.treatment.first_step(self.treatment, (OTHER_PLACEMENT,)))
        return Next(self.treatment.came_from) if action == "back" else STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go on once the fact is recorded; a refusal is shown here and what was entered stays.

        Where the engine went before it said so, the fact may be kept: it is looked at what is
        missing, and this screen is back with what was entered where that still is.
        """
        if tag != FACT or isinstance(answer, Refused):
            return STAY
        if answer is None:
            return Next(Treat(treatment=self.treatment, behind=self, kept=self))
        return self.on()

    def taken_up(self, rows: tuple[Row, ...], kiosk: Kiosk) -> "Step | None":
        """Return it as it was left, None where what it answers is not missing any more."""
        names = ("rule", "item", "consequence")
        own = [self.finding.get(name) for name in names]
        row = next((row for row in rows if [row[name] for name in names] == own), None)
        return None if row is None else replace(self, finding=row)

    def missing(self, kiosk: Kiosk, rule: str = "", item: str = "") -> tuple[Row, ...]:
        """Return what is missing by a rule, for items that begin with `item`; all for ""."""
        return tuple(
            row
            for row in kiosk.rows(self.treatment.page) or ()
            if rule in {"", row["rule"]} and str(row["item"]).startswith(item)
        )

    def record(self, kind: str, values: Mapping[str, Any]) -> Next:
        """Record a fact about the patient; once it is recorded, the journey goes on."""
        fact = {"patient": self.treatment.patient, **values}
        return Next(self, (Send(RecordFact(kind=kind, values=fact), FACT),))

    def on(self, **changed: Any) -> Next:
        """Look again what is missing, with a changed treatment where one is given."""
        treatment = replace(self.treatment, **changed)
        forget: tuple[Effect, ...] = tuple(Forget(prefix) for prefix in ABOUT_PATIENT)
        return Next(Treat(treatment=treatment, behind=self), forget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treat(Place):
    """Asks what is missing and goes there; meanwhile the screen `behind` stays to be seen.

    `kept` is a step that was left unfinished: it goes on where it still is of use.
    """

    treatment: Treatment
    behind: Place | None = None
    kept: Step | None = None

    def wants(self, kiosk: Kiosk) -> tuple[str, ...]:
        """Return what is missing."""
        return (self.treatment.page,)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go back."""
        return Next(self.treatment.came_from) if action == "back" else STAY

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Go back where such a treatment cannot be: the refusal stands there."""
        return Next(self.treatment.came_from) if tag == self.treatment.page else STAY

    def by_itself(self, kiosk: Kiosk) -> Next:
        """Go to the screen of the first finding that blocks, or of a note to be asked about."""
        rows = kiosk.fresh(self.treatment.page)
        if rows is None:
            return STAY
        kept = None if self.kept is None else self.kept.taken_up(rows, kiosk)
        return Next(kept or self.treatment.first_step(self.treatment, rows))
