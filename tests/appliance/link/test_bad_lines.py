"""What a client sends is never trusted: one clear answer, then the door, and the engine goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import LinkError
from appliance.link.codec import (
    BadLine,
    LineBuffer,
    decode_from_client,
    decode_from_engine,
    encode,
)
from appliance.link.server.server import LinkServer
from appliance.messages.actions import Command, Fall, Stop
from appliance.messages.replies import Event, Page
from tests.appliance.link.raw_peer import RawPeer, command, shown

pytestmark = pytest.mark.proves("bad-input")

BAD = [
    b"hello",
    b"",
    b"[]",
    b"\xff\xfe\x00",
    b'{"type":"bogus","request":5}',
    b'{"type":"command","request":5,"action":{"type":"explode"}}',
    b'{"type":"command","request":5,"action":{"type":"rise"}}',
    b'{"type":"command","request":5,"action":{"type":"rise","channel":0}}',
    b'{"type":"command","request":5,"action":{"type":"rise","channel":1},"surprise":1}',
    b'{"type":"command","request":5,"action":{"type":"fall","channel":1,"step_ua":-500}}',
    b'{"type":"query","request":5,"what":"sessions","limit":99999999}',
    b'{"type":"snapshot"}',
    b"[" * 60_000,
    b'{"request":5,"x":' + b"[" * 60_000,
]


@pytest.mark.parametrize("line", BAD, ids=lambda line: line[:60].decode(errors="replace"))
def test_a_bad_line_gets_one_refusal_and_nothing_reaches_the_engine(
    line: bytes, server: LinkServer, raw: RawPeer
) -> None:
    raw.say(line + b"\n" + command(6, "stop"))
    (heard,) = raw.sync()
    assert (heard["type"], heard["rule"]) == ("refused", "refusal.protocol")
    assert heard["request"] == (5 if b'"request":5,"x"' not in line and b":5" in line else 0)
    assert [each.message for each in server.take()] == [Command(request=6, action=Stop())]


def test_the_third_bad_line_ends_the_connection_and_nobody_elses(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(b"x\n" * 3)
    assert [each["rule"] for each in raw.to_the_end()] == ["refusal.protocol"] * 3
    other.say(command(1, "stop"))
    other.sync()
    assert len(server.take()) == 1


@pytest.mark.proves("stop-first")
def test_a_stop_behind_bad_lines_still_counts(server: LinkServer, raw: RawPeer) -> None:
    raw.say(b"x\n" * 5 + command(1, "rise", channel=1) + command(2, "stop"))
    raw.to_the_end()
    assert [each.message for each in server.take()] == [Command(request=2, action=Stop())]


def test_a_line_without_end_is_refused_once_and_what_follows_it_is_read(
    server: LinkServer, raw: RawPeer
) -> None:
    raw.say(b"y" * 300_000)
    raw.say(b"\n" + command(1, "stop"))
    (heard,) = raw.sync()
    assert heard["asked"] == "a line longer than 65536 bytes"
    assert len(server.take()) == 1


def test_half_a_line_waits_for_its_other_half(server: LinkServer, raw: RawPeer) -> None:
    line = command(4, "fall", channel=2, step_ua=1_000)
    raw.say(line[:20])
    assert server.take() == ()
    raw.say(line[20:])
    raw.sync()
    assert [each.message for each in server.take()] == [
        Command(request=4, action=Fall(channel=2, step_ua=1_000))
    ]


def test_half_a_line_of_a_client_that_dies_is_forgotten(
    server: LinkServer, raw: RawPeer, other: RawPeer
) -> None:
    raw.say(command(4, "stop")[:-10])
    raw.close()
    other.sync()
    other.sync()
    assert server.take() == ()


@given(line=st.binary(max_size=200))
def test_no_bytes_make_the_decoder_raise(line: bytes) -> None:
    assert isinstance(decode_from_client(line), BadLine)
    assert isinstance(decode_from_engine(line), BadLine)


@given(
    lines=st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b" ")), max_size=8),
    cuts=st.lists(st.integers(1, 40), max_size=20),
)
def test_lines_are_the_same_however_the_bytes_arrive(lines: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    buffer = LineBuffer()
    found: list[bytes | BadLine] = []
    for cut in cuts:
        found += buffer.feed(stream[:cut])
        stream = stream[cut:]
    assert found + buffer.feed(stream) == lines


@pytest.mark.parametrize(("length", "is_taken"), [(65_535, True), (65_536, False)])
def test_a_line_has_at_most_64_kib_with_its_newline(length: int, is_taken: bool) -> None:
    (line,) = LineBuffer().feed(b"z" * length + b"\n")
    assert isinstance(line, bytes) is is_taken


@pytest.mark.proves_none
def test_a_page_too_long_for_a_line_is_a_link_error() -> None:
    with pytest.raises(LinkError, match="at most 65536"):
        encode(Page(request=1, rows=({"text": "x" * 70_000},), next_after=None))


@pytest.mark.proves_none
def test_an_answer_too_long_for_a_line_reaches_the_client_as_a_refusal(
    server: LinkServer, raw: RawPeer
) -> None:
    raw.say(b'{"type":"query","request":3,"what":"sessions"}\n')
    raw.sync()
    (asked,) = server.take()
    server.reply(asked, Page(request=3, rows=({"text": "x" * 70_000},), next_after=None))
    heard = raw.hear()
    assert heard is not None
    assert (heard["type"], heard["request"], shown(heard, "nearest")) == (
        "refused",
        3,
        "ask for fewer rows",
    )


@pytest.mark.proves_none
def test_an_event_that_json_cannot_hold_does_not_end_the_link(
    server: LinkServer, raw: RawPeer
) -> None:
    server.event(Event(name="odd", session=None, facts={"thing": object(), "text": "\ud800"}))
    heard = raw.hear()
    assert heard is not None
    assert heard["type"] == "refused"
    raw.sync()
