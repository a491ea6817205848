"""The board's control socket: faults, state, stepping. One JSON object a line, both ways.

    {"do": "set", "fault": "lead-off:1"}      {"ok": true, "fault": "lead-off:1"}
    {"do": "clear", "fault": "lead-off:1"}    {"ok": true, "fault": "lead-off:1"}
    {"do": "list"}                            {"ok": true, "faults": [...], "known": [...]}
    {"do": "status"}                          {"ok": true, "status": {...}}
    {"do": "scope", "window_us": 40000}       {"ok": true, "scope": {...}}
    {"do": "time"}                            {"ok": true, "mode": "stepped", "time_us": 0, ...}
    {"do": "advance", "to_us": 1000}          {"ok": true, "time_us": 1000}

A refusal is {"ok": false, "error": "..."}. "advance" works on a stepped board and on a waiting one;
on a waiting board the client that first sends it controls board time until its connection ends.
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from drivers.errors import BoardRefused, NotConnected, PortInUse
from drivers.virtual.bench.fault_table import FAULTS, usage
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import connect_to_board
from drivers.virtual.pace import STEPPED, WAITING, Pace

MAX_LINE_BYTES = 64 * 1024
ADVANCE = "advance"
TIMEOUT_S = 10.0
"""How long a client waits, in seconds: advancing by a long time takes a while."""
MAX_ADVANCE_US = 86_400_000_000
"""One day: limits how long one answer may take, and keeps board time within its number range."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a client."""

    do: str
    fault: str = ""
    to_us: int | None = None
    window_us: int = 40_000


class ControlSide:
    """Answers control requests for one board that runs at `pace`."""

    def __init__(self, board: VirtualBoard, pace: Pace) -> None:
        self._board = board
        self._pace = pace
        self._leader: ControlSession | None = None
        self._actions: dict[str, Callable[[Request], dict[str, object]]] = {
            "set": lambda request: {"fault": board.fault_set(request.fault)},
            "clear": lambda request: {"fault": board.fault_clear(request.fault)},
            "list": lambda _: {
                "faults": list(board.fault_list()),
                "known": [
                    {"usage": usage(name), "summary": kind.summary} for name, kind in FAULTS.items()
                ],
            },
            "status": lambda _: {"status": board.status()},
            "scope": lambda request: {"scope": board.scope(request.window_us)},
            "time": lambda _: self._time(),
        }

    def answer(self, line: bytes, session: "ControlSession") -> bytes:
        """Return the reply to one line of a client, including its newline."""
        try:
            request = msgspec.json.decode(line, type=Request)
            if request.do == ADVANCE:
                reply: dict[str, object] = {"ok": True, **self._advance(request, session)}
            else:
                action = self._actions.get(request.do, self._unknown)
                reply = {"ok": True, **action(request)}
        except (msgspec.DecodeError, ValueError, PortInUse) as error:
            reply = {"ok": False, "error": str(error)}
        except Exception as error:  # noqa: BLE001 - a mistake in one request is no end for all
            self._board.notices.failed("a control request", error)
            reply = {"ok": False, "error": f"this request failed in the board: {error!r}"}
        return json.dumps(reply).encode() + b"\n"

    def _unknown(self, request: Request) -> dict[str, object]:
        known = ", ".join((*self._actions, ADVANCE))
        raise ValueError(f"no {request.do!r} here; there are {known}")

    def ended(self, session: "ControlSession") -> None:
        """Return to real time if the client that disconnected controlled board time."""
        if self._leader is session:
            self._leader = None
            self._pace.release(self._board.now_us)

    def _time(self) -> dict[str, object]:
        pace, now_us = self._pace, self._board.now_us
        reply: dict[str, object] = {"mode": pace.mode, "speed": pace.speed, "time_us": now_us}
        return reply | ({"waited_us": pace.waited_us(now_us)} if pace.waiting else {})

    def _advance(self, request: Request, session: "ControlSession") -> dict[str, object]:
        if self._pace.mode not in (STEPPED, WAITING):
            raise ValueError(f"this board's time is {self._pace.mode}; start one with --stepped")
        if request.to_us is None:
            raise ValueError("advance needs to_us, a board time in microseconds")
        if request.to_us > self._board.now_us + MAX_ADVANCE_US:
            raise ValueError(f"advance goes at most {MAX_ADVANCE_US} us, a day, at a time")
        if self._pace.waiting and self._leader is not session:
            if self._leader is not None:
                raise ValueError("another client leads this board's time; end that one first")
            self._leader = session
            self._pace.lead()
        self._board.advance_to_us(request.to_us)
        return {"time_us": self._board.now_us}


class ControlSession:
    """The stream of request lines from one client."""

    def __init__(self, control: ControlSide) -> None:
        self._control = control
        self._rest = bytearray()

    def receive(self, received: bytes) -> None:
        """Add received bytes; lines may arrive in any number of parts."""
        self._rest += received

    def next_reply(self) -> bytes | None:
        """Answer the next complete line; None if there is none.

        Raises `ValueError` for a line that is too long: the connection should then be closed.
        """
        line, newline, _ = self._rest.partition(b"\n")
        if not newline:
            if len(line) > MAX_LINE_BYTES:
                raise ValueError(f"line of more than {MAX_LINE_BYTES} bytes")
            return None
        del self._rest[: len(line) + 1]
        return self._control.answer(bytes(line), self)

    def ended(self) -> None:
        """Called when the client has disconnected."""
        self._control.ended(self)


class ControlClient:
    """The client side of the control socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = connect_to_board(path, TIMEOUT_S)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, do: str, **arguments: object) -> Mapping[str, Any]:
        """Send one request and return its reply.

        Raises `BoardRefused` if the board refuses it, `NotConnected` if the board is gone.
        """
        try:
            self._socket.sendall(json.dumps({"do": do, **arguments}).encode() + b"\n")
            line = self._lines.readline()
        except OSError as error:
            raise NotConnected(f"the virtual board at {self._path} went away") from error
        if not line:
            raise NotConnected(f"the virtual board at {self._path} went away")
        reply: dict[str, Any] = json.loads(line)
        if not reply["ok"]:
            raise BoardRefused(reply["error"])
        return reply

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        with contextlib.suppress(OSError):
            self._lines.close()
        self._socket.close()
