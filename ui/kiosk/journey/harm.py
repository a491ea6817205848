"""What the patient has felt, as the keys at a trip and a pause record it. Pure.

It needs nobody who is signed in: where the PIN is asked for at a pause, a key leads here first.
"""

from appliance.messages.actions import MarkFelt
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import StateName
from ui.kiosk.journey.place import STAY, Kiosk, Next, Send, Sheet

HARM = ("pain", "burning", "faintness")
"""What a patient may have felt that is recorded in a trip and in a pause too."""
TOLD = "told"
"""The name of the sheet that remembers what was recorded; it covers nothing."""
PIN_FIRST = "pin"
"""The word in that sheet that says: whoever goes on enters the PIN now."""


def touched_harm(action: str) -> Next:
    """Return what a key means that says what the patient has felt; nothing for another key."""
    name, _, what = action.partition(":")
    channel, _, felt = what.partition(":")
    if name != TOLD or felt not in HARM:
        return STAY
    mark = MarkFelt(channel=int(channel), felt=felt)  # type: ignore[arg-type]
    return Next(effects=(Send(mark, action),))


def answered_harm(tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
    """Remember what the engine has recorded, so that its key shows it."""
    name, _, what = tag.partition(":")
    if name != TOLD or not isinstance(answer, Reply):
        return STAY
    return Next(sheet=_told((*_words(kiosk), what)))


def was_told(kiosk: Kiosk, channel: int, felt: str) -> bool:
    """Return whether it was recorded since the output ended that this was felt."""
    return f"{channel}:{felt}" in _words(kiosk)


def was_harmed(kiosk: Kiosk) -> bool:
    """Return whether any harm was recorded since the output ended."""
    return any(word != PIN_FIRST for word in _words(kiosk))


def pauses_without_anybody(kiosk: Kiosk) -> bool:
    """Return whether a treatment is paused and the PIN is wanted before it goes on."""
    snapshot = kiosk.snapshot
    if snapshot is None or kiosk.me is not None or not snapshot.operator:
        return False
    return snapshot.state is StateName.PAUSED


def is_telling(kiosk: Kiosk) -> bool:
    """Return whether somebody without a PIN is to say what was felt."""
    words = _words(kiosk)
    return kiosk.sheet.name == TOLD and PIN_FIRST not in words and pauses_without_anybody(kiosk)


def begin_telling(kiosk: Kiosk) -> Next:
    """Show the pause in place of the PIN."""
    return Next(sheet=_told(tuple(word for word in _words(kiosk) if word != PIN_FIRST)))


def end_telling(kiosk: Kiosk) -> Next:
    """Ask for the PIN; what was recorded is remembered."""
    return Next(sheet=_told((*_words(kiosk), PIN_FIRST)))


def _words(kiosk: Kiosk) -> tuple[str, ...]:
    return tuple(kiosk.sheet.typed.split()) if kiosk.sheet.name == TOLD else ()


def _told(words: tuple[str, ...]) -> Sheet:
    return Sheet(TOLD, " ".join(words))
