"""Replies that wait for the disk: what a person is told was recorded has been.

The act itself is never deferred, only the word that it was kept. The control thread asks the
journal each tick how far it is on the disk and never waits for it.
"""

from collections import deque
from typing import NamedTuple

from appliance.control.reporting.journal_writer import EngineJournal
from appliance.link.interfaces import EngineLink, Received
from appliance.link.text_conversion import refused
from appliance.messages.actions import (
    Acknowledge,
    BeginDrill,
    CloseSession,
    Command,
    EndDrill,
    MarkFelt,
    SetCeiling,
)
from appliance.messages.replies import Refused, Reply
from appliance.texts.text import text

TELLS = (SetCeiling, MarkFelt, Acknowledge, BeginDrill, EndDrill, CloseSession)
"""Whoever gets a reply to one of these has been told that something is in the records."""


class _Waiting(NamedTuple):
    received: Received
    reply: Reply
    number: int


class Confirmations:
    """Holds replies back until the events they speak of are on the disk."""

    def __init__(self, link: EngineLink, journal: EngineJournal) -> None:
        self._link = link
        self._journal = journal
        self._waiting: deque[_Waiting] = deque()

    def give(self, received: Received, reply: Reply) -> None:
        """Reply at once, or as soon as what the reply speaks of is kept."""
        message = received.message
        if not isinstance(message, Command) or not isinstance(message.action, TELLS):
            self._link.reply(received, reply)
            return
        self._waiting.append(_Waiting(received, reply, self._journal.last_fact))
        self.attend()

    def attend(self) -> None:
        """Send what has become true; where records are not kept, say so instead. Never raises."""
        while self._waiting:
            received, reply, number = self._waiting[0]
            if self._journal.kept(number):
                self._link.reply(received, reply)
            elif self._journal.fault is not None:
                self._link.reply(received, _not_kept(received, reply.request, self._journal.fault))
            else:
                return
            self._waiting.popleft()


def _not_kept(received: Received, request: int, fault: str) -> Refused:
    message = received.message
    action = message.action if isinstance(message, Command) else message
    return refused(
        request,
        "refusal.records",
        text("records.not_recorded", action=type(action).__name__),
        text("records.allowed", fault=fault),
        text("records.look"),
    )
