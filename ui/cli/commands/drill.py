"""`stimkiosk drill`: do the safety drills, and list when each is due."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from ui.cli.terminal.console import console, fail, print_json, warn
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import PrintableText, WholeNumber
from ui.cli.terminal.records_options import data_option

if TYPE_CHECKING:
    from appliance.messages.actions import BeginDrill
    from ui.cli.drills.autopilot import DrillAutopilot
    from ui.cli.drills.person import DrillPerson
    from ui.cli.engine.hosts import EngineHost, RunTarget

KINDS = ("e-stop", "hand-switch", "lead", "known-load", "watchdog")
ALL = "all"
UNLOCKS_AS = "drill"
LONGEST_NAME = 64
NEEDS_HANDS = ("e-stop", "hand-switch", "lead", "known-load")


@click.command(epilog="Example: stimkiosk drill e-stop")
@click.argument("kinds", nargs=-1, metavar="[KIND]...", type=click.Choice([*KINDS, ALL]))
@click.option(
    "--channel", type=WholeNumber(1, 4), default=1, show_default=True, help="Channel to test."
)
@click.option(
    "--load",
    type=click.Choice(["500", "1000"]),
    help="Test resistor on the channel, in Ω: needed for known-load; e-stop then runs at 10 mA.",
)
@click.option(
    "--operator",
    type=PrintableText(),
    default="",
    metavar="NAME",
    help="Name of the person who does the drill.",
)
@click.option(
    "--virtual-hands", is_flag=True, help="Simulate the person, too; only on a virtual board."
)
@click.option(
    "--fast",
    is_flag=True,
    help="Run as fast as possible on a simulated board of its own; needs --virtual-hands.",
)
@click.option(
    "--board",
    "board_file",
    default="reference",
    show_default=True,
    help="Board file: the path of a .toml file, or a built-in name.",
)
@click.option(
    "--rig",
    type=click.Choice(["virtual", "hardware"]),
    help="Rig to test (default: that of the running engine, else virtual).",
)
@data_option
@click.option("--json", "as_json_", is_flag=True, help="Print the result as JSON.")
def drill(
    kinds: tuple[str, ...],
    channel: int,
    load: str | None,
    operator: str,
    virtual_hands: bool,
    fast: bool,
    board_file: str,
    rig: str | None,
    data: Path | None,
    as_json_: bool,
) -> None:
    """Do safety drills: the unit says what to do, checks the result and records it.

    \b
    e-stop       press the emergency stop; every safety layer must detect it
    hand-switch  squeeze, then unplug the patient's hand switch
    lead         unplug a lead; the contact check must detect it
    known-load   connect 500 Ω or 1 kΩ; measured current must match up to 10 mA
    watchdog     nothing to do; the heartbeat stops, the guards must act
    all          all five, one after the other

    Without KIND, list every drill, when it was done and when it is due. On hardware, arming is
    locked while a drill is overdue or not passed. Nobody may wear pads during a drill. Ctrl-C ends
    the drill and switches the output off; the drill then counts as not passed.
    """  # noqa: D301 - click wants the real character to leave lines as they are
    from appliance.records.storage.data_folder import data_folder, locate_data_folder
    from ui.cli.engine.hosts import RunTarget, daemon_port

    if not kinds and (load is not None or operator or virtual_hands or fast):
        raise click.UsageError(
            "these options need a KIND of drill; without a KIND the drills are listed"
        )
    if not kinds:
        _list(locate_data_folder(data), rig, as_json_=as_json_)
        return
    chosen = tuple(dict.fromkeys(KINDS if ALL in kinds else kinds))
    if len(operator) > LONGEST_NAME:
        raise click.UsageError(f"--operator takes up to {LONGEST_NAME} characters")
    _check(chosen, load, rig, virtual_hands=virtual_hands, fast=fast)
    port = None if fast else daemon_port()
    target = RunTarget(data_folder(data), board_file, rig or "virtual", None, port)
    drills = tuple(_begin_drill(kind, channel, load, operator) for kind in chosen)
    code = _run(drills, target, rig, virtual_hands=virtual_hands, fast=fast, as_json_=as_json_)
    if code:
        raise SystemExit(int(code))


def _check(
    kinds: tuple[str, ...], load: str | None, rig: str | None, *, virtual_hands: bool, fast: bool
) -> None:
    if "known-load" in kinds and load is None:
        raise click.UsageError("known-load needs the resistor on the channel: --load 500 or 1000")
    if load is not None and not {"known-load", "e-stop"} & set(kinds):
        raise click.UsageError(f"--load is for known-load and e-stop, not for {', '.join(kinds)}")
    if rig == "hardware" and (virtual_hands or fast):
        raise click.UsageError("--virtual-hands and --fast need a virtual board")
    if fast and not virtual_hands and set(kinds) & set(NEEDS_HANDS):
        raise click.UsageError("--fast is too fast for a person: add --virtual-hands")


def _begin_drill(kind: str, channel: int, load: str | None, operator: str) -> "BeginDrill":
    import msgspec

    from appliance.messages.actions import BeginDrill

    # With `all` the load is for known-load, and the e-stop drill then runs with current, too.
    load_ohm = int(load) if load is not None and kind in ("e-stop", "known-load") else None
    request = {"kind": kind, "channel": channel, "load_ohm": load_ohm, "operator": operator}
    return msgspec.convert({"type": "begin_drill", **request}, BeginDrill)


def _run(
    drills: tuple["BeginDrill", ...],
    target: "RunTarget",
    rig: str | None,
    *,
    virtual_hands: bool,
    fast: bool,
    as_json_: bool,
) -> ExitCode:
    """Do the drills and print their results; return the exit code."""
    from ui.cli.drills.autopilot import DrillAutopilot, do_drills
    from ui.cli.drills.person import restored
    from ui.cli.drills.report import as_json, code_of, shown_steps
    from ui.cli.engine.ctrl_c import interrupt_on_end_signal
    from ui.cli.engine.hosts import engine_host, fast_host

    with interrupt_on_end_signal():
        with (
            fast_host(target) if fast else engine_host(target) as host,
            restored(_person(host, virtual=virtual_hands)) as person,
        ):
            stream = sys.stderr if as_json_ else sys.stdout
            console(stream).print(f"on {host.description}")
            port = None if virtual_hands else host.port
            if port is not None and not fast:
                _print_instructions(stream, port, drills)
            autopilot = DrillAutopilot(drills, person, drills[0].operator or UNLOCKS_AS, rig)
            do_drills(host, autopilot, shown_steps(stream, port))
        loaded = {drill.channel for drill in drills if drill.load_ohm is not None}
        for channel in () if virtual_hands else loaded:
            console(stream).print(f"take the test load off channel {channel}")
        code = code_of(autopilot)
        if as_json_:
            print_json(as_json(autopilot, code))
    _print_failure(autopilot)
    return code


def _print_instructions(stream: TextIO, port: int, drills: tuple["BeginDrill", ...]) -> None:
    """Print how to operate a virtual board by commands, and which load it needs first."""
    from ui.cli.terminal.pasteable_commands import to_paste

    out = console(stream)
    out.print("a virtual board has no buttons: run the command below a step in another terminal")
    for drill in drills:
        if drill.load_ohm is not None:
            load = f"resistor:{drill.channel}={drill.load_ohm}"
            command = to_paste("fault", "--port", str(port), "set", load)
            out.print(f"{drill.kind} needs its load: {command}", soft_wrap=True)


def _person(host: "EngineHost", *, virtual: bool) -> "DrillPerson":
    from ui.cli.drills.person import TerminalPerson, VirtualHands

    if not virtual:
        return TerminalPerson()
    if host.fault is None:
        fail("--virtual-hands needs a virtual board", ExitCode.USAGE)
    return VirtualHands(host.fault)


def _print_failure(autopilot: "DrillAutopilot") -> None:
    if autopilot.failure is not None:
        warn(autopilot.failure.text)
    elif autopilot.was_interrupted:
        warn("interrupted: a drill in progress counts as not passed; the output is off")


def _list(folder: Path, rig: str | None, *, as_json_: bool) -> None:
    """Print the status of every drill; only the records are read."""
    from appliance.drills.schedule import Today, standings
    from appliance.records.drills import last_drills, rig_of_records
    from appliance.records.storage.data_folder import has_records
    from appliance.records.storage.store import open_read_only
    from appliance.records.wall_clock import SystemWallClock
    from appliance.safety.arming_policy import policy_of
    from ui.cli.drills.report import print_standings, standing_as_json

    last = {}
    if has_records(folder):
        with open_read_only(folder) as db:
            rig = rig or rig_of_records(db)
            last = last_drills(db, rig or "virtual")
    rig = rig or "virtual"
    wall, policy = SystemWallClock(), policy_of(rig)
    every = standings(last, Today(wall.utc_us(), wall.trusted), policy)
    if as_json_:
        rows = [standing_as_json(standing) for standing in every]
        locked = policy.drills_lock and any(standing.locks for standing in every)
        print_json({"rig": rig, "arming_locked": locked, "drills": rows})
        return
    print_standings(every, rig, policy)
