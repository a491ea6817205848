"""Probes of the card and its file systems: wear, errors, room."""

from collections.abc import Iterator

from drivers.host.machine import Machine, text_at
from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import Subject

BLOCK = "/sys/block"
WORN = 0x08
"""70 to 80 % of the life of an eMMC is used (JESD84-B51): time to plan its replacement (D)."""
WORN_OUT = 0x0B
"""It has exceeded its estimated life (JESD84-B51)."""
RESERVE_USED, RESERVE_URGENT = 2, 3
"""80 % and 90 % of its reserved blocks are used (JESD84-B51, PRE_EOL_INFO)."""
LEAST_FREE = 64 * 1024 * 1024
"""Less does not hold a day's records and the reserve of the journal (D)."""
LOW_FREE = 512 * 1024 * 1024
"""Some months of records (D)."""
MEBIBYTE = 1024 * 1024
REPLACE = "copy the records with a backup, then replace the card or module"


def wear(subject: Subject) -> Iterator[Line]:
    """Judge what cards, and the file systems on them, tell of their own state."""
    machine = subject.machine
    cards = [name for name in machine.names(BLOCK) if name.startswith("mmcblk") and is_card(name)]
    if not cards:
        yield not_here("disk wear", "no SD card and no eMMC")
    for card in cards:
        yield _wear_of(machine, card)
    yield _errors(machine, str(subject.records))


def is_card(name: str) -> bool:
    """Say whether a block device is a whole card, not a boot area of an eMMC."""
    return name.removeprefix("mmcblk").isdecimal()


def _wear_of(machine: Machine, card: str) -> Line:
    folder, name = f"{BLOCK}/{card}/device", "disk wear"
    called = f"{card} ({text_at(machine, f'{folder}/name') or 'unnamed'})"
    lives = [_number(word) for word in text_at(machine, f"{folder}/life_time").split()]
    reserve = _number(text_at(machine, f"{folder}/pre_eol_info"))
    made = text_at(machine, f"{folder}/date")
    if not lives:
        return ok(name, f"{called} tells nothing of its wear; made {made or 'unknown when'}")
    used = max(lives)
    if used >= WORN_OUT or reserve >= RESERVE_URGENT:
        return wrong(name, f"{called} is worn out", REPLACE)
    if used >= WORN or reserve >= RESERVE_USED:
        return warning(name, f"{called} has used {share(used)} of its life", REPLACE)
    return ok(name, f"{called} has used {share(used)} of its life")


def share(life: int) -> str:
    """Return an estimate of life in its steps of a tenth."""
    return "an unknown part" if life < 1 else f"{(life - 1) * 10} to {life * 10} %"


def _errors(machine: Machine, records: str) -> Line:
    systems = machine.names("/sys/fs/ext4")
    counts = {
        name: _number(text_at(machine, f"/sys/fs/ext4/{name}/errors_count")) for name in systems
    }
    broken = [f"{name} ({count})" for name, count in counts.items() if count]
    if broken:
        fix = "take the unit out of use, keep the records, check the card on another machine"
        return wrong("file systems", f"errors were found on {', '.join(broken)}", fix)
    if is_read_only(machine, records):
        fix = "restart; if it happens again, replace the card"
        return wrong("file systems", f"{records} cannot be written any more", fix)
    return ok("file systems", "no errors are counted")


def is_read_only(machine: Machine, folder: str) -> bool:
    """Say whether the file system of a folder is mounted read-only: ext4 does so on an error."""
    mounts = [line.split() for line in text_at(machine, "/proc/mounts").splitlines()]
    holding = [
        (len(words[1]), words[3])
        for words in mounts
        if words[3:] and f"{folder}/".startswith(f"{words[1].rstrip('/')}/")
    ]
    return "ro" in max(holding, default=(0, ""))[1].split(",")


def room(subject: Subject) -> Iterator[Line]:
    """Judge the room that is left for records."""
    folder = subject.records
    found = subject.machine.room(str(folder))
    for parent in folder.parents:  # a new unit has no folder yet
        found = found or subject.machine.room(str(parent))
    if found is None:
        yield not_here("disk room", f"there is no folder {folder}")
        return
    left = f"{found.free // MEBIBYTE} MiB of {found.total // MEBIBYTE} MiB are free"
    fix = f"export what is wanted, then make room on the file system of {folder}"
    if found.free < LEAST_FREE:
        yield wrong("disk room", f"{left}: the next session may not be recorded", fix)
    elif found.free < LOW_FREE:
        yield warning("disk room", left, fix)
    else:
        yield ok("disk room", left)


def _number(word: str) -> int:
    """Return a number as the kernel writes it, 0 where there is none."""
    try:
        return int(word, 0)
    except ValueError:
        return 0
