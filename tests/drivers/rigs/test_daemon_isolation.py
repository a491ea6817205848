"""Findings of who can reach the daemon, from connection tables written by the test."""

from pathlib import Path

import pytest

from drivers.rigs.daemon_isolation import find_exposure

pytestmark = pytest.mark.proves("daemon-isolated")

PORT = 8888
HEAD = "  sl  local_address rem_address   st tx_queue\n"
LISTENER = "   0: 0100007F:22B8 00000000:0000 0A 0\n"
# The engine's own connection, as seen from both ends (ports 50000 and 8888).
OURS = "   1: 0100007F:C350 0100007F:22B8 01 0\n   2: 0100007F:22B8 0100007F:C350 01 0\n"
LOOPBACK = "Inter-| Receive\n face |bytes\n    lo: 1 2 3\n"


def lay_out(prefix: Path, tcp: str, dev: str = LOOPBACK, tcp6: str = "") -> Path:
    net = prefix / "proc" / "net"
    net.mkdir(parents=True)
    (net / "tcp").write_text(HEAD + tcp)
    (net / "tcp6").write_text(HEAD + tcp6)
    (net / "dev").write_text(dev)
    return prefix


def findings(prefix: Path) -> tuple[str, ...]:
    return find_exposure(PORT, frozenset({50_000}), prefix)


def test_a_daemon_reachable_only_by_the_engine_gives_no_finding(tmp_path: Path) -> None:
    assert findings(lay_out(tmp_path, LISTENER + OURS)) == ()


def test_a_closed_connection_gives_no_finding(tmp_path: Path) -> None:
    waiting = "   3: 0100007F:22B8 0100007F:C351 06 0\n"
    assert findings(lay_out(tmp_path, LISTENER + OURS + waiting)) == ()


@pytest.mark.parametrize(
    ("tcp", "tcp6"),
    [
        ("   0: 00000000:22B8 00000000:0000 0A 0\n", ""),
        (LISTENER, "   0: 00000000000000000000000000000000:22B8 0000:0000 0A 0\n"),
    ],
)
def test_a_port_that_listens_on_all_addresses_is_reported(
    tmp_path: Path, tcp: str, tcp6: str
) -> None:
    (finding,) = findings(lay_out(tmp_path, tcp + OURS, tcp6=tcp6))
    assert "open beyond loopback" in finding


def test_another_network_interface_is_reported(tmp_path: Path) -> None:
    (finding,) = findings(lay_out(tmp_path, LISTENER + OURS, LOOPBACK + "  eth0: 1 2\n wlan0: 1\n"))
    assert finding.endswith("eth0, wlan0")


@pytest.mark.parametrize(
    "row",
    [
        "   3: 0100007F:C351 0100007F:22B8 01 0\n",
        "   3: 0100007F:22B8 0100007F:C351 01 0\n",
    ],
)
def test_another_program_on_the_port_is_reported_from_either_end(tmp_path: Path, row: str) -> None:
    (finding,) = findings(lay_out(tmp_path, LISTENER + OURS + row))
    assert "50001" in finding


def test_a_connection_on_another_port_gives_no_finding(tmp_path: Path) -> None:
    other = "   3: 00000000:0016 00000000:0000 0A 0\n   4: 0100007F:C351 0100007F:22B9 01 0\n"
    assert findings(lay_out(tmp_path, LISTENER + OURS + other)) == ()


def test_an_unreadable_table_is_reported(tmp_path: Path) -> None:
    assert len(findings(tmp_path)) == 1
