"""Acts of people that are recorded: each once, however often it is sent.

A sender gives what a person did once an id, and sends it again with the same id where the link
broke before the answer came. The id is written with the event; from then on the act is known, also
after a restart. What moves a level or the output has no id: each time it comes it is meant.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from appliance.core.refusal import Refusal
from appliance.messages.actions import (
    Action,
    Command,
    EnrolOperator,
    RecordFact,
    RetireOperator,
    SetCeiling,
    SetPin,
    SetUpUnit,
)
from appliance.records.acts import RecordedAct
from appliance.records.fact_rows import ACT
from appliance.records.patient_facts import CLINICAL
from appliance.records.session_events import EventName
from appliance.texts.text import text

MOST_KNOWN = 1_000
"""Acts that are known at a time, the newest ones (D): one comes again within minutes."""
DIGEST_BYTES = 8
_EVENTS: Mapping[type[Action], EventName] = {
    SetCeiling: EventName.PATIENT_CEILING,
    SetPin: EventName.PIN_SET,
    EnrolOperator: EventName.PIN_SET,  # the last of its events: without a PIN nobody is enrolled
    RetireOperator: EventName.OPERATOR_RETIRED,
    SetUpUnit: EventName.UNIT_SET_UP,
}
_SECRET = ("pin", "old_pin")


class _Act(NamedTuple):
    event: str
    id: str
    digest: str


class Acts:
    """Knows acts by their ids; used by the control thread only."""

    def __init__(self, known: Mapping[str, RecordedAct] | None = None) -> None:
        self._known = dict(known or {})
        self._under_way: _Act | None = None

    @contextmanager
    def under_way(self, message: object) -> Iterator[None]:
        """Write the id of a command with the event that records it."""
        self._under_way = _act_of(message) if isinstance(message, Command) else None
        try:
            yield
        finally:
            self._under_way = None

    def again(self, command: Command) -> RecordedAct | Refusal | None:
        """Return the act that a command repeats, None for a new one.

        An id that another act had is refused: either of them would be lost.
        """
        act = _act_of(command)
        known = None if act is None else self._known.get(act.id)
        if act is None or known is None or known.digest == act.digest:
            return known
        allowed, nearest = text("protocol.one_act"), text("protocol.schema")
        return Refusal("refusal.protocol", act.id, allowed, nearest)

    def marked(self, name: str, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Return the facts of an event, with the id of the act under way where it records that."""
        act = self._under_way
        if act is None or act.event != name:
            return facts
        return {**facts, ACT: f"{act.id}:{act.digest}"}

    def take(self, name: str, facts: Mapping[str, object]) -> None:
        """Know the act of an event that is on its way to the disk, if it has one."""
        act = self._under_way
        if act is None or ACT not in facts:
            return
        patient = facts.get("patient") if name in CLINICAL else None
        self._known[act.id] = RecordedAct(act.digest, patient if patient is None else str(patient))
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]


def _act_of(command: Command) -> _Act | None:
    action = command.action
    event = action.kind if isinstance(action, RecordFact) else _EVENTS.get(type(action))
    if isinstance(action, SetPin) and action.one_time:
        return None  # nobody knows the PIN of an answer that got lost: another one is drawn
    if not command.act or event is None:
        return None
    secret = {name: "" for name in _SECRET if hasattr(action, name)}
    encoded = msgspec.json.encode(msgspec.structs.replace(action, **secret), order="sorted")
    digest = hashlib.blake2s(encoded, digest_size=DIGEST_BYTES).hexdigest()
    return _Act(event, command.act, digest)
