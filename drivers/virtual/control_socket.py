"""The board's controls: faults, electrical state, stepping. One JSON object a line, both ways.

    {"do": "set", "fault": "lead-off:1"}      {"ok": true, "fault": "lead-off:1"}
    {"do": "clear", "fault": "lead-off:1"}    {"ok": true, "fault": "lead-off:1"}
    {"do": "list"}                            {"ok": true, "faults": [...], "known": [...]}
    {"do": "status"}                          {"ok": true, "status": {...}}
    {"do": "time"}                            {"ok": true, "mode": "stepped", "time_us": 0, ...}
    {"do": "advance", "to_us": 1000}          {"ok": true, "time_us": 1000}

A refusal is {"ok": false, "error": "..."}. A stepped board is advanced from outside; a waiting one
too, and whoever does leads it until that connection ends.
"""

import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from drivers.errors import NotConnected, PortInUse
from drivers.virtual.bench.fault_table import FAULTS, usage
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pace import STEPPED, WAITING, Pace

MAX_LINE_BYTES = 64 * 1024
ADVANCE = "advance"
TIMEOUT_S = 10.0
"""How long a client waits: stepping through a long stretch takes its time."""
MAX_ADVANCE_US = 86_400_000_000
"""A day: nobody waits for more in one answer, and no number moves the board to the end of time."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a client."""

    do: str
    fault: str = ""
    to_us: int | None = None


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
            "time": lambda _: self._time(),
        }

    def answer(self, line: bytes, session: "ControlSession") -> bytes:
        """Return the reply to one line of a client, its newline included."""
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
        """Let real time go on where the client that is gone led the board."""
        if self._leader is session:
            self._leader = None
            self._pace.release(self._board.now_us)

    def _time(self) -> dict[str, object]:
        pace, now_us = self._pace, self._board.now_us
        told: dict[str, object] = {"mode": pace.mode, "speed": pace.speed, "time_us": now_us}
        return told | ({"waited_us": pace.waited_us(now_us)} if pace.waiting else {})

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
    """One client's stream of lines."""

    def __init__(self, control: ControlSide) -> None:
        self._control = control
        self._rest = bytearray()

    def receive(self, received: bytes) -> None:
        """Take bytes as they come."""
        self._rest += received

    def next_reply(self) -> bytes | None:
        """Answer the next whole line; None where there is none.

        Raises `ValueError` for a line without an end: the connection should end.
        """
        line, newline, _ = self._rest.partition(b"\n")
        if not newline:
            if len(line) > MAX_LINE_BYTES:
                raise ValueError(f"line of more than {MAX_LINE_BYTES} bytes")
            return None
        del self._rest[: len(line) + 1]
        return self._control.answer(bytes(line), self)

    def ended(self) -> None:
        """Take note that the client is gone."""
        self._control.ended(self)


class BoardRefused(ValueError):
    """The board's controls said no; the text says why and what would be accepted."""


class ControlClient:
    """A program's end of the control socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(TIMEOUT_S)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise NotConnected(
                f"no virtual board answers at {path} ({error.strerror or error}); "
                "start one with: stimkiosk board"
            ) from error
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, do: str, **arguments: object) -> Mapping[str, Any]:
        """Send one request and return its reply.

        Raises `BoardRefused` when the board says no, `NotConnected` when it is gone.
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
        """Let the board go; closing twice is harmless."""
        with contextlib.suppress(OSError):
            self._lines.close()
        self._socket.close()
