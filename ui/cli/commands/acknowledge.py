"""`stimkiosk acknowledge`: acknowledge the trip of a running engine."""

import sys
from pathlib import Path

import click

from ui.cli.engine.running_engine import KEPT_S, newest, refused, running_engine
from ui.cli.terminal.console import declined, fail, print_json, say
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.snapshot_text import trip_text
from ui.cli.terminal.units import state_in_words


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@records_options
def acknowledge(yes: bool, data: Path | None, as_json: bool) -> None:
    """Show the trip of a running engine and acknowledge it.

    The engine refuses while the cause is still present. The output stays off: the next state is
    Ready, SelfTest or Locked.

    Example: stimkiosk acknowledge --yes
    """
    from appliance.messages.actions import Acknowledge
    from appliance.messages.replies import Refused

    with running_engine(data, "acknowledge") as link:
        snapshot = newest(link)
        if snapshot.trip is None:
            fail(
                f"nothing to acknowledge: the unit is {state_in_words(snapshot)}", ExitCode.REFUSED
            )
        say(f"{snapshot.trip.code}  {trip_text(snapshot.trip)}", err=as_json)
        if not yes:
            _confirm()
        answer = link.ask(Acknowledge(), KEPT_S)
        if isinstance(answer, Refused):
            refused(answer)
        after = newest(link, lambda newer: newer.state_number > snapshot.state_number)
    if as_json:
        print_json({"code": snapshot.trip.code, "is": after.state}, indent=None)
    else:
        say(f"acknowledged: now {state_in_words(after)}")


def _confirm() -> None:
    if not sys.stdin.isatty():
        fail("no terminal to confirm at: read the trip above, then add --yes", ExitCode.USAGE)
    if not click.confirm("Has the cause been fixed?"):
        declined("the trip is not acknowledged")
