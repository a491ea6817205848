"""No client can hold back another's stop, nor fill the engine's memory."""

import pytest

from appliance.link.server.server import LinkServer
from appliance.messages.actions import Command, Stop
from appliance.messages.replies import Event
from tests.appliance.link.raw_peer import HELLO, RawPeer, StandingClock, command, snapshot


def actions(server: LinkServer, limit: int = 10_000) -> list[str]:
    taken = server.take(limit)
    return [
        type(each.message.action).__name__ for each in taken if isinstance(each.message, Command)
    ]


@pytest.mark.proves("stop-first")
def test_a_stop_of_another_client_goes_ahead_of_a_thousand_commands(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(b"".join(command(n, "rise", channel=1) for n in range(1, 1001)))
    raw.sync()
    other.say(command(1, "stop"))
    other.sync()
    (first,) = server.take(1)
    assert first.message == Command(request=1, action=Stop())


@pytest.mark.proves("stop-first")
def test_a_stop_goes_ahead_of_its_own_clients_flood(server: LinkServer, raw: RawPeer) -> None:
    raw.say(b"".join(command(n, "rise", channel=1) for n in range(1, 1001)))
    raw.say(command(1001, "stop", cut=True))
    raw.sync()
    assert actions(server)[0] == "Stop"


@pytest.mark.proves("bad-input")
def test_excess_commands_are_each_answered_busy_and_not_queued(
    server: LinkServer, raw: RawPeer
) -> None:
    raw.say(b"".join(command(n, "rise", channel=1) for n in range(1, 1001)))
    heard = raw.sync()
    assert actions(server) == ["Rise"] * 50
    assert [each["rule"] for each in heard] == ["refusal.busy"] * 950
    assert [each["request"] for each in heard] == list(range(51, 1001))


@pytest.mark.proves("bad-input")
def test_the_allowance_comes_back_with_time(
    server: LinkServer, raw: RawPeer, clock: StandingClock
) -> None:
    raw.say(b"".join(command(n, "rise", channel=1) for n in range(1, 101)))
    raw.sync()
    server.take(1_000)
    clock.us += 100_000
    raw.say(b"".join(command(n, "rise", channel=1) for n in range(1, 101)))
    raw.sync()
    assert len(server.take(1_000)) == 5


@pytest.mark.proves("bad-input", "stop-first")
def test_a_flood_of_falls_does_not_hold_back_a_stop_nor_grow_without_end(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(b"".join(command(n, "fall", channel=1, step_ua=500) for n in range(1, 1001)))
    raw.sync()
    other.say(command(1, "stop"))
    other.sync()
    assert actions(server) == ["Stop"] + ["Fall"] * 64


@pytest.mark.proves("stop-first")
def test_a_cut_goes_ahead_of_stops_that_wait(server: LinkServer, raw: RawPeer) -> None:
    raw.say(b"".join(command(n, "stop") for n in range(1, 101)))
    raw.say(command(101, "stop", cut=True))
    raw.sync()
    (first,) = server.take(1)
    assert first.message == Command(request=101, action=Stop(cut=True))


@pytest.mark.proves("bad-input", "stop-first")
def test_a_client_beyond_any_measure_is_put_out_but_its_stop_counts(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    # Small lines, so that all of them and the stop behind them fit one read.
    raw.say(b"{}\n")
    raw.sync()
    raw.say(b'{"type":"seen","tick":1}\n' * 2_000)
    raw.sync()
    raw.say(b'{"type":"seen","tick":1}\n' * 2_000)
    raw.sync()
    raw.say(b'{"type":"seen","tick":1}\n' * 1_100 + command(9, "stop"))
    heard = raw.to_the_end()
    other.sync()
    assert heard[-1]["rule"] == "refusal.flood"
    assert actions(server) == ["Stop"]


@pytest.mark.proves("bad-input")
def test_a_slow_reader_sees_the_newest_snapshot_and_not_those_between(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    last = 3_000
    for tick in range(1, last + 1):
        server.publish(snapshot(tick))
        while (heard := other.hear()) is not None and heard["tick"] != tick:
            pass
    ticks = [0]
    while ticks[-1] != last:
        heard = raw.hear()
        assert heard is not None
        ticks.append(int(str(heard["tick"])))
    assert ticks == sorted(set(ticks))
    assert len(ticks) < last / 2


@pytest.mark.proves("bad-input")
def test_a_reader_that_never_reads_is_dropped_and_the_others_go_on(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    text = "x" * 4_000
    for number in range(400):  # the kernel holds 40 to 120 of them, as its memory lies
        server.event(Event(name="test", session=None, facts={"n": number, "text": text}))
        heard = other.hear()
        assert heard is not None
        assert heard["facts"] == {"n": number, "text": text}
    assert [peer.number for peer in server.peers()] == [2]
    assert len(raw.to_the_end()) < 400


@pytest.mark.proves("bad-input", "stop-first")
def test_who_comes_again_and_again_with_bad_lines_holds_nobody_back(
    server: LinkServer, raw: RawPeer
) -> None:
    """Each newcomer's lines wait behind those of who was there before."""
    rude: list[RawPeer] = []
    for number in range(200):
        rude.append(RawPeer(server.path))
        rude[-1].say(HELLO + b"\n" * 10_000)
        if number % 20 == 0:
            raw.say(command(number, "stop"))
            raw.say(command(number, "rise", channel=1))
            raw.sync()
            assert actions(server) == ["Stop", "Rise"]
    for peer in rude:
        peer.close()


@pytest.mark.proves_none
def test_publishing_to_nobody_is_no_matter(server: LinkServer, raw: RawPeer) -> None:
    raw.close()
    for tick in range(100):
        server.publish(snapshot(tick))
        server.event(Event(name="test", session=None, facts={}))
    assert server.take() == ()
