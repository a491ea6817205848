"""From "treat this patient" to the screen of what is missing first: one table. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.complaint import Complaint
from ui.kiosk.journey.course import CourseStep
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.pad_sets import ChoosePads
from ui.kiosk.journey.pads import CheckSkin, ChoosePlacement, PlacePads, Sensation
from ui.kiosk.journey.patch_test import AlteredSensation, PatchTest
from ui.kiosk.journey.place import Kiosk, Next, Place, Row
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reasons import HarmReason, ScreeningReason
from ui.kiosk.journey.screening import RULE, VISIT_LIST, Screening, VisitList
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.journey.treatment import Step, Treatment
from ui.kiosk.journey.unit_checks import CHECKED, CLEANED, INSPECTED, CheckUnit


class Leads(NamedTuple):
    """Which findings a screen answers; what is "" fits every finding.

    `item` is what the item begins with, `nearest` the key of the text that says what would do,
    `answered_by` the fact that answers it.
    """

    rule: str
    to: type[Step]
    item: str = ""
    consequence: str = ""
    nearest: str = ""
    answered_by: str = ""

    def fits(self, row: Row) -> bool:
        """Return whether the screen answers this finding."""
        return (
            row["rule"] == self.rule
            and str(row["item"]).startswith(self.item)
            and self.consequence in {"", row["consequence"]}
            and self.nearest in {"", key_of(row.get("nearest"))}
            and self.answered_by in {"", row.get("answered_by", "")}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtFinding(Step):
    """What stops this treatment, or what no screen answers: its texts are shown."""

    @property
    def is_of_screening(self) -> bool:
        """Return whether an answer of the screening led here: it may change, or be a slip."""
        return bool(self.finding["rule"] == RULE)

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Look again, say which answers of the screening are not so any more, or go back."""
        match action:
            case "look_again":
                return self.on()
            case "changed" if self.is_of_screening:
                return Next(VisitList(treatment=self.treatment, finding=self.finding))
            case _:
                return Step.touched(self, action, kiosk)


STEPS: tuple[Leads, ...] = (
    Leads("refusal.harm", HarmReason, consequence="confirm"),
    Leads("refusal.complaint", Complaint),
    Leads("refusal.diagnosis", Complaint),
    Leads("refusal.course_review", CourseStep),
    Leads("refusal.course", CourseStep, nearest="course.open"),
    Leads("refusal.skin", FollowUps, item="skin_follow_up:"),
    Leads("refusal.patch_test", FollowUps, nearest="patch_test.ask_next_day"),
    Leads("refusal.patch_test", PatchTest, consequence="ask"),
    Leads("refusal.sensation", AlteredSensation, consequence="confirm"),
    Leads("refusal.screening", VisitList, item=VISIT_LIST, consequence="ask"),
    Leads("refusal.screening", Screening, consequence="ask"),
    Leads("refusal.screening", ScreeningReason, consequence="confirm"),
    Leads("refusal.before_start", ChoosePads, item="pad_set"),
    Leads("refusal.pad_set", Checks, consequence="ask"),
    Leads("refusal.pad_set", ChoosePads),
    Leads("refusal.patient_told", TellPatient),
    Leads("refusal.unit_check", CheckUnit, consequence="stop", answered_by=CHECKED),
    Leads("refusal.unit_check", Checks, answered_by=CHECKED),
    Leads("refusal.care", Checks, answered_by=INSPECTED),
    Leads("refusal.care", Checks, answered_by=CLEANED),
    Leads("refusal.before_start", ChoosePlacement, item="placement"),
    Leads("refusal.placement", PlacePads),
    Leads("refusal.sensation", Sensation, consequence="ask"),
    Leads("refusal.skin", CheckSkin, item="skin_before:", consequence="ask"),
)
"""The screen of each finding; the first that fits is taken, and `AtFinding` where none does."""
ASKED_NOTES: tuple[Leads, ...] = (Leads("refusal.exercises", FollowUps),)
"""Notes that are asked about once although they do not block."""
READY: type[Step] = Ready


def step_for(treatment: Treatment, rows: tuple[Row, ...]) -> Place:
    """Return the screen of the first finding that blocks, `READY` where none does."""
    for row in rows:
        if not row["blocks"] and row["rule"] not in treatment.passed:
            asked = next((leads for leads in ASKED_NOTES if leads.fits(row)), None)
            if asked is not None:
                return asked.to(treatment=treatment, finding=row)
    first = next((row for row in rows if row["blocks"]), None)
    if first is None:
        return READY(treatment=treatment)
    first = _question_of(first, rows)
    leads = next((leads for leads in STEPS if leads.fits(first)), None)
    to = AtFinding if leads is None else leads.to
    return to(treatment=treatment, finding=first)


def _question_of(first: Row, rows: tuple[Row, ...]) -> Row:
    """Return the row that asks a question again whose older answer stops, else the row itself."""
    if (first["rule"], first["consequence"]) != (RULE, "stop"):
        return first
    asks = (row for row in rows if (row["rule"], row["consequence"]) == (RULE, "ask"))
    return next((row for row in asks if row["item"] == first["item"]), first)


def key_of(text: object) -> str:
    """Return the key of a text of a row, "" for a number or a name."""
    return str(text.get("key", "")) if isinstance(text, dict) else ""
