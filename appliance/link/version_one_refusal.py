"""How version 1 turns somebody away: written for its clients, read from its engines.

Version 1 had refusals in English only. Its clients cannot read the texts of later versions, nor can
they read its engines; so that a person sees why, the one refusal of another version is exchanged in
the old form.
"""

import msgspec

from appliance.link.text_conversion import value_of
from appliance.messages.replies import Refused
from appliance.messages.wire import Count, Words
from appliance.texts.english import english
from appliance.texts.text import Text

VERSION = 1


class RefusedInEnglish(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """A refusal as version 1 sends it."""

    request: Count
    limit: Words
    asked: Words
    allowed: Words
    nearest: Words

    def text(self) -> Text:
        """Return it as a client says that it is not let in."""
        parts = (("limit", self.limit), ("asked", self.asked), ("allowed", self.allowed))
        return Text("refusal.turned_away", (*parts, ("nearest", self.nearest)))


_DECODER = msgspec.json.Decoder(RefusedInEnglish)


def line_of(refused: Refused) -> bytes:
    """Return the line by which a client of version 1 learns why it is turned away."""
    said = RefusedInEnglish(
        request=refused.request,
        limit=english(Text(refused.rule)),
        asked=english(value_of(refused.asked)),
        allowed=english(value_of(refused.allowed)),
        nearest=english(value_of(refused.nearest)),
    )
    return msgspec.json.encode(said) + b"\n"


def refusal_in(line: bytes) -> RefusedInEnglish | None:
    """Return the refusal in a line of an engine of version 1, None if there is none."""
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
