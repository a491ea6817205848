"""Machines that exist in memory only: what they tell is what a test has put there."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from appliance.errors import LinkError
from drivers.host.machine import Node, Room
from ui.cli.doctor.subject import EngineSeen, Subject

NOW_S = 1_796_000_000
"""A day of November 2026, after this version was made."""
DAEMON = b"a daemon as it was built"
OPTIONS = "-g -l -n 127.0.0.1 -f -s 5 -t 0 -x 0xC70000"
"""As the unit of pigpiod has them; gates 17, 18, 22, 23 and LDAC 16 of the reference board."""
BLOCK = "# stimkiosk begin: x\n[all]\ndtparam=spi=on\ndtparam=audio=off\n# stimkiosk end\n"
TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\n'
SYSTEMCTL = (
    "Id=stimkiosk-{name}.service\nLoadState=loaded\nActiveState=active\n"
    "UnitFileState=enabled\nNRestarts=0\n"
)


@dataclass
class MadeUp:
    """A machine; a path that a test did not put there does not exist."""

    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    now_s: int = NOW_S

    def read(self, path: str) -> bytes | None:
        self._look(path)
        return self.files.get(path)

    def names(self, path: str) -> tuple[str, ...]:
        self._look(path)
        inside = f"{path}/"
        every = (*self.files, *self.links, *self.nodes)
        below = {each.removeprefix(inside) for each in every if each.startswith(inside)}
        return tuple(sorted({each.partition("/")[0] for each in below}))

    def link(self, path: str) -> str | None:
        self._look(path)
        return self.links.get(path)

    def node(self, path: str) -> Node | None:
        self._look(path)
        is_file = path in self.files
        return self.nodes.get(path) or (Node("file", 0, 0, 0o644) if is_file else None)

    def room(self, path: str) -> Room | None:
        self._look(path)
        return self.rooms.get(path)

    def run(self, command: Sequence[str]) -> str | None:
        return self.commands.get(command[0])

    def utc_s(self) -> int:
        return self.now_s

    def _look(self, path: str) -> None:
        if path in self.forbidden:
            raise PermissionError(13, "Permission denied", path)

    def write(self, texts: Mapping[str, str]) -> None:
        self.files.update({path: text.encode() for path, text in texts.items()})


@dataclass
class MadeUpWall:
    """A wall clock; `trusted` says whether somebody has set it."""

    trusted: bool = True
    now_s: int = NOW_S

    def utc_us(self) -> int:
        return self.now_s * 1_000_000


def no_engine() -> EngineSeen:
    raise LinkError("no engine answers")


def subject(
    machine: MadeUp,
    records: Path = Path("/var/lib/stimkiosk"),
    ask: Callable[[], EngineSeen] = no_engine,
    wall: MadeUpWall | None = None,
) -> Subject:
    return Subject(machine, records, ask, wall or MadeUpWall())


def laptop() -> MadeUp:
    """Return a laptop: no device tree, nothing installed."""
    machine = MadeUp(rooms={"/": Room(10**12, 10**13)})
    machine.write(
        {
            "/etc/os-release": 'PRETTY_NAME="Some Linux 40"\nVERSION_CODENAME=forty\n',
            "/bin/true": "\x7fELF\x02",
            "/proc/asound/cards": " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n",
            "/sys/class/rtc/rtc0/name": "rtc_cmos",
        }
    )
    return machine


def pi(model: str = "Raspberry Pi 4 Model B Rev 1.5") -> MadeUp:
    """Return a Pi with a stock system and nothing installed."""
    machine = MadeUp(rooms={"/": Room(10**10, 10**11)})
    machine.write(
        {
            "/proc/device-tree/model": f"{model}\0",
            "/etc/os-release": TRIXIE,
            "/bin/true": "\x7fELF\x02",
            "/boot/firmware/config.txt": "dtparam=audio=on\n",
            "/boot/firmware/cmdline.txt": "console=serial0,115200 console=tty1 rootwait\n",
            "/proc/asound/cards": " 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n",
            "/proc/net/tcp": "  sl  local_address rem_address   st tx_queue\n",
        }
    )
    return machine


def unit(model: str = "Raspberry Pi 4 Model B Rev 1.5") -> MadeUp:
    """Return an installed unit with everything in order, but for records and engine."""
    machine = pi(model)
    machine.rooms["/var/lib/stimkiosk"] = Room(10**10, 10**11)
    stim = Node("device", 0, 991, 0o660)
    machine.nodes |= {"/dev/spidev0.0": stim, "/dev/spidev0.1": stim}
    machine.nodes["/dev/dri/renderD128"] = Node("device", 0, 105, 0o660)
    machine.links["/opt/stimkiosk/current"] = "slot-a"
    machine.links["/sys/class/drm/card1/device/driver"] = "../../../bus/platform/drivers/vc4-drm"
    units = "\n".join(
        SYSTEMCTL.format(name=name) for name in ("pigpiod", "engine", "kiosk", "firewall")
    )
    machine.commands["systemctl"] = units
    machine.files["/proc/812/cmdline"] = f"pigpiod {OPTIONS}".replace(" ", "\0").encode() + b"\0"
    machine.files["/opt/stimkiosk/pigpiod/pigpiod"] = DAEMON
    machine.write({**what_was_installed(), **what_the_kernel_tells()})
    return machine


def what_was_installed() -> dict[str, str]:
    return {
        "/boot/firmware/config.txt": f"[pi4]\narm_boost=1\n{BLOCK}",
        "/boot/firmware/cmdline.txt": "console=tty1 rootwait quiet\n",
        "/etc/group": "root:x:0:\nstim:x:991:\n",
        "/etc/stimkiosk/install.conf": (
            "display=800x480\ntheme=dark\nboard=reference\ndata_device=\nvirtual_board=no\n"
        ),
        "/etc/stimkiosk/engine.env": "STIMKIOSK_RIG=hardware\nSTIMKIOSK_BOARD=/etc/b.toml\n",
        "/etc/stimkiosk/kiosk.env": "STIMKIOSK_SIZE=800x480\nSTIMKIOSK_THEME=dark\n",
        "/etc/b.toml": calibrated_board(),
        "/opt/stimkiosk/slot-a/installed": "abc\n",
        "/opt/stimkiosk/current/installed": "abc\n",
        "/opt/stimkiosk/current/venv/bin/stimkiosk": "#!",
        "/opt/stimkiosk/pigpiod/installed": hashlib.sha256(DAEMON).hexdigest() + "\n",
    }


def what_the_kernel_tells() -> dict[str, str]:
    return {
        "/proc/812/comm": "pigpiod\n",
        "/proc/asound/cards": "--- no soundcards ---\n",
        "/proc/modules": "vc4 1 0 - Live 0x0\n",
        "/proc/mounts": "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n",
        "/sys/block/mmcblk0/device/name": "SC32G",
        "/sys/block/mmcblk0/device/date": "03/2026",
        "/sys/block/mmcblk0boot0/device/name": "no card of its own",
        "/sys/class/drm/card1-DSI-1/status": "connected\n",
        "/sys/class/drm/card1-DSI-1/modes": "800x480\n",
        "/sys/class/drm/card1-HDMI-A-1/status": "disconnected\n",
        "/sys/class/rtc/rtc0/name": "rtc-ds1307 1-0068",
        "/sys/class/rtc/rtc0/since_epoch": str(NOW_S - 1),
        "/sys/class/thermal/thermal_zone0/temp": "48312\n",
        "/sys/class/watchdog/watchdog0/state": "active\n",
        "/sys/class/watchdog/watchdog0/timeout": "10\n",
        "/sys/devices/platform/soc/soc:firmware/get_throttled": "0\n",
        "/sys/fs/ext4/mmcblk0p2/errors_count": "0\n",
    }


def calibrated_board() -> str:
    """Return the reference board file with a calibration record named in it."""
    text = (resources.files("drivers") / "boards/reference.toml").read_text(encoding="utf-8")
    return text.replace('reference = "nominal"', 'reference = "C-2026-7"')
