"""A Debian system in a folder, booted with systemd-nspawn in a network of its own."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

START_S = 120.0
"""A container that is not up by then never will be; a busy machine needs 20 s."""
LOOK_S = 0.2


class Impossible(Exception):
    """This machine cannot run the test; the text is one line that says what is missing."""


def require_privileges() -> None:
    """Raise `Impossible` where containers cannot be made: never a pass by leaving out."""
    if os.geteuid() != 0:
        raise Impossible("it boots a container, which needs root: sudo make system-test")
    for program, package in (
        ("debootstrap", "debootstrap"),
        ("systemd-nspawn", "systemd-container"),
    ):
        if shutil.which(program) is None:
            raise Impossible(f"{program} is missing: apt-get install {package}")


class Container:
    """A system that `boot` starts and `stop` ends; commands run inside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Boot until the services of the unit have been started; raises `Impossible`."""
        # A private /run, because this machine's own service manager may not be systemd.
        nspawn = (
            "mount -t tmpfs tmpfs /run && exec systemd-nspawn --quiet --boot --register=no "
            f"--keep-unit --console=pipe --private-network --machine=stimkiosk -D '{self.root}'"
        )
        self._process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", nspawn],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # A command that does not get in yet fails, and is tried again.
        self.until(lambda: self.is_active("multi-user.target"), "the container to be up", START_S)

    def stop(self) -> None:
        """Power the container off; kill it if it does not go."""
        if self._process is None:
            return
        self.run("systemctl", "poweroff")
        try:
            self._process.wait(START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def run(self, *command: str, user: str = "", network_of: str = "") -> tuple[int, str]:
        """Run a command inside; return its exit code and all its output.

        `network_of` is a service whose network it runs in.
        """
        inside = ["nsenter", "-t", str(self._init()), "-m", "-u", "-i", "-n", "-p", "-C", "--"]
        if network_of:
            inside += ["nsenter", "-t", self.show("MainPID", network_of), "-n", "--"]
        if user:
            inside += ["runuser", "-u", user, "--"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb", "LANG": "C.UTF-8"}
        done = subprocess.run(
            [*inside, *command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        return done.returncode, done.stdout.strip()

    def out(self, *command: str, user: str = "", network_of: str = "") -> str:
        """Return the output of a command."""
        return self.run(*command, user=user, network_of=network_of)[1]

    def show(self, name: str, unit: str) -> str:
        """Return a property of a unit."""
        return self.out("systemctl", "show", "-P", name, unit)

    def is_active(self, unit: str) -> bool:
        """Tell whether a unit is active."""
        return self.out("systemctl", "is-active", unit) == "active"

    def journal(self, unit: str) -> str:
        """Return what a unit said since the last boot."""
        return self.out("journalctl", "--no-pager", "--boot", "--output=cat", "--unit", unit)

    def until(self, happened: Callable[[], bool], what: str, within_s: float = 60.0) -> None:
        """Look until something has happened; raises `AssertionError` that says what did not."""
        ends_s = time.monotonic() + within_s
        while not happened():
            if time.monotonic() > ends_s:
                raise AssertionError(f"waited {within_s:.0f} s in vain for {what}")
            time.sleep(LOOK_S)

    def _init(self) -> int:
        """Return the process that is number 1 inside, 0 as long as there is none."""
        if self._process is None:
            return 0
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        try:
            numbers = children.read_text(encoding="ascii").split()
        except OSError:
            return 0
        return int(numbers[0]) if numbers else 0
