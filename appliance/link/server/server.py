"""The engine's end of the link: a thread of its own, so that the control thread never waits.

The control thread uses it only through bounded queues. Nothing a client sends, or fails to read,
can delay a control tick, delay another client's stop, or raise an exception in the engine.
"""

import os
import socket
import threading
from collections import deque
from pathlib import Path
from typing import Self

from appliance.errors import LinkError
from appliance.link.engine_socket import listen
from appliance.link.inbox import Inbox, busy
from appliance.link.interfaces import Answer, Peer, Received, RefusedLines
from appliance.link.roles import RoleTable
from appliance.link.server.link_thread import Reception
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from drivers.clock import Clock, SystemClock

MAX_OUTBOUND = 4_096
"""Answers and events waiting for the link thread; beyond that the oldest are lost."""
REST_S = 0.002
"""Pause after a round in which clients were read, so that the control thread gets most of the time
(D). A stop waits at most this pause and one round."""


class LinkServer:
    """Listens at `path` from `open()` to `close()`; an `EngineLink`.

    `mode` is that of the socket file: 0600 keeps it to the engine's own user and root, 0660 lets
    the socket's group in.
    """

    def __init__(
        self,
        path: Path,
        roles: RoleTable,
        build: str,
        *,
        mode: int = 0o600,
        clock: Clock | None = None,
    ) -> None:
        self.path = path
        self._mode = mode
        self._inbox = Inbox()
        self._outbound: deque[tuple[int | None, Answer | Event]] = deque(maxlen=MAX_OUTBOUND)
        self._reception = Reception(self._inbox, roles, build, clock or SystemClock())
        self._stop = threading.Event()
        self._wake = -1
        self._listener: socket.socket | None = None
        self._file_id = (0, 0)
        self._thread = threading.Thread(target=self._run, name="stimkiosk-link", daemon=True)

    def open(self) -> Self:
        """Take the socket and start the thread; `EngineBusy` if another engine answers there."""
        self._listener = listen(self.path, self._mode)
        found = self.path.stat()
        self._file_id = (found.st_dev, found.st_ino)
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread.start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, limit: int = 32) -> tuple[Received, ...]:
        """Return what has arrived, stops first; `LinkError` once the thread has ended."""
        if not self._thread.is_alive():
            raise LinkError("the link thread has ended: no client could stop the output")
        taken, void = self._inbox.take(limit)
        for received in void:
            self.reply(received, busy(received.message))
        return taken

    def publish(self, snapshot: Snapshot) -> None:
        """Make this the newest snapshot."""
        self._reception.newest = snapshot
        self._rouse()

    def reply(self, received: Received, message: Answer) -> None:
        """Answer one message. Ignored if the sender has disconnected."""
        self._outbound.append((received.peer.number, message))
        self._rouse()

    def event(self, message: Event) -> None:
        """Send an event to every peer."""
        self._outbound.append((None, message))
        self._rouse()

    def peers(self) -> tuple[Peer, ...]:
        """Return who is connected and has said hello."""
        return self._reception.peers

    def seen(self, peer: Peer) -> int | None:
        """Return the control tick of the newest snapshot that a peer says it has shown."""
        return self._reception.seen.get(peer.number)

    def keep(self, peer: Peer) -> None:
        """Never disconnect this peer in favour of a new one."""
        self._reception.kept = peer.number

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return the refusals that the link itself gave since the last call, counted."""
        return self._reception.trouble.take()

    def close(self, timeout_s: float = 2.0) -> None:
        """Send what can be sent without waiting, and end the thread.

        Raises `LinkError` if the thread does not end in time. A second call does nothing.
        """
        if self._wake < 0:
            return
        self._stop.set()
        self._rouse()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise LinkError(f"the link thread did not end within {timeout_s} s")
        os.close(self._wake)
        self._wake = -1

    def _rouse(self) -> None:
        if self._wake >= 0:
            os.eventfd_write(self._wake, 1)

    def _run(self) -> None:
        listener = self._listener
        if listener is None:
            return
        try:
            with listener, self._reception.over(listener, self._wake) as reception:
                while not self._stop.is_set():
                    has_read = reception.serve(listener, self._wake)
                    self._send_outbound()
                    if has_read:
                        self._stop.wait(REST_S)
                self._send_outbound()
        finally:
            self._remove_file()

    def _send_outbound(self) -> None:
        while self._outbound:
            number, message = self._outbound.popleft()
            self._reception.send(number, message)
        self._reception.show_newest()
        self._reception.let_go()

    def _remove_file(self) -> None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return
        if (found.st_dev, found.st_ino) == self._file_id:
            self.path.unlink(missing_ok=True)
