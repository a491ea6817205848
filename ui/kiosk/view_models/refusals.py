"""A refusal in one line: what was asked, what would be accepted."""

from appliance.messages.replies import Refused
from ui.kiosk.locale.words import _, say


def refusal_text(refused: Refused) -> str:
    """Return what was refused and what is accepted instead."""
    asked, nearest = say(refused.asked), say(refused.nearest)
    return _("Not accepted: {asked}. {nearest}").format(asked=asked, nearest=nearest)
