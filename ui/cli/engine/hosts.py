"""Where a treatment runs: in this process with stepped time, or as a client of an engine.

An engine that already runs on the data folder is used as it is. Otherwise one is started as a
child, on the daemon that `PIGPIO_PORT` names, or on a virtual board started for it. Such a board
of our own waits for a machine that is late where real-time priority is not to be had
(docs/decisions/0014-waiting-board.md).
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
"""A child engine ends this long after its client went away, output ramped down before."""
LOCAL = ("", "localhost", "127.0.0.1", "::1")
DEFAULT_PORT = 8_888
MAX_PORT = 65_535
FAST_POLL_S = 0.2
POLL_S = 0.03


Time = Literal["auto", "real", "waiting"]
"""How time passes on a board started here: auto is real where real-time priority may be had."""


@dataclass(frozen=True, slots=True)
class RunTarget:
    """What to run on. `trace` asks the board started here to record; `port` names a daemon.

    `time` is for a board started here: one on `port` keeps its own, hardware knows real time only.
    """

    data: Path
    board_file: str = "reference"
    rig: str = "virtual"
    trace: Path | None = None
    port: int | None = None
    time: Time = "auto"

    def waits(self) -> bool:
        """Say whether a board started here waits for a machine that is late."""
        return self.time == "waiting" or (self.time == "auto" and not may_have_real_time())


class ChildEnd(NamedTuple):
    """What the board or engine under a treatment said as it ended, and the exit code for it."""

    text: str
    code: ExitCode


def _nothing_said() -> ChildEnd | None:
    return None


def _nowhere() -> None:
    return None


@dataclass(frozen=True, slots=True)
class EngineHost:
    """A link to an engine, how long to wait for its messages, and where it runs, in words.

    `shared` says that the engine goes on after us; `last_words` is what a child of ours that ended
    by itself said last, None where all go on. `fault` sets or clears a fault of the virtual board
    it runs on. `waited_us` asks for how long a waiting board has waited for this machine; None
    elsewhere.
    """

    link: LinkClient
    poll_s: float
    description: str
    shared: bool = False
    child_end: Callable[[], ChildEnd | None] = _nothing_said
    fault: Callable[[str, str], object] | None = None
    port: int | None = None
    """Of the virtual board, where another process may set its faults."""
    waited_us: Callable[[], int | None] = _nowhere


def daemon_port() -> int | None:
    """Return the port of a running daemon by pigpio's own convention, None where unset.

    Raises `ConfigError` for another machine (plain lines and SPI do not cross a network) and for
    what is no port.
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
        hands = {"set": board.fault_set, "clear": board.fault_clear}
        yield EngineHost(
            link,
            FAST_POLL_S,
            "a virtual board in this process, stepped time",
            fault=lambda do, fault: hands[do](fault),
        )


@contextmanager
def engine_host(target: RunTarget) -> Iterator[EngineHost]:
    """Connect to the engine of the data folder; if none runs, start one, and a board."""
    with ExitStack() as stack:
        link = _running(target.data)
        if link is None:
            yield _started(target, stack)
            return
        stack.callback(link.close)
        if target.trace is not None:
            raise ConfigError(
                "an engine runs on this data folder already: leave out --trace and record with "
                "`stimkiosk board --record FILE`, or give another --data"
            )
        port = target.port or DEFAULT_PORT
        virtual = port if find_board(port) is not None else None
        description, fault = "the engine that runs here", _fault_on(port)
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
        board = stack.enter_context(_board(target))
        port = _port_in(board.await_ready())
        children.append(board)
        waits = " that waits for this machine" if target.waits() else ""
        description = f"a virtual board of its own (port {port}){waits}"
    if target.trace is not None and not children:
        raise ConfigError(
            "--trace records a virtual board of our own; leave it out, or unset PIGPIO_ADDR and "
            "PIGPIO_PORT (the board there records with `stimkiosk board --record FILE`)"
        )
    engine = stack.enter_context(_engine(target, port, children))
    engine.await_ready()
    link = LinkClient.connect(link_path(target.data), PEER)
    stack.callback(link.close)

    def child_end() -> ChildEnd | None:
        ended = [each for each in (*children, engine) if each.has_ended()]
        if ended:
            return ChildEnd("; ".join(each.child_end() for each in ended), ended[0].end_code())
        if target.rig == "virtual" and listener_of(port) is None:
            return ChildEnd(f"nothing listens on port {port} any more", ExitCode.UNREACHABLE)
        return None

    return EngineHost(
        link,
        POLL_S,
        description,
        child_end=child_end,
        fault=_fault_on(port),
        port=port if target.rig == "virtual" else None,
        waited_us=lambda: _waited_us(port),
    )


def _fault_on(port: int) -> Callable[[str, str], object]:
    """Return what sets or clears a fault of the virtual board on a port, when it is called."""

    def fault(do: str, name: str) -> object:
        from drivers.virtual.board_sockets import own_board
        from drivers.virtual.control_socket import ControlClient

        paths = own_board(port, "--virtual-hands needs one")
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


def _board(target: RunTarget) -> Child:
    record = ("--record", str(target.trace)) if target.trace else ()
    waiting = ("--waiting",) if target.waits() else ()
    own = ("--port", "0", "--board", target.board_file, "--with-stdin")
    return Child("board", *own, *waiting, *record)


def _engine(target: RunTarget, port: int, children: list[Child]) -> Child:
    """Start an engine that keeps the children alive until it has ended."""
    arguments = ("--rig", target.rig, "--port", str(port), "--board", target.board_file)
    own = ("--data", str(target.data), "--alone-for", ALONE_S)
    return Child("engine", *arguments, *own, holds=[each.lifeline for each in children])


def _port_in(line: str) -> int:
    """Return the port in the board's ready line."""
    found = re.search(r"127\.0\.0\.1:(\d+)", line)
    if found is None:
        raise LinkError(f"the board did not say its port: {line}")
    return int(found[1])
