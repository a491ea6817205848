"""`stimkiosk doctor`: whether machine, system, unit and records are in order, and what to do."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.terminal.console import console, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import records_options

if TYPE_CHECKING:
    from ui.cli.doctor.lines import Line
    from ui.cli.doctor.subject import EngineSeen, Subject

COLOURS = {"ok": "green", "warning": "yellow", "wrong": "bold red"}
ANSWER_S = 2.0
"""How long an engine that was connected may take to send its snapshot; it sends 20 a second."""


@click.command()
@records_options
@click.option(
    "--root",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default="/",
    help="Look at the system in this folder; only a running one answers everything.",
)
def doctor(data: Path | None, root: Path, as_json: bool) -> None:
    """Look at machine, system, unit and records, and say what is wrong and what to do about it.

    It reads only: it changes nothing, starts no output and connects to no daemon. As root it sees
    everything. Exit code 1 if something is wrong, 0 with warnings.

    Example: stimkiosk doctor --json
    """
    from ui.cli.doctor.examine import examine

    lines = list(examine(subject_of(data, root)))
    is_wrong = any(line.status == "wrong" for line in lines)
    if as_json:
        print_json({"ok": not is_wrong, "lines": lines, "cleared_device": False})
    else:
        _print(lines)
    if is_wrong:
        raise SystemExit(int(ExitCode.CHECK_FAILED))


def subject_of(data: Path | None, root: Path) -> "Subject":
    """Return what is looked at: a machine, its records, its engine.

    The records of an installed unit are those of its service, whoever asks.
    """
    from appliance.link.engine_socket import ENVIRONMENT as SOCKET_NAMED
    from appliance.link.engine_socket import link_path
    from appliance.records.storage.data_folder import ENVIRONMENT, locate_data_folder
    from appliance.records.wall_clock import SystemWallClock
    from drivers.host.machine import LinuxMachine
    from ui.cli.doctor.subject import INSTALL_CONF, RECORDS, SOCKET, Subject

    machine = LinuxMachine(root)
    is_unit = machine.node(INSTALL_CONF) is not None
    if data is None and is_unit and not os.environ.get(ENVIRONMENT):
        folder = root / RECORDS.lstrip("/")
    else:
        folder = locate_data_folder(data)
    is_named = data is not None or bool(os.environ.get(SOCKET_NAMED))
    socket = link_path(folder) if is_named or not is_unit else root / SOCKET.lstrip("/")
    return Subject(machine, folder, lambda: ask_engine(socket), SystemWallClock())


def ask_engine(socket: Path) -> "EngineSeen":
    """Return what an engine shows of itself; raises `LinkError` where none answers."""
    from appliance.errors import LinkError
    from appliance.link.client import LinkClient
    from ui.cli.doctor.subject import EngineSeen

    until_s = time.monotonic() + ANSWER_S
    with LinkClient.connect(socket, "doctor") as link:
        while time.monotonic() < until_s:
            link.next_message(0.1)
            snapshot = link.snapshot()
            if snapshot is not None:
                return EngineSeen(link.engine_build, snapshot)
    raise LinkError("it sends nothing")


def _print(lines: list["Line"]) -> None:
    from rich.text import Text

    from ui.cli.terminal.tables import print_rows

    out = console()
    rows = [
        (Text(line.status, style=COLOURS[line.status]), line.name, line.found, line.fix)
        for line in lines
        if line.status in COLOURS
    ]
    print_rows(out, ("State", "What", "Found", "What to do"), rows, breaks=("Found", "What to do"))
    left_out = [line.name for line in lines if line.status not in COLOURS]
    if left_out:
        out.print(f"does not apply here: {', '.join(left_out)}; --json says why", soft_wrap=True)
    counts = [sum(line.status == status for line in lines) for status in ("wrong", "warning")]
    out.print(_summary(*counts))


def _summary(faults: int, warnings: int) -> str:
    if not faults and not warnings:
        return "all in order"
    return f"{faults} wrong, {warnings} {'warning' if warnings == 1 else 'warnings'}"
