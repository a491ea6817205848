"""Who is turned out for a newcomer when every place is taken: the most silent who looks on."""

from collections.abc import Iterable

from appliance.link.roles import Role
from appliance.link.server.connection import Connection


def most_silent(connections: Iterable[tuple[int, Connection]], kept: int | None) -> int | None:
    """Return the number of who has to go, None where nobody can.

    Who is ending anyway goes first, then users who may only look, then who has never asked for
    anything; of those who has sent nothing for longest. `kept` is whose screen is in charge, and
    never goes.
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
