"""A refusal as the command line says it."""

from appliance.link.text_conversion import text_of_refused
from appliance.messages.replies import Refused
from appliance.texts.english import english


def in_words(refused: Refused) -> str:
    """Return a refusal as one line: the limit, asked, allowed, the nearest that is accepted."""
    return english(text_of_refused(refused))
