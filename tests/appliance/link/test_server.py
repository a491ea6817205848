"""The engine's end over real sockets: who gets in, where the socket lies, what is shown to whom."""

import os
import socket
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import EngineBusy, LinkError
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.link.interfaces import EngineLink
from appliance.link.local import LocalLink
from appliance.link.roles import Role, RoleTable
from appliance.link.server.server import LinkServer
from appliance.messages.actions import Stop
from appliance.messages.replies import Event, Reply
from tests.appliance.link.raw_peer import HELLO, RawPeer, StandingClock, command, shown, snapshot
from tests.support.hang import HANG_S


def test_the_hello_says_version_build_and_the_role_given(server: LinkServer) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.say(HELLO)
        expected = {"type": "hello", "version": 2, "build": "build-1", "peer": "owner"}
        assert peer.hear() == expected


def test_another_version_gets_one_clear_refusal_and_the_door(server: LinkServer) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.say(b'{"type":"hello","version":99,"build":"b9","peer":"new"}\n')
        (heard,) = peer.to_the_end()
        assert heard["rule"] == "refusal.version"
        assert shown(heard, "asked") == "protocol 99 of build b9"
        assert shown(heard, "allowed") == "protocol 2"
    assert server.peers() == ()


def test_a_client_of_version_1_is_told_both_versions_in_its_own_words(server: LinkServer) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.say(b'{"type":"hello","version":1,"build":"1.0","peer":"kiosk"}\n')
        assert peer.to_the_end() == [
            {
                "type": "refused",
                "request": 0,
                "limit": "version",
                "asked": "protocol 1 of build 1.0",
                "allowed": "protocol 2",
                "nearest": "update the older side",
            }
        ]
    assert server.peers() == ()


def test_a_stop_of_version_1_counts_all_the_same(server: LinkServer) -> None:
    hello = b'{"type":"hello","version":1,"build":"1.0","peer":"kiosk"}\n'
    with closing(RawPeer(server.path)) as peer:
        peer.say(hello + command(1, "stop"))
        assert peer.to_the_end()[-1]["limit"] == "version"
        assert [type(each.message.action) for each in server.take()] == [Stop]  # type: ignore[union-attr]


def test_an_engine_of_version_1_is_named_with_both_versions(tmp_path: Path) -> None:
    words = (
        "the engine turns us away: version: protocol 2 of build 2.0; allowed: protocol 1; "
        "update the older side"
    )
    answer = (
        b'{"type":"refused","request":0,"limit":"version","asked":"protocol 2 of build 2.0",'
        b'"allowed":"protocol 1","nearest":"update the older side"}\n'
    )
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def turn_away() -> None:
            connected, _ = listener.accept()
            with connected:
                connected.recv(4_096)
                connected.sendall(answer)

        engine = threading.Thread(target=turn_away)
        engine.start()
        with pytest.raises(LinkError) as caught:
            LinkClient.connect(path, "treat", build="2.0")
        engine.join(HANG_S)
    assert str(caught.value) == words


def test_nothing_counts_before_the_hello(server: LinkServer) -> None:
    with closing(RawPeer(server.path)) as peer:
        peer.say(command(1, "rise", channel=1) + HELLO)
        (heard,) = peer.to_the_end()
        assert heard["rule"] == "refusal.hello"
    assert server.take() == ()


def test_a_client_that_never_says_hello_loses_its_place(
    server: LinkServer, clock: StandingClock
) -> None:
    with closing(RawPeer(server.path)) as silent, closing(RawPeer(server.path)) as peer:
        peer.sync()
        clock.us += 2_100_000
        peer.sync()
        assert silent.to_the_end() == []


def test_more_clients_than_places_are_turned_away_and_those_inside_go_on(
    server: LinkServer, raw: RawPeer
) -> None:
    crowd = [RawPeer(server.path) for _ in range(40)]
    raw.say(command(1, "stop"))
    raw.sync()
    for peer in crowd:
        peer.close()
    assert len(server.take()) == 1


@pytest.mark.parametrize("others", [Role.OBSERVER, None])
def test_a_strangers_user_id_is_its_ceiling(
    path: Path, others: Role | None, clock: StandingClock
) -> None:
    table = RoleTable({os.getuid() + 1: Role.OWNER}, others=others)
    server = LinkServer(path, table, "b", clock=clock)
    with server.open(), closing(RawPeer(path)) as peer:
        peer.say(HELLO + command(1, "rise", channel=1) + command(2, "stop"))
        if others is None:
            assert [each["rule"] for each in peer.to_the_end()] == ["refusal.role"]
            assert server.take() == ()
        else:
            heard = [peer.hear(), peer.hear()]
            assert [each and each.get("rule") for each in heard] == [None, "refusal.role"]
            peer.sync()
            (stop,) = server.take()
            assert (stop.message.request, stop.role) == (2, Role.OBSERVER)
            assert stop.peer.pid == os.getpid()


def test_an_answer_goes_to_its_sender_and_an_event_to_everybody(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(command(5, "stop"))
    raw.sync()
    (stop,) = server.take()
    server.reply(stop, Reply(request=5, tick=42, session="s1"))
    server.event(Event(name="stopped", session="s1", facts={"layer": 3}))
    assert raw.hear() == {"type": "reply", "request": 5, "tick": 42, "session": "s1"}
    event = {"type": "event", "name": "stopped", "session": "s1", "facts": {"layer": 3}}
    assert raw.hear() == event
    assert other.hear() == event


def test_who_comes_late_gets_the_newest_snapshot_at_once(server: LinkServer) -> None:
    server.publish(snapshot(3))
    with closing(RawPeer(server.path)) as peer:
        peer.say(HELLO)
        heard = [peer.hear(), peer.hear()]
        assert heard[1] is not None
        assert heard[1]["tick"] == 3


def test_a_press_taken_back_by_its_release_is_answered(server: LinkServer, raw: RawPeer) -> None:
    raw.say(command(1, "hold_rise", channel=1, pressed=True))
    raw.say(command(2, "hold_rise", channel=1, pressed=False))
    raw.sync()
    assert [each.message.request for each in server.take()] == [2]
    heard = raw.hear()
    assert heard is not None
    assert (heard["type"], heard["request"]) == ("refused", 1)


def test_what_a_screen_has_shown_is_known_and_cannot_run_ahead(
    server: LinkServer, raw: RawPeer
) -> None:
    (peer,) = server.peers()
    assert server.seen(peer) is None
    server.publish(snapshot(10))
    raw.hear()
    raw.say(b'{"type":"seen","tick":10}\n{"type":"seen","tick":9}\n{"type":"seen","tick":11}\n')
    raw.sync()
    assert server.seen(peer) == 10


def test_a_second_server_on_the_same_path_is_refused_and_the_first_goes_on(
    server: LinkServer, raw: RawPeer, roles: RoleTable
) -> None:
    second = LinkServer(server.path, roles, "b")
    with pytest.raises(EngineBusy, match="another engine listens"):
        second.open()
    second.close()
    raw.sync()
    assert server.path.exists()


def test_a_socket_left_by_a_dead_engine_is_taken_over(path: Path, roles: RoleTable) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
        dead.listen()
    with LinkServer(path, roles, "b").open(), closing(RawPeer(path)) as peer:
        peer.sync()


def test_a_file_that_is_no_socket_is_left_alone(path: Path, roles: RoleTable) -> None:
    path.parent.mkdir()
    path.write_text("precious")
    with pytest.raises(LinkError, match="no socket"):
        LinkServer(path, roles, "b").open()
    assert path.read_text() == "precious"


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path, roles: RoleTable) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(LinkError, match="cannot listen on"):
        LinkServer(tmp_path / "run" / "engine.sock", roles, "b").open()


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_socket_file_has_the_mode_asked_for(path: Path, roles: RoleTable, mode: int) -> None:
    with LinkServer(path, roles, "b", mode=mode).open():
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_closing_sends_the_last_words_ends_the_thread_and_removes_the_socket(
    path: Path, roles: RoleTable
) -> None:
    server = LinkServer(path, roles, "b").open()
    with closing(RawPeer(path)) as peer:
        peer.sync()
        server.event(Event(name="goodbye", session=None, facts={}))
        server.close()
        assert [each["name"] for each in peer.to_the_end()] == ["goodbye"]
    assert not path.exists()
    assert "stimkiosk-link" not in {thread.name for thread in threading.enumerate()}
    server.close()


def test_a_socket_that_another_engine_made_meanwhile_is_not_removed(
    path: Path, roles: RoleTable
) -> None:
    server = LinkServer(path, roles, "b").open()
    path.rename(path.with_suffix(".old"))
    with socket.socket(socket.AF_UNIX) as newer:
        newer.bind(str(path))
        server.close()
        assert path.exists()


def test_a_dead_link_raises_in_take_because_nobody_could_stop(path: Path, roles: RoleTable) -> None:
    server = LinkServer(path, roles, "b").open()
    server.close()
    with pytest.raises(LinkError, match="no client could stop"):
        server.take()


def test_the_socket_lies_in_the_data_folder(tmp_path: Path) -> None:
    assert link_path(tmp_path / "data") == tmp_path / "data" / "run" / "engine.sock"


def test_a_data_folder_too_deep_for_a_socket_gets_a_short_path_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    deep = tmp_path / ("d" * 120)
    assert link_path(deep) == link_path(deep)
    assert link_path(deep).parent.parent == Path("/run/user/7")
    assert link_path(deep) != link_path(tmp_path / ("e" * 120))


def test_both_engine_ends_fit_the_same_protocol(path: Path, roles: RoleTable) -> None:
    ends: list[EngineLink] = [LinkServer(path, roles, "b"), LocalLink()]
    assert len(ends) == 2
