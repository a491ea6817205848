"""The link of the kiosk: one thread that talks with the engine, so that no wait stops the screen.

The thread hands over the newest snapshot and what was answered; the screen says when it has taken a
snapshot in, and only then the engine hears of it: a screen that hangs is silent, and the engine
ramps the output down. A new state is drawn with that, numbers at most 0.2 s later. A lost engine is
looked for again until it answers; nothing is sent twice.
"""

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace as with_values

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.messages.actions import Action, Fall, Pause, Stop
from appliance.messages.replies import Event, FromEngine, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import MAX_ROWS, Facts

LOOK_S = 0.1
"""How long the thread sleeps where nothing wakes it."""
AGAIN_S = 0.25
"""How often a lost engine is looked for."""
LOWERING = (Stop, Pause, Fall)
"""Actions that are sent although they were touched while an engine was being looked for."""


class Asked(NamedTuple):
    """Something to send: an action or the name of a page, and tag and number of its answer.

    `act` is the id of what is recorded, as in `Command`. `rows` came on the earlier parts of a long
    page, whose next part begins `after` them.
    """

    tag: str
    number: int = 0
    action: Action | None = None
    query: str = ""
    token: str = ""
    act: str = ""
    after: int = 0
    rows: tuple[Facts, ...] = ()


class Answered(NamedTuple):
    """An answer; None where the engine went before it came."""

    tag: str
    answer: Reply | Refused | Page | None
    number: int = 0


class EngineLink:
    """Owns the thread; every method may be called by the screen's thread."""

    def __init__(self, path: Path, wake: Callable[[], None]) -> None:
        self._path, self._wake = path, wake
        self._asked: deque[Asked] = deque()
        self._answers: deque[Answered | Event] = deque()
        self._newest: tuple[Snapshot, float] | None = None
        self._shown = threading.Event()
        self._shown.set()
        # What the screen has to say wakes the thread at once: a stop waits for no poll.
        self._calls, self._caller = socket.socketpair()
        for end in (self._calls, self._caller):
            end.setblocking(False)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-link", daemon=True)
        self.problem = ""
        """Why there is no engine, as the link says it; "" while there is one."""

    def start(self) -> None:
        """Begin to look for the engine."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; closing twice does nothing."""
        self._ending.set()
        self._call()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)
        if not self._thread.is_alive():
            self._calls.close()
            self._caller.close()

    def send(self, asked: Asked) -> None:
        """Send an action or ask for a page."""
        self._asked.append(asked)
        self._call()

    def newest(self) -> tuple[Snapshot, float] | None:
        """Return the newest snapshot and when it came, in seconds of the monotonic clock."""
        return self._newest

    def shown(self, taken_in: tuple[Snapshot, float] | None) -> None:
        """Say what the screen has taken in; the engine hears of it if that is the newest."""
        if taken_in is self._newest and not self._shown.is_set():
            self._shown.set()
            self._call()

    def answers(self) -> tuple[Answered | Event, ...]:
        """Return what arrived since the last call."""
        return tuple(self._answers.popleft() for _ in range(len(self._answers)))

    # --- the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with LinkClient.connect(self._path, "kiosk") as client:
                    self.problem = ""
                    self._drop(keep=LOWERING)
                    self._talk(client)
            except (LinkError, OSError) as error:
                self.problem = str(error)
            self._drop()
            self._ending.wait(AGAIN_S)

    def _drop(self, keep: tuple[type[Action], ...] = ()) -> None:
        """What was asked while there was no engine is answered with None, never sent later.

        What lowers is kept where an engine has just answered: it does no harm, and may be meant.
        """
        self._shown.set()
        for _ in range(len(self._asked)):
            asked = self._asked.popleft()
            if isinstance(asked.action, keep):
                self._asked.append(asked)
            else:
                self._answers.append(Answered(asked.tag, None, asked.number))
        self._wake()

    def _call(self) -> None:
        """Wake the thread; a call that it has not read yet will do."""
        with suppress(OSError):
            self._caller.send(b".")

    def _talk(self, client: LinkClient) -> None:
        waiting: dict[int, Asked] = {}
        unconfirmed = False
        try:
            while not self._ending.is_set():
                self._send(client, waiting)
                if unconfirmed and self._shown.is_set():
                    client.shown()
                    unconfirmed = False
                # Nothing more is read while the screen has not taken the last snapshot in.
                if not unconfirmed and (message := client.next_message(0)) is not None:
                    unconfirmed = self._take(message, waiting)
                    continue
                self._sleep(client, reads=not unconfirmed)
        finally:
            for asked in waiting.values():
                self._answers.append(Answered(asked.tag, None, asked.number))

    def _sleep(self, client: LinkClient, *, reads: bool) -> None:
        """Sleep until the screen or the engine has something to say."""
        sources: list[socket.socket | LinkClient] = [self._calls, *([client] if reads else [])]
        select.select(sources, (), (), LOOK_S)
        with suppress(BlockingIOError):
            self._calls.recv(1024)

    def _send(self, client: LinkClient, waiting: dict[int, Asked]) -> None:
        while self._asked:
            asked = self._asked.popleft()
            if asked.action is not None:
                request = client.send(asked.action, token=asked.token, act=asked.act)
                waiting[request] = asked
                continue
            request = client.send_query(
                asked.query, after=asked.after, limit=MAX_ROWS, token=asked.token
            )
            waiting[request] = asked

    def _take(self, message: FromEngine, waiting: dict[int, Asked]) -> bool:
        """Hand one message over; return whether it was a snapshot."""
        match message:
            case Snapshot():
                self._shown.clear()
                self._newest = (message, time.monotonic())
                self._wake()
                return True
            case Page(request=request, next_after=after) if after is not None:
                asked = waiting.pop(request, Asked(""))
                # The screen shows a list whole or not at all: who is left out seems unknown.
                rest = asked._replace(after=after, rows=(*asked.rows, *message.rows))
                self._asked.appendleft(rest)
                return False
            case Page(request=request):
                asked = waiting.pop(request, Asked(""))
                whole = with_values(message, rows=(*asked.rows, *message.rows))
                self._answers.append(Answered(asked.tag, whole, asked.number))
            case Reply(request=request) | Refused(request=request):
                asked = waiting.pop(request, Asked(""))
                self._answers.append(Answered(asked.tag, message, asked.number))
            case Event():
                self._answers.append(message)
            case _:
                return False
        self._wake()
        return False
