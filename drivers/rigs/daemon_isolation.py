"""Check who else can reach the daemon. Access to its port equals root.

See docs/hardware-notes.md section 5. On hardware, daemon and engine share a private network
namespace that contains only loopback; any difference is reported, and arming is refused. Linux's
own tables are read under a path prefix, so that tests can provide their own.
"""

from collections.abc import Iterator
from pathlib import Path

from drivers.host.connection_table import ESTABLISHED, LISTENING, ROOT, ConnectionEntry, connections

LOOPBACK_V4 = "0100007F"
LOOPBACK_V6 = "00000000000000000000000001000000"


def find_exposure(port: int, own_ports: frozenset[int], prefix: Path = ROOT) -> tuple[str, ...]:
    """Return one sentence for each way another process could reach the daemon; empty if isolated.

    `own_ports` are the local ports of this process's own connections to it.
    """
    entries = connections(prefix)
    if not entries:
        return ("the table of connections cannot be read, so nobody knows who reaches the daemon",)
    return (
        *_open_addresses(entries, port),
        *_other_interfaces(prefix / "proc/net/dev"),
        *_other_peers(entries, port, own_ports),
    )


def _open_addresses(entries: list[ConnectionEntry], port: int) -> Iterator[str]:
    for entry in entries:
        listens = entry.port == port and entry.state == LISTENING
        if listens and entry.address not in {LOOPBACK_V4, LOOPBACK_V6}:
            yield f"port {port} is open beyond loopback (start pigpiod with -l -n 127.0.0.1)"


def _other_interfaces(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()[2:]
    except OSError:
        yield "the table of network interfaces cannot be read"
        return
    names = [line.split(":")[0].strip() for line in lines if ":" in line]
    others = [name for name in names if name != "lo"]
    if others:
        yield f"the daemon's network has more than loopback: {', '.join(others)}"


def _other_peers(
    entries: list[ConnectionEntry], port: int, own_ports: frozenset[int]
) -> Iterator[str]:
    peers = {entry.port for entry in entries if entry.peer_port == port} | {
        entry.peer_port for entry in entries if entry.port == port and entry.state == ESTABLISHED
    }
    foreign = sorted(peers - own_ports - {port})
    if foreign:
        listed = ", ".join(map(str, foreign))
        yield f"another program is connected to the daemon (from port {listed})"
