"""The order of a client's loop: noted, reported as shown, decided, printed, sent."""

from collections import deque
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from appliance.errors import LinkError
from appliance.messages.actions import Lock
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from tests.support.clinic import open_clinic
from ui.cli.drills.autopilot import do_drills
from ui.cli.engine.client_loop import ANSWER_US, run_client


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with open_clinic(tmp_path_factory.mktemp("clinic")) as clinic:
        clinic.until("Locked")
        yield clinic.view


class Link:
    """A link with one snapshot; it records the order of calls, and fails where configured."""

    def __init__(self, snapshot: Snapshot, fails: str = "", unread: Sequence[Event] = ()) -> None:
        self.calls: list[str] = []
        self._snapshot = snapshot
        self._fails = fails
        self._unread = deque(unread)

    def next_message(self, _: float) -> Event | None:
        return self._unread.popleft() if self._unread else None

    def snapshot(self) -> Snapshot:
        return self._snapshot

    def shown(self) -> None:
        self._call("shown")

    def send(self, _: object) -> int:
        self._call("send")
        return 1

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name == self._fails:
            raise LinkError("the engine has closed the connection")


class Source:
    """Sends one action and is done."""

    wants_stop = False

    def __init__(self, calls: list[str]) -> None:
        self._calls = calls
        self._is_sent = False

    def decide(self, _: Snapshot) -> Lock | None:
        self._calls.append("decide")
        return None if self._is_sent else Lock()

    def sent(self, *_: object) -> None:
        self._is_sent = True
        self.wants_stop = True  # go on without a new snapshot

    def answered(self, _: object) -> None:
        raise AssertionError

    def is_done(self, _: Snapshot) -> bool:
        return self._is_sent

    def interrupt(self) -> None:
        raise AssertionError


def host(link: Link) -> Any:
    return SimpleNamespace(link=link, poll_s=0.0)


def test_what_a_decision_prints_is_on_the_screen_before_its_action_is_sent(
    snapshot: Snapshot,
) -> None:
    link = Link(snapshot)
    calls = link.calls
    run_client(
        host(link),
        Source(calls),
        lambda _: calls.append("noted"),
        on_decided=lambda: calls.append("printed"),
    )
    first = ["noted", "shown", "decide", "printed", "send"]
    assert calls == [*first, "decide", "printed"]


def test_a_snapshot_is_noted_even_if_the_engine_leaves_before_it_is_reported_as_shown(
    snapshot: Snapshot,
) -> None:
    link = Link(snapshot, fails="shown")
    noted: list[Snapshot] = []
    with pytest.raises(LinkError):
        run_client(host(link), Source(link.calls), noted.append)
    assert noted == [snapshot]


def test_a_drills_result_is_printed_even_if_the_engine_leaves_before_the_next_action(
    snapshot: Snapshot,
) -> None:
    link = Link(snapshot, fails="send")
    source: Any = Source(link.calls)
    with pytest.raises(LinkError):
        do_drills(host(link), source, lambda _: link.calls.append("printed"))
    assert link.calls[-3:] == ["printed", "send", "printed"]


def test_events_that_arrived_before_the_engine_left_are_read_though_nothing_can_be_sent(
    snapshot: Snapshot,
) -> None:
    """Hazard: a trip that arrived with the last snapshot and is never reported."""
    trips = [Event(name="trip", session=None, facts={"code": code}) for code in ("T01", "T02")]
    link = Link(snapshot, fails="send", unread=trips)
    read: list[Event] = []
    with pytest.raises(LinkError, match="closed the connection"):
        run_client(host(link), Source(link.calls), lambda _: None, read.append)
    assert read == trips
    assert link.calls.count("send") == 1


class Deaf(Link):
    """An engine that shows its state and never answers."""

    def snapshot(self) -> Snapshot:
        later_us = self._snapshot.at_us + 1_000_000
        self._snapshot = msgspec.structs.replace(self._snapshot, at_us=later_us)
        return self._snapshot


class Waits(Source):
    """Waits for the answer to its action."""

    def is_done(self, _: Snapshot) -> bool:
        return False


def test_an_action_that_is_never_answered_ends_the_loop(snapshot: Snapshot) -> None:
    """Hazard: a level that is held for ever because the answer to the last rise was lost."""
    link = Deaf(snapshot)
    with pytest.raises(LinkError, match="did not answer within 10 s"):
        run_client(host(link), Waits(link.calls), lambda _: None)
    assert link.calls.count("decide") == ANSWER_US // 1_000_000 + 1
