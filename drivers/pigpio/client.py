"""The methods of `pigpio.pi` over a separate connection, with a time limit on every answer.

`pigpio.pi` connects without timeouts and starts a thread that spins when the daemon dies (pigpio
issue 563), so its constructor is not run: this class gives those methods the only thing they use, a
socket, and translates every failure into a `DriverError`. After a timeout the answers would no
longer match the requests, so the connection is dropped and not used again.
"""

import socket
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Protocol, cast

import pigpio

from drivers.errors import DaemonLost, DaemonRefused, NotConnected
from drivers.pigpio.waves import WavePulse

ANSWER_TIMEOUT_S = 0.020
"""docs/design.md section 5: a daemon that has not answered after 20 ms counts as lost."""
CONNECT_TIMEOUT_S = 0.1
"""The kernel accepts for a local daemon at once, unless the queue of a frozen daemon is full. The
control tick that tries to reconnect after a trip must not wait long for that (D)."""
COMMANDS = 128

IDLE = pigpio.NO_TX_WAVE
ONE_SHOT_SYNC = pigpio.WAVE_MODE_ONE_SHOT_SYNC
OUTPUT = pigpio.OUTPUT
SCRIPT_STARTING = pigpio.PI_SCRIPT_INITING
SCRIPT_RUNNING = pigpio.PI_SCRIPT_RUNNING

# Command numbers (pigpio.h) by purpose; all others count as "other".
WAVE_COMMANDS = frozenset({*range(27, 37), 49, 50, 51, 52, 53, 93, 100, 101, 118})
GUARD_COMMANDS = frozenset({38, 39, 40, 41, 45, 117})


class ClientSocket(Protocol):
    """The part of a connected socket that we use; the virtual board has one without a network."""

    def settimeout(self, value: float | None, /) -> None:
        """Set how long `recv` waits, in seconds; 0 means it does not wait."""
        ...

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Return at most `size` bytes, or b"" at the end of the connection."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


Connect = Callable[[], ClientSocket]


class TcpConnect:
    """Opens connections to a daemon and knows which of them are still open."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self.port = port
        self._links: list[socket.socket] = []

    @property
    def ports(self) -> frozenset[int]:
        """Return the local ports of the open connections; a closed one's port may be reused."""
        self._links = [link for link in self._links if link.fileno() >= 0]
        return frozenset(link.getsockname()[1] for link in self._links)

    def __call__(self) -> ClientSocket:
        """Return a new connection; raises `NotConnected`."""
        try:
            link = socket.create_connection((self._host, self.port), CONNECT_TIMEOUT_S)
        except OSError as error:
            raise NotConnected(
                f"no pigpio daemon at {self._host}:{self.port} ({error.strerror or error}); "
                "start pigpiod or `stimkiosk board`"
            ) from error
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._links.append(link)
        return link


class TimedConnection:
    """A connection that closes itself if an answer is late. Counts requests by command number."""

    def __init__(self, link: ClientSocket, answer_s: float) -> None:
        self._link: ClientSocket | None = link
        self._missing = 0
        self.requests = [0] * COMMANDS
        link.settimeout(answer_s)

    def sendall(self, data: bytes | bytearray) -> None:
        """Send a request; raises `DaemonLost`."""
        number = data[0]  # low byte of the little-endian command word; no command is above 127
        if number < COMMANDS:
            self.requests[number] += 1
        try:
            self._open().sendall(bytes(data))
        except OSError as error:
            self._drop(error)

    send = sendall

    def recv(self, size: int) -> bytes:
        """Return exactly `size` bytes of an answer; raises `DaemonLost`."""
        try:
            answer = self._open().recv(size)
            while len(answer) < size:
                more = self._open().recv(size - len(answer))
                if not more:
                    raise ConnectionResetError("connection closed")
                answer += more
        except OSError as error:
            self._drop(error)
        return answer

    def answer_within(self, timeout_s: float) -> None:
        """Set how long to wait for each answer from now on."""
        if self._link is not None:
            self._link.settimeout(timeout_s)

    @property
    def is_open(self) -> bool:
        """Whether requests can still be sent."""
        return self._link is not None

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _open(self) -> ClientSocket:
        if self._link is None:
            raise ConnectionResetError("connection dropped")
        return self._link

    def _drop(self, error: OSError) -> NoReturn:
        self.close()
        if isinstance(error, TimeoutError):
            raise DaemonLost("the daemon did not answer in time") from error
        raise DaemonLost(f"the daemon is gone: {error}") from error


class StreamClient(pigpio.pi):
    """The unmodified client's methods, without its thread and with a time limit on every answer.

    Every method raises `DaemonLost` when the daemon does not answer and `DaemonRefused` when it
    answers with an error code. `answer_s` is the limit in real time, 20 ms by default.
    """

    def __init__(self, connect: Connect, answer_s: float | None = None) -> None:
        self._connect = connect
        self._answer_s = ANSWER_TIMEOUT_S if answer_s is None else answer_s
        self.wire = TimedConnection(connect(), self._answer_s)
        self.connected = True
        self.sl = pigpio._socklock()  # noqa: SLF001  what the client's methods reach the daemon by
        self.sl.s = cast("socket.socket", self.wire)
        self._notify = None

    @property
    def dropped(self) -> bool:
        """Whether the connection is closed; nothing is sent any more then."""
        return not self.wire.is_open

    def reopen(self) -> None:
        """Replace the connection by a new one; raises `NotConnected`."""
        requests = self.wire.requests
        self.wire.close()
        self.wire = TimedConnection(self._connect(), self._answer_s)
        self.wire.requests = requests
        self.sl.s = cast("socket.socket", self.wire)

    def add_pulses(self, pulses: Sequence[WavePulse]) -> int:
        """Add pulses to the pending wave; return how many it now holds."""
        # The client reads three attributes; `WavePulse` has them under the same names.
        return self.wave_add_generic(cast("Sequence[pigpio.pulse]", pulses))

    def take_share(self, share: float) -> None:
        """Set the time limit of each answer to a share (0 to 1) of `answer_s` from now on."""
        self.wire.answer_within(self._answer_s * share)

    def second_connection(self) -> ClientSocket:
        """Open another connection to the same daemon, with the same time limit on answers."""
        link = self._connect()
        link.settimeout(self._answer_s)
        return link

    def round_trips(self) -> dict[str, int]:
        """Return the number of requests so far: for waves, for the guard, for all else."""
        counts = self.wire.requests
        waves = sum(counts[number] for number in WAVE_COMMANDS)
        guard = sum(counts[number] for number in GUARD_COMMANDS)
        return {"wave": waves, "guard": guard, "other": sum(counts) - waves - guard}

    def stop(self) -> None:
        """Close the connection."""
        self.connected = False
        self.wire.close()


def _refusing(name: str) -> Callable[..., Any]:
    """Return a method of the client that raises `DaemonRefused` in place of `pigpio.error`."""
    original = getattr(pigpio.pi, name)

    def method(self: StreamClient, *arguments: Any) -> Any:
        try:
            return original(self, *arguments)
        except pigpio.error as error:
            raise DaemonRefused(f"the daemon refused {name}: {error}") from error

    method.__name__ = name
    method.__doc__ = original.__doc__
    return method


USED = (
    "clear_bank_1",
    "set_bank_1",
    "read_bank_1",
    "set_mode",
    "get_current_tick",
    "notify_begin",
    "notify_close",
    "wave_add_generic",
    "wave_add_new",
    "wave_clear",
    "wave_create",
    "wave_create_and_pad",
    "wave_delete",
    "wave_send_using_mode",
    "wave_tx_at",
    "wave_tx_stop",
    "store_script",
    "run_script",
    "update_script",
    "stop_script",
    "delete_script",
)
"""The client methods that our drivers call; each is wrapped to raise a `DriverError`."""

for _name in USED:
    setattr(StreamClient, _name, _refusing(_name))
