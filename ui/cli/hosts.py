"""Where a treatment runs: in this process on stepped time, or as a client of an engine process.

An engine that already runs on the data folder is used as it is. Otherwise one is started as a
child, on the daemon that `PIGPIO_PORT` names, or on a virtual board started for it.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import ConfigError, LinkError
from appliance.link.address import link_path
from appliance.link.client import LinkClient
from appliance.link.interfaces import ClientLink
from ui.cli.children import Child

PEER = "treat"
ALONE_S = "5"
"""A child engine ends this long after its client went away, output ramped down before."""
LOCAL = ("", "localhost", "127.0.0.1", "::1")
FAST_POLL_S = 0.2
POLL_S = 0.03


@dataclass(frozen=True, slots=True)
class Place:
    """What to run on. `trace` asks the board started here to record; `port` names a daemon."""

    data: Path
    board_file: str = "reference"
    rig: str = "virtual"
    trace: Path | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """A link to an engine, how long to wait for its messages, and where it runs, in words."""

    link: ClientLink
    poll_s: float
    words: str


def daemon_port() -> int | None:
    """Return the port of a running daemon by pigpio's own convention, None where unset.

    Raises `ConfigError` for another machine (plain lines and SPI do not cross a network) and for
    a port that is no number.
    """
    host, port = os.environ.get("PIGPIO_ADDR", ""), os.environ.get("PIGPIO_PORT", "")
    if not host and not port:
        return None
    if host not in LOCAL:
        raise ConfigError(f"PIGPIO_ADDR is {host}: only a board on this machine can be used")
    if port and not port.isdecimal():
        raise ConfigError(f"PIGPIO_PORT is {port!r}: give a port number, for example 8888")
    return int(port or 8_888)


@contextmanager
def fast_host(place: Place) -> Iterator[Host]:
    """Run engine and board in this process, as fast as it goes."""
    from appliance.engine import stepped_engine
    from drivers.board_file import load_board_file
    from drivers.virtual.board import VirtualBoard

    board = VirtualBoard(load_board_file(place.board_file), record=place.trace)
    with ExitStack() as stack:
        stack.callback(board.close)
        start_utc_us = time.time_ns() // 1_000
        _, link = stack.enter_context(stepped_engine(board, place.data, start_utc_us))
        yield Host(link, FAST_POLL_S, "a virtual board, stepped")


@contextmanager
def engine_host(place: Place) -> Iterator[Host]:
    """Be a client of the engine on the data folder; start one, and a board, where none runs."""
    with ExitStack() as stack:
        link = _running(place.data)
        words = "the engine that runs here"
        if link is not None and place.trace is not None:
            link.close()
            raise ConfigError("an engine runs here already: record with `stimkiosk board --record`")
        if link is None:
            words = _start(place, stack)
            link = LinkClient.connect(link_path(place.data), PEER)
        stack.callback(link.close)
        yield Host(link, POLL_S, words)


def _running(data: Path) -> LinkClient | None:
    try:
        return LinkClient.connect(link_path(data), PEER)
    except LinkError:
        return None


def _start(place: Place, stack: ExitStack) -> str:
    port, words = place.port, f"a {place.rig} rig"
    if port is None and place.rig == "virtual":
        record = ("--record", str(place.trace)) if place.trace else ()
        arguments = ("--port", "0", "--board", place.board_file, *record)
        board = stack.enter_context(Child("board", *arguments))
        port = _port_in(board.await_ready())
        words = "a virtual board of its own"
    elif place.trace is not None:
        raise ConfigError("--trace records a board of our own: unset PIGPIO_ADDR and PIGPIO_PORT")
    engine = stack.enter_context(
        Child(
            "engine",
            *("--rig", place.rig, "--port", str(port or 8_888)),
            *("--board", place.board_file, "--data", str(place.data), "--alone-for", ALONE_S),
        )
    )
    engine.await_ready()
    return words


def _port_in(line: str) -> int:
    """Return the port in the board's ready line."""
    found = re.search(r"127\.0\.0\.1:(\d+)", line)
    if found is None:
        raise LinkError(f"the board did not say its port: {line}")
    return int(found[1])
