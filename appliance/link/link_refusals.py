"""Answers that the link gives by itself before a client has got in, and when it is put out."""

from appliance.link.text_conversion import refused
from appliance.messages.actions import Command, FromClient, Hello, Query
from appliance.messages.replies import Refused
from appliance.messages.wire import PROTOCOL_VERSION
from appliance.texts.text import text

FLOOD = refused(
    0,
    "refusal.flood",
    text("flood.asked", lines=5_000),
    text("flood.allowed", messages=50),
    text("flood.nearest"),
)

CROWD = refused(
    0,
    "refusal.places",
    text("places.asked"),
    text("places.allowed", clients=32),
    text("places.nearest"),
)


def no_hello(message: FromClient) -> Refused:
    """Return the answer to a client that does not say who it is first."""
    request = message.request if isinstance(message, Command | Query) else 0
    nearest = text("hello.nearest", version=PROTOCOL_VERSION)
    name = type(message).__name__
    return refused(request, "refusal.hello", name, text("hello.allowed"), nearest)


def other_version(message: Hello) -> Refused:
    """Return the answer to a client of another protocol."""
    asked = text("version.asked", version=message.version, build=message.build)
    allowed = text("version.allowed", version=PROTOCOL_VERSION)
    return refused(0, "refusal.version", asked, allowed, text("version.nearest"))


def stranger(uid: int) -> Refused:
    """Return the answer to a user the table of roles turns away."""
    asked, allowed = text("role.user", uid=uid), text("role.known_users")
    return refused(0, "refusal.role", asked, allowed, text("role.ask_who_set_up"))
