"""The work of the link thread: accept, read, check and forward messages; send without waiting.

A round reads what has arrived, takes the stops out of it wherever they are, and processes a bounded
number of lines. A connection is closed in one place (`_drop`), which first searches everything
unread for a stop.
"""

import errno
import os
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from appliance.errors import LinkError
from appliance.link import version_one_refusal
from appliance.link.codec import BadLine, decode_from_client, encode
from appliance.link.inbox import Inbox, busy, is_urgent
from appliance.link.interfaces import Answer, Peer, Received
from appliance.link.link_refusals import CROWD, FLOOD, no_hello, other_version, stranger
from appliance.link.roles import RoleTable, refuse_beyond
from appliance.link.server.client_places import most_silent
from appliance.link.server.connection import EXPENDABLE_BYTES, Connection
from appliance.link.server.refusal_counts import RefusalCounts
from appliance.link.text_conversion import refused
from appliance.messages.actions import Command, FromClient, Hello, Query, Seen, Stop
from appliance.messages.replies import Event, Refused
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import PROTOCOL_VERSION
from appliance.texts.text import text
from drivers.clock import Clock

MAX_CONNECTIONS = 32
MAX_BAD_LINES = 3
HELLO_WITHIN_US = 2_000_000
ACCEPTS = 8
"""New clients accepted in one round; at least one."""
ACCEPT_COST = 4
ROUND_COST = 40
"""Lines processed in one round: each line costs 1, and 1 more for each KiB (D)."""
TURN_LINES = 4
"""Lines of one client before the next client's turn."""
SEARCHED_BYTES = 4_096
"""Bytes searched for a cost of 1 before a connection is closed."""
_ROUND_S = 0.5
_COST_BYTES = 1_024
_READ = selectors.EVENT_READ
_WRITE = selectors.EVENT_WRITE


class Reception:
    """The clients of one listening socket. Only the link thread uses it, except for some fields.

    `newest` and `kept` (the number of the peer whose screen is in charge) are written by the
    control thread, `peers` and `seen` (control tick shown, by peer number) are read by it.
    """

    def __init__(self, inbox: Inbox, roles: RoleTable, build: str, clock: Clock) -> None:
        self.newest: Snapshot | None = None
        self.peers: tuple[Peer, ...] = ()
        self.seen: dict[int, int] = {}
        self.kept: int | None = None
        self.trouble = RefusalCounts()
        self._inbox = inbox
        self._roles = roles
        self._build = build
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, Connection] = {}
        self._last_number = 0
        self._turns = 0
        self._left_cost = 0
        self._shown: tuple[int, Snapshot | None, bytes] = (0, None, b"")

    @contextmanager
    def over(self, listener: socket.socket, wake: int) -> Iterator[Self]:
        """Serve this listener, woken through the event descriptor `wake`; at the end close all."""
        self._selector.register(listener, _READ, None)
        self._selector.register(wake, _READ, None)
        try:
            yield self
        finally:
            for number, connection in tuple(self._connections.items()):
                self._drop(number, connection)
            self._selector.close()

    def serve(self, listener: socket.socket, wake: int) -> bool:
        """Run one round, after waiting at most half a second for something to do.

        Return whether a client was read, so that the caller pauses before the next round.
        """
        self._left_cost = min(self._left_cost + ROUND_COST, ROUND_COST)
        newcomers, busy = False, self._has_work()
        for key, mask in self._selector.select(0 if busy else _ROUND_S):
            if key.fileobj is listener:
                newcomers = True
            elif key.fileobj == wake:
                os.eventfd_read(wake)
            elif (connection := self._connections.get(key.data)) is not None:
                if mask & _WRITE:
                    self._settle(key.data, connection, is_well=connection.flush())
                if mask & _READ:
                    busy = True
                    self._hear(connection)
        if (
            newcomers
        ):  # after reading the others: a client that has just sent something is not silent
            self._let_in(listener)
        worked = self._work_off()
        self._end_silent()
        self.trouble.offer()
        return busy or newcomers or worked

    def send(self, number: int | None, message: Answer | Event) -> None:
        """Send to one connection, or to all; one that has left or is too slow is closed."""
        line = _line_of(message)
        for each in tuple(self._connections) if number is None else (number,):
            connection = self._connections.get(each)
            # A client that stopped without a hello is answered too.
            if connection is not None and (connection.peer or number is not None):
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

    def let_go(self) -> None:
        """Close the connections that are ending, within the cost of a round; a last stop counts."""
        for number, connection in tuple(self._connections.items()):
            if _is_over(connection) and self._left_cost > -ROUND_COST:
                self._drop(number, connection)

    def _has_work(self) -> bool:
        return any(_is_over(each) or each.backlog.has_line for each in self._connections.values())

    def _let_in(self, listener: socket.socket) -> None:
        for count in range(ACCEPTS):
            if (count and self._left_cost <= 0) or not self._accept(listener):
                return
            self._left_cost -= ACCEPT_COST

    def _accept(self, listener: socket.socket) -> bool:
        """Accept one client and read what it has sent already; False if there is none."""
        try:
            connected, _ = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            # Else the client left before it was accepted; the others must be served.
            return False
        if len(self._connections) >= MAX_CONNECTIONS:
            self._make_room()
        self._last_number += 1
        connection = Connection(self._last_number, connected, self._clock.now_us())
        pid, uid = connection.credentials()
        connection.role = self._roles.role_of(uid)
        if connection.role is not None:
            connection.sender = Peer(
                connection.number, "", connection.role, uid, pid, self._roles.name_of(uid)
            )
        connection.last_turn = self._turns
        self._connections[self._last_number] = connection
        self._selector.register(connected, _READ, self._last_number)
        self._hear(connection)
        return True

    def _make_room(self) -> None:
        """Disconnect the client silent for longest: a place is always free for a stop."""
        number = most_silent(self._connections.items(), self.kept)
        if number is not None:
            connection = self._connections[number]
            self._farewell(number, connection, CROWD)
            self._drop(number, connection)

    def _hear(self, connection: Connection) -> None:
        """Read once, and take a stop out at once wherever it is."""
        now_us = self._clock.now_us()
        if not connection.receive(now_us) or connection.is_ending:
            return
        stop = connection.backlog.take_stop()
        if stop is None:
            return
        connection.has_asked = True
        refused = self._take_urgent(connection, stop, now_us)
        if not connection.lines.spend(now_us):
            self._farewell(connection.number, connection, FLOOD)
        elif refused is not None and connection.unsent_bytes < EXPENDABLE_BYTES:
            self._write(connection.number, connection, _line_of(refused))

    def _work_off(self) -> bool:
        """Process lines, a few of each client in turn, within the cost of a round.

        The client that has waited longest is first, and has a turn in every round. A line that
        costs more than what is left reduces the following rounds.
        """
        waiting = sorted(self._connections.values(), key=lambda each: each.last_turn)
        worked = False
        while waiting and (self._left_cost > 0 or not worked):
            connection = waiting.pop(0)
            if not connection.backlog.has_line or connection.is_ending:
                continue
            worked = True
            self._turns += 1
            connection.last_turn = self._turns
            if self._take_turn(connection.number, connection):
                waiting.append(connection)
        return worked

    def _take_turn(self, number: int, connection: Connection) -> bool:
        """Process some lines of one client; say whether it may have more."""
        for _ in range(TURN_LINES):
            if connection.is_ending:
                return False
            line = connection.backlog.next_line()
            if line is None:
                return False
            self._left_cost -= 1 + len(line) // _COST_BYTES
            self._take_in(number, connection, line)
            if self._left_cost <= 0:
                return True
        return True

    def _take_in(self, number: int, connection: Connection, line: bytes | BadLine) -> None:
        message = decode_from_client(line) if isinstance(line, bytes) else line
        within = connection.lines.spend(self._clock.now_us())
        if isinstance(message, BadLine):
            self._refuse_line(number, connection, message)
        elif connection.peer is None:
            self._greet(number, connection, message)
        elif isinstance(message, Hello):
            self._write(number, connection, self._hello(connection.peer))
        elif isinstance(message, Seen):
            self._note_seen(number, message)
        else:
            received = Received(connection.peer, message, connection.waiting_since_us)
            self._hand_on(number, connection, received)
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
        if refused is None:
            connection.has_asked = True
            return
        self._count(connection, refused, _name_of(message))
        if connection.unsent_bytes < EXPENDABLE_BYTES:
            self._write(number, connection, _line_of(refused))

    def _note_seen(self, number: int, message: Seen) -> None:
        """Record the tick a peer has shown; one that was not published yet is ignored."""
        newest = self.newest
        if newest is not None and message.tick <= newest.tick:
            self.seen[number] = max(message.tick, self.seen.get(number, 0))

    def _take_urgent(self, connection: Connection, message: Command, at_us: int) -> Refused | None:
        """Queue an urgent message; a stop needs no hello, from any user with a role."""
        if connection.sender is None:
            return None
        received = Received(connection.sender, message, at_us)
        return refuse_beyond(received.role, message) or self._inbox.put(received)

    def _greet(self, number: int, connection: Connection, message: FromClient) -> None:
        if isinstance(message, Command) and isinstance(message.action, Stop):
            refused = self._take_urgent(connection, message, connection.waiting_since_us)
            if refused is not None:
                self._write(number, connection, _line_of(refused))
            return
        if not isinstance(message, Hello):
            self._farewell(number, connection, no_hello(message))
            return
        if message.version != PROTOCOL_VERSION:
            refused = other_version(message)
            old = (
                version_one_refusal.line_of(refused)
                if message.version == version_one_refusal.VERSION
                else b""
            )
            self._farewell(number, connection, refused, old)
            return
        if connection.sender is None:
            self._farewell(number, connection, stranger(connection.credentials()[1]))
            return
        connection.peer = connection.sender = connection.sender._replace(name=message.peer)
        self.peers = (*self.peers, connection.peer)
        self._write(number, connection, self._hello(connection.peer))

    def _hello(self, peer: Peer) -> bytes:
        return _line_of(Hello(version=PROTOCOL_VERSION, build=self._build, peer=peer.role.value))

    def _refuse_line(self, number: int, connection: Connection, line: BadLine) -> None:
        connection.bad_lines += 1
        self._count(connection, line.refusal(), "")
        if connection.bad_lines < MAX_BAD_LINES and connection.peer is not None:
            self._write(number, connection, _line_of(line.refusal()))
        else:
            self._farewell(number, connection, line.refusal())

    def _farewell(
        self, number: int, connection: Connection, refused: Refused, line: bytes = b""
    ) -> None:
        if refused.rule != "refusal.protocol":  # counted where it was read
            self._count(connection, refused, "")
        self._write(number, connection, line or _line_of(refused))
        connection.is_ending = True

    def _count(self, connection: Connection, refused: Refused, action: str) -> None:
        name = connection.peer.name if connection.peer else ""
        self.trouble.count(name, action, refused)

    def _write(self, number: int, connection: Connection, line: bytes) -> None:
        if not connection.is_ending:
            self._settle(number, connection, is_well=connection.write(line))

    def _settle(self, number: int, connection: Connection, *, is_well: bool) -> None:
        """After sending: end a peer that has left or is too far behind, else wait for room."""
        if not is_well:
            connection.is_ending = True
            return
        awaits_room = connection.unsent_bytes > 0
        if awaits_room != connection.awaits_room:
            connection.awaits_room = awaits_room
            wanted = _READ | _WRITE if awaits_room else _READ
            self._selector.modify(connection.socket, wanted, number)

    def _drop(self, number: int, connection: Connection) -> None:
        """Close a connection after searching all it sent for a stop; nothing else closes one."""
        connection.receive_last()
        self._left_cost -= 1 + len(connection.backlog) // SEARCHED_BYTES
        for message in connection.backlog.last_words():
            self._take_urgent(connection, message, self._clock.now_us())
        self._selector.unregister(connection.socket)
        connection.socket.close()
        del self._connections[number]
        if connection.sender is not None:
            self._inbox.forget(connection.sender)
        if connection.peer is not None:
            self.seen.pop(number, None)
            self.peers = tuple(peer for peer in self.peers if peer.number != number)

    def _end_silent(self) -> None:
        """End connections that sent no hello in time."""
        oldest_us = self._clock.now_us() - HELLO_WITHIN_US
        for connection in self._connections.values():
            if connection.peer is None and connection.since_us < oldest_us:
                connection.is_ending = True


def _is_over(connection: Connection) -> bool:
    return connection.is_ending or (connection.has_left and not connection.backlog.has_line)


def _name_of(message: Command | Query) -> str:
    return type(message.action if isinstance(message, Command) else message).__name__


def _line_of(message: Answer | Event | Snapshot | Hello) -> bytes:
    """Return the line of a message; if it cannot be sent, a refusal that says so."""
    try:
        return encode(message)
    except LinkError as error:
        request, problem = getattr(message, "request", 0), str(error)[:500]
        allowed, nearest = text("protocol.fits_a_line"), text("protocol.fewer_rows")
        return encode(refused(request, "refusal.protocol", problem, allowed, nearest))
