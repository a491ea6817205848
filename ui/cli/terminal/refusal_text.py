"""The text of a refusal on the command line."""

from appliance.link.text_conversion import text_of_refused
from appliance.messages.replies import Refused
from appliance.texts.english import english


def in_words(refused: Refused) -> str:
    """Return a refusal as one line: limit, requested value, allowed value, nearest accepted one."""
    return english(text_of_refused(refused))
