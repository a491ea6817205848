"""Makes the system for the container: debootstrap once, then the installer on a copy."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.system.container import Impossible

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = REPOSITORY / "build" / "system-test"
FIRST = "systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,libpam-systemd,procps"
BORROWED = ("resolv.conf", "pip.conf", "ssl/certs/ca-certificates.crt")
"""Files of /etc by which this machine reaches its package indexes."""


def make_root(release: str) -> Path:
    """Return a new copy of a minimal system of a release; raises `Impossible`."""
    base, root = FOLDER / f"base-{release}", FOLDER / f"root-{release}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (base / "made").exists():
        shutil.rmtree(base, ignore_errors=True)
        _run(
            "debootstrap", "--variant=minbase", f"--include={FIRST}", release, str(base), _mirror()
        )
        (base / "made").touch()
    shutil.rmtree(root, ignore_errors=True)
    _run("cp", "-a", str(base), str(root))
    for name in BORROWED:
        if (source := Path("/etc") / name).exists():
            shutil.copy(source, root / "etc" / name)
    for part in sorted(Path("/etc/apt/apt.conf.d").glob("*")):
        if "docker" not in part.name:
            shutil.copy(part, root / "etc/apt/apt.conf.d" / part.name)
    return root


def install(root: Path, *options: str) -> tuple[int, str]:
    """Run the installer on a system in a folder; return its exit code and its output."""
    command = [str(REPOSITORY / "deploy" / "install.sh"), "--root", str(root), *options]
    with _kernel_folders(root):
        done = subprocess.run(
            command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    return done.returncode, done.stdout


def put(root: Path, path: str, text: str) -> None:
    """Write a file of a system in a folder."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _mirror() -> str:
    """Return where this machine gets Debian's packages from."""
    for part in sorted(Path("/etc/apt").glob("sources.list*")):
        for path in [part] if part.is_file() else sorted(part.iterdir()):
            text = path.read_text(encoding="utf-8")
            found = re.search(r"^(?:URIs:|deb(?: \[.*\])?)\s+(\S+)", text, re.MULTILINE)
            if found:
                return found[1]
    raise Impossible("no source of Debian packages is configured in /etc/apt")


@contextmanager
def _kernel_folders(root: Path) -> Iterator[None]:
    mounted = []
    try:
        for name in ("proc", "dev"):
            _run("mount", "--bind", f"/{name}", str(root / name))
            mounted.append(root / name)
        yield
    finally:
        for path in mounted:
            _run("umount", "--lazy", str(path))


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines() or ["no word"]
        raise Impossible(f"{command[0]} failed: {last[-1]}")
