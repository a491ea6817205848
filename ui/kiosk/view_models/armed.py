"""The contact check and Start."""

from dataclasses import replace

from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import ContactVerdict, StateName
from ui.kiosk.journey.engine_places import NO_LOAD, AtArmed, like_a_load
from ui.kiosk.journey.lying import lying_placement
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _
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
from ui.kiosk.view_models.refusals import told
from ui.kiosk.view_models.shell import BACK, programme, programme_and_minutes
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.treatment import CONTACT_LOOKS, contact_text, site_text

CARD, KEY, START = 76, 48, 80
"""Heights of the card, which grows with its words, of a key and of Start, 15 mm on 7 inches."""


def armed_view(place: AtArmed, kiosk: Kiosk) -> FormView:
    """Return what the contact check found, and Start once it has passed."""
    snapshot, row = kiosk.snapshot, lying_placement(kiosk)
    blocks, line = _blocks(kiosk, snapshot), programme(kiosk)
    if snapshot is not None and snapshot.state is StateName.ARMED:  # less room beside the check
        line = programme_and_minutes(kiosk)
    work = Column(share=344, blocks=blocks)
    if row is None or snapshot is None or snapshot.plan is None:
        return FormView(line=line, rail=_rail(snapshot), columns=(work,))
    figure = Column(share=296, blocks=(placement_figure(row, snapshot.plan.region),))
    return FormView(line=line, rail=_rail(snapshot), columns=(figure, work))


def _rail(snapshot: Snapshot | None) -> tuple[KeyView, ...]:
    """Return Back where nothing is measured: it ends what is armed, and output stays off."""
    if snapshot is None or snapshot.state is StateName.CONTACT_CHECK:
        return ()
    return (KeyView(action="end", text=_("Back"), icon=BACK.icon),)


def _blocks(kiosk: Kiosk, snapshot: Snapshot | None) -> tuple[Block, ...]:
    checking = snapshot is None or snapshot.state is StateName.CONTACT_CHECK
    channels = () if snapshot is None else snapshot.channels
    asked = () if snapshot is None or checking else like_a_load(snapshot)
    rows = tuple(
        _channel(snapshot, channel, checking=checking, like_load=channel.channel in asked)
        for channel in channels
    )
    return (
        Heading(text=_("Contact of the pads"), note=_("per pair")),
        ContactRows(rows=rows),
        *(problem_card(kiosk, CARD) or (_card(snapshot, checking=checking, asked=bool(asked)),)),
        *_keys(checking=checking, asked=bool(asked)),
    )


def _card(snapshot: Snapshot | None, *, checking: bool, asked: bool) -> Card:
    """Return what stands in the way of Start, or what the patient may do."""
    if asked:
        text = _(
            "It measures like the test load of a drill. Is one still connected? Then take it off."
        )
        return Card(height=CARD, icon="plug", look="warn", text=text)
    notes = () if snapshot is None else snapshot.notes
    hint = _("Pulses of 2 mA or less are not felt.")
    if not checking:
        hint = _(
            "Nothing was felt yet. The patient holds the hand switch and may stop at any time."
        )
        if snapshot is not None and snapshot.on_call is not None:
            hint = _(
                "On call: contractions come by cycle until a level is set. Then hold Contract. "
                "The patient may stop at any time."
            )
    return Card(
        height=CARD,
        icon="warn" if notes else "info",
        look="warn" if notes else "plain",
        text="  ".join(told(note) for note in notes) or hint,
    )


def _keys(*, checking: bool, asked: bool) -> tuple[Block, ...]:
    """Return Start and the way to it; the answer stands apart from it, for a second touch."""
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
    if checking or asked:
        note = _("once somebody has looked") if asked else _("once contact is good")
        start = KeyView(action="", text=_("START"), note=note, icon="play", look=KeyLook.OFF)
    if checking:
        again = KeyView(action="", text=_("Measuring"), icon="c_none", look=KeyLook.OFF)
    ways: tuple[KeyView, ...] = (again,)
    if asked:
        no_load = KeyView(action=NO_LOAD, text=_("No test load"), look=KeyLook.OUTLINED)
        ways = (replace(again, icon=""), no_load)
    return (
        Keys(height=KEY, columns=len(ways), keys=ways),
        Keys(height=START, how="tile", keys=(start,)),
    )


def _channel(
    snapshot: Snapshot | None, channel: ChannelView, *, checking: bool, like_load: bool
) -> ContactRow:
    verdict = ContactVerdict.UNKNOWN if checking else channel.contact
    icon, role = CONTACT_LOOKS[verdict]
    state = _("measuring") if checking else contact_text(verdict)
    if like_load:
        icon, role, state = "plug", "warn", _("A test load?")
    number = channel.channel
    site = site_text(snapshot, number) or _("Channel {number}").format(number=number)
    return ContactRow(
        channel=number,
        title=site,
        pads=_("{number}A and {number}B").format(number=number),
        icon=icon,
        state=state,
        role=role,
        ohm="" if checking else kiloohms(channel.contact_ohm),
    )
