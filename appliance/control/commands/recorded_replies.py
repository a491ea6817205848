"""Replies and the records: which answers are recorded, and which replies wait for the disk.

A client that sends a thousand commands a second must not fill the records, nor delay what
matters. A stop that ended something is always recorded; everything else within a budget, each
client's and that of all. What was left out is counted, and the count recorded.

A reply that confirms a record waits until that record is on the disk. The act itself is
never deferred. The control thread asks the journal each tick how far it is on the disk and never
waits for it.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.interfaces import EngineLink, Peer, Received, RefusedLines
from appliance.link.server.rate_limit import RateLimit
from appliance.link.text_conversion import refused
from appliance.messages.actions import (
    ABOUT_PEOPLE,
    Acknowledge,
    BeginDrill,
    ChangeMinutes,
    CloseSession,
    Command,
    Contract,
    ContractByCycle,
    EndDrill,
    Fall,
    HoldRise,
    MarkFelt,
    RecordFact,
    Rise,
    SetCeiling,
    Stop,
    Touched,
)
from appliance.messages.replies import Refused, Reply
from appliance.records.session_events import EventName
from appliance.records.texts import to_record
from appliance.texts.english import english
from appliance.texts.text import Text, text
from appliance.texts.untrusted import shortened
from drivers.quantities import US_PER_S

MAX_TEXT = 500
"""Characters of a refusal as it is recorded; those of the limits are shorter."""
MAX_PEERS = 64
"""Clients whose budgets are known at a time: twice the places there are."""
MAX_NAMED = 8
"""Clients named with their count; the rest is in the sum."""
QUIET = (1, 20)
"""A second, and at once, for each client: refusals, and what was done and changed nothing (D)."""
QUIET_OF_ALL = (2, 60)
DONE = (10, 100)
"""The same for what was done: faster than a hand, slower than a flood (D)."""
DONE_OF_ALL = (20, 200)
_LEVELS = (Rise, HoldRise, Contract, ContractByCycle, Fall)
_DONE = (*_LEVELS, RecordFact)
"""What is done without a change of state."""
OF_HEALTH = frozenset(
    {
        *("refusal.screening", "refusal.skin", "refusal.sensation", "refusal.patch_test"),
        *("refusal.complaint", "refusal.diagnosis", "refusal.exercises"),
    }
)
"""Rules of a step towards output whose refusals say what a patient has or had. The refusal that is
sent says it; the one in the records, of which incidents and sessions are copied away, does not."""

TELLS = (
    *(RecordFact, SetCeiling, MarkFelt, ChangeMinutes, Acknowledge, BeginDrill, EndDrill),
    CloseSession,
    *(action for action in ABOUT_PEOPLE if action is not Touched),
)
"""A reply to one of these confirms that something is in the records."""


class NoteWriter(Protocol):
    """Where it is written down: the journal's log."""

    def note(self, name: str, **facts: object) -> int:
        """Record an event of the present session."""
        ...


class LinkRefusals(Protocol):
    """What the link refused by itself."""

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return it, counted, since it was last asked."""
        ...

    def peers(self) -> tuple[Peer, ...]:
        """Return who is connected."""
        ...


@dataclass(slots=True)
class _Budget:
    """What may still be recorded of one client, or of all."""

    quiet: RateLimit
    done: RateLimit


@dataclass(slots=True)
class AnswerBook:
    """Records the answers of the dispatcher and of the link; times are the engine's clock in µs."""

    journal: NoteWriter
    link: LinkRefusals
    _budgets: dict[int, _Budget] = field(default_factory=dict)
    _of_all: _Budget | None = None
    _left_out: Counter[str] = field(default_factory=Counter)
    _state_number: int = -1
    _told_at_us: int = 0

    def answered(
        self, received: Received, refusal: Refusal | None, state_number: int, now_us: int
    ) -> None:
        """Record that a command was done, or refused and why; or count it."""
        message = received.message
        if not isinstance(message, Command):
            return
        changed = refusal is None and state_number != self._state_number
        self._state_number = state_number
        done = changed or (refusal is None and isinstance(message.action, _DONE))
        is_stop = changed and isinstance(message.action, Stop)
        if not is_stop and not self._may(received.peer.number, now_us, done=done):
            self._left_out[received.peer.name] += 1
            return
        facts = {"action": type(message.action).__name__, "peer": received.peer.name}
        if refusal is None:
            self.journal.note(EventName.COMMAND, **facts)
        elif isinstance(message.action, RecordFact):
            self._record(_without_values("refusal.of_fact", refusal), **facts)
        elif refusal.rule in OF_HEALTH:
            self._record(_without_values("refusal.of_patient", refusal), **facts)
        else:
            self._record(refusal.text(), **facts)

    def attend(self, state_number: int, now_us: int) -> None:
        """Record what the link refused and what was left out, at most once a second."""
        self._state_number = state_number
        if now_us - self._told_at_us < US_PER_S:
            return
        self._told_at_us = now_us
        for turned in self.link.turned_away():
            if self._all(now_us).quiet.spend(now_us):
                facts = {"action": turned.action, "peer": turned.peer, "lines": turned.lines}
                self._record(turned.text, **facts)
            else:
                self._left_out[turned.peer] += turned.lines
        self.tell_left_out()

    def tell_left_out(self) -> None:
        """Record how many answers were not recorded one by one, if there were any."""
        if not self._left_out:
            return
        count, named = self._left_out.total(), dict(self._left_out.most_common(MAX_NAMED))
        self._left_out.clear()
        facts = {"action": "", "peer": "", "left_out": count, "peers": named}
        self._record(text("answers.left_out", count=count), **facts)

    def _record(self, refusal: Text, **facts: object) -> None:
        """Record a refusal in English as it was shown, and as a text beside it."""
        shown = shortened(english(refusal), MAX_TEXT)
        self.journal.note(EventName.REFUSAL, **facts, refusal=shown, **to_record(refusal))

    def _may(self, number: int, now_us: int, *, done: bool) -> bool:
        of_peer, of_all = self._own(number, now_us), self._all(now_us)
        if done:
            return of_peer.done.spend(now_us) and of_all.done.spend(now_us)
        return of_peer.quiet.spend(now_us) and of_all.quiet.spend(now_us)

    def _own(self, number: int, now_us: int) -> _Budget:
        budget = self._budgets.get(number)
        if budget is None:
            if len(self._budgets) >= MAX_PEERS:
                connected = {peer.number for peer in self.link.peers()}
                self._budgets = {
                    n: peer_budget for n, peer_budget in self._budgets.items() if n in connected
                }
            budget = self._budgets[number] = _budget(QUIET, DONE, now_us)
        return budget

    def _all(self, now_us: int) -> _Budget:
        if self._of_all is None:
            self._of_all = _budget(QUIET_OF_ALL, DONE_OF_ALL, now_us)
        return self._of_all


def _without_values(key: str, refusal: Refusal) -> Text:
    """Return the rule of a refusal only: what is known of a patient is not copied."""
    return text(key, limit=Text(refusal.rule))


def _budget(quiet: tuple[int, int], done: tuple[int, int], now_us: int) -> _Budget:
    return _Budget(RateLimit(*quiet, now_us), RateLimit(*done, now_us))


class _Waiting(NamedTuple):
    received: Received
    reply: Reply | Refused
    number: int


class Confirmations:
    """Holds replies back until the events they speak of are on the disk."""

    def __init__(self, link: EngineLink, journal: EngineJournal) -> None:
        self._link = link
        self._journal = journal
        self._waiting: deque[_Waiting] = deque()

    def give(self, received: Received, reply: Reply | Refused) -> None:
        """Reply at once, or as soon as what the reply speaks of is kept."""
        message = received.message
        if not isinstance(message, Command) or not isinstance(message.action, TELLS):
            self._link.reply(received, reply)
            return
        self._waiting.append(_Waiting(received, reply, self._journal.last_fact))
        self.attend()

    def refuse(self, received: Received, refusal: Refusal, *, waits: bool = False) -> None:
        """Refuse at once; with `waits` as soon as what was written until now is kept."""
        request = received.message.request
        answer = refused(request, refusal.rule, refusal.asked, refusal.allowed, refusal.nearest)
        if waits:
            self.give(received, answer)
        else:
            self._link.reply(received, answer)

    def attend(self) -> None:
        """Send replies whose records are on the disk, refusals if they cannot be; never raises."""
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
        text("records.not_recorded", action=action_words(type(action))),
        text("records.allowed", fault=fault),
        text("records.look"),
    )


def refuse_fault(command: Command, error: Exception) -> Refusal:
    """Return the refusal of a command that an error of rig or program kept from being done."""
    allowed, nearest = text("fault.allowed", error=str(error)), text("fault.nearest")
    return Refusal("refusal.fault", action_words(type(command.action)), allowed, nearest)
