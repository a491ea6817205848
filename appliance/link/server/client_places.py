"""Chooses the client that is disconnected for a new one when every place is taken."""

from collections.abc import Iterable

from appliance.link.roles import Role
from appliance.link.server.connection import Connection


def most_silent(connections: Iterable[tuple[int, Connection]], kept: int | None) -> int | None:
    """Return the number of the client to disconnect, None if there is none.

    Clients that are ending come first, then observers, then clients that never sent a command;
    among equals the one silent for longest. `kept` is the client whose screen is in charge; it is
    never chosen.
    """
    found = [
        (
            not each.is_ending,
            each.role not in (None, Role.OBSERVER),
            each.has_asked,
            each.heard_us,
            number,
        )
        for number, each in connections
        if number != kept
    ]
    return min(found)[-1] if found else None
