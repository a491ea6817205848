"""One engine on a data folder, whatever was done to its files; and nobody else's folder."""

import os
from pathlib import Path

import pytest

from appliance.errors import EngineBusy, JournalError
from appliance.records.storage.folder_lock import LOCK_FILE, FolderLock


@pytest.mark.proves("one-engine")
def test_a_lock_file_that_was_taken_away_lets_nobody_in(tmp_path: Path) -> None:
    held = FolderLock.acquire(tmp_path)
    (tmp_path / LOCK_FILE).unlink()
    with pytest.raises(EngineBusy, match="an engine works on"):
        FolderLock.acquire(tmp_path)
    held.release()
    FolderLock.acquire(tmp_path).release()


@pytest.mark.proves("one-engine")
def test_one_that_was_exchanged_does_not_either(tmp_path: Path) -> None:
    held = FolderLock.acquire(tmp_path)
    (tmp_path / LOCK_FILE).unlink()
    (tmp_path / LOCK_FILE).write_bytes(b"\x1b[2J1\n")
    with pytest.raises(EngineBusy) as busy:
        FolderLock.acquire(tmp_path)
    assert str(busy.value).isprintable()
    held.release()


@pytest.mark.proves("one-engine")
def test_the_holder_is_named_and_the_lock_is_free_after_it(tmp_path: Path) -> None:
    with pytest.raises(EngineBusy, match=rf"process {os.getpid()}\)"):
        (FolderLock.acquire(tmp_path), FolderLock.acquire(tmp_path))


def test_a_folder_that_everybody_writes_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(JournalError, match="everybody may write into it") as refused:
        FolderLock.acquire(tmp_path / "open")
    assert isinstance(refused.value.__cause__, PermissionError)


@pytest.mark.skipif(os.geteuid() != 0, reason="giving a folder away takes root")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 65534, 65534)
    with pytest.raises(JournalError, match="belongs to another user"):
        FolderLock.acquire(tmp_path / "theirs")
    assert not (tmp_path / "theirs" / LOCK_FILE).exists()
