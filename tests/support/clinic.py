"""A clinic in one thread: a stepped board, an engine, and a client in place of a person.

Tests use only what a person could do or see, plus the board's faults and its recording.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from appliance.engine import Engine, stepped_engine
from appliance.link.client import LinkClient
from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    Prescribe,
    RecordFact,
    Rise,
    Start,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import Subject
from appliance.records.queries import SessionRecord, list_sessions, read_session
from appliance.records.storage.store import open_read_only
from appliance.safety.arming_policy import HARDWARE
from drivers.board_file import load_board_file
from drivers.virtual.board import VirtualBoard
from tests.support.complete_file import request_for
from tests.support.regular_patient import regular_patient

TICK_US = 10_000
PATIENCE_TICKS = 6_000


@dataclass
class Clinic:
    """What a person does and sees; time passes only in `tick`, `ticks`, `wait` and `until`."""

    board: VirtualBoard
    engine: Engine
    link: LinkClient
    data: Path
    record: Path
    watching: bool = True
    refusals: list[Refused] = field(default_factory=list)

    @property
    def now_us(self) -> int:
        """Return the engine's time in µs, which is board time."""
        return int(self.engine.clock.now_us())

    @property
    def view(self) -> Snapshot:
        newest = self.link.snapshot()
        assert newest is not None
        return newest

    @property
    def state(self) -> str:
        return type(self.engine.loop.state.machine.state).__name__

    def tick(self) -> None:
        self.engine.step()
        if self.watching and self.link.snapshot() is not None:
            self.link.shown()

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.tick()

    def wait(self, milliseconds: int) -> None:
        self.ticks(milliseconds // 10)

    def until(self, *states: str) -> Snapshot:
        """Let time pass until one of these states is shown."""
        return self.until_true(lambda: self.view.state in states, " or ".join(states))

    def until_true(self, found: Callable[[], bool], what: str = "it") -> Snapshot:
        for _ in range(PATIENCE_TICKS):
            if self.link.snapshot() is not None and found():
                return self.view
            self.tick()
        raise AssertionError(f"no {what} in a minute: {self.view}")

    def ask(self, action: Action) -> Reply | Refused:
        """Send an action right after a new snapshot, so that it is not stale."""
        self.until_true(
            lambda: self.view.state_number == self.engine.loop.state.machine.number, "snapshot"
        )
        return self.link.ask(action)

    def do(self, action: Action) -> None:
        answer = self.ask(action)
        assert isinstance(answer, Reply), answer

    # --- the way to a treatment ----------------------------------------------------------------

    def unlock(self) -> None:
        self.until("Locked")
        self.do(Unlock(operator="anna"))
        self.until("Ready")
        self.wait(50)

    def become_hardware(self) -> "Clinic":
        """Make the engine treat its rig as hardware; its ledger of drills stays as it is."""
        loop = self.engine.loop
        loop._rig = loop._dispatcher.rig = loop._output.rig = replace(loop._rig, kind="hardware")
        loop._dispatcher.policy = loop._drills._policy = HARDWARE
        return self

    def prescribe(
        self, programme: str = "conventional-tens", *, squeezed: bool = True, **asked: Any
    ) -> None:
        """Prescribe; a patient then squeezes the hand switch."""
        tap_ua = 500 if programme.startswith("motor-point-find") else 1_000
        asked = {"channels": (1, 2), "tap_ua": tap_ua, **asked}
        prescribe = self.for_somebody(programme, **asked)
        self.do(prescribe)
        if squeezed and prescribe.subject is Subject.PATIENT:
            self.squeeze()

    def squeeze(self, ms: int = 70) -> None:
        """Let the patient squeeze the hand switch for a moment, and let go."""
        self.wait(70)
        self.board.fault_set("hand-switch")
        self.wait(ms)
        self.board.fault_clear("hand-switch")
        self.wait(70)

    def for_somebody(self, programme: str = "conventional-tens", **asked: Any) -> Prescribe:
        """Return what is asked for a patient: a regular one where none is named.

        The file has every fact that the treatment needs.
        """
        subject = asked.pop("subject", Subject.PATIENT)
        if subject is Subject.PATIENT and "patient" not in asked:
            asked["patient"] = regular_patient(self.engine.loop._dispatcher.register)
        return self.with_file(Prescribe(programme=programme, subject=subject, **asked))

    def with_file(self, request: Prescribe) -> Prescribe:
        """Return a request with side and pads, for a patient whose file has what it needs."""
        return request_for(self.engine.loop, request)

    def arm(self, programme: str = "conventional-tens", **asked: Any) -> None:
        if self.state != "Ready":
            self.unlock()
        self.close_out()
        self.prescribe(programme, **asked)
        self.do(CheckContact())
        self.until("Armed")

    def close_out(self) -> None:
        """Take the pads off and look at the skin after each session that waits for it.

        The next session begins with the question whether the redness is gone.
        """
        while (held := self.engine.loop._facts.holding_up()) is not None:
            patient, close_out = held
            of_session: dict[str, object] = {"patient": patient, "session": close_out.session}
            grades = [{"site": to_builtins(level.site), "grade": 0} for level in close_out.levels]
            self.do(RecordFact(kind="pads_removed", values=of_session))
            self.do(RecordFact(kind="skin_checked_after", values={**of_session, "grades": grades}))
            gone = [{"site": grade["site"], "answer": "gone"} for grade in grades]
            followed_up: dict[str, object] = {"patient": patient, "answers": gone}
            self.do(RecordFact(kind="skin_followed_up", values=followed_up))

    def start(self, programme: str = "conventional-tens", **asked: Any) -> None:
        self.arm(programme, **asked)
        self.do(Start())
        self.until("RampUp", "Delivering")

    def treat(
        self, programme: str = "conventional-tens", level_ua: int = 6_000, **asked: Any
    ) -> None:
        """Start, then raise every channel to a level."""
        self.start(programme, **asked)
        self.raise_to(level_ua)

    def raise_to(self, level_ua: int) -> None:
        """Tap the channels in turn; a tap that came too early is repeated."""
        next_at = dict.fromkeys([view.channel for view in self.view.channels], 0)
        for _ in range(PATIENCE_TICKS):
            low = [each for each in self.view.channels if each.level_ua < level_ua]
            if not low or self.view.state in {"Tripped", "Finished"}:
                break
            for each in low:
                if self.now_us >= next_at[each.channel] and self.view.state in {
                    "RampUp",
                    "Delivering",
                }:
                    self.ask(Rise(channel=each.channel))
                    next_at[each.channel] = self.now_us + 300_000
            self.tick()
        self.wait(100)
        assert [each.level_ua for each in self.view.channels] == [level_ua] * len(
            self.view.channels
        ), self.view

    def channel(self, number: int) -> ChannelView:
        return next(each for each in self.view.channels if each.channel == number)

    # --- what went wrong -----------------------------------------------------------------------

    def trip(self) -> str:
        """Wait for a trip and return its code."""
        trip = self.until("Tripped").trip
        assert trip is not None
        return trip.code

    def acknowledge(self) -> Reply | Refused:
        self.wait(60)
        return self.ask(Acknowledge())

    def currents_ua(self) -> list[int]:
        """Return the true current through each load at this moment, in µA."""
        channels: Any = self.board.status()["channels"]
        return [channel["current_ua"] for channel in channels]

    @property
    def latch_causes(self) -> list[str]:
        found: Any = self.board.status()["fault_latch"]
        return list(found["causes"])

    # --- the records ---------------------------------------------------------------------------

    def sessions(self) -> list[SessionRecord]:
        """Return every session, oldest first."""
        with open_read_only(self.data) as db:
            found = [read_session(db, each.id) for each in reversed(list_sessions(db))]
        return [each for each in found if each is not None]

    def last(self) -> SessionRecord:
        return self.sessions()[-1]

    def events(self, name: str, session: SessionRecord | None = None) -> list[dict[str, Any]]:
        found = (session or self.last()).events
        return [dict(each.facts or {}) for each in found if each.name == name]


START_UTC_US = 1_700_000_000_000_000
DAY_US = 86_400_000_000


@contextmanager
def open_clinic(
    folder: Path, *, data: Path | None = None, after_us: int = 0, trusted: bool = True
) -> Iterator[Clinic]:
    """Open a clinic; on exit the engine is closed and the recording is complete.

    Its wall clock starts `after_us` later than usual; `trusted` says whether the clock is set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record, records = folder / "trace.vcd", data or folder / "data"
    records.mkdir(parents=True, exist_ok=True)
    board = VirtualBoard(load_board_file(), record=record)
    try:
        start_us = START_UTC_US + after_us
        with stepped_engine(board, records, start_us, trusted=trusted) as (engine, link):
            yield Clinic(board, engine, link, records, record)
    finally:
        board.close()
