"""The treatment is set up: the patient's hand switch is squeezed, then the contact checked."""

from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.ready import PROVEN, WAIVED, Ready, switch_step
from ui.kiosk.locale.words import _, say, sentence
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys, Steps
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title

ORDER = ("close", "squeeze", "release", PROVEN)
MINUTE_US = 60_000_000


def ready_view(place: Ready, kiosk: Kiosk) -> FormView:
    """Return what the hand switch waits for, or why the patient cannot squeeze."""
    blocks = _reasons(kiosk) if place.why else _squeeze(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=_("everything is answered"),
        rail=(BACK,),
        turn="why" if place.why else "",
        columns=(Column(blocks=blocks),),
    )


def _squeeze(place: Ready, kiosk: Kiosk) -> tuple[Block, ...]:
    step = switch_step(kiosk)
    ready = step in {PROVEN, WAIVED}
    cannot = KeyView(
        action="cannot",
        text=_("Cannot squeeze"),
        note=_("then you stay there"),
        icon="hand",
        look=KeyLook.OUTLINED,
    )
    check = KeyView(
        action="check_contact",
        text=_("Check contact"),
        note=_("2 mA or less, not felt"),
        icon="c_good",
        look=KeyLook.LEAD,
    )
    if not place.is_set_up and kiosk.refused is not None:
        check = KeyView(action="check_contact", text=_("Set up again"), look=KeyLook.OUTLINED)
    elif not ready:
        check = KeyView(
            action="",
            text=_("Check contact"),
            note=_("after the squeeze") if step else _("once it is set up"),
            icon="c_good",
            look=KeyLook.OFF,
        )
    return (
        Heading(text=_("The patient's hand switch"), note=_holds(kiosk)),
        Steps(steps=_steps(step)),
        *(problem_card(kiosk) or (_now(kiosk, step),)),
        Keys(height=100, columns=2, how="stack", keys=(cannot, check)),
    )


def _steps(step: str) -> tuple[StepView, ...]:
    at = ORDER.index(step) if step in ORDER else -1
    texts = (
        _("Plug it in and give it to the patient; nobody presses it"),
        _("The patient squeezes it"),
        _("The patient lets go"),
    )
    steps = []
    for number, text in enumerate(texts):
        icon, state, role = "ring", "", "text_soft"
        if step == WAIVED:
            icon = "off"
        elif at > number:
            icon, state, role = "check", _("done"), "good"
        elif at == number:
            icon, state, role = "hand", _("now"), "text"
        steps.append(StepView(text=text, icon=icon, state=state, state_role=role))
    return tuple(steps)


def _now(kiosk: Kiosk, step: str) -> Block:
    switch = None if kiosk.snapshot is None else kiosk.snapshot.hand_switch
    if switch is None:
        return Card(height=72, icon="clock", text=_("The treatment is being set up."))
    notes = () if kiosk.snapshot is None else kiosk.snapshot.notes
    if notes:
        text = "  ".join(sentence(say(note)) for note in notes)
        return Card(height=72, icon="warn", look="warn", text=text)
    looks = {PROVEN: ("check", "good"), WAIVED: ("warn", "warn")}
    icon, look = looks.get(step, ("switch", "plain"))
    return Card(height=72, icon=icon, look=look, title=sentence(say(switch.text)))


def _holds(kiosk: Kiosk) -> str:
    switch = None if kiosk.snapshot is None else kiosk.snapshot.hand_switch
    if switch is None or switch.valid_for_us is None:
        return _("cuts the output")
    minutes = -(-switch.valid_for_us // MINUTE_US)
    return _("counts for {minutes} min").format(minutes=minutes)


def _reasons(kiosk: Kiosk) -> tuple[Block, ...]:
    texts = (
        _("Cannot close the hand"),
        _("Hand in a bandage or cast"),
        _("Grip too weak for the switch"),
        _("Does not follow the instruction"),
    )
    keys = tuple(
        KeyView(action=f"reason:{text}", text=text, look=KeyLook.OUTLINED) for text in texts
    )
    note = _("Somebody stays with the patient during the whole treatment, with a hand at STOP.")
    return (
        Heading(text=_("Why can the patient not squeeze?")),
        Card(height=72, icon="warn", look="warn", text=note),
        Keys(height=176, columns=2, keys=keys),
        *problem_card(kiosk),
        Gap(),
    )
