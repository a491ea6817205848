"""The daemon's reports of level changes, read without blocking in the control tick.

The client's own reader is a thread that spins when the daemon dies; this one is polled. Reports
come on a socket of their own (pigpio.c `gpioNotifyOpenInBand`), 12 bytes each: sequence number,
flags, tick in µs (wraps every 71.6 min), levels of GPIO 0 to 31.
"""

import struct
from typing import NamedTuple

from drivers.errors import DaemonLost
from drivers.pigpio.client import ClientSocket, StreamClient

REPORT = struct.Struct("<HHII")
HEADER = struct.Struct("<IIIi")
READ_BYTES = 4_096
LEVEL_CHANGE = 0
COMMAND_BR1 = 10
COMMAND_NOIB = 99
HALF_TURN = 1 << 31
FULL_TURN = 1 << 32


class NotificationReport(NamedTuple):
    """Levels of GPIO 0 to 31 from `tick_us` on, unwrapped to an integer that only grows."""

    tick_us: int
    levels: int


class TickCounter:
    """Unwraps the daemon's 32-bit tick.

    Must see a tick at least every 35 min (the daemon reports each 60 s). A tick slightly older than
    the newest unwraps to a smaller number.
    """

    def __init__(self, tick: int = 0) -> None:
        self.now_us = tick

    def unwrap(self, tick: int) -> int:
        """Return the full tick nearest to the newest one seen."""
        step = (tick - self.now_us) % FULL_TURN
        full = self.now_us + (step if step < HALF_TURN else step - FULL_TURN)
        self.now_us = max(self.now_us, full)
        return full


class Notifications:
    """One notification handle of the daemon, on a connection of its own."""

    def __init__(self, client: StreamClient) -> None:
        self._client = client
        self._link = client.second_connection()
        self._rest = b""
        self._expected = 0
        self.ended = False
        """True once the connection has ended: no more reports will come."""
        self.ticks = TickCounter(client.get_current_tick())
        self.levels = ask(self._link, COMMAND_BR1) % FULL_TURN
        self._handle = ask(self._link, COMMAND_NOIB)
        if self._handle < 0:
            raise DaemonLost(f"the daemon has no notification handle left ({self._handle})")
        self._link.settimeout(0)

    def watch(self, mask: int) -> None:
        """Report changes of the pins in `mask` from now on; 0 stops the reports."""
        self._client.notify_begin(self._handle, mask)

    def read(self) -> list[NotificationReport]:
        """Return every level change reported since the last call, oldest first.

        Raises `DaemonLost` when the connection ended or a report is missing.
        """
        raw = self._rest + self._receive()
        whole = len(raw) - len(raw) % REPORT.size
        self._rest = raw[whole:]
        reports, missing = [], ""
        for number, flags, tick, levels in REPORT.iter_unpack(raw[:whole]):
            if number != self._expected and not missing:
                missing = f"report {self._expected} is missing, {number} came instead"
            # Continue counting after the gap, so that one lost report causes one trip, not one per
            # report.
            self._expected = (number + 1) % (1 << 16)
            tick_us = self.ticks.unwrap(tick)
            if flags == LEVEL_CHANGE:
                reports.append(NotificationReport(tick_us, levels))
        if missing:
            raise DaemonLost(missing)
        return reports

    def close(self) -> None:
        """Close the notification handle."""
        self._link.close()

    def _receive(self) -> bytes:
        chunks = []
        while True:
            try:
                chunk = self._link.recv(READ_BYTES)
            except BlockingIOError:
                break
            except OSError as error:
                self.ended = True
                raise DaemonLost(f"the daemon's reports ended: {error}") from error
            if not chunk:
                self.ended = True
                raise DaemonLost("the daemon's reports ended: connection closed")
            chunks.append(chunk)
            if len(chunk) < READ_BYTES:
                break
        return b"".join(chunks)


def ask(link: ClientSocket, command: int) -> int:
    """Send a command without parameters on `link`, return its result; raises `DaemonLost`."""
    try:
        link.sendall(HEADER.pack(command, 0, 0, 0))
        answer = link.recv(HEADER.size)
        while 0 < len(answer) < HEADER.size:
            answer += link.recv(HEADER.size - len(answer))
    except OSError as error:
        raise DaemonLost(f"the daemon did not open its reports: {error}") from error
    if len(answer) != HEADER.size:
        raise DaemonLost("the daemon closed while opening its reports")
    result: int = HEADER.unpack(answer)[3]
    return result
