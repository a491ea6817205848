"""Answers that the link gives by itself before a client has got in, and when it is put out."""

from appliance.messages.actions import Command, FromClient, Hello, Query
from appliance.messages.replies import Refused
from appliance.messages.wire import PROTOCOL_VERSION

FLOOD = Refused(
    request=0,
    limit="flood",
    asked="more than 5000 lines a second",
    allowed="50 messages a second, stops excepted",
    nearest="connect again and ask more slowly",
)

CROWD = Refused(
    request=0,
    limit="places",
    asked="a place that somebody else needs",
    allowed="32 clients; the one silent for longest goes first",
    nearest="connect again when another has left",
)


def no_hello(message: FromClient) -> Refused:
    """Return the answer to a client that does not say who it is first."""
    return Refused(
        request=message.request if isinstance(message, Command | Query) else 0,
        limit="hello",
        asked=type(message).__name__,
        allowed="Hello as the first message",
        nearest=f"Hello with version {PROTOCOL_VERSION}",
    )


def other_version(message: Hello) -> Refused:
    """Return the answer to a client of another protocol."""
    return Refused(
        request=0,
        limit="version",
        asked=f"protocol {message.version} of build {message.build}",
        allowed=f"protocol {PROTOCOL_VERSION}",
        nearest="update the older side",
    )


def stranger(uid: int) -> Refused:
    """Return the answer to a user the table of roles turns away."""
    return Refused(
        request=0,
        limit="role",
        asked=f"user id {uid}",
        allowed="users known to the engine",
        nearest="ask the person who set the device up",
    )
