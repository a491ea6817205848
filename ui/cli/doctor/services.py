"""Probes of what was installed: services, update slot, board file."""

from collections.abc import Iterator, Mapping

from drivers.host.machine import text_at
from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import INSTALL, NO_UNIT, Subject

SERVICES = ("pigpiod", "engine", "kiosk", "firewall")
PROPERTIES = "Id,LoadState,ActiveState,UnitFileState,NRestarts"
OPT = "/opt/stimkiosk"
CURRENT = f"{OPT}/current"
NOMINAL = "nominal"
"""The name of a calibration record that is none: the values of the drawing."""


def services(subject: Subject) -> Iterator[Line]:
    """Judge whether every service runs, and whether one was restarted since the start."""
    if subject.installed is None:
        yield not_here("services", NO_UNIT)
        return
    units = [f"stimkiosk-{name}.service" for name in SERVICES]
    told = subject.machine.run(["systemctl", "show", f"--property={PROPERTIES}", *units])
    states = {each.get("Id", ""): each for each in map(_pairs, (told or "").split("\n\n"))}
    if not set(units) & states.keys():
        yield warning("services", "the service manager does not answer", "run it on the unit")
        return
    for name, unit in zip(SERVICES, units, strict=True):
        yield _service(name, unit, states.get(unit, {}))


def _service(name: str, unit: str, state: Mapping[str, str]) -> Line:
    active, restarts = state.get("ActiveState", "unknown"), state.get("NRestarts", "0")
    label, log = f"service {name}", f"look at sudo journalctl -u {unit}"
    if state.get("LoadState") != "loaded":
        return wrong(label, "it is not installed", INSTALL)
    if active != "active":
        return wrong(label, f"it is {active}", f"{log}, then sudo systemctl restart {unit}")
    if state.get("UnitFileState") != "enabled":
        return wrong(label, "it runs, but would not after a restart", INSTALL)
    if restarts not in {"0", ""}:
        return warning(label, f"it runs, and failed {restarts} times since the start", log)
    return ok(label, "it runs")


def _pairs(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines())
    return {name: value for name, mark, value in pairs if mark}


def slot(subject: Subject) -> Iterator[Line]:
    """Judge the link to the version that runs, and that its installation was completed."""
    machine = subject.machine
    if subject.installed is None:
        yield not_here("update slot", NO_UNIT)
        return
    leads_to = machine.link(CURRENT)
    slots = [name for name in machine.names(OPT) if name.startswith("slot-")]
    if leads_to is None:
        yield wrong("update slot", f"{CURRENT} leads nowhere", INSTALL)
    elif machine.node(f"{CURRENT}/venv/bin/stimkiosk") is None:
        yield wrong("update slot", f"{leads_to} has no program in it", INSTALL)
    elif not text_at(machine, f"{CURRENT}/installed"):
        yield wrong("update slot", f"the installation of {leads_to} was cut off", INSTALL)
    else:
        others = ", ".join(name for name in slots if name != leads_to) or "none"
        yield ok("update slot", f"{leads_to} runs; others: {others}")


def board_file(subject: Subject) -> Iterator[Line]:
    """Judge the board file that the engine is started with."""
    from drivers.errors import BoardFileError

    if subject.installed is None and not subject.has_board:
        yield not_here("board file", NO_UNIT)
        return
    try:
        board = subject.board()
    except BoardFileError as error:
        yield wrong("board file", str(error), f"correct it, or {INSTALL} --board FILE")
        return
    named = f"{board.name}, {board.channels} channels, SHA-256 {board.digest[:12]}"
    if board.calibration.reference == NOMINAL and subject.has_board:
        fix = "have the unit calibrated, and put the values into a board file of its own"
        yield warning("board file", f"{named}, with nominal values: never calibrated", fix)
    else:
        yield ok("board file", f"{named}, calibration {board.calibration.reference}")
