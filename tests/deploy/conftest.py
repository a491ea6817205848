"""A bare system in a folder, like a stock Raspberry Pi OS Lite on a Pi 4, and its installer."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FILES_ONLY = "users,services,udev,boot,data,clock,network"
"""The steps that need no other program inside the system; the others need a real one."""
CONFIG = """\
# For more options and information see the documentation
dtparam=audio=on
camera_auto_detect=1
dtoverlay=vc4-kms-v3d
max_framebuffers=2

[cm4]
otg_mode=1

[all]
enable_uart=1
"""
CMDLINE = "console=serial0,115200 console=tty1 root=PARTUUID=12-02 rootfstype=ext4 rootwait quiet\n"
PROGRAMS = (
    "opt/stimkiosk/current/venv/bin/stimkiosk",
    "opt/stimkiosk/pigpiod/pigpiod",
    "usr/bin/env",
    "usr/bin/cage",
    "usr/sbin/nft",
    "usr/sbin/hwclock",
)


class System:
    """A system in a folder; `install` runs the installer on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("etc/os-release", "VERSION_CODENAME=trixie\n")
        self.write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0")
        self.write("boot/firmware/config.txt", CONFIG)
        self.write("boot/firmware/cmdline.txt", CMDLINE)
        for name in ("passwd", "group", "shadow", "gshadow"):
            self.write(f"etc/{name}", "")
        self.program("bin/true")

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def program(self, path: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", target)

    def install(self, *options: str, only: str = FILES_ONLY) -> subprocess.CompletedProcess[str]:
        command = [str(DEPLOY / "install.sh"), "--root", str(self.root), "--only", only, *options]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def contents(self) -> Mapping[str, bytes | str]:
        """Return every file and link, except what the programs for users keep for themselves."""
        found: dict[str, bytes | str] = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                found[name] = str(path.readlink())
            elif path.is_file():
                found[name] = path.read_bytes()
        return found


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path / "root")


@pytest.fixture
def installed(system: System) -> System:
    done = system.install()
    assert done.returncode == 0, done.stderr
    return system
