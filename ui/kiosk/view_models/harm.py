"""Keys that say what the patient has felt: pain, burning, faintness, as the engine records them."""

from ui.kiosk.journey.harm import was_told
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, listed
from ui.kiosk.view_models.blocks import Card
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.days import time_of
from ui.kiosk.view_models.parts import KeyLook, KeyView

ICONS = {"pain": "pain", "burning": "burn", "faintness": "faint"}
MOST = 2
"""Marks of a session that are shown; of more of them the last ones."""


def harm_keys(kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return a key for each channel and harm, and one for faintness, which has no place."""
    channels = () if kiosk.snapshot is None else kiosk.snapshot.channels
    keys = []
    for channel in channels:
        note = _("channel {number}").format(number=channel.channel)
        keys.append(_key(kiosk, channel.channel, "pain", _("Pain"), "pain", note))
        keys.append(_key(kiosk, channel.channel, "burning", _("Burning"), "burn", note))
    if channels:
        first = channels[0].channel
        keys.append(_key(kiosk, first, "faintness", _("Faint"), "faint", _("lie down")))
    return tuple(keys)


def _key(kiosk: Kiosk, channel: int, felt: str, text: str, icon: str, note: str) -> KeyView:
    action = f"told:{channel}:{felt}"
    if was_told(kiosk, channel, felt):
        return KeyView(
            action="", text=text, note=_("recorded"), icon=icon, look=KeyLook.CONSEQUENCE
        )
    return KeyView(action=action, text=text, note=note, icon=icon, look=KeyLook.OUTLINED)


def harm_card(harm: list[Row], ended: Card) -> Card:
    """Return how a session ended, and below it what was told, at which level and when."""
    if not harm:
        return ended
    shown = [_told(mark) for mark in harm[-MOST:]]
    if len(harm) > MOST:
        shown[0] = f"… {shown[0]}"
    icon = ICONS[harm[-1]["felt"]]
    return Card(height=48, icon=icon, text="\n".join((ended.text, *shown)), look="warn")


def _told(mark: Row) -> str:
    """Return one mark: with the level of just before once the output was off, its time if known."""
    words = {"pain": _("Pain"), "burning": _("Burning"), "faintness": _("Faintness")}
    before, level = mark["before"], ""
    if before is not None:
        level = _level_before(before)
    elif mark["level_ua"]:
        level = _level(mark)
    return listed(*filter(None, (words[mark["felt"]], level, time_of(mark["at"]))))


def _level(of: Row) -> str:
    level, measured = milliamps(of["level_ua"]), of["measured_ua"]
    if measured is None:
        return _("{level} mA set").format(level=level)
    message = _("{level} mA set, {measured} measured")
    return message.format(level=level, measured=milliamps(measured))


def _level_before(of: Row) -> str:
    level, measured = milliamps(of["level_ua"]), of["measured_ua"]
    if measured is None:
        return _("before the stop {level} mA set").format(level=level)
    message = _("before the stop {level} mA set, {measured} measured")
    return message.format(level=level, measured=milliamps(measured))
