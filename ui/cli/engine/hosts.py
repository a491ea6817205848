"""Where a treatment runs: in this process with stepped time, or in an engine process.

An engine that already runs on the data folder is used. Otherwise one is started as a child, on the
daemon at `PIGPIO_PORT`, or on a virtual board that is started, too. Such a board waits for a slow
machine if real-time priority is not available (docs/decisions/0014-waiting-board.md).
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from appliance.errors import ConfigError, LinkError
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from drivers.host.connection_table import listener_of
from drivers.virtual.board_sockets import find_board
from ui.cli.engine.child_process import Child
from ui.cli.engine.priority import may_have_real_time
from ui.cli.terminal.console import fail
from ui.cli.terminal.error_reports import exit_code_of
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import shown, whole_number

PEER = "treat"
ALONE_S = "5"
"""A child engine ends this many seconds after its client has gone; it ramps down first."""
LOCAL = ("", "localhost", "127.0.0.1", "::1")
DEFAULT_PORT = 8_888
MAX_PORT = 65_535
FAST_POLL_S = 0.2
POLL_S = 0.03


Time = Literal["auto", "real", "waiting"]
"""Time of a board started here: auto is real if real-time priority is available, else waiting."""


@dataclass(frozen=True, slots=True)
class RunTarget:
    """What to run on. `trace` is the file that a board started here records to.

    `port` is that of a running daemon, None to start a board. `time` is only for a board started
    here.
    """

    data: Path
    board_file: str = "reference"
    rig: str = "virtual"
    trace: Path | None = None
    port: int | None = None
    time: Time = "auto"

    def waits(self) -> bool:
        """Tell whether a board started here waits for a slow machine."""
        return self.time == "waiting" or (self.time == "auto" and not may_have_real_time())


class ChildEnd(NamedTuple):
    """The last message of a board or engine that ended by itself, and its exit code."""

    text: str
    code: ExitCode


def _no_child() -> ChildEnd | None:
    return None


def _no_waiting_board() -> None:
    return None


@dataclass(frozen=True, slots=True)
class EngineHost:
    """A link to an engine, the time to wait for its messages in s, and where it runs, in words.

    `shared`: the engine keeps running after this command. `child_end` returns how one of our
    children ended by itself, None if all run. `fault` sets or clears a fault of the virtual board;
    `own_channels` are those of a board that was started for this run, which then chooses its loads.
    `port` is that of a virtual board whose faults another process may set. `waited_us` returns how
    long a waiting board has waited for this machine, None for other boards.
    """

    link: LinkClient
    poll_s: float
    description: str
    shared: bool = False
    child_end: Callable[[], ChildEnd | None] = _no_child
    fault: Callable[[str, str], object] | None = None
    own_channels: tuple[int, ...] = ()
    port: int | None = None
    waited_us: Callable[[], int | None] = _no_waiting_board


def daemon_port() -> int | None:
    """Return the daemon's port from PIGPIO_ADDR and PIGPIO_PORT, None if both are unset.

    Raises `ConfigError` for another machine (GPIO lines and SPI are only reachable locally) and for
    an invalid port.
    """
    host, port = os.environ.get("PIGPIO_ADDR", ""), os.environ.get("PIGPIO_PORT", "")
    if not host and not port:
        return None
    if host not in LOCAL:
        raise ConfigError(
            f"PIGPIO_ADDR is {host}: only a board on this machine can be used; "
            "unset it or give 127.0.0.1"
        )
    number = whole_number(port) if port else DEFAULT_PORT
    if number is None or not 1 <= number <= MAX_PORT:
        raise ConfigError(f"PIGPIO_PORT is {shown(port)}: give a port from 1 to {MAX_PORT}")
    return number


@contextmanager
def fast_host(target: RunTarget) -> Iterator[EngineHost]:
    """Run engine and board in this process, as fast as possible."""
    from appliance.engine import stepped_engine
    from appliance.records.wall_clock import SystemWallClock
    from drivers.board_file import load_board_file
    from drivers.virtual.board import VirtualBoard

    board_file = load_board_file(target.board_file)
    try:
        board = VirtualBoard(board_file, record=target.trace)
    except OSError as error:
        fail(f"cannot record to {target.trace}: {error.strerror}", exit_code_of(error))
    with ExitStack() as stack:
        stack.callback(board.close)
        wall = SystemWallClock()
        opened = stepped_engine(board, target.data, wall.utc_us(), trusted=wall.trusted)
        _, link = stack.enter_context(opened)
        functions = {"set": board.fault_set, "clear": board.fault_clear}
        yield EngineHost(
            link,
            FAST_POLL_S,
            "a virtual board in this process, stepped time",
            fault=lambda do, fault: functions[do](fault),
            own_channels=tuple(range(1, board_file.channels + 1)),
        )


@contextmanager
def engine_host(target: RunTarget) -> Iterator[EngineHost]:
    """Connect to the engine of the data folder; if none runs, start one and, if needed, a board."""
    with ExitStack() as stack:
        link = _running(target.data)
        if link is None:
            yield _started(target, stack)
            return
        stack.callback(link.close)
        if target.trace is not None:
            raise ConfigError(
                "an engine already runs on this data folder: leave out --trace and record with "
                "`stimkiosk board --record FILE`, or give another --data"
            )
        port = target.port or DEFAULT_PORT
        virtual = port if find_board(port) is not None else None
        description, fault = "the engine already running on this data folder", _fault_on(port)
        yield EngineHost(link, POLL_S, description, shared=True, fault=fault, port=virtual)


def _running(data: Path) -> LinkClient | None:
    path = link_path(data)
    if not path.exists():
        return None
    try:
        return LinkClient.connect(path, PEER)
    except LinkError:
        return None


def _started(target: RunTarget, stack: ExitStack) -> EngineHost:
    """Start an engine, and before it a board if no port is given."""
    children: list[Child] = []
    port, description = target.port or DEFAULT_PORT, f"the {target.rig} board on port {target.port}"
    if target.rig == "hardware":
        description = "the output stage of this machine"
    elif target.port is None:
        board, port = start_board(target, stack)
        children.append(board)
        waits = " that waits for this machine" if target.waits() else ""
        description = f"a virtual board of its own (port {port}){waits}"
    if target.trace is not None and not children:
        raise ConfigError(
            "--trace records only a virtual board that this command starts: leave it out, or unset "
            "PIGPIO_ADDR and PIGPIO_PORT (a running board records with "
            "`stimkiosk board --record FILE`)"
        )
    engine = start_engine(target, port, children, stack)
    link = LinkClient.connect(link_path(target.data), PEER)
    stack.callback(link.close)

    def child_end() -> ChildEnd | None:
        ended = [child for child in (*children, engine) if child.has_ended()]
        if ended:
            return ChildEnd("; ".join(child.child_end() for child in ended), ended[0].end_code())
        if target.rig == "virtual" and listener_of(port) is None:
            return ChildEnd(f"nothing listens on port {port} any more", ExitCode.UNREACHABLE)
        return None

    return EngineHost(
        link,
        POLL_S,
        description,
        child_end=child_end,
        fault=_fault_on(port),
        own_channels=_channels_of_own_board(target),
        port=port if target.rig == "virtual" else None,
        waited_us=lambda: _waited_us(port),
    )


def _channels_of_own_board(target: RunTarget) -> tuple[int, ...]:
    from drivers.board_file import load_board_file

    if target.rig != "virtual" or target.port is not None:
        return ()
    return tuple(range(1, load_board_file(target.board_file).channels + 1))


def _fault_on(port: int) -> Callable[[str, str], object]:
    """Return a function that sets or clears a fault of the virtual board on a port."""

    def fault(do: str, name: str) -> object:
        from drivers.virtual.board_sockets import own_board
        from drivers.virtual.control_socket import ControlClient

        paths = own_board(port, "set PIGPIO_PORT to the port of the board that the engine uses")
        with ControlClient(paths.control) as client:
            return client.ask(do, fault=name)

    return fault


def _waited_us(port: int) -> int | None:
    """Return how long the board on a port has waited, in µs; None if it does not wait."""
    from drivers.errors import NotConnected
    from drivers.virtual.board_sockets import find_board
    from drivers.virtual.control_socket import ControlClient

    paths = find_board(port)
    if paths is None:
        return None
    with suppress(NotConnected), ControlClient(paths.control) as client:
        waited_us: int | None = client.ask("time").get("waited_us")
        return waited_us
    return None


def start_board(target: RunTarget, stack: ExitStack) -> tuple[Child, int]:
    """Start a board and return it and its port once it listens; the stack ends it."""
    record = ("--record", str(target.trace)) if target.trace else ()
    waiting = ("--waiting",) if target.waits() else ()
    own = ("--port", "0", "--board", target.board_file, "--with-stdin")
    board = stack.enter_context(Child("board", *own, *waiting, *record))
    return board, _port_in(board.await_ready())


def start_engine(
    target: RunTarget, port: int, children: list[Child], stack: ExitStack, alone_s: str = ALONE_S
) -> Child:
    """Start an engine that keeps the children alive until it has ended; the stack ends it."""
    arguments = ("--rig", target.rig, "--port", str(port), "--board", target.board_file)
    own = ("--data", str(target.data), "--alone-for", alone_s)
    holds = [child.lifeline for child in children]
    engine = stack.enter_context(Child("engine", *arguments, *own, holds=holds))
    engine.await_ready()
    return engine


def _port_in(line: str) -> int:
    """Return the port in the board's ready line; raises `LinkError` if there is none."""
    match = re.search(r"127\.0\.0\.1:(\d+)", line)
    if match is None:
        raise LinkError(f"the board did not print its port: {line}")
    return int(match[1])
