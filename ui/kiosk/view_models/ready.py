"""The treatment is set up: the patient's hand switch is squeezed, then the contact checked."""

from appliance.messages.wire import ContactVerdict
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.ready import PROVEN, WAIVED, Ready, switch_step
from ui.kiosk.locale.words import _, say, sentence, text_of
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys, Steps
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import told
from ui.kiosk.view_models.shell import BACK, MINUTE_US, programme_and_minutes
from ui.kiosk.view_models.steps import problem_card, step_title
from ui.kiosk.view_models.stops import pads_or_lead
from ui.kiosk.view_models.treatment import CONTACT_LOOKS, contact_text

CONTACT_NOTES = frozenset({"note.contact", "note.contact_ohm"})
"""Keys of what a contact check found that was not passed."""
ORDER = ("close", "squeeze", "release", PROVEN)


def ready_view(place: Ready, kiosk: Kiosk) -> FormView:
    """Return what the hand switch waits for, or why the patient cannot squeeze."""
    blocks = _reasons(kiosk) if place.why else _squeeze(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=(place.is_set_up and programme_and_minutes(kiosk)) or _("everything is answered"),
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
        *_asked(kiosk, step),
        Keys(height=100, columns=2, how="stack", keys=(cannot, check)),
    )


def _asked(kiosk: Kiosk, step: str) -> tuple[Block, ...]:
    """Return the steps of the squeeze, and what is the matter; pads only once it is done."""
    steps, pads = Steps(steps=_steps(step)), contact_cards(kiosk)
    if kiosk.refused is not None:
        return steps, *problem_card(kiosk)
    if pads and step in {PROVEN, WAIVED}:
        return (*pads, Gap())
    return steps, pads[0] if pads else _now(kiosk, step)


def contact_cards(kiosk: Kiosk) -> tuple[Card, ...]:
    """Return each pair of pads whose contact was not good, and what to do about it."""
    snapshot = kiosk.snapshot
    if snapshot is None:
        return ()
    found = (
        (note.values["channel"], str(note.values["contact"]))
        for note in snapshot.notes
        if note.key in CONTACT_NOTES
    )
    return tuple(
        Card(
            height=92,
            icon=CONTACT_LOOKS[ContactVerdict(contact)][0],
            look="warn",
            title=pads_or_lead(snapshot, channel),
            text=_contact_to_do(channel, ContactVerdict(contact)),
        )
        for channel, contact in found
        if isinstance(channel, int) and contact in set(ContactVerdict)
    )


def _contact_to_do(number: int, contact: ContactVerdict) -> str:
    match contact:
        case ContactVerdict.OPEN:
            press = _("Pads {number}A, {number}B: press both down").format(number=number)
            return f"{text_of('trip.T06.title')} {press}"
        case ContactVerdict.SHORT:
            return text_of("trip.T07.title")
        case ContactVerdict.UNKNOWN:
            return contact_text(contact)
        case _:
            return text_of("help.faults.W03")


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
        text = "  ".join(told(note) for note in notes)
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
