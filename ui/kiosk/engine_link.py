"""The link of the kiosk: one thread that talks with the engine, so that no wait stops the screen.

The thread hands over the newest snapshot and what was answered; the screen says when it has taken a
snapshot in, and only then the engine hears of it: a screen that hangs is silent, and the engine
ramps the output down. A new state is drawn with that, numbers at most 0.2 s later. A lost engine is
looked for again until it answers; nothing is sent twice.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from appliance.errors import LinkError
from appliance.link.client import LinkClient
from appliance.messages.actions import Action, Fall, Pause, Stop
from appliance.messages.replies import Event, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot

POLL_S = 0.01
"""How long a command may wait for its turn; a stop has 120 ms to take the current away (D)."""
AGAIN_S = 0.25
"""How often a lost engine is looked for."""
LOWERING = (Stop, Pause, Fall)
"""Actions that are sent although they were touched while an engine was being looked for."""


class Asked(NamedTuple):
    """Something to send: an action or the name of a page, and the tag of its answer."""

    tag: str
    action: Action | None = None
    query: str = ""
    token: str = ""


class Answered(NamedTuple):
    """An answer; None where the engine went before it came."""

    tag: str
    answer: Reply | Refused | Page | None


class EngineLink:
    """Owns the thread; every method may be called by the screen's thread."""

    def __init__(self, path: Path, wake: Callable[[], None]) -> None:
        self._path, self._wake = path, wake
        self._asked: deque[Asked] = deque()
        self._answers: deque[Answered | Event] = deque()
        self._newest: tuple[Snapshot, float] | None = None
        self._shown = threading.Event()
        self._shown.set()
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
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def send(self, asked: Asked) -> None:
        """Send an action or ask for a page."""
        self._asked.append(asked)

    def newest(self) -> tuple[Snapshot, float] | None:
        """Return the newest snapshot and when it came, in seconds of the monotonic clock."""
        return self._newest

    def shown(self) -> None:
        """Say that the screen has taken the newest snapshot in."""
        self._shown.set()

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
                self._answers.append(Answered(asked.tag, None))
        self._wake()

    def _talk(self, client: LinkClient) -> None:
        waiting: dict[int, str] = {}
        unconfirmed = False
        try:
            while not self._ending.is_set():
                self._send(client, waiting)
                if unconfirmed:
                    if not self._shown.wait(POLL_S):
                        continue
                    client.shown()
                    unconfirmed = False
                unconfirmed = self._receive(client, waiting)
        finally:
            for tag in waiting.values():
                self._answers.append(Answered(tag, None))

    def _send(self, client: LinkClient, waiting: dict[int, str]) -> None:
        while self._asked:
            asked = self._asked.popleft()
            if asked.action is not None:
                waiting[client.send(asked.action, token=asked.token)] = asked.tag
                continue
            waiting[client.send_query(asked.query, limit=1_000)] = asked.tag

    def _receive(self, client: LinkClient, waiting: dict[int, str]) -> bool:
        """Take in one message; return whether it was a snapshot."""
        message = client.next_message(POLL_S)
        match message:
            case None:
                return False
            case Snapshot():
                self._shown.clear()
                self._newest = (message, time.monotonic())
                self._wake()
                return True
            case Reply(request=request) | Refused(request=request) | Page(request=request):
                tag = waiting.pop(request, "")
                self._answers.append(Answered(tag, message))
            case Event():
                self._answers.append(message)
            case _:
                return False
        self._wake()
        return False
