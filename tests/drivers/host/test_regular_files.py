"""Links, pipes and devices in place of files are refused at once, and their targets unchanged."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from appliance.errors import ApplianceError, JournalError, LinkError
from appliance.link.engine_socket import listen
from appliance.records.incidents.format import read as read_incident
from appliance.records.storage.atomic_files import erase_file, write_whole
from appliance.records.storage.folder_lock import FolderLock
from appliance.records.storage.signing_key import DeviceKey, public_key_of
from appliance.records.storage.store import DiskReserve, Store, open_read_only
from drivers.board_file import load_board_file
from drivers.errors import DriverError
from drivers.host.regular_files import open_regular, read_regular
from ui.trace.vcd.reader import read_vcd

VICTIM = b"somebody else's"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _link(path: Path) -> None:
    (path.parent / "victim").write_bytes(VICTIM)
    path.symlink_to(path.parent / "victim")


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "made-by-us")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


ODD: dict[str, Callable[[Path], None]] = {
    "a named pipe": _pipe,
    "a folder": Path.mkdir,
    "a socket": _socket,
    "a link": _link,
    "a link to nothing": _dangling,
    "a device": _device,
}
OPENERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "records, writing": ("records.db", lambda path: Store.open(path.parent)),
    "records, reading": ("records.db", lambda path: open_read_only(path.parent).__enter__()),
    "log of the records": ("records.db-wal", lambda path: Store.open(path.parent)),
    "lock": ("engine.lock", lambda path: FolderLock.acquire(path.parent)),
    "device key": ("device.key", lambda path: DeviceKey.of(path.parent)),
    "reserve": ("records.reserve", lambda path: DiskReserve(path.parent).keep()),
    "capsule, reading": ("x.capsule.jsonl.gz", read_incident),
    "capsule, erasing": ("x.capsule.jsonl.gz", erase_file),
    "capsule, writing": ("x.capsule.jsonl.gz", lambda path: write_whole(path, b"new")),
    "half a capsule": ("x.tmp", lambda path: write_whole(path.with_suffix(""), b"new")),
}


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("kind", ODD)
def test_a_path_that_is_no_regular_file_is_refused_and_its_target_is_unchanged(
    tmp_path: Path, kind: str, opener: str
) -> None:
    name, open_it = OPENERS[opener]
    ODD[kind](tmp_path / name)
    with pytest.raises((ApplianceError, OSError)) as raised:
        open_it(tmp_path / name)
    assert str(raised.value)
    with suppress(FileNotFoundError):
        assert (tmp_path / "victim").read_bytes() == VICTIM
    assert not (tmp_path / "made-by-us").exists()


@pytest.mark.parametrize("kind", ["a named pipe", "a folder", "a socket", "a device"])
def test_a_board_file_that_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    ODD[kind](tmp_path / "own.toml")
    with pytest.raises(DriverError, match=f"cannot be read: it is {kind}, not a file"):
        load_board_file(tmp_path / "own.toml")


def test_a_board_file_may_be_a_link_and_a_huge_one_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(Path("drivers/boards/reference.toml").absolute())
    assert load_board_file(tmp_path / "link.toml").name == "reference"
    with (tmp_path / "huge.toml").open("wb") as huge:
        huge.truncate(10**12)
    with pytest.raises(DriverError, match="longer than 1048576 bytes"):
        load_board_file(tmp_path / "huge.toml")


def test_a_file_is_truncated_only_after_its_kind_was_checked(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_bytes(b"before")
    os.close(open_regular(path, os.O_WRONLY | os.O_TRUNC))
    assert path.read_bytes() == b""
    assert read_regular(path, 0) == b""


def test_a_key_behind_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(bytes(32))
    (tmp_path / "device.key").symlink_to(tmp_path / "victim")
    with pytest.raises(JournalError, match="it is a link, not a file"):
        DeviceKey.of(tmp_path)
    assert public_key_of(tmp_path) is None


@pytest.mark.parametrize("kind", ["a named pipe", "a folder", "a socket", "a device"])
def test_a_recording_path_that_is_no_regular_file_is_refused_at_once(
    tmp_path: Path, kind: str
) -> None:
    ODD[kind](tmp_path / "run.vcd")
    with pytest.raises(OSError, match=f"it is {kind}, not a file"):
        read_vcd(tmp_path / "run.vcd")


def test_a_socket_is_not_created_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "theirs")
    with pytest.raises(LinkError, match="is a link, or another user's"):
        listen(tmp_path / "run" / "engine.sock", 0o600)
    assert not list((tmp_path / "theirs").iterdir())
