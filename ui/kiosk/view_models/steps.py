"""What is shown on the way to a treatment where a finding has no screen of its own."""

from ui.kiosk.journey.course import CourseStep
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.steps import AtFinding
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import Card, Column, FormView, Heading, Keys, Rows
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text
from ui.kiosk.view_models.shell import BACK, treated


def step_title(treatment: Treatment) -> str:
    """Return patient, region and side as the head names them."""
    return treated(treatment)


def before_pads() -> tuple[KeyView, ...]:
    """Return the keys beside STOP until the pads lie: back, and another placement."""
    other = KeyView(action="placement", text=_("Other\nplacement"), icon="pad")
    return BACK, other


def problem_card(kiosk: Kiosk, height: float = 72) -> tuple[Card, ...]:
    """Return the last refusal as a card, nothing while there is none."""
    if kiosk.refused is None:
        return ()
    return (Card(height=height, icon="warn", look="alarm", text=refusal_text(kiosk.refused)),)


def finding_view(place: AtFinding | CourseStep, kiosk: Kiosk) -> FormView:
    """Return the texts of a finding."""
    row = place.finding
    stops = row["consequence"] == "stop"
    rows = (
        (_("What is"), sentence(say_row(row["found"]))),
        (_("What is accepted"), sentence(say_row(row["allowed"]))),
        (_("What to do"), sentence(say_row(row["nearest"]))),
    )
    again = KeyView(action="look_again", text=_("Look again"), look=KeyLook.LEAD)
    beside = KeyView(action="")
    if isinstance(place, AtFinding) and place.is_of_screening:
        beside = KeyView(action="changed", text=_("Anything new since last time?"))
    title = _("This treatment is not possible") if stops else _("Before this treatment")
    return FormView(
        title=step_title(place.treatment),
        rail=(BACK,),
        columns=(
            Column(
                blocks=(
                    Heading(text=title),
                    Rows(rows=rows),
                    *problem_card(kiosk),
                    Keys(height=76, columns=2, keys=(beside, again)),
                )
            ),
        ),
    )
