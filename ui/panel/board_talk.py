"""Talks with the board in a thread of its own: sends what keys ask for, looks at the board."""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

from drivers.errors import BoardRefused, NotConnected
from drivers.virtual.control_socket import ControlClient
from ui.panel.oscillogram import next_window_us
from ui.panel.state import Command, Seen, seen_of

LOOK_S = 0.15
"""How often the board is looked at."""


class News(NamedTuple):
    """The board as it was seen, and how many commands it had carried out by then."""

    seen: Seen
    done: int


class BoardTalk:
    """`on_news` is called in the thread after each look, `on_end` when the board has gone."""

    def __init__(
        self, control: Path, on_news: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        self._client = ControlClient(control)
        self._on_news, self._on_end = on_news, on_end
        self._commands: SimpleQueue[Command | None] = SimpleQueue()
        self._newest: News | None = None
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def send(self, commands: tuple[Command, ...]) -> None:
        """Let the board do something."""
        for command in commands:
            self._commands.put(command)

    def newest(self) -> News | None:
        """Return how the board was seen last."""
        return self._newest

    def close(self) -> None:
        """End; what was asked for before is still done. Closing twice is harmless."""
        self._commands.put(None)
        if self._thread.is_alive():
            self._thread.join(1.0)
        self._client.close()

    def _run(self) -> None:
        seen, done = Seen(), 0
        while True:
            try:
                command = self._commands.get(timeout=LOOK_S)
                if command is None:
                    return
                self._do(command)
                done += 1
                if not self._commands.empty():
                    continue
            except Empty:
                pass
            except NotConnected:
                break
            try:
                seen = self._look(seen)
            except NotConnected:
                break
            self._newest = News(seen, done)
            self._on_news()
        self._on_end()

    def _do(self, command: Command) -> None:
        try:
            self._client.ask(command.do, fault=command.fault)
        except BoardRefused:  # somebody else has cleared it meanwhile
            return

    def _look(self, before: Seen) -> Seen:
        ask = self._client.ask
        status = ask("status")["status"]
        return seen_of(status, ask("scope", window_us=next_window_us(before))["scope"])
