"""`stimkiosk fault`: inject and clear faults of a running virtual board, show its state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from drivers.errors import BoardRefused
from drivers.virtual.board_sockets import DEFAULT_PORT, own_board
from drivers.virtual.control_socket import ControlClient
from ui.cli.terminal.console import console, fail, print_json, say
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import PlainGroup
from ui.cli.terminal.option_types import PrintableText, WholeNumber
from ui.cli.terminal.tables import print_rows


@contextmanager
def _controls(port: int) -> Iterator[ControlClient]:
    """Yield the control client of the board on `port`; end the command if the board refuses."""
    paths = own_board(port, f"start one with: stimkiosk board --port {port}")
    try:
        with ControlClient(paths.control) as client:
            yield client
    except BoardRefused as error:
        fail(str(error), ExitCode.USAGE)


@click.group(cls=PlainGroup, epilog="Example: stimkiosk fault set lead-off:1")
@click.option(
    "--port",
    type=WholeNumber(1, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    envvar="PIGPIO_PORT",
    help="Port of the virtual board (also set by PIGPIO_PORT).",
)
@click.pass_context
def fault(ctx: click.Context, port: int) -> None:
    """Inject or clear a fault of a running virtual board, or show the board's state."""
    ctx.obj = port


@fault.command("list", epilog="Example: stimkiosk fault list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_faults(port: int, as_json: bool) -> None:
    """List all faults that can be injected, and the active ones."""
    with _controls(port) as client:
        reply = client.ask("list")
    if as_json:
        print_json({"set": reply["faults"], "known": reply["known"]}, indent=None)
        return
    out = console()
    rows = [(row["usage"], row["summary"]) for row in reply["known"]]
    print_rows(out, ("fault", "what it does"), rows, breaks=("what it does",))
    out.print("CH: channel number; LINE: gate line, for example gate1_pos; [...]: may be left out")
    out.print(f"active: {', '.join(reply['faults']) or 'none'}")


@fault.command("set", epilog="Example: stimkiosk fault set phase-mismatch:1=5")
@click.argument("name", type=PrintableText())
@click.pass_obj
def set_fault(port: int, name: str) -> None:
    """Inject a fault.

    NAME is written NAME, NAME=VALUE, NAME:TARGET or NAME:TARGET=VALUE, as `fault list` shows.
    TARGET is a channel number or a gate line such as gate1_pos.
    """
    with _controls(port) as client:
        reply = client.ask("set", fault=name)
    say(f"set {reply['fault']}")


@fault.command("clear", epilog="Example: stimkiosk fault clear lead-off:1")
@click.argument("name", type=PrintableText())
@click.pass_obj
def clear_fault(port: int, name: str) -> None:
    """Clear a fault.

    NAME is written NAME or NAME:TARGET, as `fault list` shows for the active ones.
    """
    with _controls(port) as client:
        reply = client.ask("clear", fault=name)
    say(f"cleared {reply['fault']}")


@fault.command("status", epilog="Example: stimkiosk fault status --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show_status(port: int, as_json: bool) -> None:
    """Show the electrical state of the board."""
    with _controls(port) as client:
        status = client.ask("status")["status"]
    if as_json:
        print_json(status, indent=None)
        return
    out = console()
    for line in _lines(status):
        out.print(line)


def _lines(status: Mapping[str, Any]) -> Iterator[str]:
    yield f"time      {status['time_us'] / 1e6:.6f} s"
    if status["slipped_us"]:
        yield (
            f"slipped   {status['slipped_us'] / 1e6:.6f} s: this machine is too slow; "
            "board time is late by this"
        )
    if status["failures"]:
        yield f"failures  {status['failures']} in the board's program; see its standard error"
    yield f"faults    {', '.join(status['faults']) or 'none'}"
    if status["kind"] == "bare":
        yield "board     none: only a Raspberry Pi"
        return
    latch, supply = status["fault_latch"], status["supply"]
    yield f"latch     {'set: ' + ', '.join(latch['causes']) if latch['set'] else 'clear'}"
    yield f"supply    {supply['rail_mv'] / 1e3:.1f} V, {'good' if supply['good'] else 'not good'}"
    yield f"e-stop    {'closed' if status['estop_loop_closed'] else 'open'}"
    yield f"hand      {'closed' if status['hand_switch_closed'] else 'open'}"
    for channel in status["channels"]:
        yield (
            f"channel {channel['channel']} "
            f"code {channel['dac_latched']}, {channel['amplitude_ua'] / 1e3:.2f} mA set, "
            f"{channel['current_ua'] / 1e3:.3f} mA flowing, "
            f"held {channel['held_current_ua'] / 1e3:.2f} mA "
            f"{channel['held_voltage_mv'] / 1e3:.1f} V, pads {channel['contact']}"
        )
