"""What the engine sends: one `Reply`, `Page` or `Refused` for each command or query, and events.

A full `Snapshot` follows 20 times a second.
"""

from typing import Annotated

from msgspec import Meta

from appliance.messages.actions import Hello, Pin
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import MAX_ROWS, Count, Facts, Name, TextValueView, Whole, Wire, Words


class Refused(Wire, frozen=True, tag="refused"):
    """The answer "no, because": the key of the rule, asked, allowed, nearest accepted."""

    request: Count
    rule: Name
    asked: TextValueView
    allowed: TextValueView
    nearest: TextValueView


class Reply(Wire, frozen=True, tag="reply", omit_defaults=True):
    """The command was accepted and acts from the control tick `tick` on.

    `patient` is whom a recorded fact is about: a new patient's id is told here. `token` is that of
    a new sign-in; commands of the operator carry it. `pin` is a one-time PIN that was drawn: it is
    in this reply and nowhere else. Fields with a default are left out of the line while they have
    it.
    """

    request: Count
    tick: Whole
    session: Words | None = None
    patient: Words | None = None
    token: Words = ""
    pin: Pin = ""

    def __repr__(self) -> str:
        """Return it without token and PIN."""
        told = (self.request, self.tick, self.session, self.patient)
        return "Reply(request={!r}, tick={!r}, session={!r}, patient={!r})".format(*told)


class Page(Wire, frozen=True, tag="page"):
    """One page of records, each row a JSON object; `next_after` is None on the last page."""

    request: Count
    rows: Annotated[tuple[Facts, ...], Meta(max_length=MAX_ROWS)]
    next_after: Count | None


class Event(Wire, frozen=True, tag="event"):
    """Something happened: a name of the journal's vocabulary and its facts."""

    name: Words
    session: Words | None
    facts: Facts


FromEngine = Hello | Reply | Refused | Page | Snapshot | Event
