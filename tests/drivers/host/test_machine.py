"""What a machine tells of itself: what is missing is nothing, what is forbidden is said."""

import os
from pathlib import Path

import pytest

from drivers.host.machine import LinuxMachine, Node, text_at

pytestmark = pytest.mark.proves_none


def test_files_folders_links_and_nodes_are_read_below_the_root(tmp_path: Path) -> None:
    machine = LinuxMachine(tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/name").write_bytes(b" Model\0\n")
    (tmp_path / "etc/now").symlink_to("slot-a")
    (tmp_path / "etc/name").chmod(0o640)
    assert machine.read("/etc/name") == b" Model\0\n"
    assert text_at(machine, "/etc/name") == "Model"
    assert machine.names("/etc") == ("name", "now")
    assert machine.link("/etc/now") == "slot-a"
    assert machine.node("/etc/name") == Node("file", os.getuid(), os.getgid(), 0o640)
    assert machine.node("/etc") is not None
    room = machine.room("/etc")
    assert room is not None
    assert 0 < room.free <= room.total


def test_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    machine = LinuxMachine(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path in ("/none", "/none/deeper", "/file/deeper"):
        assert machine.read(path) is None
        assert text_at(machine, path) == ""
        assert machine.names(path) == ()
        assert machine.link(path) is None
        assert machine.node(path) is None
        assert machine.room(path) is None
    assert machine.link("/file") is None


def test_a_pipe_or_a_folder_is_not_read_and_nothing_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    machine = LinuxMachine(tmp_path)
    assert machine.read("/pipe") is None
    assert machine.read("/") is None
    node = machine.node("/pipe")
    assert (node is not None and node.kind) == "other"


def test_a_device_of_this_machine_is_a_device() -> None:
    node = LinuxMachine().node("/dev/null")
    assert (node is not None and node.kind) == "device"


def test_a_command_runs_on_this_machine_only_and_its_failure_is_nothing(tmp_path: Path) -> None:
    assert LinuxMachine().run(["echo", "a; b"]) == "a; b\n"
    assert LinuxMachine().run(["false"]) is None
    assert LinuxMachine().run(["no-such-program-here"]) is None
    assert LinuxMachine(tmp_path).run(["echo", "a"]) is None


def test_a_command_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.host.machine.LONGEST_RUN_S", 0.05)
    with pytest.raises(TimeoutError, match="sleep took more than"):
        LinuxMachine().run(["sleep", "60"])


def test_the_files_of_the_kernel_are_read_whole() -> None:
    machine = LinuxMachine()
    assert text_at(machine, f"/proc/{os.getpid()}/comm") != ""
    assert b"sl" in (machine.read("/proc/net/tcp") or b"sl")
