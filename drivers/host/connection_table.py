"""The kernel's table of TCP connections: who listens on a port, and who is connected to it.

It is read under a path prefix, so that tests can provide their own table.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path("/")
LISTENING = "0A"
ESTABLISHED = "01"
USER = 3
"""Index of the user id column, counted from the column after the state."""


class ConnectionEntry(NamedTuple):
    """One row: local address (hexadecimal, as the kernel writes it), ports, state, user id."""

    address: str
    port: int
    peer_port: int
    state: str
    user: int | None


def connections(prefix: Path = ROOT) -> list[ConnectionEntry]:
    """Return every row of both tables, IPv4 and IPv6; empty where they cannot be read."""
    return [*_entries(prefix / "proc/net/tcp"), *_entries(prefix / "proc/net/tcp6")]


def listener_of(port: int, prefix: Path = ROOT) -> int | None:
    """Return the user id of the listener on a loopback port, None if there is none."""
    users = (
        entry.user
        for entry in connections(prefix)
        if (entry.port, entry.state) == (port, LISTENING)
    )
    return next(users, None)


def _entries(path: Path) -> Iterator[ConnectionEntry]:
    try:
        table = path.read_text(encoding="ascii")
    except OSError:
        return
    yield from parse_connections(table)


def parse_connections(table: str) -> Iterator[ConnectionEntry]:
    """Yield the rows of /proc/net/tcp: addresses and ports in hexadecimal, state, user id."""
    for row in table.splitlines()[1:]:
        _, local, remote, state, *more = row.split()
        user = int(more[USER]) if len(more) > USER else None
        address, _, port = local.partition(":")
        yield ConnectionEntry(
            address, int(port, 16), int(remote.partition(":")[2], 16), state, user
        )
