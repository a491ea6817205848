"""The kernel's table of TCP connections: who listens where, and who is connected to whom.

Read under a prefix, so that tests can lay out a table of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path("/")
LISTENING = "0A"
ESTABLISHED = "01"
USER = 3
"""Columns behind the state."""


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
    """Return the user id of whoever listens on a port of loopback, None where nobody does."""
    found = (
        each.user for each in connections(prefix) if (each.port, each.state) == (port, LISTENING)
    )
    return next(found, None)


def _entries(path: Path) -> Iterator[ConnectionEntry]:
    """Yield the rows of /proc/net/tcp: addresses and ports in hexadecimal, state, user id."""
    try:
        rows = path.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    for row in rows:
        _, local, remote, state, *more = row.split()
        user = int(more[USER]) if len(more) > USER else None
        address, _, port = local.partition(":")
        yield ConnectionEntry(
            address, int(port, 16), int(remote.partition(":")[2], 16), state, user
        )
