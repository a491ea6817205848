"""Everything the link thread does: greet, read, screen, and hand on; send without waiting."""

import os
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from appliance.errors import LinkError
from appliance.link.codec import BadLine, decode_from_client, encode
from appliance.link.connection import EXPENDABLE_BYTES, Connection
from appliance.link.inbox import Inbox, busy, is_urgent
from appliance.link.interfaces import Answer, Peer, Received
from appliance.link.refusals import FLOOD, no_hello, other_version, stranger
from appliance.link.roles import RoleTable, refuse_beyond
from appliance.messages import (
    PROTOCOL_VERSION,
    Command,
    Event,
    FromClient,
    Hello,
    Refused,
    Seen,
    Snapshot,
)
from drivers.clock import Clock

MAX_CONNECTIONS = 32
MAX_BAD_LINES = 3
HELLO_WITHIN_US = 2_000_000
_ROUND_S = 0.5
_READ = selectors.EVENT_READ
_WRITE = selectors.EVENT_WRITE


class Reception:
    """The clients of one listening socket. Used by the link thread alone, but for three fields.

    `newest` is written by the control thread, `peers` and `seen` (control tick shown, by peer
    number) are read by it.
    """

    def __init__(self, inbox: Inbox, roles: RoleTable, build: str, clock: Clock) -> None:
        self.newest: Snapshot | None = None
        self.peers: tuple[Peer, ...] = ()
        self.seen: dict[int, int] = {}
        self._inbox = inbox
        self._roles = roles
        self._build = build
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, Connection] = {}
        self._last_number = 0
        self._shown: tuple[int, Snapshot | None, bytes] = (0, None, b"")

    @contextmanager
    def over(self, listener: socket.socket, wake: int) -> Iterator[Self]:
        """Serve this listener, woken through the event descriptor `wake`; at the end let all go."""
        self._selector.register(listener, _READ, None)
        self._selector.register(wake, _READ, None)
        try:
            yield self
        finally:
            for number in tuple(self._connections):
                self._drop(number)
            self._selector.close()

    def serve(self, listener: socket.socket, wake: int) -> None:
        """Wait for something to do, at most half a second, and read every socket that is ready.

        Each gets one read a round, so a flood of one client cannot keep another's stop waiting.
        """
        for key, mask in self._selector.select(_ROUND_S):
            if key.fileobj is listener:
                self._accept(listener)
            elif key.fileobj == wake:
                os.eventfd_read(wake)
            elif (connection := self._connections.get(key.data)) is not None:
                self._serve_one(key.data, connection, mask)
        self._drop_silent()

    def send(self, number: int | None, message: Answer | Event) -> None:
        """Send to one connection, or to all; one that has gone or cannot follow is let go."""
        line = _line_of(message)
        for each in tuple(self._connections) if number is None else (number,):
            connection = self._connections.get(each)
            if connection is not None and connection.peer is not None:
                self._write(each, connection, line)

    def show_newest(self) -> None:
        """Send the newest snapshot to every peer that has read all that was sent before."""
        serial, shown, line = self._shown
        newest = self.newest
        if newest is None:
            return
        if newest is not shown:
            serial, line = serial + 1, _line_of(newest)
            self._shown = (serial, newest, line)
        for number, connection in tuple(self._connections.items()):
            if connection.peer and connection.shown != serial and not connection.unsent_bytes:
                connection.shown = serial
                self._write(number, connection, line)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connected, _ = listener.accept()
        except OSError:
            # The client has left again before we looked; the others must go on.
            return
        if len(self._connections) >= MAX_CONNECTIONS:
            connected.close()
            return
        self._last_number += 1
        self._connections[self._last_number] = Connection(connected, self._clock.now_us())
        self._selector.register(connected, _READ, self._last_number)

    def _serve_one(self, number: int, connection: Connection, mask: int) -> None:
        if mask & _WRITE:
            self._settle(number, connection, is_well=connection.flush())
        if not mask & _READ:
            return
        lines = connection.read()
        for line in lines or ():
            self._take_in(number, connection, line)
        if lines is None or connection.is_ending:
            self._drop(number)

    def _take_in(self, number: int, connection: Connection, line: bytes | BadLine) -> None:
        message = decode_from_client(line) if isinstance(line, bytes) else line
        within = connection.lines.spend(self._clock.now_us())
        if connection.is_ending:
            self._take_last_words(connection, message)
        elif isinstance(message, BadLine):
            self._refuse_line(number, connection, message)
        elif connection.peer is None:
            self._greet(number, connection, message)
        elif isinstance(message, Hello):
            self._write(number, connection, self._hello(connection.peer))
        elif isinstance(message, Seen):
            self._note_seen(number, message)
        else:
            self._hand_on(
                number, connection, Received(connection.peer, message, self._clock.now_us())
            )
        if not within and not connection.is_ending:
            self._farewell(number, connection, FLOOD)

    def _hand_on(self, number: int, connection: Connection, received: Received) -> None:
        message = received.message
        refused = refuse_beyond(received.role, message)
        if refused is None and not is_urgent(message):
            within = connection.commands.spend(self._clock.now_us())
            refused = None if within else busy(message)
        if refused is None:
            refused = self._inbox.put(received)
        if refused is not None and connection.unsent_bytes < EXPENDABLE_BYTES:
            self._write(number, connection, _line_of(refused))

    def _note_seen(self, number: int, message: Seen) -> None:
        """Keep what a peer has shown; nobody can have shown what was not published yet."""
        newest = self.newest
        if newest is not None and message.tick <= newest.tick:
            self.seen[number] = max(message.tick, self.seen.get(number, 0))

    def _take_last_words(self, connection: Connection, message: FromClient | BadLine) -> None:
        """Take a stop out of what a peer said before it was shown the door."""
        if connection.peer and isinstance(message, Command) and is_urgent(message):
            received = Received(connection.peer, message, self._clock.now_us())
            if refuse_beyond(received.role, message) is None:
                self._inbox.put(received)

    def _greet(self, number: int, connection: Connection, message: FromClient) -> None:
        if not isinstance(message, Hello):
            self._farewell(number, connection, no_hello(message))
            return
        if message.version != PROTOCOL_VERSION:
            self._farewell(number, connection, other_version(message))
            return
        pid, uid = connection.credentials()
        role = self._roles.role_of(uid)
        if role is None:
            self._farewell(number, connection, stranger(uid))
            return
        connection.peer = Peer(number, message.peer, role, uid, pid)
        self.peers = (*self.peers, connection.peer)
        self._write(number, connection, self._hello(connection.peer))

    def _hello(self, peer: Peer) -> bytes:
        return _line_of(Hello(version=PROTOCOL_VERSION, build=self._build, peer=peer.role.value))

    def _refuse_line(self, number: int, connection: Connection, line: BadLine) -> None:
        connection.bad_lines += 1
        if connection.bad_lines < MAX_BAD_LINES and connection.peer is not None:
            self._write(number, connection, _line_of(line.refusal()))
        else:
            self._farewell(number, connection, line.refusal())

    def _farewell(self, number: int, connection: Connection, refused: Refused) -> None:
        connection.is_ending = True
        self._write(number, connection, _line_of(refused))

    def _write(self, number: int, connection: Connection, line: bytes) -> None:
        if number in self._connections:
            self._settle(number, connection, is_well=connection.write(line))

    def _settle(self, number: int, connection: Connection, *, is_well: bool) -> None:
        """After sending: drop a peer that has gone or is too far behind, else wait for room."""
        if not is_well:
            self._drop(number)
            return
        awaits_room = connection.unsent_bytes > 0
        if awaits_room != connection.awaits_room:
            connection.awaits_room = awaits_room
            wanted = _READ | _WRITE if awaits_room else _READ
            self._selector.modify(connection.socket, wanted, number)

    def _drop(self, number: int) -> None:
        connection = self._connections.pop(number, None)
        if connection is None:
            return
        self._selector.unregister(connection.socket)
        connection.socket.close()
        if connection.peer is not None:
            self._inbox.forget(connection.peer)
            self.seen.pop(number, None)
            self.peers = tuple(peer for peer in self.peers if peer.number != number)

    def _drop_silent(self) -> None:
        """Free the places of those who connected and never said who they are."""
        oldest_us = self._clock.now_us() - HELLO_WITHIN_US
        for number, connection in tuple(self._connections.items()):
            if connection.peer is None and connection.since_us < oldest_us:
                self._drop(number)


def _line_of(message: Answer | Event | Snapshot | Hello) -> bytes:
    """Return the line of a message; of one that cannot be sent, the line that says so."""
    try:
        return encode(message)
    except LinkError as error:
        return encode(
            Refused(
                request=getattr(message, "request", 0),
                limit="protocol",
                asked=str(error)[:500],
                allowed="an answer that fits a line",
                nearest="ask for fewer rows",
            )
        )
