"""A refusal as the command line says it."""

from appliance.messages.replies import Refused


def in_words(refused: Refused) -> str:
    """Return a refusal as one line: the limit, asked, allowed, the nearest that is accepted."""
    said = f"{refused.limit}: asked {refused.asked}, allowed {refused.allowed}"
    return f"{said}; nearest {refused.nearest}"
