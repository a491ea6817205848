"""The contact check and Start."""

from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import ContactVerdict, StateName
from ui.kiosk.journey.engine_places import AtArmed
from ui.kiosk.journey.lying import lying_placement
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    ContactRow,
    ContactRows,
    FormView,
    Heading,
    Keys,
)
from ui.kiosk.view_models.channels import kiloohms
from ui.kiosk.view_models.pads import placement_figure
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.treatment import CONTACT_LOOKS, contact_text, site_text

CARD = 76


def armed_view(place: AtArmed, kiosk: Kiosk) -> FormView:
    """Return what the contact check found, and Start once it has passed."""
    snapshot, row = kiosk.snapshot, lying_placement(kiosk)
    blocks = _blocks(kiosk, snapshot)
    work = Column(share=344, blocks=blocks)
    if row is None or snapshot is None or snapshot.plan is None:
        return FormView(rail=_rail(snapshot), columns=(work,))
    figure = placement_figure(row, snapshot.plan.region)
    return FormView(rail=_rail(snapshot), columns=(Column(share=296, blocks=(figure,)), work))


def _rail(snapshot: Snapshot | None) -> tuple[KeyView, ...]:
    """Return Back where nothing is measured: it ends what is armed, and output stays off."""
    if snapshot is None or snapshot.state is StateName.CONTACT_CHECK:
        return ()
    return (KeyView(action="end", text=BACK.text, icon=BACK.icon),)


def _blocks(kiosk: Kiosk, snapshot: Snapshot | None) -> tuple[Block, ...]:
    checking = snapshot is None or snapshot.state is StateName.CONTACT_CHECK
    channels = () if snapshot is None else snapshot.channels
    notes = () if snapshot is None else snapshot.notes
    start = KeyView(
        action="start",
        text=_("START"),
        note=_("at 0.0 mA; plus raises"),
        icon="play",
        look=KeyLook.START,
    )
    again = KeyView(
        action="check_contact", text=_("Check again"), icon="c_good", look=KeyLook.OUTLINED
    )
    if checking:
        note = _("once contact is good")
        start = KeyView(action="", text=_("START"), note=note, icon="play", look=KeyLook.OFF)
        again = KeyView(action="", text=_("Measuring"), icon="c_none", look=KeyLook.OFF)
    hint = _("Pulses of 2 mA or less are not felt.")
    if not checking:
        hint = _(
            "Nothing was felt yet. The patient holds the hand switch and may stop at any time."
        )
    text = "  ".join(sentence(say(note)) for note in notes) or hint
    card = Card(
        height=CARD,
        icon="warn" if notes else "info",
        look="warn" if notes else "plain",
        text=text,
    )
    rows = tuple(_channel(snapshot, channel, checking=checking) for channel in channels)
    return (
        Heading(text=_("Contact of the pads"), note=_("per pair")),
        ContactRows(rows=rows),
        *(problem_card(kiosk, CARD) or (card,)),
        Keys(height=52, keys=(again,)),
        Keys(height=92, how="tile", keys=(start,)),
    )


def _channel(snapshot: Snapshot | None, channel: ChannelView, *, checking: bool) -> ContactRow:
    verdict = ContactVerdict.UNKNOWN if checking else channel.contact
    icon, role = CONTACT_LOOKS[verdict]
    number = channel.channel
    site = site_text(snapshot, number) or _("Channel {number}").format(number=number)
    return ContactRow(
        channel=number,
        title=site,
        pads=_("{number}A and {number}B").format(number=number),
        icon=icon,
        state=_("measuring") if checking else contact_text(verdict),
        role=role,
        ohm="" if checking else kiloohms(channel.contact_ohm),
    )
