"""A server on a real socket, and two clients of it."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.link.roles import RoleTable, role_table
from appliance.link.server.server import LinkServer
from tests.appliance.link.raw_peer import RawPeer, StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "engine.sock"


@pytest.fixture
def roles() -> RoleTable:
    return role_table(os.getuid())


@pytest.fixture
def server(path: Path, roles: RoleTable, clock: StandingClock) -> Iterator[LinkServer]:
    with LinkServer(path, roles, "build-1", clock=clock).open() as running:
        yield running


@pytest.fixture
def raw(server: LinkServer) -> Iterator[RawPeer]:
    with closing(RawPeer(server.path)) as peer:
        peer.sync()
        yield peer


@pytest.fixture
def other(server: LinkServer) -> Iterator[RawPeer]:
    with closing(RawPeer(server.path)) as peer:
        peer.sync()
        yield peer
