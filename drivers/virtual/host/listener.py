"""A listening socket that accepts a few clients at a time and pauses when it cannot accept more."""

import errno
import selectors
import socket
from collections.abc import Callable

from drivers.virtual.host.fair_service import FairService
from drivers.virtual.host.stderr_notices import BoardNotices

BACKLOG = 100
ACCEPTS = 32
"""Maximum number of clients accepted at a time."""
RETRY_S = 0.1
"""Pause in seconds when no file descriptor is left; clients wait in the backlog meanwhile."""
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Listener:
    """Passes each connection, non-blocking, to `welcome`; owns the socket."""

    def __init__(
        self,
        listening: socket.socket,
        welcome: Callable[[socket.socket], None],
        notices: BoardNotices,
    ) -> None:
        listening.listen(BACKLOG)
        listening.setblocking(False)
        self._socket: socket.socket | None = listening
        self._welcome = welcome
        self._notices = notices
        self._service: FairService | None = None
        self._watched = False

    def register(self, service: FairService) -> None:
        """Accept clients from now on."""
        self._service = service
        self._watch()

    def close(self) -> None:
        """Stop listening; closing twice is harmless."""
        listening, self._socket = self._socket, None
        if listening is None:
            return
        if self._watched and self._service is not None:
            self._service.selector.unregister(listening)
        listening.close()

    def _watch(self) -> None:
        if self._service is not None and self._socket is not None and not self._watched:
            self._service.selector.register(self._socket, selectors.EVENT_READ, self._accept)
            self._watched = True

    def _accept(self, _: int) -> None:
        for _turn in range(ACCEPTS):
            if self._socket is None:
                return
            try:
                connection = self._socket.accept()[0]
            except (BlockingIOError, ConnectionError):
                return
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                self._look_away(error)
                return
            connection.setblocking(False)
            self._welcome(connection)

    def _look_away(self, error: OSError) -> None:
        if self._service is None or self._socket is None:
            return
        self._notices.once(
            f"board: cannot take another connection ({error.strerror}); new ones wait", "no room"
        )
        self._service.selector.unregister(self._socket)
        self._watched = False
        self._service.after(RETRY_S, self._watch)
