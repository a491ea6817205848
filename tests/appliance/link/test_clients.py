"""The client over both transports: a socket with timeouts, and steps in the engine's process."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import LinkError
from appliance.link.client import FIRST, LinkClient
from appliance.link.codec import encode
from appliance.link.interfaces import Received
from appliance.link.local import LocalLink
from appliance.link.roles import Role, RoleTable
from appliance.link.server.server import LinkServer
from appliance.link.transport import SocketTransport
from appliance.messages.actions import (
    Command,
    Fall,
    Hello,
    HoldRise,
    Prescribe,
    Query,
    Rise,
    Stop,
)
from appliance.messages.replies import Event, Page, Refused, Reply
from tests.appliance.link.raw_peer import snapshot
from tests.support.hang import HANG_S
from tests.support.texts import said


def answer_all(server: LinkServer | LocalLink) -> None:
    """Be the engine for one tick."""
    for received in server.take():
        request = received.message.request
        if isinstance(received.message, Query):
            page = Page(request=request, rows=({"id": "s1"},), next_after=None)
            server.reply(received, page)
        else:
            server.reply(received, Reply(request=request, tick=1))


@pytest.fixture
def engine(server: LinkServer) -> Iterator[LinkServer]:
    """Run an engine that says yes to everything, in a thread of its own."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.001):
            answer_all(server)

    thread = threading.Thread(target=run, name="engine")
    thread.start()
    yield server
    stop.set()
    thread.join(HANG_S)


@pytest.fixture
def client(server: LinkServer) -> Iterator[LinkClient]:
    with LinkClient.connect(server.path, "test") as connected:
        yield connected


@pytest.fixture
def local() -> LocalLink:
    link = LocalLink("build-1")
    link.step = lambda: answer_all(link)
    return link


@pytest.fixture
def stepped(local: LocalLink) -> LinkClient:
    return LinkClient(local, "local")


@pytest.fixture(params=["socket", "stepped"])
def any_client(request: pytest.FixtureRequest) -> LinkClient:
    if request.param == "socket":
        request.getfixturevalue("engine")
    name = "client" if request.param == "socket" else "stepped"
    connected: LinkClient = request.getfixturevalue(name)
    return connected


def test_an_action_is_answered(any_client: LinkClient) -> None:
    first, second = any_client.send(Stop()), any_client.send(Fall(channel=1, step_ua=500))
    assert any_client.wait_reply(second) == Reply(request=second, tick=1)
    assert any_client.wait_reply(first) == Reply(request=first, tick=1)


def test_a_query_is_answered_with_a_page(any_client: LinkClient) -> None:
    page = any_client.query("sessions")
    assert isinstance(page, Page)
    assert page.rows == ({"id": "s1"},)


def test_nothing_to_say_is_none_at_the_timeout(any_client: LinkClient) -> None:
    assert any_client.next_message(0.05) is None


def test_no_engine_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="no engine answers at"):
        LinkClient.connect(tmp_path / "engine.sock", "test")


def test_being_turned_away_says_why(path: Path) -> None:
    table = RoleTable({os.getuid() + 1: Role.OWNER}, others=None)
    with (
        LinkServer(path, table, "b").open(),
        pytest.raises(LinkError, match="turns us away: role: user id"),
    ):
        LinkClient.connect(path, "test")


def test_an_engine_that_does_not_answer_is_an_error_at_the_timeout(client: LinkClient) -> None:
    with pytest.raises(LinkError, match="did not answer request 1"):
        client.wait_reply(client.send(Stop()), timeout_s=0.01)


def test_an_engine_that_goes_is_an_error_and_not_a_silence(
    server: LinkServer, client: LinkClient
) -> None:
    server.close()
    with pytest.raises(LinkError, match=r"closed the connection|broke|has gone"):
        client.next_message(5)


def test_what_arrived_before_the_engine_went_is_given_first(
    server: LinkServer, client: LinkClient
) -> None:
    """Hazard: a trip, or a drill's result, that arrived and was never seen."""
    request = client.send(Stop())
    (stop,) = _received(server, 1)
    server.event(Event(name="trip", session=None, facts={}))
    server.reply(stop, Reply(request=request, tick=3))
    server.publish(snapshot(3))
    server.close()
    assert client.snapshot() == snapshot(3), "a reply is still unread"
    client.shown()
    with pytest.raises(LinkError, match="nothing was sent"):
        client.send(Stop())
    assert client.next_message(0) == Event(name="trip", session=None, facts={})
    assert client.wait_reply(request) == Reply(request=request, tick=3)
    assert client.next_message(0) == snapshot(3)
    with pytest.raises(LinkError, match=r"closed the connection|broke"):
        client.next_message(0)
    with pytest.raises(LinkError, match=r"closed the connection|broke"):
        client.wait_reply(9)


def test_a_last_snapshot_is_given_once_before_the_loss(
    server: LinkServer, client: LinkClient
) -> None:
    server.publish(snapshot(3))
    server.close()
    assert client.next_message(5) == snapshot(3)
    assert client.snapshot() == snapshot(3)
    with pytest.raises(LinkError, match=r"closed the connection|broke"):
        client.snapshot()


class Script:
    """A transport that gives these lines one by one and then breaks."""

    def __init__(self, *lines: bytes) -> None:
        self._lines = list(lines)

    def now_us(self) -> int:
        return 0

    def send(self, line: bytes) -> None:
        del line

    def receive(self, timeout_us: int) -> bytes:
        del timeout_us
        if not self._lines:
            raise LinkError("the engine has closed the connection")
        return self._lines.pop(0)

    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        pass


ENGINE = encode(Hello(version=2, build="b", peer="owner"))
FULL = Refused(request=FIRST, rule="refusal.busy", asked="Stop", allowed="a", nearest="n")


@pytest.mark.parametrize("answer", [Reply(request=FIRST, tick=4), FULL])
def test_an_answer_that_overtakes_the_hello_is_kept(answer: Reply | Refused) -> None:
    """Hazard: a stop that was carried out and is reported as unconfirmed."""
    client = LinkClient(Script(encode(answer), ENGINE), "stop", first=Stop())
    assert client.wait_reply(FIRST) == answer


def test_an_engine_that_goes_before_its_hello_says_so() -> None:
    with pytest.raises(LinkError, match="closed the connection"):
        LinkClient(Script(), "stop", first=Stop())


def test_no_line_continues_one_that_was_sent_in_part(tmp_path: Path) -> None:
    """Hazard: a stop glued to half a command, read as neither."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        with closing(SocketTransport(tmp_path / "s", 0.05)) as transport:
            far, _ = listener.accept()
            with far:
                with pytest.raises(LinkError, match="does not read: what was sent may be lost"):
                    transport.send(b"x" * 10_000_000)
                while far.recv(1_000_000):
                    pass
                with pytest.raises(LinkError, match="nothing was sent"):
                    transport.send(b"stop")


def test_a_command_carries_the_newest_session_and_state_seen(
    server: LinkServer, client: LinkClient
) -> None:
    server.publish(snapshot(1, session="s1", state_number=6))
    server.publish(snapshot(2, session="s2", state_number=7))
    while (seen := client.next_message(5)) != snapshot(2, session="s2", state_number=7):
        assert seen is not None
    client.send(Rise(channel=1))
    client.send(Stop())
    client.send(HoldRise(channel=1, pressed=False))
    client.send(Prescribe(programme="p"))
    sent = _taken(server, 4)
    by_action = {type(each.action): (each.session, each.state_number) for each in sent}
    assert by_action == {
        Rise: ("s2", 7),
        Stop: ("s2", None),
        HoldRise: ("s2", None),
        Prescribe: (None, 7),
    }


def test_what_arrives_after_a_decision_is_not_what_it_was_decided_on(
    local: LocalLink, stepped: LinkClient
) -> None:
    """Hazard: a start in a treatment that somebody prescribed meanwhile, as if it had been seen."""
    local.publish(snapshot(1, session="s1", state_number=6))
    assert stepped.snapshot() == snapshot(1, session="s1", state_number=6)
    local.publish(snapshot(2, session="s2", state_number=7))
    local.event(Event(name="e", session=None, facts={}))
    assert stepped.next_message(0) == Event(name="e", session=None, facts={})
    stepped.shown()
    stepped.send(Rise(channel=1))
    (sent,) = (each.message for each in local.take())
    assert isinstance(sent, Command)
    assert (sent.session, sent.state_number) == ("s1", 6)
    assert local.seen(local.peers()[0]) == 1


def test_events_come_before_snapshots_and_one_at_a_time(
    server: LinkServer, client: LinkClient
) -> None:
    server.event(Event(name="one", session=None, facts={}))
    server.event(Event(name="two", session=None, facts={}))
    names = [getattr(client.next_message(5), "name", None) for _ in range(2)]
    assert names == ["one", "two"]


def test_shown_tells_the_engine_the_tick(server: LinkServer, client: LinkClient) -> None:
    client.shown()
    server.publish(snapshot(5))
    assert client.next_message(5) == snapshot(5)
    client.shown()
    client.send(Stop())
    _taken(server, 1)
    assert server.seen(server.peers()[0]) == 5


def test_role_and_build_are_told_at_connect(client: LinkClient) -> None:
    assert (client.role, client.engine_build) == ("owner", "build-1")


def test_a_closed_client_says_so(client: LinkClient) -> None:
    client.close()
    with pytest.raises(LinkError, match="closed"):
        client.send(Stop())


def _taken(server: LinkServer, count: int) -> list[Command]:
    taken = (each.message for each in _received(server, count))
    return [message for message in taken if isinstance(message, Command)]


def _received(server: LinkServer, count: int) -> list[Received]:
    taken: list[Received] = []
    while len(taken) < count:
        taken += server.take()
    return taken


def test_stepped_messages_pass_the_codec(stepped: LinkClient) -> None:
    refused = stepped.ask(Fall(channel=1, step_ua=-500))
    assert isinstance(refused, Refused)
    assert said(refused).limit == "protocol"
    assert "step_ua" in said(refused).asked


def test_stepped_stops_go_first(local: LocalLink, stepped: LinkClient) -> None:
    stepped.send(Rise(channel=1))
    stepped.send(Stop())
    taken = [each.message.action for each in local.take() if isinstance(each.message, Command)]
    assert taken == [Stop(), Rise(channel=1)]


def test_a_stepped_observer_has_its_ceiling() -> None:
    link = LocalLink(role=Role.OBSERVER)
    link.step = lambda: answer_all(link)
    client = LinkClient(link, "local")
    assert client.role == "observer"
    assert isinstance(client.ask(Rise(channel=1)), Refused)
    assert isinstance(client.ask(Stop()), Reply)


def test_a_stepped_wait_counts_ticks(local: LocalLink, stepped: LinkClient) -> None:
    steps: list[int] = []
    step: Callable[[], None] = lambda: steps.append(1)  # noqa: E731 - one line of bookkeeping
    local.step = step
    with pytest.raises(LinkError, match="did not answer"):
        stepped.wait_reply(stepped.send(Stop()), timeout_s=0.5)
    assert len(steps) == 50


def test_a_stepped_client_sees_the_newest_snapshot_once_and_events_first(
    local: LocalLink, stepped: LinkClient
) -> None:
    local.publish(snapshot(1))
    local.publish(snapshot(2))
    local.event(Event(name="e", session=None, facts={}))
    assert stepped.next_message(0) == Event(name="e", session=None, facts={})
    assert stepped.next_message(0) == snapshot(2)
    assert stepped.next_message(0) is None
    assert stepped.snapshot() == snapshot(2)
    stepped.shown()
    assert local.seen(local.peers()[0]) == 2


def test_a_stepped_client_is_a_peer_from_its_hello_until_it_closes(local: LocalLink) -> None:
    assert local.peers() == ()
    client = LinkClient(local, "local")
    assert [peer.name for peer in local.peers()] == ["local"]
    client.close()
    assert local.peers() == ()
    with pytest.raises(LinkError, match="closed"):
        client.send(Stop())


def test_a_stepped_wait_past_published_snapshots_still_ends_at_its_ticks(
    local: LocalLink, stepped: LinkClient
) -> None:
    steps: list[int] = []

    def publish() -> None:
        steps.append(1)
        local.publish(snapshot(len(steps)))

    local.step = publish
    with pytest.raises(LinkError, match="did not answer"):
        stepped.wait_reply(stepped.send(Stop()), timeout_s=0.5)
    assert len(steps) == 50
    assert stepped.next_message(0) == snapshot(50)
