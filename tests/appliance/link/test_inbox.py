"""What waits for the control thread: order by urgency, bounded per peer."""

import pytest

from appliance.link.inbox import Inbox
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import (
    Acknowledge,
    Action,
    Command,
    Fall,
    HoldRise,
    Pause,
    Query,
    Rise,
    Start,
    Stop,
)

A = Peer(1, "a", Role.OWNER, 0, 0)
B = Peer(2, "b", Role.OWNER, 0, 0)


def sent(action: Action, peer: Peer = A) -> Received:
    return Received(peer, Command(request=1, action=action))


def order(*actions: Action) -> list[Action]:
    inbox = Inbox()
    for action in actions:
        assert inbox.put(sent(action)) is None
    taken, _ = inbox.take(100)
    return [each.message.action for each in taken if isinstance(each.message, Command)]


@pytest.mark.proves("stop-first")
def test_cuts_then_stops_then_what_lowers_then_the_rest_in_order() -> None:
    rise, start = Rise(channel=1), Start()
    fall, pause, seen = Fall(channel=1, step_ua=500), Pause(), Acknowledge()
    stop, cut = Stop(), Stop(cut=True)
    assert order(rise, start, fall, pause, seen, stop, cut) == [
        cut,
        stop,
        fall,
        pause,
        seen,
        rise,
        start,
    ]


def test_a_release_overtakes_its_press_and_takes_it_back() -> None:
    press, release = HoldRise(channel=1, pressed=True), HoldRise(channel=1, pressed=False)
    inbox = Inbox()
    inbox.put(sent(press))
    inbox.put(sent(release))
    taken, void = inbox.take(10)
    assert taken == (sent(release),)
    assert void == (sent(press),)


def test_a_press_after_a_release_counts() -> None:
    press, release = HoldRise(channel=1, pressed=True), HoldRise(channel=1, pressed=False)
    assert order(release, press) == [release, press]


def test_a_release_takes_back_no_press_of_another_channel_or_peer() -> None:
    inbox = Inbox()
    inbox.put(sent(HoldRise(channel=1, pressed=True)))
    inbox.put(sent(HoldRise(channel=2, pressed=True), B))
    inbox.put(sent(HoldRise(channel=2, pressed=False)))
    taken, void = inbox.take(10)
    assert void == ()
    assert len(taken) == 3


def test_a_release_that_finds_no_room_still_takes_its_press_back() -> None:
    inbox = Inbox()
    for _ in range(64):
        inbox.put(sent(Fall(channel=1, step_ua=500)))
    inbox.put(sent(HoldRise(channel=1, pressed=True)))
    assert inbox.put(sent(HoldRise(channel=1, pressed=False))) is not None
    _, void = inbox.take(100)
    assert void == (sent(HoldRise(channel=1, pressed=True)),)


@pytest.mark.proves("bad-input")
def test_one_peer_may_have_64_of_a_kind_waiting_and_another_its_own() -> None:
    inbox = Inbox()
    answers = [inbox.put(sent(Start())) for _ in range(65)]
    assert answers[:64] == [None] * 64
    assert answers[64] is not None
    assert inbox.put(sent(Start(), B)) is None
    inbox.take(10)
    assert inbox.put(sent(Start())) is None


def test_take_returns_no_more_than_its_limit_and_leaves_the_rest() -> None:
    inbox = Inbox()
    for number in range(5):
        inbox.put(Received(A, Query(request=number, what="sessions")))
    first, _ = inbox.take(2)
    second, _ = inbox.take(10)
    assert [each.message.request for each in (*first, *second)] == [0, 1, 2, 3, 4]


@pytest.mark.proves("stop-first")
def test_what_a_peer_sent_before_it_left_is_still_taken() -> None:
    inbox = Inbox()
    inbox.put(sent(Stop()))
    inbox.forget(A)
    assert inbox.take(1)[0] == (sent(Stop()),)
