"""What the sheets of the treatment screen show, and who is with the patient."""

from appliance.messages.snapshot import PresenceView, Snapshot
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.sheets import (
    GRADE,
    GRADES,
    LEAVE,
    MARKS,
    MINUTES,
    MOST_DISCOMFORT,
    PIN,
    in_charge,
    minutes_now,
    minutes_offered,
)
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Column,
    Entry,
    Heading,
    Keys,
    Say,
)
from ui.kiosk.view_models.channels import clock_text
from ui.kiosk.view_models.contact import warning_chip
from ui.kiosk.view_models.help import legend
from ui.kiosk.view_models.parts import ChipView, KeyLook, KeyView
from ui.kiosk.view_models.refusals import instead

S_US = 1_000_000
SOON_US = 60 * S_US
"""From so long before plus locks the time is shown."""
AWAY = ("left", "look_in")
MOTOR = "motor"
MANY = 4
"""From so many marks in a row their words are smaller."""
CLOSE = KeyView(action="close", icon="cross", look=KeyLook.OUTLINED)
_CLOSE_KEYS = Keys(how="digit", keys=(CLOSE,))
DELETE = KeyView(action="digit:delete", icon="back", look=KeyLook.OUTLINED)


def sheet_blocks(kiosk: Kiosk, *, tall: bool = False) -> tuple[Block, ...]:
    """Return the sheet that is open, nothing without one; `tall` for a narrow, higher place."""
    match kiosk.sheet.name:
        case name if name == MARKS:
            return _marks(kiosk, tall=tall)
        case name if name == LEAVE:
            return _leave(tall=tall)
        case name if name == MINUTES:
            return _minutes(kiosk, tall=tall)
        case name if name == PIN:
            return _pin_tall(kiosk) if tall else _pin(kiosk)
        case name if name == HELP:
            return legend(tall=tall)
        case name if name == GRADE:
            return _grade(kiosk, tall=tall)
        case _:
            return ()


def pin_column(kiosk: Kiosk) -> Column:
    """Return the PIN where there is a column of room for it."""
    entry = Beside(height=48, parts=(_entry(kiosk, None), _CLOSE_KEYS), shares=(270, 66))
    enter = KeyView(action="enter", icon="check", look=KeyLook.OUTLINED)
    keys = (*_digits(), DELETE, enter)
    return Column(blocks=(entry, Keys(columns=4, how="digit", keys=keys)))


def marks_key(kiosk: Kiosk) -> KeyView:
    """Return the key that opens the marks."""
    open_now = kiosk.sheet.name == MARKS
    look = KeyLook.CHOSEN if open_now else KeyLook.OUTLINED
    return KeyView(action=f"sheet:{MARKS}", text=_("What\nis felt"), icon="hand", look=look)


def rail_keys(kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return the key to leave the patient or to come back."""
    snapshot = kiosk.snapshot
    presence = None if snapshot is None else snapshot.presence
    if snapshot is None or presence is None:
        return ()
    unknown = kiosk.me is None and bool(snapshot.operator_role)
    if snapshot.pin_needed or unknown or presence.attendance in AWAY:
        return (KeyView(action=f"sheet:{PIN}", text=_("Back\nwith PIN"), icon="unlock"),)
    if not presence.attendance:
        return ()
    if presence.leave_refusal is None:
        return (KeyView(action=f"sheet:{LEAVE}", text=_("Leave\npatient"), icon="walk"),)
    return (KeyView(action="", text=_("Stay with\npatient"), icon="lock", look=KeyLook.OFF),)


def treatment_chip(kiosk: Kiosk) -> ChipView | None:
    """Return why the last touch was refused, or else what is to be done: the first of what is due.

    The question whether anybody is there ends in a pause: it comes before a contact that gets
    worse, which the unit lowers by itself.
    """
    if kiosk.refused is not None:
        return ChipView(text=instead(kiosk.refused.nearest), role="on")
    snapshot = kiosk.snapshot
    if snapshot is None:
        return None
    presence = snapshot.presence
    asked = presence is not None and presence.attendance == "are_you_there"
    return (None if asked else warning_chip(snapshot)) or _presence_chip(snapshot, presence)


def _presence_chip(snapshot: Snapshot, presence: PresenceView | None) -> ChipView | None:
    if presence is None:
        return None
    if presence.attendance == "are_you_there":
        return ChipView(text=_("Are you with the patient? Touch."), icon="here", role="advice")
    if presence.attendance == "look_in":
        return ChipView(text=_("Look in on the patient: PIN"), icon="away", role="advice")
    if presence.attendance == "left":
        return ChipView(text=_("Clinician away: plus is locked"), icon="away", role="advice")
    if snapshot.pin_needed:
        return ChipView(text=_("Plus is locked until the PIN"), icon="lock", role="advice")
    return None


def presence_words(snapshot: Snapshot) -> tuple[str, str, str, str]:
    """Return icon, words, note and role of who is with the patient; "" where nobody is asked."""
    presence = snapshot.presence
    if presence is None or not presence.attendance:
        return "", "", "", "text_soft"
    if presence.attendance in AWAY:
        away = clock_text(presence.left_for_us or 0)
        return "away", _("Away {time}").format(time=away), _("plus is locked"), "warn"
    if presence.attendance == "are_you_there":
        seconds = -(-(presence.pauses_in_us or 0) // S_US)
        note = _("pauses in {seconds} s").format(seconds=seconds)
        return "here", _("Are you there?"), note, "warn"
    return "here", _("Clinician here"), _note(snapshot, presence), "good"


def _note(snapshot: Snapshot, presence: PresenceView) -> str:
    if snapshot.pin_needed:
        return _("plus needs the PIN")
    if presence.locks_in_us <= SOON_US:
        seconds = -(-presence.locks_in_us // S_US)
        return _("plus locks in {seconds} s").format(seconds=seconds)
    return ""


def _marks(kiosk: Kiosk, *, tall: bool) -> tuple[Block, ...]:
    snapshot = kiosk.snapshot
    channels = () if snapshot is None else snapshot.channels
    words = [
        ("mark:{channel}:first_felt", _("First felt")),
        ("mark:{channel}:comfortable", _("Comfortable")),
        ("mark:{channel}:too_strong", _("Too strong")),
    ]
    if snapshot is not None and snapshot.plan is not None and snapshot.plan.purpose == MOTOR:
        words.append((f"sheet:{GRADE}:{{channel}}", _("Muscle")))
    keys = tuple(
        KeyView(
            action=action.format(channel=channel.channel),
            text=text,
            note=_("channel {number}").format(number=channel.channel),
            look=KeyLook.OUTLINED,
        )
        for channel in channels
        for action, text in words
    )
    if tall:
        return (Keys(columns=3, how="small", gap=4, keys=(*keys, CLOSE)),)
    marks = Keys(columns=len(words), how="plain" if len(words) < MANY else "small", keys=keys)
    return (Beside(parts=(marks, _CLOSE_KEYS), shares=(460, 60)),)


def _grade(kiosk: Kiosk, *, tall: bool) -> tuple[Block, ...]:
    """Ask what the muscle did, then how unpleasant it was."""
    channel, _sep, grade = kiosk.sheet.typed.partition(":")
    if grade:
        text = _("Channel {number}: how unpleasant, 0 to 10?").format(number=channel)
        keys = tuple(
            KeyView(action=f"grade:{score}", text=str(score), look=KeyLook.OUTLINED)
            for score in range(MOST_DISCOMFORT + 1)
        )
        columns, columns_tall = len(keys), 6
    else:
        text = _("Channel {number}: what did the muscle do?").format(number=channel)
        words = (_("Nothing"), _("Flicker"), _("Visible"), _("Joint moves"))
        keys = tuple(
            KeyView(action=f"grade:{name}", text=word, look=KeyLook.OUTLINED)
            for name, word in zip(GRADES, words, strict=True)
        )
        columns, columns_tall = len(keys), 3
    if tall:
        answers = Keys(columns=columns_tall, how="small", gap=4, keys=(*keys, CLOSE))
        return (Say(height=24, text=text, style="caption"), answers)
    answers = Keys(columns=columns, gap=2, keys=keys)
    note = _("2 of 2") if grade else _("1 of 2")
    head = Beside(height=48, parts=(Heading(text=text, note=note), _CLOSE_KEYS), shares=(470, 50))
    return (head, answers)


def _minutes(kiosk: Kiosk, *, tall: bool) -> tuple[Block, ...]:
    """Return the minutes after which the session may end; a level does not change with them."""
    now = minutes_now(kiosk)
    keys = tuple(
        KeyView(
            action=f"minutes:{minutes}",
            text=str(minutes),
            note=_("min"),
            look=KeyLook.CHOSEN if minutes == now else KeyLook.OUTLINED,
        )
        for minutes in minutes_offered(kiosk)
    )
    chips = Keys(columns=3 if tall else max(len(keys), 1), how="stack", keys=keys)
    head = Heading(height=28, text=_("Minutes in all"), note=_("levels stay as they are"))
    if tall:
        return (Beside(parts=(chips, _CLOSE_KEYS), shares=(250, 48)),)
    chosen = Column(blocks=(head, chips))
    return (Beside(parts=(chosen, _CLOSE_KEYS), shares=(460, 60)),)


def _leave(*, tall: bool) -> tuple[Block, ...]:
    text = _("Plus locks until the PIN. Is the hand switch in the patient's hand?")
    words = Column(
        blocks=(Heading(height=28, text=_("Leave the patient?")), Say(text=text, style="caption"))
    )
    stay = KeyView(action="close", text=_("Stay"), icon="person", look=KeyLook.OUTLINED)
    leave = KeyView(action="leave", text=_("Leave"), icon="walk", look=KeyLook.LEAD)
    if tall:
        return (*words.blocks, Keys(height=60, columns=2, keys=(stay, leave)))
    keys = Keys(columns=2, how="stack", keys=(stay, leave))
    return (Beside(parts=(words, keys), shares=(290, 230)),)


def _pin(kiosk: Kiosk) -> tuple[Block, ...]:
    enter = KeyView(action="enter", text=_("Enter"), look=KeyLook.OUTLINED)
    name = _("PIN of {name}").format(name=in_charge(kiosk))
    who = Say(height=18, text=name, style="caption")
    words = Column(blocks=(who, _entry(kiosk, 33), Keys(keys=(enter,))))
    numbers = _digits()
    keys = (*numbers[:5], DELETE, *numbers[5:], CLOSE)
    digits = Keys(columns=6, how="digit", keys=keys)
    return (Beside(parts=(words, digits), shares=(150, 370)),)


def _pin_tall(kiosk: Kiosk) -> tuple[Block, ...]:
    enter = KeyView(action="enter", icon="check", look=KeyLook.OUTLINED)
    foot = Keys(columns=3, how="digit", keys=(DELETE, CLOSE, enter))
    return (
        Keys(columns=5, how="digit", gap=4, keys=_digits(), height=98),
        Beside(parts=(_entry(kiosk, None), foot), shares=(140, 160)),
    )


def _digits() -> tuple[KeyView, ...]:
    return tuple(
        KeyView(action=f"digit:{digit}", text=digit, look=KeyLook.OUTLINED)
        for digit in "1234567890"
    )


def _entry(kiosk: Kiosk, height: float | None) -> Entry:
    return Entry(height=height, caption="", text=kiosk.sheet.typed, secret=True, places=4)
