"""What the installer writes is what the doctor calls in order, and what was taken away is named."""

from pathlib import Path

import pytest

from drivers.host.machine import LinuxMachine
from tests.deploy.conftest import System
from tests.support.made_up_machine import MadeUpWall, no_engine
from ui.cli.doctor.examine import examine
from ui.cli.doctor.lines import Line, Status
from ui.cli.doctor.subject import Subject

pytestmark = pytest.mark.proves_none


def lines(system: System) -> dict[str, Line]:
    machine = LinuxMachine(system.root)
    looked_at = Subject(machine, Path("/var/lib/stimkiosk"), no_engine, MadeUpWall())
    return {line.name: line for line in examine(looked_at)}


def test_an_installed_system_is_in_order_as_far_as_a_folder_can_be(installed: System) -> None:
    found = lines(installed)
    for name in ("model", "system", "installation", "boot", "pigpiod mask"):
        assert found[name].status is Status.OK, found[name]
    assert found["pigpiod mask"].found.startswith("does not run; its unit says 0xC70000")
    assert "without" not in found["pigpiod options"].found
    assert found["installation"].found == "display 800x480, board file reference"


@pytest.mark.parametrize(
    ("path", "old", "new", "name"),
    [
        ("boot/firmware/config.txt", "dtparam=spi=on", "#", "boot"),
        ("boot/firmware/config.txt", "dtparam=audio=off", "dtparam=audio=on", "boot"),
        ("boot/firmware/cmdline.txt", "quiet", "quiet console=serial0,115200", "boot"),
        (
            "etc/systemd/system/stimkiosk-pigpiod.service",
            "-x 0xC70000",
            "-x 0xFFFFFFF",
            "pigpiod mask",
        ),
        ("etc/stimkiosk/engine.env", "=reference", "=reference-4", "pigpiod mask"),
        ("etc/os-release", "trixie", "sid", "system"),
    ],
)
def test_what_was_edited_is_wrong(
    installed: System, path: str, old: str, new: str, name: str
) -> None:
    before = installed.read(path)
    assert old in before
    installed.write(path, before.replace(old, new))
    assert lines(installed)[name].status is Status.WRONG


def test_a_system_before_the_installer_is_told_to_run_it(system: System) -> None:
    found = lines(system)
    assert found["installation"].status is Status.NOT_HERE
    assert "deploy/install.sh" in found["boot"].fix
