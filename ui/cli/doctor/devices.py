"""Probes of devices: who owns the sound hardware, the converters' SPI nodes, the display."""

from collections.abc import Iterator

from drivers.host.machine import Machine, text_at
from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import INSTALL, KIOSK_ENV, NO_BOARD, NO_UNIT, Subject, settings_at

NO_CARDS = "no soundcards"
FIRMWARE_AUDIO = "snd_bcm2835"
SPI_NODES = ("/dev/spidev0.0", "/dev/spidev0.1")
"""DAC and ADC: both chip selects of SPI0 (docs/design.md section 4)."""
SPI_GROUP, SPI_MODE = "stim", 0o660
DRM = "/sys/class/drm"


def audio(subject: Subject) -> Iterator[Line]:
    """Judge whether anything owns sound hardware: it changes the clock that waves are timed with.

    docs/hardware-notes.md section 2 has the reason.
    """
    if not subject.has_board:
        yield not_here("audio", NO_BOARD)
        return
    machine = subject.machine
    again = f"{INSTALL}, then restart"
    cards = [
        line.partition("]:")[2].strip()
        for line in text_at(machine, "/proc/asound/cards").splitlines()
        if "]:" in line
    ]
    modules = text_at(machine, "/proc/modules").splitlines()
    owners = sound_owners(machine)
    if any(line.split(" ")[0] == FIRMWARE_AUDIO for line in modules):
        yield wrong("audio", f"{FIRMWARE_AUDIO} is loaded and shares the wave clock", again)
    elif cards:
        used = f", in use by {', '.join(owners)}" if owners else ""
        yield wrong("audio", f"there is sound hardware: {'; '.join(cards)}{used}", again)
    else:
        yield ok("audio", "no sound hardware, so nobody owns any")


def sound_owners(machine: Machine) -> tuple[str, ...]:
    """Return the programs that hold a sound device open, as far as this user may see them."""
    owners = set()
    for process in machine.names("/proc"):
        if not process.isdecimal():
            continue
        folder = f"/proc/{process}/fd"
        try:
            opened = [machine.link(f"{folder}/{name}") or "" for name in machine.names(folder)]
        except PermissionError:
            continue
        if any(path.startswith("/dev/snd/") for path in opened):
            owners.add(text_at(machine, f"/proc/{process}/comm") or f"process {process}")
    return tuple(sorted(owners))


def spi(subject: Subject) -> Iterator[Line]:
    """Judge the nodes through which the engine, and nobody else, reaches DAC and ADC."""
    if not subject.has_board:
        yield not_here("SPI", NO_BOARD)
        return
    again = f"{INSTALL}, then restart"
    nodes = {path: subject.machine.node(path) for path in SPI_NODES}
    missing = [path for path, node in nodes.items() if node is None or node.kind != "device"]
    if missing:
        yield wrong("SPI", f"there is no {' and no '.join(missing)}", again)
        return
    if subject.installed is None:
        yield ok("SPI", " and ".join(SPI_NODES))
        return
    group = group_number(subject.machine, SPI_GROUP)
    open_to = [
        path
        for path, node in nodes.items()
        if node is not None and (node.owner, node.group, node.mode) != (0, group, SPI_MODE)
    ]
    if open_to:
        found = f"{' and '.join(open_to)} are not for the engine's user alone"
        yield wrong("SPI", found, again)
    else:
        yield ok("SPI", f"{' and '.join(SPI_NODES)}, for the engine's user alone")


def group_number(machine: Machine, name: str) -> int | None:
    """Return the number of a group, None where it does not exist."""
    for line in text_at(machine, "/etc/group").splitlines():
        called, _, number, *_ = [*line.split(":"), "", "", ""]
        if called == name and number.isdecimal():
            return int(number)
    return None


def display(subject: Subject) -> Iterator[Line]:
    """Judge whether a panel is connected, of the size the kiosk draws for, and drawn by a GPU.

    A kiosk without a display would draw into memory, so its unit names the driver it must use.
    """
    machine = subject.machine
    if subject.installed is None:
        yield not_here("display", NO_UNIT)
        return
    outputs = [name for name in machine.names(DRM) if "-" in name]
    connected = [n for n in outputs if text_at(machine, f"{DRM}/{n}/status") == "connected"]
    if not connected and subject.installed.virtual_board:
        yield not_here("display", "no panel is connected to this machine")
        return
    if not connected:
        fix = "switch off, check the cable of the panel, switch on"
        yield wrong("display", "no panel is connected", fix)
        return
    wanted = settings_at(machine, KIOSK_ENV).get("STIMKIOSK_SIZE", subject.installed.display)
    modes = text_at(machine, f"{DRM}/{connected[0]}/modes").splitlines()
    name = connected[0].partition("-")[2]
    size = modes[0] if modes else "unknown size"
    if not any(each.startswith("renderD") for each in machine.names("/dev/dri")):
        found = f"{name}, but no GPU draws for it: the screen would be slow"
        yield wrong("display", found, f"{INSTALL}, then restart")
    elif wanted not in modes:
        found = f"{name} has {size}, the kiosk draws for {wanted}"
        yield warning("display", found, f"{INSTALL} --display SIZE, then restart")
    else:
        yield ok("display", f"{driver(machine, connected[0])}, {name}, {wanted}")


def driver(machine: Machine, output: str) -> str:
    """Return the kernel's driver of an output's card."""
    card = output.partition("-")[0]
    link = machine.link(f"{DRM}/{card}/device/driver")
    return "unknown driver" if link is None else link.rpartition("/")[2]
