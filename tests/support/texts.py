"""Texts in tests: sent over the link and back."""

import msgspec

from appliance.messages.wire import TextView


def carried(view: TextView) -> TextView:
    """Return a text after it was a line of the link; raises what the decoder raises."""
    return msgspec.json.decode(msgspec.json.encode(view), type=TextView)
