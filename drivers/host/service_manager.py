"""Tells the service manager that the control loop turns: readiness, and its watchdog.

systemd's protocol (sd_notify(3)): datagrams to the socket in NOTIFY_SOCKET. The watchdog is no
safety function: output ends by itself within 100 ms of the last turn (docs/design.md section 6).
It ends a process that hangs, so that a new one can begin in Locked.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

FEEDS_PER_LIMIT = 4
"""How often the watchdog is fed within its limit: three lost datagrams do no harm (D)."""
US_PER_SECOND = 1_000_000


class ServiceManager:
    """The service manager that started this process; without one nothing is sent.

    Sending never waits and never fails: a control tick must not depend on its reader.
    """

    def __init__(
        self, environment: Mapping[str, str], monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._period_s = _limit_s(environment) / FEEDS_PER_LIMIT
        self._monotonic_s = monotonic_s
        self._ready = False
        self._fed_s = 0.0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def turned(self) -> None:
        """Say that the control loop has just completed a turn; the first one means readiness."""
        if not self._address:
            return
        now_s = self._monotonic_s()
        if not self._ready:
            self._ready = True
            self._fed_s = now_s
            self._send(b"READY=1\nWATCHDOG=1")
        elif self._period_s and now_s - self._fed_s >= self._period_s:
            self._fed_s = now_s
            self._send(b"WATCHDOG=1")

    def stopping(self) -> None:
        """Say that this process has begun to end."""
        if self._address:
            self._send(b"STOPPING=1")

    def close(self) -> None:
        """Close the socket; closing twice is harmless."""
        self._socket.close()

    def _send(self, message: bytes) -> None:
        with suppress(OSError):
            self._socket.sendto(message, self._address)


def _address(named: str) -> str:
    """Return a socket's address; one that begins with @ has no file."""
    return "\0" + named[1:] if named.startswith("@") else named


def _limit_s(environment: Mapping[str, str]) -> float:
    """Return the watchdog's limit in seconds, 0 where this process has none."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    limit = environment.get("WATCHDOG_USEC", "")
    return int(limit) / US_PER_SECOND if limit.isascii() and limit.isdigit() else 0.0
