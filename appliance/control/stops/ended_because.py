"""Why a session ended, in words, from the cause that its closing records."""

from appliance.safety.trips.codes import TripCode, title
from appliance.texts.text import Text

ENDED = frozenset(
    {
        "stop",
        "cut",
        "pause",
        "plan_ended",
        "paused_too_long",
        "engine_stopped",
        "crash",
        "first_feeling",
        "nobody_there",
    }
)
"""Causes that are no trips, as the records name them; each has a text `ended.CAUSE`."""
_TRIPS = {code.name.lower(): code for code in TripCode}


def ended_because(cause: str) -> Text | None:
    """Return a recorded cause in words, None for one that this version does not know."""
    if cause in _TRIPS:
        return title(_TRIPS[cause])
    return Text(f"ended.{cause}") if cause in ENDED else None
