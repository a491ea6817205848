"""Probes of machine and system: model, release, processor, time, clock chip, boot, watchdog."""

import re
from collections.abc import Iterator

from drivers.host.machine import text_at
from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import INSTALL, NO_BOARD, NO_UNIT, Subject, settings_at

RELEASES = ("bookworm", "trixie")
ELF_CLASS = 4
"""Index of the byte of a program file that says how wide it is."""
WIDE = 2
"""Its value for 64 bits (elf(5))."""
THROTTLED = "/sys/devices/platform/soc/soc:firmware/get_throttled"
"""Flags in hexadecimal, as `vcgencmd get_throttled` explains them; the file has no 0x."""
LOW_VOLTAGE, LOW_VOLTAGE_SEEN = 1 << 0, 1 << 16
SLOWED = 1 << 1 | 1 << 2 | 1 << 3
SLOWED_SEEN = SLOWED << 16
HOT_MILLIDEGREES = 80_000
"""The processor begins to slow down here (Raspberry Pi documentation) (M)."""
MOST_OFF_S = 5
"""How far the clock chip may be from the system's time (D): a day's drift is under 0.2 s."""
BLOCK = re.compile(r"^# stimkiosk begin.*?^# stimkiosk end$", re.MULTILINE | re.DOTALL)
NEEDED = ("dtparam=spi=on", "dtparam=audio=off")
SERIAL = re.compile(r"(?:^|\s)console=(?:serial0|ttyAMA0|ttyS0)\b")


def model(subject: Subject) -> Iterator[Line]:
    """Judge whether pigpio can drive the pins of this machine."""
    from drivers.errors import UnsupportedMachine
    from drivers.rigs.pi_model import judge_model

    if not subject.has_board:
        yield not_here("model", subject.model or NO_BOARD)
        return
    revision = subject.machine.read("/proc/device-tree/system/linux,revision")
    try:
        yield ok("model", judge_model(subject.model, revision or b""))
    except UnsupportedMachine as error:
        yield wrong("model", str(error), "move the card to a supported Raspberry Pi")


def system(subject: Subject) -> Iterator[Line]:
    """Judge release and width of the system."""
    names = settings_at(subject.machine, "/etc/os-release")
    release = names.get("VERSION_CODENAME", "").strip('"')
    called = names.get("PRETTY_NAME", release or "unknown").strip('"')
    program = subject.machine.read("/bin/true") or b""
    is_narrow = program[ELF_CLASS : ELF_CLASS + 1] not in {b"", bytes([WIDE])}
    flash = "install the 64-bit Raspberry Pi OS Lite of Trixie or Bookworm"
    if is_narrow:
        yield wrong("system", f"{called}, 32-bit: the screen has no library for it", flash)
    elif release not in RELEASES and subject.installed is not None:
        yield wrong("system", f"{called} is not a release that was tried", flash)
    elif release not in RELEASES:
        yield not_here("system", f"{called}; a unit needs Debian 12 or 13")
    else:
        yield ok("system", called)


def processor(subject: Subject) -> Iterator[Line]:
    """Judge supply voltage and temperature, which slow the processor down."""
    if not subject.model.startswith("Raspberry Pi"):
        yield not_here("processor", "only a Raspberry Pi tells of its supply")
        return
    supply = "use the supply of this model with a short cable, and take USB loads off"
    told = text_at(subject.machine, THROTTLED)
    flags = int(told, 16) if re.fullmatch("[0-9a-fA-F]{1,8}", told) else None
    heat = text_at(subject.machine, "/sys/class/thermal/thermal_zone0/temp")
    degrees = int(heat) if heat.isdecimal() else 0
    if flags is None:
        yield warning("processor", "the kernel does not tell of the supply", "restart the machine")
    elif flags & LOW_VOLTAGE:
        yield wrong("processor", "the supply voltage is too low now", supply)
    elif flags & SLOWED or degrees >= HOT_MILLIDEGREES:
        found = f"it is slowed down, at {degrees // 1_000} °C"
        yield warning("processor", found, "let air reach it, or fit a heat sink")
    elif flags & LOW_VOLTAGE_SEEN:
        yield warning("processor", "the supply voltage was too low since the start", supply)
    elif flags & SLOWED_SEEN:
        found = "it was slowed down since the start"
        yield warning("processor", found, "let air reach it, or fit a heat sink")
    else:
        yield ok("processor", f"supply in order, {degrees // 1_000} °C")


def time_of_day(subject: Subject) -> Iterator[Line]:
    """Judge whether the time of day can be trusted: drills and care are dated with it."""
    if subject.wall.trusted:
        yield ok("time of day", "set by the network or the clock chip")
        return
    found = "nobody has set it, or it is before this version was made"
    fix = "connect the network for a minute, or mend the clock chip"
    if subject.installed is None:
        yield warning("time of day", found, "set it, or switch on its synchronisation")
    else:
        yield wrong("time of day", f"{found}: arming is refused on hardware", fix)


def clock_chip(subject: Subject) -> Iterator[Line]:
    """Judge the clock chip, which keeps the time while the unit is off."""
    if not subject.has_board:
        yield not_here("clock chip", NO_BOARD)
        return
    folder = "/sys/class/rtc/rtc0"
    kind = text_at(subject.machine, f"{folder}/name")
    if not kind:
        fix = f"check the wiring of the DS3231, then {INSTALL} and restart"
        yield wrong("clock chip", "no clock chip answers", fix)
        return
    told = text_at(subject.machine, f"{folder}/since_epoch")
    if not told.isdecimal():
        fix = "put a fresh cell in, then sudo hwclock --systohc"
        yield wrong("clock chip", f"{kind} has no time", fix)
        return
    off_s = abs(int(told) - subject.machine.utc_s())
    if off_s <= MOST_OFF_S:
        yield ok("clock chip", f"{kind}, {off_s} s from the time of day")
    else:
        fix = "once the time of day is right: sudo hwclock --systohc"
        yield warning("clock chip", f"{kind} is {off_s} s from the time of day", fix)


def boot(subject: Subject) -> Iterator[Line]:
    """Judge the boot configuration: SPI on, audio off, no console on the lines of lamp and buzzer.

    Only what a fault would come from; `deploy/install.sh` compares all of it.
    """
    if not subject.has_board:
        yield not_here("boot", NO_BOARD)
        return
    again = f"{INSTALL}, then restart"
    folders = ("/boot/firmware", "/boot")
    texts = ((each, text_at(subject.machine, f"{each}/config.txt")) for each in folders)
    folder, config = next(((each, text) for each, text in texts if text), ("", ""))
    block = BLOCK.search(config)
    missing = [line for line in NEEDED if block is None or line not in block[0].splitlines()]
    if not folder:
        fix = "mount the boot partition at /boot/firmware"
        yield wrong("boot", "there is no config.txt", fix)
    elif missing:
        yield wrong("boot", f"config.txt lacks {', '.join(missing)} of the installer", again)
    elif SERIAL.search(text_at(subject.machine, f"{folder}/cmdline.txt")):
        found = "a console is on GPIO 14 and 15, which are buzzer and lamp"
        yield wrong("boot", found, again)
    else:
        yield ok("boot", f"{folder}: SPI on, audio off, no serial console")


def watchdog(subject: Subject) -> Iterator[Line]:
    """Judge whether the processor's own watchdog would reset a machine that hangs."""
    if not subject.has_board:
        yield not_here("watchdog", NO_BOARD)
        return
    if subject.installed is None:
        yield not_here("watchdog", NO_UNIT)
        return
    folder = "/sys/class/watchdog/watchdog0"
    state = text_at(subject.machine, f"{folder}/state")
    after = text_at(subject.machine, f"{folder}/timeout")
    if state == "active":
        yield ok("watchdog", f"resets the machine {after or 'some'} s after it hangs")
    else:
        found = "nothing resets a machine that hangs"
        yield wrong("watchdog", found, f"{INSTALL}, then restart")
