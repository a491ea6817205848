"""`stimkiosk stop`: stop the output of a running engine, from any shell."""

import json
from pathlib import Path

import click

from ui.cli.engine.running_engine import ANSWER_S, newest, refused, running_engine
from ui.cli.terminal.console import fail
from ui.cli.terminal.error_reports import exit_code_of
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import records_options
from ui.cli.terminal.units import STATES

PLAYING = ("RampUp", "Delivering", "Resting", "RampDown", "ContactCheck")


@click.command()
@click.option(
    "--cut",
    is_flag=True,
    help="Switch the output off at once; without it, ramp down in 250 to 450 ms.",
)
@records_options
def stop(cut: bool, data: Path | None, as_json: bool) -> None:
    """Stop a running treatment. A stop is never refused, and anybody may send it.

    Example: stimkiosk stop --cut
    """
    from appliance.errors import LinkError
    from appliance.link.client import FIRST
    from appliance.messages.actions import Stop
    from appliance.messages.replies import Refused

    try:
        # The stop is sent together with the hello, without waiting for any answer.
        with running_engine(data, "stop", Stop(cut=cut)) as link:
            answer = link.wait_reply(FIRST, ANSWER_S)
            if isinstance(answer, Refused):
                refused(answer)
            after = newest(link, lambda newer: newer.tick >= answer.tick and _is_off(newer.state))
            before = link.first if link.first and link.first.tick < answer.tick else None
    except LinkError as error:
        text = f"{error.code}: the stop is not confirmed: {error}"
        fail(f"{text}; if in doubt, press the emergency stop", exit_code_of(error))
    was = before.state if before is not None else None
    if as_json:
        session = before.session if before is not None else answer.session
        click.echo(json.dumps({"was": was, "is": after.state, "session": session}))
    text, code = verdict(was, after.state)
    drill = before.drill if before is not None else None
    if drill is not None and drill.result is None and code is ExitCode.OK:
        text = f"{text}; the {drill.kind} drill has ended and counts as not passed"
    if code is not ExitCode.OK:
        fail(text, code)
    if not as_json:
        click.echo(text)


def _is_off(state: str) -> bool:
    return state not in PLAYING


def verdict(before: str | None, after: str) -> tuple[str, ExitCode]:
    """Return the result of a stop from the states before (None: not seen) and after it."""
    if after in PLAYING:
        text = f"the stop was accepted, but the unit is still {STATES[after]}"
        return f"{text}: press the emergency stop", ExitCode.HARDWARE_FAULT
    if before is None:
        return f"the stop was accepted: now {STATES[after]}", ExitCode.OK
    if before in PLAYING:
        return f"stopped: was {STATES[before]}, now {STATES[after]}", ExitCode.OK
    return f"no output was on: {STATES[after]}", ExitCode.OK
