"""Record facts of any kind: who may do so when, how fast, and folded only once on the disk.

What is written waits here until the journal has it on the disk; only then is it folded. A fact that
the disk does not take is not folded, and its sender is told that it was not recorded. The journal
keeps it and tries again; if that succeeds, the fact counts from then on.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from appliance.clinical.fact import FactTime
from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.link.server.rate_limit import RateLimit
from appliance.messages.actions import RecordFact
from appliance.safety.state_machine.states import Locked, SelfTest, Tripped
from appliance.safety.state_machine.words import state_words
from appliance.texts.common_phrases import at_most
from appliance.texts.text import text

RULE = "refusal.fact"
RATE = (5, 100)
"""Facts a second, and at once: faster than a hand, slower than a flood (D)."""
MOST_WAITING = 16
"""Facts on their way to the disk; more are refused, so that urgent events always find room (D)."""
MOST_BYTES = 16 * 1024
"""A fact in JSON; a full screening has some 3 KiB."""
MOST_CHARS = 500
"""Characters of one text in a fact, as a sentence of the link."""
MOST_NUMBER = 2**53
_BY_ENGINE = ("operator", "simulated")


class _Waiting(NamedTuple):
    """A fact that is not known to be on the disk yet, and how it is folded once it is."""

    number: int
    at: FactTime
    fold: Callable[[FactTime], None]


class FactRecorder:
    """Writes facts and folds what has reached the disk; used only by the control thread."""

    def __init__(self, engine: EngineState, journal: EngineJournal) -> None:
        self._engine = engine
        self._journal = journal
        self._waiting: deque[_Waiting] = deque()
        self._rate: RateLimit | None = None
        self._unlocked = False

    @property
    def operator(self) -> str:
        """Return who has unlocked the unit."""
        return self._engine.command.operator

    def session_of(self, patient: str) -> str | None:
        """Return the session that runs now, if it is of this patient."""
        treatment = self._engine.setup.treatment
        mine = treatment is not None and treatment.patient == patient
        return self._engine.session.id if mine else None

    @property
    def waits(self) -> bool:
        """Return whether a fact is on its way to the disk."""
        return bool(self._waiting)

    def attend(self) -> None:
        """Fold what has reached the disk; follow whether somebody has unlocked. Each tick."""
        state = self._engine.machine.state
        if not isinstance(state, Tripped):  # a trip of a locked unit unlocks nothing
            self._unlocked = not isinstance(state, Locked | SelfTest)
        while self._waiting and self._journal.kept(self._waiting[0].number):
            waiting = self._waiting.popleft()
            waiting.fold(waiting.at)

    def refuse(self, action: RecordFact, fault: str | None) -> Refusal | None:
        """Refuse what cannot be recorded now; `fault` says why the folded records are unknown."""
        self.attend()
        return self._refuse_now(action, fault) or self._refuse_flood()

    def added(self, action: RecordFact) -> dict[str, object]:
        """Return the values of a fact that the engine adds."""
        return {"operator": self.operator, "simulated": action.simulated}

    def write(
        self, name: str, facts: Mapping[str, object], fold: Callable[[FactTime], None]
    ) -> FactTime | Refusal:
        """Write a fact and return its time; `fold` is called once it is on the disk."""
        recorded = self._journal.note_fact(name, facts)
        if recorded is None:
            return _no_room()
        number, at = recorded
        self._waiting.append(_Waiting(number, at, fold))
        return at

    def _refuse_now(self, action: RecordFact, fault: str | None) -> Refusal | None:
        if not self._unlocked:
            asked = state_words(self._engine.machine.state)
            return Refusal(
                RULE, text("fact.while", state=asked), text("fact.unlocked"), text("fact.unlock")
            )
        if action.operator and action.operator.strip() != self.operator:
            return Refusal(
                RULE, text("fact.another_operator"), self.operator, text("fact.as_who_unlocked")
            )
        fault = fault or self._journal.fault
        if fault is not None:
            return Refusal(
                RULE,
                text("fact.recorded"),
                text("patient_ceiling.records", fault=fault),
                text("patient_ceiling.records_first"),
            )
        return None

    def _refuse_flood(self) -> Refusal | None:
        now_us = self._engine.tick.now_us
        if self._rate is None:
            self._rate = RateLimit(*RATE, now_us)
        if len(self._waiting) < MOST_WAITING and self._rate.spend(now_us):
            return None
        return _no_room()


def refuse_values(values: Mapping[str, object]) -> Refusal | None:
    """Refuse what is too large to keep, cannot be read, or is the engine's to add.

    None of it is repeated.
    """
    size = len(msgspec.json.encode(values))
    if size > MOST_BYTES:
        asked, most = text("fact.bytes", count=size), at_most(text("fact.bytes", count=MOST_BYTES))
        return Refusal(RULE, asked, most, text("fact.shorter"))
    if not _is_plain(values):
        allowed = text("fact.readable", most=MOST_CHARS)
        return Refusal(RULE, text("fact.unreadable"), allowed, text("fact.nearest"))
    for name in _BY_ENGINE:
        if name in values:
            asked = text("fact.given", field=name)
            return Refusal(RULE, asked, text("fact.by_engine"), text("fact.leave_out"))
    return None


def _no_room() -> Refusal:
    asked, allowed = text("fact.recorded"), text("fact.room")
    return Refusal(RULE, asked, allowed, text("ask_again_in_a_moment"))


def _is_plain(value: object) -> bool:
    """Return whether texts can be read and numbers be computed with; "" is a text."""
    match value:
        case str():
            return not value or (len(value) <= MOST_CHARS and says_something(value))
        case bool() | None:
            return True
        case int():
            return abs(value) <= MOST_NUMBER
        case dict():
            return all(_is_plain(name) and _is_plain(item) for name, item in value.items())
        case list() | tuple():
            return all(map(_is_plain, value))
        case _:
            return False
