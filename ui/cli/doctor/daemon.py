"""Probes of pigpiod: its file, how it was started, which pins it may write, who can reach it.

Nothing here connects to it. Whoever is connected besides the engine keeps the engine from arming
(docs/hardware-notes.md section 5), and a doctor must not do that.
"""

import hashlib
import shlex
from collections.abc import Iterator, Sequence

from drivers.host.machine import Machine, text_at
from ui.cli.doctor.lines import Line, not_here, ok, wrong
from ui.cli.doctor.subject import INSTALL, NO_BOARD, Subject

FOLDER = "/opt/stimkiosk/pigpiod"
UNIT = "/etc/systemd/system/stimkiosk-pigpiod.service"
PORT = 8_888
SWITCHES = ("-l", "-f")
"""Loopback only, no FIFO that everybody may write."""
VALUES = {"-n": "127.0.0.1", "-s": "5", "-t": "0"}
"""Who may connect, the step of samples in µs, and the wave clock that audio does not slow down."""
MASK = "-x"


def build(subject: Subject) -> Iterator[Line]:
    """Judge whether pigpiod is the file that was installed."""
    if not subject.has_board:
        yield not_here("pigpiod", NO_BOARD)
        return
    again = f"{INSTALL} --pigpio-source FILE"
    program = subject.machine.read(f"{FOLDER}/pigpiod")
    kept = text_at(subject.machine, f"{FOLDER}/installed")
    if program is None:
        yield wrong("pigpiod", "it is not installed", again)
    elif hashlib.sha256(program).hexdigest() != kept:
        yield wrong("pigpiod", "it is not the file that was installed", again)
    else:
        yield ok("pigpiod", f"as it was installed, SHA-256 {kept[:12]}")


def started(subject: Subject) -> Iterator[Line]:
    """Judge how pigpiod was started, and which pins it may write."""
    if not subject.has_board:
        yield not_here("pigpiod options", NO_BOARD)
        yield not_here("pigpiod mask", NO_BOARD)
        return
    words, where = running(subject.machine), "runs with"
    if not words:
        words, where = by_unit(subject.machine), "does not run; its unit says"
    if not words:
        for name in ("pigpiod options", "pigpiod mask"):
            yield wrong(name, "it does not run and has no unit", INSTALL)
        return
    yield _options(words, where)
    yield _mask(words, where, subject)


def _options(words: Sequence[str], where: str) -> Line:
    missing = [switch for switch in SWITCHES if switch not in words]
    for option, wanted in VALUES.items():
        if value_of(words, option) != wanted:
            missing.append(f"{option} {wanted}")
    given = shlex.join(words[1:])
    if where == "runs with" and not missing:
        return ok("pigpiod options", f"{where} {given}")
    lack = f", without {', '.join(missing)}" if missing else ""
    fix = INSTALL if missing else "sudo systemctl restart stimkiosk-pigpiod, then the engine"
    return wrong("pigpiod options", f"it {where} {given}{lack}", fix)


def _mask(words: Sequence[str], where: str, subject: Subject) -> Line:
    pins = subject.board().pins
    wanted = sum(1 << pin for pin in (*pins.gate_list(), pins.ldac_n))
    given = value_of(words, MASK) or "none"
    try:
        allowed = int(given, 16)
    except ValueError:
        allowed = None
    if allowed == wanted:
        return ok("pigpiod mask", f"{where} {given}: gates and LDAC of the board file")
    found = f"it {where} {given}; the board file has gates and LDAC at 0x{wanted:X}"
    return wrong("pigpiod mask", found, f"correct the board file, or the -x in {UNIT}")


def reach(subject: Subject) -> Iterator[Line]:
    """Judge whether programs besides the engine can reach pigpiod: who does is root in effect."""
    from drivers.host.connection_table import LISTENING, parse_connections

    if not subject.has_board:
        yield not_here("pigpiod port", NO_BOARD)
        return
    tables = [text_at(subject.machine, f"/proc/net/{name}") for name in ("tcp", "tcp6")]
    if not any(tables):
        yield wrong("pigpiod port", "the table of connections cannot be read", "run it as root")
        return
    entries = [entry for table in tables for entry in parse_connections(table)]
    if any((entry.port, entry.state) == (PORT, LISTENING) for entry in entries):
        found = f"every program of this machine can connect to port {PORT}"
        fix = f"stop the pigpiod that is not ours: sudo systemctl disable --now pigpiod; {INSTALL}"
        yield wrong("pigpiod port", found, fix)
    else:
        yield ok("pigpiod port", f"nobody listens on {PORT} outside of the engine's own network")


def running(machine: Machine) -> list[str]:
    """Return the command line of the pigpiod that runs, [] where none does."""
    for name in machine.names("/proc"):
        if name.isdecimal() and text_at(machine, f"/proc/{name}/comm") == "pigpiod":
            line = (machine.read(f"/proc/{name}/cmdline") or b"").decode(errors="replace")
            if line:
                return line.rstrip("\0").split("\0")
    return []


def by_unit(machine: Machine) -> list[str]:
    """Return the command line of our unit, [] where there is none."""
    for line in text_at(machine, UNIT).splitlines():
        if line.startswith("ExecStart="):
            return shlex.split(line.partition("=")[2])
    return []


def value_of(words: Sequence[str], option: str) -> str:
    """Return the value of an option, written as one word or as two; "" where it is not given."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            return after
        if word.startswith(option):
            return word.removeprefix(option)
    return ""
