"""The contact check and Start."""

from appliance.messages.snapshot import ChannelView
from appliance.messages.wire import ContactVerdict, StateName
from ui.kiosk.journey.engine_places import AtArmed
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say
from ui.kiosk.view_models.blocks import Card, Column, FormView, Heading, Keys, Steps
from ui.kiosk.view_models.channels import kiloohms
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.treatment import CONTACT_LOOKS, contact_text


def armed_view(place: AtArmed, kiosk: Kiosk) -> FormView:
    """Return what the contact check found, and Start once it has passed."""
    snapshot = kiosk.snapshot
    checking = snapshot is None or snapshot.state is StateName.CONTACT_CHECK
    channels = () if snapshot is None else snapshot.channels
    notes = () if snapshot is None else snapshot.notes
    steps = tuple(_channel(channel, checking=checking) for channel in channels)
    start = KeyView(
        action="start",
        text=_("START"),
        note=_("pulses at 0.0 mA; plus raises"),
        icon="play",
        look=KeyLook.START,
    )
    if checking:
        start = KeyView(
            action="",
            text=_("START"),
            note=_("possible once contact is good"),
            look=KeyLook.OFF,
        )
    again = KeyView(
        action="check_contact", text=_("Check again"), icon="press", look=KeyLook.OUTLINED
    )
    hint = (
        _("Pulses of 2 mA or less are not felt.") if checking else _("Nothing has been felt yet.")
    )
    text = "  ".join(say(note) for note in notes) or hint
    blocks = (
        Heading(text=_("Contact of the pads"), note=_("measured per pair of pads")),
        Steps(steps=steps),
        Card(height=72, icon="warn" if notes else "info", text=text),
        Keys(height=92, columns=2, how="tile", keys=(start, again)),
    )
    return FormView(columns=(Column(blocks=blocks),))


def _channel(channel: ChannelView, *, checking: bool) -> StepView:
    verdict = ContactVerdict.UNKNOWN if checking else channel.contact
    icon, role = CONTACT_LOOKS[verdict]
    state = _("measuring") if checking else contact_text(verdict)
    ohm = "" if checking else kiloohms(channel.contact_ohm)
    title = _("Channel {number}").format(number=channel.channel)
    return StepView(text=f"{title}   {ohm}", icon=icon, state=state, state_role=role)
