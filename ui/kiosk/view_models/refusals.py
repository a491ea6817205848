"""A refusal: what was asked, what would be accepted; in one line, and as a screen of its own."""

from appliance.messages.replies import Refused
from appliance.messages.wire import TextValueView, TextView
from ui.kiosk.journey.over import HEARD, UNANSWERED, NoAnswer, NotKept
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, clauses, say, sentence
from ui.kiosk.view_models.message import MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView

REFUSAL = "refusal"
"""The key of a refusal that the engine tells as one text."""
ENDS = (".", "!", "?", "؟", "…")
"""What ends a sentence; else a full stop is set, which each language here writes alike."""


def refusal_text(refused: Refused) -> str:
    """Return what was refused and what is accepted instead, as two sentences."""
    return _sentences(refused.asked, refused.nearest)


def told(text: TextView) -> str:
    """Return a text of the engine as sentences; a refusal in it too, without its template."""
    if text.key == REFUSAL:
        return _sentences(text.values["asked"], text.values["nearest"])
    values = {name: _clauses(value) for name, value in text.values.items()}
    return _ended(sentence(say(TextView(key=text.key, values=values))))


def instead(nearest: TextValueView) -> str:
    """Return what is accepted, as a sentence without its stop; a name stays as it is written."""
    words = say(nearest)
    return sentence(words) if isinstance(nearest, TextView) else words


def _sentences(asked: TextValueView, nearest: TextValueView) -> str:
    message = _("Not accepted: {asked}. {nearest}")
    return _ended(message.format(asked=say(asked).rstrip("."), nearest=instead(nearest)))


def _clauses(value: TextValueView) -> TextValueView:
    """Return a refusal within a text as clauses: what was asked, and what to do instead."""
    if not isinstance(value, TextView) or value.key != REFUSAL:
        return value
    return clauses(say(value.values["asked"]), say(value.values["nearest"]))


def _ended(words: str) -> str:
    return words if words.endswith(ENDS) else f"{words}."


def no_answer_view(place: NoAnswer, kiosk: Kiosk) -> MessageView:
    """Return that nothing is confirmed, and what to look at before it is done again."""
    seen = KeyView(action=UNANSWERED, text=_("I have seen it"), look=KeyLook.LEAD)
    return MessageView(
        title=_("No answer came"),
        icon="warn",
        look="warn",
        detail=_("Whether it was done and recorded is not known."),
        steps=(
            StepView(text=_("This screen reads the record again."), icon="clock"),
            StepView(text=_("Look there whether it was kept."), icon="todo"),
            StepView(text=_("Only if it was not, do it again."), icon="press"),
        ),
        keys=(seen,),
    )


def not_kept_view(place: NotKept, kiosk: Kiosk) -> MessageView:
    """Return what was not recorded although its screen had been left."""
    seen = KeyView(action=HEARD, text=_("I have seen it"), look=KeyLook.LEAD)
    return MessageView(
        title=_("Not accepted: {asked}").format(asked=say(place.refused.asked)),
        icon="warn",
        look="alarm",
        detail=_ended(instead(place.refused.nearest)),
        keys=(seen,),
    )
