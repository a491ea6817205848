"""Checks of the unit before a patient: its parts with good and damaged, and wiping it."""

from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.unit_checks import GOOD, INSPECTED, CheckUnit, CleanUnit
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    Question,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title

WITHIN_REACH = frozenset({"hand_switch", "emergency_stop"})
DAMAGED, OUT_OF_REACH = "damaged", "out_of_reach"


def check_unit_view(place: CheckUnit, kiosk: Kiosk) -> FormView:
    """Return the parts of this page and the key that goes on."""
    parts, shown = place.parts(kiosk), place.shown(kiosk)
    answered = sum(str(row["part"]) in place.answers for row in parts)
    weekly = place.fact == INSPECTED
    done = _("{done} of {all} answered").format(done=answered, all=len(parts))
    head = _("Weekly look at the leads") if weekly else _("Look at the unit")
    rows: tuple[Block, ...] = tuple(_part(row, place) for row in shown)
    foot = Beside(
        height=64, shares=(316, 332), parts=(_hint(place), Keys(keys=(_on(place, kiosk),)))
    )
    return FormView(
        title=step_title(place.treatment),
        line=_("Checks before use"),
        rail=(BACK,),
        turn=str(place.turned_to),
        columns=(
            Column(
                blocks=(Heading(text=head, note=done), *rows, *problem_card(kiosk), foot),
            ),
        ),
    )


def clean_unit_view(place: CleanUnit, kiosk: Kiosk) -> FormView:
    """Return that the unit has to be wiped, and the key that says it was."""
    finding = place.finding
    cleaned = KeyView(
        action="cleaned", text=_("Wiped"), note=_("record it"), icon="wash", look=KeyLook.LEAD
    )
    return FormView(
        title=step_title(place.treatment),
        line=_("Checks before use"),
        rail=(BACK,),
        columns=(
            Column(
                blocks=(
                    Heading(text=_("Wipe the unit")),
                    Card(
                        height=104,
                        icon="wash",
                        title=sentence(say_row(finding["found"])),
                        text=sentence(say_row(finding["nearest"])),
                    ),
                    *problem_card(kiosk),
                    Gap(),
                    Keys(height=76, how="tile", keys=(cleaned,)),
                )
            ),
        ),
    )


def answer_keys(
    action: str, given: str | None, states: tuple[tuple[str, str], ...]
) -> tuple[KeyView, ...]:
    """Return a key for each state of something looked at; none is chosen before it is touched."""
    keys = []
    for state, words in states:
        look, icon = KeyLook.OUTLINED, ""
        if state == given:
            good = state == GOOD
            look = KeyLook.CHOSEN if good else KeyLook.CONSEQUENCE
            icon = "check" if good else "warn"
        keys.append(KeyView(action=f"{action}={state}", text=words, icon=icon, look=look))
    return tuple(keys)


def _part(row: Row, place: CheckUnit) -> Question:
    part = str(row["part"])
    given = place.answers.get(part)
    states = [(GOOD, _("Good")), (DAMAGED, _("Damaged"))]
    if part in WITHIN_REACH and place.fact != INSPECTED:
        states.append((OUT_OF_REACH, _("No reach")))
    return Question(
        height=None,
        text=say_row(row["look_at"]),
        keys=answer_keys(f"part:{part}", given, tuple(states)),
        look="alarm" if given in {DAMAGED, OUT_OF_REACH} else "plain",
        key_width=152,
    )


def _hint(place: CheckUnit) -> Card:
    states = set(place.answers.values())
    if DAMAGED in states:
        text = _("Damaged: out of use until service releases it.")
        return Card(icon="warn", look="alarm", text=text)
    if OUT_OF_REACH in states:
        text = _("Put it within reach first.")
        return Card(icon="warn", look="warn", text=text)
    text = _("Once a week.") if place.fact == INSPECTED else _("Every day, before patients.")
    return Card(icon="info", text=text)


def _on(place: CheckUnit, kiosk: Kiosk) -> KeyView:
    shown = place.shown(kiosk)
    if not shown:
        return KeyView(action="", text=_("Please wait"), look=KeyLook.OFF)
    given = sum(str(row["part"]) in place.answers for row in shown)
    if given == len(shown):
        text = _("Record") if place.is_last(kiosk) else _("Next")
    else:
        text = _("The others are good") if given else _("All of these are good")
    icon = "check" if place.is_last(kiosk) else "next"
    return KeyView(action="rest_good", text=text, icon=icon, look=KeyLook.LEAD)
