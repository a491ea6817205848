"""A place is always free for a stop: who looks on in silence has to go."""

from contextlib import closing

import pytest

from appliance.link.server.server import LinkServer
from appliance.messages.actions import Command, Stop
from tests.appliance.link.raw_peer import HELLO, RawPeer, StandingClock, command, snapshot

pytestmark = pytest.mark.proves("stop-first")

PLACES = 32
STOP = command(9, "stop")


@pytest.fixture
def crowd(server: LinkServer, clock: StandingClock) -> list[RawPeer]:
    """Fill every place; the first to come has been silent for longest."""
    found = []
    for _ in range(PLACES):
        found.append(RawPeer(server.path))
        found[-1].sync()
        clock.us += 1_000
    assert len(server.peers()) == PLACES
    return found


def leave(crowd: list[RawPeer]) -> None:
    for peer in crowd:
        peer.close()


def test_a_newcomer_stops_while_every_place_is_taken(
    server: LinkServer, crowd: list[RawPeer]
) -> None:
    with closing(RawPeer(server.path)) as newcomer:
        newcomer.say(HELLO + STOP)
        newcomer.sync()
        assert [each.message for each in server.take()] == [Command(request=9, action=Stop())]
    leave(crowd)


def test_the_most_silent_is_turned_out_and_told_why(
    server: LinkServer, crowd: list[RawPeer], clock: StandingClock
) -> None:
    crowd[0].sync()
    crowd[0].sync()
    with closing(RawPeer(server.path)) as newcomer:
        newcomer.sync()
        assert [each["rule"] for each in crowd[1].to_the_end()] == ["refusal.places"]
        assert {peer.number for peer in server.peers()} == {1, *range(3, PLACES + 2)}
    leave(crowd)


@pytest.mark.proves_none
def test_who_has_asked_for_something_stays_longer_than_who_looks_on(
    server: LinkServer, crowd: list[RawPeer], clock: StandingClock
) -> None:
    crowd[0].say(command(1, "unlock", operator="o"))
    crowd[0].sync()
    clock.us += 60_000_000
    for peer in crowd[1:]:
        peer.sync()
    with closing(RawPeer(server.path)) as newcomer:
        newcomer.sync()
        assert 1 in {peer.number for peer in server.peers()}
    leave(crowd)


@pytest.mark.proves_none
def test_the_screen_in_charge_is_never_turned_out(
    server: LinkServer, crowd: list[RawPeer], clock: StandingClock
) -> None:
    server.keep(server.peers()[0])
    newcomers = []
    for _ in range(2 * PLACES):
        newcomers.append(RawPeer(server.path))
        newcomers[-1].sync()
        clock.us += 1_000
    assert 1 in {peer.number for peer in server.peers()}
    assert len(server.peers()) == PLACES
    crowd[0].sync()
    leave([*crowd, *newcomers])


def test_a_stop_that_waits_unread_counts_when_its_sender_is_turned_out(
    server: LinkServer, crowd: list[RawPeer], clock: StandingClock
) -> None:
    server.publish(snapshot(1))
    crowd[0].say(STOP)
    newcomers = [RawPeer(server.path) for _ in range(2 * PLACES)]
    for newcomer in newcomers[-3:]:
        newcomer.sync()
    assert Command(request=9, action=Stop()) in [each.message for each in server.take(100)]
    leave([*crowd, *newcomers])


def test_who_never_said_hello_holds_no_place_against_a_stop(server: LinkServer) -> None:
    mute = [RawPeer(server.path) for _ in range(PLACES + 8)]
    with closing(RawPeer(server.path)) as newcomer:
        newcomer.say(STOP + HELLO)
        newcomer.sync()
        assert len(server.take()) == 1
    leave(mute)
